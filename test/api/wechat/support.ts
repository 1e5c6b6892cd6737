import { startSimulator, type Simulator, type SimulatorOptions } from '../../../scripts/wechat-simulator';

export const ACCOUNT = {
  appId: 'wx00sim00000000001',
  appSecret: 'SIMSECRET-do-not-log',
  token: 'simtoken',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

export const simulator = (more: Partial<SimulatorOptions> = {}): Promise<Simulator> =>
  startSimulator({ ...ACCOUNT, ...more, push: { retryMs: 20, ...more.push } });

/** A log that remembers every line as it would be written. */
export function rememberingLog() {
  const lines: string[] = [];
  const write = (level: string) => (data: unknown, message?: string) => {
    lines.push(`${level} ${JSON.stringify(data)} ${message ?? ''}`);
  };
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } as never };
}

import { readFileSync } from 'node:fs';
import { startSimulator } from './index';
import type { PushOptions, Template } from './types';

/**
 * The simulator as a process of its own. Environment:
 * WECHAT_SIM_PORT (3010), WECHAT_SIM_HOST (127.0.0.1), WECHAT_SIM_STATE (file that keeps the phones),
 * WECHAT_SIM_TEMPLATES (JSON file), WECHAT_PUSH_URL, WECHAT_PUSH_MODE (secure), WECHAT_PUSH_FORMAT (json),
 * WECHAT_PUSH_TOKEN, WECHAT_PUSH_AES_KEY, WECHAT_APP_ID, WECHAT_APP_SECRET, WECHAT_ORIGINAL_ID,
 * WECHAT_SIM_MINIPROGRAM (where a phone's mini-program opens in a browser).
 */
async function main(): Promise<void> {
  const { env } = process;
  const templates = env['WECHAT_SIM_TEMPLATES'];
  const simulator = await startSimulator({
    port: Number(env['WECHAT_SIM_PORT'] ?? 3010),
    host: env['WECHAT_SIM_HOST'],
    stateFile: env['WECHAT_SIM_STATE'],
    pushUrl: env['WECHAT_PUSH_URL'],
    token: env['WECHAT_PUSH_TOKEN'] ?? 'simtoken',
    encodingAesKey: env['WECHAT_PUSH_AES_KEY'] ?? 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    appId: env['WECHAT_APP_ID'] ?? 'wx00sim00000000001',
    appSecret: env['WECHAT_APP_SECRET'] ?? 'SIMSECRET',
    originalId: env['WECHAT_ORIGINAL_ID'],
    miniProgramUrl: env['WECHAT_SIM_MINIPROGRAM'],
    templates: templates ? (JSON.parse(readFileSync(templates, 'utf8')) as Template[]) : undefined,
    push: {
      mode: (env['WECHAT_PUSH_MODE'] ?? 'secure') as PushOptions['mode'],
      format: (env['WECHAT_PUSH_FORMAT'] ?? 'json') as PushOptions['format'],
    },
  });
  console.log(`WeChat simulator and virtual phones: ${simulator.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void simulator.stop().then(() => process.exit(0)));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

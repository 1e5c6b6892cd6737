import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEMO_VAULT_KEYS } from '../../src/config';
import { LEAN_ENV, LEAN_FLAGS } from '../lean';
import { freePort, startEngines, type EngineName, type Engines } from '../engines';
import { PRODUCT_TEMPLATES, startSimulator, type Simulator } from '../wechat-simulator';

export interface SystemOptions {
  dir: string;
  /** How many processes of each role. */
  web?: number;
  workers?: number;
  /** Further variables of the product's environment. */
  env?: Record<string, string>;
  /** Engines that run already, shared with other systems; `name` then tells databases and queues apart. */
  engines?: Engines;
  name?: string;
}

/** One process of the product under a supervisor: whenever it ends, it is started again. */
export interface Part {
  readonly name: string;
  readonly pid: number | undefined;
  /** kill -9; resolves when it is gone, it comes back by itself after `downMs`. */
  kill(downMs: number): Promise<void>;
  /** Stands still, as on a machine that swaps or a hypervisor that migrates, then goes on as if nothing had been. */
  freeze(ms: number): Promise<void>;
  stop(): Promise<void>;
}

export interface System {
  webUrls: string[];
  web: Part[];
  workers: Part[];
  engines: Engines;
  simulator: Simulator;
  env: Record<string, string>;
  dir: string;
  killEngine(engine: EngineName, downMs: number): Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const AGAIN_MS = 300;

/** The whole product in a folder of its own: engines, simulator, web and worker processes, on ports nobody else uses. */
export async function startSystem({ dir, web = 1, workers = 1, env: more = {}, engines: shared, name = 'shuzhuantong' }: SystemOptions): Promise<System> {
  mkdirSync(dir, { recursive: true });
  const program = await programIn(dir);
  const engines = shared ?? await startEngines({ dir, env: {}, onGone: (engine, why) => console.error(`${engine} ended unasked: ${why}`) });
  const ports = await Promise.all(Array.from({ length: web }, () => freePort()));
  const webUrls = ports.map((port) => `http://127.0.0.1:${port}`);
  const wechat = { appId: 'wx00sim00000000001', appSecret: 'SIMSECRET', originalId: 'gh_sim000000001', token: 'simtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
  const simulator = await startSimulator({ ...wechat, pushUrl: `${webUrls[0]}/wechat/push` });
  const env: Record<string, string> = {
    MONGODB_URI: engines.mongodbUri, MONGODB_NAME: name, REDIS_URL: engines.redisUrl, CITY: 'xinxiang', REDIS_PREFIX: `{${name}}`,
    PUBLIC_URL: webUrls[0]!, WECHAT_BASE_URL: simulator.url, WECHAT_APP_ID: wechat.appId, WECHAT_APP_SECRET: wechat.appSecret,
    WECHAT_ORIGINAL_ID: wechat.originalId, WECHAT_PUSH_TOKEN: wechat.token, WECHAT_PUSH_AES_KEY: wechat.encodingAesKey,
    WECHAT_TEMPLATES: JSON.stringify(PRODUCT_TEMPLATES), VAULT_KEYS: DEMO_VAULT_KEYS, LOG_LEVEL: 'warn',
    LIMIT_READS: '1000000', LIMIT_WRITES: '1000000', LIMIT_STRANGERS: '1000000', ...more,
  };
  const start = (called: string, own: Record<string, string>): Part =>
    part(called, path.join(program, 'src', 'main.js'), { ...process.env, ...env, ...own }, path.join(dir, `${called}.log`));
  const webParts = ports.map((port, i) => start(`web-${i + 1}`, { ROLES: 'web', PORT: String(port) }));
  const workerParts = Array.from({ length: workers }, (_, i) => start(`worker-${i + 1}`, { ROLES: 'worker' }));

  async function stop(): Promise<void> {
    await Promise.all([...webParts, ...workerParts].map((each) => each.stop()));
    await simulator.stop();
    if (!shared) await engines.stop();
  }
  try {
    await Promise.all(webUrls.map((url) => ready(url)));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    webUrls, web: webParts, workers: workerParts, engines, simulator, env, dir, stop,
    async killEngine(engine, downMs) {
      await engines.kill(engine);
      await sleep(downMs);
      await engines.restart(engine);
    },
  };
}

export async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).then(async (response) => (response.ok ? true : response.text()), (error: Error) => error.message);
    if (answer === true) return;
    if (Date.now() > until) throw new Error(`${url} was not ready after ${READY_WITHIN_MS / 1000} s: ${answer}`);
    await sleep(100);
  }
}

function part(name: string, file: string, env: NodeJS.ProcessEnv, logFile: string): Part {
  const log = createWriteStream(logFile, { flags: 'a' });
  let child: ChildProcess | undefined;
  let stopping = false;
  let pauseMs = AGAIN_MS;

  function launch(): void {
    const started = spawn(process.execPath, [...LEAN_FLAGS, '--enable-source-maps', file], { env: { ...LEAN_ENV, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    started.once('exit', () => {
      child = undefined;
      if (!stopping) setTimeout(() => { if (!stopping) launch(); }, pauseMs);
      pauseMs = AGAIN_MS;
    });
  }
  launch();

  return {
    name,
    get pid() { return child?.pid; },
    async kill(downMs) {
      const running = child;
      if (!running) return;
      pauseMs = downMs;
      const exit = once(running, 'exit');
      running.kill('SIGKILL');
      await exit;
    },
    async freeze(ms) {
      const running = child;
      if (!running) return;
      running.kill('SIGSTOP');
      await sleep(ms);
      running.kill('SIGCONT');
    },
    async stop() {
      stopping = true;
      const running = child;
      if (running) {
        const exit = once(running, 'exit');
        running.kill('SIGTERM');
        const late = setTimeout(() => running.kill('SIGKILL'), 20_000);
        await exit;
        clearTimeout(late);
      }
      log.end();
    },
  };
}

/**
 * A copy of the compiled program (from the sources when this runs from them, in a test), so that a build beside a long run does
 * not pull the code from under processes that are being started again.
 */
async function programIn(dir: string): Promise<string> {
  const root = projectRoot();
  const target = path.join(dir, 'program');
  mkdirSync(target, { recursive: true });
  if (!existsSync(path.join(target, 'node_modules'))) symlinkSync(path.join(root, 'node_modules'), path.join(target, 'node_modules'));
  cpSync(path.join(root, 'package.json'), path.join(target, 'package.json'));
  const compiled = path.join(target, 'dist');
  if (__filename.endsWith('.ts')) {
    const swc = spawn(process.execPath, [path.join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js'), 'src', '-d', compiled, '--copy-files', '--quiet'], { cwd: root, stdio: 'inherit' });
    const [code] = await once(swc, 'exit') as [number | null];
    if (code !== 0) throw new Error('the sources do not compile');
  } else {
    cpSync(path.resolve(__dirname, '..', '..'), compiled, { recursive: true });
  }
  return compiled;
}

function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { DEMO_VAULT_KEYS } from '../src/config';
import { entryPage } from './entry-page/index';
import { startEngines } from './engines/index';
import { readyMiniProgram } from './miniprogram-web/ready';
import { servePhones } from './miniprogram-web/server';
import { LEAN_ENV, LEAN_FLAGS } from './lean';
import { seed, type Personas } from './seed';
import { PRODUCT_TEMPLATES } from './wechat-simulator/templates';

/**
 * `npm start`: the whole product on a machine that has nothing: engines, WeChat simulator, web, worker, demo data, and a page that
 * leads to every persona. Data stays in `.data`. With MONGODB_URI and REDIS_URL the real servers are used instead.
 */
const ROOT = path.resolve(__dirname, '..', '..');
const DATA = path.resolve(ROOT, process.env['DATA_DIR'] ?? '.data');
const PORTS = { web: Number(process.env['PORT'] ?? 3000), entry: Number(process.env['ENTRY_PORT'] ?? 3001), simulator: Number(process.env['WECHAT_SIM_PORT'] ?? 3010) };
const READY_WITHIN_MS = 60_000;

const children: ChildProcess[] = [];
let stopping = false;

async function main(): Promise<void> {
  mkdirSync(DATA, { recursive: true });
  const began = Date.now();
  const engines = await startEngines({ dir: DATA, onGone: (engine, why) => { if (!stopping) void restart(engine, why); } });
  async function restart(engine: 'mongo' | 'redis', why: string): Promise<void> {
    console.error(`${why}; starting it again`);
    await engines.restart(engine);
  }

  const simulatorUrl = `http://127.0.0.1:${PORTS.simulator}`;
  const webUrl = `http://localhost:${PORTS.web}`;
  const env = {
    MONGODB_URI: engines.mongodbUri, REDIS_URL: engines.redisUrl, PORT: String(PORTS.web), PUBLIC_URL: webUrl,
    WECHAT_BASE_URL: simulatorUrl, WECHAT_APP_ID: 'wx00sim00000000001', WECHAT_APP_SECRET: 'SIMSECRET', WECHAT_ORIGINAL_ID: 'gh_sim000000001',
    WECHAT_PUSH_TOKEN: 'simtoken', WECHAT_PUSH_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', WECHAT_TEMPLATES: JSON.stringify(PRODUCT_TEMPLATES),
    WECHAT_PUSH_URL: `${webUrl}/wechat/push`, WECHAT_SIM_PORT: String(PORTS.simulator), WECHAT_SIM_STATE: path.join(DATA, 'virtual-phones.json'),
    WECHAT_SIM_MINIPROGRAM: `http://localhost:${PORTS.entry}/phone`,
    VAULT_KEYS: DEMO_VAULT_KEYS, LOG_LEVEL: 'warn', ...process.env,
  };
  // Commands started beside it (demo, audit:verify, rebuild) find the running system here.
  writeFileSync(path.join(DATA, 'run.json'), JSON.stringify({ ...engines, mongodbUri: env.MONGODB_URI, redisUrl: env.REDIS_URL, webUrl, simulatorUrl, env: pick(env) }, null, 2));

  launch('wechat simulator', 'dist/scripts/wechat-simulator/main.js', env);
  launch('web', 'dist/src/main.js', { ...env, ROLES: 'web' });
  launch('worker', 'dist/src/main.js', { ...env, ROLES: 'worker' });
  await ready(`${webUrl}/readyz`);
  const personas = await demoData(webUrl, simulatorUrl, env);
  const folder = await readyMiniProgram();
  const entry = http.createServer((request, response) => {
    if (!servePhones(request, response, { personas, webUrl, simulatorUrl, folder })) entryPage(request, response, { personas, webUrl, simulatorUrl });
  });
  await new Promise<void>((resolve, reject) => { entry.once('error', reject).listen(PORTS.entry, resolve); });
  console.log(`\n数转通 is running (ready in ${((Date.now() - began) / 1000).toFixed(1)} s).\n\n  Open  http://localhost:${PORTS.entry}\n\nStop with Ctrl-C. Data is kept in ${path.relative(process.cwd(), DATA) || DATA}.`);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(signal));
  async function stop(signal: NodeJS.Signals): Promise<void> {
    stopping = true;
    entry.close();
    await Promise.all(children.map((child) => new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve();
      else { child.once('exit', () => resolve()); child.kill(signal === 'SIGINT' ? 'SIGTERM' : signal); }
    })));
    await engines.stop();
    process.exit(0);
  }
}

/** Runs a part as a process of its own; one that dies unasked is started again, as a supervisor would in production. */
function launch(name: string, file: string, env: NodeJS.ProcessEnv): void {
  const child = spawn(process.execPath, [...LEAN_FLAGS, '--enable-source-maps', path.join(ROOT, file)], { cwd: ROOT, env: { ...LEAN_ENV, ...env }, stdio: 'inherit', detached: false });
  children.push(child);
  const startedAt = Date.now();
  child.once('exit', (code, signal) => {
    children.splice(children.indexOf(child), 1);
    if (stopping) return;
    if (Date.now() - startedAt < 3000) {
      console.error(`${name} ended at once (${code ?? signal}). See its message above.`);
      process.exit(1);
    }
    console.error(`${name} ended (${code ?? signal}); starting it again`);
    launch(name, file, env);
  });
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  const last = await fetch(url).then((response) => response.text(), (error: Error) => error.message);
  throw new Error(`not ready after ${READY_WITHIN_MS / 1000} s: ${last}`);
}

/** The personas of an earlier start, or new ones on an empty system. Skipped when DEMO_DATA=no. */
async function demoData(webUrl: string, simulatorUrl: string, env: NodeJS.ProcessEnv): Promise<Personas> {
  const file = path.join(DATA, 'personas.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Personas;
  if (process.env['DEMO_DATA'] === 'no') return { phones: {}, staff: {} };
  const adminCode = JSON.parse(await output('dist/scripts/first-admin.js', ['admin', '--json'], env)) as { login: string; code: string };
  const personas = await seed({ webUrl, simulatorUrl, adminCode });
  writeFileSync(file, JSON.stringify(personas, null, 2), { mode: 0o600 });
  return personas;
}

function output(file: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, file), ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.once('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(`${file} failed (${code}). If the database has data of another start, remove ${DATA} or set DEMO_DATA=no.`))));
  });
}

const pick = (env: Record<string, string | undefined>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^(MONGODB_|REDIS_|WECHAT_|VAULT_|CITY|PUBLIC_URL|PORT)/.test(name)));

// Whatever ends this process, nothing it started stays behind (the engines end by themselves with it).
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

import { spawn, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../engines';

export interface Started { readySeconds: number; entrySeconds: number; webMb: number; workerMb: number; enginesMb: number }

const IDLE_MS = 15_000;
const WITHIN_MS = 120_000;

/** `npm start` on an empty folder: seconds to the first ready answer and to the entry page, and what web and worker hold when idle. */
export async function startAndRest(dir: string): Promise<Started> {
  const [port, entry, simulator] = await Promise.all([freePort(), freePort(), freePort()]);
  const { MONGODB_URI: _m, REDIS_URL: _r, ...env } = process.env;
  const began = Date.now();
  const child = spawn(process.execPath, ['--enable-source-maps', path.resolve(__dirname, '..', 'start.js')], {
    env: { ...env, DATA_DIR: dir, PORT: String(port), ENTRY_PORT: String(entry), WECHAT_SIM_PORT: String(simulator) }, stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const readySeconds = await seconds(began, `http://127.0.0.1:${port}/readyz`);
    const entrySeconds = await seconds(began, `http://127.0.0.1:${entry}/`);
    await sleep(IDLE_MS);
    const processes = childrenOf(child.pid!);
    const memory = (matches: (one: { role: string; command: string }) => boolean): number => Math.round(processes.filter(matches).reduce((sum, { kb }) => sum + kb, 0) / 1024);
    return {
      readySeconds, entrySeconds, webMb: memory(({ role }) => role === 'web'), workerMb: memory(({ role }) => role === 'worker'),
      enginesMb: memory(({ command }) => /(mongo|redis)-host/.test(command)),
    };
  } finally {
    const gone = new Promise((resolve) => { child.once('exit', resolve); });
    child.kill('SIGTERM');
    await gone;
  }
}

async function seconds(from: number, url: string): Promise<number> {
  while (Date.now() - from < WITHIN_MS) {
    if (await fetch(url).then((response) => response.ok, () => false)) return Number(((Date.now() - from) / 1000).toFixed(1));
    await sleep(50);
  }
  throw new Error(`${url} did not answer within ${WITHIN_MS / 1000} s`);
}

/** Children with the role they were started in and their resident memory in kB (Linux). */
function childrenOf(pid: number): { role: string; command: string; kb: number }[] {
  const pids = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)]).toString().split('\n').map((line) => line.trim()).filter(Boolean);
  return pids.flatMap((each) => {
    try {
      const role = /(?:^|\0)ROLES=(\w+)/.exec(readFileSync(`/proc/${each}/environ`, 'utf8'))?.[1] ?? '';
      const command = readFileSync(`/proc/${each}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ role: /src\/main\.js/.test(command) ? role : '', command, kb: Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0) }];
    } catch {
      return []; // gone meanwhile
    }
  });
}

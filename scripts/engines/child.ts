import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** One host process that may be killed and started again, always with the same command, so on the same address. */
export interface Host {
  /** Of the server itself; undefined while it is down. */
  readonly pid: number | undefined;
  start(): Promise<void>;
  /** Ends in order. */
  stop(): Promise<void>;
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

interface Message {
  ready?: { pid?: number };
  failed?: { message: string; code?: string };
}

const STOP_WITHIN_MS = 10_000;

/**
 * @param gone is told when the host ends without having been asked to, with the last lines it wrote
 */
export function host(name: string, command: string[], env: NodeJS.ProcessEnv, gone: (why: string) => void): Host {
  const [program = process.execPath, ...args] = command;
  let child: ChildProcess | undefined;
  let pid: number | undefined;
  let asked = false;
  let said = '';

  async function start(): Promise<void> {
    if (child) return;
    asked = false;
    said = '';
    // Its own process group: Ctrl-C in a terminal must reach us only, we close the engines last.
    const started = spawn(program, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    child = started;
    started.stderr?.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-4000); });
    started.once('exit', (code, signal) => {
      child = undefined;
      pid = undefined;
      if (!asked) gone(`${name} host ended (${signal ?? `code ${code}`})\n${said}`);
    });
    await new Promise<void>((resolve, reject) => {
      const ended = (code: number | null, signal: string | null) => refuse(`ended (${signal ?? `code ${code}`})\n${said}`);
      const refuse = (why: string) => {
        asked = true; // the caller is told here, not by `gone`
        started.off('exit', ended);
        reject(new Error(`${name} host: ${why}`));
      };
      started.once('error', (error) => { child = undefined; refuse(error.message); });
      started.once('exit', ended);
      started.on('message', ({ ready, failed }: Message) => {
        if (failed) refuse(failed.message);
        if (!ready) return;
        pid = ready.pid ?? started.pid;
        started.off('exit', ended);
        resolve();
      });
    });
  }

  async function stop(): Promise<void> {
    const running = child;
    if (!running) return;
    asked = true;
    const exit = once(running, 'exit');
    if (running.connected) running.send('stop', () => {});
    else running.kill('SIGTERM');
    const late = setTimeout(() => running.kill('SIGKILL'), STOP_WITHIN_MS);
    await exit;
    clearTimeout(late);
  }

  async function kill(signal: NodeJS.Signals): Promise<void> {
    const running = child;
    if (!running || pid === undefined) return;
    asked = true;
    const exit = once(running, 'exit');
    process.kill(pid, signal);
    await exit;
  }

  return { get pid() { return pid; }, start, stop, kill };
}

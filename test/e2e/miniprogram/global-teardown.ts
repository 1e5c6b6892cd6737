import type { ChildProcess } from 'node:child_process';

export default async function tearDown(): Promise<void> {
  const child = (globalThis as { e2e?: ChildProcess }).e2e;
  if (!child || child.exitCode !== null) return;
  const ended = new Promise((resolve) => { child.once('exit', resolve); });
  child.kill('SIGTERM');
  await ended;
}

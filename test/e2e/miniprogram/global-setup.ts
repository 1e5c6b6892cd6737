import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PORTS = { PORT: '4180', ENTRY_PORT: '4181', WECHAT_SIM_PORT: '4182' };
const READY_WITHIN_MS = 90_000;

/** Brings the whole product up, as `npm start` does, with data and ports of its own. */
export default async function setUp(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'szt-e2e-'));
  const log = path.join(folder, 'start.log');
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/scripts/start.js'], {
    // The product must not know that it is tested.
    env: { ...process.env, ...PORTS, DATA_DIR: folder, NODE_ENV: 'development' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); writeFileSync(log, text); });
  const until = Date.now() + READY_WITHIN_MS;
  while (!text.includes('is running')) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the product did not come up:\n${text}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  process.env['E2E_PHONES'] = `http://localhost:${PORTS.ENTRY_PORT}/phone`;
  process.env['E2E_SIMULATOR'] = `http://127.0.0.1:${PORTS.WECHAT_SIM_PORT}`;
  process.env['E2E_PERSONAS'] = readFileSync(path.join(folder, 'personas.json'), 'utf8');
  (globalThis as { e2e?: typeof child }).e2e = child;
}

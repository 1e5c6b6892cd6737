import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildMiniProgram } from './builder/index';

/** The repository; this file runs as dist/scripts/miniprogram-web/ready.js. */
export const ROOT = path.resolve(__dirname, '..', '..', '..');
const SOURCE = path.join(ROOT, 'miniprogram');
/** Browser code is bundled from its sources, not from what Node was compiled for. */
const WEB = path.join(ROOT, 'scripts', 'miniprogram-web');

/** Builds the mini-program for browsers unless that was done for these very sources; answers the folder it lies in. */
export async function readyMiniProgram(out = path.join(ROOT, '.cache', 'miniprogram-web')): Promise<string> {
  const stamp = path.join(out, '.built');
  const wanted = fingerprint();
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    await buildMiniProgram({ source: SOURCE, runtime: path.join(WEB, 'runtime'), modules: path.join(ROOT, 'node_modules'), out });
    writeFileSync(stamp, wanted);
  }
  return out;
}

function fingerprint(): string {
  const sources = createHash('sha256').update(readFileSync(path.join(ROOT, 'package-lock.json')));
  for (const folder of [SOURCE, WEB]) {
    for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
      const file = path.join(folder, name);
      if (!name.includes('node_modules') && statSync(file).isFile()) sources.update(name).update(readFileSync(file));
    }
  }
  return sources.digest('hex');
}

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { findChromium, fits } from './chromium';
import { root } from './product';

/** A Chromium without a window for Linux on x64, as a package of the registry; unpacked it needs nothing of the machine but libc. */
const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';

/**
 * The Chromium to test with: of this machine, or one fetched once into `.cache/chromium` (70 MB, no rights needed). Undefined, after a line
 * that says what to install, where neither can be had.
 */
export function readyChromium(): string | undefined {
  const found = findChromium() ?? fetched();
  if (!found) console.log('Chromium is missing here and could not be fetched. Install one (apt-get install chromium fonts-noto-cjk), or name one in CHROMIUM.');
  return found;
}

function fetched(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = path.join(root(), '.cache', 'chromium');
  const start = path.join(folder, 'chromium.sh');
  const stamp = path.join(folder, '.version');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === VERSION) return start;
  console.log('Fetching a Chromium (70 MB, once) …');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    install(folder);
    unpack(folder, start);
  } catch (error) {
    console.log(`It could not be fetched: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  if (!fits(start)) return undefined;
  writeFileSync(stamp, VERSION);
  return start;
}

function install(folder: string): void {
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } }));
  const npm = process.env['npm_execpath']?.endsWith('npm-cli.js') ? [process.execPath, process.env['npm_execpath']] : ['npm'];
  const { status } = spawnSync(npm[0]!, [...npm.slice(1), 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm install failed');
}

/** The program, and the few libraries a bare machine lacks, found by a start script of ours. */
function unpack(folder: string, start: string): void {
  const from = (name: string): Buffer => brotliDecompressSync(readFileSync(path.join(folder, 'node_modules', PACKAGE, 'bin', `${name}.br`)));
  writeFileSync(path.join(folder, 'chromium'), from('chromium'), { mode: 0o755 });
  for (const name of ['al2023.tar', 'swiftshader.tar']) {
    const { status, stderr } = spawnSync('tar', ['-x', '-C', folder], { input: from(name) });
    if (status !== 0) throw new Error(`tar: ${stderr?.toString() ?? 'missing'}`);
  }
  writeFileSync(start, '#!/bin/sh\nhere=$(dirname "$0")\n# The machine\'s own libraries first: ours only stand in.\nexport LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$here/lib"\nexec "$here/chromium" "$@"\n');
  chmodSync(start, 0o755);
}

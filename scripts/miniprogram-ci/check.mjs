/**
 * Compiles the mini-program with WeChat's own compiler, offline, as proof that it is a genuine one; and weighs it. A part of `npm test`; alone it is
 * `npm run miniprogram:check`, before an upload with `-- --release`. The compiler is large and of no use to the product, so it is installed beside it, in `.cache`.
 * Ends with 69 where it cannot be installed.
 */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '..', '..');
const cache = path.join(root, '.cache', 'miniprogram-ci');
const project = path.join(cache, 'project');
/** WeChat's limits: of each package, the main one included, and of all together. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_BYTES_TOGETHER = 30 * 1024 * 1024;
const TDESIGN = 'tdesign-miniprogram';

function installCompiler() {
  const wanted = readFileSync(path.join(here, 'package.json'), 'utf8');
  const version = JSON.parse(wanted).dependencies['miniprogram-ci'];
  const installed = path.join(cache, 'node_modules', 'miniprogram-ci', 'package.json');
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === version) return;
  console.log('Installing WeChat\'s compiler (about 280 MB, once) …');
  mkdirSync(cache, { recursive: true });
  writeFileSync(path.join(cache, 'package.json'), wanted);
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: cache, stdio: 'inherit' });
  if (status === 0) return;
  console.error('WeChat\'s compiler could not be installed: npm could not fetch it, see above. Try again with a network: npm run miniprogram:check');
  process.exit(69);
}

/** A copy of the project as DevTools sees it after 构建 npm: only the components that are used, and what those use. */
function prepareProject() {
  rmSync(project, { recursive: true, force: true });
  cpSync(path.join(root, 'miniprogram'), project, { recursive: true, filter: (file) => !/node_modules|miniprogram_npm/.test(path.relative(root, file)) });
  const from = path.join(root, 'node_modules', TDESIGN, 'miniprogram_dist');
  const to = path.join(project, 'miniprogram_npm', TDESIGN);
  const taken = new Set();
  const take = (folder) => {
    if (taken.has(folder)) return;
    taken.add(folder);
    cpSync(path.join(from, folder), path.join(to, folder), { recursive: true });
    for (const name of readdirSync(path.join(from, folder), { recursive: true })) {
      if (!/\.(json|js|wxml|wxss|wxs)$/.test(name)) continue;
      const file = path.join(from, folder, name);
      for (const [, wanted] of readFileSync(file, 'utf8').matchAll(/["'](\.\.?\/[^"']+)["']/g)) {
        const inside = path.relative(from, path.resolve(path.dirname(file), wanted)).split(path.sep)[0];
        if (inside && inside !== '..' && existsSync(path.join(from, inside)) && statSync(path.join(from, inside)).isDirectory()) take(inside);
      }
    }
  };
  for (const component of usedComponents()) take(component);
  cpSync(path.join(from, 'miniprogram_npm'), path.join(project, 'miniprogram_npm'), { recursive: true });
}

function usedComponents() {
  const used = new Set();
  for (const name of readdirSync(path.join(root, 'miniprogram'), { recursive: true })) {
    if (!name.endsWith('.json') || name.includes('node_modules')) continue;
    for (const wanted of Object.values(JSON.parse(readFileSync(path.join(root, 'miniprogram', name), 'utf8')).usingComponents ?? {})) {
      if (wanted.startsWith(`${TDESIGN}/`)) used.add(wanted.split('/')[1]);
    }
  }
  return used;
}

installCompiler();
prepareProject();
const ci = createRequire(path.join(cache, 'package.json'))('miniprogram-ci');
// The compiler asks WeChat for the account's settings; the defaults it brings along serve a check, and need no network.
class OfflineProject extends ci.Project {
  async attr() { return ci.DefaultProjectAttr; }
}
const key = path.join(cache, 'private.key');
writeFileSync(key, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
const out = path.join(cache, 'compiled.zip');
await ci.getCompiledResult({
  project: new OfflineProject({ appid: 'wx1234567890abcdef', type: 'miniProgram', projectPath: project, privateKeyPath: key, ignores: ['node_modules/**/*'] }),
  version: '1.0.0', desc: 'check', setting: { es6: true, minify: true }, onProgressUpdate() {},
}, out);
const files = Object.entries(unzipSync(readFileSync(out)));
const { pages, subPackages = [] } = JSON.parse(readFileSync(path.join(root, 'miniprogram', 'app.json'), 'utf8'));
/** The subpackage a file of the project lies in; '' is the main package. */
const packageOf = (name) => subPackages.find((one) => path.posix.normalize(name).startsWith(`${one.root}/`))?.root ?? '';

/** What another subpackage holds may not be there yet when it is asked for: on a phone that is an error, the compiler lets it pass. */
function crossings() {
  const found = [];
  for (const name of readdirSync(path.join(root, 'miniprogram'), { recursive: true })) {
    if (!/\.(ts|json|wxml|wxss)$/.test(name) || name.includes('node_modules') || name === 'app.json') continue;
    const text = readFileSync(path.join(root, 'miniprogram', name), 'utf8').replace(/import type[^;]*;/g, '');
    const paths = name.endsWith('.json') ? Object.values(JSON.parse(text).usingComponents ?? {}) : [...text.matchAll(/(?:from|import|src=|require\()\s*["']([^"']+)["']/g)].map(([, one]) => one);
    for (const wanted of paths) {
      const target = wanted.startsWith('/') ? wanted.slice(1) : path.posix.join(path.posix.dirname(name), wanted);
      if (packageOf(target) !== '' && packageOf(target) !== packageOf(name)) found.push(`${name} uses ${target}`);
    }
  }
  return found;
}

/** With `--release`: what may be uploaded has the bureau's own domain (`miniprogram/config.ts`). */
function withoutDomain() {
  const text = readFileSync(path.join(root, 'miniprogram', 'config.ts'), 'utf8');
  return ['trial', 'release'].filter((build) => !new RegExp(`\\b${build}: 'https://[a-z0-9.-]+\\.[a-z]{2,}',`).test(text))
    .map((build) => `miniprogram/config.ts: ${build} is no https domain without port or path`);
}

const inKb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const packages = ['', ...subPackages.map((one) => one.root)].map((name) => ({ name, bytes: files.filter(([file]) => packageOf(file) === name).reduce((sum, [, file]) => sum + file.length, 0) }));
const together = packages.reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`WeChat's compiler took all ${pages.length + subPackages.reduce((sum, one) => sum + one.pages.length, 0)} pages: ${files.length} files, ${inKb(together)} (all together may have ${inKb(MAX_BYTES_TOGETHER)}).`);
for (const { name, bytes } of packages) console.log(`  ${name || 'main package'}: ${inKb(bytes)} of ${inKb(MAX_BYTES)}`);
const faults = [
  ...packages.filter(({ bytes }) => bytes >= MAX_BYTES).map(({ name }) => `${name || 'the main package'} is too large`),
  ...(together >= MAX_BYTES_TOGETHER ? ['all together are too large'] : []),
  ...crossings(),
  ...(process.argv.includes('--release') ? withoutDomain() : []),
];
for (const fault of faults) console.error(`FAULT: ${fault}`);
// The compiler leaves connections open that it tried to make.
process.exit(faults.length > 0 ? 1 : 0);

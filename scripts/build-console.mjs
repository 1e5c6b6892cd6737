/**
 * Builds the reviewers' console into dist/console. The result is kept by the hash of everything it is made from, so that a build
 * that changed nothing costs a copy. Part of `npm run build`.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);
const source = at('src', 'console');
const target = at('dist', 'console');

/** What the pages take from the server besides types: tables of names, and what both reckon alike. */
const SHARED = ['src/rulebook/data', 'src/review/desks.ts', 'src/procedures/acceptance-documents.ts', 'src/procedures/structure-words.ts', 'src/exports/case-words.ts', 'src/kernel/story.ts', 'src/rulebook/scoring.ts'];
const MADE_BY = ['vite', 'vue', 'vue-router', 'tdesign-vue-next', 'echarts', 'pdfjs-dist', '@vitejs/plugin-vue-jsx', 'tdesign-icons-svg'];

function hash() {
  const sum = createHash('sha256');
  const filesOf = (name) => (statSync(at(name)).isDirectory() ? readdirSync(at(name)).flatMap((inner) => filesOf(path.join(name, inner))) : [name]);
  for (const name of ['src/console', ...SHARED, 'scripts/build-console.mjs'].flatMap(filesOf).sort()) sum.update(`${name}\n`).update(readFileSync(at(name))).update('\n');
  for (const name of MADE_BY) sum.update(JSON.parse(readFileSync(at('node_modules', name, 'package.json'), 'utf8')).version);
  return sum.digest('hex').slice(0, 24);
}

async function bundle(folder) {
  const [{ build }, { default: vueJsx }] = await Promise.all([import('vite'), import('@vitejs/plugin-vue-jsx')]);
  await build({
    configFile: false, root: source, base: '/console/', logLevel: 'warn', plugins: [vueJsx()],
    define: { __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 900, modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  });
}

/** The page in the sandboxed frame: a classic script, since a module would have to be fetched across origins from a frame that has none. */
async function bundlePreview(folder) {
  const { build } = await import('vite');
  const { output } = [await build({
    configFile: false, root: source, logLevel: 'warn', publicDir: false, define: { 'import.meta': '{}' },
    build: { write: false, target: 'es2022', chunkSizeWarningLimit: 3000, lib: { entry: path.join(source, 'preview', 'main.ts'), formats: ['iife'], name: 'preview' } },
  })].flat()[0];
  const keep = (name, ending, text) => {
    const file = `${name}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.${ending}`;
    writeFileSync(path.join(folder, 'assets', file), text);
    return file;
  };
  const script = keep('preview', 'js', output.find(({ type }) => type === 'chunk').code);
  const style = keep('preview', 'css', readFileSync(path.join(source, 'preview', 'style.css')));
  const page = readFileSync(path.join(source, 'preview', 'index.html'), 'utf8');
  writeFileSync(path.join(folder, 'preview.html'), page.replace('__SCRIPT__', script).replace('__STYLE__', style));
}

const cached = at('.cache', 'console', hash());
if (!existsSync(cached)) {
  const unfinished = `${cached}.${process.pid}`;
  await bundle(unfinished);
  await bundlePreview(unfinished);
  mkdirSync(path.dirname(cached), { recursive: true });
  // Another build may have finished the same meanwhile.
  if (existsSync(cached)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, cached);
}
rmSync(target, { recursive: true, force: true });
cpSync(cached, target, { recursive: true });

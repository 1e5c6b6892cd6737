/**
 * The door to every command: `npm start`, `npm test` and the rest work on a fresh clone, because this file needs nothing but
 * Node and brings everything else up to date first. Usage: node scripts/run.mjs start | test | jest … | <script> …
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_NEEDED = [20, 19];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => path.join(root, ...parts);

/** Runs a program in the foreground; resolves to its exit code, 128 + n when signal n ended it. Signals to us go to it. */
function run(program, args, stdio = 'inherit') {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio });
    const pass = (signal) => child.kill(signal);
    // A terminal gives Ctrl-C to the child itself; a second one from us would read as impatience.
    const onInterrupt = process.stdin.isTTY ? () => {} : pass;
    process.on('SIGINT', onInterrupt).on('SIGTERM', pass).on('SIGHUP', pass);
    const done = () => process.off('SIGINT', onInterrupt).off('SIGTERM', pass).off('SIGHUP', pass);
    child.on('error', (error) => { done(); reject(error); });
    child.on('exit', (code, signal) => { done(); resolve(signal ? 128 + constants.signals[signal] : code); });
  });
}

const node = (...args) => run(process.execPath, args);
const npm = (...args) => {
  const cli = process.env.npm_execpath;
  return cli && cli.endsWith('npm-cli.js') ? node(cli, ...args) : run('npm', args);
};

/** Runs what must succeed before anything else makes sense. */
async function must(what, code) {
  const failed = await code;
  if (failed) throw new Stop(`${what} failed.`, failed);
}

class Stop extends Error {
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])) return;
  throw new Stop(`Node ${NODE_NEEDED.join('.')} or later is needed; this is ${process.versions.node}.`);
}

/** Installs when there is nothing yet, or when it is not what package-lock.json says, or was installed for another Node. */
async function install() {
  const lock = readFileSync(at('package-lock.json'));
  const platform = `${process.platform}-${process.arch}-${process.versions.modules}`;
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${platform}`;
  const stamp = at('node_modules', '.installed');
  const found = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (found === wanted) return;
  if ((found !== '' && !found.endsWith(platform)) || !isInstalled(JSON.parse(lock))) {
    console.log('Installing dependencies …');
    // Building and testing need the development packages too, whatever NODE_ENV says.
    const how = ['--include=dev', '--no-audit', '--no-fund'];
    // npm ci asks even for the packages of other platforms, which some mirrors do not carry; install takes the same versions.
    if (await npm('ci', ...how)) await must('npm install', npm('install', '--no-save', ...how));
  }
  writeFileSync(stamp, wanted);
}

/** Whether npm itself noted these very versions (somebody ran `npm install` by hand). */
function isInstalled(lock) {
  const note = at('node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(lock.packages).every(([name, { version, optional, devOptional }]) => name === ''
    || optional || devOptional || (installed[name] && installed[name].version === version));
}

/** Compiles when a source was added, removed or touched since the last time. */
async function build() {
  const sources = createHash('sha256');
  for (const file of ['.swcrc', 'package.json']) sources.update(readFileSync(at(file)));
  for (const folder of ['src', 'scripts']) {
    const names = readdirSync(at(folder), { recursive: true });
    for (const name of [...names].sort()) {
      const { mtimeMs, size } = statSync(at(folder, name));
      sources.update(`${folder}/${name} ${mtimeMs} ${size}\n`);
    }
  }
  const wanted = sources.digest('hex');
  const stamp = at('dist', '.built');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await must('The build', npm('run', 'build', '--silent'));
  writeFileSync(stamp, wanted);
}

const bin = (name, file) => at('node_modules', name, 'bin', file);
const jest = (...args) => node(bin('jest', 'jest.js'), ...args);

/** Types, lint, all tests, people at the pages in a Chromium, WeChat's own compiler. Every step runs; the first failure gives the exit code. */
async function test(args) {
  const folder = mkdtempSync(path.join(tmpdir(), 'szt-run-'));
  const results = (name) => path.join(folder, `${name}.json`);
  // Mostly waiting, hence beside the others.
  const compiler = args.length > 0 ? undefined : compile(path.join(folder, 'compiler.log'));
  const steps = [
    ['types', () => npm('run', 'typecheck', '--silent')],
    ['lint', () => npm('run', 'lint', '--silent')],
    ['jest', () => jest('--json', `--outputFile=${results('jest')}`, ...args)],
    // Whoever asks for some tests only asks for these.
    ...(compiler ? [['pages', () => pages('--json', `--outputFile=${results('pages')}`)], ['compiler', compiler]] : []),
  ];
  const summary = [];
  for (const [name, start] of steps) {
    const from = Date.now();
    const code = await start();
    summary.push({ name, code, seconds: ((Date.now() - from) / 1000).toFixed(1) });
    if (code > 128) break; // interrupted
  }
  const tallies = summary.map(({ name, code }) => tallyOf(results(name), code));
  rmSync(folder, { recursive: true, force: true });

  console.log('');
  for (const { name, code, seconds } of summary) {
    console.log(code === SKIPPED ? `SKIPPED ${name}: not to be had on this machine, see above` : `${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
  }
  const sum = (part) => tallies.reduce((total, tally) => total + tally[part], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  const first = summary.find(({ code }) => code !== 0 && code !== SKIPPED);
  return first ? first.code : 0;
}

/** Tests that passed and failed. A step that failed without naming a test counts as one failure, so the sum never looks better than the exit code. */
function tallyOf(file, code) {
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const failed = counts ? counts.numFailedTests + counts.numRuntimeErrorTestSuites : 0;
  return { passed: counts ? counts.numPassedTests : 0, failed: failed === 0 && code !== 0 && code !== SKIPPED ? 1 : failed };
}

/** No answer of a program: the step could not be made here, and the summary says so. */
const SKIPPED = -1;
/** EX_UNAVAILABLE of sysexits.h: a program lacks what only a network could bring. */
const UNAVAILABLE = 69;

/** People at the pages, in the Chromium of this machine or one that is fetched. */
async function pages(...args) {
  const { readyChromium } = createRequire(import.meta.url)(at('dist', 'scripts', 'browser', 'fetch-chromium.js'));
  const chromium = readyChromium();
  if (!chromium) return SKIPPED;
  process.env.CHROMIUM = chromium;
  return jest('--config', at('test', 'e2e', 'jest.config.cjs'), ...args);
}

/** Has WeChat's compiler take the mini-program, for now in silence; who awaits the answer is told the rest. */
function compile(log) {
  const heard = openSync(log, 'w');
  const code = run(process.execPath, [at('scripts', 'miniprogram-ci', 'check.mjs')], ['ignore', heard, heard]);
  return async () => {
    const answer = await code;
    console.log(readFileSync(log, 'utf8'));
    return answer === UNAVAILABLE ? SKIPPED : answer;
  };
}

/** A program of ours: dist/scripts/<name>.js, or the index of a folder of that name; `audit:verify` is audit-verify. */
function script(name, args) {
  const plain = name.replace(/:/g, '-');
  const file = [at('dist', 'scripts', `${plain}.js`), at('dist', 'scripts', plain, 'index.js')].find((each) => existsSync(each));
  if (!file) throw new Stop(`There is no command "${name}". Usage: node scripts/run.mjs start | test | jest … | <script> …`, 64);
  return node('--enable-source-maps', file, ...args);
}

async function main([command = 'start', ...args]) {
  checkNode();
  await install();
  await build();
  if (command === 'test') return test(args);
  if (command === 'jest') return jest(...args);
  if (command === 'pages') return pages(...args);
  return script(command, args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Stop ? error.message : error);
  process.exitCode = error.code > 0 ? error.code : 1;
}

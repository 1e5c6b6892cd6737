import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The embedded MongoDB's native part was linked against this one. */
const GLIBC_NEEDED = [2, 38] as const;
/** The first Debian release whose libraries are new enough, and what is taken from it. */
const RELEASE = 'trixie';
const PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export class EngineUnavailable extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`The embedded MongoDB cannot run here: ${why}\n`
      + 'Use real servers instead: `docker compose up -d`, or set MONGODB_URI (and REDIS_URL) to yours.', options);
    this.name = 'EngineUnavailable';
  }
}

/**
 * How to start Node so that the embedded MongoDB loads: [] means as usual; on an older Debian it is the loader of the next
 * release with its library path, fetched once into `cache`. The system's own libraries are never touched.
 * @throws EngineUnavailable where neither works
 */
export async function nodeCommand(cache: string): Promise<string[]> {
  const built = `${process.platform}-${process.arch}`;
  if (built === 'darwin-arm64') return [process.execPath];
  if (built !== 'linux-x64' && built !== 'linux-arm64') throw new EngineUnavailable(`there is no build for ${built}.`);
  const glibc = glibcVersion();
  if (!glibc) throw new EngineUnavailable('this Linux has no glibc (Alpine?).');
  if (isEnough(glibc)) return [process.execPath];

  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID="?debian"?$/m.test(release)) {
    throw new EngineUnavailable(`glibc is ${glibc}, it needs ${GLIBC_NEEDED.join('.')}; newer libraries are fetched on Debian only.`);
  }
  const root = path.join(cache, `glibc-${RELEASE}-${process.arch}`);
  if (!existsSync(root)) await fetchLibraries(root, glibc);
  const triplet = process.arch === 'x64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu';
  const folder = path.join(root, 'usr/lib', triplet);
  const loader = path.join(folder, process.arch === 'x64' ? 'ld-linux-x86-64.so.2' : 'ld-linux-aarch64.so.1');
  if (!existsSync(loader)) throw new EngineUnavailable(`the libraries in ${root} are incomplete; remove that folder and try again.`);
  return [loader, '--library-path', folder, process.execPath];
}

/** Downloads and unpacks beside `root`, then moves into place at once: of two processes one wins, none sees half a folder. */
async function fetchLibraries(root: string, glibc: string): Promise<void> {
  await mkdir(path.dirname(root), { recursive: true });
  const work = await mkdtemp(`${root}-`);
  try {
    const lists = path.join(work, 'lists');
    const archives = path.join(work, 'archives');
    await mkdir(path.join(lists, 'partial'), { recursive: true });
    await mkdir(path.join(archives, 'partial'), { recursive: true });
    const status = path.join(work, 'status');
    await writeFile(status, '');
    const source = path.join(work, 'sources.list');
    const signedBy = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : '';
    await writeFile(source, `deb ${signedBy}${await mirror()} ${RELEASE} main\n`);
    const apt = (...command: string[]) => run('apt-get', [
      '-q', '-o', `Dir::Etc::SourceList=${source}`, '-o', 'Dir::Etc::SourceParts=-', '-o', `Dir::State::Lists=${lists}`,
      '-o', `Dir::State::status=${status}`, '-o', `Dir::Cache=${work}`, '-o', `Dir::Cache::Archives=${archives}`,
      '-o', 'APT::Sandbox::User=', '-o', 'Acquire::Languages=none', '-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=30',
      '-o', 'APT::Update::Post-Invoke::=', '-o', 'APT::Update::Error-Mode=any',
      ...command,
    ], { cwd: archives, timeout: 180_000 });
    await apt('update');
    await apt('download', ...PACKAGES);
    const unpacked = path.join(work, 'root');
    for (const name of await readdir(archives)) {
      if (name.endsWith('.deb')) await run('dpkg', ['-x', path.join(archives, name), unpacked]);
    }
    await rename(unpacked, root).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw new EngineUnavailable(
      `glibc is ${glibc}, it needs ${GLIBC_NEEDED.join('.')}, and Debian ${RELEASE}'s could not be fetched: ${String((error as Error).message).trim()}`,
      { cause: error },
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The Debian mirror this machine already uses. */
async function mirror(): Promise<string> {
  const { stdout } = await run('apt-get', [
    'indextargets', '--format', '$(REPO_URI) $(COMPONENT)', 'Created-By: Packages', 'Origin: Debian', 'Label: Debian',
  ]).catch(() => ({ stdout: '' }));
  const found = stdout.split('\n').map((line) => line.split(' ')).find(([, component]) => component === 'main')?.[0];
  return found ?? 'http://deb.debian.org/debian/';
}

function glibcVersion(): string | undefined {
  const { report } = process;
  (report as { excludeNetwork?: boolean }).excludeNetwork = true; // or it looks up every open socket's name
  return (report.getReport() as { header: { glibcVersionRuntime?: string } }).header.glibcVersionRuntime;
}

function isEnough(glibc: string): boolean {
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  return major > GLIBC_NEEDED[0] || (major === GLIBC_NEEDED[0] && minor >= GLIBC_NEEDED[1]);
}

import { createHash, randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { host, type Host } from './child';
import { nodeCommand } from './loader';

export { EngineUnavailable } from './loader';

export type EngineName = 'mongo' | 'redis';

export interface EngineOptions {
  /** Where MongoDB keeps its data. Redis keeps none. */
  dir: string;
  /** false: not needed at all. Default true. */
  mongo?: boolean;
  redis?: boolean;
  /** Default: any free one, kept over restarts. */
  redisPort?: number;
  /** `redis-server` runs the installed native one instead of Valkey in WebAssembly. */
  redisCommand?: 'embedded' | 'redis-server';
  /** MONGODB_URI and REDIS_URL here name real servers, and nothing is started in their place. Default: the process's. */
  env?: { MONGODB_URI?: string; REDIS_URL?: string };
  /** Told when an engine ends without having been asked to. Default: write to stderr. */
  onGone?: (engine: EngineName, why: string) => void;
}

export interface Engines {
  /** '' when `mongo: false`. Give the database name apart from it: `mongoose.createConnection(uri, { dbName })`. */
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** Only of engines started here and now running. */
  pids(): Partial<Record<EngineName, number>>;
  /** Ends the process (default SIGKILL); resolves when it is gone. @throws if that engine was not started here */
  kill(engine: EngineName, signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same address. @throws if that engine was not started here */
  restart(engine: EngineName): Promise<void>;
  stop(): Promise<void>;
}

/** What macOS allows; Linux has four more. */
const SOCKET_PATH_MAX = 103;
const SOCKET = 'mongodb.sock';

/**
 * Brings up what the environment does not name: MongoDB on a Unix socket and Redis on a local TCP port, each in a process of
 * its own that ends with this one. For running locally and for tests; see the README for real servers.
 */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  const { dir, env = process.env, onGone = (_engine, why) => console.error(why) } = options;
  const hosts: Partial<Record<EngineName, Host>> = {};
  let mongodbUri = options.mongo === false ? '' : env.MONGODB_URI ?? '';
  let redisUrl = options.redis === false ? '' : env.REDIS_URL ?? '';

  if (!mongodbUri && options.mongo !== false) {
    const data = path.resolve(dir, 'mongo');
    await mkdir(data, { recursive: true });
    const socket = path.join(await runFolder(path.resolve(dir)), SOCKET);
    const node = await nodeCommand(path.join(projectRoot(), '.cache'));
    hosts.mongo = host('mongo', [...node, hostFile('mongo'), data, socket], process.env, (why) => onGone('mongo', why));
    // The host itself answers a write only when it is in the journal, whatever concern is asked for.
    mongodbUri = `mongodb://${encodeURIComponent(socket)}/?directConnection=true&w=1`;
  }
  if (!redisUrl && options.redis !== false) {
    const port = options.redisPort ?? await freePort();
    hosts.redis = host('redis', [process.execPath, hostFile('redis'), String(port), options.redisCommand ?? 'embedded'],
      // node:wasi warns at each start that it is experimental
      { ...process.env, NODE_NO_WARNINGS: '1' }, (why) => onGone('redis', why));
    redisUrl = `redis://127.0.0.1:${port}`;
  }

  const all = Object.values(hosts);
  const stop = async () => { await Promise.all(all.map((each) => each.stop())); };
  const started = await Promise.allSettled(all.map((each) => each.start()));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }

  const ours = (engine: EngineName): Host => {
    const found = hosts[engine];
    if (!found) throw new Error(`${engine} was not started here, so it is not ours to end or start`);
    return found;
  };
  return {
    mongodbUri,
    redisUrl,
    pids: () => Object.fromEntries(Object.entries(hosts).flatMap(([name, { pid }]) => pid === undefined ? [] : [[name, pid]])),
    kill: (engine, signal = 'SIGKILL') => ours(engine).kill(signal),
    restart: async (engine) => {
      await ours(engine).stop();
      await ours(engine).start();
    },
    stop,
  };
}

/** Where the socket lives: private to this user, the same for the same data, and short enough. */
async function runFolder(dir: string): Promise<string> {
  const near = path.join(dir, 'run');
  const short = path.join(os.tmpdir(), `szt-${os.userInfo().uid}-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`);
  const folder = path.join(near, SOCKET).length <= SOCKET_PATH_MAX ? near : short;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

const hostFile = (engine: EngineName) => path.join(__dirname, `${engine}-host.cjs`);

/** This file runs from the sources (tests) as well as from dist. */
function projectRoot(): string {
  let folder = __dirname;
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return folder;
}

/** Below those that systems give to outgoing connections, of which engines and browsers make many. */
const PORTS = { from: 12_000, to: 32_000 };

/** A port on 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    const probe = net.createServer();
    const isFree = await new Promise<boolean>((resolve) => { probe.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)); });
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

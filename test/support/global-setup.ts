import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEngines, type Engines } from '../../scripts/engines';

declare global {
  var testEngines: { engines: Engines; dir: string } | undefined;
}

/**
 * One pair of engines for the whole run; test files find them by `testDatabase()`.
 * MONGODB_URI / REDIS_URL in the environment are used instead; TEST_REDIS=redis-server runs the installed native one.
 */
export default async function globalSetup(): Promise<void> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'szt-test-'));
  const engines = await startEngines({
    dir,
    redisCommand: process.env.TEST_REDIS === 'redis-server' ? 'redis-server' : 'embedded',
  });
  process.env.TEST_MONGODB_URI = engines.mongodbUri;
  process.env.TEST_REDIS_URL = engines.redisUrl;
  globalThis.testEngines = { engines, dir };
}

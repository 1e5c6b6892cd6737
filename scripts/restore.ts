/**
 * Brings a backup into an empty database, with the service stopped, and checks every chain. Prints one JSON line: counts, the time
 * of the newest entry and the gap since then (what happened in it must be looked for in WeChat, on paper, with the parties).
 *
 *   npm run restore -- DIR [--keys KEYSDIR | --no-keys]
 *
 * KEYSDIR (default DIR-keys) are the latest identity keys, see backup; with --no-keys no reporter's identity can be opened any
 * more. Redis is cleared of this system's keys: the worker builds the queues anew from the database when it starts.
 */
import path from 'node:path';
import { connectRedis } from '../src/store/redis';
import { load } from './backup/load';
import { openDatabase, type Database } from './database';

async function main(): Promise<void> {
  const [dir, flag, keysDir] = process.argv.slice(2);
  const isUsage = flag === undefined || flag === '--no-keys' || (flag === '--keys' && keysDir);
  if (!dir || dir.startsWith('--') || !isUsage) throw new Error('usage: restore DIR [--keys KEYSDIR | --no-keys]');
  const database = await openDatabase();
  try {
    const keys = flag === '--no-keys' ? null : path.resolve(keysDir ?? `${dir}-keys`);
    const restored = await load(database.connection, { dir: path.resolve(dir), keysDir: keys, clock: () => new Date() });
    const cleared = await clearQueues(database);
    console.log(JSON.stringify({ ...restored, redisKeysCleared: cleared }));
    if (restored.broken.length > 0) throw new Error(`${restored.broken.length} cases have a broken chain, see above`);
    if (restored.sealedForGood > 0) console.error(`${restored.sealedForGood} identities have no key here: erased since the backup, or restored without keys.`);
  } finally {
    await database.close();
  }
}

/** Jobs and claims of the state that was lost would act on the one that came back. */
async function clearQueues({ redis: at }: Database): Promise<number> {
  if (!at) return 0;
  const redis = connectRedis(at.url, { role: 'request' });
  let cleared = 0;
  try {
    for await (const keys of redis.scanStream({ match: `${at.prefix.replaceAll(/[[\]*?\\]/g, '\\$&')}*`, count: 1000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) cleared += await redis.unlink(keys);
    }
  } finally {
    redis.disconnect();
  }
  return cleared;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../src/store/mongo';
import { connectRedis } from '../../src/store/redis';

export interface TestDatabase {
  connection: Connection;
  mongodbUri: string;
  dbName: string;
  redis: Redis;
  redisUrl: string;
  /** In front of every Redis key and as the BullMQ prefix; hash-tagged like the product's. */
  prefix: string;
  /** Drops the database and this file's Redis keys, closes both connections. Call it in afterAll, after closing workers and queues. */
  close(): Promise<void>;
}

/** A database and a key space of the calling test file's own, on the engines of the whole run. */
export async function testDatabase(): Promise<TestDatabase> {
  const mongodbUri = address('TEST_MONGODB_URI');
  const redisUrl = address('TEST_REDIS_URL');
  const id = randomBytes(6).toString('hex');
  const dbName = `test_${id}`;
  const prefix = `{szt-test-${id}}`;
  const connection = await connectMongo(mongodbUri, dbName, { poolSize: 10 });
  const redis = connectRedis(redisUrl, { role: 'worker' });

  async function close(): Promise<void> {
    // Each open collection and index of the embedded engine costs a file handle until its database is gone.
    await connection.dropDatabase();
    await connection.close();
    for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(keys);
    }
    await redis.quit();
  }
  return { connection, mongodbUri, dbName, redis, redisUrl, prefix, close };
}

function address(name: 'TEST_MONGODB_URI' | 'TEST_REDIS_URL'): string {
  const found = process.env[name];
  if (!found) throw new Error(`${name} is missing: jest's globalSetup starts the engines, run tests with jest from the project's root`);
  return found;
}

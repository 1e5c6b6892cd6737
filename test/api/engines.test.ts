import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { Queue, Worker } from 'bullmq';
import { mongo, Schema } from 'mongoose';
import { freePort, startEngines, type Engines } from '../../scripts/engines';
import { connectMongo } from '../../src/store/mongo';
import { checkRedis, connectRedis } from '../../src/store/redis';
import { testDatabase, type TestDatabase } from '../support/engines';

describe('what the product asks of its engines', () => {
  let db: TestDatabase;
  beforeAll(async () => { db = await testDatabase(); });
  afterAll(() => db.close());

  it('a guarded update happens once, however many try it at a time', async () => {
    const cases = db.connection.collection<{ no: string; version: number }>('guarded');
    await cases.insertOne({ no: 'TS-1', version: 0 });
    const tries = await Promise.all(Array.from({ length: 20 }, () => cases.findOneAndUpdate(
      { no: 'TS-1', version: 0 }, { $inc: { version: 1 } }, { returnDocument: 'after' })));
    expect(tries.filter(Boolean)).toHaveLength(1);
  });

  it('keeps unique, text and partial indexes, and validates documents', async () => {
    const schema = new Schema({ city: String, no: String, text: String, at: { type: Date, expires: 3600 } });
    schema.index({ city: 1, no: 1 }, { unique: true, partialFilterExpression: { no: { $exists: true } } });
    schema.index({ text: 'text' });
    const Model = db.connection.model('Indexed', schema);
    await Model.init();
    await Model.create({ city: 'xinxiang', no: '1', text: 'digital transformation' });
    await expect(Model.create({ city: 'xinxiang', no: '1' })).rejects.toMatchObject({ code: 11000 });
    expect(await Model.countDocuments({ $text: { $search: 'transformation' } })).toBe(1);
    await db.connection.createCollection('checked', { validator: { $jsonSchema: { required: ['no'] } } });
    await expect(db.connection.collection('checked').insertOne({})).rejects.toMatchObject({ code: 121 });
  });

  it('aggregates with facets, lookups and windows', async () => {
    await db.connection.collection('scores').insertMany([{ of: 'a', n: 1 }, { of: 'a', n: 3 }, { of: 'b', n: 5 }]);
    await db.connection.collection('names').insertOne({ of: 'a', name: 'first' });
    const [found] = await db.connection.collection('scores').aggregate([{
      $facet: {
        sums: [
          { $group: { _id: '$of', sum: { $sum: '$n' } } }, { $sort: { _id: 1 } },
          { $lookup: { from: 'names', localField: '_id', foreignField: 'of', as: 'names' } },
        ],
        running: [
          { $setWindowFields: { sortBy: { n: 1 }, output: { total: { $sum: '$n', window: { documents: ['unbounded', 'current'] } } } } },
          { $project: { _id: 0, total: 1 } },
        ],
      },
    }]).toArray();
    expect(found).toMatchObject({
      sums: [{ _id: 'a', sum: 4, names: [{ name: 'first' }] }, { _id: 'b', sum: 5, names: [] }],
      running: [{ total: 1 }, { total: 4 }, { total: 9 }],
    });
  });

  it('stores files larger than a document may be', async () => {
    const bytes = Buffer.alloc(17 * 1024 * 1024, 7);
    const bucket = new mongo.GridFSBucket(db.connection.getClient().db(db.dbName));
    const upload = bucket.openUploadStream('evidence');
    await pipeline(Readable.from([bytes]), upload);
    const read: Buffer[] = [];
    for await (const chunk of bucket.openDownloadStream(upload.id)) read.push(chunk as Buffer);
    expect(Buffer.concat(read).equals(bytes)).toBe(true);
  });

  it('carries jobs through BullMQ: at once, later, again after a failure, and once for one id', async () => {
    const connection = connectRedis(db.redisUrl, { role: 'worker' });
    const queue = new Queue('work', { connection: db.redis, prefix: db.prefix });
    const ran: string[] = [];
    const waited: Record<string, number> = {};
    const worker = new Worker('work', async (job) => {
      ran.push(job.name);
      waited[job.name] ??= Date.now() - job.timestamp;
      if (job.name === 'stumble' && job.attemptsMade === 0) throw new Error('first try');
    }, { connection, prefix: db.prefix });
    await worker.waitUntilReady();
    await queue.add('once', {}, { jobId: 'event-1' });
    await queue.add('once', {}, { jobId: 'event-1' });
    await queue.add('stumble', {}, { attempts: 2, backoff: { type: 'fixed', delay: 20 } });
    await queue.add('later', {}, { delay: 300 });
    await until(() => ran.includes('later') && ran.filter((name) => name === 'stumble').length === 2);
    expect(ran.filter((name) => name === 'once')).toHaveLength(1);
    expect(waited.later).toBeGreaterThanOrEqual(300);
    expect(waited.later).toBeLessThan(3000);
    await worker.close();
    await queue.close();
    await connection.quit();
  });

  it('refuses a Redis that would drop queued work', async () => {
    await checkRedis(db.redis);
    const evicting = { config: async () => ['maxmemory-policy', 'allkeys-lru'] } as unknown as Parameters<typeof checkRedis>[0];
    await expect(checkRedis(evicting)).rejects.toThrow(/noeviction/);
    const forbidden = { config: async () => { throw new Error("NOPERM this user has no permissions to run the 'config' command"); } };
    await expect(checkRedis(forbidden as unknown as Parameters<typeof checkRedis>[0])).resolves.toBeUndefined();
  });
});

describe('the engine host', () => {
  let dir: string;
  let engines: Engines;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'szt-engines-'));
    engines = await startEngines({ dir, env: {} });
  }, 60_000);
  afterAll(async () => {
    await engines.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('loses no acknowledged write when it is killed under load, and comes back on the same addresses', async () => {
    const connection = await connectMongo(engines.mongodbUri, 'crash', { poolSize: 8 });
    const lost: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const writes = connection.collection<{ _id: number }>(`writes${round}`);
      const acknowledged: number[] = [];
      let stopped = false;
      const writer = async (id: number) => {
        for (let next = id; !stopped; next += 8) {
          await writes.insertOne({ _id: next });
          acknowledged.push(next);
        }
      };
      const writers = Promise.allSettled(Array.from({ length: 8 }, (_, id) => writer(id)));
      await until(() => acknowledged.length > 200);
      await engines.kill('mongo');
      stopped = true;
      await engines.restart('mongo');
      await writers;
      const kept = new Set(await writes.distinct('_id'));
      lost.push(...acknowledged.filter((id) => !kept.has(id)));
    }
    expect(lost).toEqual([]);
    await connection.close();
  }, 60_000);

  it('gives Redis back empty on the same port after a kill, and open connections find it again', async () => {
    const redis = connectRedis(engines.redisUrl, { role: 'worker' });
    await redis.set('a', '1');
    await engines.kill('redis');
    expect(engines.pids().redis).toBeUndefined();
    await engines.restart('redis');
    expect(await redis.get('a')).toBeNull();
    await redis.quit();
  });

  it('refuses to open a directory or a port somebody else serves, and leaves them serving', async () => {
    await expect(startEngines({ dir, env: {}, redis: false })).rejects.toThrow(/already running/);
    const port = Number(new URL(engines.redisUrl).port);
    await expect(startEngines({ dir, env: {}, mongo: false, redisPort: port })).rejects.toThrow(/EADDRINUSE/);
    const redis = connectRedis(engines.redisUrl, { role: 'request' });
    expect(await redis.ping()).toBe('PONG');
    await redis.quit();
    const connection = await connectMongo(engines.mongodbUri, 'still');
    await connection.collection('x').insertOne({});
    await connection.dropDatabase();
    await connection.close();
  });

  it('starts nothing where the environment names real servers', async () => {
    const env = { MONGODB_URI: 'mongodb://you-forgot-the-simulator:1', REDIS_URL: 'redis://you-forgot-the-simulator:1' };
    const none = await startEngines({ dir, env });
    expect(none).toMatchObject({ mongodbUri: env.MONGODB_URI, redisUrl: env.REDIS_URL });
    expect(none.pids()).toEqual({});
    await none.stop();
  });

  it('does not outlive the process that started it', async () => {
    const program = `
      const { spawn } = require('node:child_process');
      const host = spawn(process.execPath, process.argv.slice(1), { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      host.on('message', ({ ready }) => console.log(ready.pid));`;
    const host = path.resolve('scripts/engines/redis-host.cjs');
    const parent = spawn(process.execPath, ['-e', program, host, String(await freePort()), 'embedded'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data') as [Buffer];
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('says so when an engine ends by itself', async () => {
    const gone: string[] = [];
    const own = await startEngines({ dir, env: {}, mongo: false, onGone: (engine) => gone.push(engine) });
    process.kill(own.pids().redis!, 'SIGKILL');
    await until(() => gone.length > 0);
    expect(gone).toEqual(['redis']);
    await own.stop();
  });

  it('stops in order: the socket is gone, the data stays', async () => {
    const own = await mkdtemp(path.join(os.tmpdir(), 'szt-engines-'));
    const first = await startEngines({ dir: own, env: {}, redis: false });
    const writing = await connectMongo(first.mongodbUri, 'kept');
    await writing.collection('x').insertOne({ kept: true });
    await writing.close();
    await first.stop();
    expect(existsSync(path.join(own, 'run/mongodb.sock'))).toBe(false);
    const second = await startEngines({ dir: own, env: {}, redis: false });
    expect(second.mongodbUri).toBe(first.mongodbUri);
    const reading = await connectMongo(second.mongodbUri, 'kept');
    expect(await reading.collection('x').countDocuments({ kept: true })).toBe(1);
    await reading.close();
    await second.stop();
    await rm(own, { recursive: true, force: true });
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => { setTimeout(resolve, 5); });
}

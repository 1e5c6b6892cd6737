import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { dump } from '../../scripts/backup/dump';
import { load } from '../../scripts/backup/load';
import { photo } from '../../scripts/demo/papers';
import { createServices } from '../../src/services';
import { connectMongo } from '../../src/store/mongo';
import { startWorker } from '../../src/worker';
import { testApp, type TestApp } from '../support/app';

const { EJSON } = mongoose.mongo.BSON;
const TRUE = { name: '何独特', idNumber: '410702199003078515', phone: '13912345670' };
/** A quiet hour: nothing changed in the seconds before. */
const night = () => new Date('2030-01-01T00:00:00Z');

let app: TestApp;
let folder: string;
let report: string;
const opened: Connection[] = [];

beforeAll(async () => {
  app = await testApp();
  folder = await mkdtemp(path.join(os.tmpdir(), 'szt-backup-'));
  const reporter = await app.citizen('举报人');
  const evidence = await app.upload(reporter, '照片.jpg', await photo(), 'image/jpeg');
  ({ no: report } = await app.open(reporter, 'report', {
    provider: app.provider[0].org, matters: ['staff'], text: '该公司申报的技术团队名单与社保缴纳人员不符，多人从未在该公司任职。', evidence: [evidence], ...TRUE, truthful: true, informed: true,
  }));
  await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题 🚧', wish: '更换项目经理' });
  await app.must(app.admin, 'POST', '/api/v1/rulebook', { parameters: { 'plan.review': 12 }, reason: '试行较长期限' });
  await app.settle();
}, 60_000);
afterAll(async () => {
  for (const connection of opened) {
    await connection.dropDatabase();
    await connection.close();
  }
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
async function emptyDatabase(): Promise<Connection> {
  const connection = await connectMongo(app.database.mongodbUri, `test_${randomBytes(6).toString('hex')}`, { poolSize: 5 });
  opened.push(connection);
  return connection;
}
async function contents(connection: Connection): Promise<Record<string, { documents: string[]; indexes: string[] }>> {
  const found = (await connection.db!.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).filter((name) => name !== 'sessions').toSorted();
  return Object.fromEntries(await Promise.all(found.map(async (name) => {
    const documents = await connection.db!.collection(name).find({}, { promoteValues: false }).toArray();
    const indexes = (await connection.db!.collection(name).listIndexes().toArray()).map(({ ns: _ns, ...index }) => EJSON.stringify(index));
    return [name, { documents: documents.map((doc) => EJSON.stringify(doc, { relaxed: false })).toSorted(), indexes: indexes.toSorted() }] as const;
  })));
}

it('what was copied comes back as it was, types, indexes and GridFS included; every chain holds; sessions stay behind', async () => {
  const manifest = await dump(app.database.connection, { dir: at('one'), keysDir: at('keys'), clock: night });
  expect(manifest.consistent).toBe(true);
  expect(await readFile(path.join(at('one'), 'manifest.json'), 'utf8')).not.toContain('identityKeys');
  const there = await emptyDatabase();
  const restored = await load(there, { dir: at('one'), keysDir: at('keys'), clock: night });
  expect(restored).toMatchObject({ cases: 2, broken: [], pending: 0, sealedForGood: 0, newest: app.clock(), gapSeconds: Math.round((night().getTime() - app.clock().getTime()) / 1000) });
  const [before, after] = [await contents(app.database.connection), await contents(there)];
  expect(Object.keys(after)).toEqual(expect.arrayContaining(['cases', 'files', 'evidence.chunks', 'evidence.files', 'identities', 'identityKeys', 'inbox', 'openings', 'rulebooks', 'people']));
  expect(after).toEqual(before);
  expect(await there.db!.listCollections({ name: 'sessions' }).toArray()).toEqual([]);
}, 60_000);

it('a product started on it goes on: evidence whole, identities open, nothing told or caused again', async () => {
  const there = opened[0]!;
  const before = await contents(there);
  const sentBefore = app.simulator.phones().length;
  const stores = { ...app.services.stores, connection: there };
  const services = await createServices({ ...app.config, mongodbName: there.name, redisPrefix: `{szt-test-${randomBytes(6).toString('hex')}}` }, stores, app.services.log, app.clock);
  const worker = await startWorker(services);
  try {
    await worker.sweep();
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    await worker.sweep();
    const after = await contents(there);
    for (const name of ['inbox', 'deliveries', 'cases', 'openings', 'files']) expect([name, after[name]?.documents]).toEqual([name, before[name]?.documents]);
    expect(app.simulator.phones().length).toBe(sentBefore);
    const [file] = await services.evidence.ofCase(report, '');
    expect(await services.evidence.verify(file!.id)).toEqual({ original: true, served: true });
    expect(await services.vault.mentions(report, TRUE.name)).toBe(true);
    expect(await services.vault.verifyLog()).toBeNull();
    expect((await services.rulebooks.current()).param('plan.review')).toBe(12);
    // The open tasks are on the desks again.
    const { missing, doubled, openTasks } = await services.review.check();
    expect([missing, doubled, openTasks]).toEqual([[], [], 2]);
  } finally {
    await worker.close();
  }
}, 60_000);

it('an identity erased after a backup stays erased when that backup is restored with the latest keys', async () => {
  await app.services.vault.erase(report);
  await dump(app.database.connection, { dir: at('two'), keysDir: at('keys'), clock: night });
  const there = await emptyDatabase();
  expect((await load(there, { dir: at('one'), keysDir: at('keys'), clock: night })).sealedForGood).toBe(1);
  expect((await there.collection('identities').findOne({ caseNo: report }))!['sealed']).toBeDefined();
  expect(await there.collection('identityKeys').countDocuments({})).toBe(0);
});

it('without keys it comes back too, and no identity opens', async () => {
  const there = await emptyDatabase();
  expect((await load(there, { dir: at('one'), keysDir: null, clock: night })).sealedForGood).toBe(1);
});

it('nothing is written over, and nothing altered or half-made comes in', async () => {
  const full = { dir: at('one'), keysDir: at('keys'), clock: night };
  await expect(load(app.database.connection, full)).rejects.toThrow('not empty');
  await expect(dump(app.database.connection, full)).rejects.toThrow('not empty');
  const there = await emptyDatabase();
  await appendFile(path.join(at('two'), 'inbox.jsonl'), '{"_id":"planted"}\n');
  await expect(load(there, { ...full, dir: at('two') })).rejects.toThrow(/inbox\.jsonl was altered/);
  await rm(path.join(at('two'), 'manifest.json'));
  await expect(load(there, { ...full, dir: at('two') })).rejects.toThrow('half-way');
  expect(await there.db!.listCollections({}).toArray()).toEqual([]);
});

it('a case that goes on while it is read comes in as it was last read', async () => {
  const there = await emptyDatabase();
  const { cases } = app.services;
  const longAgo = new Date(app.clock().getTime() - 3_600_000);
  const happens = [
    () => cases.updateMany({}, { $set: { updatedAt: app.clock(), sector: 'later' } }),
    () => cases.updateMany({}, { $set: { updatedAt: longAgo } }),
  ];
  const rest = async () => { await happens.shift()?.(); };
  const { consistent, collections } = await dump(app.database.connection, { dir: at('busy'), keysDir: at('keys'), clock: app.clock, rest });
  expect([consistent, collections['cases']!.count]).toEqual([true, 6]);
  await load(there, { dir: at('busy'), keysDir: at('keys'), clock: night });
  expect(await there.collection('cases').countDocuments({ sector: 'later' })).toBe(2);
});

it('a system without any report yet is copied and comes back', async () => {
  const [young, there] = [await emptyDatabase(), await emptyDatabase()];
  await young.collection('people').insertOne({ name: 'x' });
  await dump(young, { dir: at('young'), keysDir: at('young-keys'), clock: night });
  expect(await load(there, { dir: at('young'), keysDir: at('young-keys'), clock: night })).toMatchObject({ collections: { people: 1 }, cases: 0, newest: null, gapSeconds: null });
});

it('a system that never stands still is said to be so', async () => {
  await app.services.cases.updateMany({}, { $set: { updatedAt: app.clock() } });
  const { consistent } = await dump(app.database.connection, { dir: at('restless'), keysDir: at('keys'), clock: app.clock, rest: async () => undefined });
  expect(consistent).toBe(false);
});

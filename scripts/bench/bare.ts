import Koa from 'koa';
import Router from '@koa/router';
import { connectMongo } from '../../src/store/mongo';
import { connectRedis } from '../../src/store/redis';
import type { Case } from '../../src/kernel/case';
import type { CaseCollection } from '../../src/kernel/cases';
import { createPlaces } from '../../src/review/places';
import { ROUTED } from '../../src/review/routing';

/**
 * What the product is measured against: Koa with nothing on it but the driver calls the product makes for the same answer, on the same
 * engines and documents. A move reads the whole case and writes it back guarded by version and party, with a timeline line and three
 * pieces of follow-up work, journaled like the product's; lists and queue read what the product reads. There is no sign-in, no check, no
 * look for a repeated key, no chain, no view, and nothing is handed on to the workers: what the product does besides is its own to answer for.
 * Runs as a process of its own, told its port by BENCH_PORT.
 */
const CITY = 'xinxiang';
const FOR_A_LINE = { data: 0, outbox: 0, 'timeline.hash': 0, 'timeline.prev': 0, 'timeline.stateHash': 0, 'timeline.inputHash': 0, 'timeline.key': 0, 'timeline.note': 0 };
const line = (c: Case<any>) => ({ no: c.no, procedure: c.procedure, state: c.state, parties: c.names, due: c.clock?.due ?? null, openedAt: c.openedAt, updatedAt: c.updatedAt });

async function main(): Promise<void> {
  const { MONGODB_URI, MONGODB_NAME, REDIS_URL, REDIS_PREFIX, BENCH_PORT, BENCH_ORG, BENCH_PERSON, BENCH_REVIEWER, BENCH_DESKS } = process.env as Record<string, string>;
  const connection = await connectMongo(MONGODB_URI!, MONGODB_NAME!, {});
  const redis = connectRedis(REDIS_URL!, { role: 'request' });
  const places = createPlaces(redis, REDIS_PREFIX!);
  const cases = connection.collection<Case<any>>('cases') as unknown as CaseCollection;
  const tags = [`person:${BENCH_PERSON}`, `org:${BENCH_ORG}`, 'role:enterprise'];
  const readable = { access: { $in: tags }, barred: { $ne: tags[0]! } };
  const readMany = (nos: readonly string[]) => cases.find({ city: CITY, no: { $in: [...nos] } }, { projection: ROUTED }).toArray();
  const router = new Router();

  router.get('/cases/:no', async (ctx) => {
    const c = await cases.findOne({ city: CITY, no: ctx.params['no']! });
    ctx.body = c;
  });
  router.get('/cases', async (ctx) => {
    const found = await cases.find({ city: CITY, ...readable } as never, { projection: FOR_A_LINE }).sort({ openedAt: -1, no: -1 }).limit(21).toArray();
    ctx.body = { items: found.slice(0, 20).map(line) };
  });
  router.get('/queue', async (ctx) => {
    const now = new Date();
    const [mine, offered, pool] = await Promise.all([
      cases.find({ city: CITY, 'task.assignee': BENCH_REVIEWER } as never, { projection: ROUTED }).sort({ 'task.since': 1 }).limit(200).toArray(),
      places.offers(BENCH_REVIEWER!, now).then(readMany),
      places.heads(BENCH_DESKS!.split(','), [], 21).then((heads) => readMany(heads.map(({ no }) => no))),
    ]);
    ctx.body = { mine: mine.map(line), offered: offered.map(line), pool: pool.slice(0, 20).map(line) };
  });
  router.post('/cases/:no', async (ctx) => {
    const no = ctx.params['no']!;
    const c = (await cases.findOne({ city: CITY, no }))!;
    const now = new Date();
    const entry = { ...c.timeline.at(-1)!, seq: c.timeline.length + 1, at: now };
    const { data, parties, names, disclosed, barred, links, access } = c;
    const { modifiedCount } = await cases.updateOne(
      { city: CITY, no, version: c.version, 'parties.enterprise': { $in: tags }, barred: { $ne: tags[0]! } } as never,
      {
        $set: { state: 'withdrawn', updatedAt: now, data, parties, names, disclosed, barred, links, waitsOn: [], access, closedAt: now }, $unset: { task: '', clock: '' }, $inc: { version: 1 },
        $push: { timeline: entry, outbox: { $each: [{ seq: entry.seq, work: 'route', at: now }, { seq: entry.seq, work: 'notify', at: now }, { seq: entry.seq, work: 'time', at: now }] } },
      } as never,
    );
    ctx.body = { no, seq: entry.seq, modifiedCount };
  });
  const app = new Koa();
  app.use(router.routes());
  app.listen(Number(BENCH_PORT), '127.0.0.1', () => console.log('ready'));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

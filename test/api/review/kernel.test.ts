import { setTimeout as sleep } from 'node:timers/promises';
import { makeActor, type Actor } from '../../../src/kernel/actor';
import { handler, opener, party, procedure, theBureau, theParty } from '../../../src/kernel/declare';
import { form, longText } from '../../../src/kernel/fields';
import { createKernel, type Kernel } from '../../../src/kernel/kernel';
import { createLook } from '../../../src/kernel/look';
import { createRelay, openQueues, startCarrier, type Carrier, type WorkQueues } from '../../../src/kernel/relay';
import { createWork, startWorkers } from '../../../src/kernel/work';
import { createReview, type Review } from '../../../src/review/review';
import { connectRedis } from '../../../src/store/redis';
import { aReviewer, actorOf, expectSound, reviewOffice, type Office } from './support';

const data = { text: longText('内容') };
/** Two rounds at one desk, and notes of the filer in between that touch neither desk nor clock. */
const petition = procedure({
  name: 'petition', title: '来件', prefix: 'LJ', article: '15.2', parties: { filer: '来件人' }, data,
  states: { filed: { title: '待受理', desk: 'intake', within: 'complaint.accept' }, taken: { title: '办理中', desk: 'intake', within: 'complaint.settle' }, done: { title: '已办结', end: true } },
}).moves((move) => ({
  file: move.open({ title: '提交', to: 'filed', by: opener('citizen'), form: form(data), begin: ({ input, actor }) => ({ data: input, parties: { filer: [`person:${actor.person}`] } }) }),
  note: move.stay({ title: '补充说明', from: ['filed', 'taken'], by: party('filer'), form: form(data), decide: ({ input }) => ({ set: input }) }),
  accept: move.step({ title: '受理', from: 'filed', to: 'taken', by: handler() }),
  close: move.step({ title: '办结', from: 'taken', to: 'done', by: handler() }),
})).sees({
  filer: { who: theParty('filer'), fields: ['text'], timeline: 'all' },
  bureau: { who: theBureau('supervisor'), fields: ['text'], timeline: 'all' },
});

const anna = aReviewer('anna', { capacity: 1000 });
const citizen = (person: string): Actor => makeActor({ person, kind: 'wechat', roles: ['citizen'], powers: [], desks: [], regions: [], session: `s-${person}` });

let office: Office;
let review: Review;
let kernel: Kernel;
let carrier: Carrier;
let queues: WorkQueues;
let workers: { close(): Promise<void> };
const connections: ReturnType<typeof connectRedis>[] = [];
const connection = () => {
  const redis = connectRedis(office.redisUrl, { role: 'worker' });
  connections.push(redis);
  return redis;
};

beforeAll(async () => {
  office = await reviewOffice([anna]);
  const { cases, log, rulebook, prefix } = office;
  const procedures = new Map([[petition.name, petition]]);
  const now = () => new Date();
  review = createReview({ city: 'xinxiang', cases, redis: office.redis, prefix, directory: async () => office.reviewers, namesOf: async (persons) => new Map(persons.map((person) => [person, `姓名${person}`])), procedures, rulebook: async () => rulebook, now, log, publish: () => undefined });
  queues = openQueues(connection(), prefix);
  carrier = startCarrier({ redis: connection(), queues, cases, prefix, log, now });
  const relay = createRelay({ redis: connection(), prefix, log });
  kernel = createKernel({
    city: 'xinxiang', cases, procedures, now, rulebook: async () => rulebook, attachFiles: async () => undefined, relay: relay.push, organisationsNamed: async () => [],
    seal: async () => { throw new Error('nothing to seal'); },
    look: createLook({ city: 'xinxiang', cases, organisation: async () => null, listedProviders: async () => [], experts: async () => [], namesOf: async () => new Map(), mentionsIdentity: async () => false, fileHash: async () => null, isMember: async () => false }),
  });
  const handlers = { route: review.route, remind: review.remind, notify: async () => undefined, schedule: async () => undefined, services: {} };
  workers = startWorkers(createWork({ city: 'xinxiang', cases, procedures, act: kernel, handlers, now, log }), { connection: connection(), prefix, log });
});
afterAll(async () => {
  await workers.close();
  await carrier.close();
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
  for (const redis of connections) redis.disconnect();
  await office.close();
});

const file = async (person: string): Promise<string> => (await kernel.open(citizen(person), 'petition', null, { text: '现场问题' })).no;
/** Waits for all pending work; the relay sweeps meanwhile, as the worker's does. */
async function settled(): Promise<void> {
  const deadline = Date.now() + 15_000;
  let next = Date.now() + 500;
  while (await office.cases.findOne({ 'outbox.at': { $exists: true } })) {
    if (Date.now() > deadline) throw new Error('work does not come to an end');
    if (Date.now() > next) {
      await carrier.sweep(0);
      next = Date.now() + 500;
    }
    await sleep(10);
  }
}

it('18: whatever is filed comes to the reviewer’s screen, sixty one after the other', async () => {
  for (let i = 0; i < 60; i += 1) {
    const no = await file(`citizen-${i}`);
    while (!(await review.queue(actorOf(anna))).offered.some((line) => line.no === no)) await sleep(2);
    await review.claim(actorOf(anna), no);
  }
  await expectSound(office);
}, 120_000);

it('a claimed case stays with its reviewer through the next round at the same desk, and leaves the queues when it ends', async () => {
  const no = await file('citizen');
  await expect(kernel.act(actorOf(anna), no, 'accept', {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await review.claim(actorOf(anna), no);
  await kernel.act(actorOf(anna), no, 'accept', {});
  await settled();
  expect((await review.queue(actorOf(anna))).mine.find((line) => line.no === no)).toMatchObject({ state: { name: 'taken' } });
  await expectSound(office);
  await kernel.act(actorOf(anna), no, 'close', {});
  await settled();
  expect((await review.queue(actorOf(anna))).mine.map((line) => line.no)).not.toContain(no);
  await expectSound(office);
});

it('claims and returns in between the filer’s notes undo nothing, and no note is lost', async () => {
  const no = await file('writer');
  await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => kernel.act(citizen('writer'), no, 'note', { text: `补充${i}` })),
    (async () => {
      for (let i = 0; i < 5; i += 1) {
        await review.claim(actorOf(anna), no);
        await review.giveBack(actorOf(anna), no, 'other');
      }
      await review.claim(actorOf(anna), no);
    })(),
  ].map((work) => work.catch((error: { code?: string }) => { if (error.code !== 'STALE') throw error; })));
  const stored = await office.get(no);
  expect(stored).toMatchObject({ task: { assignee: 'anna', seq: 1 }, handlers: ['anna'], access: expect.arrayContaining(['desk:intake']) });
  expect(stored.version).toBe(stored.timeline.length + 11);
  await settled();
  await expectSound(office);
});

it('work goes on after Redis was flushed in the middle: every case is queued again, none twice', async () => {
  const nos = await Promise.all(Array.from({ length: 20 }, (_, i) => file(`flushed-${i}`)));
  await office.flush();
  nos.push(...await Promise.all(Array.from({ length: 5 }, (_, i) => file(`after-${i}`))));
  await review.heal();
  await settled();
  await expectSound(office);
  const view = await review.queue(actorOf(anna), { limit: 100 });
  expect(view.offered.map((line) => line.no)).toEqual(expect.arrayContaining(nos));
});

import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createRelay, openQueues, startCarrier, type Carrier, type Relay, type WorkQueues } from '../../../src/kernel/relay';
import { startWorkers } from '../../../src/kernel/work';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { connectRedis } from '../../../src/store/redis';
import { anEnterprise, aProvider, owner, testKernel, type TestKernel } from '../../support/kernel';

const log = pino({ level: 'silent' });
const PATIENCE_MS = 15_000;

describe('follow-up work on its way from a web process to the workers', () => {
  let t: TestKernel;
  let relay: Relay;
  let queues: WorkQueues;
  let workers: { close(): Promise<void> };
  const connections: ReturnType<typeof connectRedis>[] = [];
  const connection = () => {
    const redis = connectRedis(t.redisUrl, { role: 'worker' });
    connections.push(redis);
    return redis;
  };
  const carriers: Carrier[] = [];
  const carrier = (): Carrier => {
    const one = startCarrier({ redis: connection(), queues, cases: t.cases, prefix: t.prefix, log, now: t.now });
    carriers.push(one);
    return one;
  };

  beforeAll(async () => {
    t = await testKernel([complaint], { organisations: [anEnterprise('e1'), aProvider('p1-provider')] });
    queues = openQueues(connection(), t.prefix);
    relay = createRelay({ redis: connection(), prefix: t.prefix, log });
    workers = startWorkers(t.work, { connection: connection(), prefix: t.prefix, log });
  });
  afterEach(async () => { for (const one of carriers.splice(0)) await one.close(); });
  afterAll(async () => {
    await workers.close();
    await Promise.all(Object.values(queues).map((queue) => queue.close()));
    for (const redis of connections) redis.disconnect();
    await t.close();
  });

  /** Written, and not handed on by anybody yet: route, notify and time are pending. */
  const filed = async (): Promise<string> => {
    const { no } = await t.kernel.open(owner('o1', 'e1'), 'complaint', null, { provider: 'p1-provider', matters: ['delay'], text: '约定的上门时间三次未到场。', wish: '说明情况' });
    return no;
  };
  /** What the web process hands on right after its write. */
  const handOn = (no: string): void => relay.push(no, t.relayed.find((one) => one.no === no)!.pending);
  const told = (no: string): number => t.told.filter((one) => one.no === no).length;
  const pending = async (no: string): Promise<number> => (await t.cases.findOne({ no }))!.outbox.length;
  async function done(...nos: string[]): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (const no of nos) {
      while (await pending(no) > 0) {
        if (Date.now() > deadline) throw new Error(`work on ${no} does not come to an end`);
        await sleep(10);
      }
    }
  }
  async function flushRedis(): Promise<void> {
    for await (const keys of t.redis.scanStream({ match: `${t.prefix}*` }) as AsyncIterable<string[]>) if (keys.length > 0) await t.redis.unlink(keys);
  }

  it('is done without any sweep, whoever was there first, the work or the carrier', async () => {
    const before = await filed();
    handOn(before);
    await relay.settle();
    carrier();
    const after = await filed();
    handOn(after);
    await done(before, after);
    expect([told(before), told(after)]).toEqual([1, 1]);
  });

  it('many moves of one moment, taken by two carriers, are each done once', async () => {
    const nos = await Promise.all(Array.from({ length: 30 }, filed));
    carrier();
    carrier();
    for (const no of nos) handOn(no);
    await done(...nos);
    expect(nos.map(told)).toEqual(nos.map(() => 1));
  });

  it('handed on twice is done once, while it waits and after it is done', async () => {
    const no = await filed();
    handOn(no);
    handOn(no);
    await relay.settle();
    carrier();
    await done(no);
    handOn(no);
    const last = await filed();
    handOn(last); // behind the third time
    await done(last);
    expect([told(no), told(last)]).toEqual([1, 1]);
  });

  it('a Redis flushed before anybody took it loses nothing', async () => {
    const no = await filed();
    handOn(no);
    await relay.settle();
    await flushRedis();
    const after = carrier();
    expect(await pending(no)).toBe(3);
    expect(await after.sweep(0)).toBe(3);
    await done(no);
    expect(told(no)).toBe(1);
  });

  it('a web process that dies right after its write loses nothing', async () => {
    const no = await filed();
    expect(await carrier().sweep(0)).toBe(3);
    await done(no);
    expect(told(no)).toBe(1);
  });

  it('a carrier that is closed leaves the list to the next one', async () => {
    await carrier().close();
    const no = await filed();
    handOn(no);
    await relay.settle();
    expect(await pending(no)).toBe(3);
    carrier();
    await done(no);
    expect(told(no)).toBe(1);
  });

  it('a Redis that is away keeps neither a web process nor a closing worker', async () => {
    const away = connection();
    away.disconnect();
    const cut = createRelay({ redis: away, prefix: t.prefix, log });
    const no = await filed();
    cut.push(no, t.relayed.find((one) => one.no === no)!.pending);
    await cut.settle();
    await startCarrier({ redis: connectRedis('redis://127.0.0.1:1', { role: 'worker' }), queues, cases: t.cases, prefix: t.prefix, log, now: t.now }).close();
    expect(await pending(no)).toBe(3);
  });
});

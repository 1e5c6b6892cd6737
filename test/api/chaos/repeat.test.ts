import { Queue } from 'bullmq';
import { pino } from 'pino';
import { jobIdOf, JOB_OPTIONS, queueName } from '../../../src/kernel/relay';
import { startWorkers } from '../../../src/kernel/work';
import { connectRedis } from '../../../src/store/redis';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { testDatabase, type TestDatabase } from '../../support/engines';
import { anEnterprise, aProvider, official, owner, testKernel, type TestKernel } from '../../support/kernel';

describe('what the chaos run found', () => {
  describe('a repeated request', () => {
    let city: TestKernel;
    beforeAll(async () => { city = await testKernel([complaint], { organisations: [anEnterprise('e1'), aProvider('p1-provider')] }); });
    afterAll(() => city.close());

    it('15.2: gets its receipt again even when the move itself ended the right to read (recusal)', async () => {
      const clerk = official('clerk', ['intake'], ['intake']);
      const { no } = await city.kernel.open(owner('o1', 'e1'), 'complaint', null, { provider: 'p1-provider', matters: ['delay'], text: '约定的上门时间三次未到场。', wish: '说明情况' });
      await city.claim(clerk, no);
      const first = await city.kernel.act(clerk, no, 'recuse', { reason: '与当事人有亲属关系' }, { key: 'recuse-once' });
      await expect(city.kernel.read(clerk, no)).rejects.toMatchObject({ code: 'NOT_FOUND' });

      await expect(city.kernel.act(clerk, no, 'recuse', { reason: '与当事人有亲属关系' }, { key: 'recuse-once' })).resolves.toEqual(first);
      await expect(city.kernel.act(clerk, no, 'recuse', { reason: '与当事人有亲属关系' }, { key: 'another-key' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect((await city.cases.findOne({ no }))!.timeline.filter(({ move }) => move === 'recuse')).toHaveLength(1);
    });
  });

  describe('work that hangs', () => {
    let database: TestDatabase;
    beforeAll(async () => { database = await testDatabase(); });
    afterAll(() => database.close());

    it('is given up and done by the next try, instead of being held for ever', async () => {
      const connection = connectRedis(database.redisUrl, { role: 'worker' });
      const queue = new Queue(queueName('route'), { connection, prefix: database.prefix, defaultJobOptions: { ...JOB_OPTIONS, backoff: { type: 'fixed', delay: 50 } } });
      let tries = 0;
      const done = new Promise<void>((resolve) => {
        const workers = startWorkers({
          doWork: async () => {
            tries += 1;
            if (tries === 1) await new Promise(() => undefined);
            resolve();
          },
        }, { connection, prefix: database.prefix, log: pino({ level: 'silent' }), workWithinMs: 200 });
        closing.push(() => workers.close());
      });
      await queue.add('route', { no: 'TS20260302-AAAAAA', seq: 1 }, { jobId: jobIdOf('TS20260302-AAAAAA', 1, 'route') });
      await done;
      expect(tries).toBe(2);
      for (const close of closing) await close();
      await queue.close();
      connection.disconnect();
    });
    const closing: (() => Promise<unknown>)[] = [];
  });
});

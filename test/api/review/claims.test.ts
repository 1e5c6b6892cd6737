import { once } from 'node:events';
import { connectRedis } from '../../../src/store/redis';
import { createPlaces } from '../../../src/review/places';
import { aReviewer, actorOf, expectSound, official, reviewOffice, supervisor, type Office } from './support';

const crowd = Array.from({ length: 100 }, (_, i) => aReviewer(`p${i}`, { capacity: 3 }));
const [anna, bo] = [aReviewer('anna'), aReviewer('bo')];

let office: Office;
beforeAll(async () => { office = await reviewOffice(); });
afterAll(() => office.close());
beforeEach(async () => { await office.clear(); office.reviewers = [anna, bo]; });

/** A task in the pool, whoever it would be offered to. */
async function pooled() {
  const { reviewers } = office;
  office.reviewers = [];
  const c = await office.file();
  office.reviewers = reviewers;
  return c;
}
const poolOf = async (): Promise<string[]> => (await office.review.queue(actorOf(anna), { limit: 100 })).pool.map(({ no }) => no);

describe('claiming', () => {
  it('of a hundred people at once exactly one gets the task', async () => {
    office.reviewers = crowd;
    const c = await pooled();
    const results = await Promise.allSettled(crowd.map((one) => office.review.claim(actorOf(one), c.no)));
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(results.filter((result) => result.status === 'rejected').map((result) => result.reason.code)).toEqual(Array(99).fill('TASK_TAKEN'));
    const stored = await office.get(c.no);
    expect(results[crowd.findIndex((one) => one.person === stored.task!.assignee)]!.status).toBe('fulfilled');
    expect(stored.handlers).toEqual([stored.task!.assignee]);
    await expectSound(office);
  });

  it('a hundred people asking for the next share thirty tasks without a double', async () => {
    office.reviewers = crowd;
    for (let i = 0; i < 30; i += 1) await pooled();
    const got = (await Promise.all(crowd.map((one) => office.review.claimNext(actorOf(one))))).flatMap((claimed) => claimed?.no ?? []);
    expect(new Set(got).size).toBe(got.length);
    expect(got).toHaveLength(30);
    await expectSound(office);
  });

  it('writes holder, reason, access and handler on the case, and raises its version so that no older reading undoes it', async () => {
    const c = await office.file();
    const holder = (await office.review.queue(actorOf(anna))).offered.length === 1 ? anna : bo;
    const claimed = await office.review.claim(actorOf(holder), c.no);
    expect(claimed.why).toMatch(/^“受理”队列派单：本队列人员 2 人，辖区相符 2 人，专业相符 2 人，在岗 2 人，无须回避 2 人，未达在办上限 2 人；派单时本人在办 0 件/);
    expect(await office.get(c.no)).toMatchObject({
      version: 2, handlers: [holder.person], task: { assignee: holder.person, why: claimed.why, since: c.task!.since, seq: 1 }, access: expect.arrayContaining([`person:${holder.person}`]),
    });
  });

  it('a double click gets the same answer twice', async () => {
    const c = await pooled();
    const [first, second] = await Promise.all([office.review.claim(actorOf(anna), c.no), office.review.claim(actorOf(anna), c.no)]);
    expect(second).toEqual(first);
    expect(await office.review.claim(actorOf(anna), c.no)).toEqual(first);
    expect((await office.get(c.no)).version).toBe(2);
  });

  it('an idempotency key gets the same next task, another key another', async () => {
    const [c, d] = [await pooled(), await pooled()];
    expect(await office.review.claimNext(actorOf(anna), { key: 'k1' })).toMatchObject({ no: c.no });
    expect(await office.review.claimNext(actorOf(anna), { key: 'k1' })).toMatchObject({ no: c.no });
    expect(await office.review.claimNext(actorOf(anna), { key: 'k2' })).toMatchObject({ no: d.no });
    expect(await office.review.claimNext(actorOf(anna), { key: 'k3' })).toBeNull();
  });

  it('what is offered to one is not for another until the offer ends', async () => {
    office.reviewers = [anna];
    const c = await office.file();
    office.reviewers = [anna, bo];
    await expect(office.review.claim(actorOf(bo), c.no)).rejects.toMatchObject({ code: 'TASK_TAKEN' });
    office.at(11);
    await office.review.claim(actorOf(bo), c.no);
    await expectSound(office);
  });

  it('is refused beyond the capacity, to people of another desk, and to the public', async () => {
    office.reviewers = [aReviewer('anna', { capacity: 1 }), aReviewer('bo', { desks: ['plan'] })];
    const [c, d] = [await pooled(), await pooled()];
    await office.review.claim(actorOf(anna), c.no);
    await expect(office.review.claim(actorOf(anna), d.no)).rejects.toMatchObject({ code: 'TASKS_FULL' });
    await expect(office.review.claim(actorOf(office.reviewers[1]!), d.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(office.review.claim({ ...actorOf(anna), kind: 'wechat' }, d.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(office.review.claim(actorOf(anna), 'SX20260302-NOSUCH')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await office.end(c.no);
    await expect(office.review.claim(official('x', ['supervisor']), c.no)).rejects.toMatchObject({ code: 'TASK_GONE' });
  });

  it('a leaver in the register claims nothing with a session that is still believed', async () => {
    const c = await pooled();
    office.reviewers = [{ ...anna, active: false }, bo];
    await expect(office.review.claim(actorOf(anna), c.no)).rejects.toMatchObject({ code: 'NOT_ELIGIBLE' });
  });

  it('18: to somebody related to the accused a confidential report does not exist', async () => {
    office.reviewers = [aReviewer('anna', { conflicts: ['org-1'] })];
    const c = await office.file({ parties: { accused: ['org:org-1'] }, access: ['role:supervisor'] });
    await expect(office.review.claim(actorOf(office.reviewers[0]!), c.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await office.review.queue(actorOf(office.reviewers[0]!))).pool).toEqual([]);
    await expect(office.review.explain(actorOf(office.reviewers[0]!), c.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes on while Redis is away, and still gives a task to one person only', async () => {
    const c = await pooled();
    const gone = connectRedis(office.redisUrl, { role: 'request' });
    await gone.ping();
    gone.disconnect();
    await once(gone, 'end');
    const review = office.build({ redis: gone });
    const results = await Promise.allSettled([anna, bo].map((one) => review.claim(actorOf(one), c.no)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    await office.review.rebuild();
    await expectSound(office);
  });
});

describe('crashes between Redis and MongoDB', () => {
  it('a claim that never reached the case falls back to its old place within seconds', async () => {
    const [c, d] = [await pooled(), await pooled()];
    await createPlaces(office.redis, office.prefix).claim(c.no, 1, 'anna', office.now, 20);
    await expect(office.review.claim(actorOf(bo), c.no)).rejects.toMatchObject({ code: 'TASK_TAKEN' });
    office.at(0.5);
    office.reviewers = [];
    await office.review.sweep();
    office.reviewers = [anna, bo];
    expect(await poolOf()).toEqual([c.no, d.no]);
    await office.review.claim(actorOf(bo), c.no);
    await expectSound(office);
  });

  it('a claim that reached the case, but not its confirmation, stands', async () => {
    const c = await pooled();
    await createPlaces(office.redis, office.prefix).claim(c.no, 1, 'anna', office.now, 20);
    await office.move(c.no, { 'task.assignee': 'anna', 'task.claimedAt': office.now });
    office.at(0.5);
    await office.review.sweep();
    await expectSound(office);
    office.at(20);
    await office.review.sweep();
    expect((await office.get(c.no)).task!.assignee).toBe('anna');
  });

  it('a return that reached the case only is not in anybody’s way', async () => {
    const c = await pooled();
    await office.review.claim(actorOf(anna), c.no);
    await office.move(c.no, {}, { 'task.assignee': '', 'task.claimedAt': '', 'task.why': '' });
    await office.review.claim(actorOf(bo), c.no);
    expect((await office.get(c.no)).task!.assignee).toBe('bo');
    await expectSound(office);
  });
});

describe('going back', () => {
  it('a returned task takes its old place, before younger ones', async () => {
    const [c, d, e] = [await pooled(), await pooled(), await pooled()];
    await office.review.claim(actorOf(anna), d.no);
    expect(await poolOf()).toEqual([c.no, e.no]);
    await office.review.giveBack(actorOf(anna), d.no, 'workload');
    expect(await poolOf()).toEqual([c.no, d.no, e.no]);
    expect((await office.get(d.no)).task).toEqual(d.task);
    await expectSound(office);
  });

  it('a lease without activity ends at the old place; acts and reads begin it anew', async () => {
    const [c, d] = [await pooled(), await pooled()];
    await office.review.claim(actorOf(anna), c.no);
    office.at(25);
    expect(await office.review.touch('anna', c.no)).toBe(true);
    expect(await office.review.touch('bo', c.no)).toBe(false);
    office.reviewers = [anna, { ...bo, capacity: 0 }];
    office.at(50);
    await office.review.sweep();
    expect((await office.get(c.no)).task!.assignee).toBe('anna');
    // an act that no one told the queues about counts too
    const acted = { ...c.timeline[0]!, seq: 2, by: { person: 'anna', role: 'reviewer' as const }, at: office.now };
    await office.move(c.no, { timeline: [...c.timeline, acted] });
    office.at(70);
    await office.review.sweep();
    expect((await office.get(c.no)).task!.assignee).toBe('anna');
    office.at(90);
    office.reviewers = [];
    await office.review.sweep();
    office.reviewers = [anna, bo];
    expect((await office.get(c.no)).task).toEqual(c.task);
    expect(await poolOf()).toEqual([c.no, d.no]);
    await expectSound(office);
  });

  it('an offer not taken goes to the next person, and when all let it pass to the pool', async () => {
    const c = await office.file();
    const holders = new Set<string>();
    for (let minutes = 11; minutes <= 22; minutes += 11) {
      for (const one of [anna, bo]) if ((await office.review.queue(actorOf(one))).offered.length > 0) holders.add(one.person);
      office.at(minutes);
      await office.review.sweep();
    }
    expect(holders.size).toBe(2);
    expect(await poolOf()).toEqual([c.no]);
    expect((await office.review.explain(actorOf(anna), c.no)).text).toContain('合适人员未在派单时限内领取');
  });

  it('16: recusal when giving back bars the person from the case for good', async () => {
    const c = await pooled();
    await office.review.claim(actorOf(anna), c.no);
    await office.review.giveBack(actorOf(anna), c.no, 'conflict');
    expect((await office.get(c.no)).barred).toEqual(['person:anna']);
    await expect(office.review.claim(actorOf(anna), c.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await poolOf()).toEqual([]);
    await expectSound(office);
  });

  it('only the holder gives back; declining an offer passes it on', async () => {
    office.reviewers = [anna];
    const c = await office.file();
    await expect(office.review.giveBack(actorOf(bo), c.no, 'other')).rejects.toMatchObject({ code: 'TASK_NOT_HELD' });
    await office.review.giveBack(actorOf(anna), c.no, 'other');
    expect(await poolOf()).toEqual([c.no]);
    await office.review.sweep();
    expect((await office.review.queue(actorOf(anna))).offered).toEqual([]);
  });
});

describe('supervisors and leavers', () => {
  it('a supervisor reassigns; whether the new person may have it is checked anew', async () => {
    office.reviewers = [anna, bo, aReviewer('chen', { conflicts: ['org-1'] })];
    const c = await office.file({ parties: { accused: ['org:org-1'] } });
    await office.review.claim(actorOf((await office.review.queue(actorOf(anna))).offered.length ? anna : bo), c.no);
    await expect(office.review.reassign(actorOf(anna), c.no, 'bo', '另有任务')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(office.review.reassign(supervisor, c.no, 'chen', '另有任务')).rejects.toMatchObject({ code: 'NOT_ELIGIBLE', detail: '不能指派：已申报与本案当事方存在关联关系' });
    await expect(office.review.reassign(supervisor, c.no, 'nobody', '另有任务')).rejects.toMatchObject({ code: 'INVALID' });
    for (const to of ['anna', 'bo', 'bo']) {
      await office.review.reassign(supervisor, c.no, to, '另有任务');
      expect((await office.get(c.no)).task!.assignee).toBe(to);
      await expectSound(office);
    }
    expect((await office.get(c.no)).task).toMatchObject({ since: c.task!.since, why: '由督办人员指派：另有任务' });
  });

  it.each([
    ['has left the register', () => [bo]],
    ['was deactivated', () => [{ ...anna, active: false }, bo]],
    ['is on leave', () => [{ ...anna, absences: [{ from: '2026-03-02', to: '2026-03-05' }] }, bo]],
  ])('all work of somebody who %s returns, claimed and offered', async (_, reviewers) => {
    office.reviewers = [anna];
    const [c, d] = [await office.file(), await office.file()];
    await office.review.claim(actorOf(anna), c.no);
    office.reviewers = reviewers();
    expect(await office.review.sweep()).toMatchObject({ released: 2 });
    expect((await office.get(c.no)).task!.assignee).toBeUndefined();
    expect((await office.review.queue(actorOf(bo))).offered.map(({ no }) => no)).toEqual([c.no, d.no]);
    await expectSound(office);
  });

  it('an empty register is taken for a fault, not for everybody’s departure', async () => {
    const c = await pooled();
    await office.review.claim(actorOf(anna), c.no);
    office.reviewers = [];
    expect(await office.review.sweep()).toMatchObject({ released: 0 });
    expect((await office.get(c.no)).task!.assignee).toBe('anna');
  });
});

import { aReviewer, actorOf, expectSound, matter, reviewOffice, supervisor, type Office } from './support';
import type { Escalation } from '../../../src/review/routing';

const [anna, bo] = [aReviewer('anna'), aReviewer('bo')];
const escalations: Escalation[] = [];

let office: Office;
beforeAll(async () => { office = await reviewOffice([], { escalate: async (notice) => { escalations.push(notice); } }); });
afterAll(() => office.close());
beforeEach(async () => {
  await office.clear();
  office.reviewers = [anna, bo];
  escalations.length = 0;
});

describe('a Redis that lost everything', () => {
  it('is rebuilt: claims with their people, the rest in the same order, each in one place', async () => {
    office.reviewers = [{ ...anna, capacity: 1 }, { ...bo, capacity: 0 }];
    const filed = [];
    for (let i = 0; i < 12; i += 1) filed.push(await office.file({ task: { priority: i % 3 === 0 ? 1 : 0 } }));
    await office.review.claim(actorOf(anna), filed[0]!.no);
    const before = await office.review.queue(actorOf(bo), { limit: 100 });
    await office.flush();
    expect(await office.review.isReady()).toBe(false);
    expect(await office.review.heal()).toBe(true);
    await expectSound(office);
    const after = await office.review.queue(actorOf(bo), { limit: 100 });
    expect(after.pool.map(({ no }) => no)).toEqual(before.pool.map(({ no }) => no));
    expect((await office.review.queue(actorOf(anna))).mine.map(({ no }) => no)).toEqual([filed[0]!.no]);
    await expect(office.review.claim(actorOf(bo), filed[0]!.no)).rejects.toMatchObject({ code: 'TASK_TAKEN' });
    expect(await office.review.heal()).toBe(false);
  });

  it('does not keep anybody from claiming before the rebuild', async () => {
    const c = await office.file();
    await office.flush();
    await office.review.claim(actorOf(bo), c.no);
    await office.review.rebuild();
    expect((await office.get(c.no)).task!.assignee).toBe('bo');
    await expectSound(office);
  });

  it('a flush in the middle of a rebuild is noticed, and the next one completes it', async () => {
    const filed = [];
    for (let i = 0; i < 30; i += 1) filed.push(await office.file());
    await office.flush();
    const rebuilt = office.review.rebuild();
    await office.flush();
    await rebuilt;
    expect(await office.review.isReady()).toBe(false);
    expect(await office.review.heal()).toBe(true);
    await expectSound(office);
  });

  it('several workers may rebuild at once while people go on claiming and returning', async () => {
    for (let i = 0; i < 30; i += 1) await office.file();
    await office.flush();
    await Promise.all([
      office.review.rebuild(), office.review.rebuild(), office.review.rebuild(),
      (async () => {
        for (let i = 0; i < 8; i += 1) {
          const claimed = await office.review.claimNext(actorOf(i % 2 ? anna : bo));
          if (claimed && i % 3 === 0) await office.review.giveBack(actorOf(i % 2 ? anna : bo), claimed.no, 'other');
        }
      })(),
      (async () => { for (let i = 0; i < 8; i += 1) await office.file(); })(),
    ]);
    expect(await office.review.isReady()).toBe(true);
    await expectSound(office);
  });

  it('also removes what MongoDB no longer has open', async () => {
    const [c, d] = [await office.file(), await office.file()];
    await office.end(c.no);
    await office.cases.deleteOne({ no: d.no });
    expect((await office.review.check()).stray.toSorted()).toEqual([c.no, d.no]);
    await office.review.rebuild();
    await expectSound(office);
  });

  it('the worker heals it by itself within seconds', async () => {
    for (let i = 0; i < 5; i += 1) await office.file();
    const worker = await office.review.start();
    await office.flush();
    expect(await office.review.check()).toMatchObject({ openTasks: 5, queued: 0 });
    const deadline = Date.now() + 5_000;
    while (!(await office.review.isReady()) && Date.now() < deadline) await new Promise((resolve) => { setTimeout(resolve, 50); });
    await expectSound(office);
    await worker.stop();
  });
});

describe('check', () => {
  it('names what is missing, doubled, stray and with the wrong person', async () => {
    office.reviewers = [];
    const [a, b, c] = [await office.file(), await office.file(), await office.file()];
    office.reviewers = [anna, bo];
    await office.review.claim(actorOf(anna), c.no);
    const key = (name: string) => `${office.prefix}:review:${name}`;
    await office.redis.zrem(key('pool:intake@410702'), a.no);
    await office.redis.zadd(key('held:bo'), 1, b.no);
    await office.redis.sadd(key('people'), 'bo');
    await office.redis.zadd(key('pool:intake@410702'), 1, 'SX20260302-STRAY0');
    await office.move(c.no, { 'task.assignee': 'bo' });
    expect(await office.review.check()).toEqual({ openTasks: 3, queued: 1, missing: [a.no], doubled: [b.no], stray: ['SX20260302-STRAY0'], misheld: [c.no] });
  });
});

describe('what waits too long', () => {
  it('goes to the supervisor once, also when several sweep and Redis is flushed', async () => {
    office.reviewers = [];
    const c = await office.file();
    office.at(200);
    await office.review.sweep();
    expect(escalations).toEqual([]);
    office.at(245);
    await office.review.sweep();
    expect(escalations).toEqual([{ no: c.no, seq: 1, desk: 'intake', region: '410702', reason: 'unclaimed', since: c.task!.since }]);
    await office.flush();
    await office.review.rebuild();
    await office.review.sweep();
    expect(escalations).toHaveLength(1);
    expect(office.told.at(-1)!.to).toContain('role:supervisor');
  });

  it('is not escalated while somebody has it', async () => {
    office.reviewers = [anna];
    const c = await office.file();
    await office.review.claim(actorOf(anna), c.no);
    office.at(245);
    await office.review.touch('anna', c.no);
    await office.review.sweep();
    expect(escalations).toEqual([]);
  });

  it('is offered as soon as somebody suitable comes, behind a hundred that nobody may have', async () => {
    office.reviewers = [{ ...anna, conflicts: ['org-1'] }];
    for (let i = 0; i < 110; i += 1) await office.file({ parties: { accused: ['org:org-1'] } });
    office.reviewers = [];
    const c = await office.file();
    office.reviewers = [{ ...anna, conflicts: ['org-1'] }];
    for (let round = 0; round < 3; round += 1) await office.review.sweep();
    expect((await office.review.queue(actorOf(anna))).offered.map(({ no }) => no)).toEqual([c.no]);
    await expectSound(office);
  });

  it('half-time is told to the holder, running out to the supervisor as well', async () => {
    const clock = { seq: 1, deadline: 'report.accept' as const, article: '18' as const, startedAt: office.now, due: new Date(office.now.getTime() + 60_000), calendar: '', provisional: false };
    office.reviewers = [anna];
    const c = await office.file({ clock });
    await office.review.claim(actorOf(anna), c.no);
    const held = await office.get(c.no);
    await office.review.remind(held, 'half');
    expect(office.told.at(-1)).toMatchObject({ to: expect.arrayContaining(['person:anna']), change: { no: c.no, kind: 'reminded' } });
    office.at(5);
    await office.review.remind(held, 'overdue');
    expect(escalations).toMatchObject([{ no: c.no, reason: 'overdue' }]);
    const board = await office.review.board(actorOf(aReviewer('chief', { roles: ['supervisor'], desks: [] })));
    expect(board.desks.find(({ desk }) => desk === 'intake')).toMatchObject({ waiting: 0, claimed: 1, overdue: 1, oldest: c.task!.since.toISOString(), regions: [{ region: '410702', claimed: 1 }] });
    expect(board.people).toEqual([{ person: 'anna', name: '姓名anna', desks: ['intake'], regions: [], offered: 0, claimed: 1, capacity: 20, onDuty: true, away: false }]);
    expect(board.desks.find(({ desk }) => desk === 'plan')).toMatchObject({ waiting: 0, claimed: 0, overdue: 0, oldest: null });
  });
});

it('18: the board tells how much lies at a desk for confidential matters, not since when: that would tell when a report came', async () => {
  const report = { ...matter, name: 'report' };
  const guarded = await reviewOffice([], { procedures: new Map([[report.name, report]]) });
  try {
    await guarded.file({ procedure: 'report' });
    const { desks } = await guarded.review.board(supervisor);
    expect(desks.find(({ desk }) => desk === 'intake')).toMatchObject({ waiting: 1, oldest: null });
  } finally {
    await guarded.close();
  }
});

it('no query of the queues reads the collection from end to end', async () => {
  for (let i = 0; i < 3; i += 1) await office.file();
  const questions: [Record<string, unknown>, Record<string, 1 | -1>][] = [
    [{ city: 'xinxiang', 'task.desk': { $exists: true } }, { 'task.desk': 1, 'task.priority': -1, 'task.since': 1, no: 1 }],
    [{ city: 'xinxiang', 'task.assignee': 'anna' }, { 'task.since': 1 }],
    [{ city: 'xinxiang', no: { $in: ['a', 'b'] } }, {}],
  ];
  for (const [filter, sort] of questions) {
    const plan = JSON.stringify((await office.cases.find(filter, { sort }).explain('queryPlanner') as { queryPlanner: { winningPlan: unknown } }).queryPlanner.winningPlan);
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toMatch(/COLLSCAN|"stage":"SORT"/);
  }
});

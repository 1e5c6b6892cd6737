import { aReviewer, actorOf, expectSound, reviewOffice, type Office } from './support';

let office: Office;
beforeAll(async () => { office = await reviewOffice(); });
afterAll(() => office.close());
beforeEach(async () => { await office.clear(); office.reviewers = []; });

const offeredTo = async (...people: string[]): Promise<number[]> =>
  Promise.all(people.map(async (person) => (await office.review.queue(actorOf(aReviewer(person)))).offered.length));
const poolOf = async (reviewer = aReviewer('looker')): Promise<string[]> =>
  (await office.review.queue(actorOf(reviewer), { limit: 100 })).pool.map(({ no }) => no);

const county = (person: string, region: string) => aReviewer(person, { roles: ['county'], desks: ['county'], regions: [region] });

describe('choosing a reviewer', () => {
  it('offers each task to whoever holds least, and among equals to the longest idle', async () => {
    office.reviewers = [aReviewer('anna'), aReviewer('bo'), aReviewer('chen')];
    const first = await office.file();
    await office.review.claim(actorOf(aReviewer('anna')), first.no);
    office.at(1);
    await office.file();
    office.at(2);
    await office.file();
    expect(await offeredTo('anna', 'bo', 'chen')).toEqual([0, 1, 1]);
    // Everybody holds one: anna got hers first and has waited longest.
    office.at(3);
    await office.file();
    expect(await offeredTo('anna', 'bo', 'chen')).toEqual([1, 1, 1]);
    await expectSound(office);
  });

  it('9: county work goes to that county only', async () => {
    office.reviewers = [county('weibin', '410703'), county('hongqi', '410702'), aReviewer('city', { desks: ['county'] })];
    const c = await office.file({ state: 'local', region: '410702', task: { desk: 'county' } });
    expect((await office.review.queue(actorOf(county('hongqi', '410702')))).offered).toHaveLength(1);
    expect((await office.review.queue(actorOf(county('weibin', '410703')))).offered).toHaveLength(0);
    await expect(office.review.claim(actorOf(county('weibin', '410703')), c.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // Reads county cases, and is told why this one is not for the city.
    await expect(office.review.claim(actorOf(aReviewer('city', { desks: ['county'] })), c.no)).rejects.toMatchObject({ code: 'NOT_ELIGIBLE', detail: '不能领取：该任务不属于所在区域' });
    office.reviewers = [county('weibin', '410703')];
    const other = await office.file({ state: 'local', region: '410702', task: { desk: 'county' } });
    expect((await office.review.queue(actorOf(county('weibin', '410703')))).pool).toEqual([]);
    await expect(office.review.claim(actorOf(county('weibin', '410703')), other.no)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await office.review.claimNext(actorOf(county('weibin', '410703')))).toBeNull();
  });

  it.each([
    ['has no skill in the procedure', { skills: { procedures: ['plan'], sectors: [] } }, '专业相符'],
    ['has no skill in the sub-sector', { skills: { procedures: [], sectors: ['medical'] } }, '专业相符'],
    ['is off duty', { onDuty: false }, '在岗'],
    ['is on leave', { absences: [{ from: '2026-03-01', to: '2026-03-02' }] }, '在岗'],
    ['has declared a relation to a party', { conflicts: ['org-9'] }, '无须回避'],
  ])('does not offer to a reviewer who %s, and says so', async (_, more, filter) => {
    office.reviewers = [aReviewer('anna', more)];
    const c = await office.file({ parties: { accused: ['org:org-9'] } });
    expect(await offeredTo('anna')).toEqual([0]);
    const why = await office.review.explain(actorOf(aReviewer('anna', { desks: [], roles: ['supervisor'] })), c.no);
    expect(why).toMatchObject({ place: 'pool', text: expect.stringContaining(`没有符合“${filter}”条件的人员`) });
  });

  it('offers up to the capacity of each, the rest waits in the pool, oldest first within priority', async () => {
    office.reviewers = [aReviewer('anna', { capacity: 2 })];
    const filed = [];
    for (let i = 0; i < 5; i += 1) filed.push(await office.file({ task: { priority: i === 4 ? 5 : 0 } }));
    expect(await offeredTo('anna')).toEqual([2]);
    office.reviewers.push(aReviewer('looker', { capacity: 0 }));
    expect(await poolOf()).toEqual([filed[4]!.no, filed[2]!.no, filed[3]!.no]);
    expect((await office.review.explain(actorOf(aReviewer('looker')), filed[2]!.no)).text).toContain('合适人员均已达在办上限');
  });

  it('gives whoever frees up the oldest waiting', async () => {
    office.reviewers = [aReviewer('anna', { capacity: 1 })];
    const [first, second, third] = [await office.file(), await office.file(), await office.file()];
    await office.review.claim(actorOf(aReviewer('anna')), first.no);
    await office.review.route(await office.end(first.no), 2);
    const view = await office.review.queue(actorOf(aReviewer('anna')));
    expect(view.offered.map(({ no }) => no)).toEqual([second.no]);
    expect(view.pool.map(({ no }) => no)).toEqual([third.no]);
    await expectSound(office);
  });

  it('18: a second handler is somebody else than the first', async () => {
    const anna = aReviewer('anna', { desks: ['report'], roles: ['reviewer'] });
    const bo = aReviewer('bo', { desks: ['report'], roles: ['reviewer'] });
    office.reviewers = [anna];
    const draft = office.aCase();
    const found = { ...draft.timeline[0]!, seq: 2, move: 'find', by: { person: 'anna', role: 'reviewer' as const } };
    const c = await office.file({ state: 'found', task: { desk: 'report', seq: 2 }, timeline: [draft.timeline[0]!, found] });
    expect((await office.review.queue(actorOf(anna))).offered).toEqual([]);
    await expect(office.review.claim(actorOf(anna), c.no)).rejects.toMatchObject({ code: 'NOT_ELIGIBLE' });
    office.reviewers = [anna, bo];
    await office.review.sweep();
    expect((await office.review.queue(actorOf(bo))).offered.map(({ no }) => no)).toEqual([c.no]);
  });

  it('17: whoever decided the first case does not review the appeal', async () => {
    const draft = office.aCase();
    const decided = { ...draft.timeline[0]!, seq: 2, move: 'find', by: { person: 'anna', role: 'reviewer' as const } };
    const first = await office.file({ task: null, state: 'done', timeline: [draft.timeline[0]!, decided] });
    office.reviewers = [aReviewer('anna'), aReviewer('bo')];
    for (let i = 0; i < 3; i += 1) await office.file({ procedure: 'appeal', links: [{ no: first.no, relation: 'against' }] });
    expect(await offeredTo('anna', 'bo')).toEqual([0, 3]);
  });

  it('asks the register for relations that only it knows', async () => {
    office.reviewers = [aReviewer('anna'), aReviewer('bo')];
    const review = office.build({ conflictsOf: async ({ person }) => (person === 'anna' ? '与当事人登记手机号相同' : null) });
    const c = office.aCase();
    await office.cases.insertOne({ ...c });
    await review.route(c, 1);
    expect(await offeredTo('anna', 'bo')).toEqual([0, 1]);
    await expect(review.claim(actorOf(aReviewer('anna')), c.no)).rejects.toMatchObject({ code: 'NOT_ELIGIBLE', detail: '不能领取：与当事人登记手机号相同' });
  });

  it('leaves a pool desk to whoever is free', async () => {
    office.reviewers = [aReviewer('anna', { desks: ['service'] })];
    const c = await office.file({ task: { desk: 'service' }, access: ['desk:service'] });
    const view = await office.review.queue(actorOf(office.reviewers[0]!));
    expect([view.offered.length, view.pool.map(({ no }) => no)]).toEqual([0, [c.no]]);
  });
});

describe('events twice, late and out of order', () => {
  it('routing twice leaves the task where it is', async () => {
    office.reviewers = [aReviewer('anna'), aReviewer('bo')];
    const c = await office.file();
    const before = await offeredTo('anna', 'bo');
    office.at(2);
    await Promise.all(Array.from({ length: 10 }, () => office.review.route(c, 1)));
    expect(await offeredTo('anna', 'bo')).toEqual(before);
    await expectSound(office);
  });

  it('an old reading does not bring back a task that has ended', async () => {
    office.reviewers = [aReviewer('anna')];
    const c = await office.file();
    await office.review.route(await office.end(c.no), 2);
    await office.review.route(c, 1);
    expect(await office.review.check()).toMatchObject({ openTasks: 0, queued: 0, stray: [] });
    expect(await offeredTo('anna')).toEqual([0]);
  });

  it('readings of three rounds in any order end with the last', async () => {
    office.reviewers = [aReviewer('anna', { desks: ['intake', 'report'], roles: ['reviewer'] })];
    const c = await office.file();
    const second = await office.move(c.no, { state: 'taken', task: { ...c.task!, desk: 'report', seq: 2 } });
    const third = await office.move(c.no, { state: 'found', task: { ...c.task!, desk: 'report', seq: 3 } });
    await office.review.route(third, 3);
    await office.review.route(c, 1);
    await office.review.route(second, 2);
    const [offered] = (await office.review.queue(actorOf(office.reviewers[0]!))).offered;
    expect(offered).toMatchObject({ no: c.no, desk: 'report', state: { name: 'found' } });
    await expectSound(office);
  });

  it('a reading from before a claim does not undo it', async () => {
    office.reviewers = [aReviewer('anna'), aReviewer('bo')];
    const c = await office.file();
    const [inAnna] = await offeredTo('anna');
    const taker = aReviewer(inAnna === 1 ? 'anna' : 'bo');
    await office.review.claim(actorOf(taker), c.no);
    await office.review.route(c, 1);
    await expectSound(office);
    expect((await office.review.queue(actorOf(taker))).mine).toHaveLength(1);
  });

  it('a recusal on the case takes an offer away at once', async () => {
    office.reviewers = [aReviewer('anna'), aReviewer('bo')];
    const c = await office.file();
    const holder = (await offeredTo('anna'))[0] === 1 ? 'anna' : 'bo';
    await office.review.route(await office.move(c.no, { barred: [`person:${holder}`] }), 2);
    expect(await offeredTo(holder, holder === 'anna' ? 'bo' : 'anna')).toEqual([0, 1]);
  });
});

it('a flood by one party keeps others waiting no longer than a few of its tasks', async () => {
  office.reviewers = [aReviewer('looker', { capacity: 0 })];
  for (let i = 0; i < 30; i += 1) await office.file({ filer: 'flooder' });
  const other = await office.file();
  expect((await poolOf()).indexOf(other.no)).toBeLessThan(3);
  // and the flood itself moves on, in its own order
  expect((await poolOf())[0]).toMatch(/SX/);
});

it('pages through a pool of several desks and regions without a gap or a double', async () => {
  const reviewer = aReviewer('looker', { capacity: 0, desks: ['intake', 'report'], roles: ['reviewer'] });
  office.reviewers = [reviewer];
  const filed = [];
  const since = new Date('2026-03-02T01:00:00Z');
  for (let i = 0; i < 25; i += 1) {
    const c = await office.file({ region: ['410702', '410703', undefined][i % 3], task: { desk: i % 2 ? 'report' : 'intake', since: i < 12 ? since : new Date(since.getTime() + i) }, state: i % 2 ? 'taken' : 'filed' });
    filed.push(c.no);
  }
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await office.review.queue(actorOf(reviewer), { limit: 4, after });
    seen.push(...page.pool.map(({ no }) => no));
    after = page.next ?? undefined;
  } while (after);
  expect(seen).toEqual(filed);
});

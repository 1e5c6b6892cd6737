import type { Case, Entry } from '../../../src/kernel/case';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import { createStatistics } from '../../../src/statistics/statistics';
import { FIGURES } from '../../../src/procedures/figures';
import { testApp, type TestApp, type User } from '../../support/app';

const BAND = loadRulebook().param('statistics.min_group');

let app: TestApp;
let director: User;
let supervisor: User;
let county: User;
beforeAll(async () => {
  app = await testApp({ at: '2026-04-01T02:00:00Z' });
  director = await app.staff('director', ['director'], ['director']);
  supervisor = await app.staff('supervisor', ['supervisor']);
  county = await app.staff('county', ['county'], ['county'], { regions: ['410702'] });
}, 60_000);
afterAll(() => app.close());
afterEach(async () => { await app.services.cases.deleteMany({ openKey: /^made/ }); });

let serial = 0;
type Step = readonly [move: string, to: string, at: string];

/** A case as its moves would have left it: only what statistics look at is true to life. */
async function made(procedure: string, steps: readonly Step[], more: Partial<Case<any>> = {}): Promise<string> {
  serial += 1;
  const no = `XX20260101-${String(serial).padStart(6, '0')}`;
  let from: string | null = null;
  const timeline = steps.map(([move, to, at], index) => {
    const entry = { seq: index + 1, at: new Date(at), move, from, to } as Entry;
    from = to;
    return entry;
  });
  const last = steps.at(-1)!;
  const ended = Boolean(app.services.kernel.procedures.get(procedure)!.states[last[1]]!.end);
  await app.services.cases.insertOne({
    city: app.config.city, no, procedure, rulebook: 1, state: last[1], version: steps.length, parties: {}, names: {}, data: {}, access: [], barred: [], handlers: [],
    disclosed: [], waitsOn: [], timeline, outbox: [], links: [], openedAt: new Date(steps[0]![2]), updatedAt: new Date(last[2]), openKey: `made${serial}`,
    ...(ended ? { closedAt: new Date(last[2]) } : {}), ...more,
  } as Case<any>);
  return no;
}

/** Looked at without the minute's memory of the route. */
const look = (actor: Parameters<ReturnType<typeof createStatistics>['read']>[0], more: object = {}) => createStatistics({
  city: app.config.city, cases: app.services.cases, procedures: app.services.kernel.procedures, figures: FIGURES, rulebook: app.services.rulebook, now: app.clock, ...more,
}).read(actor);
const actorOf = async (user: User) => (await app.services.register.sessions.actorOf(await user.token()))!;

describe('what is counted', () => {
  it('by procedure, state and month of opening, in Beijing; another year stays out', async () => {
    await made('complaint', [['file', 'filed', '2026-01-31T17:00:00Z']]); // 1 February, 01:00 in Beijing
    await made('complaint', [['file', 'filed', '2026-02-03T02:00:00Z'], ['refuse', 'refused', '2026-03-03T02:00:00Z']]);
    await made('complaint', [['file', 'filed', '2025-12-31T02:00:00Z']]);
    const { procedures, months, year } = await look(await actorOf(director));
    expect([year, months]).toEqual([2026, 4]);
    const complaint = procedures.find(({ procedure }) => procedure === 'complaint')!;
    expect(complaint).toMatchObject({ opened: 2, open: 1, closed: 1, band: null, months: { opened: [0, 2, 0, 0], closed: [0, 0, 1, 0] } });
    expect(complaint.states.find(({ state }) => state === 'refused')).toEqual({ state: 'refused', title: '不予受理', end: true, count: 1 });
  });

  it('working time of a state: working days after the day it began, holidays left out, and none while the clock stood still', async () => {
    // 13 March 2026 is a Friday; the next working days are 16, 17, 18 March.
    for (const left of ['2026-03-16T09:00:00Z', '2026-03-16T10:00:00Z', '2026-03-18T02:00:00Z']) await made('complaint', [['file', 'filed', '2026-03-13T08:00:00Z'], ['refuse', 'refused', left]]);
    // Spring festival: 13 February to 24 February is one working day in between more than the holiday leaves.
    const { calendar } = await app.services.rulebook();
    const holiday = calendar.workingDaysBetween(new Date('2026-02-13T02:00:00Z'), new Date('2026-02-25T02:00:00Z'));
    expect(holiday).toBeLessThan(8);
    await made('complaint', [['file', 'filed', '2026-02-13T02:00:00Z'], ['refuse', 'refused', '2026-02-25T02:00:00Z']]);
    const { procedures, desks } = await look(await actorOf(director));
    const filed = procedures.find(({ procedure }) => procedure === 'complaint')!.steps.find(({ state }) => state === 'filed')!;
    const limit = (await app.services.rulebook()).param('complaint.accept');
    const days = [1, 1, 3, holiday];
    expect(filed).toMatchObject({ finished: 4, median: 1, p90: Math.max(...days), late: days.filter((one) => one > limit).length, unit: '个工作日', desk: 'intake' });
    expect(desks.find(({ desk }) => desk === 'intake')).toMatchObject({ finished: 4, median: 1 });

    await app.services.cases.deleteMany({ openKey: /^made/ });
    // Ten working days, of which the clock stood still from the 4th to the 11th: five.
    await made('complaint', [
      ['file', 'inquired', '2026-03-02T02:00:00Z'], ['reply', 'replied', '2026-03-02T03:00:00Z'], ['pause', 'replied', '2026-03-04T02:00:00Z'],
      ['resume', 'replied', '2026-03-11T02:00:00Z'], ['settle', 'settled', '2026-03-16T02:00:00Z'],
    ]);
    const again = await look(await actorOf(director));
    expect(again.procedures.find(({ procedure }) => procedure === 'complaint')!.steps.find(({ state }) => state === 'replied')).toMatchObject({ finished: 1, median: 5 });
  });

  it('what runs late now, by county and desk; a clock that stands still does not', async () => {
    const clock = { seq: 1, deadline: 'complaint.accept', article: '15.2', startedAt: new Date('2026-03-02T02:00:00Z'), due: new Date('2026-03-10T02:00:00Z'), calendar: 'x', provisional: false } as const;
    const task = { desk: 'intake', seq: 1, since: new Date('2026-03-02T02:00:00Z'), priority: 0 };
    await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], { clock, task, region: '410702' });
    await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], { clock: { ...clock, pausedAt: new Date('2026-03-05T02:00:00Z') }, task, region: '410702' });
    await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], {});
    const view = await look(await actorOf(supervisor));
    expect(view.counties).toEqual([
      { region: '410700', title: '市级', opened: 1, open: 1, overdue: 0 }, { region: '410702', title: '红旗区', opened: 2, open: 2, overdue: 1 },
    ]);
    expect(view.desks.find(({ desk }) => desk === 'intake')).toMatchObject({ open: 2, overdue: 1 });
  });

  it('ratings of closed windows only, grades before and after', async () => {
    await made('rating', [['invite', 'open', '2026-03-02T02:00:00Z']], { data: { ballots: [{ overall: 'dissatisfied' }], result: { overall: 'dissatisfied' } } });
    await made('rating', [['invite', 'open', '2026-02-02T02:00:00Z'], ['close', 'counted', '2026-02-20T02:00:00Z']], { data: { result: { overall: 'satisfied' } } });
    await made('acceptance', [['apply', 'applied', '2026-02-02T02:00:00Z'], ['confirm', 'passed', '2026-02-20T02:00:00Z']], { data: { gradeBefore: 1, finding: { gradeAfter: 3 } } });
    const { figures } = await look(await actorOf(director));
    const ratings = figures.find(({ name }) => name === 'ratings')!;
    expect(ratings.counts.reduce((all, { count }) => all + count, 0)).toBe(1);
    const grades = figures.find(({ name }) => name === 'grades')!;
    expect(grades.by.map(({ title }) => title)).toEqual(['改造前', '改造后']);
    expect(grades.counts.filter(({ count }) => count > 0)).toEqual([{ of: [1, 3], count: 1 }]);
  });

  it('of too many cases the newest, and it says so', async () => {
    for (let i = 0; i < 4; i += 1) await made('complaint', [['file', 'filed', `2026-03-0${i + 1}T02:00:00Z`]]);
    const view = await look(await actorOf(director), { atMost: 3 });
    expect(view.isPartial).toBe(true);
    expect(view.procedures.find(({ procedure }) => procedure === 'complaint')!.opened).toBe(3);
  });
});

describe('18: no count points at one reporter', () => {
  const reports = async (n: number) => {
    for (let i = 0; i < n; i += 1) {
      await made('report', [['file', 'filed', '2026-03-02T02:00:00Z'], ['verify', 'verified', '2026-03-03T02:00:00Z'], ['refuse', 'refused', '2026-03-09T02:00:00Z']], { region: '410702', sector: 'lifting' });
    }
  };

  it.each([0, 1, 4])('%i reports look the same, to the director too', async (n) => {
    const before = await look(await actorOf(director));
    await reports(n);
    const { asOf: _, ...after } = await look(await actorOf(director));
    expect(after).toEqual({ ...before, asOf: undefined });
  });

  it('one more does not show within a band, and neither desks nor counties nor shares give it away', async () => {
    await reports(BAND + 1);
    const six = await look(await actorOf(director));
    await reports(2);
    const eight = await look(await actorOf(director));
    expect({ ...eight, asOf: '' }).toEqual({ ...six, asOf: '' });
    const report = six.procedures.find(({ procedure }) => procedure === 'report')!;
    expect(report).toMatchObject({ band: BAND, opened: 5, closed: 5 });
    expect(report.steps.every(({ late }) => late === null)).toBe(true);
    expect(report.steps.find(({ state }) => state === 'verified')).toMatchObject({ finished: 5, median: 4 });
    expect(six.desks.find(({ desk }) => desk === 'report')).toBeUndefined();
    expect(six.counties).toEqual([]);
    expect(six.figures.find(({ name }) => name === 'reports')!.counts.every(({ count }) => count % BAND === 0)).toBe(true);
    expect(Object.values(six.figures).flatMap(({ counts }) => counts).filter(({ count }) => count > 0)).toHaveLength(1);
  });
});

describe('who may look', () => {
  it('overseers see the city, handlers what they may read, everybody else nothing', async () => {
    await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], { access: ['desk:county@410702'] });
    await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], { access: ['desk:county@410703'] });
    const opened = (view: any): number => view.procedures.find(({ procedure }: { procedure: string }) => procedure === 'complaint').opened;
    const own = await app.must(county, 'GET', '/api/v1/statistics');
    expect([own.scope, opened(own)]).toEqual(['own', 1]);
    // 18: bands of what one can never read say nothing; who sits where reports lie gets them.
    const names = (view: any): string[] => view.procedures.map(({ procedure }: { procedure: string }) => procedure);
    const bands = (view: any): unknown[] => view.figures.filter(({ band }: { band: number | null }) => band !== null);
    expect([names(own).filter((name) => ['report', 'inquiry'].includes(name)), bands(own)]).toEqual([[], []]);
    const handler = await app.must(await app.staff('examiner', ['reviewer'], ['report']), 'GET', '/api/v1/statistics');
    expect(names(handler)).toContain('report');
    expect(bands(handler)).toHaveLength(1);
    const whole = await app.must(supervisor, 'GET', '/api/v1/statistics');
    expect(names(whole)).toEqual(expect.arrayContaining(['report', 'inquiry']));
    expect([whole.scope, opened(whole)]).toEqual(['city', 2]);
    const expert = await app.staff('expert', ['expert']);
    const agency = await app.staff('agency', ['agency']);
    for (const who of [expert, agency, app.admin, app.enterprise[0], app.provider[0], await app.citizen()]) expect((await app.ask(who, 'GET', '/api/v1/statistics')).status).toBe(403);
    expect((await app.ask(null, 'GET', '/api/v1/statistics')).status).toBe(401);
  });

  it('a year out of reach is named as the wrong field', async () => {
    const { status, json } = await app.ask(supervisor, 'GET', '/api/v1/statistics?year=1999');
    expect([status, json.errors]).toEqual([422, [{ field: 'year', message: '可选年度：2026、2025、2024' }]]);
    expect((await app.ask(supervisor, 'GET', '/api/v1/statistics?year=abc')).status).toBe(422);
  });

  it('no name, no number, no text of a case is in it', async () => {
    const no = await made('complaint', [['file', 'filed', '2026-03-02T02:00:00Z']], { names: { enterprise: '甲公司' }, data: { text: '隐秘的内容' } });
    const text = JSON.stringify(await look(await actorOf(director)));
    for (const secret of [no, '甲公司', '隐秘的内容']) expect(text).not.toContain(secret);
  });
});

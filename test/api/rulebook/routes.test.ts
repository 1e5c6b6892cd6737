import { articleInWords } from '../../../src/rulebook/articles';
import { testApp, type TestApp, type User } from '../../support/app';

let app: TestApp;
let intake: User;
beforeAll(async () => {
  app = await testApp({ at: '2026-12-28T02:00:00Z' });
  intake = await app.staff('intake', ['intake'], ['intake']);
}, 60_000);
afterAll(() => app.close());

const YEAR = { off: { '2027-01-01': '元旦', '2027-02-05': '春节', '2027-02-08': '春节' }, work: { '2027-02-20': '春节' } };
const amend = (who: User | null, body: unknown) => app.ask(who, 'POST', '/api/v1/rulebook', body);
/** Processes go on for two seconds with the version they know. */
const cacheIsOver = () => new Promise((resolve) => { setTimeout(resolve, 2100); });

describe('the rules, for everybody', () => {
  it('articles, items and numbers are open without signing in, each number with its status, source and article', async () => {
    const { json } = await app.ask(null, 'GET', '/api/v1/rulebook');
    expect([json.version, json.articles.filter(({ no }: { no: string }) => !no.includes('.')).length, json.officialText]).toEqual([1, 20, null]);
    expect(json.parameters.find(({ id }: { id: string }) => id === 'plan.review')).toEqual({
      id: 'plan.review', label: '专家审核方案', value: 10, unit: 'working_day', unitLabel: '个工作日', inWords: '10 个工作日', anchor: expect.any(String),
      status: 'proposal', statusLabel: '建议值', source: expect.any(String), note: expect.any(String), article: '12.2', articleInWords: '第十二条（二）', min: 5, max: 30, configurable: true, used: true,
    });
    expect(json.calendar.years).toContain(2026);
    expect(json.calendar.years).not.toContain(2027);
  });

  it('12: one article with its items; an item names what it is part of; a number that is none is not found', async () => {
    const { json } = await app.ask(null, 'GET', '/api/v1/rulebook/articles/12');
    expect([json.inWords, json.partOf, json.official]).toEqual(['第十二条', null, null]);
    expect(json.items.map(({ no }: { no: string }) => no)).toEqual(['12.1', '12.2', '12.3', '12.4']);
    const item = (await app.ask(null, 'GET', '/api/v1/rulebook/articles/12.2')).json;
    expect(item.partOf).toBe('12');
    expect(item.parameters.map(({ id }: { id: string }) => id)).toContain('plan.review');
    // What nothing reads yet is no rule in force: not told with its article, and marked where all numbers stand.
    expect((await app.ask(null, 'GET', '/api/v1/rulebook/articles/16.1')).json.parameters).toEqual([]);
    expect((await app.ask(null, 'GET', '/api/v1/rulebook')).json.parameters.find(({ id }: { id: string }) => id === 'warn.cancel_count').used).toBe(false);
    for (const no of ['21', '0', '12.9', 'constructor', '__proto__', '12%20']) expect((await app.ask(null, 'GET', `/api/v1/rulebook/articles/${no}`)).json.code).toBe('NOT_FOUND');
  });

  it('12.1: what the questionnaire page needs: 15 questions, 16 scenarios, the grades\' thresholds', async () => {
    const { json } = await app.ask(null, 'GET', '/api/v1/rulebook/metrics');
    expect([json.questions.length, json.scenarios.length, json.thresholds.map(({ minScore }: { minScore: number }) => minScore)]).toEqual([15, 16, [20, 40, 60, 80]]);
  });

  it('regions and sub-sectors', async () => {
    const regions = (await app.ask(null, 'GET', '/api/v1/regions')).json;
    expect(regions.items).toHaveLength(15);
    expect(regions.items[0]).toEqual(expect.objectContaining({ code: expect.any(String), name: expect.any(String), towns: expect.any(Object) }));
    expect((await app.ask(null, 'GET', '/api/v1/sectors')).json.items.map(({ key }: { key: string }) => key)).toEqual(['lifting', 'medical', 'autoparts', 'chemicals']);
  });

  it.each(['/api/v1/rulebook', '/api/v1/rulebook/articles/7', '/api/v1/rulebook/metrics', '/api/v1/regions', '/api/v1/sectors'])('%s is sent once for each version', async (path) => {
    const first = await app.ask(null, 'GET', path);
    const tag = first.headers.get('etag')!;
    expect(tag).toMatch(/^"v1-/);
    const again = await app.ask(null, 'GET', path, undefined, { 'if-none-match': tag });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await app.ask(null, 'GET', path, undefined, { 'if-none-match': '"v0-x"' })).status).toBe(200);
  });

  it('7: once an operator has loaded the official text, the article quotes it verbatim', async () => {
    const { articles } = (await app.ask(null, 'GET', '/api/v1/rulebook')).json as { articles: { no: string }[] };
    const text = articles.map(({ no }) => (no.includes('.') ? `${articleInWords(no).replace(/^第.+条/, '')}原文${no}` : `${articleInWords(no)} 原文${no}`)).join('\n');
    await app.services.officialText.load({ name: '办法.md', bytes: Buffer.from(text) }, { person: 'operator' });
    expect((await app.ask(null, 'GET', '/api/v1/rulebook/articles/7')).json.official).toEqual({ text: '第七条 原文7', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), fileName: '办法.md' });
    expect((await app.ask(null, 'GET', '/api/v1/rulebook')).json.officialText).toMatchObject({ fileName: '办法.md' });
  });
});

describe('the rules, changed', () => {
  it('only an administrator changes them; staff read what was changed, others do not', async () => {
    const change = { parameters: { 'plan.review': 12 }, reason: '试行较长期限' };
    expect((await amend(null, change)).status).toBe(401);
    for (const who of [intake, app.enterprise[0], app.provider[0]]) expect((await amend(who, change)).json.code).toBe('FORBIDDEN');
    expect((await app.ask(app.enterprise[0], 'GET', '/api/v1/rulebook/history')).json.code).toBe('FORBIDDEN');
    expect((await app.must(intake, 'GET', '/api/v1/rulebook/history')).items).toEqual([{ version: 1, state: 'inForce', parameters: [], years: [] }]);
  });

  it.each([[[]], ['"x"'], [{ parameters: { 'plan.review': 300 }, reason: '过长的期限' }], [{ parameters: { 'plan.review': 12 } }], [{ reason: '没有内容' }], [{ colour: 'red', reason: '没有这一项' }]])('refused, and nothing changed: %j', async (body) => {
    expect([400, 422]).toContain((await amend(app.admin, body)).status);
    expect((await app.must(intake, 'GET', '/api/v1/rulebook/history')).items).toHaveLength(1);
  });

  it('a year that gets published moves the provisional ends: in the timeline, with notice to the parties, once', async () => {
    const filing = { provider: app.provider[0].org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' };
    const { no } = await app.open(app.enterprise[0], 'complaint', filing);
    await app.settle();
    const before = (await app.services.cases.findOne({ no }))!.clock!;
    expect(before.provisional).toBe(true);

    const published = await amend(app.admin, { holidays: { 2027: YEAR }, reason: '国务院办公厅公布2027年安排' });
    expect([published.status, published.json.version, published.json.calendar.years.includes(2027)]).toEqual([201, 2, true]);
    await cacheIsOver();
    await app.worker.sweep();
    await app.settle();
    await app.worker.sweep();

    const c = (await app.services.cases.findOne({ no }))!;
    const expected = (await app.services.rulebooks.current()).due(before.deadline, before.startedAt);
    expect(expected.due).not.toEqual(before.due);
    expect(c.clock).toMatchObject({ due: expected.due, calendar: expected.calendar, provisional: false, seq: before.seq });
    expect(c.rulebook).toBe(1);
    expect(c.timeline.filter((entry) => entry.move === 'recount')).toHaveLength(1);
    const view = await app.must(app.enterprise[0], 'GET', `/api/v1/cases/${no}`);
    expect(view.clock).toMatchObject({ due: expected.due.toISOString(), provisional: false });
    expect(view.timeline.at(-1)).toMatchObject({ title: '按公布的节假日安排重新计算时限', by: '系统', note: expect.stringMatching(/^办理时限由2027-\d\d-\d\d调整为2027-\d\d-\d\d$/) });
    expect((await app.must(app.enterprise[0], 'GET', '/api/v1/inbox')).items.filter((item: any) => item.no === no && /重新计算/.test(item.text))).toHaveLength(1);
    // The accused has not been told of the complaint, and is not told of its clock either.
    expect((await app.must(app.provider[0], 'GET', '/api/v1/inbox')).items.filter((item: any) => item.no === no)).toEqual([]);

    // A case opened earlier starts its next clocks under the published year.
    await app.take(no, intake);
    await app.act(intake, no, 'accept');
    expect((await app.services.cases.findOne({ no }))!.clock!.provisional).toBe(false);
  });

  it('who changed what, when and from which day, in words; a plan is taken back by its own move', async () => {
    const planned = await amend(app.admin, { parameters: { 'plan.review': 12 }, reason: '试行较长期限', from: '2027-02-01', on: 2 });
    expect(planned.status).toBe(201);
    expect((await app.must(null, 'GET', '/api/v1/rulebook')).version).toBe(2);
    expect((await amend(app.admin, { parameters: { 'plan.review': 11 }, reason: '没有看到上一版', on: 2 })).json.code).toBe('INVALID');
    const [newest] = (await app.must(intake, 'GET', '/api/v1/rulebook/history')).items;
    expect(newest).toMatchObject({
      version: 3, state: 'scheduled', from: '2027-01-31T16:00:00.000Z', by: '管理员', reason: '试行较长期限',
      parameters: [{ id: 'plan.review', articleInWords: '第十二条（二）', fromInWords: '10 个工作日', toInWords: '12 个工作日' }],
    });
    expect((await amend(intake, { takesBack: true, reason: '暂缓施行' })).json.code).toBe('FORBIDDEN');
    for (const body of [{ takesBack: 'yes', reason: '暂缓施行' }, { takesBack: true, parameters: { 'plan.review': 9 }, reason: '暂缓施行' }, { takesBack: true, reason: '短' }, { parameters: { 'plan.review': 9 }, on: 'x', reason: '版本不对' }]) {
      expect((await amend(app.admin, body)).json.code).toBe('INVALID');
    }
    await app.advance(new Date(app.clock().getTime() + 60_000).toISOString());
    expect((await amend(app.admin, { takesBack: true, reason: '暂缓施行', on: 3 })).json.version).toBe(4);
    expect((await app.must(intake, 'GET', '/api/v1/rulebook/history')).items.map((item: any) => [item.version, item.state, item.replacedBy])).toEqual([[4, 'inForce', undefined], [3, 'replaced', 4], [2, 'past', undefined], [1, 'past', undefined]]);
  });

  it('a year\'s days off and make-up days, and whether the bureau entered them', async () => {
    const entered = (await app.ask(null, 'GET', '/api/v1/rulebook/calendar/2027')).json;
    expect(entered).toMatchObject({ year: 2027, published: true, entered: true, off: [{ date: '2027-01-01', name: '元旦' }, { date: '2027-02-05' }, { date: '2027-02-08' }], work: [{ date: '2027-02-20', name: '春节' }] });
    expect((await app.ask(null, 'GET', '/api/v1/rulebook/calendar/2026')).json).toMatchObject({ published: true, entered: false });
    expect((await app.ask(null, 'GET', '/api/v1/rulebook/calendar/2031')).json).toMatchObject({ published: false, entered: false, off: [], work: [] });
    for (const year of ['1999', '20x6', '__proto__', '2027.5']) expect((await app.ask(null, 'GET', `/api/v1/rulebook/calendar/${year}`)).json.code).toBe('NOT_FOUND');
  });

  it('the sweep finds provisional clocks by their index', async () => {
    const plan = await app.services.cases.find({ city: 'xinxiang', 'clock.provisional': true, 'clock.calendar': { $ne: 'x' } }).explain();
    expect(JSON.stringify(plan)).toContain('clock.provisional_1');
    expect(JSON.stringify(plan.queryPlanner.winningPlan)).not.toContain('COLLSCAN');
  });
});

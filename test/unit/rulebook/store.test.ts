import { Refusal } from '../../../src/kernel/refusal';
import { createRulebookStore } from '../../../src/rulebook/store';
import { testDatabase, type TestDatabase } from '../../support/engines';

let db: TestDatabase;
beforeAll(async () => { db = await testDatabase(); });
afterAll(() => db.close());

const admin = { person: 'p-admin' };
let now = new Date('2026-11-23T02:00:00Z');
const clock = () => now;
afterEach(() => { now = new Date('2026-11-23T02:00:00Z'); });
let cities = 0;
/** A city of its own for each test; a second store on it stands for another process. */
const city = () => `city-${cities += 1}`;
const storeOf = (name: string, cacheMs = 0) => createRulebookStore({ connection: db.connection, city: name, clock, cacheMs });
const refusalOf = async (promise: Promise<unknown>): Promise<Refusal> => {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof Refusal)) throw new Error(`no refusal: ${String(outcome)}`);
  return outcome;
};

it('begins with what is shipped, as version 1, without a document', async () => {
  const store = storeOf(city());
  expect((await store.current()).version).toBe(1);
  expect((await store.at(1)).param('plan.review')).toBe(10);
  expect(await store.history()).toEqual([{ version: 1, state: 'inForce', parameters: [], years: [] }]);
});

it('an amendment is a new version; the old one stays as cases remember it', async () => {
  const name = city();
  const store = storeOf(name);
  const amended = await store.amend(admin, { parameters: { 'plan.review': 15, 'plan.pass_score': 80 } }, '专家人手不足，延长审核');
  expect([amended.version, amended.param('plan.review'), amended.deadline('plan.review').value]).toEqual([2, 15, 15]);
  await store.amend(admin, { parameters: { 'plan.review': null, 'statistics.min_group': 6 } }, '恢复原期限');

  const elsewhere = storeOf(name);
  const current = await elsewhere.current();
  expect([current.version, current.param('plan.review'), current.param('plan.pass_score'), current.param('statistics.min_group')]).toEqual([3, 10, 80, 6]);
  expect((await elsewhere.at(2)).param('plan.review')).toBe(15);
  expect((await elsewhere.at(1)).param('plan.pass_score')).toBe(70);
  expect(await elsewhere.history()).toEqual([
    { version: 3, by: 'p-admin', at: clock(), from: clock(), state: 'inForce', reason: '恢复原期限', years: [], parameters: [
      { id: 'plan.review', label: '专家审核方案', article: '12.2', from: 15, to: 10 },
      { id: 'statistics.min_group', label: '统计公布的最小分组', article: null, from: 5, to: 6 },
    ] },
    { version: 2, by: 'p-admin', at: clock(), from: clock(), state: 'replaced', replacedBy: 3, reason: '专家人手不足，延长审核', years: [], parameters: [
      { id: 'plan.review', label: '专家审核方案', article: '12.2', from: 10, to: 15 },
      { id: 'plan.pass_score', label: '方案审核通过分数', article: '12.2', from: 70, to: 80 },
    ] },
    { version: 1, state: 'past', parameters: [], years: [] },
  ]);
});

it('one city does not see another', async () => {
  const [one, other] = [storeOf(city()), storeOf(city())];
  await one.amend(admin, { parameters: { 'plan.review': 8 } }, '试行较短期限');
  expect((await other.current()).version).toBe(1);
});

it('a year entered by the bureau settles its deadlines', async () => {
  const store = storeOf(city());
  const from = new Date('2027-02-01T02:00:00Z');
  expect((await store.current()).due('plan.review', from).provisional).toBe(true);
  const year = { off: { '2026-12-31': '元旦', '2027-01-01': '元旦', '2027-02-05': '春节', '2027-02-08': '春节' }, work: { '2027-02-07': '春节' } };
  const amended = await store.amend(admin, { holidays: { 2027: year } }, '国务院办公厅公布2027年安排');
  // 2-4, make-up Sunday 7, 9-12, 15, 16.
  expect(amended.due('plan.review', from)).toEqual({ due: new Date('2027-02-16T15:59:59.999Z'), calendar: amended.calendar.version, provisional: false });
  expect((await store.history())[0]!.years).toEqual(['2027']);
  expect((await storeOf('another').current()).calendar.version).not.toBe(amended.calendar.version);
});

it('every fault is named at once, in Chinese, by path, with the article; nothing is stored', async () => {
  const store = storeOf(city());
  const refusal = await refusalOf(store.amend(admin, JSON.parse(`{
    "parameters": { "plan.review": 300, "warn.cancel_count": 3, "plan.panel_size": 4, "complaint.reply": 2.5, "plan.pass_score": "70", "warn.rectify": 10,
      "recon.apply": 30, "no.such": 1, "constructor": 1, "__proto__": 1, "keep.messages": 3, "calendar.rest_day_rolls_on": 2 },
    "holidays": { "2027": { "off": { "2028-01-01": "元旦" }, "work": {} }, "27": {}, "2028": { "off": { "2028-01-03": "元旦" }, "work": { "2028-01-05": "元旦" } } },
    "colour": "red"
  }`), '好'));
  expect(refusal.code).toBe('INVALID');
  expect(Object.fromEntries(refusal.faults.map(({ field, message }) => [field, message]))).toEqual({
    colour: '没有这一项',
    'parameters.plan.review': '“专家审核方案”应在 5 到 30 个工作日之间（第十二条（二））',
    'parameters.warn.cancel_count': '“取消资格的警告次数”由办法规定，不能修改（第十六条（一））',
    'parameters.plan.panel_size': '“方案审核专家人数”应为单数（第十二条（二））',
    'parameters.complaint.reply': '“服务商答复投诉”应为整数',
    'parameters.plan.pass_score': '“方案审核通过分数”应为数字',
    'parameters.warn.rectify': '“警告后限期整改”尚未启用，暂不能修改（第十五条）',
    'parameters.recon.apply': '“行政复议申请”由法律法规规定，不能修改',
    'parameters.no.such': '没有这项参数',
    'parameters.constructor': '没有这项参数',
    'parameters.__proto__': '没有这项参数',
    'parameters.keep.messages': '“站内消息留存”应在 12 到 120 个月之间',
    'parameters.calendar.rest_day_rolls_on': '“期限末日为休息日时顺延”应在 0 到 1 之间',
    'holidays.27': '年份应为四位数字',
    'holidays.2027': '日期 2028-01-01 不属于该年的安排，格式应为 2027-01-01',
    'holidays.2028': '调休上班日 2028-01-05 应为周六或周日',
    reason: '请写明修改理由，4 到 500 字',
  });
  expect((await store.current()).version).toBe(1);
});

it.each([
  [{ 'grade.2.min_score': 70 }, 'grade.3.min_score', '不能低于低一级'],
  [{ 'grade.4.min_scenarios': 8, 'grade.4.min_binding': 9 }, 'grade.4.min_binding', '不能多于场景总数'],
])('numbers that do not fit together are refused: %j', async (parameters, id, words) => {
  const refusal = await refusalOf(storeOf(city()).amend(admin, { parameters }, '调整评分规则'));
  expect(refusal.faults).toEqual([{ field: `parameters.${id}`, message: expect.stringContaining(words) as string }]);
});

it.each([[null], ['x'], [[]], [{}], [{ parameters: { 'plan.review': 10 } }], [{ parameters: [] }], [{ holidays: 'all' }]])('%j changes nothing and is refused', async (amendment) => {
  expect((await refusalOf(storeOf(city()).amend(admin, amendment, '没有内容的修改'))).code).toBe('INVALID');
});

it('of many people amending at once one version each wins, nobody is overwritten', async () => {
  const name = city();
  const stores = Array.from({ length: 10 }, () => storeOf(name));
  const outcomes = await Promise.all(stores.map((store, i) =>
    store.amend(admin, { parameters: { 'plan.pass_score': 71 + i } }, '同时修改').then(({ version }) => version, (error: Refusal) => error.code)));
  const versions = outcomes.filter((outcome) => typeof outcome === 'number').toSorted((a, b) => a - b);
  expect(versions).toEqual(versions.map((_, i) => i + 2));
  expect(outcomes.filter((outcome) => typeof outcome === 'string').every((code) => code === 'STALE')).toBe(true);
  expect((await storeOf(name).current()).version).toBe(versions.at(-1));
});

it('another process follows when its cache is over, this one at once', async () => {
  const name = city();
  const [here, there] = [storeOf(name, 60_000), storeOf(name, 60_000)];
  await Promise.all([here.current(), there.current()]);
  await here.amend(admin, { parameters: { 'plan.review': 12 } }, '延长两日');
  expect((await here.current()).version).toBe(2);
  expect((await there.current()).version).toBe(1);
  // A case opened under version 2 elsewhere is understood although the cache says 1.
  expect((await there.at(2)).param('plan.review')).toBe(12);
  const expired = storeOf(name, 1);
  await expired.current();
  await here.amend(admin, { parameters: { 'plan.review': 13 } }, '再延长一日');
  await new Promise((resolve) => { setTimeout(resolve, 5); });
  expect((await expired.current()).version).toBe(3);
});

it('a version that was never made is not found', async () => {
  expect((await refusalOf(storeOf(city()).at(99))).code).toBe('NOT_FOUND');
});

describe('from a day on', () => {
  const YEAR = { off: { '2027-01-01': '元旦' }, work: {} };
  const standing = async (store: ReturnType<typeof storeOf>) => (await store.history()).map(({ version, state }) => `${version} ${state}`);

  it('the numbers hold from the first moment of that day in Beijing, not before', async () => {
    const store = storeOf(city());
    await store.amend(admin, { parameters: { 'plan.review': 15 } }, '下月起延长审核', { from: '2026-12-01' });
    expect([(await store.current()).version, (await store.current()).param('plan.review')]).toEqual([1, 10]);
    expect(await standing(store)).toEqual(['2 scheduled', '1 inForce']);
    now = new Date('2026-11-30T15:59:59.999Z');
    expect((await store.current()).version).toBe(1);
    now = new Date('2026-11-30T16:00:00Z');
    expect([(await store.current()).version, (await store.current()).param('plan.review')]).toEqual([2, 15]);
    expect(await standing(store)).toEqual(['2 inForce', '1 past']);
  });

  it('a holiday notice holds at once although numbers wait, and moves none of them', async () => {
    const store = storeOf(city());
    await store.amend(admin, { parameters: { 'plan.review': 15 } }, '下月起延长审核', { from: '2026-12-01' });
    await store.amend(admin, { holidays: { 2027: YEAR } }, '国务院办公厅公布2027年安排');
    const today = await store.current();
    expect([today.version, today.param('plan.review'), today.calendar.isPublished(2027)]).toEqual([1, 10, true]);
    now = new Date('2026-12-01T02:00:00Z');
    const later = await store.current();
    expect([later.version, later.param('plan.review'), later.calendar.isPublished(2027)]).toEqual([3, 15, true]);
    expect(await standing(store)).toEqual(['3 inForce', '2 replaced', '1 past']);
  });

  it('nothing overtakes what is planned, unless that is taken back; taken back, it never comes, and holidays stay', async () => {
    const store = storeOf(city());
    await store.amend(admin, { parameters: { 'plan.review': 15 } }, '下月起延长审核', { from: '2026-12-01' });
    await store.amend(admin, { holidays: { 2027: YEAR } }, '国务院办公厅公布2027年安排');
    for (const terms of [{}, { from: '2026-11-30' }]) {
      const refusal = await refusalOf(store.amend(admin, { parameters: { 'complaint.reply': 6 } }, '立即修改一项', terms));
      expect(refusal.faults).toEqual([{ field: 'from', message: expect.stringContaining('先撤回第 3 版') as string }]);
    }
    await store.amend(admin, {}, '暂缓施行', { takesBack: true });
    expect(await standing(store)).toEqual(['4 inForce', '3 replaced', '2 replaced', '1 past']);
    expect((await store.history())[0]!.parameters).toEqual([{ id: 'plan.review', label: '专家审核方案', article: '12.2', from: 15, to: 10 }]);
    now = new Date('2026-12-02T02:00:00Z');
    const rules = await store.current();
    expect([rules.version, rules.param('plan.review'), rules.calendar.isPublished(2027)]).toEqual([4, 10, true]);
    expect((await refusalOf(store.amend(admin, {}, '再撤一次试试', { takesBack: true }))).faults[0]!.field).toBe('takesBack');
  });

  it.each([['2026-11-23'], ['2026-11-22'], ['2026-02-30'], ['soon'], ['2028-01-01'], [20261201 as unknown as string]])('%p is no day to begin', async (from) => {
    const store = storeOf(city());
    expect((await refusalOf(store.amend(admin, { parameters: { 'plan.review': 15 } }, '延长专家审核', { from }))).faults).toEqual([{ field: 'from', message: expect.any(String) as string }]);
    expect((await refusalOf(store.amend(admin, { holidays: { 2027: YEAR } }, '公布安排以后', { from: '2026-12-01' }))).faults[0]!.field).toBe('from');
    expect(await store.history()).toHaveLength(1);
  });

  it('whoever has not seen the newest version is told so', async () => {
    const store = storeOf(city());
    await store.amend(admin, { parameters: { 'plan.review': 15 } }, '延长专家审核', { on: 1 });
    expect((await refusalOf(store.amend(admin, { parameters: { 'plan.review': 14 } }, '又改成十四天', { on: 1 }))).code).toBe('STALE');
  });
});

import type { Actor } from '../../../src/kernel/actor';
import { opener, procedure, staff, theBureau, theParty } from '../../../src/kernel/declare';
import { form, organisation } from '../../../src/kernel/fields';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { anEnterprise, aProvider, official, owner, providerStaff, testKernel, type TestKernel } from '../../support/kernel';

/** Only the bureau is shown who else is in it. */
const blind = procedure({
  name: 'blind', title: '盲审', prefix: 'MS', article: '12.2', parties: { owner: '企业', judge: '评审' }, data: { judge: organisation('评审') },
  states: { open: { title: '进行中', waitsFor: 'owner', within: 'complaint.reply' }, done: { title: '已办结', end: true } },
}).moves((move) => ({
  begin: move.open({
    title: '提交', to: 'open', by: opener('enterprise'), form: form({ judge: organisation('评审') }),
    begin: ({ input, actor }) => ({ data: input, parties: { owner: [`org:${actor.org}`], judge: [`org:${input.judge}`] }, names: { owner: '企业', judge: '隐名评审有限公司' } }),
  }),
  finish: move.step({ title: '办结', from: 'open', to: 'done', by: staff('director') }),
})).sees({
  owner: { who: theParty('owner'), fields: [], timeline: 'all', parties: ['owner'] },
  bureau: { who: theBureau('director'), fields: [], timeline: 'all' },
});

const filing = (provider: string) => ({ provider, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });
const CRANE = ['enterprise-1', '新乡起重设备有限公司'] as const;
const many = Array.from({ length: 60 }, (_, i) => aProvider(`mass-org-${i}`, { name: `卫星数据${i}公司` }));

let t: TestKernel;
const boss = owner('boss', 'enterprise-1');
const other = owner('other', 'enterprise-2');
const accused = providerStaff('accused', 'provider-1');
const clerk = official('clerk', ['intake'], ['intake']);
const reviewer = official('reviewer', ['reviewer'], ['supervision']);
const supervisor = official('supervisor', ['supervisor']);
const director = official('director', ['director']);
let first: string;
let second: string;
let foreign: string;
let hidden: string;

beforeAll(async () => {
  t = await testKernel([complaint, blind], {
    organisations: [
      anEnterprise(CRANE[0], { name: CRANE[1] }), anEnterprise('enterprise-2', { name: '长垣卫材有限公司' }),
      aProvider('provider-1', { name: '中原数智(河南)科技' }), aProvider('provider-2', { name: 'Henan Data 有限公司' }), aProvider('judge-01', { name: '隐名评审有限公司' }), ...many,
    ],
  });
  first = (await t.kernel.open(boss, 'complaint', null, filing('provider-1'))).no;
  await t.pass({ days: 1 });
  second = (await t.kernel.open(boss, 'complaint', null, filing('provider-2'))).no;
  await t.pass({ days: 1 });
  foreign = (await t.kernel.open(other, 'complaint', null, filing('provider-1'))).no;
  hidden = (await t.kernel.open(boss, 'blind', null, { judge: 'judge-01' })).no;
}, 60_000);
afterAll(() => t.close());

const nos = async (actor: Actor, query: object): Promise<string[]> => (await t.kernel.list(actor, query)).items.map(({ no }) => no);

describe('search by number', () => {
  it.each([
    ['whole', () => first, () => [first]], ['lower case', () => first.toLowerCase(), () => [first]], ['full width', () => `ＴＳ${first.slice(2)}`, () => [first]],
    ['without its last characters', () => first.slice(0, -3), () => [first]], ['its day', () => first.slice(0, 10), () => [first]],
    ['half of a day', () => first.slice(0, 9), () => [second, first]], ['month', () => first.slice(0, 8), () => [second, first]], ['year', () => 'TS2026', () => [second, first]],
    ['prefix', () => 'ts', () => [second, first]], ['another year', () => 'TS2025', () => []], ['no number at all', () => 'TS20260302-!', () => []],
    ['a month that is none', () => 'TS202613', () => []],
  ])('%s', async (_, q, found) => {
    expect(await nos(boss, { q: q() })).toEqual(found());
  });

  it('finds nothing of others, not even by the whole number', async () => {
    expect(await nos(boss, { q: foreign })).toEqual([]);
    expect(await nos(accused, { q: second })).toEqual([]);
    expect(await nos(clerk, { q: foreign })).toEqual([foreign]);
  });
});

describe('search by names', () => {
  it.each([
    ['a part of a Chinese name', '数智', () => [first]], ['either part of a name with brackets', '(河南)', () => [first]], ['Latin letters in any case', 'henan', () => [second]],
    ['two words, both met', '起重 数智', () => [first]], ['two words, of which one is met elsewhere', '卫材 数智', () => []], ['a number and a name', 'TS2026 Data', () => [second]],
    ['characters that mean something in a pattern', '.*', () => []], ['nothing called so', '不存在', () => []],
  ])('%s', async (_, q, found) => {
    expect(await nos(boss, { q })).toEqual(found());
  });

  it('stays within what the reader may read', async () => {
    expect(await nos(accused, { q: '科技' })).toEqual([]);
    expect(await nos(clerk, { q: '科技' })).toEqual([foreign, first]);
    expect(await nos(clerk, { q: '卫材' })).toEqual([foreign]);
    expect(await nos(boss, { q: '卫材' })).toEqual([]);
  });

  it('finds nobody by a name that is not shown to the reader', async () => {
    expect(await nos(director, { q: '隐名评审' })).toEqual([hidden]);
    expect(await nos(boss, { q: '隐名评审' })).toEqual([]);
  });

  it('a word of half the city still finds', async () => {
    const { no } = await t.kernel.open(boss, 'complaint', null, filing('mass-org-7'));
    expect(await nos(boss, { q: '卫星数据' })).toEqual([no]);
    expect(await nos(boss, { q: '卫星数据7' })).toEqual([no]);
    expect(await nos(other, { q: '卫星数据' })).toEqual([]);
    await t.cases.deleteOne({ no });
  });

  it('together with the other filters, page by page, also in what waits for me', async () => {
    expect(await nos(clerk, { q: '科技', procedure: 'complaint', state: 'filed' })).toEqual([foreign, first]);
    expect(await nos(clerk, { q: '科技', procedure: 'blind' })).toEqual([]);
    const page = await t.kernel.list(clerk, { q: '科技', limit: 1 });
    expect(page.items.map(({ no }) => no)).toEqual([foreign]);
    const next = await t.kernel.list(clerk, { q: '科技', limit: 1, after: page.next! });
    expect([next.items.map(({ no }) => no), next.next]).toEqual([[first], null]);
    expect(await nos(accused, { q: '起重', waiting: 'me' })).toEqual([]);
    await t.claim(clerk, second);
    await t.kernel.act(clerk, second, 'accept', {});
    const called = providerStaff('called', 'provider-2');
    expect(await nos(called, { q: '起重', waiting: 'me' })).toEqual([second]);
    expect(await nos(called, { q: second.slice(0, 10), waiting: 'me' })).toEqual([second]);
    expect(await nos(called, { q: '卫材', waiting: 'me' })).toEqual([]);
  });
});

describe('desks and what ran out of time, for staff', () => {
  it('a desk\'s cases in the order of its queue, page by page', async () => {
    expect(await nos(supervisor, { desk: 'intake' })).toEqual([first, foreign]);
    await t.cases.updateOne({ no: foreign }, { $set: { 'task.priority': 1 } });
    expect(await nos(supervisor, { desk: 'intake' })).toEqual([foreign, first]);
    const page = await t.kernel.list(supervisor, { desk: 'intake', limit: 1 });
    expect(await nos(supervisor, { desk: 'intake', limit: 1, after: page.next! })).toEqual([first]);
    expect(await nos(supervisor, { desk: 'intake', q: '起重' })).toEqual([first]);
    expect(await nos(reviewer, { desk: 'supervision' })).toEqual([]);
    expect((await t.kernel.list(supervisor, { desk: 'intake' })).items[0]).toMatchObject({ task: { desk: 'intake', claimed: false } });
  });

  it('overdue from the moment a deadline ran out until the case goes on, the longest first', async () => {
    expect(await nos(supervisor, { overdue: true })).toEqual([]);
    await t.pass({ days: 60 });
    const late = await nos(supervisor, { overdue: true });
    // The complaint that waited for its provider went on by its own clock, and lies on the next desk now.
    expect(late.slice(0, 2)).toEqual([first, foreign].toSorted((a, b) => (a < b ? -1 : 1)));
    expect(await nos(supervisor, { overdue: true, desk: 'intake' })).toEqual(late.slice(0, 2));
    expect(await nos(supervisor, { overdue: true, q: '卫材' })).toEqual([foreign]);
    const page = await t.kernel.list(supervisor, { overdue: true, limit: 1 });
    expect(await nos(supervisor, { overdue: true, limit: 1, after: page.next! })).toEqual([late[1]]);
    await t.claim(clerk, first);
    await t.kernel.act(clerk, first, 'accept', {});
    expect(await nos(supervisor, { overdue: true })).not.toContain(first);
  });

  it('is refused to anybody but staff', async () => {
    for (const query of [{ desk: 'intake' }, { overdue: true }]) await expect(t.kernel.list(boss, query)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await t.kernel.list(boss, { q: first })).items[0]).not.toHaveProperty('task');
  });
});

it('a place in one order is no place in another', async () => {
  const { next } = await t.kernel.list(clerk, { limit: 1 });
  await expect(t.kernel.list(clerk, { desk: 'intake', after: next! })).rejects.toMatchObject({ code: 'MALFORMED' });
  await expect(t.kernel.list(clerk, { after: 'x' })).rejects.toMatchObject({ code: 'MALFORMED' });
});

it('a search reads little more than it finds, however much there is', async () => {
  const [pattern] = await t.cases.find({ no: foreign }).toArray();
  const { _id, ...c } = pattern!;
  const inserted = Array.from({ length: 2000 }, (_, i) => ({
    ...c, no: `TS20260101-${String(i).padStart(6, '0')}`, openKey: `mass-${i}`, involved: ['org:enterprise-2', `org:mass-org-${i % 60}`], openedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, i % 3600)),
    names: { enterprise: '长垣卫材有限公司', provider: `卫星数据${i % 60}公司` }, parties: { enterprise: ['org:enterprise-2'], provider: [`org:mass-org-${i % 60}`] },
  }));
  await t.cases.insertMany(inserted as never[]);
  const examined = async (actor: Actor, query: object): Promise<number> => {
    let filter: object = {};
    let sort: object = {};
    const real = t.cases.find.bind(t.cases);
    const spy = jest.spyOn(t.cases, 'find').mockImplementation(((wanted: object, options: object) => {
      filter = wanted;
      const cursor = real(wanted, options);
      const sorted = cursor.sort.bind(cursor);
      cursor.sort = ((by: object) => { sort = by; return sorted(by as never); }) as never;
      return cursor;
    }) as never);
    try { await t.kernel.list(actor, query); } finally { spy.mockRestore(); }
    const plan = await t.cases.find(filter).sort(sort as never).limit(21).explain('executionStats');
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
    return (plan['executionStats'] as { totalKeysExamined: number }).totalKeysExamined;
  };
  for (const [actor, query] of [
    [clerk, { q: '数智' }], [boss, { q: '数智' }], [boss, { q: '卫材' }], [clerk, { q: first }], [boss, { q: 'TS2026' }], [clerk, { q: '卫星数据12' }], [clerk, { q: '卫星数据' }],
    [clerk, { q: 'TS20260302' }], [supervisor, { overdue: true }],
  ] as const) expect([query, await examined(actor, query) < 400]).toEqual([query, true]);
}, 60_000);

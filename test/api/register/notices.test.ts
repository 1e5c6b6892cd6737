import { concernedBy } from '../../../src/kernel/concerned';
import { testDatabase, type TestDatabase } from '../../support/engines';
import { acceptor, aFailure, aFinding, aNotice, boss, engineer, testProject } from '../../support/project';
import { createPublicNotices, standingNotice, type NewNotice } from '../../../src/register/notices';

let db: TestDatabase;
let now = new Date('2026-03-02T02:00:00Z');
beforeAll(async () => { db = await testDatabase(); });
afterAll(() => db.close());

let cities = 0;
async function aRegister() {
  cities += 1;
  const notices = createPublicNotices({ connection: db.connection, city: `city${cities}`, clock: () => now });
  await notices.prepare();
  return notices;
}
const aNews = (n: number, kind: NewNotice['kind'] = 'batch'): NewNotice =>
  ({ kind, title: `公告${n}`, body: '正文', article: '12.4', subject: { kind: 'case', id: `YP20260302-00000${n}`, name: `批次${n}` } });
const cause = (seq: number) => ({ no: 'YP20260302-000000', seq, effect: 'notice' });

it('one cause is published once, however often it is delivered, also by many at once', async () => {
  const notices = await aRegister();
  await Promise.all(Array.from({ length: 20 }, () => notices.publish(aNews(1), cause(1))));
  await notices.publish(aNews(1), cause(1));
  expect((await notices.list({})).items).toHaveLength(1);
});

it('pages by key, newest first, those of one instant too; by kind and by subject', async () => {
  const notices = await aRegister();
  for (let n = 1; n <= 7; n += 1) {
    if (n % 3 === 0) now = new Date(now.getTime() + 60_000);
    await notices.publish(aNews(n, n % 2 ? 'standing' : 'batch'), cause(n));
  }
  const titles: string[] = [];
  let after: string | undefined;
  do {
    const page = await notices.list({ limit: 2, ...(after ? { after } : {}) });
    titles.push(...page.items.map(({ title }) => title));
    after = page.next ?? undefined;
  } while (after);
  expect(titles).toHaveLength(7);
  expect(new Set(titles).size).toBe(7);
  expect([titles.slice(0, 2).toSorted(), titles.slice(-2).toSorted()]).toEqual([['公告6', '公告7'], ['公告1', '公告2']]);
  expect((await notices.list({ kind: 'batch' })).items.map(({ title }) => title).toSorted()).toEqual(['公告2', '公告4', '公告6']);
  expect((await notices.list({ subject: 'YP20260302-000005' })).items.map(({ title }) => title)).toEqual(['公告5']);
  await expect(notices.list({ after: 'nonsense' })).rejects.toMatchObject({ code: 'MALFORMED' });
});

it('18: leaving the register is told by name, day and article, and by nothing else', () => {
  const notice = standingNotice({ id: 'o1', name: '中原数智科技有限公司' }, 'removed', '18', new Date('2026-03-02T17:00:00Z'));
  expect(notice).toMatchObject({ kind: 'standing', article: '18', subject: { kind: 'provider', id: 'o1' }, title: '关于中原数智科技有限公司退出服务商库的公告' });
  expect(notice.body).toContain('第十八条');
  expect(notice.body).toContain('2026年3月3日');
  expect(JSON.stringify(notice)).not.toMatch(/举报|投诉|核查|JB\d/);
});

it('12.4: a batch concerns contracts delivered and without a live or passed acceptance, and those who failed and come again', async () => {
  const p = await testProject();
  const { t } = p;
  const declared = (no: string) => t.called.filter(({ service, cause: by }) => service === 'notify.invite' && (by as { no: string }).no === no).map(({ input }) => input as never);
  const concerned = async (no: string): Promise<string[][]> => {
    await t.settle();
    const all: string[][] = [];
    for (const input of declared(no)) {
      const tags: string[] = [];
      for await (const page of concernedBy({ city: 'xinxiang', cases: t.cases }, input)) tags.push(...page);
      all.push(tags);
    }
    return all;
  };
  try {
    await p.signed();
    const first = await p.published();
    expect(await concerned(first)).toEqual([[], []]);
    const contract = await p.delivered();
    const second = await p.published();
    expect(await concerned(second)).toEqual([[`org:${boss.org}`], []]);
    const no = await p.applied(contract, second);
    expect(await concerned(await p.published())).toEqual([[], []]);
    expect(await p.concluded(no, aFailure({ visitedOn: p.today() }))).toBe('rectifying');
    const third = await p.published();
    expect(await concerned(third)).toEqual([[], [`org:${boss.org}`]]);
    await t.kernel.act(engineer, no, 'rectify', { text: '已补齐数据采集并完成联调', files: [] });
    await t.kernel.act(boss, no, 'declareRectified', {});
    await t.kernel.act(boss, no, 'reapply', { batch: third, truthful: true });
    expect(await p.concluded(no, aFinding({ visitedOn: p.today() }))).toBe('passed');
    expect(await concerned(await p.published())).toEqual([[], []]);

    await t.kernel.act(acceptor, third, 'close', { closing: '本批次名额已满' });
    await t.settle();
    const published = t.called.filter(({ service, cause: by }) => service === 'notices.publish' && (by as { no: string }).no === third).map(({ input }) => input as unknown as NewNotice);
    expect(published.map(({ kind, article, subject }) => [kind, article, subject.id])).toEqual([['batch', '12.4', third], ['batch', '12.4', third]]);
    expect(published[0]!.title).toContain(aNotice().title);
    expect(published[0]!.body).toMatch(/申请截止日期：2026年\d+月\d+日/);
    expect(published[1]!.body).toContain('本批次名额已满');
  } finally {
    await t.close();
  }
}, 60_000);

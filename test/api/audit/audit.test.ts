import { photo } from '../../../scripts/demo/papers';
import { testApp, type TestApp, type User } from '../../support/app';

let app: TestApp;
let first: User, second: User, director: User, auditor: User, supervisor: User, clerk: User;
let report: string;
const complaints: string[] = [];
const reason = '需当面送达书面答复，核对收件人身份';

beforeAll(async () => {
  app = await testApp();
  first = await app.staff('first', ['reviewer'], ['report']);
  second = await app.staff('second', ['reviewer'], ['report']);
  director = await app.staff('director', ['director'], ['director']);
  auditor = await app.staff('auditor', ['auditor'], []);
  supervisor = await app.staff('supervisor', ['supervisor'], []);
  clerk = await app.staff('clerk', ['intake'], ['intake']);
  for (let i = 0; i < 4; i += 1) {
    complaints.push((await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: `实施人员多次更换，无法解决现场问题${i}`, wish: '更换项目经理' })).no);
  }
  const reporter = await app.citizen('举报人');
  const evidence = await app.upload(reporter, '照片.jpg', await photo(), 'image/jpeg');
  report = (await app.open(reporter, 'report', {
    provider: app.provider[0].org, matters: ['staff'], text: '该公司申报的技术团队名单与社保缴纳人员不符，多人从未在该公司任职。', evidence: [evidence],
    name: '何独特', idNumber: '410702199003078515', phone: '13912345670', truthful: true, informed: true,
  })).no;
  await app.settle();
  await app.take(report, first, second);
  await app.services.cases.updateOne({ no: report }, { $addToSet: { handlers: { $each: [first.person, second.person] }, access: { $each: [first, second].map(({ person }) => `person:${person}`) } } } as never);
  const { id } = await app.must(first, 'POST', `/api/v1/cases/${report}/identity/openings`, { reason });
  await app.must(second, 'POST', `/api/v1/identity/openings/${id}/approve`);
  await app.must(first, 'POST', `/api/v1/identity/openings/${id}/open`);
}, 90_000);
afterAll(() => app.close());

const chains = (who: User, query = '') => app.must(who, 'GET', `/api/v1/audit/chains${query}`);
const break1 = (no: string) => app.services.cases.updateOne({ no }, { $set: { 'data.wish': '赔偿' } });

describe('H4: whether records were kept as they were made', () => {
  it('every case comes by exactly once, in pages, whole', async () => {
    const all = await app.services.cases.countDocuments({});
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page: any = await chains(auditor, `?limit=2${after ? `&after=${after}` : ''}`);
      expect(page.broken).toEqual([]);
      seen.push(page.checked);
      after = page.next;
    } while (after);
    expect(seen.reduce((sum, count) => sum + count, 0)).toBe(all);
    const whole = await chains(director);
    expect(whole).toMatchObject({ checked: all, next: null, broken: [], checkedAt: app.clock().toISOString() });
    expect(whole.lines).toBeGreaterThan(all);
    // Paging tells no case numbers.
    expect(JSON.stringify(await chains(auditor, '?limit=2'))).not.toMatch(/TS2026|JB2026/);
  });

  it('what was altered behind the product\'s back is named, with the line and why, and so on its own page', async () => {
    const [no] = complaints as [string];
    const before = (await app.services.cases.findOne({ no }))!;
    await break1(no);
    expect((await chains(app.admin)).broken).toEqual([{ no, seq: 1, reason: 'data', inWords: '案件内容与最后一条记录不符' }]);
    expect(await app.must(clerk, 'GET', `/api/v1/cases/${no}/chain`)).toMatchObject({ whole: false, broken: { seq: 1, reason: 'data' } });
    await app.services.cases.updateOne({ no }, { $set: { 'timeline.0.by.person': 'somebody else', 'data.wish': before.data.wish } });
    expect((await chains(app.admin)).broken).toMatchObject([{ no, seq: 1, reason: 'line', inWords: '记录内容被改动' }]);
    await app.services.cases.replaceOne({ no }, before);
    const { head } = await app.must(clerk, 'GET', `/api/v1/cases/${no}`);
    expect(await app.must(clerk, 'GET', `/api/v1/cases/${no}/chain`)).toEqual({ no, whole: true, lines: 1, head, lastAt: before.openedAt.toISOString(), broken: null, checkedAt: app.clock().toISOString() });
  });

  it('only auditors, administrators and directors check them all; one case also whoever of the bureau reads it, to others it does not exist', async () => {
    for (const who of [first, supervisor, clerk, app.enterprise[0], app.provider[0]]) {
      for (const path of ['/api/v1/audit/chains', '/api/v1/audit/openings']) expect((await app.ask(who, 'GET', path)).json.code).toBe('FORBIDDEN');
    }
    for (const who of [first, director, auditor, app.admin]) expect((await app.must(who, 'GET', `/api/v1/cases/${report}/chain`)).whole).toBe(true);
    for (const who of [supervisor, clerk, app.enterprise[0], app.provider[0]]) expect((await app.ask(who, 'GET', `/api/v1/cases/${report}/chain`)).json.code).toBe('NOT_FOUND');
    expect((await app.ask(auditor, 'GET', '/api/v1/cases/TS20260302-NEVER0/chain')).json.code).toBe('NOT_FOUND');
    for (const query of ['?limit=0', '?limit=201', '?after=x', '?after=zzzzzzzzzzzzzzzzzzzzzzzz', '?limit=5&skip=3']) expect((await app.ask(auditor, 'GET', `/api/v1/audit/chains${query}`)).json.code).toBe('INVALID');
  });

  it('E3: of a rating still sealed it is told that the record is whole, and no count of what was added to it', async () => {
    // As it stands in the database; how a rating comes about is the rating's own test.
    const { _id, ...copy } = (await app.services.cases.findOne({ no: complaints[0] }))! as any;
    const no = 'PJ20260302-000001';
    const [line] = copy.timeline;
    const sealed = { ...copy, no, openKey: 'sealed', procedure: 'rating', state: 'open', access: ['role:director', 'role:auditor'], task: undefined, clock: undefined, data: { ballots: [] }, outbox: [] };
    await app.services.cases.insertOne({ ...sealed, timeline: [{ ...line, move: 'invite', to: 'open' }] } as never);
    for (const who of [director, auditor, app.admin]) {
      const before = await app.must(who, 'GET', `/api/v1/cases/${no}/chain`);
      expect(Object.keys(before).toSorted()).toEqual(['broken', 'checkedAt', 'no', 'whole']);
    }
    await app.services.cases.deleteOne({ no });
    expect(await app.must(director, 'GET', `/api/v1/cases/${complaints[0]}/chain`)).toMatchObject({ lines: 1, head: expect.any(String) });
  });

  it('a page is read in the order of the primary key, never sorted', async () => {
    const plan = JSON.stringify(await app.services.cases.find({ city: 'xinxiang' }).sort({ _id: 1 }).hint({ _id: 1 }).limit(2).explain('queryPlanner'));
    expect(plan).toContain('"_id_"');
    expect(plan).not.toContain('"SORT"');
  });
});

describe('18: the log of opened identities', () => {
  const log = (who: User, query = '') => app.must(who, 'GET', `/api/v1/audit/openings${query}`);

  it('who, when and which step, newest first; the case and the reason only for whom they are', async () => {
    const { items, head } = await log(auditor);
    expect(items.map((item: any) => [item.seq, item.step, item.by, item.no, item.reason, item.broken])).toEqual([
      [3, 'opened', '工作人员first', null, null, null], [2, 'approved', '工作人员second', null, null, null], [1, 'requested', '工作人员first', null, reason, null],
    ]);
    expect(head).toEqual({ seq: 3, hash: items[0].hash });
    expect((await log(director)).items.map((item: any) => [item.no, item.reason])).toEqual([[report, null], [report, null], [report, reason]]);
    const forAdmin = await app.ask(app.admin, 'GET', '/api/v1/audit/openings');
    expect(forAdmin.json.items).toHaveLength(3);
    for (const hidden of [report, reason]) expect(forAdmin.text).not.toContain(hidden);
    for (const answer of [forAdmin, await app.ask(auditor, 'GET', '/api/v1/audit/openings')]) expect(answer.text).not.toMatch(/何独特|13912345670/);
  });

  it('comes in pages, and a line altered or taken out is seen on its page', async () => {
    const newest = await log(auditor, '?limit=2');
    expect([newest.items.map((item: any) => item.seq), newest.next]).toEqual([[3, 2], 2]);
    expect(await log(auditor, `?limit=2&before=${newest.next}`)).toMatchObject({ items: [{ seq: 1 }], next: null });
    const lines = app.database.connection.collection('openings');
    const stored = (await lines.findOne({ seq: 2 }))!;
    await lines.updateOne({ seq: 2 }, { $set: { by: director.person } });
    expect((await log(auditor)).items.map((item: any) => item.broken?.reason ?? null)).toEqual([null, 'line', null]);
    await lines.deleteOne({ seq: 2 });
    expect((await log(auditor)).items.map((item: any) => item.broken?.reason ?? null)).toEqual(['sequence', null]);
    await lines.insertOne(stored);
    expect((await app.services.vault.verifyLog())).toBeNull();
  });
});

import { testApp, type TestApp, type User } from '../../support/app';

let app: TestApp;
let director: User, clerk: User;
beforeAll(async () => {
  app = await testApp();
  director = await app.staff('director', ['director'], ['director']);
  clerk = await app.staff('clerk', ['intake'], ['intake']);
}, 60_000);
afterAll(() => app.close());

const names = async (query: string): Promise<string[]> => (await app.must(null, 'GET', `/api/v1/providers${query}`)).items.map(({ name }: { name: string }) => name);

describe('the register of providers', () => {
  it('is found by a part of the name, which is text and nothing else', async () => {
    const all = await names('');
    const [first] = all as [string];
    expect(all.length).toBeGreaterThan(1);
    expect(await names(`?name=${encodeURIComponent(first.slice(1, 4))}`)).toContain(first);
    expect(await names(`?name=${encodeURIComponent(first)}`)).toEqual([first]);
    for (const odd of ['.*', '(', '[', '\\', '$', '^新', '没有这一家']) expect(await names(`?name=${encodeURIComponent(odd)}`)).toEqual([]);
    for (const query of ['?name=', '?name[$ne]=x', `?name=${'长'.repeat(41)}`, '?standing=candidate']) expect((await app.ask(null, 'GET', `/api/v1/providers${query}`)).json.code).toBe('INVALID');
    // Page by page as well.
    expect(await names(`?name=${encodeURIComponent(first.slice(-4))}&limit=1&after=${encodeURIComponent('一')}`)).toHaveLength(1);
  });

  it('a name is looked for within the index', async () => {
    const plan = JSON.stringify(await app.services.register.models.organisations.find({ city: 'xinxiang', kind: 'provider', standing: { $in: ['listed', 'removed'] }, name: { $regex: '数' } }).sort({ name: 1 }).explain('queryPlanner'));
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toContain('COLLSCAN');
  });

  it('18: what changed a standing is told with its article; the case behind it only to whoever may read that case', async () => {
    const org = app.provider[0].org!;
    expect(await app.must(null, 'GET', `/api/v1/providers/${org}`)).toMatchObject({ id: org, standing: 'listed', standingInWords: '在库', uscc: expect.any(String), history: [{ standing: 'listed', imported: true, no: null }] });

    const { no } = await app.open(app.enterprise[0], 'complaint', { provider: org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });
    await app.services.register.organisations.setStanding(org, 'removed', { no, seq: 9, article: '18' });
    const told = async (who: User | null, path = '') => (await app.must(who, 'GET', `/api/v1/providers/${org}${path}`)).history;
    const removal = { standing: 'removed', inWords: '已退出', at: app.clock().toISOString(), article: '18', articleInWords: '第十八条', imported: false };
    expect(await told(null)).toEqual([{ ...removal, no: null }, expect.objectContaining({ standing: 'listed' })]);
    expect((await told(director, '/standing'))[0]).toEqual({ ...removal, no });
    const expert = await app.staff('expert', ['expert']);
    expect((await told(expert, '/standing'))[0]).toEqual({ ...removal, no: null });
    expect((await app.ask(app.provider[0], 'GET', `/api/v1/providers/${org}/standing`)).json.code).toBe('FORBIDDEN');
    expect(await names('?standing=removed')).toHaveLength(1);
  });

  it('an enterprise, a candidate and an unknown id are not in it', async () => {
    const candidate = await app.services.register.organisations.ensure({ uscc: '91410700MA00000X00', name: '未入库公司', kind: 'provider', region: '410702' });
    for (const id of [app.enterprise[0].org, candidate._id, 'nobody', '__proto__']) {
      for (const [who, path] of [[null, ''], [clerk, '/standing']] as const) expect((await app.ask(who, 'GET', `/api/v1/providers/${id}${path}`)).json.code).toBe('NOT_FOUND');
    }
  });
});

describe('what follows from a case', () => {
  it('is counted by procedure and state, for this reader', async () => {
    const [owner] = app.enterprise;
    const publish = { title: '2026年第一批改造项目验收', notice: '请于申请期内在小程序提交验收申请及材料，联系电话0373-1234567。', documents: ['selfReport'], conditions: ['complete'] };
    const form = (await app.must(director, 'GET', '/api/v1/openings')).items.find((one: any) => one.procedure === 'batch').form;
    const first = (name: string) => [form.find((field: any) => field.name === name).options[0].value];
    const reviewer = await app.staff('acceptance', ['reviewer'], ['acceptance']);
    const { no } = await app.open(director, 'batch', { ...publish, documents: first('documents'), conditions: first('conditions') });
    expect((await app.must(director, 'GET', `/api/v1/cases/${no}/linked`)).items).toEqual([]);
    // An application as it stands in the database; how one comes about is the acceptance's own test.
    const like = (await app.services.cases.findOne({ no }))!;
    const { _id, ...copy } = like as typeof like & { _id: unknown };
    for (const [index, state] of ['applied', 'applied', 'passed'].entries()) {
      await app.services.cases.insertOne({ ...copy, no: `YS20260302-00000${index}`, openKey: `k${index}`, procedure: 'acceptance', state, access: ['role:director'], links: [{ no, relation: index === 2 ? '原批次' : '批次' }] } as never);
    }
    expect((await app.must(director, 'GET', `/api/v1/cases/${no}/linked`)).items.map((one: any) => [one.relation, one.state, one.count, one.end])).toEqual([['批次', 'applied', 2, false], ['原批次', 'passed', 1, true]]);
    const listed = async (relation: string): Promise<string[]> => (await app.must(director, 'GET', `/api/v1/cases?linked=${no}&relation=${encodeURIComponent(relation)}`)).items.map((one: any) => one.no);
    expect([await listed('批次'), await listed('原批次')]).toEqual([['YS20260302-000001', 'YS20260302-000000'], ['YS20260302-000002']]);
    expect((await app.must(owner, 'GET', '/api/v1/cases?procedure=batch')).items[0].subject).toBe(publish.title);
    // Those who may read the batch and none of its applications count none.
    for (const who of [owner, reviewer]) expect((await app.must(who, 'GET', `/api/v1/cases/${no}/linked`)).items).toEqual([]);
    expect((await app.ask(director, 'GET', '/api/v1/cases/YP20260302-NEVER0/linked')).json.code).toBe('NOT_FOUND');
  });
});

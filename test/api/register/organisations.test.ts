import writeXlsxFile from 'write-excel-file/node';
import { pilotListTemplate } from '../../../src/register/pilot-list';
import { aCreditCode, registerWorld, type Client, type RegisterWorld, type StaffClient } from './world';

let world: RegisterWorld;
let admin: StaffClient;
let changyuan: StaffClient;
let weihui: StaffClient;
let intake: StaffClient;
let serial = 0;
beforeAll(async () => {
  world = await registerWorld();
  admin = await world.admin();
  changyuan = await world.staff(admin, 'changyuan', ['county'], ['410783']);
  weihui = await world.staff(admin, 'weihui', ['county'], ['410781']);
  intake = await world.staff(admin, 'intake', ['intake']);
});
afterAll(() => world.close());

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TITLES = ['统一社会信用代码', '企业名称', '县（市、区）', '细分行业', '联系人', '联系手机'];
const sheet = (rows: (string | number)[][]): Promise<Buffer> =>
  writeXlsxFile(rows.map((row) => row.map((value) => ({ value, type: typeof value === 'number' ? Number : String } as never)))).toBuffer();
const upload = (file: Buffer, by: Client = intake, kind = 'enterprise') =>
  world.ask('POST', `/organisations/pilot-list?kind=${kind}`, file, { authorization: `Bearer ${by.token}`, 'content-type': XLSX });

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500 && !await done(); i += 1) await new Promise((resolve) => { setTimeout(resolve, 10); });
  expect(await done()).toBe(true);
}
const aPhone = () => `139${String((serial += 1)).padStart(8, '0')}`;
const aUscc = () => aCreditCode(1000 + (serial += 1));
async function listed(phone: string, uscc = aUscc()): Promise<string> {
  await upload(await sheet([TITLES, [uscc, '某某起重有限公司', '长垣市', '起重装备', '张某', phone]]));
  return uscc;
}
const aClaim = (given: object) => ({ kind: 'enterprise', region: '410783', sector: 'lifting', ...given });
const claimAtDesk = async (visitor: Client, given: object = {}) =>
  visitor.post('/organisations/claims', aClaim({ uscc: aUscc(), name: '自报公司', licenceFile: world.attach(visitor.person), ...given }));

describe("the bureau's list", () => {
  it('tells faulty rows one by one, in Chinese, and imports the good ones', async () => {
    const [good, other] = [aUscc(), aUscc()];
    const { status, body } = await upload(await sheet([
      ['新乡市试点企业名单'],
      TITLES,
      [good, '好公司', '长垣', '起重装备', '李某', '１３８００００１１１１'],
      ['91350100M000100Y4Z', '坏代码公司', '长垣市', '起重装备', '', '13800001112'],
      [other, '', '火星', '养殖', '', '12345'],
      [good, '重复公司', '长垣市', '起重装备', '', '13800001113'],
      [aUscc(), '=HYPERLINK("http://evil")', '长垣市', '起重装备', '', '13800001114'],
      [aUscc(), '数字手机公司', '410781', 'medical', '', 13800001115],
    ]));
    expect(status).toBe(200);
    expect(body).toMatchObject({ imported: 2, updated: 0, unchanged: 0 });
    expect(body.faults.map(({ row, field }: { row: number; field: string }) => [row, field])).toEqual([
      [4, 'uscc'], [5, 'phone'], [5, 'name'], [5, 'region'], [5, 'sector'], [6, 'uscc'], [7, 'name'],
    ]);
    for (const { message } of body.faults) expect(message).toMatch(/\p{Script=Han}/u);
    expect(await world.register.organisations.byUscc(good)).toMatchObject({ name: '好公司', region: '410783', sector: 'lifting', pilot: true });
    expect(await world.register.organisations.byUscc(other)).toBeNull();
  });

  it('the same file twice changes nothing; a corrected row is updated', async () => {
    const uscc = aUscc();
    const row = [uscc, '改名前公司', '长垣市', '起重装备', '张某', aPhone()];
    const file = await sheet([TITLES, row]);
    expect((await upload(file)).body).toMatchObject({ imported: 1 });
    const before = await world.register.models.pilotEntries.findOne({ uscc }).lean();
    expect((await upload(file)).body).toEqual({ imported: 0, updated: 0, unchanged: 1, faults: [] });
    expect(await world.register.models.pilotEntries.findOne({ uscc }).lean()).toEqual(before);
    expect((await upload(await sheet([TITLES, row.with(1, '改名后公司')]))).body).toMatchObject({ imported: 0, updated: 1 });
    expect(await world.register.organisations.byUscc(uscc)).toMatchObject({ name: '改名后公司' });
  });

  it('10: a listed provider enters as listed, once; a later import never changes its standing', async () => {
    const uscc = aUscc();
    const file = await sheet([TITLES, [uscc, '服务商甲', '', '', '', aPhone()]]);
    expect((await upload(file, intake, 'provider')).body).toMatchObject({ imported: 1, faults: [] });
    const provider = (await world.register.organisations.byUscc(uscc))!;
    expect(provider).toMatchObject({ kind: 'provider', standing: 'listed', region: '410700' });
    const cause = { no: 'QX20261101-000001', seq: 4, article: '16' };
    await world.register.organisations.setStanding(provider._id, 'removed', cause);
    await world.register.organisations.setStanding(provider._id, 'removed', cause);
    await upload(await sheet([TITLES, [uscc, '服务商甲改名', '', '', '', aPhone()]]), intake, 'provider');
    const after = (await world.register.organisations.byUscc(uscc))!;
    expect(after).toMatchObject({ name: '服务商甲改名', standing: 'removed' });
    expect(after.standingHistory.map(({ standing }) => standing)).toEqual(['listed', 'removed']);
  });

  it('takes its own template, and skips the example row', async () => {
    const { status, body } = await upload(await pilotListTemplate());
    expect({ status, body }).toEqual({ status: 200, body: { imported: 0, updated: 0, unchanged: 0, faults: [] } });
  });

  it.each([
    ['no spreadsheet', () => Buffer.from('uscc,name'), 422],
    ['a broken archive', () => Buffer.from('PK\x03\x04broken'), 422],
    ['more than 2 MB', () => Buffer.alloc(2 * 1024 * 1024 + 1, 'a'), 413],
  ])('refuses %s', async (_name, file, status) => {
    expect((await upload(file())).status).toBe(status);
  });

  it('refuses a sheet without titles, with too many rows, and from anybody but the bureau', async () => {
    expect((await upload(await sheet([['甲', '乙']]))).body.errors[0]).toMatchObject({ field: 'file', message: expect.stringContaining('表头') });
    expect((await upload(await sheet([TITLES, ...Array.from({ length: 5200 }, () => ['x'])]))).status).toBe(413);
    const file = await sheet([TITLES]);
    const visitor = await world.visitor(aPhone());
    for (const by of [changyuan, visitor]) expect((await upload(file, by)).status).toBe(403);
  });
});

describe('claims', () => {
  it('from the listed phone binds at once, as owner, with the facts of the list', async () => {
    const phone = aPhone();
    const uscc = await listed(phone);
    const visitor = await world.visitor(phone);
    const claim = await visitor.post('/organisations/claims', aClaim({ uscc: uscc.toLowerCase(), name: '别的名字', region: '410781' }));
    expect(claim).toMatchObject({ status: 201, body: { status: 'bound', name: '某某起重有限公司', region: '410783' } });
    expect((await visitor.post('/session/acting', { role: 'enterprise', org: claim.body.org })).body).toMatchObject({
      acting: { roles: ['enterprise'], powers: ['view', 'handle', 'confirm', 'pay', 'manage'] }, organisations: [{ name: '某某起重有限公司', role: 'owner' }],
    });
  });

  it('from any other phone waits for the county with the licence; other counties do not see it', async () => {
    const uscc = await listed(aPhone());
    const visitor = await world.visitor(aPhone());
    expect((await visitor.post('/organisations/claims', aClaim({ uscc }))).body.errors.map(({ field }: { field: string }) => field)).toEqual(['name', 'licenceFile']);
    const claim = await claimAtDesk(visitor, { uscc, region: '410781' });
    expect(claim).toMatchObject({ status: 202, body: { status: 'pending', region: '410783' } });
    const seen = async (by: Client) => (await by.get('/organisations/claims')).body.items.map(({ id }: { id: string }) => id);
    expect(await seen(changyuan)).toContain(claim.body.id);
    expect(await seen(weihui)).not.toContain(claim.body.id);
    expect((await visitor.get('/me')).body.organisations).toEqual([]);

    const path = `/organisations/claims/${claim.body.id}/decide`;
    const [foreign, none] = await Promise.all([
      weihui.post(path, { decision: 'approve' }), weihui.post(`/organisations/claims/${'0'.repeat(24)}/decide`, { decision: 'approve' }),
    ]);
    expect(foreign).toMatchObject({ status: 404, body: { detail: none.body.detail } });
    expect((await visitor.post(path, { decision: 'approve' })).status).toBe(404);
    expect((await changyuan.post(path, { decision: 'approve' })).body).toMatchObject({ status: 'bound' });
    expect((await visitor.get('/me')).body.organisations).toMatchObject([{ role: 'owner' }]);
    expect((await changyuan.post(path, { decision: 'approve' })).status).toBe(409);
  });

  it('is refused only with a reason, which the claimant reads', async () => {
    const visitor = await world.visitor(aPhone());
    const { body: { id } } = await claimAtDesk(visitor);
    expect((await changyuan.post(`/organisations/claims/${id}/decide`, { decision: 'refuse' })).body.errors[0].field).toBe('reason');
    await changyuan.post(`/organisations/claims/${id}/decide`, { decision: 'refuse', reason: '照片不清晰' });
    expect((await visitor.get('/organisations/claims')).body.items[0]).toMatchObject({ status: 'refused', reason: '照片不清晰' });
  });

  it('J6: taking over an owned organisation takes two people, and ends the rights of the owner before', async () => {
    const phone = aPhone();
    const uscc = await listed(phone);
    const owner = await world.visitor(phone);
    const { body: { org } } = await owner.post('/organisations/claims', aClaim({ uscc }));
    await owner.post('/session/acting', { role: 'enterprise', org });
    const successor = await world.visitor(aPhone());
    const { body: { id } } = await claimAtDesk(successor, { uscc });
    const path = `/organisations/claims/${id}/decide`;
    expect((await changyuan.post(path, { decision: 'approve' })).body).toMatchObject({ status: 'pending', approvals: 1, replacesOwner: true });
    expect((await changyuan.post(path, { decision: 'approve' })).status).toBe(409);
    expect((await owner.get('/me')).body.acting.org).toBe(org);
    expect((await intake.post(path, { decision: 'approve' })).body).toMatchObject({ status: 'bound' });
    expect((await owner.get('/me')).body).toMatchObject({ acting: { org: null, powers: [] }, organisations: [] });
    expect((await owner.get(`/organisations/${org}/members`)).status).toBe(404);
  });

  it('the desk is told of a claim that waits, the claimant how it ended, each once; what fails is told by the sweep', async () => {
    const news = (id: string) => world.told.news.filter(({ key }) => key.startsWith(`claim:${id}:`)).map(({ about, to }) => [about, to.map(({ person }) => person)]);
    const visitor = await world.visitor(aPhone());
    const { body: { id } } = await claimAtDesk(visitor);
    await until(() => news(id).length === 1);
    expect(news(id)).toEqual([['waiting', [changyuan.person]]]);
    world.told.fails = true;
    await changyuan.post(`/organisations/claims/${id}/decide`, { decision: 'refuse', reason: '照片不清晰' });
    world.told.fails = false;
    await world.register.heal();
    await world.register.heal();
    expect(news(id)).toEqual([['waiting', [changyuan.person]], ['refused', [visitor.person]]]);
    expect(JSON.stringify(world.told.news)).not.toMatch(/照片|自报公司/);

    const uscc = await listed(aPhone());
    const owner = await world.visitor(aPhone());
    const first = (await claimAtDesk(owner, { uscc })).body.id;
    await changyuan.post(`/organisations/claims/${first}/decide`, { decision: 'approve' });
    const successor = await world.visitor(aPhone());
    const second = (await claimAtDesk(successor, { uscc })).body.id;
    await changyuan.post(`/organisations/claims/${second}/decide`, { decision: 'approve' });
    await until(() => news(second).length === 2);
    // The second pair of eyes is somebody else's; of this county there is nobody else.
    expect(news(second)[1]).toEqual(['waiting', [intake.person]]);
    await intake.post(`/organisations/claims/${second}/decide`, { decision: 'approve' });
    await until(() => news(second).length === 3);
    expect(news(second)[2]).toEqual(['bound', [successor.person]]);
    expect(news(first)).toEqual([['waiting', [changyuan.person]], ['bound', [owner.person]]]);

    const outside = await world.visitor(aPhone());
    const uncovered = (await claimAtDesk(outside, { region: '410721' })).body.id;
    await until(() => news(uncovered).length === 1);
    expect(news(uncovered)).toEqual([['waiting', [admin.person]]]);
    await until(async () => (await world.register.models.claims.countDocuments({ untold: true })) === 0);
  });

  it('a listed phone does not take an owned organisation at once; of a race only one becomes owner', async () => {
    const phone = aPhone();
    const uscc = await listed(phone);
    const visitors = await Promise.all([1, 2, 3].map(() => world.visitor(phone)));
    const answers = await Promise.all(visitors.map((visitor) => visitor.post('/organisations/claims', aClaim({ uscc }))));
    expect(answers.filter(({ body }) => body.status === 'bound')).toHaveLength(1);
    expect(await world.register.models.memberships.countDocuments({ role: 'owner', active: true, org: answers.find(({ body }) => body.org)!.body.org })).toBe(1);
  });

  it('what a crash left between decision and membership is finished by the sweep, once', async () => {
    const visitor = await world.visitor(aPhone());
    const { body: { id } } = await claimAtDesk(visitor);
    await world.register.models.claims.updateOne({ _id: id }, { $set: { status: 'bound', settled: false } });
    expect(await world.register.heal()).toBe(1);
    expect(await world.register.heal()).toBe(0);
    expect((await visitor.get('/me')).body.organisations).toHaveLength(1);
  });

  it('needs a bound phone, a file of its own, and a valid code; names all wrong fields at once and refuses unknown ones', async () => {
    const visitor = await world.visitor(aPhone(), { bind: false });
    expect((await visitor.post('/organisations/claims', aClaim({ uscc: aUscc() }))).body.code).toBe('PHONE_REQUIRED');
    const bound = await world.visitor(aPhone());
    expect((await claimAtDesk(bound, { licenceFile: world.attach('somebody-else') })).body.errors[0].field).toBe('licenceFile');
    const { status, body } = await bound.post('/organisations/claims', {
      uscc: '91350100M000100Y4Z', kind: 'bureau', region: '999999', status: 'bound', person: 'x', createdAt: '2020-01-01', settled: true, approvals: [],
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual(['approvals', 'createdAt', 'kind', 'person', 'region', 'settled', 'status', 'uscc']);
    for (const uscc of [{ $ne: '' }, { $gt: '' }, ['x'], 5, null]) expect((await bound.post('/organisations/claims', aClaim({ uscc }))).status).toBe(422);
  });
});

describe('members', () => {
  async function anOrganisation() {
    const owner = await world.visitor(aPhone());
    const { _id: org } = await world.register.organisations.ensure({ uscc: aUscc(), name: '成员公司', kind: 'enterprise', region: '410783', sector: 'lifting' });
    await world.register.memberships.makeOwner(org, owner.person);
    await owner.post('/session/acting', { role: 'enterprise', org });
    return { owner, org };
  }
  async function colleague(owner: Client, org: string, powers: string[]) {
    const phone = aPhone();
    const { body: { id } } = await owner.post(`/organisations/${org}/members`, { phone, powers });
    const member = await world.visitor(phone);
    await member.post(`/invitations/${id}/accept`);
    await member.post('/session/acting', { role: 'enterprise', org });
    return member;
  }

  it('an invited colleague has the narrower powers, and nothing after removal, at once', async () => {
    const { owner, org } = await anOrganisation();
    const member = await colleague(owner, org, ['handle']);
    expect((await member.get('/me')).body.acting).toEqual({ roles: ['enterprise'], org, powers: ['view', 'handle'] });
    expect((await member.post(`/organisations/${org}/members`, { phone: aPhone(), powers: ['view'] })).status).toBe(403);
    expect((await member.delete(`/organisations/${org}/members/${owner.person}`)).status).toBe(403);
    expect((await owner.delete(`/organisations/${org}/members/${member.person}`)).status).toBe(204);
    expect((await member.get('/me')).body.acting).toMatchObject({ roles: ['citizen'], org: null, powers: [] });
    expect((await member.get(`/organisations/${org}/members`)).status).toBe(404);
  });

  it('nobody passes on powers they do not hold, and the owner cannot be removed', async () => {
    const { owner, org } = await anOrganisation();
    const manager = await colleague(owner, org, ['manage']);
    expect((await manager.post(`/organisations/${org}/members`, { phone: aPhone(), powers: ['pay'] })).status).toBe(403);
    expect((await manager.post(`/organisations/${org}/members`, { phone: aPhone(), powers: ['view'] })).status).toBe(201);
    for (const by of [manager, owner]) expect((await by.delete(`/organisations/${org}/members/${owner.person}`)).status).toBe(403);
  });

  it('an invitation is for its phone alone, works once, and ends with its inviter and when withdrawn', async () => {
    const { owner, org } = await anOrganisation();
    const phone = aPhone();
    const { body: { id } } = await owner.post(`/organisations/${org}/members`, { phone, powers: ['view'] });
    expect((await (await world.visitor(aPhone())).post(`/invitations/${id}/accept`)).status).toBe(404);
    const invited = await world.visitor(phone);
    expect((await invited.get('/me')).body.invitations).toMatchObject([{ id, name: '成员公司' }]);
    expect((await invited.post(`/invitations/${id}/accept`)).body).toEqual({ org });
    expect((await invited.post(`/invitations/${id}/accept`)).status).toBe(404);

    const manager = await colleague(owner, org, ['manage']);
    const friend = aPhone();
    const sent = await manager.post(`/organisations/${org}/members`, { phone: friend, powers: ['manage'] });
    await owner.delete(`/organisations/${org}/members/${manager.person}`);
    expect((await (await world.visitor(friend)).post(`/invitations/${sent.body.id}/accept`)).status).toBe(404);

    const third = aPhone();
    const again = await owner.post(`/organisations/${org}/members`, { phone: third, powers: ['view'] });
    expect((await owner.delete(`/organisations/${org}/invitations/${again.body.id}`)).status).toBe(204);
    expect((await (await world.visitor(third)).post(`/invitations/${again.body.id}/accept`)).status).toBe(404);
  });

  it('a stranger gets the same answer for an organisation as for none, and phones are masked to members', async () => {
    const { owner, org } = await anOrganisation();
    const stranger = await world.visitor(aPhone());
    const [theirs, none] = [await stranger.get(`/organisations/${org}/members`), await stranger.get(`/organisations/${'0'.repeat(24)}/members`)];
    expect(theirs).toMatchObject({ status: 404, body: { detail: none.body.detail } });
    expect((await owner.get(`/organisations/${org}/members`)).body.members[0].phone).toMatch(/^139\*{4}\d{4}$/);
  });
});

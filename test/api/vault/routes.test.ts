import { photo } from '../../../scripts/demo/papers';
import { APPROVE_WITHIN_MS, OPEN_FOR_MS } from '../../../src/vault/vault';
import { firstBreak } from '../../../src/kernel/chain';
import { testApp, type TestApp, type User } from '../../support/app';

const TRUE = { name: '何独特', idNumber: '410702199003078515', phone: '13912345670' };
const reason = '需当面送达书面答复，核对收件人身份';
const parts = [TRUE.name, TRUE.idNumber, TRUE.phone];

let app: TestApp;
let reporter: User, first: User, second: User, outsider: User, director: User;
let no: string;

async function filed(): Promise<string> {
  const evidence = await app.upload(reporter, '照片.jpg', await photo(), 'image/jpeg');
  const receipt = await app.open(reporter, 'report', {
    provider: app.provider[0].org, matters: ['staff'], text: '该公司申报的技术团队名单与社保缴纳人员不符，多人从未在该公司任职。', evidence: [evidence], ...TRUE, truthful: true, informed: true,
  });
  await app.settle();
  return receipt.no;
}

/** Both have held the case: named handlers. */
async function handledBy(number: string, ...people: User[]): Promise<void> {
  await app.services.cases.updateOne({ no: number }, { $addToSet: { handlers: { $each: people.map(({ person }) => person) }, access: { $each: people.map(({ person }) => `person:${person}`) } } } as never);
}

beforeAll(async () => {
  app = await testApp();
  reporter = await app.citizen('举报人');
  first = await app.staff('first', ['reviewer'], ['report']);
  second = await app.staff('second', ['reviewer'], ['report']);
  outsider = await app.staff('outsider', ['reviewer'], ['report']);
  director = await app.staff('director', ['director'], ['director']);
  no = await filed();
  const holder = await app.take(no, first, second, outsider);
  if (holder === outsider) [outsider, first] = [first, outsider];
  await handledBy(no, first, second);
}, 60_000);
afterAll(() => app.close());

const request = (who: User, number = no, body: object = { reason }) => app.ask(who, 'POST', `/api/v1/cases/${number}/identity/openings`, body);
const step = (who: User, id: string, name: 'approve' | 'open') => app.ask(who, 'POST', `/api/v1/identity/openings/${id}/${name}`);
const requested = async (): Promise<string> => (await request(first)).json.id;
const moves = async () => (await app.services.cases.findOne({ no }))!.timeline.map((entry) => entry.move).filter((move) => move.startsWith('identity'));
const later = (ms: number) => app.advance(new Date(app.clock().getTime() + ms).toISOString());

describe('18: opening a reporter\'s identity', () => {
  it('18: two handlers together, for a reason; the case has every step in its chain, the reporter sees and is told', async () => {
    const asked = await request(first);
    expect([asked.status, asked.json.state, asked.json.mayApprove, asked.json.mayOpen]).toEqual([201, 'waiting', false, false]);
    const { id } = asked.json;
    expect((await app.must(second, 'GET', `/api/v1/cases/${no}/identity/openings`)).items[0]).toMatchObject({ id, reason, state: 'waiting', mayApprove: true });
    expect((await step(second, id, 'approve')).json).toMatchObject({ state: 'open', approvedByMe: true, mayOpen: false });
    const seen = await step(first, id, 'open');
    expect([seen.status, seen.json, seen.headers.get('cache-control')]).toEqual([200, TRUE, 'private, no-store']);
    expect((await app.must(first, 'GET', `/api/v1/identity/openings/${id}`)).looks).toBe(1);

    expect(await moves()).toEqual(['identityRequested', 'identityApproved', 'identityOpened']);
    expect(firstBreak((await app.services.cases.findOne({ no }))!)).toBeNull();
    await app.settle();
    const { items } = await app.must(reporter, 'GET', '/api/v1/me/identity-openings');
    expect(items.map((line: any) => [line.step, line.by, line.no])).toEqual([['opened', '承办人员一', no], ['approved', '承办人员二', no], ['requested', '承办人员一', no]]);
    expect(items.at(-1).reason).toBe(reason);
    const view = await app.must(reporter, 'GET', `/api/v1/cases/${no}`);
    expect(view.timeline.map((line: any) => line.title)).toEqual(expect.arrayContaining(['承办人员申请查看举报人身份', '承办人员查看了举报人身份']));
    const told = (await app.must(reporter, 'GET', '/api/v1/inbox')).items.filter((item: any) => item.no === no);
    expect(told).toHaveLength(2);
    // Discreet: whoever looks over the shoulder does not learn what it is about.
    expect(JSON.stringify(told)).not.toMatch(/举报|身份/);
  });

  it('18: the other handlers of the case find it waiting for them; nobody else does, and not once it is settled', async () => {
    const id = await requested();
    const waiting = async (who: User) => (await app.must(who, 'GET', '/api/v1/identity/openings')).items.map((item: any) => item.id);
    const [mine] = (await app.must(second, 'GET', '/api/v1/identity/openings')).items;
    expect(mine).toMatchObject({ id, no, reason, requestedBy: `工作人员${first.name}`, approvedBy: null, mayApprove: true });
    for (const who of [first, outsider, director, app.admin]) expect(await waiting(who)).toEqual([]);
    for (const who of [reporter, app.provider[0]]) expect((await app.ask(who, 'GET', '/api/v1/identity/openings')).json.code).toBe('NOT_FOUND');
    const { barred } = (await app.services.cases.findOne({ no }))!;
    await app.services.cases.updateOne({ no }, { $set: { barred: [`person:${second.person}`] } } as never);
    expect(await waiting(second)).toEqual([]);
    await app.services.cases.updateOne({ no }, { $set: { barred } } as never);
    expect((await step(second, id, 'approve')).json.approvedBy).toBe('工作人员second');
    expect(await waiting(second)).toEqual([]);
  });

  it('18: to anybody who is not a handler of this case neither it nor its openings exist', async () => {
    const id = await requested();
    const answers = await Promise.all([outsider, director, app.admin, reporter, app.provider[0], app.enterprise[0]].flatMap((who) => [
      request(who), app.ask(who, 'GET', `/api/v1/cases/${no}/identity/openings`), app.ask(who, 'GET', `/api/v1/identity/openings/${id}`), step(who, id, 'approve'), step(who, id, 'open'),
    ]));
    for (const answer of answers) expect([answer.status, answer.json.code]).toEqual([404, 'NOT_FOUND']);
    const never = await request(outsider, 'JB-20260302-NEVER');
    const { requestId: _, ...there } = answers[0]!.json;
    const { requestId: __, ...nowhere } = never.json;
    expect(there).toEqual(nowhere);
    expect((await app.ask(null, 'GET', `/api/v1/identity/openings/${id}`)).status).toBe(401);
    expect((await app.must(app.provider[0], 'GET', '/api/v1/me/identity-openings')).items).toEqual([]);
  });

  it('18: while a report has one handler, a colleague of its desks or a director agrees, unless they have to do with it', async () => {
    const fresh = await filed();
    const holder = await app.take(fresh, first, second, outsider);
    const colleague = [first, second, outsider].find((one) => one !== holder)!;
    const waiting = async (who: User) => (await app.must(who, 'GET', '/api/v1/identity/openings')).items.map((item: any) => item.no);
    const { id } = (await request(holder, fresh)).json;
    for (const who of [colleague, director]) expect(await waiting(who)).toContain(fresh);
    const related = await app.staff('related', ['reviewer'], ['report']);
    await app.services.register.models.people.updateOne({ _id: related.person }, { $set: { 'staff.conflicts': [app.provider[0].org] } });
    const elsewhere = await app.staff('elsewhere', ['reviewer'], ['plan']);
    for (const who of [related, elsewhere, app.admin]) {
      expect(await waiting(who)).not.toContain(fresh);
      expect((await step(who, id, 'approve')).json.code).toBe('NOT_FOUND');
    }
    // Agreeing opens neither the case nor the identity to who agreed.
    expect((await step(colleague, id, 'approve')).json).toMatchObject({ state: 'open', mayOpen: false });
    expect((await app.ask(colleague, 'GET', `/api/v1/cases/${fresh}`)).json.code).toBe('NOT_FOUND');
    expect((await step(colleague, id, 'open')).json.code).toBe('FORBIDDEN');
    expect((await step(holder, id, 'open')).json).toEqual(TRUE);
    // With a second handler it is theirs again.
    await handledBy(fresh, colleague);
    await request(holder, fresh);
    expect(await waiting(director)).not.toContain(fresh);
  });

  it('18: the one who asked cannot agree, the one who agreed cannot look', async () => {
    const id = await requested();
    expect((await step(first, id, 'approve')).json.code).toBe('NEEDS_SECOND_PERSON');
    expect((await step(first, id, 'open')).json.code).toBe('OPENING_CLOSED');
    expect((await step(second, id, 'approve')).status).toBe(200);
    expect((await step(second, id, 'approve')).json.code).toBe('OPENING_CLOSED');
    expect((await step(second, id, 'open')).json.code).toBe('FORBIDDEN');
  });

  it.each([[{}], [{ reason: '需要' }], [{ reason: { $ne: '' } }], [{ reason: 7 }], [{ reason, extra: 1 }], [{ reason: '理'.repeat(2000) }]])('a reason is needed in words: %j', async (body) => {
    const before = await moves();
    expect((await request(second, no, body)).json.code).toBe('INVALID');
    expect(await moves()).toEqual(before);
  });

  it('18: a handler of another case, and one who stepped aside, are strangers', async () => {
    const id = await requested();
    const other = await filed();
    await handledBy(other, outsider);
    expect((await step(outsider, id, 'approve')).json.code).toBe('NOT_FOUND');
    expect((await request(outsider)).json.code).toBe('NOT_FOUND');
    await app.services.cases.updateOne({ no: other }, { $addToSet: { handlers: second.person, barred: `person:${second.person}` } } as never);
    expect((await app.ask(second, 'GET', `/api/v1/cases/${other}/identity/openings`)).json.code).toBe('NOT_FOUND');
  });

  it('18: an approval lapses after a quarter of an hour, a request after a day', async () => {
    const approved = await requested();
    await step(second, approved, 'approve');
    await later(OPEN_FOR_MS + 1000);
    expect((await step(first, approved, 'open')).json.code).toBe('OPENING_CLOSED');
    expect((await app.must(first, 'GET', `/api/v1/identity/openings/${approved}`))).toMatchObject({ state: 'lapsed', until: null, mayOpen: false });
    const waiting = await requested();
    await later(APPROVE_WITHIN_MS + 1000);
    expect((await app.must(second, 'GET', '/api/v1/identity/openings')).items).toEqual([]);
    expect((await step(second, waiting, 'approve')).json.code).toBe('OPENING_CLOSED');
  });

  it('a step that a crash kept out of the case gets there by the sweep, once', async () => {
    const { data } = (await app.services.cases.findOne({ no }))!;
    const before = (await moves()).length;
    await app.services.vault.requestOpening({ id: data.identity, caseNo: no, by: second.person, reason });
    expect((await moves()).length).toBe(before);
    await app.services.openings.sweep();
    await app.services.openings.sweep();
    expect((await moves()).length).toBe(before + 1);
  });

  it('a search is stopped: looking is limited by the hour', async () => {
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 25; i += 1) codes.push((await step(second, 'no-such-opening', 'open')).json.code);
    expect(codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'NOT_FOUND'));
    expect(codes.at(-1)).toBe('TOO_MANY');
  });

  it('nothing of the identity is in any log, queue, or collection in clear', async () => {
    const redis = (await Promise.all((await app.database.redis.keys(`${app.database.prefix}*`)).map(async (key) =>
      ((await app.database.redis.type(key)) === 'hash' ? JSON.stringify(await app.database.redis.hgetall(key)) : key)))).join('\n');
    const stored = (await Promise.all((await app.database.connection.db!.collections()).map(async (each) => JSON.stringify(await each.find({}).toArray())))).join('\n');
    const logged = app.logs.join('\n');
    expect(logged).toContain('/api/v1/identity/openings/:id/open');
    for (const part of [...parts, reason]) expect(logged).not.toContain(part);
    for (const part of parts) expect([redis.includes(part), stored.includes(part)]).toEqual([false, false]);
  });
});

import { createRegister } from '../../../src/register/register';
import { aCreditCode, registerWorld, type RegisterWorld } from './world';

let world: RegisterWorld;
beforeAll(async () => { world = await registerWorld(); });
afterAll(() => world.close());

describe('sign-in with WeChat', () => {
  it('makes a first-time visitor known, and knows them again', async () => {
    const openid = world.addPhone('13800000001');
    const first = await world.visitor('', { openid });
    const second = await world.visitor('', { openid });
    expect(second.person).toBe(first.person);
    const { body } = await second.get('/me');
    expect(body).toMatchObject({ person: { kind: 'wechat', phone: '138****0001' }, acting: { roles: ['citizen'], org: null, powers: [] }, organisations: [] });
    expect(await world.register.models.people.countDocuments({ city: 'xinxiang', openid })).toBe(1);
  });

  it('two first visits at once are one person', async () => {
    const openid = world.addPhone('13800000002');
    const [a, b] = await Promise.all([world.visitor('', { openid, bind: false }), world.visitor('', { openid, bind: false })]);
    expect(a.person).toBe(b.person);
  });

  it('refuses a code used before, a code of nobody, and signs nobody in while WeChat is down', async () => {
    const code = world.simulator.loginCode(world.addPhone('13800000003'));
    expect((await world.ask('POST', '/session/wechat', { code })).status).toBe(201);
    expect(await world.ask('POST', '/session/wechat', { code })).toMatchObject({ status: 401, body: { code: 'CODE_REFUSED' } });
    expect(await world.ask('POST', '/session/wechat', { code: 'nobodys' })).toMatchObject({ status: 401 });
    world.simulator.addFault({ path: '/sns', kind: 'http502' });
    const answer = await world.ask('POST', '/session/wechat', { code: world.simulator.loginCode(world.addPhone('13800000004')) });
    world.simulator.clearFaults();
    expect(answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(answer.body.access).toBeUndefined();
  });

  it("A4: an openid, a role or a person in body or headers changes nothing", async () => {
    const victim = await world.visitor('13800000005');
    const code = world.simulator.loginCode(world.addPhone('13800000006'));
    for (const more of [{ openid: 'o123' }, { role: 'admin' }, { person: victim.person }, { __proto__x: 1 }]) {
      const answer = await world.ask('POST', '/session/wechat', { code, ...more });
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ message: '不认识的字段' }] } });
    }
    const answer = await world.ask('GET', '/me', undefined, { 'x-openid': 'o123', 'x-person': victim.person, 'x-wx-openid': 'o123' });
    expect(answer.status).toBe(401);
  });

  it("binds no phone with another user's code", async () => {
    const other = world.addPhone('13800000007');
    const visitor = await world.visitor('13800000008', { bind: false });
    expect(await visitor.post('/session/phone', { code: world.simulator.phoneCode(other) })).toMatchObject({ status: 401 });
    expect((await visitor.get('/me')).body.person.phone).toBeNull();
  });

  it('keeps openid sessions, phones and tokens unreadable in the database', async () => {
    const visitor = await world.visitor('13912345678');
    const everything = JSON.stringify(await Promise.all(Object.values(world.register.models).map((model) => model.find({}).lean())));
    for (const secret of ['13912345678', visitor.token, ...visitor.refresh.split('.')]) expect(everything).not.toContain(secret);
    const person = await world.register.people.get(visitor.person);
    expect(world.register.people.phoneOf(person!)).toBe('13912345678');
  });

  it.each([
    ['$ne operator', { code: { $ne: null } }], ['array', { code: ['a'] }], ['number', { code: 5 }], ['empty', { code: '' }],
    ['missing', {}], ['20,000 characters', { code: 'x'.repeat(20_000) }],
  ])('refuses a code that is %s, by path, in Chinese', async (_name, body) => {
    const answer = await world.ask('POST', '/session/wechat', body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0]).toMatchObject({ field: 'code', message: expect.stringMatching(/\p{Script=Han}/u) });
  });
});

describe('sessions', () => {
  it('a refresh gives new tokens and ends the old access token at once', async () => {
    const visitor = await world.visitor('13800000011');
    const old = visitor.token;
    const { status, body } = await world.ask('POST', '/session/refresh', { refresh: visitor.refresh });
    expect(status).toBe(200);
    expect(body.refresh).not.toBe(visitor.refresh);
    visitor.token = body.access;
    expect((await visitor.get('/me')).status).toBe(200);
    visitor.token = old;
    expect((await visitor.get('/me')).status).toBe(401);
  });

  it('a refresh token used twice ends the session for both holders', async () => {
    const visitor = await world.visitor('13800000012');
    const { body } = await world.ask('POST', '/session/refresh', { refresh: visitor.refresh });
    expect(await world.ask('POST', '/session/refresh', { refresh: visitor.refresh })).toMatchObject({ status: 401 });
    visitor.token = body.access;
    expect((await visitor.get('/me')).status).toBe(401);
    expect((await world.ask('POST', '/session/refresh', { refresh: body.refresh })).status).toBe(401);
  });

  it('of two refreshes at once at most one is served', async () => {
    const visitor = await world.visitor('13800000013');
    const answers = await Promise.all([1, 2, 3].map(() => world.ask('POST', '/session/refresh', { refresh: visitor.refresh })));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it('an access token ends after 15 minutes, a session after 30 days without use', async () => {
    const visitor = await world.visitor('13800000014');
    expect((await visitor.get('/me')).status).toBe(200);
    world.advance(15 * 60);
    expect(await visitor.get('/me')).toMatchObject({ status: 401, body: { code: 'EXPIRED' } });
    const { body } = await world.ask('POST', '/session/refresh', { refresh: visitor.refresh });
    world.advance(30 * 24 * 3600);
    expect(await world.ask('POST', '/session/refresh', { refresh: body.refresh })).toMatchObject({ status: 401 });
  });

  it('sign-out ends this session, sign-out everywhere ends all', async () => {
    const openid = world.addPhone('13800000015');
    const [a, b, c] = [await world.visitor('', { openid }), await world.visitor('', { openid }), await world.visitor('', { openid })];
    expect((await a.delete('/session')).status).toBe(204);
    expect((await a.get('/me')).status).toBe(401);
    expect((await b.get('/me')).status).toBe(200);
    expect((await b.delete('/session?everywhere=true')).status).toBe(204);
    expect((await c.get('/me')).status).toBe(401);
    expect((await world.ask('POST', '/session/refresh', { refresh: c.refresh })).status).toBe(401);
  });

  it('C6: a revocation by another process is effective within a second', async () => {
    const visitor = await world.visitor('13800000016');
    expect((await visitor.get('/me')).status).toBe(200);
    const elsewhere = createRegister(world.deps);
    await elsewhere.sessions.endAll(visitor.person);
    world.advance(1.001);
    expect((await visitor.get('/me')).status).toBe(401);
  });

  it.each(['Bearer', 'Bearer x', 'Basic abc', `Bearer ${'a'.repeat(43)}`, 'Bearer {"$ne":1}'])('refuses the header %s', async (authorization) => {
    expect((await world.ask('GET', '/me', undefined, { authorization })).status).toBe(401);
  });
});

describe('acting party', () => {
  it('C5: is chosen explicitly among the organisations of the person, and gives the powers held there', async () => {
    const { register } = world;
    const visitor = await world.visitor('13800000021');
    const enterprise = await register.organisations.ensure({ uscc: aCreditCode(21), name: '甲公司', kind: 'enterprise', region: '410783', sector: 'lifting' });
    const provider = await register.organisations.ensure({ uscc: aCreditCode(22), name: '乙公司', kind: 'provider', region: '410700' });
    for (const org of [enterprise, provider]) await register.memberships.makeOwner(org._id, visitor.person);

    expect((await visitor.get('/me')).body.acting).toMatchObject({ roles: ['citizen'], org: null });
    const acting = await visitor.post('/session/acting', { role: 'provider', org: provider._id });
    expect(acting.body.acting).toEqual({ roles: ['provider'], org: provider._id, powers: ['view', 'handle', 'confirm', 'pay', 'manage'] });
    expect((await visitor.post('/session/acting', { role: 'citizen' })).body.acting).toMatchObject({ roles: ['citizen'], org: null, powers: [] });
  });

  it('an organisation of somebody else answers like one that does not exist; a wrong role too', async () => {
    const { register } = world;
    const visitor = await world.visitor('13800000022');
    const stranger = await register.organisations.ensure({ uscc: aCreditCode(23), name: '丙公司', kind: 'enterprise', region: '410783', sector: 'lifting' });
    const own = await register.organisations.ensure({ uscc: aCreditCode(24), name: '丁公司', kind: 'enterprise', region: '410783', sector: 'lifting' });
    await register.memberships.makeOwner(own._id, visitor.person);
    const answers = await Promise.all([
      visitor.post('/session/acting', { role: 'enterprise', org: stranger._id }),
      visitor.post('/session/acting', { role: 'enterprise', org: 'f'.repeat(24) }),
      visitor.post('/session/acting', { role: 'provider', org: own._id }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { detail: answers[0].body.detail } });
  });

  it.each(['admin', 'county', 'system', 'auditor', '__proto__'])('refuses the role %s', async (role) => {
    const visitor = await world.visitor('13800000023');
    expect((await visitor.post('/session/acting', { role })).status).toBe(422);
  });
});

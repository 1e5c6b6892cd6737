import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { shanghaiDay } from '../../../src/kernel/numbers';
import { directory } from '../../../src/register/directory';
import { createRegister } from '../../../src/register/register';
import { aStaffEntry, PASSWORD, registerWorld, type RegisterWorld, type StaffClient } from './world';

let world: RegisterWorld;
let admin: StaffClient;
let serial = 0;
beforeAll(async () => {
  world = await registerWorld();
  admin = await world.admin();
});
afterAll(() => world.close());

const aLogin = () => `user${(serial += 1)}`;
const signIn = (body: object, network = '10.0.0.1') => world.ask('POST', '/session/staff', body, { 'x-forwarded-for': network });
const credentials = (staff: StaffClient) => ({ login: staff.login, password: PASSWORD, totp: world.totpAt(staff.secret) });

describe('staff sign-in', () => {
  it('takes password and code, and gives the roles of the register', async () => {
    const staff = await world.staff(admin, aLogin(), ['county'], ['410783']);
    world.advance(30);
    const { status, body } = await signIn(credentials(staff));
    expect(status).toBe(201);
    expect(body).toMatchObject({ person: { kind: 'staff', name: '王小明' }, acting: { roles: ['county'] }, staff: { regions: ['410783'], enrolled: true } });
  });

  it('a code is good once, also for two at the same moment, and one step early or late', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    world.advance(120);
    const answers = await Promise.all([1, 2, 3].map(() => signIn(credentials(staff))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 401, 401]);
    const late = { ...credentials(staff), totp: world.totpAt(staff.secret, new Date(world.now().getTime() - 30_000)) };
    expect((await signIn(late)).status).toBe(401);
    const early = { ...credentials(staff), totp: world.totpAt(staff.secret, new Date(world.now().getTime() + 30_000)) };
    expect((await signIn(early)).status).toBe(201);
    world.advance(300);
    const old = { ...credentials(staff), totp: world.totpAt(staff.secret, new Date(world.now().getTime() - 90_000)) };
    expect((await signIn(old)).status).toBe(401);
  });

  it('answers an unknown login, a wrong password and a wrong code alike, and takes about as long', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    world.advance(60);
    const right = credentials(staff);
    const wrong = [{ ...right, login: 'nobody1' }, { ...right, password: 'Wrong-Password 1' }, { ...right, totp: '000000' }];
    const answers = [];
    for (const body of wrong) answers.push(await signIn(body, '10.0.1.1'));
    for (const { status, body } of answers) expect({ status, ...body, requestId: '' }).toEqual({ ...answers[0]!.body, status: 401, code: 'SIGN_IN_FAILED', requestId: '' });
    const timed = async (login: string) => {
      const started = performance.now();
      await signIn({ ...right, login, password: 'Wrong-Password 1' }, `10.9.${(serial += 1)}.1`);
      return performance.now() - started;
    };
    const [known, unknown] = [[], []] as [number[], number[]];
    for (let round = 0; round < 5; round += 1) {
      known.push(await timed(staff.login));
      unknown.push(await timed(`ghost${round}`));
    }
    // Without the decoy an unknown login answers many times faster than argon2 allows.
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2);
  });

  it('H6: throttles an account from one network, and tells how long', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    world.advance(60);
    const wrong = { ...credentials(staff), password: 'Wrong-Password 1' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(wrong, '10.0.2.1')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(3);
    const blocked = await signIn(credentials(staff), '10.0.2.1');
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn(credentials(staff), '10.0.2.2')).status).toBe(201);
  });

  it('H6: throttles many accounts tried from one network', async () => {
    const body = { login: 'x', password: 'Wrong-Password 1', totp: '000000' };
    const answers = await Promise.all(Array.from({ length: 104 }, (_, index) => signIn({ ...body, login: `spray${index}` }, '10.0.3.1')));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
  });

  it('H6: throttles when Redis is down, and still lets the right one in', async () => {
    const redis = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null });
    redis.on('error', () => undefined);
    const alone = createRegister({ ...world.deps, redis });
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    world.advance(60);
    expect(await alone.signIn.signIn(credentials(staff), '10.0.4.1')).toMatchObject({ _id: staff.person });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => alone.signIn.signIn({ ...credentials(staff), password: 'wrong' }, '10.0.4.2')));
    const codes = tries.map((result) => (result as PromiseRejectedResult).reason.code);
    expect(codes.filter((code) => code === 'TOO_MANY')).toHaveLength(3);
    redis.disconnect();
  });

  it.each([{ login: { $gt: '' } }, { password: { $ne: null } }, { totp: 123456 }, { roles: ['admin'] }])('refuses %j', async (more) => {
    expect((await signIn({ login: 'admin', password: 'x', totp: '123456', ...more }, '10.0.5.1')).status).toBe(422);
  });
});

describe('console cookies', () => {
  async function console_() {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    world.advance(60);
    const { body, headers } = await signIn({ ...credentials(staff), cookie: true });
    const cookies = headers.getSetCookie();
    return { body, cookies, cookie: cookies.map((one) => one.split(';')[0]).join('; ') };
  }

  it('are httpOnly and SameSite=Strict, and the body holds no token', async () => {
    const { body, cookies } = await console_();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/httponly/i);
    for (const cookie of cookies) expect(cookie).toMatch(/samesite=strict/i);
    expect(body).toMatchObject({ csrf: expect.any(String) });
    expect(body).not.toHaveProperty('access');
    expect(body).not.toHaveProperty('refresh');
  });

  it('C10: change nothing without the CSRF value that goes with them', async () => {
    const { body, cookie } = await console_();
    const other = await console_();
    expect((await world.ask('GET', '/me', undefined, { cookie })).body.csrf).toBe(body.csrf);
    const change = (headers: Record<string, string>) => world.ask('PATCH', '/me/duty', { onDuty: false }, { cookie, ...headers });
    expect(await change({})).toMatchObject({ status: 403, body: { code: 'CSRF_REFUSED' } });
    expect((await change({ 'x-csrf-token': other.body.csrf })).status).toBe(403);
    expect(await change({ 'x-csrf-token': body.csrf })).toMatchObject({ status: 200, body: { onDuty: false } });
  });

  it('are refreshed by cookie and end with sign-out; a busy session still ends with the day', async () => {
    const { body, cookie } = await console_();
    expect((await world.ask('POST', '/session/refresh', {}, { cookie })).status).toBe(403);
    world.advance(16 * 60);
    const fresh = await world.ask('POST', '/session/refresh', {}, { cookie, 'x-csrf-token': body.csrf });
    expect(fresh.status).toBe(200);
    expect(fresh.body.expiresAt).toBe(body.expiresAt);
    const renewed = fresh.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    expect((await world.ask('DELETE', '/session', undefined, { cookie: renewed, 'x-csrf-token': fresh.body.csrf })).status).toBe(204);
    expect((await world.ask('GET', '/me', undefined, { cookie: renewed })).status).toBe(401);
  });
});

describe('staff accounts', () => {
  beforeAll(async () => {
    world.advance(60);
    Object.assign(admin, { token: (await signIn(credentials(admin), '10.0.6.1')).body.access });
  });

  it('are set up with a code that works once and expires; there is no default password', async () => {
    const login = aLogin();
    const { body: { code, id } } = await admin.post('/staff', aStaffEntry({ login }));
    expect((await world.register.models.people.findById(id).lean())?.staff?.passwordHash).toBeUndefined();
    const enrolment = { login, code };
    const { body: { secret, uri } } = await world.ask('POST', '/session/enrolment', enrolment);
    expect(uri).toContain('otpauth://totp/');
    const complete = (more: object) => world.ask('POST', '/session/enrolment/complete', { ...enrolment, password: PASSWORD, totp: world.totpAt(secret), ...more });
    for (const password of ['short', 'aaaaaaaaaaaaaaaa', `${login}-Passw0rd`, 'onlylowercaseletters']) {
      expect((await complete({ password })).body.errors[0]).toMatchObject({ field: 'password' });
      await world.db.redis.del(...await world.db.redis.keys(`${world.db.prefix}:throttle:*`));
    }
  });

  it('an expired code and a used one answer alike', async () => {
    const login = aLogin();
    const { body: { code } } = await admin.post('/staff', aStaffEntry({ login }));
    const other = await world.staff(admin, aLogin(), ['reviewer']);
    expect((await world.ask('POST', '/session/enrolment', { login: other.login, code })).status).toBe(401);
    const before = world.now();
    world.advance(72 * 3600);
    expect((await world.ask('POST', '/session/enrolment', { login, code })).status).toBe(401);
    world.advance((before.getTime() - world.now().getTime()) / 1000);
  });

  it('C6: deactivation ends open sessions at once, a change of roles counts with the next request', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    await admin.patch(`/staff/${staff.person}`, { roles: ['director'] });
    expect((await staff.get('/me')).body.acting.roles).toEqual(['director']);
    expect((await admin.patch(`/staff/${staff.person}`, { active: false })).body.active).toBe(false);
    expect((await staff.get('/me')).status).toBe(401);
    expect((await world.ask('POST', '/session/refresh', { refresh: staff.refresh })).status).toBe(401);
    world.advance(60);
    expect((await signIn(credentials(staff), '10.0.7.1')).status).toBe(401);
    Object.assign(admin, { token: (await signIn(credentials(admin), '10.0.7.2')).body.access });
  });

  it('a reset ends password, code and sessions', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    const { body } = await admin.post(`/staff/${staff.person}/reset`);
    expect((await staff.get('/me')).status).toBe(401);
    world.advance(60);
    expect((await signIn(credentials(staff), '10.0.8.1')).status).toBe(401);
    expect((await world.enrol(staff.login, body.code)).token).toBeDefined();
  });

  it('only administrators manage them, nobody widens their own rights, and one administrator stays', async () => {
    const reviewer = await world.staff(admin, aLogin(), ['reviewer']);
    const visitor = await world.visitor('13700000001');
    for (const by of [reviewer, visitor]) {
      expect((await by.post('/staff', aStaffEntry({ login: aLogin() }))).status).toBe(403);
      expect((await by.patch(`/staff/${reviewer.person}`, { roles: ['admin'] })).status).toBe(403);
      expect((await by.get('/staff')).status).toBe(403);
    }
    expect((await reviewer.patch('/me/duty', { roles: ['admin'] })).status).toBe(422);
    expect((await admin.patch(`/staff/${admin.person}`, { active: false })).status).toBe(403);
    const list = await admin.get('/staff');
    expect(JSON.stringify(list.body)).not.toMatch(/passwordHash|totpSecret|enrolment|argon2/);
  });

  it('5: a declared relation is added by oneself, never taken back', async () => {
    const staff = await world.staff(admin, aLogin(), ['reviewer']);
    await staff.patch('/me/duty', { conflicts: ['org-12345678'] });
    expect((await staff.patch('/me/duty', { conflicts: [] })).body.conflicts).toEqual(['org-12345678']);
  });

  it('12.4: experts and agencies who are away or off duty are not drawn', async () => {
    const people = directory({ models: world.register.models, city: world.deps.city, clock: world.deps.clock });
    const [here, away, off] = await Promise.all([1, 2, 3].map(() => world.staff(admin, aLogin(), ['expert'])));
    const today = shanghaiDay(world.deps.clock());
    await away!.patch('/me/duty', { absences: [{ from: today, to: today }] });
    await off!.patch('/me/duty', { onDuty: false });
    const drawn = (await people.experts('expert')).map(({ person }) => person);
    expect([here, away, off].map((one) => drawn.includes(one!.person))).toEqual([true, false, false]);
    await off!.patch('/me/duty', { onDuty: true });
    expect((await people.experts('expert')).map(({ person }) => person)).toContain(off!.person);
  });

  it.each([
    [{ roles: ['county'] }, 'regions'], [{ roles: ['auditor', 'reviewer'] }, 'roles'], [{ roles: ['owner'] }, 'roles.0'],
    [{ passwordHash: 'x' }, 'passwordHash'], [{ 'staff.roles': ['admin'] }, 'staff.roles'], [{ active: true }, 'active'],
  ])('C4: refuses %j', async (more, field) => {
    const { status, body } = await admin.post('/staff', aStaffEntry({ login: aLogin(), ...more }));
    expect(status).toBe(422);
    expect(body.errors.map((fault: { field: string }) => fault.field)).toContain(field);
  });
});

it('the first administrator is made by a command, once, without a default password', async () => {
  const dbName = `${world.db.dbName}_first`;
  const VAULT_KEYS = JSON.stringify({ current: 'k1', keys: { k1: Buffer.alloc(32, 7).toString('base64') } });
  // Compiled as the build does, inside the project so that it finds its packages.
  await mkdir('.cache', { recursive: true });
  const built = await mkdtemp(path.resolve('.cache', 'first-admin-'));
  const exec = promisify(execFile);
  await exec('node_modules/.bin/swc', ['src', 'scripts/first-admin.ts', '-d', built, '--copy-files', '--quiet']);
  const run = (...words: string[]) => exec(
    process.execPath, [path.join(built, 'scripts/first-admin.js'), ...words],
    { env: { ...process.env, MONGODB_URI: world.db.mongodbUri, MONGODB_NAME: dbName, VAULT_KEYS } },
  );
  const { stdout } = await run('chief', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ login: 'chief', code: expect.stringMatching(/^[\w-]{20}$/) });
  await expect(run('second', '--json')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('已有管理员') });
  expect(JSON.parse((await run('second', '--force', '--json')).stdout)).toMatchObject({ login: 'second' });
  await world.db.connection.useDb(dbName).dropDatabase();
  await rm(built, { recursive: true });
}, 60_000);

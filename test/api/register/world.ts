import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import pino from 'pino';
import { TOTP, Secret } from 'otpauth';
import { startSimulator, type Simulator } from '../../../scripts/wechat-simulator';
import { jsonBody } from '../../../src/http/body';
import { problems } from '../../../src/http/problems';
import type { StaffRole } from '../../../src/kernel/actor';
import type { ClaimNews } from '../../../src/register/claims';
import { createRegister, type Register } from '../../../src/register/register';
import { organisationRoutes, sessionRoutes, staffRoutes } from '../../../src/register/routes';
import { keyRing } from '../../../src/vault/crypto';
import { createWechat } from '../../../src/wechat/client';
import { testDatabase, type TestDatabase } from '../../support/engines';

const APP = { appId: 'wxregister00000000', appSecret: 'register-test-secret' };

export const PASSWORD = 'Chang-Yuan 2026';

export interface Answer { status: number; body: any; headers: Headers } // any: each test knows what it asked for
export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  token: string;
  refresh: string;
  person: string;
}
export interface StaffClient extends Client { login: string; secret: string }

/** The register over HTTP on the real engines and the simulated WeChat, with a clock the test turns. */
export async function registerWorld() {
  const db: TestDatabase = await testDatabase();
  const silent = pino({ level: 'silent' });
  let now = new Date('2026-11-23T01:00:00Z');
  let elapsedMs = 1_000_000;
  const clock = () => now;
  const simulator: Simulator = await startSimulator({ ...APP, token: 'register', encodingAesKey: 'a'.repeat(43), clock });
  const keys = keyRing({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } });
  const uploads = new Set<string>();
  const told = { fails: false, news: [] as ClaimNews[] };
  const deps = {
    connection: db.connection, redis: db.redis, prefix: db.prefix, city: 'xinxiang', keys, clock, monotonic: () => elapsedMs,
    wechat: createWechat({ baseUrl: simulator.url, ...APP, redis: db.redis, prefix: db.prefix, log: silent, clock }),
    mayAttach: async (person: string, file: string) => uploads.has(`${person}/${file}`),
    attachTo: async () => undefined,
    tell: async (news: ClaimNews) => {
      if (told.fails) throw new Error('no messages now');
      told.news.push(news);
    },
  };
  const register: Register = createRegister(deps);
  await register.ensureIndexes();

  // Behind a proxy, so that a test can be at several addresses.
  const app = new Koa({ proxy: true });
  app.use(problems(silent));
  for (const middleware of jsonBody()) app.use(middleware);
  for (const router of [sessionRoutes(register, { secure: false }), organisationRoutes(register), staffRoutes(register)]) app.use(router.routes());
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const raw = Buffer.isBuffer(body);
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text, headers: response.headers };
  }

  function client(body: { access: string; refresh: string; person: { id: string } }): Client {
    const self: Client = {
      token: body.access, refresh: body.refresh, person: body.person.id,
      get: (path) => ask('GET', path, undefined, { authorization: `Bearer ${self.token}` }),
      post: (path, input = {}) => ask('POST', path, input, { authorization: `Bearer ${self.token}` }),
      patch: (path, input) => ask('PATCH', path, input, { authorization: `Bearer ${self.token}` }),
      delete: (path) => ask('DELETE', path, undefined, { authorization: `Bearer ${self.token}` }),
    };
    return self;
  }

  const addPhone = (phoneNumber: string) => simulator.addPhone({ phoneNumber }).openid;

  /** A person with a phone of their own, signed in by wx.login and bound by the phone button. */
  async function visitor(phoneNumber: string, { bind = true, openid = addPhone(phoneNumber) } = {}): Promise<Client> {
    const signedIn = client((await ask('POST', '/session/wechat', { code: simulator.loginCode(openid) })).body);
    if (bind) await signedIn.post('/session/phone', { code: simulator.phoneCode(openid) });
    return signedIn;
  }

  const totpAt = (secret: string, at = now): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

  /** Sets an account up with its one-time code and signs it in. */
  async function enrol(login: string, code: string): Promise<StaffClient> {
    const { body: { secret } } = await ask('POST', '/session/enrolment', { login, code });
    const { body } = await ask('POST', '/session/enrolment/complete', { login, code, password: PASSWORD, totp: totpAt(secret) });
    return Object.assign(client(body), { login, secret });
  }

  async function admin(login = 'admin'): Promise<StaffClient> {
    return enrol(login, (await register.staff.firstAdmin(login, { force: true })).code);
  }

  async function staff(by: Client, login: string, roles: StaffRole[], regions: string[] = []): Promise<StaffClient> {
    const { body } = await by.post('/staff', aStaffEntry({ login, roles, regions }));
    return enrol(login, body.code);
  }

  const attach = (person: string): string => {
    const file = randomBytes(18).toString('base64url');
    uploads.add(`${person}/${file}`);
    return file;
  };

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await simulator.stop();
    await db.close();
  }

  return {
    /** What would have been told of claims; `fails` as when the database or WeChat is away. */
    told,
    db, deps, register, simulator, keys, ask, client, addPhone, visitor, enrol, admin, staff, totpAt, attach, close,
    now: clock,
    advance(seconds: number) {
      now = new Date(now.getTime() + seconds * 1000);
      elapsedMs += seconds * 1000;
    },
  };
}

export type RegisterWorld = Awaited<ReturnType<typeof registerWorld>>;

export const aStaffEntry = (given: object) => ({
  login: 'somebody', name: '王小明', roles: ['reviewer'], desks: [], regions: [], skills: { procedures: [], sectors: [] }, capacity: 10, ...given,
});

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
/** A valid unified social credit code (GB 32100) made from a number. */
export function aCreditCode(number: number): string {
  const body = `91410700${String(number).padStart(9, '0')}`;
  const sum = [...body].reduce((all, char, index) => all + ALPHABET.indexOf(char) * (3 ** index % 31), 0);
  return body + ALPHABET[(31 - (sum % 31)) % 31];
}

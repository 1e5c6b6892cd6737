import { randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MongoClient } from 'mongodb';
import { Secret, TOTP } from 'otpauth';
import writeXlsxFile from 'write-excel-file/node';
import { creditCode } from '../../scripts/client/codes';
import { PRODUCT_TEMPLATES, startSimulator, type Simulator } from '../../scripts/wechat-simulator';
import { buildApp } from '../../src/app';
import { readConfig } from '../../src/config';
import type { Power, StaffRole } from '../../src/kernel/actor';
import type { Receipt } from '../../src/kernel/case';
import { createLog } from '../../src/log';
import { createServices, openStores, type Services, type Stores } from '../../src/services';
import { connectMongo } from '../../src/store/mongo';
import { connectRedis } from '../../src/store/redis';
import { startWorker, type Worker } from '../../src/worker';
import { testDatabase } from './engines';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  bytes: Buffer;
  /** The parsed body of a JSON answer, otherwise undefined. */
  json: any; // any: each test knows what it asked for
}

/** Somebody who uses the product over HTTP. Signs in anew by themselves when the test's clock has outrun a token. */
export interface User {
  name: string;
  person: string;
  /** The organisation acted for. */
  org?: string;
  /** WeChat users: the phone in the simulator. */
  openid?: string;
  token(): Promise<string>;
}

interface AppOptions {
  /** When the test's clock begins; a working Monday by default. */
  at?: string;
  /** Told the MongoDB client, whose `commandStarted` events then show each command. */
  onMongo?: (client: MongoClient) => void;
  environment?: Record<string, string>;
}

const NOWHERE = 'you-forgot-the-simulator.invalid';
const WECHAT = { appId: 'wxtestapp0000000001', appSecret: 'test-app-secret', originalId: 'gh_testapp00001', token: 'testtoken', encodingAesKey: 'a'.repeat(43) };
const PASSWORD = 'Chang-Yuan 2026';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const PATIENCE_MS = 15_000;

/** What a test process would run under if nobody gave it addresses: nothing that could be reached by accident. */
export const testEnvironment = (given: Record<string, string> = {}): Record<string, string> => ({
  NODE_ENV: 'test', PORT: '0', PUBLIC_URL: `http://${NOWHERE}`, MONGODB_URI: `mongodb://${NOWHERE}`, REDIS_URL: `redis://${NOWHERE}`, LOG_LEVEL: 'debug',
  WECHAT_BASE_URL: `http://${NOWHERE}`, WECHAT_APP_ID: WECHAT.appId, WECHAT_APP_SECRET: WECHAT.appSecret, WECHAT_ORIGINAL_ID: WECHAT.originalId,
  WECHAT_PUSH_TOKEN: WECHAT.token, WECHAT_PUSH_AES_KEY: WECHAT.encodingAesKey, WECHAT_TEMPLATES: JSON.stringify(PRODUCT_TEMPLATES),
  VAULT_KEYS: JSON.stringify({ current: 'k1', keys: { k1: randomBytes(32).toString('base64') } }),
  LIMIT_READS: '1000000', LIMIT_WRITES: '1000000', LIMIT_STRANGERS: '1000000',
  ...given,
});

/**
 * The whole product in this process: web and worker on the engines of the run, WeChat simulated, a clock the test moves, logs
 * kept. Two enterprises and two listed providers are on the bureau's lists; their owners have signed in and claimed them.
 */
export async function testApp({ at = '2026-03-02T02:00:00Z', onMongo, environment = {} }: AppOptions = {}) {
  const database = await testDatabase();
  let now = new Date(at);
  const clock = () => now;
  const logs: string[] = [];

  let answer: http.RequestListener = (_request, response) => { response.writeHead(503).end(); };
  const server = http.createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', resolve); });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator: Simulator = await startSimulator({ ...WECHAT, pushUrl: `${url}/wechat/push`, clock });

  const config = readConfig(testEnvironment({
    PUBLIC_URL: url, MONGODB_URI: database.mongodbUri, MONGODB_NAME: database.dbName, REDIS_URL: database.redisUrl, REDIS_PREFIX: database.prefix,
    WECHAT_BASE_URL: simulator.url, ...environment,
  }));
  const log = createLog(config.logLevel, { write: (line) => { logs.push(line); } });
  const stores = onMongo ? await watchedStores() : await openStores(config, log);
  const services: Services = await createServices(config, stores, log, clock);
  const worker: Worker = await startWorker(services);
  const subscriber = connectRedis(config.redisUrl, { role: 'subscriber', log });
  const koa = await buildApp(services, subscriber);
  answer = koa.callback();

  async function watchedStores(): Promise<Stores> {
    const connection = await connectMongo(config.mongodbUri, config.mongodbName, { log, monitorCommands: true });
    onMongo!(connection.getClient() as unknown as MongoClient); // mongoose's own copy of the driver's types
    const redis = connectRedis(config.redisUrl, { role: 'request', log });
    const queueRedis = connectRedis(config.redisUrl, { role: 'worker', log });
    return { connection, redis, queueRedis, close: async () => { await Promise.allSettled([redis.quit(), queueRedis.quit()]); await connection.close(); } };
  }

  // ---- Requests -----------------------------------------------------------------------------------------------------

  /** One request as it stands, refused or not. A body that is a string or bytes goes out unchanged. */
  async function ask(who: User | null, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isRaw = typeof body === 'string' || body instanceof Uint8Array || body instanceof FormData;
    const response = await fetch(`${url}${path}`, {
      method, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { ...(who ? { authorization: `Bearer ${await who.token()}` } : {}), ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: (isRaw ? body : JSON.stringify(body)) as NonNullable<RequestInit['body']> }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const json = /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, bytes, json };
  }

  /** A request that must succeed. Gives its JSON. */
  async function must(who: User | null, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<any> { // any: as `json`
    const { status, text, json } = await ask(who, method, path, body, headers);
    if (status >= 300) throw new Error(`${who?.name ?? 'nobody'}: ${method} ${path}: ${status} ${text.slice(0, 1000)}`);
    return json;
  }

  const open = async (who: User, procedure: string, input: object): Promise<Receipt> =>
    (await must(who, 'POST', `/api/v1/${procedure}`, input, { 'idempotency-key': randomUUID() })).receipt;
  const act = async (who: User, no: string, move: string, input: object = {}): Promise<Receipt> =>
    (await must(who, 'POST', `/api/v1/cases/${no}/${move}`, input, { 'idempotency-key': randomUUID() })).receipt;

  async function upload(who: User, name: string, bytes: Uint8Array, type: string): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
    return (await must(who, 'POST', '/api/v1/files', form)).id;
  }

  /** Whichever of these reviewers it is offered to, or who may take it, takes it. */
  async function take(no: string, ...reviewers: User[]): Promise<User> {
    return until(`${no} can be taken by ${reviewers.map(({ name }) => name).join(' or ')}`, async () => {
      for (const reviewer of reviewers) if ((await ask(reviewer, 'POST', `/api/v1/queue/${no}/claim`)).status === 200) return reviewer;
      return undefined;
    });
  }

  // ---- People -------------------------------------------------------------------------------------------------------

  let serial = 0;
  const tokens = new Map<string, Promise<string>>();
  const user = (more: Omit<User, 'token'>, signIn: () => Promise<string>): User => ({
    ...more,
    token: () => {
      const held = tokens.get(more.person) ?? signIn();
      tokens.set(more.person, held);
      return held;
    },
  });

  /** A person on a phone of their own, who has bound its number; acts for `org` when given. */
  async function phoneUser(name: string, phoneNumber: string, acting?: { role: 'enterprise' | 'provider'; org: string }): Promise<User> {
    const { openid } = simulator.phones().find((phone) => phone.phoneNumber === phoneNumber) ?? simulator.addPhone({ phoneNumber, nickname: name });
    const signIn = async (): Promise<{ access: string; person: { id: string; phone: string | null } }> => must(null, 'POST', '/api/v1/session/wechat', { code: simulator.loginCode(openid) });
    const first = await signIn();
    const bearer = { authorization: `Bearer ${first.access}` };
    if (!first.person.phone) await must(null, 'POST', '/api/v1/session/phone', { code: simulator.phoneCode(openid) }, bearer);
    if (acting) await must(null, 'POST', '/api/v1/session/acting', acting, bearer);
    tokens.set(first.person.id, Promise.resolve(first.access));
    return user({ name, person: first.person.id, openid, ...(acting ? { org: acting.org } : {}) }, async () => {
      const { access } = await signIn();
      if (acting) await must(null, 'POST', '/api/v1/session/acting', acting, { authorization: `Bearer ${access}` });
      return access;
    });
  }

  const citizen = (name = '市民'): Promise<User> => {
    serial += 1;
    return phoneUser(name, `139${String(serial).padStart(8, '0')}`);
  };

  const totp = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() });

  async function enrol(login: string, code: string): Promise<User> {
    const { secret } = await must(null, 'POST', '/api/v1/session/enrolment', { login, code });
    const session = await must(null, 'POST', '/api/v1/session/enrolment/complete', { login, code, password: PASSWORD, totp: totp(secret) });
    tokens.set(session.person.id, Promise.resolve(session.access));
    return user({ name: login, person: session.person.id }, async () => (await must(null, 'POST', '/api/v1/session/staff', { login, password: PASSWORD, totp: totp(secret) })).access);
  }

  async function staff(login: string, roles: StaffRole[], desks: string[] = [], more: object = {}): Promise<User> {
    const { code } = await must(admin, 'POST', '/api/v1/staff', { login, name: `工作人员${login}`, roles, desks, regions: [], skills: { procedures: [], sectors: [] }, capacity: 200, ...more });
    return enrol(login, code);
  }

  /** Another person of the same organisation, with narrower powers. */
  async function colleague(owner: User, powers: Power[]): Promise<User> {
    serial += 1;
    const phone = `137${String(serial).padStart(8, '0')}`;
    const { acting } = await must(owner, 'GET', '/api/v1/me');
    const invitation = await must(owner, 'POST', `/api/v1/organisations/${owner.org}/members`, { phone, powers });
    const person = await phoneUser('同事', phone);
    await must(person, 'POST', `/api/v1/invitations/${invitation.id}/accept`);
    return phoneUser('同事', phone, { role: acting.roles[0], org: owner.org! });
  }

  const admin = await enrol('admin', (await services.register.staff.firstAdmin('admin')).code);

  async function lists(): Promise<Record<'enterprise' | 'provider', User[]>> {
    const rows = (['enterprise', 'provider'] as const).map((kind, k) => [kind, [0, 1].map((i) => ({
      uscc: creditCode('410702', 100 * (k + 1) + i), name: `${kind === 'enterprise' ? '新乡起重设备' : '中原数智科技'}${i + 1}号有限公司`, phone: `1380000${k + 1}00${i}`,
    }))] as const);
    const owners: Record<'enterprise' | 'provider', User[]> = { enterprise: [], provider: [] };
    for (const [kind, organisations] of rows) {
      const table = [['统一社会信用代码', '单位名称', '县（市、区）', '细分行业', '联系手机'], ...organisations.map(({ uscc, name, phone }) => [uscc, name, '红旗区', '起重装备', phone])];
      const sheet = await writeXlsxFile([{ sheet: '名单', data: table.map((row) => row.map((value) => ({ value, type: String }))) }] as never).toBuffer();
      const { faults } = await must(admin, 'POST', `/api/v1/organisations/pilot-list?kind=${kind}`, new Uint8Array(sheet), { 'content-type': XLSX });
      if (faults.length > 0) throw new Error(JSON.stringify(faults));
      for (const { uscc, name, phone } of organisations) {
        const person = await phoneUser(name, phone);
        const { org } = await must(person, 'POST', '/api/v1/organisations/claims', { uscc, kind, region: '410702', sector: 'lifting' });
        owners[kind].push(await phoneUser(name, phone, { role: kind, org }));
      }
    }
    return owners;
  }
  const { enterprise, provider } = await lists();

  // ---- Time ---------------------------------------------------------------------------------------------------------

  async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
  }

  /** Waits until the workers have done everything that is pending, and the pushes have been taken. */
  async function settle(): Promise<void> {
    await until('no work is pending', async () => (await services.cases.countDocuments({ 'outbox.at': { $gt: new Date(0) } })) === 0);
    await simulator.settled();
  }

  /** Moves the clock to an instant or on by some days; clocks that ran out make their moves. */
  async function advance(to: string | { days: number }): Promise<void> {
    await settle();
    now = typeof to === 'string' ? new Date(to) : new Date(now.getTime() + to.days * 86_400_000);
    tokens.clear();
    for (let round = 0; round < 3; round += 1) {
      await worker.sweep();
      await settle();
    }
  }

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
    await simulator.stop();
    await services.relay.settle();
    await worker.close();
    subscriber.disconnect();
    await stores.close();
    await database.close();
  }

  return {
    url, koa, simulator, services, worker, database, config, logs, clock, admin,
    /** Owners of the two enterprises and the two listed providers. */
    enterprise: enterprise as [User, User], provider: provider as [User, User],
    ask, must, open, act, upload, take, phoneUser, citizen, staff, colleague, until, settle, advance, close,
  };
}

export type TestApp = Awaited<ReturnType<typeof testApp>>;

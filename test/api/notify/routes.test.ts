import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import Koa from 'koa';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { jsonBody } from '../../../src/http/body';
import { problems } from '../../../src/http/problems';
import type { Actor } from '../../../src/kernel/actor';
import { channelOf } from '../../../src/notify/live';
import { inboxRoutes } from '../../../src/notify/routes';
import { owner, providerStaff, official } from '../../support/kernel';
import { request, world, type World } from './world';

let w: World;
let server: Server;
let url: string;
let actor: Actor;
const boss = owner('boss', 'enterprise-1');
const vendor = providerStaff('vendor', 'provider-1');
let vendorPhone: string;

async function call(as: Actor, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: any }> {
  actor = as;
  const response = await fetch(`${url}/api/v1${path}`, {
    method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

beforeAll(async () => {
  w = await world([request]);
  w.organisations.set('enterprise-1', { ...w.organisations.get('e1')!, id: 'enterprise-1' });
  await w.join('boss', ['org:enterprise-1']);
  vendorPhone = await w.join('vendor', ['org:provider-1'], { TPL_TASK: 1 });
  const app = new Koa();
  app.use(problems(pino({ level: 'silent' })));
  for (const middleware of jsonBody()) app.use(middleware);
  app.use((ctx, next) => { ctx.state.actor = actor; return next(); });
  app.use(inboxRoutes({ notify: w.notify, rulebook: async () => w.rulebook, now: w.now }).routes());
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let i = 0; i < 5; i += 1) {
    await w.kernel.open(boss, 'request', null, { provider: 'provider-1', text: '需求' });
    w.later(1000);
    await w.settle();
  }
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
  await w.end();
});

describe('the inbox over HTTP', () => {
  it('pages newest first, each message once, with the deadline in words', async () => {
    const first = await call(vendor, 'GET', '/inbox?limit=2');
    const second = await call(vendor, 'GET', `/inbox?limit=2&after=${first.body.next}`);
    const third = await call(vendor, 'GET', `/inbox?limit=2&after=${second.body.next}`);
    const all = [first, second, third].flatMap(({ body }) => body.items);
    expect(all.map(({ id }) => id)).toEqual((await w.inboxOf('vendor')).map(({ _id }) => _id).toReversed());
    expect(third.body.next).toBeNull();
    expect(all[0]).toMatchObject({
      title: '服务需求', task: true, procedure: 'request', articleInWords: '第十二条（一）', org: 'provider-1', seenAt: null, inWords: expect.stringMatching(/^还剩 \d+ 个工作日$/),
    });
    expect(Object.keys(all[0]).toSorted()).toEqual(
      ['article', 'articleInWords', 'createdAt', 'due', 'id', 'inWords', 'no', 'org', 'outcome', 'procedure', 'seenAt', 'settled', 'task', 'text', 'title']);
  });

  it('counts, marks one seen, and marks all seen up to the newest shown', async () => {
    expect((await call(vendor, 'GET', '/inbox/count')).body).toEqual({ unseen: 5, tasks: 5 });
    const { items } = (await call(vendor, 'GET', '/inbox')).body;
    expect((await call(vendor, 'POST', `/inbox/${items[4].id}/seen`)).status).toBe(204);
    expect((await call(vendor, 'POST', `/inbox/${items[4].id}/seen`)).status).toBe(204);
    expect((await call(vendor, 'POST', '/inbox/seen', { upTo: items[2].id })).body).toEqual({ seen: 2 });
    expect((await call(vendor, 'GET', '/inbox?unseen=1')).body.items.map(({ id }: { id: string }) => id)).toEqual([items[0].id, items[1].id]);
    expect((await call(vendor, 'POST', '/inbox/seen', {})).body).toEqual({ seen: 2 });
    expect((await call(vendor, 'GET', '/inbox/count')).body).toEqual({ unseen: 0, tasks: 0 });
  });

  it('to anybody else a message does not exist', async () => {
    const [{ _id: id }] = await w.inboxOf('vendor') as [{ _id: string }];
    expect(await call(boss, 'POST', `/inbox/${id}/seen`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await call(boss, 'POST', '/inbox/seen', { upTo: id })).toMatchObject({ status: 404 });
    expect((await call(boss, 'GET', '/inbox')).body).toEqual({ items: [], next: null });
  });

  it.each([['/inbox?limit=0', 422], ['/inbox?limit=101', 422], ['/inbox?after=nonsense', 400], ['/inbox?person=vendor', 422]])('refuses GET %s with %i', async (path, status) => {
    expect((await call(vendor, 'GET', path)).status).toBe(status);
  });
});

describe('consents over HTTP', () => {
  it('asks for the templates of the role that may not be sent now, and no more once accepted; a tap counts once', async () => {
    // The one consent for tasks went into the first card.
    expect(w.phones.cards(vendorPhone)).toHaveLength(1);
    expect((await call(vendor, 'GET', '/consents/wanted')).body.items.map(({ template }: { template: string }) => template)).toEqual(['TPL_TASK', 'TPL_RESULT', 'TPL_PROGRESS']);
    const accept = { template: 'TPL_TASK', result: 'accept' };
    expect((await call(vendor, 'POST', '/consents', accept, { 'idempotency-key': 'tap-00000001' })).status).toBe(204);
    expect((await call(vendor, 'POST', '/consents', accept, { 'idempotency-key': 'tap-00000001' })).status).toBe(204);
    await call(vendor, 'POST', '/consents', { template: 'TPL_RESULT', result: 'reject' });
    expect(await w.consentOf(vendorPhone, 'TPL_TASK')).toMatchObject({ balance: 1, person: 'vendor' });
    expect((await call(vendor, 'GET', '/consents/wanted')).body.items.map(({ template }: { template: string }) => template)).toEqual(['TPL_PROGRESS']);
    w.later(25 * 3_600_000);
    expect((await call(vendor, 'GET', '/consents/wanted')).body.items.map(({ template }: { template: string }) => template)).toEqual(['TPL_RESULT', 'TPL_PROGRESS']);
  });

  it('refuses templates that are not ours, answers that WeChat does not give, and people without WeChat', async () => {
    expect((await call(vendor, 'POST', '/consents', { template: 'FOREIGN', result: 'accept' })).body).toMatchObject({ code: 'INVALID', errors: [{ field: 'template' }] });
    expect((await call(vendor, 'POST', '/consents', { template: 'TPL_TASK', result: 'maybe' })).status).toBe(422);
    expect((await call(vendor, 'POST', '/consents', { template: 'TPL_TASK', result: 'accept', times: 1e9 })).status).toBe(422);
    const clerk = official('clerk', ['intake']);
    expect((await call(clerk, 'POST', '/consents', { template: 'TPL_TASK', result: 'accept' })).status).toBe(403);
    expect((await call(clerk, 'GET', '/consents/wanted')).body).toEqual({ items: [] });
  });
});

it('an open page hears that its inbox changed, and nothing else', async () => {
  const listener = new Redis(w.redisUrl);
  const heard: string[] = [];
  listener.on('message', (_channel, message) => heard.push(message));
  await listener.subscribe(channelOf(w.prefix, 'vendor'));
  await w.kernel.open(boss, 'request', null, { provider: 'provider-1', text: '需求' });
  await w.settle();
  for (let i = 0; i < 50 && heard.length === 0; i += 1) await new Promise((resolve) => { setTimeout(resolve, 20); });
  listener.disconnect();
  expect(heard).toEqual(['{"kind":"inbox"}']);
});

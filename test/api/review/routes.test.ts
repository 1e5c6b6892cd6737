import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type { Actor } from '../../../src/kernel/actor';
import { jsonBody } from '../../../src/http/body';
import { problems } from '../../../src/http/problems';
import { connectRedis } from '../../../src/store/redis';
import { createLive, createPublish, type Live } from '../../../src/review/live';
import { reviewRoutes } from '../../../src/review/routes';
import type { Review } from '../../../src/review/review';
import { aReviewer, actorOf, official, reviewOffice, supervisor, type Office } from './support';

const [anna, bo] = [aReviewer('anna'), aReviewer('bo', { desks: ['plan'] })];
const actors = new Map<string, Actor>([['anna', actorOf(anna)], ['bo', actorOf(bo)], ['chief', supervisor], ['owner', { ...official('owner', []), kind: 'wechat' }]]);

let office: Office;
let review: Review;
let live: Live;
let server: Server;
let base: string;
const signedOut = new Set<string>();
const subscriber = () => connectRedis(office.redisUrl, { role: 'subscriber' });
let listening: ReturnType<typeof subscriber>;

beforeAll(async () => {
  office = await reviewOffice([anna, bo]);
  review = office.build({ publish: createPublish(office.redis, office.prefix, office.log) });
  listening = subscriber();
  live = await createLive({ subscriber: listening, prefix: office.prefix, log: office.log });
  const app = new Koa()
    .use(problems(office.log))
    .use(async (ctx, next) => { ctx.state['actor'] = actors.get(ctx.get('x-test-person')); await next(); });
  for (const middleware of jsonBody()) app.use(middleware);
  app.use(reviewRoutes({ review, live, log: office.log, beatMs: 100, current: async (actor) => (signedOut.has(actor.person) ? null : actor) }).routes());
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/queue`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await live.close();
  listening.disconnect();
  await office.close();
});
beforeEach(async () => { await office.clear(); office.reviewers = [anna, bo]; signedOut.clear(); });

async function call(person: string | null, method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(base + path, {
    method, headers: { ...(person ? { 'x-test-person': person } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}
const file = async (given: Parameters<Office['file']>[0] = {}) => {
  const c = office.aCase(given);
  await office.cases.insertOne({ ...c });
  await review.route(c, 1);
  return c;
};

/** Lines of the stream as they come. */
async function openLive(person: string) {
  const abort = new AbortController();
  const response = await fetch(`${base}/live`, { headers: { 'x-test-person': person }, signal: abort.signal });
  const lines: string[] = [];
  let ended = false;
  void (async () => {
    try {
      const decoder = new TextDecoder();
      for await (const chunk of response.body!) lines.push(...decoder.decode(chunk).split('\n').filter(Boolean));
    } catch { /* aborted by the test */ }
    ended = true;
  })();
  const changes = () => lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
  return { response, lines, changes, hasEnded: () => ended, close: () => abort.abort() };
}
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen');
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

it('a reviewer sees the queue, takes the next, gives it back; the supervisor reassigns and sees the board', async () => {
  const c = await file({ names: { filer: '举报人甲' }, parties: { filer: ['person:x'] }, data: { text: '机密' } });
  const { body } = await call('anna', 'GET', '');
  expect(body).toEqual({
    mine: [], pool: [], next: null,
    offered: [{ no: c.no, procedure: 'matter', title: '事项', desk: 'intake', since: c.task!.since.toISOString(), priority: 0, due: null, inWords: null, state: { name: 'filed', title: '待受理' }, claimed: false, why: null, region: '410702', sector: 'lifting',
      parties: [{ party: 'filer', title: '举报人', name: '举报人甲' }], until: expect.stringMatching(/^2026-03-02T/) }],
  });
  // Whoever chooses reads whom it concerns where they may read the case, as this desk may, and never what it says.
  expect(JSON.stringify(body)).not.toContain('机密');
  await office.cases.updateOne({ no: c.no }, { $set: { access: ['role:supervisor'] } });
  expect((await call('anna', 'GET', '')).body.offered[0].parties).toEqual([]);
  await office.cases.updateOne({ no: c.no }, { $set: { access: c.access } });
  expect((await call('anna', 'POST', '/next', {})).body.claimed).toMatchObject({ no: c.no });
  expect((await call('anna', 'POST', '/next')).body).toEqual({ claimed: null });
  expect((await call('anna', 'GET', `/${c.no}/why`)).body).toMatchObject({ place: 'claim', text: expect.stringContaining('“受理”队列派单') });
  expect((await call('anna', 'POST', `/${c.no}/return`, { reason: 'workload' })).status).toBe(204);
  expect((await call('anna', 'POST', `/${c.no}/claim`)).body).toMatchObject({ no: c.no, desk: 'intake' });
  expect((await call('chief', 'POST', `/${c.no}/reassign`, { to: 'bo', reason: '另有任务' })).body).toMatchObject({ code: 'NOT_ELIGIBLE', detail: '不能指派：不在该队列' });
  expect((await call('chief', 'GET', '/board')).body.people).toMatchObject([{ person: 'anna', name: '姓名anna', away: false, claimed: 1 }, { person: 'bo', name: '姓名bo' }]);
  expect((await call('chief', 'GET', '/board')).body.desks.find((desk: { desk: string }) => desk.desk === 'intake')).toMatchObject({ title: '受理', claimed: 1, waiting: 0 });
  expect((await call('chief', 'GET', `/${c.no}/why`)).body).toMatchObject({ person: 'anna' });
});

it.each([
  [null, 'GET', '', undefined, 401, 'UNAUTHENTICATED'],
  ['owner', 'GET', '', undefined, 403, 'FORBIDDEN'],
  ['anna', 'GET', '/board', undefined, 403, 'FORBIDDEN'],
  ['chief', 'POST', '/JB20260101-000000/reassign', { to: 'bo' }, 422, 'INVALID'],
  ['anna', 'GET', '?limit=1000', undefined, 422, 'INVALID'],
  ['anna', 'GET', '?after=%24where', undefined, 400, 'MALFORMED'],
  ['anna', 'GET', '?desk[$ne]=x', undefined, 422, 'INVALID'],
  ['anna', 'POST', '/SX20260302-NOSUCH/claim', undefined, 404, 'NOT_FOUND'],
  ['anna', 'POST', '/%7B%24ne%3A1%7D/claim', undefined, 404, 'NOT_FOUND'],
  ['anna', 'POST', '/SX1/return', { reason: '个人原因' }, 422, 'INVALID'],
  ['anna', 'POST', '/SX1/return', { reason: 'other', more: 1 }, 422, 'INVALID'],
  ['chief', 'POST', '/SX1/reassign', { to: { $ne: null } }, 422, 'INVALID'],
  ['anna', 'POST', '/SX1/reassign', { to: 'bo', reason: '另有任务' }, 403, 'FORBIDDEN'],
])('%s %s %s %j is refused', async (person, method, path, body, status, code) => {
  expect(await call(person, method, path, body)).toMatchObject({ status, body: { code } });
});

it('to people of other desks a case in a queue does not exist', async () => {
  const c = await file({ access: [] });
  const [strange, unknown] = await Promise.all([call('bo', 'GET', `/${c.no}/why`), call('bo', 'GET', '/SX20260302-NOSUCH/why')]);
  expect(strange.status).toBe(404);
  expect({ ...strange.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
});

describe('live', () => {
  it('tells the desk and the person number and kind of each change, and nobody else', async () => {
    const [mine, others] = [await openLive('anna'), await openLive('bo')];
    expect(mine.response.headers.get('content-type')).toContain('text/event-stream');
    expect(mine.response.headers.get('cache-control')).toBe('no-store');
    const c = await file({ names: { filer: '张三' } });
    await until(() => mine.changes().length > 0);
    await call('anna', 'POST', `/${c.no}/claim`);
    await review.route(await office.end(c.no), 2);
    await until(() => mine.changes().length >= 3);
    expect(mine.changes()).toEqual([
      { no: c.no, kind: 'offered', desk: 'intake' }, { no: c.no, kind: 'claimed', desk: 'intake' }, { no: c.no, kind: 'ended', desk: 'intake' },
    ]);
    expect(others.changes()).toEqual([]);
    mine.close();
    others.close();
    await until(() => live.listening() === 0);
  });

  it('beats, and ends with the session', async () => {
    const stream = await openLive('anna');
    await until(() => stream.lines.includes(': beat'));
    signedOut.add('anna');
    await until(stream.hasEnded);
    const told = stream.changes().length;
    await file();
    expect(stream.changes()).toHaveLength(told);
    await until(() => live.listening() === 0);
  });

  it('is for the bureau only', async () => {
    expect((await call('owner', 'GET', '/live')).status).toBe(403);
    expect((await call(null, 'GET', '/live')).status).toBe(401);
  });
});

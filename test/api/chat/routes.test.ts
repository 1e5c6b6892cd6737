import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { pino } from 'pino';
import { chatRoutes } from '../../../src/chat/routes';
import { createChat } from '../../../src/chat/service';
import { jsonBody } from '../../../src/http/body';
import { problems } from '../../../src/http/problems';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { anEnterprise, owner, testKernel, type TestKernel } from '../../support/kernel';

let t: TestKernel;
let server: Server;
let address: string;

beforeAll(async () => {
  t = await testKernel([complaint], { organisations: [anEnterprise('enterprise-1')] });
  const log = pino({ level: 'silent' });
  const chat = createChat({ connection: t.connection, city: 'xinxiang', kernel: t.kernel, now: t.now, log, quote: async (no) => `第${no}条原文`, tell: async () => undefined, people: t.people });
  await chat.prepare();
  const app = new Koa();
  app.use(problems(log));
  for (const middleware of jsonBody()) app.use(middleware);
  app.use(async (ctx, next) => { ctx.state['actor'] = owner(ctx.get('X-Person') || 'boss', 'enterprise-1'); await next(); });
  app.use(chatRoutes(chat).routes());
  server = app.listen(0);
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/chat`;
});
afterAll(async () => {
  await new Promise((resolve) => { server.close(resolve); });
  await t.close();
});

const post = async (body: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(address, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  return { status: answer.status, body: await answer.json() as any }; // any: replies and problems alike
};

it('18, 19, I7: a question is answered with its article and the official wording, verbatim', async () => {
  const { status, body } = await post({ text: '警告两次会怎样' });
  expect(status).toBe(200);
  expect(body.replies[0]).toMatchObject({ type: 'answer', article: '16.1', articleInWords: '第十六条（一）', quote: '第16.1条原文' });
  expect(body.replies[0].text).toContain('第16.1条原文');
});

it('what the measures leave open is said to be open', async () => {
  const { body } = await post({ text: '补贴最高多少钱' });
  expect(body.replies[0]).toMatchObject({ type: 'answer', regulated: false });
  expect(body.replies[0].text).toContain('没有规定');
});

it.each([
  [{}], [{ text: 1 }], [{ text: '你好', pick: 'menu' }], [{ text: 'x'.repeat(5001) }], [{ text: { $gt: '' } }], [{ values: [] }], [{ pick: 'menu', form: 'f1' }], [{ text: '你好', actor: 'admin' }], [{ text: '你好', key: 'short' }],
])('malformed or unknown input is refused in Chinese: %j', async (body) => {
  const answer = await post(body);
  expect(answer.status).toBe(422);
  expect(answer.body.code).toBe('INVALID');
  expect(answer.body.detail).toMatch(/\p{Script=Han}/u);
});

it.each([['set:f1:__proto__:1'], ['start:__proto__:constructor'], ['start:complaint:constructor'], ['start:complaint:accept:TS20260302-ABC123'], ['confirm:'], ['intent:constructor'], ['nonsense'], ['case:{"$gt":""}']])(
  'a forged pick does nothing: %s', async (pick) => {
    const before = await t.cases.countDocuments({});
    const { status, body } = await post({ pick });
    expect(status).toBe(200);
    expect(body.replies.length).toBeGreaterThan(0);
    expect(await t.cases.countDocuments({})).toBe(before);
  });

it('history comes page by page, each person their own', async () => {
  const headers = { 'X-Person': 'reader' };
  for (let i = 0; i < 5; i += 1) await post({ text: `办法有效期多久${'？'.repeat(i)}` }, headers);
  const get = async (query: string) => (await fetch(`${address}?${query}`, { headers })).json() as Promise<{ items: { id: string; said: string }[]; next: string }>;
  const all = await get('limit=10');
  expect(all.items).toHaveLength(5);
  const later = await get(`after=${all.items[1]!.id}&limit=2`);
  expect(later.items.map(({ id }) => id)).toEqual(all.items.slice(2, 4).map(({ id }) => id));
  expect((await get(`after=${all.next}`)).items).toEqual([]);
  expect((await get(`before=${all.items[2]!.id}`)).items).toHaveLength(2);
});

import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Simulator } from '../../../scripts/wechat-simulator';
import { encryptReply } from '../../../src/wechat/push';
import { ACCOUNT, simulator } from './support';

type Json = Record<string, unknown>;
let wechat: Simulator;
let openid: string;

const ask = async (method: string, target: string, body?: unknown): Promise<Json> => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(wechat.url + target, { method, ...(body === undefined ? {} : { body: text }) });
  return (await response.json()) as Json;
};
const sim = (method: string, target: string, body?: unknown) => ask(method, `/sim${target}`, body);
const stable = (more: Json = {}) =>
  ask('POST', '/cgi-bin/stable_token', { grant_type: 'client_credential', appid: ACCOUNT.appId, secret: ACCOUNT.appSecret, ...more });
const plainToken = () =>
  ask('GET', `/cgi-bin/token?grant_type=client_credential&appid=${ACCOUNT.appId}&secret=${ACCOUNT.appSecret}`);
const typingWith = (token: unknown) =>
  ask('POST', `/cgi-bin/message/custom/typing?access_token=${String(token)}`, { touser: openid, command: 'CancelTyping' });

beforeEach(async () => {
  wechat = await simulator({ clock: () => new Date('2026-11-22T06:00:00Z') });
  openid = wechat.addPhone().openid;
});
afterEach(() => wechat.stop());

describe('tokens', () => {
  it('stable_token gives the same one until its last 300 seconds; then the next, and both work', async () => {
    const first = await stable();
    expect(first).toEqual({ access_token: expect.stringMatching(/^80_/), expires_in: 7200 });
    wechat.advance(6899);
    const same = await stable();
    expect(same).toEqual({ access_token: first['access_token'], expires_in: 301 });
    wechat.advance(1);
    const next = await stable();
    expect(next['access_token']).not.toBe(first['access_token']);
    expect(await typingWith(first['access_token'])).toMatchObject({ errcode: 0 });
    expect(await typingWith(next['access_token'])).toMatchObject({ errcode: 0 });
    wechat.advance(300);
    expect(await typingWith(first['access_token'])).toMatchObject({ errcode: 42001 });
  });

  it('force_refresh makes the old one invalid, at most every 30 seconds and 20 times a day', async () => {
    const first = await stable();
    const forced = await stable({ force_refresh: true });
    expect(forced['access_token']).not.toBe(first['access_token']);
    expect(await typingWith(first['access_token'])).toMatchObject({ errcode: 40001 });
    expect(await stable({ force_refresh: true })).toMatchObject({ access_token: forced['access_token'] });
    for (let time = 2; time <= 20; time += 1) {
      wechat.advance(31);
      expect(await stable({ force_refresh: true })).toHaveProperty('access_token');
    }
    wechat.advance(31);
    expect(await stable({ force_refresh: true })).toMatchObject({ errcode: 45009 });
  });

  it('/cgi-bin/token replaces its own and leaves the stable one alone', async () => {
    const stableOne = await stable();
    const [first, second] = [await plainToken(), await plainToken()];
    expect(first['access_token']).not.toBe(second['access_token']);
    wechat.advance(301);
    expect(await typingWith(first['access_token'])).toMatchObject({ errcode: 42001 });
    expect(await typingWith(second['access_token'])).toMatchObject({ errcode: 0 });
    expect(await typingWith(stableOne['access_token'])).toMatchObject({ errcode: 0 });
  });

  it('what is wrong with a call comes as WeChat says it, in a 200', async () => {
    const { access_token: token } = await stable();
    const text = `/wxa/msg_sec_check?access_token=${String(token)}`;
    const good = { version: 2, scene: 2, openid, content: '好' };
    expect(await ask('POST', '/wxa/msg_sec_check', good)).toMatchObject({ errcode: 41001 });
    expect(await ask('POST', '/wxa/msg_sec_check?access_token=nonsense', good)).toMatchObject({ errcode: 40014 });
    expect(await ask('GET', text)).toMatchObject({ errcode: 43302 });
    expect(await ask('POST', text, '')).toMatchObject({ errcode: 44002 });
    expect(await ask('POST', text, 'scene=2')).toMatchObject({ errcode: 47001 });
    expect(await ask('POST', text, { ...good, scene: 5 })).toMatchObject({ errcode: 40129 });
    expect(await ask('POST', text, { ...good, openid: 'oNobody' })).toMatchObject({ errcode: 40003 });
    expect(await ask('POST', text, good)).toMatchObject({ errcode: 0, result: { suggest: 'pass', label: 100 } });
    expect((await ask('POST', text, { ...good, scene: 9 }))['errmsg']).toMatch(/rid: /);
    expect(await stable({ secret: 'x' })).toMatchObject({ errcode: 40125 });
    expect(await stable({ appid: 'x' })).toMatchObject({ errcode: 40013 });
  });

  it('calls are kept for tests without secret and token', async () => {
    await typingWith((await stable())['access_token']);
    const kept = JSON.stringify(wechat.calls());
    expect(wechat.calls().map(({ path: called }) => called)).toEqual(['/cgi-bin/stable_token', '/cgi-bin/message/custom/typing']);
    expect(kept).not.toContain(ACCOUNT.appSecret);
    expect(kept).not.toContain('80_');
  });
});

it('checksession knows the key of the last login only', async () => {
  const login = async () => {
    const query = `appid=${ACCOUNT.appId}&secret=${ACCOUNT.appSecret}&grant_type=authorization_code`;
    const response = await fetch(`${wechat.url}/sns/jscode2session?${query}&js_code=${wechat.loginCode(openid)}`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    return (JSON.parse(await response.text()) as { session_key: string }).session_key;
  };
  const check = async (key: string) => {
    const signature = createHmac('sha256', key).update('').digest('hex');
    const { access_token: token } = await stable();
    return ask('GET', `/wxa/checksession?access_token=${String(token)}&openid=${openid}&signature=${signature}&sig_method=hmac_sha256`);
  };
  const old = await login();
  expect(await check(old)).toMatchObject({ errcode: 0 });
  const current = await login();
  expect(await check(old)).toMatchObject({ errcode: 87009 });
  expect(await check(current)).toMatchObject({ errcode: 0 });
});

describe('control over HTTP', () => {
  it('does with a phone what a person does', async () => {
    const phone = await sim('POST', '/phones', { nickname: '王工', phoneNumber: '13900000009' });
    const whose = `/phones/${String(phone['openid'])}`;
    expect(phone).toMatchObject({ nickname: '王工', phoneNumber: '13900000009' });
    expect(phone).not.toHaveProperty('sessionKey');
    expect(await sim('POST', `${whose}/login-code`)).toEqual({ code: expect.stringMatching(/^0/) });
    expect(await sim('POST', `${whose}/phone-code`)).toEqual({ code: expect.stringMatching(/^p/) });
    expect(await sim('POST', `${whose}/consents`, { answers: { TPL_TASK: 'accept' } })).toEqual({ consents: { TPL_TASK: 1 } });
    expect(await sim('POST', `${whose}/refusals`, { templateIds: ['TPL_TASK'] })).toEqual({ consents: { TPL_TASK: 0 } });
    await sim('POST', `${whose}/customer/text`, { content: '你好' });
    await sim('POST', `${whose}/customer/image`, {});
    await sim('POST', `${whose}/customer/enter`, { from: 'home' });
    const chat = (await sim('GET', `${whose}/customer-messages`)) as unknown as Json[];
    expect(chat.map((line) => line['kind'])).toEqual(['text', 'image', 'notice']);
    const picture = await fetch(String(chat[1]!['text']));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect((await fetch(`${wechat.url}/sim/phones/oNobody`)).status).toBe(404);
    await sim('POST', '/reset');
    expect(await sim('GET', '/phones')).toEqual([]);
  });

  it('takes other templates, faults and another clock', async () => {
    await sim('PUT', '/templates', [{ id: 'T1', title: '到期提醒', kind: 'once', fields: { thing1: '事项' } }]);
    expect(await sim('GET', '/templates')).toMatchObject([{ id: 'T1' }]);
    await sim('POST', '/faults', { kind: 'busy', path: '/cgi-bin/stable_token', times: 1 });
    expect(await stable()).toMatchObject({ errcode: -1 });
    const first = await stable();
    await sim('POST', '/tokens/kill', { errcode: 42001 });
    expect(await typingWith(first['access_token'])).toMatchObject({ errcode: 42001 });
    const next = await stable();
    await sim('POST', '/clock', { advanceSeconds: 7201 });
    expect(await typingWith(next['access_token'])).toMatchObject({ errcode: 42001 });
  });

  it('serves the page, tells it of changes, and lets browsers of other origins in only under /sim', async () => {
    for (const [file, type] of [['/', 'text/html'], ['/style.css', 'text/css'], ['/app.js', 'text/javascript']]) {
      const response = await fetch(wechat.url + file);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining(type!)]);
    }
    expect((await fetch(`${wechat.url}/sim/phones`)).headers.get('access-control-allow-origin')).toBe('*');
    expect((await fetch(`${wechat.url}/sns/jscode2session`)).headers.get('access-control-allow-origin')).toBeNull();
    const stream = (await fetch(`${wechat.url}/sim/events`)).body!.pipeThrough(new TextDecoderStream()).getReader();
    await stream.read();
    wechat.sendText(openid, '你好');
    expect((await stream.read()).value).toContain(openid);
    await stream.cancel();
  });
});

it('phones keep their openids, consents and messages from one run to the next', async () => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'sim-'));
  const stateFile = path.join(dir, 'deep', 'phones.json');
  const first = await simulator({ stateFile });
  const phone = first.addPhone({ nickname: '李经理' });
  first.answerConsents(phone.openid, { TPL_TASK: 'accept', TPL_NOTICE: 'accept' });
  first.sendText(phone.openid, '你好');
  await first.stop();
  expect(JSON.parse(await readFile(stateFile, 'utf8'))).toHaveProperty('phones');
  const second = await simulator({ stateFile });
  expect(second.phone(phone.openid)).toMatchObject({
    nickname: '李经理',
    consents: { TPL_TASK: 1, TPL_NOTICE: -1 },
    chat: [{ text: '你好' }],
  });
  expect(second.addPhone({ openid: phone.openid }).nickname).toBe('李经理');
  await second.stop();
  await rm(dir, { recursive: true });
});

describe('as a sender', () => {
  const receiver = async (answer: (body: Json) => string, delayMs = 0) => {
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += chunk));
      request.on('end', () => setTimeout(() => response.end(answer(JSON.parse(text) as Json)), delayMs));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    wechat.pusher.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`;
    return () => {
      server.closeAllConnections();
      server.close();
    };
  };

  it('opens a wrapped reply of the product, and takes an open one for a failure', async () => {
    const settings = { appId: ACCOUNT.appId, keys: [ACCOUNT], mode: 'secure' as const };
    const message = JSON.stringify({ MsgType: 'transfer_customer_service' });
    let close = await receiver(() => encryptReply({ message, settings, timestamp: '1795356000', nonce: '7', format: 'json' }));
    wechat.sendText(openid, '人工');
    await wechat.settled();
    close();
    expect(wechat.deliveries().at(-1)).toMatchObject({ isDelivered: true, reply: { MsgType: 'transfer_customer_service' } });
    close = await receiver(() => message);
    wechat.sendText(openid, '人工');
    await wechat.settled();
    close();
    expect(wechat.deliveries().at(-1)).toMatchObject({ isDelivered: false });
  });

  it('waits five seconds, three times, and stops there', async () => {
    expect(wechat.pusher.options).toMatchObject({ timeoutMs: 5000, attempts: 3 });
    wechat.pusher.options.timeoutMs = 80;
    const close = await receiver(() => 'success', 300);
    wechat.enterChat(openid);
    await wechat.settled();
    close();
    expect(wechat.deliveries().at(-1)!.attempts.map(({ failure }) => failure)).toEqual(['timeout', 'timeout', 'timeout']);
  });

  it('sends MsgId in JSON as a bare number beyond what JavaScript keeps', () => {
    wechat.pusher.options.mode = 'plain';
    const id = wechat.world.nextMsgId();
    const { body } = wechat.pusher.pack({ ...wechat.world.envelope(wechat.phone(openid), 'text'), Content: 'a', MsgId: id });
    expect(body).toContain(`"MsgId":${id}`);
    expect(String((JSON.parse(body) as Json)['MsgId'])).not.toBe(id);
  });
});

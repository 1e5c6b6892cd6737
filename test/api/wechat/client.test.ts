import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PRODUCT_TEMPLATES, type Simulator } from '../../../scripts/wechat-simulator';
import { checkTemplates, dataFor } from '../../../src/notify/templates';
import { createWechat, type WechatOptions } from '../../../src/wechat/client';
import { testDatabase, type TestDatabase } from '../../support/engines';
import { ACCOUNT, rememberingLog, simulator } from './support';

let db: TestDatabase;
let wechatOnPhone: Simulator;
let openid: string;
const { lines, log } = rememberingLog();
let count = 0;

/** A client as another process would have it: own memory, same Redis. Each `space` is an environment of its own. */
const client = (space = 'shared', more: Partial<WechatOptions> = {}) =>
  createWechat({
    baseUrl: wechatOnPhone.url,
    appId: ACCOUNT.appId,
    appSecret: ACCOUNT.appSecret,
    redis: db.redis,
    prefix: `${db.prefix}:${space}`,
    log,
    clock: () => new Date(wechatOnPhone.world.now()),
    ...more,
  });
const newSpace = () => `space${(count += 1)}`;
const tokenCalls = () => wechatOnPhone.calls('/cgi-bin/stable_token').length;

const TASK = {
  template: 'TPL_TASK',
  page: 'pages/case/detail?no=ZD1',
  data: { thing1: '请确认诊断报告', character_string2: 'ZD202611220001', time3: '2026-11-25 18:00', phrase4: '待您确认' },
};

beforeAll(async () => {
  db = await testDatabase();
  wechatOnPhone = await simulator();
});
beforeEach(() => {
  wechatOnPhone.reset();
  openid = wechatOnPhone.addPhone({ phoneNumber: '13800001234', nickname: '李经理' }).openid;
});
afterAll(async () => {
  await wechatOnPhone?.stop();
  await db?.close();
});

describe('access token', () => {
  it('A9: 200 concurrent calls in four processes fetch it once', async () => {
    const space = newSpace();
    const processes = [client(space), client(space), client(space), client(space)];
    wechatOnPhone.addFault({ kind: 'latency', path: '/cgi-bin/stable_token', ms: 150 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => processes[index % 4]!.checkText({ openid, scene: 2, content: '服务很好' })),
    );
    expect(new Set(answers)).toEqual(new Set(['pass']));
    expect(tokenCalls()).toBe(1);
  });

  it.each([40001, 40014, 42001] as const)('%i: is replaced, and the call repeated once', async (errcode) => {
    const wechat = client(newSpace());
    await wechat.checkText({ openid, scene: 2, content: '好' });
    wechatOnPhone.killTokens(errcode);
    expect(await wechat.checkText({ openid, scene: 2, content: '好' })).toBe('pass');
    expect(wechatOnPhone.calls('/wxa/msg_sec_check').map((call) => call.errcode)).toEqual([0, errcode, 0]);
    expect(tokenCalls()).toBe(2);
  });

  it('that is killed under 50 calls of two processes is fetched once more, not fifty times', async () => {
    const space = newSpace();
    const [one, two] = [client(space), client(space)];
    await Promise.all([one, two].map((wechat) => wechat.checkText({ openid, scene: 2, content: '好' })));
    wechatOnPhone.killTokens(42001);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 ? one : two).checkText({ openid, scene: 2, content: '好' })),
    );
    expect(new Set(answers)).toEqual(new Set(['pass']));
    expect(tokenCalls()).toBe(2);
  });

  it('that stays refused ends the call after one repetition, with an alarm', async () => {
    const refusing = createServer((request, response) => {
      const isToken = request.url?.startsWith('/cgi-bin/stable_token');
      calls.push(isToken ? 'token' : 'call');
      response.end(isToken ? '{"access_token":"t","expires_in":7200}' : '{"errcode":40001,"errmsg":"no rid: 1-2"}');
    });
    const calls: string[] = [];
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const outcome = await client(newSpace(), { baseUrl }).sendCustomerText(openid, '您好');
    refusing.closeAllConnections();
    refusing.close();
    expect(outcome).toMatchObject({ kind: 'refused', errcode: 40001 });
    expect(calls).toEqual(['token', 'call', 'token', 'call']);
    expect(lines.some((line) => line.startsWith('error') && line.includes('40001'))).toBe(true);
  });

  it('is renewed before its end, and is one for both processes', async () => {
    const space = newSpace();
    const [one, two] = [client(space), client(space)];
    await one.checkText({ openid, scene: 2, content: '好' });
    wechatOnPhone.advance(7200 - 299);
    await Promise.all([one, two].map((wechat) => wechat.checkText({ openid, scene: 2, content: '好' })));
    expect(tokenCalls()).toBe(2);
    expect(wechatOnPhone.calls('/wxa/').filter((call) => call.errcode === 42001)).toEqual([]);
  });

  it('A9: of another environment is never used, even over the same Redis and prefix', async () => {
    const other = await simulator();
    const space = newSpace();
    await client(space).checkText({ openid, scene: 2, content: '好' });
    const there = other.addPhone({ openid });
    await client(space, { baseUrl: other.url }).checkText({ openid: there.openid, scene: 2, content: '好' });
    expect(other.calls('/cgi-bin/stable_token')).toHaveLength(1);
    expect(other.calls('/wxa/msg_sec_check').map((call) => call.errcode)).toEqual([0]);
    await other.stop();
  });

  it('a late failure of an old token does not evict its successor', async () => {
    const space = newSpace();
    const [slow, quick] = [client(space), client(space)];
    await slow.checkText({ openid, scene: 2, content: '好' });
    wechatOnPhone.killTokens();
    await quick.checkText({ openid, scene: 2, content: '好' });
    await slow.checkText({ openid, scene: 2, content: '好' });
    await quick.checkText({ openid, scene: 2, content: '好' });
    expect(tokenCalls()).toBe(2);
  });

  it('is kept by each process for itself while Redis is away', async () => {
    const away = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: null, retryStrategy: () => 1000 });
    away.on('error', () => undefined);
    const wechat = client(newSpace(), { redis: away });
    const answers = await Promise.all(Array.from({ length: 20 }, () => wechat.checkText({ openid, scene: 2, content: '好' })));
    expect(new Set(answers)).toEqual(new Set(['pass']));
    expect(tokenCalls()).toBe(1);
    wechatOnPhone.killTokens();
    expect(await wechat.checkText({ openid, scene: 2, content: '好' })).toBe('pass');
    away.disconnect();
  });

  it('is fetched by the next one when the fetcher dies with its lock', async () => {
    const space = newSpace();
    const host = createHash('sha256').update(wechatOnPhone.url).digest('hex').slice(0, 16);
    await db.redis.set(`${db.prefix}:${space}:wechat:token:${ACCOUNT.appId}:${host}:lock`, 'dead', 'PX', 1000);
    expect(await client(space).checkText({ openid, scene: 2, content: '好' })).toBe('pass');
  });

  it('a wrong secret is refused, not guessed at', async () => {
    const outcome = await client(newSpace(), { appSecret: 'WRONG-SECRET' }).sendCustomerText(openid, '您好');
    expect(outcome).toMatchObject({ kind: 'refused', errcode: 40125 });
  });
});

describe('sign-in', () => {
  it('A5: a code gives the openid, and nothing of the session_key', async () => {
    const outcome = await client().code2Session(wechatOnPhone.loginCode(openid));
    expect(outcome).toEqual({ kind: 'ok', value: { openid } });
  });

  it('A4: a code works once', async () => {
    const code = wechatOnPhone.loginCode(openid);
    const outcomes = await Promise.all([client().code2Session(code), client().code2Session(code)]);
    expect(outcomes.map((outcome) => outcome.kind).toSorted()).toEqual(['ok', 'refused']);
    expect(await client().code2Session(code)).toMatchObject({ kind: 'refused', errcode: 40163 });
  });

  it('A4: a code is dead after five minutes', async () => {
    const code = wechatOnPhone.loginCode(openid);
    wechatOnPhone.advance(301);
    expect(await client().code2Session(code)).toMatchObject({ kind: 'refused', errcode: 40029 });
  });

  it.each([
    ['made-up', 40029],
    ['SIM_BLOCKED', 40226],
    ['SIM_TOO_OFTEN', 45011],
    ['', 41008],
  ])('code %j: %i', async (code, errcode) => {
    expect(await client().code2Session(code)).toMatchObject({ kind: 'refused', errcode });
  });

  it('another secret: 40125; another appid: 40013; a phone in bad repute: 40226', async () => {
    const code = wechatOnPhone.loginCode(openid);
    expect(await client('x', { appSecret: 'OTHER' }).code2Session(code)).toMatchObject({ errcode: 40125 });
    expect(await client('x', { appId: 'wxother' }).code2Session(code)).toMatchObject({ errcode: 40013 });
    wechatOnPhone.setHighRisk(openid, true);
    expect(await client().code2Session(wechatOnPhone.loginCode(openid))).toMatchObject({ errcode: 40226 });
  });

  it('is tried once more when WeChat is busy', async () => {
    wechatOnPhone.addFault({ kind: 'busy', path: '/sns', times: 1 });
    expect(await client().code2Session(wechatOnPhone.loginCode(openid))).toMatchObject({ kind: 'ok' });
  });
});

describe('phone number', () => {
  it('comes from the code of the button, once', async () => {
    const code = wechatOnPhone.phoneCode(openid);
    expect(await client().phoneNumber(code, openid)).toEqual({ kind: 'ok', value: { phone: '13800001234', countryCode: '86' } });
    expect(await client().phoneNumber(code, openid)).toMatchObject({ kind: 'refused', errcode: 40029 });
  });

  it('A6: not from the code of another user, which stays good for its own', async () => {
    const code = wechatOnPhone.phoneCode(openid);
    const stranger = wechatOnPhone.addPhone().openid;
    expect(await client().phoneNumber(code, stranger)).toMatchObject({ kind: 'refused', errcode: 40029 });
    expect(await client().phoneNumber(code, openid)).toMatchObject({ kind: 'ok' });
  });

  it('A6: not under the watermark of another appid', async () => {
    wechatOnPhone.world.watermarkAppId = 'wx_foreign';
    expect(await client().phoneNumber(wechatOnPhone.phoneCode(openid), openid)).toMatchObject({ kind: 'refused' });
  });

  it('not from a login code, not after five minutes; from abroad with its country', async () => {
    expect(await client().phoneNumber(wechatOnPhone.loginCode(openid), openid)).toMatchObject({ errcode: 40029 });
    const late = wechatOnPhone.phoneCode(openid);
    wechatOnPhone.advance(300);
    expect(await client().phoneNumber(late, openid)).toMatchObject({ errcode: 40029 });
    const abroad = wechatOnPhone.addPhone({ phoneNumber: '91234567', countryCode: '852' }).openid;
    expect(await client().phoneNumber(wechatOnPhone.phoneCode(abroad), abroad)).toMatchObject({ value: { phone: '+85291234567' } });
  });
});

describe('subscribe messages', () => {
  const send = (change: Partial<typeof TASK> & { openid?: string } = {}) => client().sendSubscribe({ openid, ...TASK, ...change });
  const accept = (template = 'TPL_TASK') => wechatOnPhone.answerConsents(openid, { [template]: 'accept' });

  it('one consent, one message, as the template shows it', async () => {
    accept();
    expect(await send()).toEqual({ kind: 'ok', value: null });
    expect(await send()).toMatchObject({ kind: 'refused', errcode: 43101 });
    expect(wechatOnPhone.cards(openid)).toMatchObject([
      {
        title: '待办事项提醒',
        page: 'pages/case/detail?no=ZD1',
        lines: [
          { label: '事项名称', value: '请确认诊断报告' },
          { label: '办件编号', value: 'ZD202611220001' },
          { label: '办理时限', value: '2026-11-25 18:00' },
          { label: '当前状态', value: '待您确认' },
        ],
      },
    ]);
  });

  it('consents add up, a refusal takes them all away, a longterm one does not end', async () => {
    accept();
    accept();
    expect([await send(), await send()].map((outcome) => outcome.kind)).toEqual(['ok', 'ok']);
    accept();
    wechatOnPhone.refuseInSettings(openid, ['TPL_TASK']);
    expect(await send()).toMatchObject({ errcode: 43101 });
    accept('TPL_NOTICE');
    const notice = { openid, template: 'TPL_NOTICE', data: { thing1: '遴选结果公示', date2: '2026-11-22' } };
    for (let time = 0; time < 3; time += 1) expect(await client().sendSubscribe(notice)).toMatchObject({ kind: 'ok' });
  });

  it.each([
    ['a value too long', { ...TASK.data, thing1: '字'.repeat(21) }, 'data.thing1.value invalid'],
    ['an empty value', { ...TASK.data, phrase4: '' }, 'data.phrase4.value is empty'],
    ['a value of another type', { ...TASK.data, time3: '明天' }, 'data.time3.value invalid'],
    ['a key that is missing', { thing1: '事项' }, 'data.character_string2.value is empty'],
    ['a key the template has not', { ...TASK.data, thing9: '多' }, 'data.thing9 is not a key'],
  ])('47003 names the key of %s, and takes no consent', async (_name, data, message) => {
    accept();
    expect(await send({ data } as never)).toMatchObject({ kind: 'refused', errcode: 47003, errmsg: expect.stringContaining(message) });
    expect(wechatOnPhone.phone(openid).consents['TPL_TASK']).toBe(1);
  });

  it('40037, 40003, 41030, 43107, 45168', async () => {
    accept();
    expect(await send({ template: 'TPL_NONE' })).toMatchObject({ errcode: 40037 });
    expect(await send({ openid: 'oNobody' })).toMatchObject({ errcode: 40003 });
    expect(await send({ page: 'not a page' })).toMatchObject({ errcode: 41030 });
    expect(await send({ data: { ...TASK.data, thing1: '刷单返利' } })).toMatchObject({ errcode: 45168 });
    wechatOnPhone.banTemplate('TPL_TASK');
    expect(await send()).toMatchObject({ errcode: 43107 });
    expect(wechatOnPhone.cards(openid)).toEqual([]);
  });

  it("every template of the product is the account's, and any facts make a card that WeChat takes", async () => {
    checkTemplates(PRODUCT_TEMPLATES);
    const wild = ['', '  ', '👍', 'ID 9 号（补正）待审', '一'.repeat(200), 'a\nb\u202Ec', '12.5', '新乡市某某机械制造有限公司 ~ 数字化改造'];
    for (const template of Object.values(PRODUCT_TEMPLATES)) {
      for (const text of wild) {
        accept(template.id);
        const data = dataFor(template, { matter: text, no: text, state: text, time: new Date('2026-11-22T06:00:00Z'), advice: text });
        expect(await client().sendSubscribe({ openid, template: template.id, data })).toEqual({ kind: 'ok', value: null });
      }
    }
  });

  it('43108: sends of one process to a user wait for each other', async () => {
    for (let time = 0; time < 5; time += 1) accept();
    const wechat = client();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => wechat.sendSubscribe({ openid, ...TASK })));
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(Array(5).fill('ok'));
    expect(wechatOnPhone.calls('/cgi-bin/message/subscribe').map((call) => call.errcode)).toEqual([0, 0, 0, 0, 0]);
  });

  it('43108: sends of two processes meet, and the refused one is tried again', async () => {
    const met = (): boolean => wechatOnPhone.calls('/cgi-bin/message/subscribe').some((call) => call.errcode === 43108);
    const two = [client('shared'), client('shared')];
    // On a busy machine one may be through before the other begins.
    for (let pair = 0; pair < 20 && !met(); pair += 1) {
      accept();
      accept();
      const outcomes = await Promise.all(two.map((wechat) => wechat.sendSubscribe({ openid, ...TASK })));
      expect(outcomes.map((outcome) => outcome.kind)).toEqual(['ok', 'ok']);
    }
    expect(met()).toBe(true);
  });

  it('says unknown, not failed, when the answer is lost after the send', async () => {
    accept();
    wechatOnPhone.addFault({ kind: 'http502', path: '/cgi-bin/message/subscribe', isAfter: true, times: 1 });
    expect(await send()).toEqual({ kind: 'unknown', reason: 'http' });
    expect(wechatOnPhone.cards(openid)).toHaveLength(1);
  });
});

describe('content check', () => {
  const check = (content: string) => client().checkText({ openid, scene: 2, content });

  it.each([
    ['服务很好，感谢', 'pass'],
    ['这家是骗子', 'review'],
    ['快来刷单返利', 'risky'],
    ['   ', 'pass'],
  ] as const)('%s: %s', async (content, verdict) => expect(await check(content)).toBe(verdict));

  it('sees a word in any part of a long text, on the seam too', async () => {
    for (const at of [0, 2447, 2498, 2499, 4950, 7000]) {
      expect(await check(`${'好'.repeat(at)}刷单返利${'好'.repeat(7100 - at)}`)).toBe('risky');
    }
    expect(await check('好'.repeat(7104))).toBe('pass');
  });

  it('is unavailable for a user idle for two hours, and when WeChat is down', async () => {
    wechatOnPhone.advance(2 * 3600 + 1);
    expect(await check('好')).toBe('unavailable');
    wechatOnPhone.touch(openid);
    expect(await check('好')).toBe('pass');
    wechatOnPhone.addFault({ kind: 'http502', path: '/wxa/msg_sec_check' });
    expect(await check('好')).toBe('unavailable');
  });
});

describe('customer service', () => {
  const say = () => client().sendCustomerText(openid, '您好，已收到');

  it('five answers within 48 hours of a message; 45047 after, 45015 without one', async () => {
    expect(await say()).toMatchObject({ kind: 'refused', errcode: 45015 });
    wechatOnPhone.sendText(openid, '你好');
    for (let time = 0; time < 5; time += 1) expect(await say()).toMatchObject({ kind: 'ok' });
    expect(await say()).toMatchObject({ errcode: 45047 });
    wechatOnPhone.sendText(openid, '还在吗');
    expect(await say()).toMatchObject({ kind: 'ok' });
    wechatOnPhone.advance(48 * 3600 + 1);
    expect(await say()).toMatchObject({ errcode: 45015 });
    expect(wechatOnPhone.chat(openid).filter((line) => line.from === 'service')).toHaveLength(6);
  });

  it('two answers within a minute of coming in', async () => {
    wechatOnPhone.enterChat(openid, 'case=42');
    expect([await say(), await say()].map((outcome) => outcome.kind)).toEqual(['ok', 'ok']);
    expect(await say()).toMatchObject({ errcode: 45047 });
    wechatOnPhone.advance(61);
    expect(await say()).toMatchObject({ errcode: 45015 });
  });

  it('typing shows within 30 seconds of an exchange, not twice in 15', async () => {
    expect(await client().typing(openid)).toMatchObject({ errcode: 45080 });
    wechatOnPhone.sendText(openid, '你好');
    expect(await client().typing(openid)).toMatchObject({ kind: 'ok' });
    expect(await client().typing(openid)).toMatchObject({ errcode: 45081 });
    expect(await client().typing(openid, false)).toMatchObject({ kind: 'ok' });
  });
});

describe('a line that fails', () => {
  it.each([
    [{ kind: 'http502' }, 'http'],
    [{ kind: 'notJson' }, 'notJson'],
    [{ kind: 'empty' }, 'notJson'],
    [{ kind: 'busy' }, 'busy'],
  ] as const)('%j: unknown', async (fault, reason) => {
    await client().typing(openid);
    wechatOnPhone.addFault({ ...fault, path: '/cgi-bin/message' });
    expect(await client().sendCustomerText(openid, '您好')).toEqual({ kind: 'unknown', reason });
  });

  it('waits no longer than its patience', async () => {
    await client().typing(openid);
    wechatOnPhone.addFault({ kind: 'hang', path: '/cgi-bin/message/custom/typing' });
    const started = Date.now();
    expect(await client().typing(openid)).toEqual({ kind: 'unknown', reason: 'timeout' });
    expect(Date.now() - started).toBeLessThan(10_000);
  });

  it('nobody there: unknown', async () => {
    const outcome = await client(newSpace(), { baseUrl: 'http://127.0.0.1:1' }).code2Session('c');
    expect(outcome).toEqual({ kind: 'unknown', reason: 'network' });
  });
});

it('A5, H1: the log of all of this holds no secret, token, openid, code, phone or text', () => {
  const written = lines.join('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const secret of [ACCOUNT.appSecret, 'WRONG-SECRET', '80_', 'access_token=', '13800001234', '您好', '诊断', '刷单']) {
    expect(written).not.toContain(secret);
  }
  for (const phone of wechatOnPhone.phones()) expect(written).not.toContain(phone.openid);
  expect(written).not.toMatch(/\bo[\w-]{27}\b/);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import Koa from 'koa';
import type { PushFields, Simulator, Tampering } from '../../../scripts/wechat-simulator';
import { pushLedger, type PushLedger } from '../../../src/wechat/ledger';
import type { PushMessage, PushSettings } from '../../../src/wechat/push';
import { pushRoutes } from '../../../src/wechat/routes';
import { testDatabase, type TestDatabase } from '../../support/engines';
import { ACCOUNT, rememberingLog, simulator } from './support';

let db: TestDatabase;
let wechat: Simulator;
let openid: string;
let ledger: PushLedger;
const servers: Server[] = [];
const { lines, log } = rememberingLog();

const taken: PushMessage[] = [];
let onMessage: (message: PushMessage) => Promise<unknown>;

const settings = (mode: PushSettings['mode']): PushSettings => ({ appId: ACCOUNT.appId, keys: [ACCOUNT], mode });

/** The product's route in a bare app, as one of several web processes. Its address for pushes. */
async function webProcess(mode: PushSettings['mode'] = 'secure'): Promise<string> {
  const app = new Koa();
  app.silent = true;
  const clock = () => new Date(wechat.world.now());
  app.use(pushRoutes({ settings: settings(mode), ledger, onMessage: (message) => onMessage(message), log, clock }).routes());
  const server = createServer(app.callback());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/wechat/push`;
}

const textFields = (content = '我们想做个数字化诊断'): PushFields => ({
  ...wechat.world.envelope(wechat.phone(openid), 'text'),
  Content: content,
  MsgId: wechat.world.nextMsgId(),
});
const entriesInLedger = () => db.connection.collection('wechatPushes').countDocuments();

beforeAll(async () => {
  db = await testDatabase();
  wechat = await simulator();
  ledger = pushLedger(db.connection, () => new Date(wechat.world.now()));
  await ledger.ensureIndexes();
  wechat.pusher.url = await webProcess();
});
beforeEach(async () => {
  await wechat.settled();
  wechat.reset();
  wechat.pusher.options = { mode: 'secure', format: 'json', timeoutMs: 5000, attempts: 3, retryMs: 20 };
  openid = wechat.addPhone().openid;
  taken.length = 0;
  onMessage = async (message) => taken.push(message);
});
afterAll(async () => {
  await wechat?.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await db?.close();
});

it('the address is verified as in the console', async () => {
  expect(await wechat.pusher.verifyUrl()).toBe(true);
  const forged = await fetch(`${wechat.pusher.url}?signature=${'0'.repeat(40)}&timestamp=1&nonce=1&echostr=1`);
  expect([forged.status, await forged.text()]).toEqual([403, '']);
});

describe('what a phone does reaches the product', () => {
  it.each([
    ['secure', 'json'],
    ['secure', 'xml'],
    ['compatible', 'json'],
    ['compatible', 'xml'],
  ] as const)('in %s mode as %s', async (mode, format) => {
    wechat.pusher.options = { ...wechat.pusher.options, mode, format };
    const messageId = wechat.sendText(openid, '你好 <b>&amp; ]]> "引号"\n换行');
    expect(Number.isSafeInteger(Number(messageId))).toBe(false);
    wechat.sendImage(openid, 'https://img.example.com/1.jpg?a=1&b=2');
    wechat.sendCard(openid, '我的申请', 'pages/case/detail?id=42');
    wechat.enterChat(openid, 'case=42');
    wechat.answerConsents(openid, { TPL_TASK: 'accept' });
    wechat.answerConsents(openid, { TPL_RESULT: 'accept', TPL_PROGRESS: 'reject' });
    wechat.refuseInSettings(openid, ['TPL_TASK']);
    wechat.reportSent(openid, 'TPL_TASK', 43101, 'failed');
    await wechat.settled();
    const of = (kind: PushMessage['kind']) => taken.filter((message) => message.kind === kind);
    expect(of('text')).toMatchObject([{ openid, messageId, content: '你好 <b>&amp; ]]> "引号"\n换行' }]);
    expect(of('image')).toMatchObject([{ pictureUrl: 'https://img.example.com/1.jpg?a=1&b=2', mediaId: expect.stringMatching(/^MEDIA_/) }]);
    expect(of('card')).toMatchObject([{ title: '我的申请', page: 'pages/case/detail?id=42' }]);
    expect(of('entered')).toMatchObject([{ from: 'case=42' }]);
    expect(of('sent')).toMatchObject([
      { results: [{ templateId: 'TPL_TASK', errorCode: 43101, status: 'failed', messageId: expect.stringMatching(/^\d{19}$/) }] },
    ]);
    expect(of('consents')).toHaveLength(3);
    expect(of('consents')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ cause: 'popup', answers: [{ templateId: 'TPL_TASK', answer: 'accept' }] }),
        expect.objectContaining({
          cause: 'popup',
          answers: [
            { templateId: 'TPL_RESULT', answer: 'accept' },
            { templateId: 'TPL_PROGRESS', answer: 'reject' },
          ],
        }),
        expect.objectContaining({ cause: 'settings', answers: [{ templateId: 'TPL_TASK', answer: 'reject' }] }),
      ]),
    );
    expect(wechat.deliveries().every(({ attempts }) => attempts.length === 1 && attempts[0]!.body === 'success')).toBe(true);
  });

  it.each(['json', 'xml'] as const)('in plaintext mode as %s, where that is set', async (format) => {
    const secureUrl = wechat.pusher.url;
    wechat.pusher.url = await webProcess('plain');
    wechat.pusher.options = { ...wechat.pusher.options, mode: 'plain', format };
    wechat.sendText(openid, '你好');
    await wechat.settled();
    wechat.pusher.url = secureUrl;
    expect(taken).toMatchObject([{ kind: 'text', content: '你好' }]);
  });

  it('the verdict on a picture, told twice, arrives once', async () => {
    wechat.world.media = { afterMs: 1, times: 2 };
    const { access_token: token } = wechat.world.tokens.stableToken(false);
    const answer = await fetch(`${wechat.url}/wxa/media_check_async?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({ media_url: 'https://files.example.com/模拟色情.jpg', media_type: 2, version: 2, scene: 2, openid }),
    });
    const { trace_id: traceId } = (await answer.json()) as { trace_id: string };
    await sleep(100);
    await wechat.settled();
    expect(taken).toMatchObject([{ kind: 'mediaChecked', traceId, suggest: 'risky', label: 20002 }]);
    expect(wechat.deliveries().filter(({ name }) => name === 'wxa_media_check')).toHaveLength(2);
  });
});

describe('A1: forged pushes', () => {
  const tamperings: Tampering[] = [
    'noSignature', 'wrongSignature', 'otherBody', 'plaintext', 'otherAppId', 'badPadding',
    'doubledKey', 'arrayKey', 'otherToken', 'late', 'future',
  ];

  it.each(tamperings.flatMap((tampering) => [[tampering, 'json'] as const, [tampering, 'xml'] as const]))(
    '%s in %s: refused, nothing written, nothing told',
    async (tampering, format) => {
      wechat.pusher.options = { ...wechat.pusher.options, format };
      const before = await entriesInLedger();
      const attempt = await wechat.pusher.post(wechat.pusher.pack(textFields(), tampering));
      expect(attempt).toMatchObject({ status: 403, body: '' });
      expect(taken).toEqual([]);
      expect(await entriesInLedger()).toBe(before);
    },
  );

  it('the same packet untouched is taken, so it was the touch that was refused', async () => {
    expect(await wechat.pusher.post(wechat.pusher.pack(textFields()))).toMatchObject({ status: 200, body: 'success' });
  });

  it.each(['', '{', '[]', '<xml>', '{"Encrypt":""}', '{"Encrypt":["a"]}', '{"Encrypt":{"$ne":1}}'])('body %j: refused', async (body) => {
    const packet = wechat.pusher.pack(textFields());
    expect(await wechat.pusher.post({ ...packet, body })).toMatchObject({ status: 403 });
    expect(taken).toEqual([]);
  });

  it('a body of a megabyte is not read to its end', async () => {
    const packet = wechat.pusher.pack(textFields());
    const attempt = await wechat.pusher.post({ ...packet, body: 'a'.repeat(2 ** 20) });
    expect(attempt.status === 413 || attempt.failure === 'connection').toBe(true);
    expect(taken).toEqual([]);
  });
});

describe('A2: a genuine packet replayed', () => {
  it('1,000 times at once and a minute later: one effect; an hour and a day later: refused', async () => {
    const packet = wechat.pusher.pack(textFields());
    const statuses: (number | null)[] = [];
    for (const minutes of [0, 1]) {
      wechat.advance(minutes * 60);
      for (let round = 0; round < 10; round += 1) {
        const attempts = await Promise.all(Array.from({ length: 50 }, () => wechat.pusher.post(packet)));
        statuses.push(...attempts.map(({ status }) => status));
      }
    }
    expect(statuses).toHaveLength(1000);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(taken).toHaveLength(1);
    for (const hours of [1, 24]) {
      wechat.advance(hours * 3600);
      expect(await wechat.pusher.post(packet)).toMatchObject({ status: 403 });
    }
    expect(taken).toHaveLength(1);
  });

  it('after a flushed Redis: still one effect', async () => {
    const packet = wechat.pusher.pack(textFields());
    await wechat.pusher.post(packet);
    const keys = await db.redis.keys(`${db.prefix}*`);
    if (keys.length > 0) await db.redis.del(...keys);
    expect(await wechat.pusher.post(packet)).toMatchObject({ status: 200 });
    expect(taken).toHaveLength(1);
  });
});

describe('A3: redelivery', () => {
  it('50 parallel deliveries to two processes: one effect', async () => {
    const urls = [wechat.pusher.url!, await webProcess()];
    onMessage = async (message) => {
      await sleep(100);
      taken.push(message);
    };
    const fields = textFields();
    const packets = Array.from({ length: 50 }, () => wechat.pusher.pack(fields));
    const attempts = await Promise.all(
      packets.map((packet, index) => wechat.pusher.post({ ...packet, url: packet.url.replace(urls[0]!, urls[index % 2]!) })),
    );
    expect(new Set(attempts.map(({ body }) => body))).toEqual(new Set(['success']));
    expect(taken).toHaveLength(1);
  });

  it('a hand-over that stalls for six seconds: an answer before WeChat gives up, one effect, and success in the end', async () => {
    onMessage = async (message) => {
      taken.push(message);
      await sleep(6000);
    };
    wechat.pusher.options.retryMs = 2600;
    const delivery = await wechat.pusher.deliver(textFields());
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(Math.max(...delivery.attempts.map(({ ms }) => ms))).toBeLessThan(5000);
    expect(taken).toHaveLength(1);
  });

  it('a hand-over that fails is answered with an error, and the next delivery is taken', async () => {
    let failures = 2;
    onMessage = async (message) => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('queue away');
      }
      taken.push(message);
    };
    const delivery = await wechat.pusher.deliver(textFields());
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(taken).toHaveLength(1);
  });

  it('a message whose taker died is taken by a later delivery', async () => {
    const fields = textFields();
    const packet = wechat.pusher.pack(fields);
    await wechat.pusher.post(packet);
    const { key } = taken[0]!;
    taken.length = 0;
    const at = new Date(wechat.world.now());
    await db.connection
      .collection<{ _id: string }>('wechatPushes')
      .updateOne({ _id: key }, { $set: { state: 'taking', leaseUntil: at } });
    wechat.advance(1);
    expect(await wechat.pusher.post(packet)).toMatchObject({ status: 200 });
    expect(taken).toHaveLength(1);
  });

  it('three failures: WeChat gives up and tells the user', async () => {
    onMessage = async () => Promise.reject(new Error('queue away'));
    wechat.sendText(openid, '你好');
    await wechat.settled();
    expect(wechat.deliveries().at(-1)).toMatchObject({ isDelivered: false, attempts: [{ status: 503 }, { status: 503 }, { status: 503 }] });
    expect(wechat.chat(openid).at(-1)).toMatchObject({ from: 'system', text: expect.stringContaining('无法提供服务') });
  });

  it('a different message of the same second is no redelivery', async () => {
    await Promise.all([wechat.pusher.deliver(textFields('一')), wechat.pusher.deliver(textFields('二'))]);
    expect(taken.map((message) => message.kind === 'text' && message.content).toSorted()).toEqual(['一', '二']);
  });
});

it('H1: the log holds neither openid nor text nor key material', () => {
  const written = lines.join('\n');
  expect(lines.length).toBeGreaterThan(20);
  for (const secret of [ACCOUNT.encodingAesKey, ACCOUNT.token, '数字化诊断', '你好']) expect(written).not.toContain(secret);
  expect(written).not.toMatch(/\bo[\w-]{27}\b/);
});

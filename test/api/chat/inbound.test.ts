import { createHash } from 'node:crypto';
import { pino } from 'pino';
import { createChat, type Chat } from '../../../src/chat/service';
import { createInbound, type InboundChannel, type InboundDeps } from '../../../src/chat/inbound';
import { createOutbound, type Outbound } from '../../../src/chat/outbound';
import { piecesOf } from '../../../src/chat/pieces';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { service } from '../../../src/procedures/service/procedure';
import type { Outcome } from '../../../src/wechat/outcome';
import type { PushMessage } from '../../../src/wechat/push';
import { anEnterprise, aProvider, official, owner, testKernel, type TestKernel } from '../../support/kernel';

let t: TestKernel;
let chat: Chat;
let channel: InboundChannel;
let outbound: Outbound;
let sent: { openid: string; text: string }[] = [];
let outcome: Outcome<null> = { kind: 'ok', value: null };
let deps: InboundDeps;
const POWERS = ['view', 'handle', 'confirm'] as const;

beforeAll(async () => {
  t = await testKernel([complaint, service], { organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1', { name: '新乡华信智造科技有限公司' })] });
  const log = pino({ level: 'silent' });
  chat = createChat({ connection: t.connection, city: 'xinxiang', kernel: t.kernel, now: t.now, log, quote: async () => null, tell: (news) => outbound.tell(news), people: t.people });
  await chat.prepare();
  const personOf = async (openid: string): Promise<string | null> => (openid === 'o-stranger' ? null : `person-of-${openid}`);
  const sendCustomerText = async (openid: string, text: string): Promise<Outcome<null>> => { sent.push({ openid, text }); return outcome; };
  outbound = createOutbound({ connection: t.connection, city: 'xinxiang', personOf, sendCustomerText, now: t.now, log });
  await outbound.prepare();
  const one = { id: 'enterprise-1', name: '企业一', kind: 'enterprise' as const, powers: POWERS };
  const two = { id: 'enterprise-2', name: '企业二', kind: 'enterprise' as const, powers: POWERS };
  deps = {
    connection: t.connection, city: 'xinxiang', chat, outbound, personOf, sendCustomerText, now: t.now, log,
    membershipsOf: async (person) => (person.includes('two') ? [one, two] : person.includes('citizen') ? [] : [one]),
  };
  channel = createInbound(deps);
  await channel.prepare();
});
beforeEach(() => { sent = []; outcome = { kind: 'ok', value: null }; });
afterAll(() => t.close());

let count = 0;
const text = (openid: string, content: string): PushMessage => {
  count += 1;
  return { kind: 'text', key: createHash('sha256').update(`${count}`).digest('hex').slice(0, 32), openid, at: new Date(t.now().getTime() + count), messageId: String(count), content };
};
async function hear(openid: string, ...contents: string[]): Promise<string> {
  for (const content of contents) {
    await channel.onPush(text(openid, content));
    await channel.handleInbound(openid);
  }
  return sent.at(-1)!.text;
}

describe('customer-service messages', () => {
  it('15.2: an owner files a complaint in plain text, choosing by number where there are no buttons', async () => {
    const asked = await hear('o-boss', '我要投诉华信智造');
    expect(asked).toContain('1. 人员能力不足');
    expect(await hear('o-boss', '1', '人员能力太差，来的人解决不了问题', '换一批人', '跳过')).toContain('请核对“提交投诉”');
    // A number never stands for the confirmation: the first choice offered is to change an item.
    expect(await hear('o-boss', '1')).toContain('请告诉我被投诉服务商的名称');
    expect(await hear('o-boss', '华信智造')).toContain('请核对“提交投诉”');
    const no = /TS\d{8}-\w{6}/.exec(await hear('o-boss', '确认'))![0];
    expect(await t.cases.findOne({ no })).toMatchObject({ state: 'filed', data: { matters: ['staff'], wish: '换一批人' } });
  });

  it('a push delivered three times is answered once and files nothing twice', async () => {
    const message = text('o-again', '你好');
    for (let i = 0; i < 3; i += 1) await channel.onPush(message);
    await Promise.all([channel.handleInbound('o-again'), channel.handleInbound('o-again'), channel.sweep()]);
    expect(sent.filter(({ openid }) => openid === 'o-again')).toHaveLength(1);
  });

  it('several organisations: asks which one, and takes the number, the name, or a change of mind', async () => {
    expect(await hear('o-two', '我要投诉')).toContain('1. 企业一\n2. 企业二\n3. 个人（公众）');
    expect(await hear('o-two', '2')).toContain('企业二');
    expect(await hear('o-two', '我要投诉')).toContain('请告诉我被投诉服务商的名称');
    expect(await hear('o-two', '切换身份', '个人')).toContain('“个人”');
    expect(await hear('o-two', '我要投诉')).toContain('由企业办理');
  });

  it('10: asked after a provider, it says in words what the card shows, and where the page is', async () => {
    const told = await hear('o-asks', '华信智造怎么样');
    expect(told).toContain('新乡华信智造科技有限公司：在库，2026年1月5日入库，依据第十条，红旗区，起重装备');
    expect(told).toContain('（请打开小程序“服务商库”页面）');
  });

  it('somebody who never signed in gets answers about the rules and the way to sign in', async () => {
    const said = await hear('o-stranger', '警告两次会怎么样');
    expect(said).toContain('第十六条（一）');
    expect(said).toContain('小程序登录');
  });

  it('messages of one user are answered in their order, also by a sweep after a crash', async () => {
    for (const content of ['警告两次会怎么样', '办法有效期多久']) await channel.onPush(text('o-order', content));
    await channel.sweep();
    const said = sent.filter(({ openid }) => openid === 'o-order').map((one) => one.text);
    expect(said[0]).toContain('第十六条');
    expect(said[1]).toContain('第二十条');
  });

  it('an unknown outcome is not repeated; a process that died while sending is not either', async () => {
    outcome = { kind: 'unknown', reason: 'timeout' };
    await hear('o-unknown', '你好');
    await channel.sweep();
    expect(sent).toHaveLength(1);
    const died = text('o-died', '你好');
    await channel.onPush(died);
    await t.connection.collection('inbound').updateOne({ _id: died.key as never }, { $set: { state: 'sending', leaseUntil: new Date(0) } });
    await channel.sweep();
    expect(await t.connection.collection('inbound').findOne({ _id: died.key as never })).toMatchObject({ state: 'done', outcome: 'unknown' });
    expect(sent).toHaveLength(1);
  });

  it('a process that died before sending is taken over when its lease ends', async () => {
    const died = text('o-worker', '你好');
    await channel.onPush(died);
    await t.connection.collection('inbound').updateOne({ _id: died.key as never }, { $set: { state: 'working', leaseUntil: new Date(0), tries: 1 } });
    await channel.sweep();
    expect(sent.filter(({ openid }) => openid === 'o-worker')).toHaveLength(1);
  });

  it('words are not kept once answered', async () => {
    await hear('o-kept', '办法有效期多久');
    const kept = await t.connection.collection('inbound').find({ state: 'done' }).toArray();
    expect(kept.length).toBeGreaterThan(3);
    expect(kept.every((one) => one['text'] === undefined)).toBe(true);
  });

  it('long answers come in four messages at most, each below 2,048 bytes', () => {
    const pieces = piecesOf('测试'.repeat(3000), 4);
    expect(pieces.length).toBeLessThanOrEqual(4);
    expect(pieces.every((piece) => Buffer.byteLength(piece) <= 2048)).toBe(true);
    expect(pieces.at(-1)).toContain('小程序');
  });
});

describe('what is told there unasked', () => {
  const clerk = official('clerk', ['intake'], ['service']);
  const ANSWER = '按法人单位分别诊断，两家厂各做一次。';
  /** Asks for a person in the customer-service chat; answers the number of the case. */
  async function handedOver(openid: string): Promise<string> {
    await hear(openid, '转人工', '我们两家厂共用一套系统，诊断是做一次还是两次？');
    const no = /RG\d{8}-\w{6}/.exec(await hear(openid, '确认'))![0];
    await t.claim(clerk, no);
    sent = [];
    return no;
  }
  const lastLine = async (no: string): Promise<number> => (await t.cases.findOne({ no }))!.timeline.length;
  /** As the effect of the clerk's move does, however often. */
  const deliver = async (no: string): Promise<void> => chat.deliver({}, { no, seq: await lastLine(no) });

  it('4.6: what a colleague answers comes where it was asked, once, with the way to ask on', async () => {
    const no = await handedOver('o-asked');
    await t.kernel.act(clerk, no, 'answer', { text: ANSWER });
    await Promise.all([deliver(no), deliver(no)]);
    await deliver(no);
    expect(sent).toEqual([{ openid: 'o-asked', text: `工作人员答复（${no}）：${ANSWER}\n要补充或追问，请回复编号 ${no}。` }]);
    expect(await hear('o-asked', no)).toContain('1. 补充说明');
    expect(await hear('o-asked', '1', '两家厂不在一个县。', '确认')).toContain('已提交“补充说明”');
    expect((await t.cases.findOne({ no }))!.data['lines']).toMatchObject([{ from: 'agent' }, { from: 'person', text: '两家厂不在一个县。' }]);
  });

  it('nothing is sent once two days have passed, or where it was asked on the page', async () => {
    const no = await handedOver('o-late');
    await t.pass({ days: 2.1 });
    await t.kernel.act(clerk, no, 'answer', { text: ANSWER });
    await deliver(no);
    expect(sent).toEqual([]);
    // Writing anew opens the window anew.
    await hear('o-late', '你好');
    sent = [];
    await t.pass({ days: 0.1 });
    await t.kernel.act(clerk, no, 'close', { text: '以上为正式答复。', subject: 'rules' });
    await deliver(no);
    expect(sent.map(({ text }) => text.split('\n')[0])).toEqual([`工作人员答复（${no}）：以上为正式答复。`]);

    const asker = owner('person-of-o-page', 'enterprise-1');
    const { no: onPage } = await t.kernel.open(asker, 'service', 'open', { question: '诊断是做一次还是两次？' });
    await hear('o-page', '你好');
    sent = [];
    await t.claim(clerk, onPage);
    await t.kernel.act(clerk, onPage, 'answer', { text: ANSWER });
    await deliver(onPage);
    expect(sent).toEqual([]);
  });

  it('how a case begun there goes on is told to who began it and to nobody else; an outcome that nobody knows is not repeated', async () => {
    await hear('o-begun', '我要投诉华信智造，人员能力不足', '人员能力太差，来的人解决不了问题', '换一批人', '跳过');
    const no = /TS\d{8}-\w{6}/.exec(await hear('o-begun', '确认'))![0];
    await hear('o-colleague', '你好');
    sent = [];
    const news = (person: string) => ({ no, person, key: `${no}:2:${person}`, text: `企业投诉 ${no}：受理` });
    await outbound.tell(news('person-of-o-colleague'));
    expect(sent).toEqual([]);
    outcome = { kind: 'unknown', reason: 'timeout' };
    await outbound.tell(news('person-of-o-begun'));
    await outbound.tell(news('person-of-o-begun'));
    expect(sent).toEqual([{ openid: 'o-begun', text: `企业投诉 ${no}：受理` }]);
  });
});

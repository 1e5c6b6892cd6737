import { pino } from 'pino';
import type { Actor } from '../../../src/kernel/actor';
import type { Reply } from '../../../src/chat/replies';
import { createChat, type Chat } from '../../../src/chat/service';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { diagnosis } from '../../../src/procedures/diagnosis/procedure';
import { report } from '../../../src/procedures/report/procedure';
import { service } from '../../../src/procedures/service/procedure';
import { anEnterprise, aProvider, citizen, official, owner, testKernel, type TestKernel } from '../../support/kernel';

let t: TestKernel;
let chat: Chat;
const HUAXIN = '新乡华信智造科技有限公司';
const EVIDENCE = 'f0f0f0f0f0f0f0f0f0f0f0f0';
const clerk = official('clerk', ['intake'], ['service']);

beforeAll(async () => {
  t = await testKernel([complaint, diagnosis, report, service], {
    organisations: [
      anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1', { name: HUAXIN, region: '410783' }), aProvider('provider-2', { name: '河南中联数字科技有限公司', sector: 'medical' }),
      aProvider('provider-3', { name: '豫北工业互联有限公司', standing: 'removed' }), aProvider('provider-4', { name: '尚未入库科技有限公司', standing: 'candidate' }),
    ],
  });
  chat = createChat({
    connection: t.connection, city: 'xinxiang', kernel: t.kernel, now: t.now, log: pino({ level: 'silent' }), quote: async () => null,
    tell: async () => undefined, people: t.people,
  });
  await chat.prepare();
});
afterAll(() => t.close());

const words = (replies: Reply[]): string => replies.map(({ text }) => text).join('\n');
const last = (replies: Reply[]): Reply => replies.at(-1)!;
/** Says several things in order; answers what was said last. */
async function tell(actor: Actor, ...texts: string[]): Promise<Reply[]> {
  let replies: Reply[] = [];
  for (const text of texts) replies = await chat.say(actor, { text });
  return replies;
}
const receiptOf = (replies: Reply[]) => replies.find((reply) => reply.type === 'receipt') as Extract<Reply, { type: 'receipt' }>;
let people = 0;
const somebody = (org = 'enterprise-1'): Actor => owner(`person-${people += 1}`, org);

const FILED = ['我要投诉华信智造，人员能力不足，进度还拖着，诉求是更换项目经理', '实施人员两个月换了四次，现场问题一直解决不了', '跳过', '跳过'];

describe('15.2: an enterprise complains in the chat', () => {
  it('takes provider, matters and wish from one sentence, asks the rest, and files after an explicit confirmation', async () => {
    const boss = somebody();
    const first = await tell(boss, FILED[0]!);
    expect(last(first)).toMatchObject({ type: 'ask', field: { name: 'text' } });
    const summary = last(await tell(boss, ...FILED.slice(1)));
    expect(summary.type).toBe('summary');
    expect(summary.text).toContain(HUAXIN);
    expect(summary.text).toContain('人员能力不足、响应或进度迟缓');
    expect(summary.text).toContain('更换项目经理');
    const receipt = receiptOf(await tell(boss, '确认'));
    const c = (await t.cases.findOne({ no: receipt.receipt.no }))!;
    expect(c).toMatchObject({
      state: 'filed', parties: { provider: ['org:provider-1'] },
      data: { matters: ['staff', 'delay'], text: FILED[1], wish: '更换项目经理' },
    });
  });

  it('answers a rule question in the middle with its article and asks the same again', async () => {
    const boss = somebody();
    await tell(boss, '我要投诉华信智造');
    const replies = await tell(boss, '请问服务商能先收费后签合同吗？');
    expect(replies[0]).toMatchObject({ type: 'answer', article: '11' });
    expect(last(replies)).toMatchObject({ type: 'ask', field: { name: 'matters' } });
  });

  it('corrects an earlier slot by name, and what is filed is the corrected', async () => {
    const boss = somebody();
    const again = last(await tell(boss, ...FILED, '诉求改成退还预付款'));
    expect(again).toMatchObject({ type: 'summary' });
    expect(again.text).toContain('诉求：退还预付款');
    expect(again.text).not.toContain('更换项目经理');
    const asked = last(await tell(boss, '改一下投诉事项'));
    expect(asked).toMatchObject({ type: 'ask', field: { name: 'matters' } });
    await tell(boss, '收费问题');
    const { receipt } = receiptOf(await tell(boss, '确认提交'));
    expect((await t.cases.findOne({ no: receipt.no }))!.data).toMatchObject({ matters: ['charge'], wish: '退还预付款' });
  });

  it('the last item said to be wrong is asked again', async () => {
    const boss = somebody();
    await tell(boss, '我要投诉华信智造', '交付质量');
    expect(last(await tell(boss, '上一项写错了'))).toMatchObject({ type: 'ask', field: { name: 'matters' } });
  });

  it('an ambiguous yes, an interruption or a new value commits nothing', async () => {
    const boss = somebody();
    const before = await t.cases.countDocuments({});
    for (const vague of ['好', 'ok', '嗯嗯', '办法有效期多久？', '查进度']) await tell(boss, ...FILED, vague);
    expect(await t.cases.countDocuments({})).toBe(before);
  });

  it('only the summary shown last can be confirmed by its button', async () => {
    const boss = somebody();
    const summary = last(await tell(boss, ...FILED)) as Extract<Reply, { type: 'summary' }>;
    const next = last(await tell(boss, '诉求改成退款')) as Extract<Reply, { type: 'summary' }>;
    expect(next.hash).not.toBe(summary.hash);
    const before = await t.cases.countDocuments({});
    const refused = await chat.say(boss, { pick: `confirm:${summary.hash}` });
    expect(words(refused)).toContain('失效');
    expect(await t.cases.countDocuments({})).toBe(before);
    const shown = last(refused) as Extract<Reply, { type: 'summary' }>;
    expect(receiptOf(await chat.say(boss, { pick: `confirm:${shown.hash}` })).receipt.no).toMatch(/^TS/);
  });

  it('twenty taps on the same confirmation file one complaint and all hear the same number', async () => {
    const boss = somebody('enterprise-2');
    const summary = last(await tell(boss, ...FILED)) as Extract<Reply, { type: 'summary' }>;
    const before = await t.cases.countDocuments({ procedure: 'complaint' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => chat.say(boss, { pick: `confirm:${summary.hash}` }).catch((error: Error) => error)));
    expect(await t.cases.countDocuments({ procedure: 'complaint' })).toBe(before + 1);
    const numbers = new Set(answers.flatMap((one) => (one instanceof Error ? [] : words(one).match(/TS\d{8}-\w{6}/g) ?? [])));
    expect(numbers.size).toBe(1);
  });

  it('a repeated message with the same key gets the same answer and fills nothing twice', async () => {
    const boss = somebody();
    await tell(boss, '我要投诉华信智造');
    const first = await chat.say(boss, { text: '交付质量' }, { key: 'message-1' });
    expect(await chat.say(boss, { text: '交付质量' }, { key: 'message-1' })).toEqual(first);
    expect((await chat.history(boss, { limit: 10 })).items.filter(({ said }) => said === '交付质量')).toHaveLength(1);
  });

  it('cancelling files nothing and forgets what was filled', async () => {
    const boss = somebody();
    expect(words(await tell(boss, ...FILED, '不要投诉了'))).toContain('已取消');
    const again = await tell(boss, '我要投诉');
    expect(last(again)).toMatchObject({ type: 'ask', field: { name: 'provider' } });
  });

  it('a rule that refuses is told in words and asks the faulty field again', async () => {
    const boss = somebody();
    await tell(boss, FILED[0]!, FILED[1]!);
    const summary = last(await tell(boss, 'HT20260101-ABC123', '跳过'));
    expect(summary.type).toBe('summary');
    const replies = await tell(boss, '确认');
    expect(words(replies)).toContain('没有找到贵企业与该服务商的这份合同');
    expect(last(replies)).toMatchObject({ type: 'ask', field: { name: 'project' } });
    expect(receiptOf(await tell(boss, '跳过', '确认')).receipt.no).toMatch(/^TS/);
  });
});

describe('12.1: an enterprise asks for a diagnosis in the chat', () => {
  it('from «我们想做个数字化诊断» to a case number', async () => {
    const boss = somebody();
    expect(last(await tell(boss, '我们想做个数字化诊断'))).toMatchObject({ type: 'ask', field: { name: 'need' } });
    await tell(boss, '主要做起重机，想解决生产排产和库存对不上账的问题', '周一到周五上午都可以');
    const summary = last(await tell(boss, '华信'));
    expect(summary.type).toBe('summary');
    expect(summary.text).toContain(HUAXIN);
    const { receipt } = receiptOf(await tell(boss, '确认'));
    expect(receipt.no).toMatch(/^ZD/);
    expect((await t.cases.findOne({ no: receipt.no }))!.data).toMatchObject({ contact: '周一到周五上午都可以' });
    const card = last(await tell(boss, `${receipt.no.toLowerCase()} 到哪一步了`));
    expect(card).toMatchObject({ type: 'case', no: receipt.no });
  });

  it('another matter interrupts, and the first goes on where it was', async () => {
    const boss = somebody();
    await tell(boss, '申请诊断');
    await tell(boss, '我要投诉华信智造');
    const back = await tell(boss, '取消');
    expect(words(back)).toContain('接着办理“申请数字化诊断”');
    expect(last(back)).toMatchObject({ type: 'ask', field: { name: 'need' } });
  });

  it('18: what was said into a form is not handed over with the talk', async () => {
    const boss = somebody('enterprise-1');
    const [opening, answer] = FILED as [string, string];
    const replies = await tell(boss, opening, answer, '转人工', '确认');
    const c = (await t.cases.findOne({ no: receiptOf(replies).receipt.no }))!;
    expect(c.data['transcript']).toContain(opening.slice(0, 8));
    expect(JSON.stringify(c.data)).not.toContain(answer.slice(0, 8));
  });
});

describe('18: a report in the chat', () => {
  const TEXT = '该服务商申报遴选时提交的两个案例不是它完成的，客户和合同都不属实。';
  const WHO = { name: '张三', idNumber: '11010519491231002X', phone: '13800030001' };
  const kept = async (): Promise<string> => JSON.stringify([await t.connection.collection('chats').find({}).toArray(), await t.connection.collection('chatSessions').find({}).toArray()]);
  const formOf = (replies: Reply[]): string => (last(replies) as Extract<Reply, { type: 'ask' }>).form;
  /** Everything but who one is. */
  async function told(reporter: Actor): Promise<Extract<Reply, { type: 'summary' }>> {
    const asked = await tell(reporter, '我要实名举报华信智造，案例业绩造假', TEXT);
    expect(last(asked)).toMatchObject({ type: 'ask', field: { name: 'evidence', kind: 'files' } });
    await chat.say(reporter, { values: { evidence: [EVIDENCE] }, form: formOf(asked) });
    return last(await tell(reporter, '是', '是')) as Extract<Reply, { type: 'summary' }>;
  }

  it('is filed with its evidence; who the reporter is comes with the confirmation and is kept nowhere in the dialogue', async () => {
    const reporter = citizen('reporter-2');
    const summary = await told(reporter);
    expect(summary).toMatchObject({ type: 'summary', sealed: [{ name: 'name' }, { name: 'idNumber' }, { name: 'phone' }] });
    const { receipt } = receiptOf(await chat.say(reporter, { pick: `confirm:${summary.hash}`, sealed: WHO }, { key: 'report-key-1' }));
    expect(receipt.no).toMatch(/^JB/);
    expect((await t.cases.findOne({ no: receipt.no }))!.data).toMatchObject({ provider: 'provider-1', matters: ['cases'], evidence: [EVIDENCE] });
    expect(receiptOf(await chat.say(reporter, { pick: `confirm:${summary.hash}`, sealed: WHO }, { key: 'report-key-1' })).receipt.no).toBe(receipt.no);
    for (const secret of Object.values(WHO)) expect(await kept()).not.toContain(secret);
  });

  it('is not filed by the word alone, nor under a number that is none', async () => {
    const reporter = citizen('reporter-3');
    const before = await t.cases.countDocuments({ procedure: 'report' });
    await told(reporter);
    const again = await tell(reporter, '确认');
    expect(words(again)).toContain('请在核对单下面填写真实姓名、身份证号、联系电话');
    const faulty = await chat.say(reporter, { pick: `confirm:${(last(again) as Extract<Reply, { type: 'summary' }>).hash}`, sealed: { ...WHO, idNumber: '110105194912310020' } });
    expect(words(faulty)).toContain('身份证');
    expect(last(faulty)).toMatchObject({ type: 'summary' });
    expect(await t.cases.countDocuments({ procedure: 'report' })).toBe(before);
    expect(await kept()).not.toContain('110105194912310020');
  });

  it('keeps no identity number said in words, and in plain text leads to the page', async () => {
    const reporter = citizen('reporter-1');
    expect(last(await chat.say(reporter, { text: '我要实名举报一家服务商' }, { channel: 'wechat' }))).toMatchObject({ type: 'page', page: { path: '/pages/form/index?procedure=report&move=file' } });
    expect(words(await tell(reporter, '我叫李四，身份证11010519491231002X'))).toContain('没有保存');
    expect(await kept()).not.toContain('11010519491231002');
  });

  it('an enterprise is told in which capacity reports are made', async () => {
    expect(words(await tell(somebody(), '我要实名举报服务商造假'))).toContain('个人（公众）');
  });
});

describe('4.6: what the bot cannot answer goes to a person', () => {
  it('three misses in a row prepare the hand-over; the agent answers into the chat', async () => {
    const boss = somebody();
    const replies = await tell(boss, '阿巴阿巴', '卟啉嘚嘞', '嗡嗡嗡嘛呢');
    expect(last(replies).type).toBe('summary');
    const { receipt } = receiptOf(await tell(boss, '确认'));
    expect(receipt.no).toMatch(/^RG/);
    const c = (await t.cases.findOne({ no: receipt.no }))!;
    expect(c).toMatchObject({ task: { desk: 'service' }, clock: { deadline: 'handover.answer' } });
    expect(c.data['transcript']).toContain('阿巴阿巴');
    await t.claim(clerk, receipt.no);
    const answered = await t.kernel.act(clerk, receipt.no, 'close', { text: '请说明您要办理的事项', subject: 'other' });
    await chat.deliver({}, { no: receipt.no, seq: answered.seq });
    await chat.deliver({}, { no: receipt.no, seq: answered.seq });
    const { items } = await chat.history(boss, { limit: 20 });
    expect(items.filter(({ from }) => from === 'agent').map((item) => item.replies[0]!.text)).toEqual([`工作人员答复（${receipt.no}）：请说明您要办理的事项`]);
  });

  it('calling for a person in mid-form sets the form aside and comes back to it', async () => {
    const boss = somebody();
    await tell(boss, '申请诊断');
    await tell(boss, '转人工');
    const back = await tell(boss, '我想问补贴怎么领，谁来管这件事', '确认');
    expect(receiptOf(back).receipt.no).toMatch(/^RG/);
    expect(last(back)).toMatchObject({ type: 'ask', field: { name: 'need' } });
  });
});

describe('whose dialogue it is', () => {
  it('another person, or the same person for another organisation, sees and continues nothing of it', async () => {
    const [first, second] = [owner('shared', 'enterprise-1'), owner('shared', 'enterprise-2')];
    await tell(first, FILED[0]!);
    expect((await chat.history(second, { limit: 10 })).items).toEqual([]);
    expect(last(await tell(second, '我要投诉'))).toMatchObject({ type: 'ask', field: { name: 'provider' } });
    expect(words(await tell(somebody(), '确认'))).not.toContain('已提交');
  });

  it('a stranger asking for a case number hears what is said of a number that does not exist', async () => {
    const boss = somebody('enterprise-1');
    const { receipt } = receiptOf(await tell(boss, ...FILED, '确认'));
    const stranger = somebody('enterprise-2');
    const [real, none] = [words(await tell(stranger, `查 ${receipt.no}`)), words(await tell(stranger, '查 TS20260302-ZZZZZZ'))];
    expect(real.replace(receipt.no, '')).toBe(none.replace('TS20260302-ZZZZZZ', ''));
  });

  it('staff have a console, not this', async () => {
    await expect(chat.say(clerk, { text: '你好' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('10: who asks after providers is shown what the public register shows', () => {
  const cardsOf = (replies: Reply[]): [name: string, standing: string][] =>
    replies.flatMap((reply) => (reply.type === 'providers' ? reply.providers.map(({ name, standing }): [string, string] => [name, standing]) : []));
  const LISTED = [HUAXIN, '河南中联数字科技有限公司'];

  it.each([
    ['豫北工业互联有限公司怎么样', [['豫北工业互联有限公司', 'removed']]],
    ['查一下华信智造', [[HUAXIN, 'listed']]],
    ['华信智造还在库里吗', [[HUAXIN, 'listed']]],
    ['有哪些做装备制造的服务商', [[HUAXIN, 'listed']]],
    ['长垣有哪些服务商', [[HUAXIN, 'listed']]],
    ['推荐一家做医疗器械的服务商', [[LISTED[1], 'listed']]],
    ['有哪些服务商', LISTED.map((name) => [name, 'listed'])],
    ['有哪些做化工的服务商', []],
  ])('%s', async (asked, cards) => {
    expect(cardsOf(await tell(somebody(), asked))).toEqual(cards);
  });

  it('a card holds what the register page shows and nothing else; its words say the same where there are no cards', async () => {
    const [reply] = await tell(somebody(), '豫北工业互联有限公司怎么样');
    expect(reply).toMatchObject({
      type: 'providers', page: { path: '/public/register/index' },
      providers: [{ id: 'provider-3', name: '豫北工业互联有限公司', region: '410702', sector: 'lifting', standing: 'removed', since: '2026-01-05T02:00:00.000Z', article: '10' }],
    });
    expect(reply!.text).toBe('服务商库公开的信息：\n豫北工业互联有限公司：已退出，2026年1月5日退出，依据第十条，红旗区，起重装备');
  });

  it('a rule asked about a named provider is answered under its card', async () => {
    const replies = await tell(somebody(), '豫北工业互联是不是被取消资格了');
    expect(replies.map(({ type }) => type)).toEqual(['providers', 'answer']);
  });

  it('naming a provider turns nothing else into a look at the register', async () => {
    expect(last(await tell(somebody(), '我要投诉华信智造'))).toMatchObject({ type: 'ask' });
    expect(words(await tell(somebody(), '华信智造被投诉过几次'))).toContain('只有当事人');
    expect(cardsOf(await tell(somebody(), '华信智造的诊断办到哪了'))).toEqual([]);
    expect(cardsOf(await tell(somebody(), '尚未入库科技有限公司怎么样'))).toEqual([]);
  });
});

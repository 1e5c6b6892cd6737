import { complaint } from '../../../src/procedures/complaint/procedure';
import { inquiry } from '../../../src/procedures/inquiry/procedure';
import { report } from '../../../src/procedures/report/procedure';
import { citizen, official, owner, providerStaff } from '../../support/kernel';
import { request, world, type World } from './world';

let w: World;
let next = 0;
const reviewer = official('reviewer', ['reviewer'], ['intake', 'supervision', 'report']);
const intake = official('intake', ['intake'], ['intake']);

/** An enterprise and a provider of their own for each test, so that none sees another's messages. */
async function aPair(accepts: Record<string, number> = { TPL_TASK: 5, TPL_PROGRESS: 5, TPL_RESULT: 5 }) {
  next += 1;
  const [e, p] = [`enterprise-${next}`, `provider-${next}`];
  w.organisations.set(e, { ...w.organisations.get('e1')!, id: e, name: '金丝雀精密有限公司' });
  w.organisations.set(p, { ...w.organisations.get('p1')!, id: p, name: '画眉数字科技' });
  const openids = { boss: await w.join(`boss-${next}`, [`org:${e}`], accepts), vendor: await w.join(`vendor-${next}`, [`org:${p}`], accepts) };
  return { e, p, boss: owner(`boss-${next}`, e), vendor: providerStaff(`vendor-${next}`, p), openids };
}
type Pair = Awaited<ReturnType<typeof aPair>>;

const complain = async ({ boss, p }: Pair) => (await w.kernel.open(boss, 'complaint', null, {
  provider: p, matters: ['delay'], text: '金丝雀投诉内容：驻场人员张伟明三个月没有到场', wish: '请督促金丝雀履约',
})).no;
const send = async ({ boss, p }: Pair) => (await w.kernel.open(boss, 'request', null, { provider: p, text: '金丝雀需求' })).no;
/** Half of a deadline and a bit. */
const pastHalf = async (no: string) => {
  const { startedAt, due } = (await w.caseOf(no)).clock!;
  w.later((due.getTime() - startedAt.getTime()) / 2 + 60_000);
};

beforeAll(async () => { w = await world([complaint, report, inquiry, request]); });
afterAll(() => w.end());
beforeEach(() => {
  w.people.delete('role:supervisor');
  w.texts.length = 0;
  w.phones.clearFaults();
});

describe('who is told', () => {
  it('15.2: an accepted complaint is a task with its deadline for the provider and news for the enterprise, one card each', async () => {
    const pair = await aPair();
    const no = await complain(pair);
    await w.settle();
    await w.claim(reviewer, no);
    await w.kernel.act(reviewer, no, 'accept', {});
    await w.settle();

    const [task, ...more] = await w.inboxOf(pair.vendor.person);
    expect(more).toEqual([]);
    const { due } = (await w.caseOf(no)).clock!;
    expect(task).toMatchObject({ no, procedure: 'complaint', title: '企业投诉', task: true, article: '15.2', due });
    expect(task.text).toContain('答复投诉');
    const news = await w.inboxOf(pair.boss.person);
    expect(news).toEqual([expect.objectContaining({ no, task: false, text: '受理投诉，现为“待服务商答复”。' })]);

    expect(w.phones.cards(pair.openids.vendor)).toEqual([expect.objectContaining({ templateId: 'TPL_TASK', page: `pages/case/index?no=${no}` })]);
    expect(w.phones.cards(pair.openids.boss)).toEqual([expect.objectContaining({ templateId: 'TPL_PROGRESS' })]);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 4, spent: 1 });
    // The customer-service chat is offered the words of the inbox, under the key of the event.
    expect(w.conversed.filter(({ person }) => person === pair.boss.person)).toEqual([
      expect.objectContaining({ no, key: expect.stringContaining(no), text: `企业投诉 ${no}：受理投诉，现为“待服务商答复”。详情请回复编号，或打开小程序查看。` }),
    ]);
  });

  it('15.2: whoever acted is not told, the others of the organisation are', async () => {
    const pair = await aPair();
    await w.join('colleague', [`org:${pair.e}`]);
    await complain(pair);
    await w.settle();
    expect(await w.inboxOf(pair.boss.person)).toEqual([]);
    expect(await w.inboxOf('colleague')).toEqual([expect.objectContaining({ task: false, text: '提交投诉，现为“待受理”。' })]);
  });

  it('15.2: the accused learns nothing of a complaint that is withdrawn before it is taken up', async () => {
    const pair = await aPair();
    const no = await complain(pair);
    await w.kernel.act(pair.boss, no, 'withdraw', {});
    await w.settle();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([]);
    expect(w.phones.cards(pair.openids.vendor)).toEqual([]);
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([]);
  });

  it('18: the accused learns nothing of a report before it is asked, and then nothing that tells of a report; no payload carries anything of the case (A8, D1)', async () => {
    const pair = await aPair();
    const reporter = citizen(`reporter-${next}`);
    const reporterPhone = await w.join(reporter.person, [], { TPL_TASK: 5, TPL_PROGRESS: 5, TPL_RESULT: 5 });
    const filing = {
      provider: pair.p, matters: ['cases'], text: '该公司三个案例均系伪造的金丝雀案例，从未合作过。', evidence: ['f'.repeat(24)],
      name: '欧阳金丝雀', idNumber: '410702199003078515', phone: '13912345678', truthful: true, informed: true,
    };
    const { no } = await w.kernel.open(reporter, 'report', null, filing);
    await w.settle();
    await w.claim(reviewer, no);
    await w.kernel.act(reviewer, no, 'verify', { identityCheck: '已电话核验金丝雀，信息一致' });
    await w.kernel.act(reviewer, no, 'accept', {});
    await w.settle();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([]);
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([]);

    await w.kernel.act(reviewer, no, 'inquire', { summary: '请对申报材料所列案例予以说明（金丝雀）', questions: '请提供合同（金丝雀）', knownTo: 30 });
    await w.settle();
    const [asked] = await w.inboxOf(pair.vendor.person);
    expect(asked).toMatchObject({ task: true, title: '办理事项', discreet: true });
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(1);
    expect(w.phones.cards(reporterPhone).length).toBeGreaterThan(0);

    const toAccused = JSON.stringify([await w.inboxOf(pair.vendor.person), w.phones.cards(pair.openids.vendor), await w.deliveriesTo(pair.vendor.person)]);
    for (const secret of [no, 'JB', '举报', reporter.person, '欧阳']) expect(toAccused).not.toContain(secret);
    const shownToReporter = JSON.stringify([w.phones.cards(reporterPhone).map((card) => card.lines), (await w.inboxOf(reporter.person)).map(({ title, text }) => ({ title, text }))]);
    for (const secret of [no, 'JB', '举报', '画眉']) expect(shownToReporter).not.toContain(secret);
    expect(w.conversed.filter(({ person }) => person === pair.vendor.person || person === reporter.person)).toEqual([]);
    const everything = JSON.stringify([w.conversed, w.sends().map(({ body }) => body), await w.collection('inbox').find().toArray(), w.logLines]);
    for (const secret of ['金丝雀', '欧阳', '画眉', '13912345678', '410702199003078515', '张伟明']) expect(everything).not.toContain(secret);
  });

  it('recused people are told nothing', async () => {
    const pair = await aPair();
    const no = await send(pair);
    await w.cases.updateOne({ no }, { $set: { barred: [`person:${pair.vendor.person}`] } });
    await w.settle();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([]);
  });

  it('a party of which nobody can be reached is the supervisor\'s to reach, once', async () => {
    const pair = await aPair();
    w.hire('chief-unreached', ['role:supervisor']);
    w.people.delete(`org:${pair.p}`);
    const no = await send(pair);
    const event = await w.eventOf(no, 1);
    await Promise.all([w.notify.notify(event), w.another().notify(event)]);
    expect(await w.inboxOf('chief-unreached')).toEqual([expect.objectContaining({ no, title: '待办未达督办', task: false })]);
  });
});

describe('exactly once (G2)', () => {
  it('one message and one card though the handler runs 20 times at once in two processes, and once more later', async () => {
    const pair = await aPair();
    const no = await send(pair);
    const event = await w.eventOf(no, 1);
    const other = w.another();
    const before = w.sends().length;
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? other : w.notify).notify(event)));
    await w.notify.notify(event);
    expect(await w.inboxOf(pair.vendor.person)).toHaveLength(1);
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(1);
    expect(w.sends().length - before).toBe(1);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 4, spent: 1 });
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'sent', attempts: 1 })]);
  });

  it.each([
    ['the answer is lost after WeChat took it', { kind: 'http502', isAfter: true }, 1],
    ['WeChat fails before it took it', { kind: 'http502' }, 0],
    ['WeChat is busy', { kind: 'busy' }, 0],
  ] as const)('when %s nobody knows, so it is not repeated and falls back to the inbox', async (_, fault, cards) => {
    const pair = await aPair();
    const no = await send(pair);
    w.phones.addFault({ ...fault, path: '/cgi-bin/message/subscribe/send', times: 1 });
    const event = await w.eventOf(no, 1);
    await w.notify.notify(event);
    await w.notify.notify(event);
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(cards);
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'unknown', attempts: 1 })]);
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ task: true, outcome: 'fallback' })]);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 4, spent: 1 });
  });

  it('a send whose process died is closed by the sweep and never repeated', async () => {
    const pair = await aPair();
    const no = await send(pair);
    const key = `${no}:1:${pair.vendor.person}`;
    await w.collection('deliveries').insertOne({ city: 'xinxiang', key, person: pair.vendor.person, status: 'sending', attempts: 1, at: w.now() });
    await w.settle();
    expect(w.phones.cards(pair.openids.vendor)).toEqual([]);
    w.later(3 * 60_000);
    expect((await w.notify.sweep()).abandoned).toBe(1);
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'unknown' })]);
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ outcome: 'fallback' })]);
  });
});

describe('consents are counted', () => {
  it('without a consent nothing is sent: the inbox has it, and one SMS that names nothing', async () => {
    const pair = await aPair({});
    const before = w.sends().length;
    await send(pair);
    await w.settle();
    expect(w.sends().length).toBe(before);
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ task: true, outcome: 'fallback' })]);
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'fallback', reason: 'noConsent', attempts: 0 })]);
    expect(w.texts).toEqual([{ person: pair.vendor.person, text: '您在数转通有一项待办事项，请登录小程序查看。' }]);
  });

  it('43101: what we believed is set to nought and the next event asks WeChat nothing', async () => {
    const pair = await aPair();
    w.phones.world.answerConsent(w.phones.phone(pair.openids.vendor), 'TPL_TASK', 'reject');
    const no = await send(pair);
    await w.settle();
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'refused', errcode: 43101 })]);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 0 });
    const before = w.sends().length;
    await w.notify.remind(await w.caseOf(no), 'half');
    expect(w.sends().length).toBe(before);
  });

  it('a send that WeChat refuses for another reason gives its consent back', async () => {
    const pair = await aPair();
    w.people.set(`org:${pair.p}`, [{ person: pair.vendor.person, openid: 'o-unknown-to-wechat' }]);
    await w.collection('consents').updateOne({ openid: pair.openids.vendor, template: 'TPL_TASK' }, { $set: { openid: 'o-unknown-to-wechat' } });
    await send(pair);
    await w.settle();
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'refused', errcode: 40003 })]);
    expect(await w.consentOf('o-unknown-to-wechat', 'TPL_TASK')).toMatchObject({ balance: 5, spent: 0 });
  });

  it('20 different events at once on 5 consents: five cards, never below nought', async () => {
    const pair = await aPair();
    const others = await Promise.all(Array.from({ length: 20 }, (_, i) => w.kernel.open(owner(`boss-${next}-${i}`, pair.e), 'request', null, { provider: pair.p, text: '需求' })));
    const events = await Promise.all(others.map(({ no }) => w.eventOf(no, 1)));
    await Promise.all(events.map((event) => w.notify.notify(event)));
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(5);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 0, spent: 5 });
    expect(await w.inboxOf(pair.vendor.person)).toHaveLength(20);
  });

  it('A7: 200 triggers of one outsider cost one consent, and the bureau\'s own notice still goes out', async () => {
    const pair = await aPair();
    const last = { no: '' };
    for (let i = 0; i < 200; i += 1) last.no = await send(pair);
    await w.settle();
    expect(await w.inboxOf(pair.vendor.person)).toHaveLength(200);
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(1);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 4, spent: 1 });

    await w.kernel.act(intake, last.no, 'check', {});
    await w.claim(intake, last.no);
    await w.kernel.act(intake, last.no, 'back', {});
    await w.settle();
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(2);
    // Once the person has looked, the outsider's next request may ring again.
    await w.notify.inbox.seeAll(pair.vendor.person);
    await send(pair);
    await w.settle();
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(3);
  });

  it('A7: remarks that stay in the state announce the task once', async () => {
    const pair = await aPair();
    const no = await send(pair);
    for (let i = 0; i < 30; i += 1) await w.kernel.act(pair.boss, no, 'remark', { text: `补充${i}` });
    await w.settle();
    const items = await w.inboxOf(pair.vendor.person);
    expect(items.filter((item) => item.task)).toHaveLength(1);
    expect(items.filter((item) => !item.task)).toHaveLength(30);
    expect(w.phones.cards(pair.openids.vendor)).toHaveLength(2);
  });
});

describe('every task message ends', () => {
  it('unseen past half of its deadline it is flagged, and the supervisor is told once', async () => {
    const pair = await aPair();
    w.hire('chief-flag', ['role:supervisor']);
    const no = await send(pair);
    await w.settle();
    expect((await w.notify.sweep()).flagged).toBe(0);
    await pastHalf(no);
    await Promise.all([w.notify.sweep(), w.another().sweep()]);
    await w.notify.sweep();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ task: true, outcome: 'flagged' })]);
    const told = (await w.inboxOf('chief-flag')).filter((item) => item.no === no);
    expect(told).toEqual([expect.objectContaining({ title: '待办未阅督办', task: false })]);
    const [{ _id: id }] = await w.inboxOf(pair.vendor.person) as [{ _id: string }];
    await w.notify.inbox.see(pair.vendor.person, id);
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ outcome: 'seen' })]);
  });

  it('seen in time, by the person or by a colleague, or done meanwhile: nobody is flagged', async () => {
    const seen = await aPair();
    const [seenNo] = [await send(seen)];
    const shared = await aPair();
    await w.join(`colleague-${next}`, [`org:${shared.p}`]);
    const sharedNo = await send(shared);
    const done = await aPair();
    const doneNo = await send(done);
    await w.settle();
    await w.notify.inbox.seeAll(seen.vendor.person);
    await w.notify.inbox.seeAll(`colleague-${next - 1}`);
    await w.kernel.act(done.vendor, doneNo, 'respond', {});
    await w.join(`late-${next}`, [`org:${done.p}`]);
    w.hire('chief-none', ['role:supervisor']);
    await pastHalf(seenNo);
    await w.notify.sweep();
    expect(await w.inboxOf(seen.vendor.person)).toEqual([expect.objectContaining({ outcome: 'seen' })]);
    expect(await w.inboxOf(shared.vendor.person)).toEqual([expect.objectContaining({ outcome: 'settled' })]);
    const about = (await w.inboxOf('chief-none')).map((item) => item.no);
    for (const no of [seenNo, sharedNo, doneNo]) expect(about).not.toContain(no);
  });

  it('while the clock stands still nobody is flagged', async () => {
    const pair = await aPair();
    w.hire('chief-paused', ['role:supervisor']);
    const no = await send(pair);
    await w.settle();
    await w.cases.updateOne({ no }, { $set: { 'clock.pausedAt': w.now() } } as never);
    await pastHalf(no);
    await w.notify.sweep();
    expect((await w.inboxOf(pair.vendor.person))[0]).not.toHaveProperty('outcome');
    expect((await w.inboxOf('chief-paused')).map((item) => item.no)).not.toContain(no);
    await w.cases.updateOne({ no }, { $unset: { 'clock.pausedAt': '' } } as never);
    w.later(25 * 3_600_000);
    await w.notify.sweep();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ outcome: 'flagged' })]);
  });

  it('whoever makes the move has seen its task', async () => {
    const pair = await aPair();
    const no = await send(pair);
    await w.settle();
    await w.kernel.act(pair.vendor, no, 'respond', {});
    await w.settle();
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ outcome: 'seen' })]);
    expect((await w.inboxOf(pair.boss.person)).at(-1)).toMatchObject({ no, text: '响应需求，现为“已响应”。' });
    expect(w.phones.cards(pair.openids.boss).at(-1)).toMatchObject({ templateId: 'TPL_RESULT' });
  });

  it('reminds those awaited once at half-time; run out, the supervisors as well', async () => {
    const pair = await aPair();
    w.hire('chief-late', ['role:supervisor']);
    const no = await send(pair);
    await w.settle();
    const c = await w.caseOf(no);
    await Promise.all([w.notify.remind(c, 'half'), w.another().remind(c, 'half'), w.notify.remind(c, 'half')]);
    await Promise.all([w.notify.remind(c, 'overdue'), w.another().remind(c, 'overdue')]);
    const items = await w.inboxOf(pair.vendor.person);
    expect(items.map(({ task, outcome }) => ({ task, outcome }))).toEqual([{ task: true, outcome: undefined }, { task: true, outcome: undefined }, { task: true, outcome: 'flagged' }]);
    expect(await w.inboxOf('chief-late')).toEqual([expect.objectContaining({ no, title: '超期督办', procedure: 'request', discreet: false })]);
  });

  it('18: a supervisor who may not read a late case learns that there is one, not which', async () => {
    const pair = await aPair();
    w.hire('chief-blind', ['role:supervisor']);
    const { no } = await w.kernel.open(citizen(`reporter-late-${next}`), 'report', null, {
      provider: pair.p, matters: ['cases'], text: '该公司申报的三个应用案例均系伪造，合同企业从未与其合作过。', evidence: ['f'.repeat(24)],
      name: '欧阳金丝雀', idNumber: '410702199003078515', phone: '13912345678', truthful: true, informed: true,
    });
    await w.notify.remind(await w.caseOf(no), 'overdue');
    const [item] = await w.inboxOf('chief-blind');
    expect(item).toMatchObject({ text: '有一项保密办件已超过办理时限。', discreet: true });
    expect(item).not.toHaveProperty('no');
    expect(item.title + item.text).not.toMatch(/举报|JB/);
  });

  it('the supervisors are told once of work that nobody takes, and still of its running out later', async () => {
    const pair = await aPair();
    w.hire('chief-unclaimed', ['role:supervisor']);
    const no = await complain(pair);
    const c = await w.caseOf(no);
    await Promise.all([w.notify.unclaimed(c), w.another().unclaimed(c)]);
    await w.notify.remind(c, 'overdue');
    expect((await w.inboxOf('chief-unclaimed')).map(({ title }) => title)).toEqual(['待领督办', '超期督办']);
  });

  it('WeChat reports later that a card did not arrive: the task falls back', async () => {
    const pair = await aPair();
    await send(pair);
    await w.settle();
    await w.notify.onSubscribeEvent({
      kind: 'sent', key: 'k'.repeat(32), openid: pair.openids.vendor, at: w.now(),
      results: [{ templateId: 'TPL_TASK', messageId: '1', errorCode: 43101, status: 'failed:user refuse' }],
    });
    expect(await w.deliveriesTo(pair.vendor.person)).toEqual([expect.objectContaining({ status: 'refused', errcode: 43101 })]);
    expect(await w.inboxOf(pair.vendor.person)).toEqual([expect.objectContaining({ outcome: 'fallback' })]);
    expect(await w.consentOf(pair.openids.vendor, 'TPL_TASK')).toMatchObject({ balance: 0 });
  });
});

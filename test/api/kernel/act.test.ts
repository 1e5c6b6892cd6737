import { firstBreak } from '../../../src/kernel/chain';
import { dayInWords } from '../../../src/kernel/numbers';
import { Refusal } from '../../../src/kernel/refusal';
import { complaint } from '../../../src/procedures/complaint/procedure';
import { anEnterprise, aProvider, citizen, official, owner, providerStaff, testKernel, type TestKernel } from '../../support/kernel';

const filing = { provider: 'provider-1', matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' };

let t: TestKernel;
const boss = owner('boss', 'enterprise-1');
const accused = providerStaff('accused', 'provider-1');
const stranger = owner('stranger', 'enterprise-2');
const clerk = official('clerk', ['intake'], ['intake']);
const reviewer = official('reviewer', ['reviewer'], ['supervision']);

beforeAll(async () => {
  t = await testKernel([complaint], { organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1')] });
});
afterAll(() => t.close());

const refused = async (promise: Promise<unknown>): Promise<Refusal> => {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw error ?? new Error('was not refused');
  return error;
};

const filed = async () => (await t.kernel.open(boss, 'complaint', null, filing)).no;

describe('one act: policy, form, rules, one guarded write', () => {
  it('15.2: a complaint goes from filing to settlement, each line with its article and an unbroken chain', async () => {
    const no = await filed();
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'accept', {});
    await t.kernel.act(accused, no, 'reply', { reply: '已更换项目经理并安排驻场服务' });
    await t.claim(reviewer, no);
    const receipt = await t.kernel.act(reviewer, no, 'settle', { result: 'upheld', finding: '经核实投诉属实，已督促整改' });
    expect(receipt).toMatchObject({ no, state: 'settled', seq: 4, article: '15.2' });
    const c = (await t.cases.findOne({ no }))!;
    expect(firstBreak(c)).toBeNull();
    expect(c.timeline.map((entry) => entry.move)).toEqual(['file', 'accept', 'reply', 'settle']);
    expect(await t.kernel.checkReceipt(no, receipt.head)).toMatchObject({ genuine: true, seq: 4 });
    expect(await t.kernel.checkReceipt(no, receipt.head.replace(/^./, (x) => (x === '0' ? '1' : '0')))).toEqual({ genuine: false });
  });

  it('a repeated key returns the first receipt, with other content it is refused', async () => {
    const first = await t.kernel.open(boss, 'complaint', null, filing, { key: 'k-1' });
    expect(await t.kernel.open(boss, 'complaint', null, filing, { key: 'k-1' })).toEqual(first);
    expect((await refused(t.kernel.open(boss, 'complaint', null, { ...filing, wish: '退款' }, { key: 'k-1' }))).code).toBe('KEY_REUSED');
    const moved = await t.kernel.act(boss, first.no, 'withdraw', {}, { key: 'k-2' });
    expect(await t.kernel.act(boss, first.no, 'withdraw', {}, { key: 'k-2' })).toEqual(moved);
    expect((await t.cases.findOne({ no: first.no }))!.timeline).toHaveLength(2);
  });

  it('the same key sent a hundred times at once opens one case', async () => {
    const receipts = await Promise.all(Array.from({ length: 100 }, () => t.kernel.open(boss, 'complaint', null, filing, { key: 'k-many' })));
    expect(new Set(receipts.map((receipt) => receipt.no)).size).toBe(1);
  });

  it('of a hundred people making the same move one wins', async () => {
    const no = await filed();
    const results = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => t.kernel.act(owner(`colleague-${i}`, 'enterprise-1'), no, 'withdraw', {})));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ILLEGAL_MOVE' });
    expect((await t.cases.findOne({ no }))!.timeline).toHaveLength(2);
  });

  it('to a stranger a case does not exist: the answer is the same as for a number never given out', async () => {
    const no = await filed();
    for (const who of [stranger, citizen('somebody'), accused]) {
      const notYours = await refused(t.kernel.read(who, no));
      const notThere = await refused(t.kernel.read(who, 'TS20260302-000000'));
      expect({ ...notYours, stack: '' }).toEqual({ ...notThere, stack: '' });
      expect(await refused(t.kernel.act(who, no, 'accept', {}))).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('a colleague without the power to handle sees the case and cannot move it', async () => {
    const no = await filed();
    const viewer = owner('viewer', 'enterprise-1', ['view']);
    expect((await t.kernel.read(viewer, no)).moves).toEqual([]);
    expect(await refused(t.kernel.act(viewer, no, 'withdraw', {}))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('every wrong field is named at once, in Chinese, and nothing is written', async () => {
    const before = await t.cases.countDocuments({});
    const error = await refused(t.kernel.open(boss, 'complaint', null, { provider: { $gt: '' }, matters: [], text: '短', wish: 'x'.repeat(20_000), state: 'settled', ['__proto__x']: 1 }));
    expect(error.code).toBe('INVALID');
    expect(error.faults.map((fault) => fault.field).sort()).toEqual(['__proto__x', 'matters', 'provider', 'state', 'text', 'wish']);
    for (const fault of error.faults) expect(fault.message).toMatch(/\p{Script=Han}/u);
    expect(await t.cases.countDocuments({})).toBe(before);
  });

  it('15.2: the working-day clock starts with the state and its move is made when it runs out', async () => {
    const no = await filed();
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'accept', {});
    const { clock } = (await t.cases.findOne({ no }))!;
    expect(clock).toMatchObject({ deadline: 'complaint.reply', then: 'lapse', due: new Date('2026-03-09T15:59:59.999Z') });
    await t.pass('2026-03-09T15:00:00Z');
    expect(await t.state(no)).toBe('inquired');
    await t.pass('2026-03-09T16:00:00Z');
    expect(await t.state(no)).toBe('replied');
    expect((await t.cases.findOne({ no }))!.data.lapsed).toBe(true);
    expect(t.reminded.filter((reminder) => reminder.no === no).map((reminder) => reminder.kind)).toContain('half');
  });

  it('15.2: a closed complaint is reopened once, and goes to another reviewer', async () => {
    const no = await filed();
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'accept', {});
    await t.kernel.act(accused, no, 'reply', { reply: '情况不属实，人员未曾更换' });
    await t.claim(reviewer, no);
    await t.kernel.act(reviewer, no, 'settle', { result: 'dismissed', finding: '经核实人员未曾更换过' });
    await t.kernel.act(boss, no, 'reopen', { reopening: '有新的证据材料' });
    await t.claim(reviewer, no);
    expect(await refused(t.kernel.act(reviewer, no, 'settle', { result: 'dismissed', finding: '经核实人员未曾更换过' }))).toMatchObject({ code: 'FORBIDDEN' });
    const other = official('other', ['reviewer'], ['supervision']);
    await t.claim(other, no);
    await t.kernel.act(other, no, 'settle', { result: 'upheld', finding: '新证据证明投诉属实，已处理' });
    expect(await refused(t.kernel.act(boss, no, 'reopen', { reopening: '再次提出申请' }))).toMatchObject({ code: 'ILLEGAL_MOVE' });
  });

  it('15.2: the enterprise adds to its complaint, also to what was replied; the provider reads it once it is a party', async () => {
    const no = await filed();
    await t.kernel.act(boss, no, 'supplement', { supplement: '本周又更换了一次' });
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'accept', {});
    await t.kernel.act(accused, no, 'reply', { reply: '已更换项目经理并安排驻场服务' });
    await t.kernel.act(boss, no, 'supplement', { supplement: '答复所说的驻场人员没有到场' });
    const { data, timeline } = await t.kernel.read(accused, no);
    expect(data).toMatchObject({ supplements: '本周又更换了一次\n\n答复所说的驻场人员没有到场' });
    expect(data).not.toHaveProperty('lapsed');
    // Outside, whoever acts for the bureau is the bureau; its own people read who it was.
    expect(timeline.find(({ title }) => title === '受理投诉')!.by).toBe('工信局');
    expect((await t.kernel.read(reviewer, no)).timeline.find(({ title }) => title === '受理投诉')!.by).toBe('受理人员 姓名clerk');
    expect(await refused(t.kernel.act(accused, no, 'supplement', { supplement: '服务商不能补充投诉' }))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('pending work survives until it is done and doing it twice changes nothing', async () => {
    const no = await filed();
    const pending = (await t.cases.findOne({ no }))!.outbox;
    expect(pending.map((item) => item.work).sort()).toEqual(['notify', 'route', 'time']);
    for (let i = 0; i < 2; i += 1) await t.work.doWork('notify', { no, seq: 1 });
    expect(t.told.filter((telling) => telling.no === no)).toHaveLength(1);
    await t.settle();
    expect((await t.cases.findOne({ no }))!.outbox).toEqual([]);
  });

  it('a changed byte in the data or the history is found', async () => {
    const no = await filed();
    await t.cases.updateOne({ no }, { $set: { 'data.wish': '赔偿' } });
    expect(firstBreak((await t.cases.findOne({ no }))!)).toEqual({ seq: 1, reason: 'data' });
    const other = await filed();
    await t.cases.updateOne({ no: other }, { $set: { 'timeline.0.at': new Date(0) } });
    expect(firstBreak((await t.cases.findOne({ no: other }))!)).toEqual({ seq: 1, reason: 'line' });
  });

  it('a paused clock stands still and shows its reason to both sides', async () => {
    const no = await filed();
    await t.claim(clerk, no);
    const due = (await t.cases.findOne({ no }))!.clock!.due;
    await t.kernel.act(clerk, no, 'pause', { reason: 'supplement' });
    expect((await t.kernel.read(boss, no)).clock).toMatchObject({ paused: true, pauseReason: '等待当事人补充材料' });
    await t.pass({ days: 7 });
    await t.kernel.act(clerk, no, 'resume', {});
    expect((await t.cases.findOne({ no }))!.clock!.due.getTime()).toBe(due.getTime() + 7 * 86_400_000);
  });

  it('15.2: each side is told what comes next and what follows; a result may be questioned until its day, and not after', async () => {
    const no = await filed();
    const says = async (who: typeof boss) => (await t.kernel.read(who, no)).says;
    const offers = async (who: typeof boss, name: string) => (await t.kernel.read(who, no)).moves.find(({ move }) => move === name);
    expect(await says(boss)).toContain('此前服务商看不到');
    await t.claim(clerk, no);
    expect(await offers(clerk, 'accept')).toMatchObject({ confirm: true, follows: expect.stringContaining('全部转给服务商') });
    await t.kernel.act(clerk, no, 'accept', {});
    expect([await says(accused), await says(reviewer)]).toEqual([expect.stringContaining('记为逾期'), expect.stringContaining('等服务商答复')]);
    await t.kernel.act(accused, no, 'reply', { reply: '情况不属实，人员未曾更换' });
    await t.claim(reviewer, no);
    await t.kernel.act(reviewer, no, 'settle', { result: 'dismissed', finding: '经核实人员未曾更换过' });
    const { due } = t.rulebook.due('complaint.reopen', t.now());
    expect([await says(boss), await says(accused)]).toEqual([`对结果有异议的，可在${dayInWords(due)}前（含当日）申请重新办理，由另一名人员办理。`, undefined]);
    expect(await offers(boss, 'reopen')).toBeDefined();
    await t.pass(new Date(due.getTime() + 1000).toISOString());
    expect([await says(boss), await offers(boss, 'reopen')]).toEqual([undefined, undefined]);
    expect(await refused(t.kernel.act(boss, no, 'reopen', { reopening: '有新的证据材料' }))).toMatchObject({ code: 'ILLEGAL_MOVE' });
  });
});

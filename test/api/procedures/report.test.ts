import { Refusal } from '../../../src/kernel/refusal';
import { inquiry } from '../../../src/procedures/inquiry/procedure';
import { report } from '../../../src/procedures/report/procedure';
import { wordsOfDay } from '../../../src/kernel/numbers';
import { aProvider, citizen, official, providerStaff, testKernel, type TestKernel } from '../../support/kernel';

const filing = {
  provider: 'provider-1', matters: ['cases'], text: '该公司申报材料中的三个案例均系伪造，合同上的企业从未与其合作。', evidence: ['f'.repeat(24)],
  name: '陈独特', idNumber: '410702199003078515', phone: '13912345678', truthful: true, informed: true,
};
const asking = { summary: '请对申报材料所列应用案例的真实情况予以说明', questions: '请提供合同和验收证明', knownTo: 30 };
const finding = { result: 'falsified', finding: '经向三家企业核实，均未与其签订合同', feedback: '经核实举报属实，已依规处理', intended: '拟将贵单位退出服务商库' };

let t: TestKernel;
const reporter = citizen('reporter');
const accused = providerStaff('accused', 'provider-1');
const [first, second, third] = ['first', 'second', 'third'].map((name) => official(name, ['reviewer'], ['report']));
const director = official('director', ['director'], ['director']);

beforeAll(async () => {
  t = await testKernel([report, inquiry], { organisations: [aProvider('provider-1')] });
});
afterAll(() => t.close());

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(() => 'accepted', (thrown: unknown) => { if (thrown instanceof Refusal) return thrown.code; throw thrown; });
const act = (who: ReturnType<typeof citizen>, no: string, move: string, input: object = {}) => t.kernel.act(who, no, move, input);
const filed = async () => (await t.kernel.open(reporter, 'report', null, filing)).no;
const inquiryOf = async (no: string) => (await t.cases.findOne({ procedure: 'inquiry', 'causedBy.no': no }, { sort: { openedAt: -1 } }))!.no;

async function asked(): Promise<{ no: string; inquiryNo: string }> {
  const no = await filed();
  await t.claim(first!, no);
  await act(first!, no, 'verify', { identityCheck: '已电话核验，信息一致' });
  await act(first!, no, 'accept');
  await act(first!, no, 'inquire', asking);
  await t.settle();
  return { no, inquiryNo: await inquiryOf(no) };
}

async function found(result: object = finding): Promise<{ no: string; inquiryNo: string }> {
  const { no, inquiryNo } = await asked();
  await act(accused, inquiryNo, 'reply', { reply: '上述案例均为真实项目，附合同扫描件' });
  await t.settle();
  await act(first!, no, 'find', result);
  return { no, inquiryNo };
}

describe('real-name report', () => {
  it('18: a substantiated report takes the provider out of the register, after two handlers found and the provider was heard', async () => {
    const { no, inquiryNo } = await found();
    await t.claim(second!, no);
    await act(second!, no, 'agree', { secondOpinion: '同意，证据充分' });
    expect(await t.state(no)).toBe('hearing');
    await t.settle();
    expect(await t.state(inquiryNo)).toBe('announced');
    await act(accused, inquiryNo, 'state', { statement: '请求从轻处理，已经改正' });
    await t.settle();
    expect(await t.state(no)).toBe('deciding');
    await t.claim(director, no);
    await act(director, no, 'decide', { result: 'falsified', decision: '弄虚作假属实，退出服务商库', feedback: '举报属实，该单位已退出服务商库' });
    await t.settle();
    expect(await t.state(no)).toBe('substantiated');
    expect(t.called.filter((call) => call.service === 'register.setStanding' && (call.cause as { no: string }).no === no)).toEqual([
      { service: 'register.setStanding', input: { org: 'provider-1', standing: 'removed', article: '18' }, cause: { no, seq: expect.any(Number), effect: 'standing' } },
    ]);
    expect(await t.state(inquiryNo)).toBe('concluded');
    expect((await t.kernel.read(reporter, no)).data).toMatchObject({ feedback: '举报属实，该单位已退出服务商库' });
  });

  it('18: the case holds a pseudonym; name, ID number and phone are nowhere in the database but in the vault', async () => {
    const no = await filed();
    const dump = JSON.stringify(await t.cases.find({}).toArray());
    for (const part of [filing.name, filing.idNumber, filing.phone]) expect(dump).not.toContain(part);
    expect((await t.kernel.read(reporter, no)).parties[0]).toEqual({ party: 'reporter', title: '举报人', name: '您本人（代号 TEST）' });
    expect(t.sealed.get(no)).toEqual({ name: filing.name, idNumber: filing.idNumber, phone: filing.phone });
  });

  it('18: the accused can obtain nothing of the report, only the neutral inquiry, from the moment it is served', async () => {
    const no = await filed();
    expect(await code(t.kernel.read(accused, no))).toBe('NOT_FOUND');
    const before = await t.kernel.list(accused, {});
    await t.claim(first!, no);
    await act(first!, no, 'verify', { identityCheck: '已电话核验，信息一致' });
    await act(first!, no, 'accept');
    expect(await t.kernel.list(accused, {})).toEqual(before);
    await act(first!, no, 'inquire', asking);
    await t.settle();
    const inquiryNo = await inquiryOf(no);
    const obtained = JSON.stringify([await t.kernel.read(accused, inquiryNo), await t.kernel.list(accused, {}), await t.kernel.list(accused, { linked: no }), t.kernel.openings(accused)]);
    for (const canary of [no, filing.text, '伪造', filing.name, filing.phone, '举报', 'reporter', 'first']) expect(obtained).not.toContain(canary);
    expect(await code(t.kernel.read(accused, no))).toBe('NOT_FOUND');
  });

  it.each([
    ['the name', { ...asking, summary: '陈独特反映贵单位案例存在问题' }, 'summary'],
    ['the words of the report', { ...asking, summary: '三个案例均系伪造，合同上的企业从未与其合作' }, 'summary'],
    ['facts that few know, without a reason', { ...asking, knownTo: 2 }, 'narrowReason'],
  ])('18: an inquiry with %s is refused', async (_, input, field) => {
    const no = await filed();
    await t.claim(first!, no);
    await act(first!, no, 'verify', { identityCheck: '已电话核验，信息一致' });
    await act(first!, no, 'accept');
    const error = await act(first!, no, 'inquire', input).then(() => null, (thrown: Refusal) => thrown);
    expect(error?.faults.map((fault) => fault.field)).toEqual([field]);
  });

  it('18: a provider that does not answer lapses after its working days, may ask for one extension, and is then found to have given no answer', async () => {
    const { no, inquiryNo } = await asked();
    expect((await t.kernel.read(accused, inquiryNo)).says).toContain('退出服务商库');
    const dueBefore = (await t.kernel.read(first!, no)).data['replyDue'];
    await act(accused, inquiryNo, 'extend', { extension: '负责人出差，需要调取档案' });
    await t.settle();
    const asking = await t.kernel.read(first!, no);
    expect([dueBefore, asking.data['replyDue']]).toEqual(['2026-03-09', '2026-03-16']);
    expect(asking.says).toContain(`应于${wordsOfDay(String(asking.data['replyDue']))}前（含当日）回复`);
    expect(await code(act(accused, inquiryNo, 'extend', { extension: '再次申请延期回复' }))).toBe('ILLEGAL_MOVE');
    expect(await code(act(first!, no, 'find', { ...finding, result: 'unanswered' }))).toBe('ILLEGAL_MOVE');
    await t.pass({ days: 10 });
    expect(await t.state(inquiryNo)).toBe('extended');
    await t.pass({ days: 15 });
    expect(await t.state(inquiryNo)).toBe('lapsed');
    await act(first!, no, 'find', { ...finding, result: 'unanswered' });
    expect((await t.cases.findOne({ no }))!.data).toMatchObject({ lapsed: true, result: 'unanswered' });
  });

  it('18: an answer in time cannot be found to be no answer', async () => {
    const { no, inquiryNo } = await asked();
    await act(accused, inquiryNo, 'reply', { reply: '上述案例均为真实项目，附合同扫描件' });
    await t.settle();
    expect(await code(act(first!, no, 'find', { ...finding, result: 'unanswered' }))).toBe('INVALID');
  });

  it('18: one handler cannot find alone, and a disagreement goes to the director', async () => {
    const { no, inquiryNo } = await found();
    expect((await t.kernel.read(first!, no)).task).toMatchObject({ claimed: false, mayClaim: false });
    await t.claim(first!, no);
    expect(await code(act(first!, no, 'agree', { secondOpinion: '同意自己的意见' }))).toBe('FORBIDDEN');
    await t.claim(second!, no);
    await act(second!, no, 'disagree', { secondOpinion: '证据不足，应继续核实' });
    expect(await t.state(no)).toBe('deciding');
    await t.claim(director, no);
    // Not against the provider before it could speak; the director puts it to the provider first, in neutral words.
    const against = { result: 'falsified', decision: '证据已经充分，退出服务商库。'.repeat(100), feedback: '举报属实，将依规处理' };
    expect(await code(act(director, no, 'decide', against))).toBe('INVALID');
    for (const intended of ['陈独特所反映的问题属实，拟退出服务商库', '三个案例均系伪造，合同上的企业从未与其合作，拟退出服务商库']) {
      const error = await act(director, no, 'hear', { result: 'falsified', intended, feedback: against.feedback }).then(() => null, (thrown: Refusal) => thrown);
      expect(error?.faults.map(({ field }) => field)).toEqual(['intended']);
    }
    const intended = '拟认定提供虚假案例，退出服务商库。'.padEnd(1000, '。');
    await act(director, no, 'hear', { result: 'falsified', intended, feedback: against.feedback });
    expect(await t.state(no)).toBe('hearing');
    expect((await t.kernel.read(reporter, no)).data['feedback']).toBeUndefined();
    await t.settle();
    expect(await t.state(inquiryNo)).toBe('announced');
    expect((await t.kernel.read(accused, inquiryNo)).data).toMatchObject({ intended });
    await act(accused, inquiryNo, 'state', { statement: '请求从轻处理，已经改正' });
    await t.settle();
    await t.claim(director, no);
    const { moves, data } = await t.kernel.read(director, no);
    expect(data['decision']).toBeUndefined();
    expect(moves.map(({ move }) => move)).not.toContain('hear');
    expect(moves.find(({ move }) => move === 'decide')!.values).toEqual({ result: 'falsified', feedback: against.feedback });
    await act(director, no, 'decide', against);
    expect(await t.state(no)).toBe('substantiated');
    expect((await t.kernel.read(director, no)).data).toMatchObject({ intended, decision: against.decision, cosigned: false });
  });

  it('18: what was put to the provider is in neutral words, whoever writes it, and is no decision', async () => {
    const { no } = await asked();
    await act(accused, await inquiryOf(no), 'reply', { reply: '上述案例均为真实项目，附合同扫描件' });
    await t.settle();
    for (const intended of ['陈独特反映属实，拟退出服务商库', '三个案例均系伪造，合同上的企业从未与其合作']) expect(await code(act(first!, no, 'find', { ...finding, intended }))).toBe('INVALID');
    await act(first!, no, 'find', finding);
    await t.claim(second!, no);
    const view = await t.kernel.read(second!, no);
    expect(view.data).toMatchObject({ intended: finding.intended, questions: asking.questions, knownTo: asking.knownTo });
    expect(view.data['decision']).toBeUndefined();
    // Nothing leads the handlers to the inquiry, which is not theirs to read; its evidence is.
    expect(view.links).toEqual([]);
    expect((await t.cases.findOne({ no }))!.links).toMatchObject([{ relation: '情况核实', unseen: true }]);
  });

  it('18: a hearing of an earlier round is no hearing of this one', async () => {
    const { no, inquiryNo } = await found();
    await t.claim(second!, no);
    await act(second!, no, 'agree', { secondOpinion: '同意，证据充分' });
    await t.settle();
    await act(accused, inquiryNo, 'state', { statement: '这些案例确为本公司完成' });
    await t.settle();
    await t.claim(director, no);
    await act(director, no, 'decide', { result: 'unfounded', decision: '陈述理由成立，不属实', feedback: '经核实举报不属实，感谢监督' });
    await t.settle();
    await act(reporter, no, 'object', { objection: '合同系事后补签，有新的证据' });
    await t.claim(third!, no);
    await act(third!, no, 'find', finding);
    const fourth = official('fourth', ['reviewer'], ['report']);
    await t.claim(fourth, no);
    await act(fourth, no, 'disagree', { secondOpinion: '仍然证据不足' });
    const deputy = official('deputy', ['director'], ['director']);
    await t.claim(deputy, no);
    expect(await code(act(deputy, no, 'decide', { result: 'falsified', decision: '认定属实，退出服务商库', feedback: '举报属实，已依规处理' }))).toBe('INVALID');
    // The inquiry of the round before is taken up again, and what was concluded and said then stands no longer.
    expect(await t.state(inquiryNo)).toBe('concluded');
    await act(deputy, no, 'hear', { result: 'falsified', intended: '拟认定提供虚假案例，退出服务商库', feedback: '举报属实，将依规处理' });
    await t.settle();
    expect(await t.state(inquiryNo)).toBe('announced');
    expect((await t.kernel.read(accused, inquiryNo)).data).not.toHaveProperty('conclusion');
    await t.pass({ days: 20 });
    expect([await t.state(inquiryNo), await t.state(no)]).toEqual(['heard', 'deciding']);
    expect((await t.cases.findOne({ no }))!.data).not.toHaveProperty('statement');
  });

  it('18: 受理告知 counts from the day the report came in, not from when the identity was checked', async () => {
    const no = await filed();
    const { openedAt } = (await t.cases.findOne({ no }))!;
    await t.pass({ days: 3 });
    await t.claim(first!, no);
    await act(first!, no, 'verify', { identityCheck: '已电话核验，信息一致' });
    expect((await t.cases.findOne({ no }))!.clock!.due).toEqual(t.rulebook.due('report.accept', openedAt).due);
  });

  it('a reviewer steps aside with a reason that the bureau alone reads', async () => {
    const no = await filed();
    await t.claim(first!, no);
    await act(first!, no, 'recuse', { reason: '与被举报单位负责人系亲属' });
    const note = async (who: ReturnType<typeof citizen>) => JSON.stringify(await t.kernel.read(who, no)).includes('系亲属');
    expect([await note(director), await note(reporter)]).toEqual([true, false]);
    expect((await t.cases.findOne({ no }))!.timeline.at(-1)).toMatchObject({ move: 'recuse', article: '4.6', bureauNote: '与被举报单位负责人系亲属' });
  });

  it('18: the first handler keeps the report on the desk until having found, and then loses it to somebody else', async () => {
    const no = await filed();
    await t.claim(first!, no);
    await act(first!, no, 'verify', { identityCheck: '已电话核验，信息一致' });
    expect((await t.cases.findOne({ no }))!.task).toMatchObject({ desk: 'report', assignee: 'first' });
    const { no: foundNo } = await found();
    expect((await t.cases.findOne({ no: foundNo }))!.task).toMatchObject({ desk: 'report' });
    expect((await t.cases.findOne({ no: foundNo }))!.task!.assignee).toBeUndefined();
  });

  it('18: the reporter learns an unfounded result and objects once; other handlers take it up', async () => {
    const { no } = await found({ result: 'unfounded', finding: '经核实三个案例均为真实', feedback: '经核实举报不属实，感谢监督' });
    expect((await t.kernel.read(reporter, no)).data['feedback']).toBeUndefined();
    await t.claim(second!, no);
    await act(second!, no, 'agree', { secondOpinion: '同意，案例真实' });
    await t.settle();
    expect((await t.kernel.read(reporter, no)).data).toMatchObject({ feedback: '经核实举报不属实，感谢监督' });
    await act(reporter, no, 'object', { objection: '合同系事后补签，有新的证据' });
    await t.claim(first!, no);
    expect(await code(act(first!, no, 'find', finding))).toBe('FORBIDDEN');
    await t.claim(third!, no);
    await act(third!, no, 'inquire', { ...asking, summary: '请补充说明应用案例的签约时间和经过' });
    expect(await code(act(third!, no, 'inquire', asking))).toBe('ILLEGAL_MOVE');
    await t.settle();
    expect(await t.cases.countDocuments({ procedure: 'inquiry', 'causedBy.no': no })).toBe(2);
    expect(await code(act(reporter, no, 'object', { objection: '再次提出异议申请' }))).toBe('ILLEGAL_MOVE');
  });

  it('18: an identity that cannot be verified makes the report a clue without feedback duty; a report may be withdrawn before it is accepted', async () => {
    const no = await filed();
    await t.claim(first!, no);
    await act(first!, no, 'unverifiable', { identityCheck: '电话空号，无法核验' });
    expect(await t.state(no)).toBe('clue');
    const other = await filed();
    await act(reporter, other, 'withdraw');
    expect(await t.state(other)).toBe('withdrawn');
    const { no: taken } = await asked();
    expect(await code(act(reporter, taken, 'withdraw'))).toBe('ILLEGAL_MOVE');
  });

  it('18: effects are caused once, however often the work is done', async () => {
    const { no } = await asked();
    const c = (await t.cases.findOne({ no }))!;
    const seq = c.timeline.find((entry) => entry.move === 'inquire')!.seq;
    await t.cases.updateOne({ no }, { $push: { outbox: { seq, work: 'cause', at: new Date(), effects: [{ effect: 'inquiry', kind: 'open', procedure: 'inquiry', move: 'serve', input: { provider: 'provider-1', summary: asking.summary, questions: asking.questions } }] } } as never });
    await t.settle();
    expect(await t.cases.countDocuments({ procedure: 'inquiry', 'causedBy.no': no })).toBe(1);
  });

  it.each(['name', 'idNumber', 'phone', 'text', 'evidence', 'truthful'])('18: without %s a report is not taken', async (field) => {
    const error = await t.kernel.open(reporter, 'report', null, { ...filing, [field]: undefined }).then(() => null, (thrown: Refusal) => thrown);
    expect(error?.faults.map((fault) => fault.field)).toEqual([field]);
  });

  it('18: an ID number with a wrong check digit is refused', async () => {
    expect(await code(t.kernel.open(reporter, 'report', null, { ...filing, idNumber: '410702199003078516' }))).toBe('INVALID');
  });
});

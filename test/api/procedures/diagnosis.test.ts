import { unzipSync, strFromU8 } from 'fflate';
import sharp from 'sharp';
import { firstBreak } from '../../../src/kernel/chain';
import { Refusal } from '../../../src/kernel/refusal';
import { diagnosis } from '../../../src/procedures/diagnosis/procedure';
import { diagnosisReport } from '../../../src/procedures/diagnosis/report';
import { aDraft, FILE_A } from '../../support/diagnosis';
import { anEnterprise, aProvider, citizen, official, owner, providerStaff, testKernel, type TestKernel } from '../../support/kernel';

const need = { need: '起重机结构件车间想做工单报工和质量追溯', contact: '工作日下午，通过小程序联系' };

let t: TestKernel;
const boss = owner('boss', 'enterprise-1');
const engineer = providerStaff('engineer', 'provider-1');
const rival = providerStaff('rival', 'provider-2');
const reviewer = official('reviewer', ['reviewer'], ['plan']);

beforeEach(async () => {
  t = await testKernel([diagnosis], {
    organisations: [
      anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), anEnterprise('outside-1', { pilot: false }), anEnterprise('other-sector', { sector: 'medical' }),
      aProvider('provider-1'), aProvider('provider-2'), aProvider('candidate-1', { standing: 'candidate' }), aProvider('removed-01', { standing: 'removed' }),
    ],
  });
});
afterEach(() => t.close());

const refused = async (promise: Promise<unknown>): Promise<Refusal> => {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw error ?? new Error('was not refused');
  return error;
};
const requested = async (more = {}) => (await t.kernel.open(boss, 'diagnosis', null, { ...need, provider: 'provider-1', ...more })).no;
async function assessing() {
  const no = await requested();
  await t.kernel.act(engineer, no, 'accept', {});
  return no;
}
async function issued(draft = aDraft()) {
  const no = await assessing();
  await t.kernel.act(engineer, no, 'save', draft);
  await t.kernel.act(engineer, no, 'issue', { onSite: true });
  return no;
}
const dataOf = async (no: string) => (await t.cases.findOne({ no }))!.data as any;

describe('12.1 diagnosis: the whole way', () => {
  it('12.1: requested, accepted, filled in step by step, issued on site and confirmed, with grade before, lists and path frozen', async () => {
    const no = await assessing();
    const { answers, ...rest } = aDraft();
    const { scenarios, ...questions } = answers!;
    await t.kernel.act(engineer, no, 'save', { answers: { q1: questions.q1, q2: questions.q2 } });
    await t.kernel.act(engineer, no, 'save', { answers: { scenarios: { quality: 4 } } });
    await t.kernel.act(engineer, no, 'save', { answers: { ...questions, scenarios: scenarios! } });
    await t.kernel.act(engineer, no, 'save', rest);
    expect((await t.kernel.read(boss, no)).data).not.toHaveProperty('answers');
    const receipt = await t.kernel.act(engineer, no, 'issue', { onSite: true });
    expect(receipt).toMatchObject({ state: 'issued', article: '12.1' });
    const view = await t.kernel.read(boss, no);
    expect(view.data['result']).toMatchObject({ grade: 1, gradeName: '一级（初始级）', missingForNext: { grade: 2 } });
    expect(view.data['report']).toMatchObject({ revision: 1, issuedOn: '2026-03-02', problems: rest.problems, needs: rest.needs, path: rest.path, scheme: rest.scheme });
    expect(view.data).not.toHaveProperty('silent');
    expect(view.says).toContain('不视为确认');
    expect((await t.kernel.act(boss, no, 'confirm', {})).state).toBe('confirmed');
    expect((await t.kernel.read(boss, no)).says).toBe('改造方案由服务商据此编制，送贵企业确认。');
    expect((await t.kernel.read(engineer, no)).says).toBe('改造方案由贵单位据此编制，送企业确认。');
    expect(firstBreak((await t.cases.findOne({ no }))!)).toBeNull();
  });

  it('12.1: null takes back what was saved, a field or one key of it, and leaves the rest', async () => {
    const no = await assessing();
    await t.kernel.act(engineer, no, 'save', aDraft());
    await t.kernel.act(engineer, no, 'save', {
      scheme: null, visitors: null, answers: { q1: null, scenarios: { quality: null } }, figures: { q3: null }, proofs: { q2: null }, findings: { energy: null },
    });
    const data = await dataOf(no);
    expect(data).not.toHaveProperty('scheme');
    expect(data).not.toHaveProperty('visitors');
    expect(data.hosts).toBe(aDraft().hosts);
    expect(Object.keys(data.answers)).toHaveLength(15);
    expect(data.answers).not.toHaveProperty('q1');
    expect(Object.keys(data.answers.scenarios)).toHaveLength(15);
    expect(data.answers.scenarios).not.toHaveProperty('quality');
    expect(data.figures).toEqual({ q2: aDraft().figures!.q2 });
    expect(data.proofs).toEqual({ quality: aDraft().proofs!.quality });
    expect(Object.keys(data.findings)).toHaveLength(7);
    const error = await refused(t.kernel.act(engineer, no, 'issue', { onSite: true }));
    expect(error.faults.map(({ field }) => field)).toEqual(expect.arrayContaining(['scheme', 'visitors', 'answers.q1', 'answers.scenarios.quality', 'findings.energy']));
    await t.kernel.act(engineer, no, 'save', { answers: null });
    expect(await dataOf(no)).not.toHaveProperty('answers');
  });

  it('12.1: whoever drafts is told at every reading what the report still lacks; nobody else is, and not once it is issued', async () => {
    const no = await assessing();
    const lacks = async () => ((await t.kernel.read(engineer, no)).data['draft'] as any).faults.map(({ field }: any) => field);
    expect(await lacks()).toEqual(expect.arrayContaining(['visitedOn', 'answers', 'problems', 'findings.design']));
    await t.kernel.act(engineer, no, 'save', aDraft({ path: [] }));
    expect(await lacks()).toEqual(['path']);
    expect((await t.kernel.read(engineer, no)).data['draft']).toMatchObject({ thresholds: [{ grade: 1, minScore: 20 }, { grade: 2 }, { grade: 3 }, { grade: 4 }] });
    expect((await t.kernel.read(boss, no)).data).not.toHaveProperty('draft');
    await t.kernel.act(engineer, no, 'save', { path: aDraft().path });
    expect(await lacks()).toEqual([]);
    await t.kernel.act(engineer, no, 'issue', { onSite: true });
    expect((await t.kernel.read(engineer, no)).data).not.toHaveProperty('draft');
  });

  it('12.1: an incomplete report is refused with everything that is missing, and nothing is frozen', async () => {
    const no = await assessing();
    await t.kernel.act(engineer, no, 'save', { answers: { q1: ['B'] }, scheme: '以生产管控和质量管理为主线，分步实施到位' , evidence: [FILE_A] });
    const error = await refused(t.kernel.act(engineer, no, 'issue', { onSite: true }));
    expect(error).toMatchObject({ code: 'INVALID', article: '12.1' });
    const fields = error.faults.map((fault) => fault.field);
    expect(fields).toEqual(expect.arrayContaining(['visitedOn', 'visitors', 'hosts', 'answers.q2', 'answers.q15', 'findings.energy', 'problems', 'needs', 'path']));
    expect(fields).not.toContain('answers.q1');
    expect(await t.state(no)).toBe('assessing');
    expect((await dataOf(no)).report).toBeUndefined();
    expect(await refused(t.kernel.act(engineer, no, 'issue', {}))).toMatchObject({ code: 'INVALID' });
  });

  it.each([
    ['a code that does not exist', { answers: { q2: 'Z' } }],
    ['无 together with others', { answers: { q1: ['A', 'B'] } }],
    ['a level above 4', { answers: { scenarios: { quality: 5 } } }],
    ['an unknown question', { answers: { q16: 'A' } }],
    ['a query operator', { answers: { $ne: 1 } }],
    ['a proof that was not uploaded', { proofs: { q2: ['file-cccccccccccccccccccc'] } }],
    ['a scenario listed twice', { needs: [aDraft().needs![0], aDraft().needs![0]] }],
    ['the report itself', { report: { revision: 9 } }],
  ])('12.1: saving %s is refused', async (_, input) => {
    const no = await assessing();
    expect(await refused(t.kernel.act(engineer, no, 'save', input))).toMatchObject({ code: 'INVALID' });
    expect((await t.cases.findOne({ no }))!.timeline).toHaveLength(2);
  });

  it('12.1: a disputed report is revised with an answer; disputed again, the bureau decides', async () => {
    const no = await issued();
    await t.kernel.act(boss, no, 'dispute', { reasons: '设备联网台数与实际不符，应为 40 台' });
    expect(await t.state(no)).toBe('revising');
    expect((await refused(t.kernel.act(engineer, no, 'issue', { onSite: true }))).faults).toEqual([{ field: 'reply', message: '请答复企业的异议' }]);
    await t.kernel.act(engineer, no, 'issue', { onSite: true, reply: '已复核，联网 30 台属实，附网关清单' });
    expect((await dataOf(no)).issued).toHaveLength(2);
    await t.kernel.act(boss, no, 'dispute', { reasons: '仍然不认可联网台数' });
    expect(await t.state(no)).toBe('reviewing');
    expect(await refused(t.kernel.act(boss, no, 'dispute', { reasons: '再次提出异议' }))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    expect(await refused(t.kernel.act(reviewer, no, 'settle', { result: 'confirm', decision: '经现场核实，报告成立' }))).toMatchObject({ code: 'FORBIDDEN' });
    await t.claim(reviewer, no);
    await t.kernel.act(reviewer, no, 'settle', { result: 'revise', decision: '请补充网关清单后重新出具' });
    await t.kernel.act(engineer, no, 'issue', { onSite: true, reply: '已补充网关清单' });
    await t.kernel.act(boss, no, 'confirm', {});
    expect((await dataOf(no)).disputes).toMatchObject([{ revision: 1, reply: '已复核，联网 30 台属实，附网关清单' }, { revision: 2, reply: '已补充网关清单' }]);
  });

  it('12.1: silence on the report binds nobody: the bureau asks, and the enterprise may still confirm or dispute', async () => {
    const no = await issued();
    await t.pass('2026-03-09T16:00:00Z');
    expect(await t.state(no)).toBe('reviewing');
    expect((await dataOf(no)).silent).toBe(true);
    await t.kernel.act(boss, no, 'dispute', { reasons: '出差刚回，问题清单有遗漏' });
    expect(await t.state(no)).toBe('revising');
    await t.kernel.act(engineer, no, 'issue', { onSite: true, reply: '已补充问题清单' });
    expect(await dataOf(no)).not.toHaveProperty('silent');
    expect((await t.kernel.read(boss, no)).data['disputes']).toMatchObject([{ revision: 1, reply: '已补充问题清单' }]);
    await t.pass({ days: 10 });
    await t.claim(reviewer, no);
    expect((await t.kernel.act(reviewer, no, 'settle', { result: 'confirm', decision: '已联系企业，无异议' })).state).toBe('confirmed');
  });
});

describe('12.1 diagnosis: who does it', () => {
  it.each([
    ['an enterprise outside the pilot', owner('x', 'outside-1'), {}, 'FORBIDDEN'],
    ['a citizen', citizen('x'), {}, 'FORBIDDEN'],
    ['a provider', providerStaff('x', 'provider-1'), {}, 'FORBIDDEN'],
    ['a colleague who may only look', owner('x', 'enterprise-1', ['view']), {}, 'FORBIDDEN'],
    ['somebody naming a provider not yet listed', boss, { provider: 'candidate-1' }, 'INVALID'],
    ['somebody naming a removed provider', boss, { provider: 'removed-01' }, 'INVALID'],
    ['somebody naming an enterprise', boss, { provider: 'enterprise-2' }, 'INVALID'],
  ] as const)('12.1: a request of %s is refused', async (_, who, more, code) => {
    expect(await refused(t.kernel.open(who, 'diagnosis', null, { ...need, ...more }))).toMatchObject({ code });
  });

  it('12.1: an enterprise has one diagnosis under way, also when it asks twice at the same moment', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => t.kernel.open(owner(`colleague-${i}`, 'enterprise-1'), 'diagnosis', null, need)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const others = results.flatMap((result) => (result.status === 'rejected' ? [(result.reason as Refusal).code] : []));
    expect(new Set(others)).toEqual(new Set(['CONFLICT']));
    expect(await refused(t.kernel.open(boss, 'diagnosis', null, need))).toMatchObject({ code: 'CONFLICT', article: '12.1' });
    const { no } = (await t.cases.findOne({}))!;
    await t.kernel.act(boss, no, 'withdraw', {});
    expect((await t.kernel.open(boss, 'diagnosis', null, need)).state).toBe('requested');
  });

  it('13: without a choice the system proposes the listed provider with least in hand, and says so', async () => {
    await t.kernel.open(owner('other', 'enterprise-2'), 'diagnosis', null, { ...need, provider: 'provider-1' });
    const { no } = await t.kernel.open(boss, 'diagnosis', null, need);
    const c = (await t.cases.findOne({ no }))!;
    expect(c.parties['provider']).toEqual(['org:provider-2']);
    expect(c.timeline[0]!.note).toMatch(/系统推荐：本细分行业在库服务商 2 家/);
    expect(c.data).toMatchObject({ chosenBy: 'matched' });
    const elsewhere = await t.kernel.open(owner('y', 'other-sector'), 'diagnosis', null, need);
    expect((await t.cases.findOne({ no: elsewhere.no }))!.timeline[0]!.note).toMatch(/本细分行业暂无在库服务商/);
  });

  it('12.1: a provider that declines loses sight of the case, the enterprise chooses again, then the desk brings them together', async () => {
    const no = await requested();
    expect(await refused(t.kernel.act(rival, no, 'accept', {}))).toMatchObject({ code: 'NOT_FOUND' });
    await t.kernel.act(engineer, no, 'decline', { reason: '近期人手不足' });
    expect(await refused(t.kernel.read(engineer, no))).toMatchObject({ code: 'NOT_FOUND' });
    const told = await t.kernel.read(boss, no);
    expect(told.data).toMatchObject({ former: [{ provider: 'provider-1', why: '近期人手不足' }], passedOver: ['provider-1'] });
    expect(told.timeline.at(-1)!.note).toBe('服务商未承接，企业可另选；原因：近期人手不足');
    expect((await refused(t.kernel.act(boss, no, 'choose', { provider: 'provider-1' }))).faults[0]!.message).toBe('这家服务商未承接本次诊断，请另选一家');
    await t.kernel.act(boss, no, 'choose', {});
    expect((await t.kernel.read(rival, no)).state.name).toBe('requested');
    const given = await t.kernel.read(rival, no);
    expect(JSON.stringify(given)).not.toContain('近期人手不足');
    expect(given.data).toMatchObject({ enterprise: { region: '红旗区', sector: '起重装备' } });
    expect((await t.kernel.read(boss, no)).data['passedOver']).toEqual(['provider-1', 'provider-2']);
    expect((await refused(t.kernel.act(boss, no, 'choose', { provider: 'provider-2' }))).faults[0]!.message).toBe('现在就在等这家服务商答复，请另选一家');
    await t.pass({ days: 6 });
    expect(await t.state(no)).toBe('choosing');
    await t.kernel.act(boss, no, 'choose', {});
    expect(await t.state(no)).toBe('matching');
    await t.claim(reviewer, no);
    expect(await refused(t.kernel.act(reviewer, no, 'assign', { provider: 'removed-01', reason: '协调推荐该服务商' }))).toMatchObject({ code: 'INVALID' });
    await t.kernel.act(reviewer, no, 'assign', { provider: 'provider-1', reason: '已与服务商沟通，同意承接' });
    for (const who of [engineer, boss]) expect((await t.kernel.read(who, no)).data['coordination']).toBe('已与服务商沟通，同意承接');
    await t.kernel.act(engineer, no, 'accept', {});
    expect(await t.state(no)).toBe('assessing');
    await t.kernel.act(engineer, no, 'handBack', { reason: '现场条件与预期不符' });
    expect((await t.kernel.read(boss, no)).timeline.at(-1)!.note).toBe('服务商退回诊断任务，企业可另选；原因：现场条件与预期不符');
    expect(await dataOf(no)).not.toHaveProperty('coordination');
  });

  it('12.1: nobody chosen in time ends the request, and the enterprise may ask anew', async () => {
    const no = await requested();
    await t.kernel.act(engineer, no, 'decline', { reason: '近期人手不足' });
    await t.pass({ days: 10 });
    expect(await t.state(no)).toBe('lapsed');
    await requested();
  });

  it('12.1: only a provider overdue with the report may be replaced, and its draft goes with it', async () => {
    const no = await assessing();
    await t.kernel.act(engineer, no, 'save', aDraft());
    expect(await refused(t.kernel.act(boss, no, 'replace', {}))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    await t.pass({ days: 25 });
    expect(t.reminded).toContainEqual({ no, kind: 'overdue' });
    await t.kernel.act(boss, no, 'replace', {});
    await t.kernel.act(boss, no, 'choose', { provider: 'provider-2' });
    await t.kernel.act(rival, no, 'accept', {});
    expect((await t.kernel.read(rival, no)).data).not.toHaveProperty('answers');
  });

  it('12.1: once a report is out it is confirmed or disputed, not withdrawn', async () => {
    const no = await issued();
    expect(await refused(t.kernel.act(boss, no, 'withdraw', {}))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    expect(await refused(t.kernel.act(engineer, no, 'save', { scheme: '出具之后再改动报告里的实施方案内容' }))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    expect(await refused(t.kernel.act(owner('clerk', 'enterprise-1', ['view', 'handle']), no, 'confirm', {}))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('12.1: one person does not act for both sides', async () => {
    const no = await requested();
    expect(await refused(t.kernel.act(providerStaff('boss', 'provider-1'), no, 'accept', {}))).toMatchObject({ code: 'FORBIDDEN', detail: '同一人不能同时代表企业和服务商办理本案' });
  });
});

describe('12.1 the report as a document', () => {
  it('12.1: holds every part the article names, the chart and what the next grade lacks, from what the reader sees', async () => {
    const no = await issued();
    const bytes = await diagnosisReport(await t.kernel.read(boss, no));
    const parts = unzipSync(bytes);
    const text = strFromU8(parts['word/document.xml']!).replace(/<[^>]+>/g, '');
    for (const part of [
      '企业enterprise-1', '服务商provider-1', no, '一级（初始级）', '距二级（规范级）', '研发设计', '节能减排', '数字化改造问题清单', '车间报工靠纸质单据',
      '需求场景清单', '检验数据电子化', '改造路径', '第三阶段 见成效', '实施方案', '不适用：产品全部由主机厂负责售后', '现场评测', '生产设备数量（台）：120',
    ]) expect(text).toContain(part);
    const images = Object.keys(parts).filter((path) => path.startsWith('word/media/'));
    expect(images.map((path) => path.slice(-4)).sort()).toEqual(['.png', '.svg']);
    const chart = await sharp(parts[images.find((path) => path.endsWith('.png'))!]!).metadata();
    expect(chart).toMatchObject({ format: 'png', width: 1120 });
  });

  it('12.1: there is none before it is issued, and none for a stranger', async () => {
    const no = await assessing();
    await t.kernel.act(engineer, no, 'save', aDraft());
    const view = await t.kernel.read(boss, no);
    expect(await refused(diagnosisReport(view))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refused(t.kernel.read(rival, no))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

import { firstBreak } from '../../../src/kernel/chain';
import { caseNo, form } from '../../../src/kernel/fields';
import { procedure, opener, party, system, theParty } from '../../../src/kernel/declare';
import { orgTag } from '../../../src/kernel/actor';
import { Refusal } from '../../../src/kernel/refusal';
import { diagnosis } from '../../../src/procedures/diagnosis/procedure';
import { isGenuine } from '../../../src/procedures/plan/panel';
import type { Draw, Version } from '../../../src/procedures/plan/forms';
import { plan } from '../../../src/procedures/plan/procedure';
import { aDraft } from '../../support/diagnosis';
import { anEnterprise, aProvider, official, owner, providerStaff, testKernel, type TestKernel } from '../../support/kernel';
import { aPlan, costing } from '../../support/plan';

let t: TestKernel;
const boss = owner('boss', 'enterprise-1');
const provider = providerStaff('engineer', 'provider-1');
const rival = providerStaff('rival', 'provider-2');
const clerk = official('clerk', ['reviewer'], ['plan']);
const expert = (person: string) => official(person, ['expert']);

/** As much of a contract as a plan needs: it can be held and released. */
const contract = procedure({
  name: 'contract', title: '合同', prefix: 'HT', article: '12.3', parties: { provider: '服务商' }, data: {},
  states: {
    signed: { title: '履行中', waitsFor: 'provider', within: 'contract.deliver' },
    held: { title: '暂停', waitsFor: 'provider', within: 'contract.deliver' },
    ended: { title: '结束', end: true },
  },
}).moves((move) => ({
  sign: move.open({
    title: '签订', to: 'signed', by: opener('provider'), form: form({ plan: caseNo('方案编号') }),
    begin: ({ input, actor }) => ({ data: {}, parties: { provider: [orgTag(actor.org!)] }, links: [{ no: input.plan, relation: '方案' }] }),
  }),
  hold: move.step({ title: '暂停', from: 'signed', to: 'held', by: system() }),
  release: move.step({ title: '恢复', from: 'held', to: 'signed', by: system() }),
  end: move.step({ title: '结束', from: ['signed', 'held'], to: 'ended', by: party('provider') }),
})).sees({ provider: { who: theParty('provider'), fields: [], timeline: 'all' } });

const library = (count: number) => Array.from({ length: count }, (_, i) => ({
  person: `expert-${i}`, login: `expert-${i}`, sectors: ['lifting'], conflicts: i === 0 ? ['provider-1'] : i === 1 ? ['enterprise-1'] : [],
}));
const experts = library(8);

beforeEach(async () => {
  experts.splice(0, experts.length, ...library(8));
  t = await testKernel([diagnosis, plan, contract], {
    organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1'), aProvider('provider-2')], experts,
  });
});
afterEach(() => t.close());

const refused = async (promise: Promise<unknown>): Promise<Refusal> => {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  if (!(error instanceof Refusal)) throw error ?? new Error('was not refused');
  return error;
};
const caseOf = async (no: string) => (await t.cases.findOne({ no }))!;
const dataOf = async (no: string) => (await caseOf(no)).data as any;
const hashOf = async (no: string): Promise<string> => (await dataOf(no)).planHash;

async function diagnosed(): Promise<string> {
  const { no } = await t.kernel.open(boss, 'diagnosis', null, { need: '想做工单报工和质量追溯', provider: 'provider-1' });
  await t.kernel.act(provider, no, 'accept', {});
  await t.kernel.act(provider, no, 'save', aDraft());
  await t.kernel.act(provider, no, 'issue', { onSite: true });
  return no;
}
async function drafted(content = aPlan()): Promise<string> {
  const diagnosisNo = await diagnosed();
  await t.kernel.act(boss, diagnosisNo, 'confirm', {});
  const { no } = await t.kernel.open(provider, 'plan', null, { diagnosis: diagnosisNo });
  await t.kernel.act(provider, no, 'save', content);
  return no;
}
async function agree(no: string): Promise<void> {
  await t.kernel.act(provider, no, 'propose', {});
  await t.kernel.act(boss, no, 'confirm', { planHash: await hashOf(no) });
}
async function accepted(no: string): Promise<string[]> {
  await t.claim(clerk, no);
  await t.kernel.act(clerk, no, 'accept', { complete: true });
  return seats(no);
}
const seats = async (no: string): Promise<string[]> => (await caseOf(no)).parties['expert']!.map((tag) => tag.slice('person:'.length));
const sheet = (verdict = 'passed', more = {}) =>
  ({ noConflict: true, project: 35, amount: 26, effect: 25, verdict, reasons: '场景与诊断问题对应，价格合理', ...more });
async function reviewed(no: string, verdict = 'passed'): Promise<void> {
  for (const person of await accepted(no)) await t.kernel.act(expert(person), no, 'score', sheet(verdict));
  await t.claim(clerk, no);
}
async function approved(content = aPlan()): Promise<string> {
  const no = await drafted(content);
  await agree(no);
  await reviewed(no);
  await t.kernel.act(clerk, no, 'approve', {});
  return no;
}

describe('12.2 plan filing: the whole way', () => {
  it('12.2: drafted on the diagnosis, confirmed to the letter, reviewed by an odd panel, approved', async () => {
    const no = await approved();
    const c = await caseOf(no);
    expect(c.state).toBe('approved');
    expect(c.data.approved).toMatchObject({
      version: 1, totalFen: 30_000_000, split: aPlan().split, scenarios: ['production_control', 'quality'], targetGrade: 2, start: '2026-04-01', finish: '2026-09-30',
    });
    expect(c.data.approved.hash).toBe(c.data.planHash);
    expect(c.links).toContainEqual({ no: c.data.diagnosis, relation: '诊断' });
    expect(c.timeline.map(({ move }) => move)).toEqual(['open', 'save', 'propose', 'confirm', 'accept', 'score', 'score', 'score', 'approve']);
    expect(firstBreak(c)).toBeNull();
  });

  it('saving again and again may be told as one line, a colleague\'s beside it; the chain has every line', async () => {
    const no = await drafted();
    const colleague = providerStaff('colleague', 'provider-1');
    for (const who of [provider, provider, colleague, colleague, provider]) await t.kernel.act(who, no, 'save', aPlan());
    await t.kernel.act(provider, no, 'propose', {});
    const { timeline } = await t.kernel.read(provider, no);
    expect(timeline.map(({ seq, again = false }) => [seq, again])).toEqual([[1, false], [2, false], [3, true], [4, true], [5, false], [6, true], [7, false], [8, false]]);
    expect(firstBreak(await caseOf(no))).toBeNull();
    expect((await t.kernel.read(boss, no)).timeline.some(({ again }) => again)).toBe(false);
  });

  it('12.2: only on a confirmed diagnosis, by the provider who made it, and once', async () => {
    const no = await diagnosed();
    expect(await refused(t.kernel.open(provider, 'plan', null, { diagnosis: no }))).toMatchObject({ code: 'INVALID', detail: '诊断报告经企业确认后才能编制方案' });
    await t.kernel.act(boss, no, 'confirm', {});
    expect(await refused(t.kernel.open(rival, 'plan', null, { diagnosis: no }))).toMatchObject({ code: 'INVALID' });
    expect(await refused(t.kernel.open(boss, 'plan', null, { diagnosis: no }))).toMatchObject({ code: 'FORBIDDEN' });
    t.organisations.get('provider-1')!.standing = 'removed';
    expect(await refused(t.kernel.open(provider, 'plan', null, { diagnosis: no }))).toMatchObject({ code: 'FORBIDDEN' });
    t.organisations.get('provider-1')!.standing = 'listed';
    const results = await Promise.allSettled([1, 2, 3, 4].map((i) => t.kernel.open(providerStaff(`p${i}`, 'provider-1'), 'plan', null, { diagnosis: no })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('12.2: an incomplete or contradictory plan does not reach the enterprise', async () => {
    const no = await drafted();
    const { split } = aPlan();
    await t.kernel.act(provider, no, 'save', { targetGrade: 1, split: { ...split, governmentFen: split.governmentFen + 1 }, unmet: [] });
    const error = await refused(t.kernel.act(provider, no, 'propose', {}));
    expect(error.faults.map(({ field }) => field).sort()).toEqual(['split', 'targetGrade', 'unmet']);
    expect(await refused(t.kernel.act(provider, no, 'save', { planHash: 'x', approved: {} }))).toMatchObject({ code: 'INVALID' });
    expect(await refused(t.kernel.act(boss, no, 'propose', {}))).toMatchObject({ code: 'FORBIDDEN' });
    // null takes back what was saved; what is left out stays.
    await t.kernel.act(provider, no, 'save', { items: null, providerDuties: null });
    const emptied = await refused(t.kernel.act(provider, no, 'propose', {}));
    expect(emptied.faults.map(({ field }) => field)).toEqual(expect.arrayContaining(['items', 'providerDuties']));
    expect(emptied.faults.map(({ field }) => field)).not.toContain('enterpriseDuties');
  });

  it('12.2: the enterprise confirms exactly the version it saw; one changed meanwhile is refused as stale', async () => {
    const no = await drafted();
    await t.kernel.act(provider, no, 'propose', {});
    const seen = (await t.kernel.read(boss, no)).data['planHash'] as string;
    await t.kernel.act(boss, no, 'sendBack', { remarks: '报工终端数量不够，请增加到十二台' });
    await t.kernel.act(provider, no, 'save', costing(32_000_000));
    await t.kernel.act(provider, no, 'propose', {});
    expect(await refused(t.kernel.act(boss, no, 'confirm', { planHash: seen }))).toMatchObject({ code: 'STALE', detail: expect.stringContaining('最新一版') });
    expect(await refused(t.kernel.act(boss, no, 'confirm', {}))).toMatchObject({ code: 'INVALID' });
    expect(await refused(t.kernel.act(owner('clerk', 'enterprise-1', ['view', 'handle']), no, 'confirm', { planHash: await hashOf(no) }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(t.kernel.act(provider, no, 'confirm', { planHash: await hashOf(no) }))).toMatchObject({ code: 'FORBIDDEN' });
    const view = await t.kernel.read(boss, no);
    expect((view.data['versions'] as Version[]).map((version) => version.totalFen)).toEqual([30_000_000, 32_000_000]);
    expect(view.data['changes']).toMatchObject({ from: 1, to: 2, money: { totalFen: { from: 30_000_000, to: 32_000_000 } } });
    await t.kernel.act(boss, no, 'confirm', { planHash: await hashOf(no) });
    expect(await t.state(no)).toBe('filed');
  });

  it('C8: while the enterprise confirms, the provider cannot slip in another version; of a hundred confirmations one counts', async () => {
    const no = await drafted();
    await t.kernel.act(provider, no, 'propose', {});
    const planHash = await hashOf(no);
    expect(await refused(t.kernel.act(provider, no, 'save', costing(40_000_000)))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    const results = await Promise.allSettled(Array.from({ length: 100 }, (_, i) => t.kernel.act(owner(`c${i}`, 'enterprise-1'), no, 'confirm', { planHash })));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  it('12.2: silence of the enterprise is no consent', async () => {
    const no = await drafted();
    await t.kernel.act(provider, no, 'propose', {});
    await t.pass({ days: 10 });
    expect(await t.state(no)).toBe('drafting');
    await agree(no);
    expect((await dataOf(no)).versions).toHaveLength(1);
  });

  it('12.2: what is missing is told once; the supplement is confirmed again; without it the filing ends', async () => {
    const no = await drafted();
    await agree(no);
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'supplement', { missing: [{ what: '企业与服务商的合作意向' }, { what: '报工终端的报价单' }] });
    expect((await t.kernel.read(provider, no)).data['missing']).toEqual(['企业与服务商的合作意向', '报工终端的报价单']);
    await t.kernel.act(provider, no, 'save', { attachments: ['file-aaaaaaaaaaaaaaaaaaaa'] });
    await agree(no);
    await t.claim(clerk, no);
    expect(await refused(t.kernel.act(clerk, no, 'supplement', { missing: [{ what: '又想起一样' }] }))).toMatchObject({ code: 'ILLEGAL_MOVE' });

    expect(await refused(t.kernel.act(provider, no, 'withdrawChange', {}))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    await t.kernel.act(provider, no, 'withdraw', {});
    const again = (await t.kernel.open(provider, 'plan', null, { diagnosis: (await dataOf(no)).diagnosis })).no;
    await t.kernel.act(provider, again, 'save', aPlan());
    await agree(again);
    await t.claim(clerk, again);
    await t.kernel.act(clerk, again, 'supplement', { missing: [{ what: '合作意向' }] });
    await t.pass({ days: 20 });
    expect(await t.state(again)).toBe('lapsed');
  });
});

describe('12.2 plan filing: the panel (E7)', () => {
  it('12.2: drawn by a seed fixed before, without related experts, and anybody can repeat it', async () => {
    const no = await drafted();
    await agree(no);
    const seed = (await caseOf(no)).timeline.at(-1)!.hash;
    await t.claim(clerk, no);
    // Moves of the desk give no second try at the lot.
    await t.kernel.act(clerk, no, 'pause', { reason: 'expert' });
    await t.kernel.act(clerk, no, 'resume', {});
    await t.kernel.act(clerk, no, 'accept', { complete: true });
    const [draw] = (await dataOf(no)).draws as Draw[];
    expect(draw).toMatchObject({ seed, size: 3, excluded: ['expert-0', 'expert-1'] });
    expect(isGenuine(draw!)).toBe(true);
    expect(await seats(no)).toEqual(draw!.drawn);
  });

  it('12.2: blind until all are in: an expert sees the own sheet only, the bureau only how many, the parties nothing before the decision', async () => {
    const no = await drafted();
    await agree(no);
    const [first, second, third] = await accepted(no) as [string, string, string];
    expect(await refused(t.kernel.read(expert('expert-0'), no))).toMatchObject({ code: 'NOT_FOUND' });
    await t.kernel.act(expert(first), no, 'score', sheet('failed', { reasons: '价格明显偏高，请逐项核价' }));
    expect(await refused(t.kernel.act(expert(first), no, 'score', sheet()))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    expect((await t.kernel.read(expert(first), no)).data['ownSheet']).toMatchObject({ verdict: 'failed' });
    for (const who of [expert(second), clerk, boss, provider, official('head', ['director'])]) {
      const seen = JSON.stringify(await t.kernel.read(who, no));
      expect(seen).not.toContain('价格明显偏高');
      expect(seen).not.toContain('"sheets":[');
    }
    expect((await t.kernel.read(clerk, no)).data['panel']).toEqual({ seats: 3, sheets: 1 });
    for (const who of [boss, provider]) expect(JSON.stringify(await t.kernel.read(who, no))).not.toContain(first);

    await Promise.all([second, third].map((person) => t.kernel.act(expert(person), no, 'score', sheet())));
    expect(await t.state(no)).toBe('deciding');
    expect((await dataOf(no)).review).toMatchObject({ verdict: 'passed', passed: true, total: 86, verdicts: { passed: 2, failed: 1, amend: 0 } });
    expect(JSON.stringify((await t.kernel.read(clerk, no)).data['review'])).toContain('价格明显偏高');
    expect(JSON.stringify(await t.kernel.read(provider, no))).not.toContain('价格明显偏高');
    await t.claim(clerk, no);
    await t.kernel.act(clerk, no, 'return', { reasons: '请按专家意见核价' });
    const told = JSON.stringify((await t.kernel.read(provider, no)).data);
    expect(told).toContain('价格明显偏高');
    for (const person of [first, second, third]) expect(told).not.toContain(person);
  });

  it('12.2: what the experts compare the plan with is theirs to read, the diagnosis itself is not; the parties find it again', async () => {
    const no = await drafted();
    await agree(no);
    const [first] = await accepted(no);
    const seen = await t.kernel.read(expert(first!), no);
    expect(seen.data).toMatchObject({ problems: aDraft().problems, lacks: { grade: 2, scenarios: 5 }, marks: { project: 40, amount: 30, effect: 30, total: 100, pass: 70 } });
    expect(seen.links).toEqual([]);
    const { diagnosis: earlier } = await dataOf(no);
    for (const who of [boss, provider, clerk]) expect((await t.kernel.read(who, no)).links).toContainEqual(expect.objectContaining({ no: earlier, relation: '诊断', line: expect.objectContaining({ procedure: 'diagnosis' }) }));
  });

  it('12.2: «passed» below the line nothing passes is refused; what was drawn and by which seed is the bureau\'s to read', async () => {
    const no = await drafted();
    await agree(no);
    const [first, second] = await accepted(no) as [string, string];
    const low = await refused(t.kernel.act(expert(first), no, 'score', sheet('passed', { project: 18 })));
    expect(low.faults).toEqual([{ field: 'verdict', message: '合计 69 分，低于通过线 70 分，不能选“通过”' }]);
    await t.kernel.act(expert(first), no, 'score', sheet('amend', { project: 18 }));
    expect((await t.kernel.read(clerk, no)).says).toContain('1 / 3 份');
    await t.kernel.act(expert(second), no, 'stepAside', { ground: 'RC5' });
    expect((await dataOf(no)).draws.map(({ why }: Draw) => why)).toEqual([undefined, '替补回避的专家']);
    const noteOf = async (who: typeof boss) => (await t.kernel.read(who, no)).timeline.find(({ title }) => title === '材料齐全，抽取专家')!.note;
    expect(await noteOf(boss)).toBe('抽取专家组 3 人');
    expect(await noteOf(clerk)).toMatch(/^抽取专家组 3 人；随机数 [0-9a-f]{8}，方案校验码/);
  });

  it('12.2: between the experts and the decision the parties are told where it stands, after it what comes next', async () => {
    const no = await drafted();
    await agree(no);
    await reviewed(no, 'failed');
    for (const who of [boss, provider]) expect((await t.kernel.read(who, no)).says).toContain('专家审核已结束');
    expect((await t.kernel.read(clerk, no)).says).toContain('不能通过备案');
    await t.kernel.act(clerk, no, 'return', { reasons: '请按专家意见修改' });
    const { data, says } = await t.kernel.read(provider, no);
    expect(data).toMatchObject({ review: { version: 1, passed: false }, marks: { pass: 70 } });
    expect(says).toContain('备案终止');
    await t.kernel.act(provider, no, 'save', costing(29_000_000));
    await agree(no);
    expect((await t.kernel.read(clerk, no)).data['review']).toMatchObject({ version: 1 });
    await reviewed(no);
    expect(await t.kernel.read(clerk, no)).not.toHaveProperty('says');
    await t.kernel.act(clerk, no, 'approve', {});
    expect(await t.kernel.read(provider, no)).toMatchObject({ says: expect.stringContaining('由贵单位拟定'), data: { refilingLimits: { investmentPercent: 10, delayDays: 60 } } });
    const forOwner = await t.kernel.read(boss, no);
    expect(forOwner.says).toContain('由服务商拟定');
    expect(forOwner.data).not.toHaveProperty('refilingLimits');
  });

  it('12.2: points above the maximum are refused', async () => {
    const no = await drafted();
    await agree(no);
    const [first] = await accepted(no);
    const error = await refused(t.kernel.act(expert(first!), no, 'score', sheet('passed', { project: 41, amount: 31, effect: -1, noConflict: false })));
    expect(error.faults.map(({ field }) => field).sort()).toEqual(['amount', 'effect', 'noConflict', 'project']);
  });

  it('12.2: who steps aside is replaced by lot and sees the case no more; a silent expert is replaced when time is up', async () => {
    const no = await drafted();
    await agree(no);
    const [first, second, third] = await accepted(no) as [string, string, string];
    await t.kernel.act(expert(first), no, 'stepAside', { ground: 'RC5' });
    expect(await refused(t.kernel.read(expert(first), no))).toMatchObject({ code: 'NOT_FOUND' });
    const now = await seats(no);
    expect(now).toHaveLength(3);
    expect(now).not.toContain(first);
    await t.kernel.act(expert(second), no, 'score', sheet());
    await t.pass({ days: 20 });
    expect(await t.state(no)).toBe('reviewing');
    const later = await seats(no);
    expect(later).toContain(second);
    expect(later).not.toContain(third);
    expect((await dataOf(no)).sheets).toHaveLength(1);
    expect((await dataOf(no)).draws.every(isGenuine)).toBe(true);
    for (const person of later) if (person !== second) await t.kernel.act(expert(person), no, 'score', sheet());
    expect(await t.state(no)).toBe('deciding');
  });

  it('12.2: without enough unrelated experts no panel is made; with new ones it goes on and sheets that are in stand', async () => {
    experts.splice(5);
    const no = await drafted();
    await agree(no);
    const [first, second] = await accepted(no) as [string, string];
    await t.kernel.act(expert(first), no, 'score', sheet());
    await t.kernel.act(expert(second), no, 'stepAside', { ground: 'RC1' });
    expect(await t.state(no)).toBe('filed');
    await t.claim(clerk, no);
    expect(await refused(t.kernel.act(clerk, no, 'accept', { complete: true }))).toMatchObject({ code: 'CONFLICT', detail: expect.stringContaining('不足 3 人') });
    experts.push({ person: 'newcomer', login: 'late', sectors: [], conflicts: [] });
    await t.kernel.act(clerk, no, 'accept', { complete: true });
    expect(await seats(no)).toEqual(expect.arrayContaining([first, 'newcomer']));
    expect((await dataOf(no)).sheets).toHaveLength(1);
  });

  it('12.2: the bureau approves nothing against the experts; a returned plan is confirmed and reviewed again; who scored does not decide', async () => {
    const no = await drafted();
    await agree(no);
    await reviewed(no, 'amend');
    expect((await t.kernel.read(clerk, no)).moves.map(({ move }) => move)).not.toContain('approve');
    expect(await refused(t.kernel.act(clerk, no, 'approve', {}))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    await t.kernel.act(clerk, no, 'return', { reasons: '请按专家意见修改' });
    const panel = await seats(no);
    await t.kernel.act(provider, no, 'save', costing(29_000_000));
    await agree(no);
    await reviewed(no);
    expect(await seats(no)).toEqual(panel);
    const insider = official(panel[0]!, ['expert', 'reviewer'], ['plan']);
    await t.claim(insider, no);
    expect(await refused(t.kernel.act(insider, no, 'approve', {}))).toMatchObject({ code: 'FORBIDDEN' });
    await t.claim(clerk, no);
    t.organisations.get('provider-1')!.standing = 'removed';
    expect(await refused(t.kernel.act(clerk, no, 'approve', {}))).toMatchObject({ code: 'CONFLICT', detail: '服务商已不在服务商库，方案不能通过备案' });
    t.organisations.get('provider-1')!.standing = 'listed';
    await t.kernel.act(clerk, no, 'approve', {});
    expect((await dataOf(no)).approved).toMatchObject({ version: 2, totalFen: 29_000_000 });
  });

  it('12.2: a plan that fails is rejected with reasons, and the provider may start anew', async () => {
    const no = await drafted();
    await agree(no);
    await reviewed(no, 'failed');
    await t.kernel.act(clerk, no, 'reject', { reasons: '改造内容与诊断问题不对应' });
    expect(await t.state(no)).toBe('rejected');
    expect((await t.kernel.open(provider, 'plan', null, { diagnosis: (await dataOf(no)).diagnosis })).state).toBe('drafting');
  });
});

describe('12.3 changes after approval (E13)', () => {
  async function proposeChange(no: string, content: ReturnType<typeof aPlan>) {
    await t.kernel.act(provider, no, 'save', content);
    await t.kernel.act(provider, no, 'change', { reason: '现场新增两条产线' });
  }
  const sign = async (no: string) => (await t.kernel.open(provider, 'contract', null, { plan: no })).no;

  it('12.3: a minor change is noted and the approved version stays the measure, so that small steps add up', async () => {
    const no = await approved();
    // The enterprise is told before it agrees what its word would cause.
    const told = async () => (await t.kernel.read(boss, no)).data['refiling'];
    await proposeChange(no, costing(31_500_000));
    expect(await told()).toEqual({ material: false, reasons: [] });
    // The bureau too; and the signs it is shown are of the version under way.
    expect((await t.kernel.read(clerk, no)).data).toMatchObject({
      refiling: { material: false }, changes: { from: 1, to: 2 }, change: { from: 1, to: 2 }, review: { version: 1 },
    });
    expect((await t.kernel.act(boss, no, 'confirmChange', { planHash: await hashOf(no) }))).toMatchObject({ state: 'approved', article: '12.3' });
    expect(await dataOf(no)).toMatchObject({ approved: { totalFen: 30_000_000 }, current: { totalFen: 31_500_000 }, noted: [{ material: false, reasons: [] }] });
    expect(await told()).toBeUndefined();
    await proposeChange(no, costing(33_000_000));
    expect(await told()).toMatchObject({ material: true, reasons: [{ code: 'REFILE-1' }] });
    await t.kernel.act(boss, no, 'confirmChange', { planHash: await hashOf(no) });
    expect(await t.state(no)).toBe('filed');
    expect((await dataOf(no)).change).toMatchObject({ material: true, reasons: [{ code: 'REFILE-1' }] });
  });

  it('12.3: a material change is filed anew, holds the contract until it is approved, and passes the panel again', async () => {
    const no = await approved();
    const contractNo = await sign(no);
    await proposeChange(no, costing(36_000_000));
    const stale = (await dataOf(no)).approved.hash;
    expect(await refused(t.kernel.act(boss, no, 'confirmChange', { planHash: stale }))).toMatchObject({ code: 'STALE' });
    await t.kernel.act(boss, no, 'confirmChange', { planHash: await hashOf(no) });
    await t.settle();
    expect(await t.state(contractNo)).toBe('held');
    expect((await t.kernel.read(clerk, no)).data['changes']).toMatchObject({ from: 1, to: 2, money: { totalFen: { to: 36_000_000 } } });
    await reviewed(no);
    await t.kernel.act(clerk, no, 'approve', {});
    await t.settle();
    expect(await t.state(contractNo)).toBe('signed');
    expect((await dataOf(no)).approved).toMatchObject({ version: 2, totalFen: 36_000_000 });
  });

  it.each([
    ['rejected by the bureau', async (no: string) => { await reviewed(no, 'failed'); await t.kernel.act(clerk, no, 'reject', { reasons: '增加投资缺少依据' }); }],
    ['withdrawn by the provider', async (no: string) => { await t.kernel.act(provider, no, 'withdrawChange', { reason: '设备到货推迟' }); }],
    ['returned and forgotten', async (no: string) => { await reviewed(no); await t.kernel.act(clerk, no, 'return', { reasons: '请补充依据' }); await t.pass({ days: 20 }); }],
  ])('12.3: a change %s leaves the approved plan in force and lets the contract go on', async (_, giveUp) => {
    const no = await approved();
    const contractNo = await sign(no);
    const before = (await dataOf(no)).approved;
    await proposeChange(no, costing(36_000_000));
    await t.kernel.act(boss, no, 'confirmChange', { planHash: await hashOf(no) });
    await t.settle();
    expect((await t.kernel.read(boss, no)).moves.map(({ move }) => move)).toEqual(['withdrawChange']);
    await giveUp(no);
    await t.settle();
    expect(await t.state(no)).toBe('approved');
    expect((await t.kernel.read(boss, no)).timeline.at(-1)!.note).toContain('原方案继续有效');
    expect(await dataOf(no)).toMatchObject({ approved: before, current: before, planHash: before.hash });
    expect((await dataOf(no)).items[0].unitPriceFen).toBe(18_000_000);
    expect(await t.state(contractNo)).toBe('signed');
    // Sheets of the abandoned change do not count for the next.
    await proposeChange(no, costing(36_000_000));
    await t.kernel.act(boss, no, 'confirmChange', { planHash: await hashOf(no) });
    await accepted(no);
    expect((await dataOf(no)).sheets).toEqual([]);
  });

  it('12.3: a change the enterprise refuses or does not answer changes nothing; an empty change is none', async () => {
    const no = await approved();
    expect(await refused(t.kernel.act(provider, no, 'change', { reason: '没有改动内容' }))).toMatchObject({ code: 'CONFLICT' });
    await proposeChange(no, costing(36_000_000));
    // While the change waits, the enterprise says no to it; taking it back is the provider's.
    expect((await t.kernel.read(provider, no)).moves.map(({ move }) => move)).toEqual(['withdrawChange']);
    expect((await t.kernel.read(boss, no)).moves.map(({ move }) => move)).toEqual(['confirmChange', 'refuseChange']);
    expect(await refused(t.kernel.act(provider, no, 'withdraw', {}))).toMatchObject({ code: 'ILLEGAL_MOVE' });
    await t.kernel.act(boss, no, 'refuseChange', { remarks: '预算不能再增加' });
    expect((await t.kernel.read(provider, no)).timeline.at(-1)!.note).toBe('变更作废，原方案继续有效');
    expect(await dataOf(no)).toMatchObject({ current: { totalFen: 30_000_000 }, remarks: [{ version: 2 }] });
    await proposeChange(no, costing(36_000_000));
    await t.pass({ days: 10 });
    expect(await t.state(no)).toBe('approved');
    expect((await dataOf(no)).planHash).toBe((await dataOf(no)).approved.hash);
  });
});

describe('12.2 plan filing: readers', () => {
  it('12.2: the enterprise sees versions put to it, not the draft; strangers see nothing; hints are for reviewers', async () => {
    const no = await drafted();
    expect((await t.kernel.read(boss, no)).data).not.toHaveProperty('items');
    await agree(no);
    expect((await t.kernel.read(boss, no)).data).not.toHaveProperty('hints');
    expect((await t.kernel.read(clerk, no)).data['hints']).toMatchObject([{ code: 'GRADE' }, { code: 'UNMET' }]);
    for (const who of [rival, owner('x', 'enterprise-2'), expert('expert-3')]) {
      expect(await refused(t.kernel.read(who, no))).toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('12.2: one person does not act for both sides', async () => {
    const no = await drafted();
    await t.kernel.act(provider, no, 'propose', {});
    expect(await refused(t.kernel.act(owner('engineer', 'enterprise-1'), no, 'confirm', { planHash: await hashOf(no) }))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

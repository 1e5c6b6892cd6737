import { makeActor } from '../../src/kernel/actor';
import { DOCUMENTS, CONDITIONS, ON_SITE } from '../../src/procedures/acceptance-documents';
import { acceptance } from '../../src/procedures/acceptance/procedure';
import { batch } from '../../src/procedures/batch/procedure';
import { contract } from '../../src/procedures/contract/procedure';
import { diagnosis } from '../../src/procedures/diagnosis/procedure';
import { plan } from '../../src/procedures/plan/procedure';
import { rating } from '../../src/procedures/rating/procedure';
import { ratingResult } from '../../src/procedures/rating/result';
import { aDraft } from './diagnosis';
import { anEnterprise, aProvider, official, owner, providerStaff, testKernel } from './kernel';
import { aPlan } from './plan';

export const boss = owner('boss', 'enterprise-1');
export const engineer = providerStaff('engineer', 'provider-1');
export const rivalBoss = owner('rival-boss', 'enterprise-2');
export const rival = providerStaff('rival', 'provider-2');
export const planClerk = official('plan-clerk', ['reviewer'], ['plan']);
export const acceptor = official('acceptor', ['reviewer'], ['acceptance']);
export const supervision = official('supervision', ['reviewer'], ['supervision']);
export const agency = (person: string) => official(person, ['agency']);
const system = makeActor({ person: 'system', kind: 'system', roles: ['system'], powers: [], desks: [], regions: [], session: 'system' });

export const CONTRACT_FILE = 'contract-aaaaaaaaaaaaaaaa';
export const OTHER_FILE = 'contract-bbbbbbbbbbbbbbbb';
export const FILE = 'paper-aaaaaaaaaaaaaaaaaaa';
export const hashOfFile = { [CONTRACT_FILE]: 'a'.repeat(64), [OTHER_FILE]: 'b'.repeat(64) } as Record<string, string>;

/** The text of a contract that follows `aPlan`: 300,000 yuan, 30,000 given up by the provider. */
export const aText = (more: object = {}) => ({
  file: [CONTRACT_FILE], amountFen: 30_000_000, split: aPlan().split,
  milestones: [
    { name: '首付款', when: 'signed', amountFen: 9_000_000 },
    { name: '交付款', when: 'delivered', amountFen: 12_000_000 },
    { name: '验收款', when: 'accepted', amountFen: 6_000_000 },
  ],
  start: '2026-04-01', finish: '2026-09-30', noSubcontracting: true, noEarlyCharge: true, ...more,
});
export const aNotice = (more: object = {}) => ({
  title: '2026年第一批改造项目验收', notice: '已完成改造并确认交付的试点企业，请在申请期内提交验收材料。', documents: Object.keys(DOCUMENTS), conditions: Object.keys(CONDITIONS), ...more,
});
export const papers = () => Object.fromEntries(Object.keys(DOCUMENTS).map((key) => [key, [FILE]]));
export const aFinding = (more: object = {}) => ({
  noConflict: true, visitedOn: '2026-03-02', onSite: Object.keys(ON_SITE), result: 'passed', gradeAfter: 2, conditions: Object.keys(CONDITIONS),
  problems: [], opinion: '改造内容与合同一致，系统运行正常', photos: [], ...more,
});
export const aFailure = (more: object = {}) =>
  aFinding({ result: 'failed', gradeAfter: 1, problems: [{ text: '质量追溯没有上线', advice: '完成部署并提供运行记录' }], ...more });
export const anOpinion = (overall = 'satisfied', more: object = {}) => ({
  overall,
  items: { diagnosis: 5, plan_fit: 4, delivery: 4, schedule: 3, team: 4, training: 4, price: 5, effect: 4, conduct: 5, documents: 4 },
  ...more,
});

/** Real cases from diagnosis to acceptance, each stage building on the one before. */
export async function testProject() {
  const t = await testKernel([diagnosis, plan, contract, batch, acceptance, rating, ratingResult], {
    organisations: [anEnterprise('enterprise-1'), anEnterprise('enterprise-2'), aProvider('provider-1'), aProvider('provider-2')],
    experts: Array.from({ length: 6 }, (_, i) => ({ person: `expert-${i}`, login: `agency-${i}`, sectors: ['lifting'], conflicts: i === 0 ? ['provider-1'] : i === 1 ? ['enterprise-1'] : [] })),
  });
  for (const [id, hash] of Object.entries(hashOfFile)) t.files.set(id, hash);
  const caseOf = async (no: string) => (await t.cases.findOne({ no }))!;

  async function score(no: string): Promise<void> {
    await t.claim(planClerk, no);
    await t.kernel.act(planClerk, no, 'accept', { complete: true });
    for (const tag of (await caseOf(no)).parties['expert']!) {
      await t.kernel.act(official(tag.slice('person:'.length), ['expert']), no, 'score',
        { noConflict: true, project: 35, amount: 26, effect: 25, verdict: 'passed', reasons: '场景与诊断问题对应，价格合理' });
    }
    await t.claim(planClerk, no);
    await t.kernel.act(planClerk, no, 'approve', {});
    await t.settle();
  }
  async function drafted(content = aPlan()): Promise<string> {
    // Each diagnosis of an enterprise follows the one before it in time.
    await t.pass({ days: 1 / 86_400 });
    const diagnosed = (await t.kernel.open(boss, 'diagnosis', null, { need: '想做工单报工和质量追溯', provider: 'provider-1' })).no;
    await t.kernel.act(engineer, diagnosed, 'accept', {});
    await t.kernel.act(engineer, diagnosed, 'save', aDraft({ visitedOn: new Date(t.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10) }));
    await t.kernel.act(engineer, diagnosed, 'issue', { onSite: true });
    await t.kernel.act(boss, diagnosed, 'confirm', {});
    const { no } = await t.kernel.open(engineer, 'plan', null, { diagnosis: diagnosed });
    await t.kernel.act(engineer, no, 'save', content);
    return no;
  }
  async function approved(content = aPlan()): Promise<string> {
    const no = await drafted(content);
    await t.kernel.act(engineer, no, 'propose', {});
    await t.kernel.act(boss, no, 'confirm', { planHash: (await caseOf(no)).data.planHash });
    await score(no);
    return no;
  }
  /** A change of an approved plan, up to the enterprise's word; `material` says whether it must be filed anew. */
  async function changed(planNo: string, content: object): Promise<void> {
    await t.kernel.act(engineer, planNo, 'save', content);
    await t.kernel.act(engineer, planNo, 'change', { reason: '现场条件变化，双方商定调整' });
    await t.kernel.act(boss, planNo, 'confirmChange', { planHash: (await caseOf(planNo)).data.planHash });
    await t.settle();
  }
  const opened = async (planNo?: string, text: object = aText()): Promise<string> =>
    (await t.kernel.open(engineer, 'contract', null, { plan: planNo ?? await approved(), ...text })).no;
  const sign = async (who: typeof boss, no: string): Promise<string> =>
    (await t.kernel.act(who, no, 'sign', { fileHash: (await caseOf(no)).data.fileHash })).state;
  async function signed(planNo?: string, text = aText()): Promise<string> {
    const no = await opened(planNo, text);
    await sign(engineer, no);
    await sign(boss, no);
    return no;
  }
  const deliver = (no: string) => t.kernel.act(engineer, no, 'deliver', { deliverables: [FILE], delivery: '全部功能上线，培训完成' });
  async function delivered(): Promise<string> {
    const no = await signed();
    await deliver(no);
    await t.kernel.act(boss, no, 'confirmDelivery', {});
    return no;
  }
  const published = async (more: object = {}): Promise<string> => (await t.kernel.open(acceptor, 'batch', null, aNotice(more))).no;
  const applied = async (contractNo: string, batchNo: string): Promise<string> =>
    (await t.kernel.open(boss, 'acceptance', null, { contract: contractNo, batch: batchNo, ...papers(), truthful: true })).no;
  const agencyOf = async (no: string) => agency((await caseOf(no)).parties['agency']![0]!.slice('person:'.length));
  async function inspecting(no: string): Promise<ReturnType<typeof agency>> {
    await t.claim(acceptor, no);
    await t.kernel.act(acceptor, no, 'accept', { complete: true });
    return agencyOf(no);
  }
  async function concluded(no: string, finding: object): Promise<string> {
    const inspector = await inspecting(no);
    await t.kernel.act(inspector, no, 'find', finding);
    await t.claim(acceptor, no);
    const { state } = await t.kernel.act(acceptor, no, 'confirm', {});
    await t.settle();
    return state;
  }
  const today = (): string => new Date(t.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  async function passed(): Promise<{ contractNo: string; acceptanceNo: string; ratingNo: string }> {
    const contractNo = await delivered();
    const acceptanceNo = await applied(contractNo, await published());
    await concluded(acceptanceNo, aFinding({ visitedOn: today() }));
    return { contractNo, acceptanceNo, ratingNo: (await t.cases.findOne({ procedure: 'rating', 'links.no': contractNo }))!.no };
  }
  return {
    t, system, caseOf, dataOf: async (no: string) => (await caseOf(no)).data as any,
    approved, changed, score, opened, sign, signed, deliver, delivered, published, applied, agencyOf, inspecting, concluded, passed, today,
  };
}
export type TestProject = Awaited<ReturnType<typeof testProject>>;

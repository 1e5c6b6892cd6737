import { orgTag, type Actor } from '../../kernel/actor';
import type { Case, Effect } from '../../kernel/case';
import { yuan, type Values } from '../../kernel/fields';
import type { Look, OrgFacts } from '../../kernel/look';
import type { Ctx, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import type { Grade, Missing } from '../../rulebook/metrics';
import type { Rulebook } from '../../rulebook/rulebook';
import { notForBothSides } from '../both-sides';
import { approvedOf, contentOf, planFaults, versionOf } from './content';
import { CONTENT_FIELDS, GRADES, type changeForm, type confirmForm, type data, type Need, type openForm, type PlanContent, type Problem, type refuseChangeForm, type saveForm, type sendBackForm, type Version, type withdrawForm } from './forms';
import { hintsFor } from './hints';
import { classifyChange } from './refiling';

export { classifyChange };
export type Plan = Values<typeof data>;
export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

/** Moves this procedure makes on a contract while its plan is filed anew, and when that is over. */
export const CONTRACT_HOLD = 'hold';
export const CONTRACT_RELEASE = 'release';

const ENDED = ['rejected', 'withdrawn', 'lapsed'];

/** The part of a confirmed diagnosis that a plan builds on. */
interface DiagnosisData { result?: { grade: Grade; missingForNext: Missing | null }; report?: { needs: Need[]; problems: Problem[] } }

export interface OpenFacts { diagnosis: Case<DiagnosisData> | null; provider: OrgFacts | null; last: Case | null }

export const openFacts = async (look: Look, { actor, input }: { actor: Actor; input: Input<typeof openForm> }): Promise<OpenFacts> => ({
  diagnosis: await look.case(input.diagnosis),
  provider: actor.org ? await look.organisation(actor.org) : null,
  last: (await look.linked(input.diagnosis, 'plan'))[0] ?? null,
});

const mayDeliver = (provider: OrgFacts | null): OrgFacts => {
  if (provider?.kind !== 'provider' || provider.standing !== 'listed') throw new Refusal('FORBIDDEN', { detail: '只有服务商库内的服务商可以提交改造方案', article: '12.2' });
  return provider;
};

/** 12.2: the provider drafts a plan on a diagnosis that the enterprise has confirmed and that it made itself. */
export function open({ facts, actor }: Omit<Ctx<Plan, Input<typeof openForm>, OpenFacts>, 'case'>): Opening<Plan> {
  const provider = mayDeliver(facts.provider);
  const { diagnosis, last } = facts;
  const theirs = diagnosis?.procedure === 'diagnosis' && diagnosis.parties['provider']?.includes(orgTag(provider.id));
  if (!diagnosis || !theirs) throw invalid('diagnosis', '没有找到贵单位办理的这项诊断', '12.2');
  const { result, report } = diagnosis.data;
  if (diagnosis.state !== 'confirmed' || !result || !report) throw invalid('diagnosis', '诊断报告经企业确认后才能编制方案', '12.2');
  if (last && !ENDED.includes(last.state)) throw new Refusal('CONFLICT', { detail: `这项诊断已有改造方案（${last.no}）`, article: '12.2' });
  notForBothSides(diagnosis, actor);
  return {
    data: {
      diagnosis: diagnosis.no, gradeBefore: result.grade,
      needs: report.needs.map(({ scenario, need, targetLevel }) => ({ scenario, need, targetLevel })),
      problems: report.problems, ...(result.missingForNext ? { lacks: result.missingForNext } : {}),
      versions: [], remarks: [], draws: [], sheets: [], decisions: [], noted: [],
    },
    parties: { enterprise: diagnosis.parties['enterprise'] ?? [], provider: [orgTag(provider.id)] },
    names: { enterprise: diagnosis.names['enterprise'] ?? '', provider: provider.name, expert: '评审专家' },
    ...(diagnosis.region ? { region: diagnosis.region } : {}), ...(diagnosis.sector ? { sector: diagnosis.sector } : {}),
    links: [{ no: diagnosis.no, relation: '诊断' }],
    // One plan after another on a diagnosis: of two drafts at the same moment one finds the place taken.
    once: `plan:${diagnosis.no}:${last?.no ?? 'first'}`,
  };
}

export function save({ case: c, input, actor }: Ctx<Plan, Input<typeof saveForm>>): Outcome<Plan> {
  notForBothSides(c, actor);
  return { set: Object.fromEntries(Object.entries(input).map(([name, value]) => [name, value ?? undefined])) };
}

export const providerFacts = (look: Look, { actor }: { actor: Actor }): Promise<OrgFacts | null> =>
  actor.org ? look.organisation(actor.org) : Promise.resolve(null);

/** The draft as a version; refused with every fault at once. Content seen before keeps its version. */
function frozen(c: Case<Plan>, provider: OrgFacts, now: Date, rulebook: Rulebook): { version: Version; versions: Version[] } {
  const faults = planFaults(c.data, {
    needs: c.data.needs, gradeBefore: c.data.gradeBefore, targetGradeMin: rulebook.param('plan.target_grade_min'),
    earliestStart: c.data.approved ? null : beijingDate(now),
  });
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.2' });
  const last = c.data.versions.at(-1);
  const version = versionOf(contentOf(c.data) as PlanContent, (last?.no ?? 0) + 1, provider.id, now);
  return last?.hash === version.hash ? { version: last, versions: c.data.versions } : { version, versions: [...c.data.versions, version] };
}

export function propose({ case: c, actor, now, rulebook, facts }: Ctx<Plan, unknown, OrgFacts | null>): Outcome<Plan> {
  notForBothSides(c, actor);
  const { version, versions } = frozen(c, mayDeliver(facts), now, rulebook);
  return { set: { versions, planHash: version.hash }, note: versionNote(version) };
}

const versionNote = ({ no, hash, totalFen, content }: Version): string =>
  `第 ${no} 版（校验码 ${hash.slice(0, 8)}），合计 ${yuan(totalFen)}，目标等级${GRADES[content.targetGrade as keyof typeof GRADES]}`;

export const versionUnderWay = ({ data: d }: Pick<Case<Plan>, 'data'>): Version | undefined => d.versions.findLast(({ hash }) => hash === d.planHash);

/** An enterprise binds itself to what it saw: another version than the one named is refused, however it came about. */
function sameAsSeen(c: Case<Plan>, seen: string): Version {
  const version = versionUnderWay(c);
  if (!version || version.hash !== seen) throw new Refusal('STALE', { detail: '方案已不是您所看到的版本，请打开最新一版核对后再确认', article: '12.2' });
  return version;
}

/** 达成一致意见 (12.2): this exact version is filed with the bureau. */
export function confirm({ case: c, input, actor }: Ctx<Plan, Input<typeof confirmForm>>): Outcome<Plan> {
  notForBothSides(c, actor);
  const version = sameAsSeen(c, input.planHash);
  return { set: { hints: hintsFor(version, c.data) }, note: `企业确认${versionNote(version)}` };
}

const remarked = (c: Case<Plan>, text: string, now: Date): Partial<Plan> =>
  ({ remarks: [...c.data.remarks, { on: beijingDate(now), version: versionUnderWay(c)?.no ?? 0, text }] });

export const sendBack = ({ case: c, input, now }: Ctx<Plan, Input<typeof sendBackForm>>): Outcome<Plan> => ({ set: remarked(c, input.remarks, now) });

/** Silence is no consent: the provider may propose again. */
export const proposeLapse = (): Outcome<Plan> => ({ note: '企业逾期未确认，方案退回服务商' });

/** The content in force, back in the draft. */
const restored = (c: Case<Plan>): Partial<Plan> => {
  const { current } = c.data;
  const version = c.data.versions.find(({ hash }) => hash === current?.hash);
  return {
    ...Object.fromEntries(CONTENT_FIELDS.map((name) => [name, version?.content[name]])),
    ...(current ? { planHash: current.hash } : {}), change: undefined, missing: undefined, sheets: [],
    hints: version && hintsFor(version, c.data),
  };
};

/** Giving up a change leaves the approved plan as it was; giving up a first plan ends it. */
export const fallBack = <S extends string>(c: Case<Plan>, end: S): { to: S | 'approved'; set: Partial<Plan> } =>
  (c.data.approved ? { to: 'approved', set: restored(c) } : { to: end, set: {} });

/** Before the first approval there is a plan to take back; after it only a change, and the approved plan stands. */
export const wasApproved = (c: Case<Plan>): boolean => c.data.approved !== undefined;
export const isFirst = (c: Case<Plan>): boolean => !wasApproved(c);
export const withdraw = ({ input }: Ctx<Plan, Input<typeof withdrawForm>>): Outcome<Plan> => (input.reason ? { note: input.reason } : {});

const GOES_ON = '原方案继续有效';
/** While a change waits for the enterprise, its own word is 不同意变更. */
export const mayWithdrawChange = (c: Case<Plan>, actor: Actor): boolean =>
  wasApproved(c) && (c.state !== 'changing' || c.parties['provider']!.some((tag) => actor.org !== undefined && tag === orgTag(actor.org)));
export const withdrawChange = ({ case: c, input }: Ctx<Plan, Input<typeof withdrawForm>>): Outcome<Plan> =>
  ({ set: restored(c), note: ['变更已撤回', GOES_ON, ...(input.reason ? [`原因：${input.reason}`] : [])].join('，') });
export const supplementLapse = ({ case: c }: Ctx<Plan, unknown>): Outcome<Plan, 'lapsed' | 'approved'> =>
  ({ ...fallBack(c, 'lapsed'), note: wasApproved(c) ? `逾期未重新提交，变更作废，${GOES_ON}` : '逾期未重新提交' });

// ---- After approval (12.3) ----------------------------------------------------------------------------------------

/** The provider puts the changed draft to the enterprise. */
export function change({ case: c, input, actor, now, rulebook, facts }: Ctx<Plan, Input<typeof changeForm>, OrgFacts | null>): Outcome<Plan> {
  notForBothSides(c, actor);
  const { version, versions } = frozen(c, mayDeliver(facts), now, rulebook);
  const { hash: fromHash, version: from } = c.data.current!;
  if (version.hash === fromHash) throw new Refusal('CONFLICT', { detail: '内容与现行方案相同，没有需要变更的', article: '12.3' });
  return {
    set: {
      versions, planHash: version.hash, hints: hintsFor(version, c.data),
      change: { reason: input.reason, on: beijingDate(now), from, to: version.no, fromHash, toHash: version.hash },
    },
    note: versionNote(version),
  };
}

export const contractsOf = (look: Look, { case: c }: { case: Case<Plan> }): Promise<Case[]> => look.linked(c.no, 'contract');

/** A material change is filed anew and holds the contract; a minor one is only noted, both under 12.3. */
export function confirmChange({ case: c, input, actor, rulebook, facts, now }: Ctx<Plan, Input<typeof confirmForm>, Case[]>): Outcome<Plan, 'filed' | 'approved'> {
  notForBothSides(c, actor);
  const version = sameAsSeen(c, input.planHash);
  const approved = c.data.versions.find(({ hash }) => hash === c.data.approved!.hash)!;
  const { material, reasons } = classifyChange(approved, version, rulebook);
  const changed = { ...c.data.change!, material, reasons };
  if (!material) {
    return { to: 'approved', set: { change: changed, current: approvedOf(version, now), noted: [...c.data.noted, changed] }, note: `一般变更，登记备查：${versionNote(version)}` };
  }
  return {
    to: 'filed',
    set: {
      change: changed, missing: undefined,
      heldContracts: facts.filter((contract) => !contract.closedAt).map(({ no }) => no),
    },
    note: `较大变动，重新备案：${reasons.map(({ text }) => text).join('；')}`,
  };
}

const onContracts = (move: string) => (after: Case<Plan>): Effect[] =>
  (after.data.heldContracts ?? []).map((no) => ({ effect: `${move}:${no}`, kind: 'act', no, move, input: {} }));

/** What is changed must not be carried out before it is filed. */
export const holdContracts = (after: Case<Plan>): Effect[] => (after.state === 'filed' ? onContracts(CONTRACT_HOLD)(after) : []);
/** The contract goes on: on the new version where it was approved, on the old one where the change was given up or rejected. */
export const releaseContracts = (after: Case<Plan>): Effect[] => (after.state === 'approved' ? onContracts(CONTRACT_RELEASE)(after) : []);

/** A change refused or forgotten by the enterprise leaves the plan as it was. */
export const refuseChange = ({ case: c, input, now }: Ctx<Plan, Input<typeof refuseChangeForm>>): Outcome<Plan> =>
  ({ set: { ...restored(c), ...remarked(c, input.remarks, now) }, note: `变更作废，${GOES_ON}` });
export const dropChange = ({ case: c }: Ctx<Plan, unknown>): Outcome<Plan> => ({ set: restored(c), note: `企业逾期未确认，变更作废，${GOES_ON}` });

import { orgTag, roleTag, type Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Look } from '../../kernel/look';
import { wordsOfDay } from '../../kernel/numbers';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { invalid, Refusal, type Fault } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import type { DiagnosisScore, Level, ScenarioKey } from '../../rulebook/metrics';
import { DOCUMENTS, type Condition, type Document } from '../acceptance-documents';
import { notForBothSides } from '../both-sides';
import type { answerForm, applyForm, batchForm, reapplyForm, rejectForm, supplementForm } from './forms';
import type { Baseline } from './forms';
import type { Acceptance, Input } from './rules';

/** The parts of other cases that an acceptance rests on. */
interface ContractData { plan: string; file?: string[] }
interface Filed { targetGrade: number; scenarios: readonly ScenarioKey[] }
interface PlanData { diagnosis: string; needs?: readonly { scenario: ScenarioKey; targetLevel: Level }[]; approved?: Filed; current?: Filed }
interface DiagnosisData { result?: DiagnosisScore }
interface BatchData { title: string; until: string; plannedUntil?: string; documents: Document[]; conditions: Condition[] }

export interface ApplyFacts {
  contract: Case<ContractData> | null;
  plan: Case<PlanData> | null;
  diagnosis: Case<DiagnosisData> | null;
  batch: Case<BatchData> | null;
  last: Case<Pick<Acceptance, 'rounds'>> | null;
}

/** The newest batch that still takes applications, other than those the project was in before. Its clock may close it a moment late. */
const openBatchFor = async (look: Look, now: Date, before: readonly string[] = []): Promise<Case<BatchData> | null> =>
  (await look.ofParty(roleTag('enterprise'), 'batch', ['open'])).find(({ no, clock }) => !before.includes(no) && clock !== undefined && clock.due > now) ?? null;

/** The batch named, or the one that is meant without a name. */
const batchFor = async (look: Look, named: string | undefined, now: Date, before?: readonly string[]): Promise<Case<BatchData> | null> =>
  (named ? look.case(named) : openBatchFor(look, now, before));

export async function applyFacts(look: Look, { input, now }: { input: Input<typeof applyForm>; now: Date }): Promise<ApplyFacts> {
  const contract = await look.case(input.contract) as Case<ContractData> | null;
  const plan = contract?.procedure === 'contract' ? await look.case(contract.data.plan) as Case<PlanData> | null : null;
  return {
    contract, plan,
    diagnosis: plan ? await look.case(plan.data.diagnosis) : null,
    batch: await batchFor(look, input.batch, now),
    last: (await look.linked(input.contract, 'acceptance'))[0] ?? null,
  };
}
export const reapplyFacts = (look: Look, { case: c, input, now }: { case: Case<Acceptance>; input: Input<typeof reapplyForm>; now: Date }) =>
  batchFor(look, input.batch, now, batchesOf(c));

const batchesOf = ({ data }: Case<Acceptance>): string[] => data.rounds.map(({ batch }) => batch);

const ENDED = ['withdrawn', 'rejected', 'lapsed', 'failed'];
const KEYS = Object.keys(DOCUMENTS) as Document[];

const papersOf = (from: Partial<Record<Document, string[]>>): Partial<Record<Document, string[]>> =>
  Object.fromEntries(KEYS.filter((key) => from[key]).map((key) => [key, from[key]]));

function openBatch(batch: Case<BatchData> | null, now: Date): Case<BatchData> {
  if (batch?.procedure !== 'batch') throw invalid('batch', '没有找到验收批次；验收通知发布后才能申请', '12.4');
  if (batch.state !== 'open' || beijingDate(now) > batch.data.until) {
    throw invalid('batch', `“${batch.data.title}”已于${wordsOfDay(batch.data.until)}${batch.data.plannedUntil ? '提前' : ''}截止申请，请在下一批次申请`, '12.4');
  }
  return batch;
}

/** Papers the notice asks for and the application lacks, all at once. */
export const missingPapers = (papers: Partial<Record<Document, string[]>>, required: readonly Document[]): Fault[] =>
  required.filter((key) => !papers[key]?.length).map((key) => ({ field: key, message: `请提交：${DOCUMENTS[key]}` }));

function refuseWhereIncomplete(papers: Partial<Record<Document, string[]>>, required: readonly Document[]): void {
  const faults = missingPapers(papers, required);
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.4' });
}

/** The agency is no party to diagnosis and plan; what it has to compare with comes with the application. */
function baselineOf(plan: PlanData | undefined, diagnosis: DiagnosisData | undefined): Baseline[] {
  const planned = (plan?.current ?? plan?.approved)?.scenarios ?? [];
  return Object.entries(diagnosis?.result?.scenarioLevels ?? {}).map(([key, levelBefore]) => {
    const scenario = key as ScenarioKey; // the keys of a score are those of the metrics
    const targetLevel = plan?.needs?.find((need) => need.scenario === scenario)?.targetLevel;
    return { scenario, levelBefore: levelBefore!, inPlan: planned.includes(scenario), ...(targetLevel === undefined ? {} : { targetLevel }) };
  });
}

/** 12.4: the enterprise applies in an open batch for its own delivered contract; grade before and target come from diagnosis and plan. */
export function apply({ input, facts, actor, now, rulebook }: BeginCtx<Input<typeof applyForm>, ApplyFacts>): Opening<Acceptance> {
  const { contract, plan, diagnosis, last } = facts;
  const ours = contract?.procedure === 'contract' && actor.org !== undefined && contract.parties['enterprise']?.includes(orgTag(actor.org));
  if (!contract || !ours) throw invalid('contract', '没有找到贵单位的这份合同', '12.4');
  if (contract.state !== 'delivered') throw invalid('contract', '企业确认交付后才能申请验收', '12.4');
  notForBothSides(contract, actor);
  if (last && !ENDED.includes(last.state)) throw new Refusal('CONFLICT', { detail: `这份合同已有验收申请（${last.no}）`, article: '12.4' });
  const target = (plan?.data.current ?? plan?.data.approved)?.targetGrade;
  const before = diagnosis?.data.result;
  if (target === undefined || before === undefined) throw invalid('contract', '没有找到合同所依据的方案或诊断', '12.4');
  const batch = openBatch(facts.batch, now);
  if (last?.data.rounds.some((round) => round.result === 'failed' && round.batch === batch.no)) throw invalid('batch', '未通过验收的，整改后在下一批次申请', '12.4');
  // The contract signed here is at hand: nobody has to upload it once more.
  const handedIn = { ...(contract.data.file ? { contractCopy: contract.data.file } : {}), ...papersOf(input) };
  refuseWhereIncomplete(handedIn, batch.data.documents);
  const appliedOn = beijingDate(now);
  const late = contract.closedAt !== undefined && now > rulebook.due('accept.apply', contract.closedAt).due;
  return {
    data: {
      contract: contract.no, batch: batch.no, gradeBefore: before.grade, before, targetGrade: target, baseline: baselineOf(plan?.data, diagnosis?.data), required: batch.data.documents, conditions: batch.data.conditions,
      ...handedIn, ...(late ? { late } : {}), round: 1, rounds: [{ round: 1, batch: batch.no, appliedOn }], agencies: [], rectifications: [],
    },
    parties: { enterprise: [orgTag(actor.org!)], provider: contract.parties['provider'] ?? [], agency: [] },
    names: { enterprise: contract.names['enterprise'] ?? '', provider: contract.names['provider'] ?? '' },
    ...(contract.region ? { region: contract.region } : {}), ...(contract.sector ? { sector: contract.sector } : {}),
    links: [{ no: contract.no, relation: '合同' }, { no: batch.no, relation: '批次' }, ...(last ? [{ no: last.no, relation: '上次验收' }] : [])],
    once: `acceptance:${contract.no}:${last?.no ?? 'first'}`,
    note: batch.data.title,
  };
}

/**
 * 可顺延至下一批次验收 (12.4). Only the bureau can open a batch, so while none takes applications no time runs against the enterprise: the clock
 * stands still. The next batch that opens, or is open already, sets the time: its own last day. Whoever lets that pass has not passed, and
 * may still make a new application later. A batch closed early was not the chance it announced: the project waits for the one after it.
 */
function awaiting(batch: Case<BatchData> | null): Outcome<Acceptance> {
  return batch
    ? { set: { nextBatch: batch.no }, due: batch.clock!.due, note: `可在“${batch.data.title}”申请，截止${wordsOfDay(batch.data.until)}` }
    : { set: { nextBatch: undefined }, clock: 'pause', pauseReason: '等待工信局发布下一批次验收通知', note: '等待下一批次验收' };
}

export const nextFacts = (look: Look, { case: c, now }: { case: Case<Acceptance>; now: Date }): Promise<Case<BatchData> | null> => openBatchFor(look, now, batchesOf(c));
type Waiting = Ctx<Acceptance, unknown, Case<BatchData> | null>;

export function declareRectified({ case: c, actor, facts }: Waiting): Outcome<Acceptance> {
  notForBothSides(c, actor);
  return awaiting(facts);
}

/** A batch was published: for whoever has none to wait for yet, it is the next. */
export function nextBatch({ case: c, facts }: Waiting): Outcome<Acceptance> {
  if (c.data.nextBatch || !facts) throw new Refusal('ILLEGAL_MOVE');
  return awaiting(facts);
}
export function batchGone({ case: c, input, facts }: Ctx<Acceptance, Input<typeof batchForm>, Case<BatchData> | null>): Outcome<Acceptance> {
  if (c.data.nextBatch !== input.batch) throw new Refusal('ILLEGAL_MOVE');
  return awaiting(facts);
}

/** Only the end of a batch ends the waiting, and not while another takes applications. */
export function reapplyLapse({ case: c, facts }: Waiting): Outcome<Acceptance, 'rectified' | 'failed'> {
  if (facts || !c.data.nextBatch) return { to: 'rectified', ...awaiting(facts) };
  return { to: 'failed', set: { nextBatch: undefined }, note: '下一批次截止时未重新申请，按未通过验收办结' };
}

export const isInvited = ({ data }: Case<Acceptance>): boolean => data.nextBatch !== undefined;

/** In a batch other than those it failed in. Earlier rounds stay on the case. */
export function reapply({ case: c, input, facts, actor, now }: Ctx<Acceptance, Input<typeof reapplyForm>, Case<BatchData> | null>): Outcome<Acceptance> {
  notForBothSides(c, actor);
  const batch = openBatch(facts, now);
  if (batchesOf(c).includes(batch.no)) throw invalid('batch', '已在该批次申请过，整改后在下一批次申请', '12.4');
  const papers = { ...papersOf(c.data), ...papersOf(input) };
  refuseWhereIncomplete(papers, batch.data.documents);
  const round = c.data.round + 1;
  return {
    set: {
      ...papers, batch: batch.no, required: batch.data.documents, conditions: batch.data.conditions, round,
      rounds: [...c.data.rounds, { round, batch: batch.no, appliedOn: beijingDate(now) }], missing: undefined, explanation: undefined, nextBatch: undefined,
    },
    parties: { agency: [] }, names: { agency: '' }, relations: { [c.data.batch]: '原批次' }, links: [{ no: batch.no, relation: '批次' }], note: `第 ${round} 次申请，${batch.data.title}`,
  };
}

/** 一次性告知: once in a round. */
export const mayAsk = (c: Case<Acceptance>): boolean => c.data.missing?.round !== c.data.round;
export const supplement = ({ case: c, input }: Ctx<Acceptance, Input<typeof supplementForm>>): Outcome<Acceptance> =>
  ({ set: { missing: { round: c.data.round, items: input.missing.map(({ what }) => what) } } });

export function answer({ case: c, input, actor }: Ctx<Acceptance, Input<typeof answerForm>>): Outcome<Acceptance> {
  notForBothSides(c, actor);
  return { set: { ...papersOf(input), explanation: input.explanation } };
}

export const reject = ({ input }: Ctx<Acceptance, Input<typeof rejectForm>>): Outcome<Acceptance> => ({ set: { rejection: input.rejection } });

export function withdraw({ case: c, actor }: { case: Case<Acceptance>; actor: Actor }): Outcome<Acceptance> {
  notForBothSides(c, actor);
  return {};
}

import { personTag } from '../../kernel/actor';
import type { Case, Effect } from '../../kernel/case';
import { sha256 } from '../../kernel/chain';
import type { Option, Values } from '../../kernel/fields';
import type { ExpertFacts, Look } from '../../kernel/look';
import type { Ctx, Outcome } from '../../kernel/procedure';
import { invalid, Refusal, type Fault } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import { scoreDiagnosis, type Grade } from '../../rulebook/metrics';
import { CONDITIONS, GRADES, ON_SITE } from '../acceptance-documents';
import { notForBothSides } from '../both-sides';
import { RESULTS, STEP_ASIDE, type acceptForm, type assignForm, type data, type findForm, type Finding, type rectifyForm, type sendBackForm, type stepAsideForm } from './forms';

export type Acceptance = Values<typeof data>;
export type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

// ---- The agency ---------------------------------------------------------------------------------------------------

export const agencyFacts = (look: Look): Promise<ExpertFacts[]> => look.experts('agency');

/** Agencies without a declared relation to a party, a hand in the matter or a reason they gave themselves. */
export function eligible(c: Case<Acceptance>, agencies: readonly ExpertFacts[]): ExpertFacts[] {
  const orgs = [...(c.parties['enterprise'] ?? []), ...(c.parties['provider'] ?? [])].map((tag) => tag.replace(/^org:/, ''));
  const acted = new Set(c.timeline.filter(({ by }) => by.role !== 'agency').map(({ by }) => by.person));
  return agencies.filter(({ person, conflicts }) =>
    !conflicts.some((org) => orgs.includes(org)) && !acted.has(person) && !c.barred.includes(personTag(person)));
}

/** No login: chosen where nobody is named. */
export const BY_LOT = '抽签';

/** The agencies the desk may name, by what people call them. */
export async function agencyOffers(look: Look, c: Case<Acceptance>): Promise<{ agency: Option[] }> {
  const able = eligible(c, await look.experts('agency'));
  const names = await look.namesOf(able.map(({ person }) => person));
  return { agency: [
    { value: BY_LOT, label: able.length > 0 ? '不指定，抽签确定' : '没有可以指定的验收机构，请先登记或核对利害关系' },
    ...able.map(({ login, person }) => ({ value: login, label: `${names.get(person) ?? ''}（${login}）` })),
  ] };
}

/**
 * Named by the desk, by login, else by lot from the chain's head, those who let a time limit run out on this case last. The case keeps
 * the login: it tells the bureau which agency came, and is nobody's name. To the parties it is not shown.
 */
function appointed(c: Case<Acceptance>, agencies: readonly ExpertFacts[], named: string | undefined, now: Date): Outcome<Acceptance> {
  const able = eligible(c, agencies);
  const chosen = able.find(({ login }) => login === named);
  if (named !== undefined && named !== BY_LOT && !chosen) throw invalid('agency', '不能指定这家验收机构：没有这个登录名，或与本项目有利害关系', '12.4');
  if (able.length === 0) throw new Refusal('CONFLICT', { detail: '没有可以指定的验收机构，请先登记验收机构或核对利害关系', article: '12.4' });
  const seed = c.timeline.at(-1)!.hash;
  const slow = (person: string): number => c.data.agencies.filter((one) => one.person === person && one.out === 'overrun').length;
  const [drawn] = able.map(({ person, login }) => ({ person, login, rank: slow(person), lot: sha256(`${seed}:${person}`) }))
    .toSorted((a, b) => a.rank - b.rank || (a.lot < b.lot ? -1 : 1));
  const { person, login } = chosen ?? drawn!;
  return {
    parties: { agency: [personTag(person)] }, names: { agency: `登录名 ${login}` },
    set: { agencies: [...c.data.agencies, { login, person, on: beijingDate(now), round: c.data.round, by: chosen ? 'desk' : 'lot' }], reported: undefined },
    note: chosen ? '工信局指定' : '抽签确定', bureauNote: `验收机构登录名：${login}`,
  };
}

export const accept = ({ case: c, input, facts, now }: Ctx<Acceptance, Input<typeof acceptForm>, ExpertFacts[]>): Outcome<Acceptance> => appointed(c, facts, input.agency, now);
export const assign = ({ case: c, input, facts, now }: Ctx<Acceptance, Input<typeof assignForm>, ExpertFacts[]>): Outcome<Acceptance> => appointed(c, facts, input.agency, now);

const without = (c: Case<Acceptance>, out: 'conflict' | 'overrun'): Outcome<Acceptance> => ({
  parties: { agency: [] }, names: { agency: '' },
  set: { agencies: c.data.agencies.map((one, index) => (index === c.data.agencies.length - 1 ? { ...one, out } : one)) },
});
export const stepAside = ({ case: c, input, actor }: Ctx<Acceptance, Input<typeof stepAsideForm>>): Outcome<Acceptance> =>
  ({ ...without(c, 'conflict'), barred: [personTag(actor.person)], note: STEP_ASIDE[input.ground] });
export const overrun = ({ case: c }: Ctx<Acceptance, unknown>): Outcome<Acceptance> => ({ ...without(c, 'overrun'), note: '另行指定验收机构' });

// ---- Finding ------------------------------------------------------------------------------------------------------

/** Every reason why a finding does not hold together, all at once. */
function findingFaults(c: Case<Acceptance>, input: Input<typeof findForm>, today: string): Fault[] {
  const { data: d } = c;
  const faults: Fault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  const applied = d.rounds.at(-1)!.appliedOn;
  if (input.visitedOn < applied || input.visitedOn > today) fault('visitedOn', '现场查验日期应在企业申请之后、今天之前（含当天）');
  if (input.result === 'failed') {
    if (input.problems.length === 0) fault('problems', '未通过的，请写明问题和整改要求');
    return faults;
  }
  // 确保试点企业改造后达到目标等级 (12.2): below the target nothing passes.
  if (input.gradeAfter < d.targetGrade) fault('gradeAfter', `改造后为${GRADES[input.gradeAfter as Grade]}，未达到目标等级${GRADES[d.targetGrade as Grade]}，不能通过`);
  for (const key of d.conditions) if (!input.conditions.includes(key)) fault('conditions', `不符合“${CONDITIONS[key]}”，不能通过`);
  for (const key of Object.keys(ON_SITE) as (keyof typeof ON_SITE)[]) if (!input.onSite.includes(key)) fault('onSite', `通过前须完成：${ON_SITE[key]}`);
  return faults;
}

/** 12.4: the agency finds on site; where it filled in the metrics, the grade is theirs and not an opinion. */
export function find({ case: c, input, now, rulebook }: Ctx<Acceptance, Input<typeof findForm>>): Outcome<Acceptance> {
  const score = input.answers ? scoreDiagnosis(rulebook.metrics, input.answers) : undefined;
  const faults = findingFaults(c, input, beijingDate(now));
  if (score && score.grade !== input.gradeAfter) faults.unshift({ field: 'gradeAfter', message: `按评测问卷应为${score.gradeName}` });
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.4' });
  const { result, problems, conditions, onSite, visitedOn, opinion, photos, answers } = input;
  // In the order in which it is read: what was found, why, and then how.
  const reported: Finding = {
    result, gradeAfter: input.gradeAfter as Grade, unmet: c.data.conditions.filter((key) => !conditions.includes(key)), problems, conditions, opinion, visitedOn, onSite, photos,
    ...(answers ? { answers } : {}), ...(score ? { score } : {}), round: c.data.round,
  };
  return { set: { reported, sentBack: undefined } };
}

const inWords = ({ result, gradeAfter }: Finding): string => `${RESULTS[result]}，改造后等级：${GRADES[gradeAfter]}`;

/** What the desk is about to confirm, said before it does. */
export const confirming = ({ data: { reported } }: Case<Acceptance>): string => {
  const next = reported?.result === 'passed' ? '随后邀请企业评价服务商。' : '企业和服务商须在期限内整改，整改后在下一批次重新申请。';
  return reported ? `将确认：${inWords(reported)}。结果告知企业、服务商和验收机构，${next}` : '';
};

export const sendBack = ({ input }: Ctx<Acceptance, Input<typeof sendBackForm>>): Outcome<Acceptance> => ({ set: { sentBack: input.sentBack } });

/** The finding is the agency's; the desk confirms it as it stands or sends it back, and only then do the parties learn it. */
export function confirm({ case: c, now }: Ctx<Acceptance, unknown>): Outcome<Acceptance, 'passed' | 'rectifying'> {
  const finding = c.data.reported!;
  const { result, gradeAfter } = finding;
  // One place for it from now on; the rounds keep the history.
  const confirmedOn = beijingDate(now);
  return {
    to: result === 'passed' ? 'passed' : 'rectifying',
    set: { finding, reported: undefined, rounds: c.data.rounds.map((round) => (round.round === c.data.round ? { ...round, result, gradeAfter, confirmedOn } : round)) },
    note: inWords(finding),
  };
}

/** One invitation to rate per contract; the rating procedure's own key keeps it one. */
export const inviteRating = (after: Case<Acceptance>): Effect[] => (after.state !== 'passed' ? []
  : [{ effect: 'rating', kind: 'open', procedure: 'rating', move: 'invite', input: { contract: after.data.contract, acceptance: after.no } }]);

// ---- Rectification ------------------------------------------------------------------------------------------------

export function rectify({ case: c, input, actor, now }: Ctx<Acceptance, Input<typeof rectifyForm>>): Outcome<Acceptance> {
  notForBothSides(c, actor);
  const by = (c.parties['provider'] ?? []).includes(`org:${actor.org}`) ? 'provider' as const : 'enterprise' as const;
  return { set: { rectifications: [...c.data.rectifications, { on: beijingDate(now), by, ...input }] } };
}

/** Something was recorded since the last finding. */
export const hasRectified = (c: Case<Acceptance>): boolean => {
  const failed = c.timeline.findLastIndex(({ move }) => move === 'confirm');
  return c.timeline.slice(failed + 1).some(({ move }) => move === 'rectify');
};

/** A project left unrectified ends here; a new application may still be made in a later batch. */
export const rectifyLapse = (): Outcome<Acceptance> => ({ set: { unrectified: true }, note: '逾期未完成整改' });

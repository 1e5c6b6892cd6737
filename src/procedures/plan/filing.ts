import { orgTag, personTag } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { ExpertFacts, Look, OrgFacts } from '../../kernel/look';
import type { Ctx, Outcome } from '../../kernel/procedure';
import { invalid, Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import { EXPERT_REVIEW } from '../../rulebook/forms';
import { approvedOf } from './content';
import type { approveForm, reasonsForm, scoreForm, Sheet, stepAsideForm, supplementForm, Version } from './forms';
import { drawPanel } from './panel';
import { reviewOf } from './review';
import { fallBack, versionUnderWay, type Input, type Plan } from './rules';

/** Decisions are about a version both sides agreed on (12.2); a case without one, as after a faulty import, is refused and not broken off. */
const nothingFiled = (): Refusal => new Refusal('CONFLICT', { detail: '没有双方商定的方案版本，请退回服务商重新提交', article: '12.2' });

function filedVersion(c: Pick<Case<Plan>, 'data'>): Version {
  const version = versionUnderWay(c);
  if (!version) throw nothingFiled();
  return version;
}

/** 一次性告知: what is missing is said once in a round, and completely. */
export const mayAskAgain = (c: Case<Plan>): boolean => c.data.missing === undefined;
export const supplement = ({ input }: Ctx<Plan, Input<typeof supplementForm>>): Outcome<Plan> => ({ set: { missing: input.missing.map(({ what }) => what) } });

// ---- Panel --------------------------------------------------------------------------------------------------------

export interface PanelFacts { experts: ExpertFacts[]; diagnosis: Case | null }
export const panelFacts = async (look: Look, { case: c }: { case: Case<Plan> }): Promise<PanelFacts> =>
  ({ experts: await look.experts('expert'), diagnosis: await look.case(c.data.diagnosis) });

const persons = (tags: readonly string[] = []): string[] => tags.map((tag) => tag.slice(personTag('').length));
export const seated = (c: Pick<Case<Plan>, 'parties'>): string[] => persons(c.parties['expert']);

/**
 * The chain head of the enterprise's confirmation: fixed before the panel is drawn, and nothing the desk does afterwards (a
 * pause, another handler) changes it, so that nobody can try until the lot pleases.
 */
function seedOf(c: Case<Plan>): string {
  const confirmed = c.timeline.findLast(({ move }) => move === 'confirm' || move === 'confirmChange');
  if (!confirmed) throw nothingFiled();
  return confirmed.hash;
}

interface Seating { keep: string[]; out: readonly string[]; why?: string }
/** Fills the empty seats by lot. Everybody who took part in the matter, sits already or stepped aside is out of the draw. */
function fill(c: Case<Plan>, { experts, diagnosis }: PanelFacts, { keep, out, why }: Seating, now: Date, size: number) {
  const took = [c, ...(diagnosis ? [diagnosis] : [])].flatMap(({ timeline }) => timeline.map(({ by }) => by.person));
  const draw = drawPanel(experts, seedOf(c), size - keep.length, {
    organisations: organisationsOf(c), persons: [...new Set([...took, ...keep, ...out, ...persons(c.barred)])],
  }, c.sector);
  return {
    full: keep.length + draw.drawn.length === size,
    parties: { expert: [...keep, ...draw.drawn].map(personTag) },
    draws: draw.size > 0 ? [...c.data.draws, { on: beijingDate(now), ...(why ? { why } : {}), ...draw }] : c.data.draws,
  };
}
const organisationsOf = (c: Case<Plan>): string[] =>
  ['enterprise', 'provider'].flatMap((name) => c.parties[name] ?? []).map((tag) => tag.slice(orgTag('').length));

/** 12.2 组织专家: an odd panel by lot. A plan that comes back, or is filed anew, meets the experts who know it, as far as they may still sit. */
export function accept({ case: c, facts, now, rulebook }: Ctx<Plan, unknown, PanelFacts>): Outcome<Plan> {
  const related = (person: string): boolean => {
    const expert = facts.experts.find((one) => one.person === person);
    return !expert || organisationsOf(c).some((org) => expert.conflicts.includes(org));
  };
  const size = rulebook.param('plan.panel_size');
  const keep = seated(c).filter((person) => !related(person)).slice(0, size);
  const { full, parties, draws } = fill(c, facts, { keep, out: [], ...(keep.length > 0 ? { why: '补足专家组' } : {}) }, now, size);
  if (!full) throw new Refusal('CONFLICT', { detail: `可以抽取的专家不足 ${size} 人（有利害关系的已排除），请先补充专家库`, article: '12.2' });
  const about = c.data.planHash!;
  // Sheets of an interrupted round on this very version stand; those of a finished round, another version or a former member do not.
  const sheets = c.data.review ? [] : c.data.sheets.filter(({ person, hash }) => hash === about && keep.includes(person));
  return {
    parties, set: { draws, sheets, review: undefined },
    note: `抽取专家组 ${size} 人`, bureauNote: `随机数 ${seedOf(c).slice(0, 8)}，方案校验码 ${about.slice(0, 8)}`,
  };
}

/** Experts still awaited. */
export const awaited = (c: Case<Plan>): string[] =>
  (c.parties['expert'] ?? []).filter((tag) => !c.data.sheets.some(({ person }) => personTag(person) === tag));

export const hasNoSheet = (c: Case<Plan>, { person }: { person: string }): boolean => !c.data.sheets.some((sheet) => sheet.person === person);

/** One expert's sheet. Nobody sees another's before the last is in; the last one completes the review. */
export function score({ case: c, input, actor, rulebook }: Ctx<Plan, Input<typeof scoreForm>>): Outcome<Plan, 'deciding'> {
  const { project, amount, effect, verdict, reasons } = input;
  const [total, passScore] = [project + amount + effect, rulebook.param('plan.pass_score')];
  if (verdict === 'passed' && total < passScore) throw invalid('verdict', `合计 ${total} 分，低于通过线 ${passScore} 分，不能选“${EXPERT_REVIEW.planResults.passed}”`, '12.2');
  const sheet: Sheet = { person: actor.person, hash: c.data.planHash!, project, amount, effect, verdict, reasons };
  const sheets = [...c.data.sheets, sheet];
  if (sheets.length < seated(c).length) return { set: { sheets } };
  const review = reviewOf(sheets, { version: filedVersion(c).no, hash: c.data.planHash!, passScore, seed: seedOf(c) });
  return { to: 'deciding', set: { sheets, review }, note: `专家意见齐全：${EXPERT_REVIEW.planResults[review.verdict]}，平均 ${review.total} 分` };
}

const replaced = (c: Case<Plan>, facts: PanelFacts, leaving: readonly string[], why: string, now: Date) => {
  const keep = seated(c).filter((person) => !leaving.includes(person));
  const { full, parties, draws } = fill(c, facts, { keep, out: leaving, why }, now, seated(c).length);
  return { full, parties, set: { draws, sheets: c.data.sheets.filter(({ person }) => keep.includes(person)) } };
};

/** An expert with a relation to the matter steps aside; the next by lot takes the seat, and the sheet is void. */
export function stepAside({ case: c, input, actor, facts, now }: Ctx<Plan, Input<typeof stepAsideForm>, PanelFacts>): Outcome<Plan, 'filed'> {
  const { full, parties, set } = replaced(c, facts, [actor.person], '替补回避的专家', now);
  return {
    ...(full ? {} : { to: 'filed' as const }), parties, set, barred: [personTag(actor.person)],
    note: `一名专家回避（${EXPERT_REVIEW.recusal[input.ground]}），${full ? '已按抽签顺序替补' : '没有可替补的专家，转承办人补充'}`,
  };
}

/** Experts who let the time run out are replaced by lot; sheets that are in stand. Without anybody left the desk must find experts. */
export function overrun({ case: c, facts, now }: Ctx<Plan, unknown, PanelFacts>): Outcome<Plan, 'reviewing' | 'filed'> {
  const silent = persons(awaited(c));
  const { full, parties, set } = replaced(c, facts, silent, '替补逾期未提交的专家', now);
  return { to: full ? 'reviewing' : 'filed', parties, set, note: `${silent.length} 名专家逾期未提交，${full ? '已按抽签顺序替补' : '没有可替补的专家，转承办人补充'}` };
}

// ---- Decision -----------------------------------------------------------------------------------------------------

/** Experts advise and the bureau decides, yet it approves nothing against them (确保试点企业改造后达到目标等级). */
export const panelPassed = (c: Case<Plan>): boolean => c.data.review?.passed === true && c.data.review.hash === c.data.planHash;

const decided = (c: Case<Plan>, result: string, now: Date, reasons?: string): Partial<Plan> =>
  ({ decisions: [...c.data.decisions, { on: beijingDate(now), version: versionUnderWay(c)?.no ?? 0, result, ...(reasons ? { reasons } : {}) }] });

export const deliverer = (look: Look, { case: c }: { case: Case<Plan> }): Promise<OrgFacts | null> => look.organisation(filedVersion(c).provider);

export function approve({ case: c, input, now, facts }: Ctx<Plan, Input<typeof approveForm>, OrgFacts | null>): Outcome<Plan> {
  if (facts?.standing !== 'listed') throw new Refusal('CONFLICT', { detail: '服务商已不在服务商库，方案不能通过备案', article: '12.2' });
  const approved = approvedOf(filedVersion(c), now);
  return {
    set: { ...decided(c, '通过备案', now, input.opinion), approved, current: approved, missing: undefined },
    note: `第 ${approved.version} 版通过备案（校验码 ${approved.hash.slice(0, 8)}）`,
  };
}

export const giveBack = ({ case: c, input, now }: Ctx<Plan, Input<typeof reasonsForm>>): Outcome<Plan> =>
  ({ set: { ...decided(c, '退回修改', now, input.reasons), missing: undefined } });

export function reject({ case: c, input, now }: Ctx<Plan, Input<typeof reasonsForm>>): Outcome<Plan, 'rejected' | 'approved'> {
  const { to, set } = fallBack(c, 'rejected');
  const result = to === 'approved' ? '变更不予备案，原方案继续有效' : '不予备案';
  return { to, set: { ...set, ...decided(c, result, now, input.reasons) }, ...(to === 'approved' ? { note: result } : {}) };
}

import type { Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Moment } from '../../kernel/procedure';
import { EXPERT_REVIEW } from '../../rulebook/forms';
import { differences } from './differences';
import { seated } from './filing';
import { classifyChange, versionUnderWay, type Plan } from './rules';

/** What readers are told beyond the data itself. */
type Told = Record<string, unknown>;

/** What the version under way changes: against the approved one while a change is under way, else against the version before. */
function changes(c: Case<Plan>): Told {
  const version = versionUnderWay(c);
  const approved = c.data.approved && c.data.versions.find(({ hash }) => hash === c.data.approved!.hash);
  const earlier = approved && approved.hash !== version?.hash ? approved : version && c.data.versions[c.data.versions.indexOf(version) - 1];
  return version && earlier ? { changes: { from: earlier.no, to: version.no, ...differences(earlier, version) } } : {};
}

/** While a change waits for the enterprise, whether it would have to be filed anew (12.3); afterwards `change` says so. */
function refiling(c: Case<Plan>, { rulebook }: Moment): Told {
  const approved = c.data.versions.find(({ hash }) => hash === c.data.approved?.hash);
  const version = versionUnderWay(c);
  return c.state === 'changing' && approved && version ? { refiling: classifyChange(approved, version, rulebook) } : {};
}

/** What a score is measured by: full marks and the line below which nothing passes. */
const marks = ({ rulebook }: Moment): Told => {
  const { project, amount, effect } = EXPERT_REVIEW.plan;
  return { marks: { project: project.max, amount: amount.max, effect: effect.max, total: project.max + amount.max + effect.max, pass: rulebook.param('plan.pass_score') } };
};

/** From where on a change is filed anew, for whoever writes one. */
const limits = (c: Case<Plan>, { rulebook: { param } }: Moment): Told => (c.state === 'approved' ? {
  refilingLimits: {
    investmentPercent: param('plan.refile.investment_increase_percent'), scenariosFewer: param('plan.refile.scenarios_fewer'),
    gradeLower: param('plan.refile.grade_lower'), delayDays: param('plan.refile.delay_days'),
  },
} : {});

/** The panel's word reaches the parties with the bureau's decision, not before it. */
export function forParties(c: Case<Plan>, _: Actor, at: Moment): Told {
  const review = c.data.review && c.state !== 'deciding' ? { review: c.data.review, ...marks(at) } : {};
  return { ...changes(c), ...refiling(c, at), ...review };
}

export const forProvider = (c: Case<Plan>, actor: Actor, at: Moment): Told => ({ ...forParties(c, actor, at), ...limits(c, at) });

export const forBureau = (c: Case<Plan>, _: Actor, at: Moment): Told =>
  ({ ...changes(c), ...refiling(c, at), ...marks(at), panel: { seats: seated(c).length, sheets: c.data.sheets.length } });

/** Blind: an expert's own sheet only, until all are in and `review` shows them without names. */
export const forExpert = (c: Case<Plan>, { person }: Actor, at: Moment): Told =>
  ({ ...changes(c), ...marks(at), ownSheet: c.data.sheets.find((sheet) => sheet.person === person) ?? null });

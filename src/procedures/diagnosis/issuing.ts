import type { Case } from '../../kernel/case';
import { describeFields } from '../../kernel/fields';
import type { Ctx, Moment, Outcome } from '../../kernel/procedure';
import { Refusal, type Fault } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import { answerFaults, scoreDiagnosis, type DiagnosisAnswers, type Metrics, type ScenarioKey } from '../../rulebook/metrics';
import { rateFaults } from '../../rulebook/scoring';
import { notForBothSides } from '../both-sides';
import { draft, type issueForm, type Report, type saveForm } from './forms';
import { AREA_NAMES, AREAS, SCENARIO_NAMES } from './questionnaire';
import type { Diagnosis, Input } from './rules';

type Draft = Pick<Diagnosis, keyof typeof draft>;
const LABELS = Object.fromEntries(describeFields(draft).map(({ name, label }) => [name, label])) as Record<keyof typeof draft, string>;

type Map = Record<string, unknown>;
/** A map with what was given on top; what was given as null is gone. */
const grown = (old: object | undefined, given: object | null): Map | undefined =>
  (given === null ? undefined : Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== null)));

/** Saves what is given and keeps the rest: maps grow key by key, texts and lists are replaced, and null takes back. */
export function save({ case: c, input, actor }: Ctx<Diagnosis, Input<typeof saveForm>>): Outcome<Diagnosis> {
  notForBothSides(c, actor);
  const old = c.data;
  const { answers, figures, proofs, findings, ...others } = input;
  const set = {
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value ?? undefined])),
    ...(answers === undefined ? {} : { answers: grown(old.answers, answers && { ...answers, ...(answers.scenarios ? { scenarios: grown(old.answers?.scenarios, answers.scenarios) } : {}) }) }),
    ...(figures === undefined ? {} : { figures: grown(old.figures, figures) }),
    ...(proofs === undefined ? {} : { proofs: grown(old.proofs, proofs) }),
    ...(findings === undefined ? {} : { findings: grown(old.findings, findings) }),
    // The form has checked every value; what it allows beyond the draft, null, is gone by now.
  } as Draft;
  const merged = { ...old, ...set };
  const faults = [...proofFaults(merged), ...repeatFaults(merged)];
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.1' });
  return { set };
}

function proofFaults({ proofs = {}, evidence = [] }: Draft): Fault[] {
  return Object.entries(proofs).flatMap(([key, ids]) =>
    (ids.every((id) => evidence.includes(id)) ? [] : [{ field: `proofs.${key}`, message: '对应的材料不在佐证材料之中，请先上传' }]));
}

const repeated = (field: string, list: readonly { scenario: ScenarioKey }[] = []): Fault[] =>
  list.flatMap(({ scenario }, index) => (list.findIndex((other) => other.scenario === scenario) < index
    ? [{ field: `${field}.${index}.scenario`, message: `“${SCENARIO_NAMES[scenario]}”已经列过` }] : []));
const repeatFaults = ({ needs, notApplicable }: Draft): Fault[] => [...repeated('needs', needs), ...repeated('notApplicable', notApplicable)];

/** Every reason why the report cannot be issued yet, all at once. */
export function reportFaults(metrics: Metrics, c: Pick<Case<Diagnosis>, 'data' | 'openedAt'>, now: Date): Fault[] {
  const d = c.data;
  const missing = (['visitedOn', 'visitors', 'hosts', 'scheme'] as const).flatMap((name) => (d[name] ? [] : [{ field: name, message: `请填写${LABELS[name]}` }]));
  const empty = (['evidence', 'problems', 'needs', 'path'] as const).flatMap((name) => (d[name]?.length ? [] : [{ field: name, message: `请填写${LABELS[name]}，至少一项` }]));
  const areas = AREAS.flatMap((key) => (d.findings?.[key] ? [] : [{ field: `findings.${key}`, message: `请填写${AREA_NAMES[key]}的现状` }]));
  const answers = answerFaults(metrics, d.answers);
  const levels = d.answers?.scenarios ?? {};
  const day = d.visitedOn && (d.visitedOn < beijingDate(c.openedAt) || d.visitedOn > beijingDate(now))
    ? [{ field: 'visitedOn', message: '现场评测日期应在企业提出申请之后、今天之前（含当天）' }] : [];
  const low = (d.needs ?? []).flatMap(({ scenario, targetLevel }, index) => (targetLevel > (levels[scenario] ?? 0) ? []
    : [{ field: `needs.${index}.targetLevel`, message: `“${SCENARIO_NAMES[scenario]}”的期望水平应高于现状` }]));
  const applicable = (d.notApplicable ?? []).flatMap(({ scenario }, index) => ((levels[scenario] ?? 0) === 0 ? []
    : [{ field: `notApplicable.${index}.scenario`, message: `“${SCENARIO_NAMES[scenario]}”已评定水平，不能同时列为不适用` }]));
  const rates = answers.length === 0 ? rateFaults(d.answers as DiagnosisAnswers, d.figures) : [];
  return [...missing, ...day, ...answers, ...rates, ...areas, ...empty, ...low, ...applicable, ...proofFaults(d), ...repeatFaults(d)];
}

/** For whoever drafts it: what a report still lacks, and the thresholds its grade will be reckoned by. */
export const drafting = (c: Case<Diagnosis>, { now, rulebook }: Moment): { draft?: { faults: Fault[]; thresholds: Metrics['thresholds'] } } =>
  (c.state === 'assessing' || c.state === 'revising' ? { draft: { faults: reportFaults(rulebook.metrics, c, now), thresholds: rulebook.metrics.thresholds } } : {});

/**
 * 12.1: the report on site by the 2024 metrics, with grade before, problem list, scenario list, scheme and path. It is frozen as
 * a copy: what is drafted afterwards does not change what the enterprise confirms.
 */
export function issue({ case: c, input, actor, now, rulebook }: Ctx<Diagnosis, Input<typeof issueForm>>): Outcome<Diagnosis> {
  notForBothSides(c, actor);
  const faults = reportFaults(rulebook.metrics, c, now);
  const open = c.data.disputes.findLast(({ reply }) => reply === undefined);
  if (open && !input.reply) faults.push({ field: 'reply', message: '请答复企业的异议' });
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.1' });

  const d = c.data as Required<Draft>;
  const result = scoreDiagnosis(rulebook.metrics, d.answers);
  const revision = c.data.issued.length + 1;
  const on = beijingDate(now);
  const report: Report = {
    revision, issuedOn: on, visitedOn: d.visitedOn, visitors: d.visitors, hosts: d.hosts,
    answers: d.answers as DiagnosisAnswers, figures: d.figures ?? {}, evidence: d.evidence, proofs: d.proofs ?? {},
    notApplicable: d.notApplicable ?? [], findings: d.findings as Record<string, string>,
    problems: d.problems, needs: d.needs, scheme: d.scheme, path: d.path,
  };
  return {
    set: {
      report, result, silent: undefined,
      issued: [...c.data.issued, { revision, on, total: result.total, grade: result.grade }],
      disputes: c.data.disputes.map((dispute) => (dispute === open ? { ...dispute, reply: input.reply! } : dispute)),
    },
    note: `第 ${revision} 版，得分 ${result.total}，改造前数字化等级：${result.gradeName}`,
  };
}

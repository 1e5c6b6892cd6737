import type { Values } from '../../forms/model';
import { inWords } from '../../forms/model';
import { lackingFor, LEVEL_WORDS, type Level, type Metrics } from '../../utils/metrics';
import type { FieldDescription } from '../../services/types';
import { REPORT_FIELDS } from '../../utils/described';
import { dayInWords } from '../../utils/format';
import type { Series } from '../radar-chart/drawing';

/** A score as the server gives it. */
export interface Score {
  total: number; foundation: number; management: number; results: number; grade: Level; gradeName: string; gradeByScore: Level; gradeByScenarios: Level;
  perQuestion: Record<string, number>; scenarioLevels: Record<string, Level>; radar: { key: string; name: string; mean: number }[];
  missingForNext: { grade: Level; points: number; scenarios: number; binding: number } | null;
}

const BEFORE = '#0b57c2';
const AFTER = '#0a6b37';
const GRADE_WORDS = { ...LEVEL_WORDS, 0: '无等级' };
const URGENCY_THEMES: Record<string, string> = { high: 'danger', middle: 'warning', low: 'default' };
const DIMENSIONS = [['foundation', '数字化基础', 50], ['management', '数字化管理', 30], ['results', '数字化成效', 20]] as const;

const fieldOf = (name: string, fields: readonly FieldDescription[] = REPORT_FIELDS): FieldDescription => fields.find((field) => field.name === name)!;
const word = (list: string, name: string, value: unknown): string => (value === undefined ? '' : inWords(fieldOf(name, fieldOf(list).fields), value));
const listIn = (report: Values, name: string): Values[] => (Array.isArray(report[name]) ? (report[name] as Values[]) : []);
/** As the document and the timeline give it: three decimals at most. */
const points = (value: number): string => String(Number(value.toFixed(3)));
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** One of the eight areas in numbers; `after` is empty where nothing was found afterwards. */
export interface Area { key: string; name: string; before: string; after: string }

const meanOf = (score: Score | null, key: string): number | undefined => score?.radar.find((area) => area.key === key)?.mean;
export const areasOf = (before: Score, after: Score | null): Area[] =>
  before.radar.map(({ key, name, mean }) => ({ key, name, before: mean.toFixed(1), after: meanOf(after, key)?.toFixed(1) ?? '' }));

export const seriesOf = (before: Score, after: Score | null): Series[] => [
  { name: '改造前', values: before.radar.map(({ mean }) => mean), colour: BEFORE },
  ...(after ? [{ name: '改造后', values: before.radar.map(({ key }) => meanOf(after, key) ?? 0), colour: AFTER, dashed: true }] : []),
];

export interface DrawnReport {
  grade: string; total: string; why: string; next: string;
  dimensions: { name: string; points: string; of: number; percent: number; after: string }[];
  axes: string[]; series: Series[];
  areas: (Area & { finding: string })[];
  after: { grade: string; total: string } | null;
  problems: { text: string; area: string; urgency: string; theme: string }[];
  needs: { scenario: string; from: string; to: string; need: string; urgency: string; theme: string }[];
  scheme: string;
  path: { stage: string; months: string; content: string; scenarios: string }[];
  notApplicable: { scenario: string; reason: string }[];
  visit: string;
  evidence: string[];
}

/** A diagnosis report in the words and order in which people read it: the grade and why, where the enterprise stands, what lacks, what to do. */
export function drawReport(report: Values, score: Score, after: Score | null): DrawnReport {
  const missing = score.missingForNext;
  const findings = (report['findings'] ?? {}) as Record<string, string>;
  const visited = textOf(report['visitedOn']);
  return {
    grade: score.gradeName, total: points(score.total),
    why: `按得分可达${GRADE_WORDS[score.gradeByScore]}，按应用场景可达${GRADE_WORDS[score.gradeByScenarios]}，取较低者`,
    next: missing ? `距${GRADE_WORDS[missing.grade]}还差 ${lackingFor(missing)}` : '',
    dimensions: DIMENSIONS.map(([key, name, of]) => ({ name, of, points: points(score[key]), percent: Math.round((score[key] * 100) / of), after: after ? points(after[key]) : '' })),
    axes: score.radar.map(({ name }) => name),
    series: seriesOf(score, after),
    areas: areasOf(score, after).map((area) => ({ ...area, finding: findings[area.key] ?? '' })),
    after: after ? { grade: after.gradeName, total: points(after.total) } : null,
    problems: listIn(report, 'problems').map(({ text, area, urgency }) =>
      ({ text: textOf(text), area: word('problems', 'area', area), urgency: word('problems', 'urgency', urgency), theme: URGENCY_THEMES[String(urgency)] ?? 'default' })),
    needs: listIn(report, 'needs').map(({ scenario, need, targetLevel, urgency }) => ({
      scenario: word('needs', 'scenario', scenario), from: LEVEL_WORDS[score.scenarioLevels[String(scenario)] ?? 0], to: word('needs', 'targetLevel', targetLevel),
      need: textOf(need), urgency: word('needs', 'urgency', urgency), theme: URGENCY_THEMES[String(urgency)] ?? 'default',
    })),
    scheme: textOf(report['scheme']),
    path: listIn(report, 'path').map(({ stage, months, content, scenarios }) =>
      ({ stage: textOf(stage), months: months === undefined ? '' : `${String(months)} 个月`, content: textOf(content), scenarios: word('path', 'scenarios', scenarios ?? []) })),
    notApplicable: listIn(report, 'notApplicable').map(({ scenario, reason }) => ({ scenario: word('notApplicable', 'scenario', scenario), reason: textOf(reason) })),
    visit: [visited ? dayInWords(visited) : '', textOf(report['visitors']), report['hosts'] ? `企业陪同：${textOf(report['hosts'])}` : ''].filter(Boolean).join(' · '),
    evidence: (report['evidence'] ?? []) as string[],
  };
}

export interface DrawnAnswers {
  questions: { no: number; title: string; chosen: string; points: string; figures: string; proofs: string[] }[];
  scenarios: { name: string; level: string; text: string; proofs: string[] }[];
}

/** What was answered, in the words of the metrics. */
export function drawAnswers(metrics: Metrics, report: Values, score: Score): DrawnAnswers {
  const answers = (report['answers'] ?? {}) as Values;
  const figures = (report['figures'] ?? {}) as Record<string, Record<string, number> | undefined>;
  const proofs = (report['proofs'] ?? {}) as Record<string, string[] | undefined>;
  return {
    questions: metrics.questions.map(({ id, no, title, options, maxPoints }) => {
      const given = [answers[id]].flat();
      return {
        no, title, chosen: options.filter(({ code }) => given.includes(code)).map(({ code, label }) => `${code} ${label}`).join('；') || '未答',
        points: `${points(score.perQuestion[id] ?? 0)} / ${maxPoints}`, figures: Object.entries(figures[id] ?? {}).map(([name, value]) => `${name}：${value}`).join('；'), proofs: proofs[id] ?? [],
      };
    }),
    scenarios: metrics.scenarios.map(({ key, name, levels, binding }) => {
      const level = score.scenarioLevels[key] ?? 0;
      return { name: binding ? `${name}（约束性）` : name, level: LEVEL_WORDS[level], text: level > 0 ? (levels[level - 1] ?? '') : '', proofs: proofs[key] ?? [] };
    }),
  };
}

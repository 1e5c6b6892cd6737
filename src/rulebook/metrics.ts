import { Refusal, type Fault } from '../kernel/refusal';
import metricsJson from './data/metrics.json';
import { frozen } from './frozen';
import type { SettingId } from './parameters';

export type QuestionId = keyof typeof metricsJson.questions;
export type ScenarioKey = keyof typeof metricsJson.scenarios;
export type DimensionKey = keyof typeof metricsJson.dimensions;
export type AreaKey = keyof typeof metricsJson.areas;
export type ScenarioGroupKey = keyof typeof metricsJson.scenarioGroups;
/** 0 is below the first level, or not applicable. */
export type Level = 0 | 1 | 2 | 3 | 4;
/** 0 无等级 to 4 四级. */
export type Grade = Level;

export interface Option { readonly code: string; readonly label: string; readonly points: number }
export interface Question {
  readonly id: QuestionId;
  readonly no: number;
  readonly key: string;
  readonly dimension: DimensionKey;
  readonly group: string;
  readonly name: string;
  readonly title: string;
  /** One option, or several that add up; A (无) then excludes the others. */
  readonly choice: 'one' | 'many';
  readonly maxPoints: number;
  readonly options: readonly Option[];
  /** Figures an assessor writes down beside the answer. */
  readonly fields: readonly string[];
  readonly evidence: readonly string[];
  readonly note: string;
}
export interface Scenario {
  readonly key: ScenarioKey;
  readonly no: number;
  readonly group: ScenarioGroupKey;
  readonly name: string;
  /** 约束性; the others are 指导性. */
  readonly binding: boolean;
  /** What levels 1 to 4 ask for. */
  readonly levels: readonly string[];
}
/** What a grade needs at least: points, scenarios at that level, and binding ones among them. */
export interface Threshold { readonly grade: Grade; readonly minScore: number; readonly minScenarios: number; readonly minBinding: number }

/** 《中小企业数字化水平评测指标（2024年版）》, 工信厅企业〔2024〕56号. */
export interface Metrics {
  readonly version: string;
  readonly title: string;
  readonly documentNo: string;
  readonly note: string;
  readonly gradeNames: readonly string[];
  readonly dimensions: Readonly<Record<DimensionKey, { name: string; maxPoints: number }>>;
  readonly questions: readonly Question[];
  readonly scenarioGroups: Readonly<Record<ScenarioGroupKey, string>>;
  readonly scenarios: readonly Scenario[];
  /** The eight areas of article 12.1 and the scenarios each is read from (our proposal; the measures give no mapping). */
  readonly areas: readonly { readonly key: AreaKey; readonly name: string; readonly scenarios: readonly ScenarioKey[] }[];
  /** In the order of grades 1 to 4. */
  readonly thresholds: readonly Threshold[];
}

/** Codes of the chosen options (one, or a list where several may apply) and the level of every scenario. */
export type DiagnosisAnswers = { readonly [Q in QuestionId]: string | readonly string[] } & {
  readonly scenarios: Readonly<Record<ScenarioKey, Level>>;
};

export interface DiagnosisScore {
  metricsVersion: string;
  /** Points by dimension and in total, exact to a thousandth. */
  foundation: number;
  management: number;
  results: number;
  total: number;
  perQuestion: Record<QuestionId, number>;
  scenarioLevels: Record<ScenarioKey, Level>;
  gradeByScore: Grade;
  gradeByScenarios: Grade;
  grade: Grade;
  gradeName: string;
  missingForNext: Missing | null;
  /** Mean scenario level, 0 to 4, in each of the eight areas of article 12.1. */
  radar: { key: AreaKey; name: string; mean: number }[];
}
/** What still lacks for the next grade. Scenarios nearest to it come first. */
export interface Missing { grade: Grade; points: number; scenarios: number; binding: number; candidates: ScenarioKey[] }

const GRADES = [1, 2, 3, 4] as const;
/** Steps such as 1.875 occur: points are summed as whole thousandths, so that 40 is 40 and 39.999 is not. */
const SCALE = 1000;
const thousandths = (points: number): number => Math.round(points * SCALE);
const points = (scaled: number): number => scaled / SCALE;

const listed = (record: Record<string, object>, id: string): readonly object[] =>
  Object.entries(record).map(([key, value]) => ({ [id]: key, ...value }));

/** The metrics with the thresholds in force. */
export function metricsWith(param: (id: SettingId) => number): Metrics {
  const { dimensions, questions, scenarioGroups, scenarios, areas, ...head } = metricsJson;
  return frozen({
    ...head,
    dimensions,
    scenarioGroups,
    // JSON widens keys and choices to string; the data test checks them.
    questions: listed(questions, 'id') as Question[],
    scenarios: listed(scenarios, 'key') as Scenario[],
    areas: listed(areas, 'key') as Metrics['areas'],
    thresholds: GRADES.map((grade) => ({
      grade,
      minScore: param(`grade.${grade}.min_score`),
      minScenarios: param(`grade.${grade}.min_scenarios`),
      minBinding: param(`grade.${grade}.min_binding`),
    })),
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (record: Record<string, unknown>, key: string): boolean => Object.hasOwn(record, key);

function questionFault(question: Question, answer: unknown): string | undefined {
  const codes = question.options.map(({ code }) => code);
  const known = (code: unknown) => typeof code === 'string' && codes.includes(code);
  if (answer === undefined || answer === null || answer === '') return `请回答第${question.no}题：${question.title}`;
  if (question.choice === 'one') return known(answer) ? undefined : `第${question.no}题请从 ${codes[0]} 到 ${codes.at(-1)} 中选择一项`;
  if (!Array.isArray(answer) || !answer.every(known)) return `第${question.no}题请从 ${codes[0]} 到 ${codes.at(-1)} 中选择`;
  if (answer.length === 0) return `请回答第${question.no}题：${question.title}`;
  if (new Set(answer).size < answer.length) return `第${question.no}题有重复的选项`;
  return answer.includes('A') && answer.length > 1 ? `第${question.no}题选“无”时不能同时选其他项` : undefined;
}

/** Every wrong or missing answer at once, by path. Empty when the answers are complete. */
export function answerFaults(metrics: Metrics, input: unknown, path = 'answers'): Fault[] {
  if (!isRecord(input)) return [{ field: path, message: '请填写评测问卷' }];
  const faults: Fault[] = [];
  const fault = (field: string, message: string | undefined) => message && faults.push({ field: `${path}.${field}`, message });

  for (const question of metrics.questions) fault(question.id, questionFault(question, has(input, question.id) ? input[question.id] : undefined));
  const levels = has(input, 'scenarios') ? input.scenarios : undefined;
  if (isRecord(levels)) {
    for (const { key, name } of metrics.scenarios) {
      const level = has(levels, key) ? levels[key] : undefined;
      if (!Number.isInteger(level) || (level as number) < 0 || (level as number) > 4) fault(`scenarios.${key}`, `请选择“${name}”的水平，0 到 4 的整数`);
    }
    for (const key of Object.keys(levels)) if (!metrics.scenarios.some((known) => known.key === key)) fault(`scenarios.${key}`, '没有这个应用场景');
  } else fault('scenarios', '请填写 16 个应用场景的水平');
  for (const key of Object.keys(input)) {
    if (key !== 'scenarios' && !metrics.questions.some((question) => question.id === key)) fault(key, '没有这道题');
  }
  return faults;
}

/** Levels count from the scenario's level upward: one at level 3 also counts for grades 1 and 2. */
function counts(metrics: Metrics, levels: Partial<Record<ScenarioKey, Level>>, grade: Grade): { scenarios: number; binding: number } {
  const reached = metrics.scenarios.filter(({ key }) => (levels[key] ?? 0) >= grade);
  return { scenarios: reached.length, binding: reached.filter(({ binding }) => binding).length };
}

/** The grade of a score and scenario levels, and what each alone would allow. A threshold is reached when it is equalled. */
export function gradeOf(metrics: Metrics, score: number, levels: Partial<Record<ScenarioKey, Level>>) {
  const highest = (reached: (threshold: Threshold) => boolean): Grade => metrics.thresholds.findLast(reached)?.grade ?? 0;
  const enoughPoints = ({ minScore }: Threshold) => thousandths(score) >= thousandths(minScore);
  const enoughScenarios = ({ grade, minScenarios, minBinding }: Threshold) => {
    const { scenarios, binding } = counts(metrics, levels, grade);
    return scenarios >= minScenarios && binding >= minBinding;
  };
  return {
    gradeByScore: highest(enoughPoints),
    gradeByScenarios: highest(enoughScenarios),
    grade: highest((threshold) => enoughPoints(threshold) && enoughScenarios(threshold)),
  };
}

function missingFor(metrics: Metrics, threshold: Threshold, scaledTotal: number, levels: Record<ScenarioKey, Level>): Missing {
  const { grade } = threshold;
  const { scenarios, binding } = counts(metrics, levels, grade);
  return {
    grade,
    points: points(Math.max(0, thousandths(threshold.minScore) - scaledTotal)),
    scenarios: Math.max(0, threshold.minScenarios - scenarios),
    binding: Math.max(0, threshold.minBinding - binding),
    candidates: metrics.scenarios
      .filter(({ key }) => levels[key] < grade)
      .toSorted((a, b) => levels[b.key] - levels[a.key] || Number(b.binding) - Number(a.binding) || a.no - b.no)
      .map(({ key }) => key),
  };
}

/** Scores a complete questionnaire. @throws Refusal INVALID naming every wrong answer (`answers.q3`, `answers.scenarios.quality`) */
export function scoreDiagnosis(metrics: Metrics, input: unknown): DiagnosisScore {
  const faults = answerFaults(metrics, input);
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.1' });
  const answers = input as DiagnosisAnswers;

  const scaled = new Map(metrics.questions.map((question) => {
    const chosen = [answers[question.id]].flat();
    const sum = question.options.reduce((all, option) => (chosen.includes(option.code) ? all + thousandths(option.points) : all), 0);
    return [question.id, sum] as const;
  }));
  const sumOf = (dimension?: DimensionKey) => metrics.questions
    .filter((question) => !dimension || question.dimension === dimension)
    .reduce((sum, { id }) => sum + scaled.get(id)!, 0);
  const scaledTotal = sumOf();
  const levels = Object.fromEntries(metrics.scenarios.map(({ key }) => [key, answers.scenarios[key]])) as Record<ScenarioKey, Level>;
  const grades = gradeOf(metrics, points(scaledTotal), levels);
  const next = metrics.thresholds.find(({ grade }) => grade === grades.grade + 1);

  return {
    metricsVersion: metrics.version,
    foundation: points(sumOf('foundation')),
    management: points(sumOf('management')),
    results: points(sumOf('results')),
    total: points(scaledTotal),
    perQuestion: Object.fromEntries([...scaled].map(([id, sum]) => [id, points(sum)])) as Record<QuestionId, number>,
    scenarioLevels: levels,
    ...grades,
    gradeName: metrics.gradeNames[grades.grade]!,
    missingForNext: next ? missingFor(metrics, next, scaledTotal, levels) : null,
    radar: metrics.areas.map(({ key, name, scenarios }) => ({
      key, name, mean: scenarios.reduce((sum, scenario) => sum + levels[scenario], 0) / scenarios.length,
    })),
  };
}

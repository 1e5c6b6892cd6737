import { Refusal } from '../kernel/refusal';
import metricsJson from './data/metrics.json';
import { frozen } from './frozen';
import type { SettingId } from './parameters';
import { answerFaults, gradeOf, scoreSoFar, type Grade, type Level, type Missing as MissingByKey, type Option, type Score, type Threshold } from './scoring';

export { answerFaults, gradeOf, type Grade, type Level, type Option, type Threshold };

export type QuestionId = keyof typeof metricsJson.questions;
export type ScenarioKey = keyof typeof metricsJson.scenarios;
export type DimensionKey = keyof typeof metricsJson.dimensions;
export type AreaKey = keyof typeof metricsJson.areas;
export type ScenarioGroupKey = keyof typeof metricsJson.scenarioGroups;

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

/** A score with the keys of these metrics. */
export interface DiagnosisScore extends Omit<Score, 'perQuestion' | 'scenarioLevels' | 'missingForNext' | 'radar'> {
  perQuestion: Record<QuestionId, number>;
  scenarioLevels: Record<ScenarioKey, Level>;
  missingForNext: Missing | null;
  radar: { key: AreaKey; name: string; mean: number }[];
}
export interface Missing extends MissingByKey { candidates: ScenarioKey[] }

const GRADES = [1, 2, 3, 4] as const;
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

/** Scores a complete questionnaire. @throws Refusal INVALID naming every wrong answer (`answers.q3`, `answers.scenarios.quality`) */
export function scoreDiagnosis(metrics: Metrics, input: unknown): DiagnosisScore {
  const faults = answerFaults(metrics, input);
  if (faults.length > 0) throw new Refusal('INVALID', { faults, article: '12.1' });
  // Its keys are those of the metrics it was given.
  return scoreSoFar(metrics, input as DiagnosisAnswers) as DiagnosisScore;
}

import Joi from 'joi';
import metricsJson from '../../rulebook/data/metrics.json';
import type { AreaKey, Level, Question, QuestionId, ScenarioKey } from '../../rulebook/metrics';

/**
 * The fixed side of the 2024 metrics (《中小企业数字化水平评测指标（2024年版）》): names, options and figures that forms and
 * the report need. Only the grade thresholds are settings; they stay in the rulebook and reach the report with the score.
 */
const namesOf = <K extends string>(record: Record<K, { name: string }>): Record<K, string> =>
  Object.fromEntries(Object.entries<{ name: string }>(record).map(([key, { name }]) => [key, name])) as Record<K, string>;

export const SCENARIO_NAMES: Record<ScenarioKey, string> = namesOf(metricsJson.scenarios);
/** The eight areas of article 12.1, in its order. */
export const AREA_NAMES: Record<AreaKey, string> = namesOf(metricsJson.areas);
export const AREAS = Object.keys(AREA_NAMES) as AreaKey[];
export const SCENARIOS = Object.keys(SCENARIO_NAMES) as ScenarioKey[];
// JSON widens `choice` and the keys to string; the rulebook's data test checks them.
export const QUESTIONS = Object.entries(metricsJson.questions).map(([id, question]) => ({ id, ...question })) as unknown as Question[];
export const SCENARIO_FACTS = metricsJson.scenarios;
export const GRADE_NAMES: readonly string[] = metricsJson.gradeNames;
export const LEVEL_NAMES: Record<Level, string> = { 0: '未达一级或不适用', 1: '一级', 2: '二级', 3: '三级', 4: '四级' };
export const METRICS_TITLE = `《${metricsJson.title}》（${metricsJson.documentNo}）`;

/** Answers so far: any part of what `scoreDiagnosis` wants in full. */
export type PartialAnswers = { [Q in QuestionId]?: string | string[] } & { scenarios?: { [S in ScenarioKey]?: Level } };
/** Figures an assessor wrote down beside an answer, by question and name of the figure. */
export type Figures = { [Q in QuestionId]?: Record<string, number> };
/** Which of the uploaded files prove which answer or scenario level. */
export type Proofs = { [K in QuestionId | ScenarioKey]?: string[] };

const byQuestion = (schema: (question: Question) => Joi.Schema | null): Record<string, Joi.Schema> =>
  Object.fromEntries(QUESTIONS.flatMap((question) => {
    const one = schema(question);
    return one ? [[question.id, one.label(`第${question.no}题`)]] : [];
  }));

const answer = ({ choice, options }: Question): Joi.Schema => {
  const code = Joi.string().valid(...options.map((option) => option.code));
  if (choice === 'one') return code;
  return Joi.array().items(code).unique().min(1)
    .custom((codes: string[], helpers) => (codes.includes('A') && codes.length > 1 ? helpers.message({ custom: '选“无”时不能同时选其他项' }) : codes));
};

export const answersSchema = Joi.object({
  ...byQuestion(answer),
  scenarios: Joi.object(Object.fromEntries(SCENARIOS.map((key) =>
    [key, Joi.number().strict().valid(0, 1, 2, 3, 4).label(SCENARIO_NAMES[key])]))).label('应用场景'),
});

export const figuresSchema = Joi.object(byQuestion(({ fields }) => (fields.length === 0 ? null
  : Joi.object(Object.fromEntries(fields.map((name) => [name, Joi.number().strict().min(-1e9).max(1e9).label(name)]))))));

const fileIds = Joi.array().items(Joi.string().pattern(/^[A-Za-z0-9_-]{20,64}$/)).unique().max(10);
export const proofsSchema = Joi.object({
  ...byQuestion(() => fileIds),
  ...Object.fromEntries(SCENARIOS.map((key) => [key, fileIds.label(SCENARIO_NAMES[key])])),
});

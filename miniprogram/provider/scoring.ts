/**
 * How the 2024 metrics are scored, for a complete questionnaire and for one still being filled in. This file lies twice, the same to the
 * letter (a test holds them together): in src/rulebook, and in miniprogram/provider, whose folder must be whole by itself and which shows
 * the running score without a network. So it imports nothing and uses nothing newer than ES2020.
 */

/** 0 is below the first level, or not applicable. */
export type Level = 0 | 1 | 2 | 3 | 4;
/** 0 无等级 to 4 四级. */
export type Grade = Level;

export interface Option { readonly code: string; readonly label: string; readonly points: number }
/** What a grade needs at least: points, scenarios at that level, and binding ones among them. */
export interface Threshold { readonly grade: Grade; readonly minScore: number; readonly minScenarios: number; readonly minBinding: number }

/** The metrics, as far as scoring looks at them. */
export interface Scored {
  readonly version: string;
  readonly gradeNames: readonly string[];
  /** `choice` is one option, or many that add up; A (无) then excludes the others. */
  readonly questions: readonly { readonly id: string; readonly no: number; readonly dimension: string; readonly title: string; readonly choice: 'one' | 'many'; readonly options: readonly Option[] }[];
  /** `binding` is 约束性; the others are 指导性. */
  readonly scenarios: readonly { readonly key: string; readonly no: number; readonly name: string; readonly binding: boolean }[];
  readonly areas: readonly { readonly key: string; readonly name: string; readonly scenarios: readonly string[] }[];
  /** In the order of grades 1 to 4. */
  readonly thresholds: readonly Threshold[];
}

/** Codes of the chosen options by question (one, or a list where several may apply) and the level of each scenario; any part of it. */
export interface Answers { readonly [question: string]: unknown; readonly scenarios?: Readonly<Record<string, Level | undefined>> }

export interface Score {
  metricsVersion: string;
  /** Points by dimension and in total, exact to a thousandth. */
  foundation: number;
  management: number;
  results: number;
  total: number;
  perQuestion: Record<string, number>;
  scenarioLevels: Record<string, Level>;
  gradeByScore: Grade;
  gradeByScenarios: Grade;
  grade: Grade;
  gradeName: string;
  missingForNext: Missing | null;
  /** Mean scenario level, 0 to 4, in each of the eight areas of article 12.1. */
  radar: { key: string; name: string; mean: number }[];
}
/** What still lacks for the next grade. Scenarios nearest to it come first. */
export interface Missing { grade: Grade; points: number; scenarios: number; binding: number; candidates: string[] }

export interface AnswerFault { field: string; message: string }

/** Steps such as 1.875 occur: points are summed as whole thousandths, so that 40 is 40 and 39.999 is not. */
const SCALE = 1000;
const thousandths = (points: number): number => Math.round(points * SCALE);
const points = (scaled: number): number => scaled / SCALE;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (record: object, key: string): boolean => Object.prototype.hasOwnProperty.call(record, key);
/** The highest grade whose threshold holds. */
const highest = (thresholds: readonly Threshold[], holds: (threshold: Threshold) => boolean): Grade =>
  thresholds.reduce<Grade>((grade, threshold) => (holds(threshold) ? threshold.grade : grade), 0);

function questionFault(question: Scored['questions'][number], answer: unknown): string | undefined {
  const codes = question.options.map(({ code }) => code);
  const known = (code: unknown): boolean => typeof code === 'string' && codes.includes(code);
  const range = `从 ${codes[0]} 到 ${codes[codes.length - 1]} 中选择`;
  if (answer === undefined || answer === null || answer === '') return `请回答第${question.no}题：${question.title}`;
  if (question.choice === 'one') return known(answer) ? undefined : `第${question.no}题请${range}一项`;
  if (!Array.isArray(answer) || !answer.every(known)) return `第${question.no}题请${range}`;
  if (answer.length === 0) return `请回答第${question.no}题：${question.title}`;
  if (new Set(answer).size < answer.length) return `第${question.no}题有重复的选项`;
  return answer.includes('A') && answer.length > 1 ? `第${question.no}题选“无”时不能同时选其他项` : undefined;
}

/** Every wrong or missing answer at once, by path. Empty when the answers are complete. */
export function answerFaults(metrics: Scored, input: unknown, path = 'answers'): AnswerFault[] {
  if (!isRecord(input)) return [{ field: path, message: '请填写评测问卷' }];
  const faults: AnswerFault[] = [];
  const fault = (field: string, message: string | undefined): void => { if (message) faults.push({ field: `${path}.${field}`, message }); };

  for (const question of metrics.questions) fault(question.id, questionFault(question, has(input, question.id) ? input[question.id] : undefined));
  const levels = has(input, 'scenarios') ? input['scenarios'] : undefined;
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
function counts(metrics: Pick<Scored, 'scenarios'>, levels: Readonly<Record<string, Level | undefined>>, grade: Grade): { scenarios: number; binding: number } {
  const reached = metrics.scenarios.filter(({ key }) => (levels[key] ?? 0) >= grade);
  return { scenarios: reached.length, binding: reached.filter(({ binding }) => binding).length };
}

/** The grade of a score and scenario levels, and what each alone would allow. A threshold is reached when it is equalled. */
export function gradeOf(metrics: Pick<Scored, 'scenarios' | 'thresholds'>, score: number, levels: Readonly<Record<string, Level | undefined>>): { gradeByScore: Grade; gradeByScenarios: Grade; grade: Grade } {
  const enoughPoints = ({ minScore }: Threshold): boolean => thousandths(score) >= thousandths(minScore);
  const enoughScenarios = ({ grade, minScenarios, minBinding }: Threshold): boolean => {
    const { scenarios, binding } = counts(metrics, levels, grade);
    return scenarios >= minScenarios && binding >= minBinding;
  };
  return {
    gradeByScore: highest(metrics.thresholds, enoughPoints),
    gradeByScenarios: highest(metrics.thresholds, enoughScenarios),
    grade: highest(metrics.thresholds, (threshold) => enoughPoints(threshold) && enoughScenarios(threshold)),
  };
}

function missingFor(metrics: Scored, threshold: Threshold, scaledTotal: number, levels: Record<string, Level>): Missing {
  const { grade } = threshold;
  const { scenarios, binding } = counts(metrics, levels, grade);
  const levelOf = (key: string): number => levels[key] ?? 0;
  return {
    grade,
    points: points(Math.max(0, thousandths(threshold.minScore) - scaledTotal)),
    scenarios: Math.max(0, threshold.minScenarios - scenarios),
    binding: Math.max(0, threshold.minBinding - binding),
    candidates: metrics.scenarios
      .filter(({ key }) => levelOf(key) < grade)
      .sort((a, b) => levelOf(b.key) - levelOf(a.key) || Number(b.binding) - Number(a.binding) || a.no - b.no)
      .map(({ key }) => key),
  };
}

/** The score of what is answered so far: a question left open has no points, a scenario left open is at level 0. */
export function scoreSoFar(metrics: Scored, answers: Answers): Score {
  const scaled = new Map(metrics.questions.map((question) => {
    const given = answers[question.id];
    const chosen: unknown[] = Array.isArray(given) ? given : [given];
    const sum = question.options.reduce((all, option) => (chosen.includes(option.code) ? all + thousandths(option.points) : all), 0);
    return [question.id, sum] as const;
  }));
  const sumOf = (dimension?: string): number => metrics.questions
    .filter((question) => !dimension || question.dimension === dimension)
    .reduce((sum, { id }) => sum + (scaled.get(id) ?? 0), 0);
  const scaledTotal = sumOf();
  const levels = Object.fromEntries(metrics.scenarios.map(({ key }) => [key, answers.scenarios?.[key] ?? 0])) as Record<string, Level>;
  const grades = gradeOf(metrics, points(scaledTotal), levels);
  const next = metrics.thresholds.find(({ grade }) => grade === grades.grade + 1);

  return {
    metricsVersion: metrics.version,
    foundation: points(sumOf('foundation')),
    management: points(sumOf('management')),
    results: points(sumOf('results')),
    total: points(scaledTotal),
    perQuestion: Object.fromEntries([...scaled].map(([id, sum]) => [id, points(sum)])),
    scenarioLevels: levels,
    ...grades,
    gradeName: metrics.gradeNames[grades.grade] ?? '',
    missingForNext: next ? missingFor(metrics, next, scaledTotal, levels) : null,
    radar: metrics.areas.map(({ key, name, scenarios }) => ({
      key, name, mean: scenarios.reduce((sum, scenario) => sum + (levels[scenario] ?? 0), 0) / scenarios.length,
    })),
  };
}

// ---- Rates ----------------------------------------------------------------------------------------------------------

/** Figures an assessor wrote down beside an answer, by question and name of the figure. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number>> | undefined>>;

/** Upper bounds of the options A to E of questions 2 and 3: [0,10%], (10%,20%], (20%,40%], (40%,60%], (60%,100%]. */
const RATES = [['A', 10], ['B', 20], ['C', 40], ['D', 60], ['E', 100]] as const;
const DEVICES = '生产设备数量（台）';
const DIGITAL = '实现数字化的生产设备数量（台）';
const NETWORKED = '实现联网的生产设备数量（台）';

/** Both rates divide by all production devices; where the counts are written down, the ticked interval must be theirs. An open question is not judged. */
export function rateFaults(answers: Answers, figures: Figures = {}): AnswerFault[] {
  const all = figures['q2']?.[DEVICES];
  const check = (question: 'q2' | 'q3', part: number | undefined): AnswerFault[] => {
    if (all === undefined || part === undefined) return [];
    if (all <= 0 || part < 0 || part > all) return [{ field: `figures.${question}`, message: '设备数量不合理：应大于0，且不多于生产设备总数' }];
    const [option] = RATES.find(([, upTo]) => part * 100 <= all * upTo)!;
    return answers[question] === undefined || answers[question] === option ? []
      : [{ field: `answers.${question}`, message: `按填写的设备数量，比例为 ${(part * 100 / all).toFixed(1)}%，应选 ${option}` }];
  };
  return [...check('q2', figures['q2']?.[DIGITAL]), ...check('q3', figures['q3']?.[NETWORKED])];
}

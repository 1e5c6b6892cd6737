import { put, valueAt, type Values } from '../../forms/model';
import { lackingFor, LEVEL_WORDS, type Metrics, type Question, type Scenario } from '../../utils/metrics';
import { rateFaults, type Answers, type Figures, type Level, type Score } from '../scoring';
import { figureOf } from './saving';
import { notApplicableIn } from './steps';

/** A change of the sheet: where, and what stands there now. */
export interface Change { path: string; value: unknown }

/** The answer after an option was tapped. 无 excludes all others; of a choice of many each option may be taken back, the last too. */
export function chosen({ choice, options }: Question, before: unknown, code: string): string | string[] {
  if (choice === 'one') return code;
  const had = Array.isArray(before) ? (before as string[]) : [];
  if (code === 'A') return had.includes('A') ? [] : ['A'];
  const now = had.includes(code) ? had.filter((one) => one !== code) : [...had.filter((one) => one !== 'A'), code];
  return options.map((option) => option.code).filter((one) => now.includes(one));
}

/** A scenario's level, or null for «not applicable», which counts as level 0 and needs a reason. */
export function levelled(values: Values, scenario: string, level: Level | null): Change[] {
  const others = notApplicableIn(values).filter((one) => one.scenario !== scenario);
  const known = notApplicableIn(values).length > others.length;
  return [
    { path: `answers.scenarios.${scenario}`, value: level ?? 0 },
    ...(level === null ? (known ? [] : [{ path: 'notApplicable', value: [...others, { scenario, reason: '' }] }]) : known ? [{ path: 'notApplicable', value: others }] : []),
  ];
}

export const reasoned = (values: Values, scenario: string, reason: string): Change =>
  ({ path: 'notApplicable', value: notApplicableIn(values).map((one) => (one.scenario === scenario ? { scenario, reason } : one)) });

/** Files that prove an answer are part of the report's evidence; one that proves nothing any more leaves it. */
export function proven(values: Values, key: string, ids: string[]): Change[] {
  const before = (valueAt(values, `proofs.${key}`) ?? []) as string[];
  const proofs = put(values['proofs'] ?? {}, key, ids) as Record<string, string[] | undefined>;
  const used = new Set(Object.values(proofs).flatMap((list) => list ?? []));
  const kept = ((values['evidence'] ?? []) as string[]).filter((id) => used.has(id) || !before.includes(id));
  const evidence = [...kept, ...ids.filter((id) => !kept.includes(id))];
  return [{ path: `proofs.${key}`, value: ids }, { path: 'evidence', value: evidence }];
}

export const figured = (values: Values, question: string, name: string, text: string): Change =>
  ({ path: `figures.${question}`, value: { ...(valueAt(values, `figures.${question}`) as Values | undefined), [name]: figureOf(text) } });

export const changed = (values: Values, changes: readonly Change[]): Values => changes.reduce((now, { path, value }) => put(now, path, value) as Values, values);

// ---- Drawing ------------------------------------------------------------------------------------------------------

const UNIT = /^(.*)（([^（）]+)）$/;
/** 生产设备数量（台） is 生产设备数量, in 台. */
export function figureLabel(name: string): { label: string; unit: string } {
  const [, label = name, unit = ''] = UNIT.exec(name) ?? [];
  return { label, unit };
}

export interface DrawnQuestion {
  key: string; no: number; title: string; group: string; many: boolean; maxPoints: number; points: number; answered: boolean;
  options: { code: string; label: string; on: boolean; points: number }[];
  figures: { name: string; label: string; unit: string; text: string; fault: string }[];
  hint: string; wanted: string; proofs: string[]; fault: string;
}

export function drawQuestion(question: Question, values: Values, score: Score, faults: Record<string, string>): DrawnQuestion {
  const { id, no, title, group, choice, maxPoints, options, fields, evidence, note } = question;
  const given = [valueAt(values, `answers.${id}`)].flat();
  const figures = (valueAt(values, `figures.${id}`) ?? {}) as Values;
  const ticked = numbersOf(values['figures']);
  // Both rates are judged where they belong, as soon as counts and interval are there.
  const rate = rateFaults((values['answers'] ?? {}) as Answers, ticked).find(({ field }) => field.endsWith(`.${id}`))?.message;
  return {
    key: id, no, title, group, many: choice === 'many', maxPoints, points: score.perQuestion[id] ?? 0, answered: given[0] !== undefined,
    options: options.map(({ code, label, points }) => ({ code, label, points, on: given.includes(code) })),
    figures: fields.map((name) => ({ name, ...figureLabel(name), text: figures[name] === undefined ? '' : String(figures[name]), fault: faults[`figures.${id}.${name}`] ?? '' })),
    hint: note, wanted: evidence.join('、'), proofs: (valueAt(values, `proofs.${id}`) ?? []) as string[], fault: rate ?? faults[`answers.${id}`] ?? faults[`proofs.${id}`] ?? '',
  };
}

/** Only what is already a number. */
const numbersOf = (figures: unknown): Figures => Object.fromEntries(Object.entries((figures ?? {}) as Record<string, Values>).map(([id, named]) =>
  [id, Object.fromEntries(Object.entries(named ?? {}).filter((pair): pair is [string, number] => typeof pair[1] === 'number'))]));

export interface DrawnScenario {
  key: string; no: number; name: string; binding: boolean; answered: boolean; words: string;
  levels: { level: Level; name: string; text: string; on: boolean }[];
  notApplicable: boolean; reason: string; proofs: string[]; fault: string;
}

export function drawScenario({ key, no, name, binding, levels }: Scenario, values: Values, faults: Record<string, string>): DrawnScenario {
  const level = valueAt(values, `answers.scenarios.${key}`) as Level | undefined;
  const index = notApplicableIn(values).findIndex(({ scenario }) => scenario === key);
  const notApplicable = index >= 0;
  return {
    key, no, name, binding, answered: level !== undefined, notApplicable, reason: notApplicableIn(values)[index]?.reason ?? '',
    words: level === undefined ? '未评定' : notApplicable ? '不适用' : LEVEL_WORDS[level],
    levels: ['还达不到一级的要求', ...levels].map((text, at) => ({ level: at as Level, name: LEVEL_WORDS[at as Level], text, on: !notApplicable && level === at })),
    proofs: (valueAt(values, `proofs.${key}`) ?? []) as string[],
    fault: faults[`notApplicable.${index}.reason`] ?? faults[`answers.scenarios.${key}`] ?? faults[`proofs.${key}`] ?? '',
  };
}

/** The running score in words: what there is, and what still lacks for the next grade. */
export interface DrawnScore { total: string; grade: string; dimensions: { name: string; points: string; of: number; percent: number }[]; next: string; near: string; open: string }

export function drawScore(metrics: Metrics, score: Score, values: Values): DrawnScore {
  const answers = (values['answers'] ?? {}) as Answers;
  const openQuestions = metrics.questions.filter(({ id }) => answers[id] === undefined || (answers[id] as string[]).length === 0).length;
  const openScenarios = metrics.scenarios.filter(({ key }) => answers.scenarios?.[key] === undefined).length;
  const missing = score.missingForNext;
  const isEmpty = openQuestions === metrics.questions.length && openScenarios === metrics.scenarios.length;
  const names = new Map(metrics.scenarios.map(({ key, name, binding }) => [key, binding ? `${name}（约束性）` : name]));
  return {
    total: isEmpty ? '' : String(score.total), grade: isEmpty ? '尚未评定' : score.gradeName,
    dimensions: Object.entries(metrics.dimensions).map(([key, { name, maxPoints }]) => {
      const points = score[key as 'foundation' | 'management' | 'results'];
      return { name, points: String(points), of: maxPoints, percent: Math.round((points * 100) / maxPoints) };
    }),
    next: missing ? `距${metrics.gradeNames[missing.grade] ?? ''}还差 ${lackingFor(missing)}` : '已是最高等级',
    near: missing && missing.scenarios + missing.binding > 0 ? `最接近的场景：${missing.candidates.slice(0, 5).map((key) => names.get(key) ?? key).join('、')}` : '',
    open: openQuestions + openScenarios === 0 ? '全部答完' : `还有 ${[...(openQuestions > 0 ? [`${openQuestions} 道题`] : []), ...(openScenarios > 0 ? [`${openScenarios} 个场景`] : [])].join('、')}没有评定`,
  };
}

import type { Fault } from '../kernel/refusal';
import { articleInWords, type ArticleNo } from './articles';
import { shippedHolidays, type HolidayYear } from './calendar';
import { UNIT_LABELS, isParamId, shippedParameter, type Deadline, type ParamId, type Setting, type SettingId } from './parameters';
import type { Overrides } from './rulebook';

/** What an administrator changes: new values by id, or null for the shipped one; arrangements by year, or null to take one back. */
export interface Amendment {
  parameters?: Partial<Record<ParamId, number | null>>;
  holidays?: Record<string, HolidayYear | null>;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const withArticle = (text: string, article: ArticleNo | null): string => (article ? `${text}（${articleInWords(article)}）` : text);

/** Percentages and points may have two decimals; everything else is counted in whole numbers. */
function valueFault(p: Deadline | Setting, value: unknown): string | undefined {
  const range = withArticle(`“${p.label}”应在 ${p.min} 到 ${p.max} ${UNIT_LABELS[p.unit]}之间`, p.article);
  if (!p.configurable) return withArticle(`“${p.label}”${p.status === 'regulation' ? '由办法规定' : '由法律法规规定'}，不能修改`, p.article);
  if (p.used === false) return withArticle(`“${p.label}”尚未启用，暂不能修改`, p.article);
  if (typeof value !== 'number' || !Number.isFinite(value)) return `“${p.label}”应为数字`;
  const decimal = p.unit === 'percent' || p.unit === 'points';
  if (decimal ? Math.abs(value * 100 - Math.round(value * 100)) > 1e-6 : !Number.isInteger(value)) return `“${p.label}”应为${decimal ? '最多两位小数的数' : '整数'}`;
  if (value < p.min || value > p.max) return range;
  return p.unit === 'odd_count' && value % 2 === 0 ? withArticle(`“${p.label}”应为单数`, p.article) : undefined;
}

function yearFault(year: string, arrangement: unknown): string | undefined {
  if (!/^20\d\d$/.test(year)) return '年份应为四位数字';
  if (!isRecord(arrangement) || !isRecord(arrangement.off) || !isRecord(arrangement.work)) return '应包含放假日（off）和调休上班日（work）';
  if (Object.keys(arrangement).length > 2) return '只能包含放假日（off）和调休上班日（work）';
  const { off, work } = arrangement;
  if (Object.keys(off).length === 0) return '请填写放假日';
  for (const [date, name] of [...Object.entries(off), ...Object.entries(work)]) {
    const parsed = new Date(`${date}T00:00:00Z`);
    const exists = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
    // A year's arrangement may begin in the last days of the December before.
    if (!exists || !(date.startsWith(year) || date >= `${Number(year) - 1}-12-28` && date < year)) return `日期 ${date.slice(0, 20)} 不属于该年的安排，格式应为 2027-01-01`;
    if (typeof name !== 'string' || name.length === 0 || name.length > 20) return `请填写 ${date} 的节日名称（20字以内）`;
    if (Object.hasOwn(off, date) && Object.hasOwn(work, date)) return `${date} 不能既放假又上班`;
  }
  const weekday = Object.keys(work).find((date) => ![0, 6].includes(new Date(Date.parse(date)).getUTCDay()));
  return weekday ? `调休上班日 ${weekday} 应为周六或周日` : undefined;
}

/** Rules that bind several numbers together, asked of the values as they would be. */
function crossFaults(value: (id: SettingId) => number): Fault[] {
  const faults: Fault[] = [];
  const fault = (id: SettingId, message: string) => faults.push({ field: `parameters.${id}`, message });

  const rising = (ids: readonly SettingId[], message: string) =>
    ids.forEach((id, i) => i > 0 && value(id) < value(ids[i - 1]!) && fault(id, message));
  for (const need of ['min_score', 'min_scenarios', 'min_binding'] as const) {
    rising(([1, 2, 3, 4] as const).map((grade) => `grade.${grade}.${need}` as const), '高一级的要求不能低于低一级（第十二条（一））');
  }
  for (const grade of [1, 2, 3, 4] as const) {
    if (value(`grade.${grade}.min_binding`) > value(`grade.${grade}.min_scenarios`)) fault(`grade.${grade}.min_binding`, '约束性场景数不能多于场景总数（第十二条（一））');
  }
  return faults;
}

/**
 * Checks an amendment and applies it to the overrides in force.
 * @returns the overrides as they would be, and every fault by path (`parameters.plan.review`, `holidays.2027`), in Chinese
 */
export function applyAmendment(current: Overrides, input: unknown): { overrides: Overrides; faults: Fault[] } {
  const faults: Fault[] = [];
  const parameters: Partial<Record<ParamId, number>> = { ...current.parameters };
  const holidays: Record<string, HolidayYear> = { ...current.holidays };
  const section = (key: keyof Amendment): [string, unknown][] => {
    const given = isRecord(input) && Object.hasOwn(input, key) ? input[key] : {};
    if (isRecord(given)) return Object.entries(given);
    faults.push({ field: key, message: '格式不正确' });
    return [];
  };
  if (!isRecord(input)) faults.push({ field: 'overrides', message: '请填写要修改的内容' });
  else for (const key of Object.keys(input)) if (key !== 'parameters' && key !== 'holidays') faults.push({ field: key, message: '没有这一项' });

  for (const [id, value] of section('parameters')) {
    const message = !isParamId(id) ? '没有这项参数' : value === null ? undefined : valueFault(shippedParameter(id), value);
    if (message) faults.push({ field: `parameters.${id}`, message });
    else if (value === null || value === shippedParameter(id as ParamId).value) delete parameters[id as ParamId];
    else parameters[id as ParamId] = value as number;
  }
  for (const [year, arrangement] of section('holidays')) {
    const message = arrangement === null ? undefined : yearFault(year, arrangement);
    if (message) faults.push({ field: `holidays.${year}`, message });
    else if (arrangement === null) delete holidays[year];
    else holidays[year] = arrangement as HolidayYear;
  }
  if (faults.length === 0) faults.push(...crossFaults((id) => parameters[id] ?? shippedParameter(id).value));
  return { overrides: { parameters, holidays }, faults };
}

export interface ParameterChange { id: ParamId; label: string; article: ArticleNo | null; from: number; to: number }

const valueIn = (set: Overrides, id: ParamId): number => set.parameters?.[id] ?? shippedParameter(id).value;
/** A year's days in a form that compares. */
const daysIn = (set: Overrides, year: string): string | undefined => {
  const arrangement = set.holidays?.[year] ?? shippedHolidays[year];
  return JSON.stringify(arrangement && [Object.entries(arrangement.off).toSorted(), Object.entries(arrangement.work).toSorted()]);
};

/** What differs between two sets of overrides: parameters by id, and years whose arrangement changed. */
export function changesBetween(before: Overrides, after: Overrides): { parameters: ParameterChange[]; years: string[] } {
  const ids = [...new Set(Object.keys({ ...before.parameters, ...after.parameters }))].filter(isParamId);
  return {
    parameters: ids
      .map((id) => {
        const { label, article } = shippedParameter(id);
        return { id, label, article, from: valueIn(before, id), to: valueIn(after, id) };
      })
      .filter(({ from, to }) => from !== to),
    years: [...new Set(Object.keys({ ...before.holidays, ...after.holidays }))].filter((year) => daysIn(before, year) !== daysIn(after, year)),
  };
}

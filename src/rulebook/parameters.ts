import deadlinesJson from './data/deadlines.json';
import rulesJson from './data/rules.json';
import settingsJson from './data/settings.json';
import type { ArticleNo } from './articles';
import type { TimeUnit } from './calendar';

/** Time limits, by id. The ids are the keys of the data file, so a wrong one does not compile. */
export type DeadlineId = keyof typeof deadlinesJson;
/** Counts, thresholds and weights, by id. */
export type SettingId = keyof typeof settingsJson;
export type ParamId = DeadlineId | SettingId;
/** Sentences without a number that the product must follow. */
export type RuleId = keyof typeof rulesJson;

/** Where a number comes from: the measures, a law, the national metrics they name, another city's practice, or only our proposal to the bureau. */
export type Status = 'regulation' | 'law' | 'national' | 'precedent' | 'proposal';
export const STATUS_LABELS: Readonly<Record<Status, string>> = {
  regulation: '办法规定', law: '法律法规规定', national: '国家评测指标', precedent: '参照其他地区做法', proposal: '建议值',
};

export type SettingUnit = 'count' | 'times' | 'items' | 'cases' | 'people' | 'odd_count' | 'percent' | 'points' | 'grade' | 'natural_day' | 'bytes' | 'switch';

interface Parameter<Id, Unit> {
  readonly id: Id;
  /** Chinese name shown to people. */
  readonly label: string;
  readonly value: number;
  readonly unit: Unit;
  /** The article it serves; null where only law or the running of the product asks for it. */
  readonly article: ArticleNo | null;
  readonly status: Status;
  /** Why this number, in Chinese. */
  readonly source: string;
  readonly min: number;
  readonly max: number;
  /** False where the measures or a law leave the bureau no choice. */
  readonly configurable: boolean;
  readonly note: string;
  /** False where nothing reads it yet, since what it is for is not built: shown as such, and not amended. A test holds it against the sources. */
  readonly used?: false;
}
export interface Deadline extends Parameter<DeadlineId, TimeUnit> {
  /** What starts the clock, in Chinese. */
  readonly anchor: string;
}
export type Setting = Parameter<SettingId, SettingUnit>;
export interface Rule {
  readonly id: RuleId;
  readonly label: string;
  readonly text: string;
  readonly article: ArticleNo | null;
  readonly status: Status;
  readonly source: string;
}

const withIds = <T>(entries: object): ReadonlyMap<string, T> =>
  new Map(Object.entries(entries).map(([id, entry]) => [id, Object.freeze({ id, ...entry })]));

// JSON widens units and states to string; the data test checks every entry against the types claimed here.
export const DEADLINES = withIds<Deadline>(deadlinesJson) as ReadonlyMap<DeadlineId, Deadline>;
export const SETTINGS = withIds<Setting>(settingsJson) as ReadonlyMap<SettingId, Setting>;
export const RULES = withIds<Rule>(rulesJson) as ReadonlyMap<RuleId, Rule>;

export const isDeadlineId = (id: string): id is DeadlineId => Object.hasOwn(deadlinesJson, id);
export const isParamId = (id: string): id is ParamId => isDeadlineId(id) || Object.hasOwn(settingsJson, id);
/** An entry as shipped, without anybody's amendments. */
export const shippedParameter = (id: ParamId): Deadline | Setting => isDeadlineId(id) ? DEADLINES.get(id)! : SETTINGS.get(id)!;

export const UNIT_LABELS: Readonly<Record<TimeUnit | SettingUnit, string>> = {
  working_day: '个工作日', natural_day: '日', month: '个月', year: '年', minute: '分钟',
  count: '', times: '次', items: '个', cases: '件', people: '人', odd_count: '人', percent: '%', points: '分', grade: '级', bytes: '字节', switch: '',
};
const MEGABYTE = 1024 * 1024;
/** Such as '10 个工作日', '66%', '20 MB'. */
export function valueInWords({ value, unit }: Pick<Deadline | Setting, 'value' | 'unit'>): string {
  if (unit === 'switch') return value ? '是' : '否';
  if (unit === 'percent') return `${value}%`;
  if (unit === 'bytes' && value % MEGABYTE === 0) return `${value / MEGABYTE} MB`;
  return `${value} ${UNIT_LABELS[unit]}`.trim();
}

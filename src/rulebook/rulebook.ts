import { ARTICLES, UNREGULATED, findArticle, type Article, type ArticleNo, type Topic } from './articles';
import { createCalendar, shippedHolidays, type Calendar, type Due, type HolidayTable, type HolidayYear, type Pause } from './calendar';
import { CODES, EXPERT_REVIEW, SURVEY } from './forms';
import { metricsWith, type Metrics } from './metrics';
import {
  DEADLINES, RULES, SETTINGS, isDeadlineId,
  type Deadline, type DeadlineId, type ParamId, type Rule, type RuleId, type Setting, type SettingId,
} from './parameters';
import { REGIONS, SECTORS, type Region, type Sector } from './places';

/** What the bureau has set differently from what is shipped. */
export interface Overrides {
  readonly parameters?: Readonly<Partial<Record<ParamId, number>>>;
  /** Arrangements of years published after this release, by year. */
  readonly holidays?: HolidayTable;
}

/** The city's policy as data, one immutable version of it. Every case remembers the version it was opened under. */
export interface Rulebook {
  readonly version: number;
  readonly calendar: Calendar;
  /** The arrangements the calendar counts by: what is shipped, and over it what the bureau entered. */
  readonly holidays: HolidayTable;
  readonly articles: readonly Article[];
  /** What people ask and the measures leave open. */
  readonly unregulated: readonly Topic[];
  /** The number behind an id, in the unit of its entry. */
  param(id: ParamId): number;
  /** A switch of the bureau: on or off. */
  isOn(id: SettingId): boolean;
  deadline(id: DeadlineId): Deadline;
  setting(id: SettingId): Setting;
  /** Every number with its label, status, source and range: what an administrator sees. */
  readonly parameters: readonly (Deadline | Setting)[];
  rule(id: RuleId): Rule;
  /** When a clock started at `from` runs out. */
  due(id: DeadlineId, from: Date): Due;
  /** When a clock of this kind, due at `due`, runs out after it stood still. */
  extend(id: DeadlineId, due: Date, pause: Pause): Due;
  article(no: ArticleNo): Article;
  readonly regions: readonly Region[];
  readonly sectors: readonly Sector[];
  /** The 2024 metrics with the grade thresholds in force. */
  readonly metrics: Metrics;
  readonly survey: typeof SURVEY;
  readonly expertReview: typeof EXPERT_REVIEW;
  readonly codes: typeof CODES;
}

/** The rulebook as shipped (version 1), or with a bureau's amendments under a later version. Frozen. */
export function loadRulebook(version = 1, overrides: Overrides = {}): Rulebook {
  const values = overrides.parameters ?? {};
  const deadlines = new Map([...DEADLINES].map(([id, entry]) => [id, Object.freeze({ ...entry, value: values[id] ?? entry.value })]));
  const settings = new Map([...SETTINGS].map(([id, entry]) => [id, Object.freeze({ ...entry, value: values[id] ?? entry.value })]));
  const holidays = Object.freeze({ ...shippedHolidays, ...overrides.holidays });
  const calendar = createCalendar(holidays);

  const param = (id: ParamId): number => (isDeadlineId(id) ? deadlines.get(id)! : settings.get(id)!).value;
  const isOn = (id: SettingId): boolean => param(id) === 1;
  const rollsOn = isOn('calendar.rest_day_rolls_on');

  return Object.freeze({
    version,
    calendar,
    holidays,
    articles: ARTICLES,
    unregulated: UNREGULATED,
    param,
    isOn,
    deadline: (id: DeadlineId) => deadlines.get(id)!,
    setting: (id: SettingId) => settings.get(id)!,
    parameters: Object.freeze([...deadlines.values(), ...settings.values()]),
    rule: (id: RuleId) => RULES.get(id)!,
    due(id: DeadlineId, from: Date): Due {
      const { value, unit } = deadlines.get(id)!;
      return calendar.add(from, value, unit, rollsOn);
    },
    extend: (id: DeadlineId, due: Date, pause: Pause) => calendar.extendBy(due, pause, deadlines.get(id)!.unit, rollsOn),
    article: findArticle,
    regions: REGIONS,
    sectors: SECTORS,
    metrics: metricsWith(param),
    survey: SURVEY,
    expertReview: EXPERT_REVIEW,
    codes: CODES,
  });
}

export type { Article, ArticleNo, Deadline, DeadlineId, Due, HolidayYear, ParamId, Pause, Setting, SettingId, Topic };

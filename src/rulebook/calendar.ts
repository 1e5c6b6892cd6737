import { createHash } from 'node:crypto';
import shipped from './data/holidays.json';

/**
 * One year's arrangement as the State Council publishes it (节假日安排的通知): days off and make-up working days (调休),
 * each date (YYYY-MM-DD) with its festival. Weekends are not repeated.
 */
export interface HolidayYear {
  off: Readonly<Record<string, string>>;
  work: Readonly<Record<string, string>>;
}
/** Arrangements by year, such as { '2026': ... }. */
export type HolidayTable = Readonly<Record<string, HolidayYear>>;

export type TimeUnit = 'working_day' | 'natural_day' | 'month' | 'year' | 'minute';

export interface Due {
  /** The last moment in time: 23:59:59.999 Beijing time of the last day (for minutes: the exact moment), in UTC. */
  due: Date;
  /** The calendar it was computed with, kept with the deadline. */
  calendar: string;
  /** A day that counted lies in a year whose arrangement is not published; compute again when it is. */
  provisional: boolean;
}

/** A stretch of time during which a clock stands still. */
export interface Pause {
  from: Date;
  to: Date;
}

export interface Calendar {
  /** Changes with any day of the table, such as 'cn-2023-2026-1f0c9a2b'. */
  readonly version: string;
  isPublished(year: number): boolean;
  isWorkingDay(at: Date): boolean;
  /** The end of the n-th working day after the day of `from`; that day itself is not counted. */
  addWorkingDays(from: Date, n: number): Due;
  /** `value` units after `from`. `rollsOn`: an end in days or months that falls on a day of rest moves to the next working day. */
  add(from: Date, value: number, unit: TimeUnit, rollsOn?: boolean): Due;
  /** Working days after the day of `from` up to and with the day of `to`; the same number, negative, the other way round. */
  workingDaysBetween(from: Date, to: Date): number;
  /** What was left when the clock stopped is left when it runs again. A clock that had run out is not revived. */
  extendBy(due: Date, pause: Pause, unit: TimeUnit, rollsOn?: boolean): Due;
  /** First and last moment of the n-th calendar month after the month of `from` (第 n 个月). */
  monthAfter(from: Date, n: number): { opens: Date; due: Date };
  /** For people: 还剩 3 个工作日 · 今天到期 · 已超期 2 个工作日; of a period in days, months or years 还剩 30 天. */
  remainingInWords(due: Date, now: Date, unit?: TimeUnit): string;
}

const DAY = 86_400_000;
/** China keeps one time zone without summer time (since 1991), so a fixed offset is exact whatever zone the host is in. */
const BEIJING = 8 * 3_600_000;

/** Days since 1970-01-01 as the calendar on a wall in Beijing shows it. */
const dayOf = (at: Date): number => Math.floor((at.getTime() + BEIJING) / DAY);
/** The date on a wall in Beijing at that moment, as 'YYYY-MM-DD'. */
export const beijingDate = (at: Date): string => new Date(at.getTime() + BEIJING).toISOString().slice(0, 10);
const startOf = (day: number): Date => new Date(day * DAY - BEIJING);
const endOf = (day: number): Date => new Date((day + 1) * DAY - BEIJING - 1);
const yearOf = (day: number): number => new Date(day * DAY).getUTCFullYear();
/** 1970-01-01 was a Thursday; 0 is Sunday. */
const isWeekend = (day: number): boolean => {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
};
/** A year's arrangement may also move days at the end of the December before it (2007, 2016, 2022 did). */
const SETTLED_BY_NEXT_YEAR = 4;

function addMonthsToDay(day: number, months: number): number {
  const date = new Date(day * DAY);
  const target = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const first = new Date(target);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  // A month without that day ends the period on its last day (民法典第二百零二条).
  return target / DAY + Math.min(date.getUTCDate(), lastDay) - 1;
}

function versionOf(table: HolidayTable): string {
  const years = Object.keys(table).toSorted();
  const days = years.map((year) => [year, Object.keys(table[year]!.off).toSorted(), Object.keys(table[year]!.work).toSorted()]);
  const digest = createHash('sha256').update(JSON.stringify(days)).digest('hex').slice(0, 8);
  return `cn-${years[0] ?? 'none'}-${years.at(-1) ?? 'none'}-${digest}`;
}

function monthAfter(from: Date, n: number): { opens: Date; due: Date } {
  const date = new Date(dayOf(from) * DAY);
  const first = (months: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY;
  return { opens: startOf(first(n)), due: endOf(first(n + 1) - 1) };
}

/** A working-day calendar over a table of arrangements. Years without one count Monday to Friday, provisionally. */
export function createCalendar(table: HolidayTable = shipped): Calendar {
  const version = versionOf(table);
  const published = new Set(Object.keys(table).map(Number));
  const dayNumbers = (kind: keyof HolidayYear) =>
    new Set(Object.values(table).flatMap((year) => Object.keys(year[kind]).map((date) => Date.parse(`${date}T00:00:00Z`) / DAY)));
  const off = dayNumbers('off');
  const makeUp = dayNumbers('work');

  const works = (day: number): boolean => makeUp.has(day) || (!off.has(day) && !isWeekend(day));
  function settled(first: number, last: number): boolean {
    for (let year = yearOf(first); year <= yearOf(last + SETTLED_BY_NEXT_YEAR); year += 1) if (!published.has(year)) return false;
    return true;
  }

  function addWorkingDays(from: Date, n: number): Due {
    const start = dayOf(from);
    let day = start;
    for (let left = n; left > 0;) {
      day += 1;
      if (works(day)) left -= 1;
    }
    return { due: endOf(day), calendar: version, provisional: n > 0 && !settled(start + 1, day) };
  }

  function endingOn(day: number, rollsOn: boolean): Due {
    let last = day;
    if (rollsOn) while (!works(last)) last += 1;
    return { due: endOf(last), calendar: version, provisional: rollsOn && !settled(day, last) };
  }

  function add(from: Date, value: number, unit: TimeUnit, rollsOn = false): Due {
    switch (unit) {
      case 'working_day': return addWorkingDays(from, value);
      case 'natural_day': return endingOn(dayOf(from) + value, rollsOn);
      case 'month': return endingOn(addMonthsToDay(dayOf(from), value), rollsOn);
      case 'year': return endingOn(addMonthsToDay(dayOf(from), value * 12), false);
      case 'minute': return { due: new Date(from.getTime() + value * 60_000), calendar: version, provisional: false };
    }
  }

  function workingDaysBetween(from: Date, to: Date): number {
    const [first, last] = [dayOf(from), dayOf(to)];
    let count = 0;
    for (let day = Math.min(first, last) + 1; day <= Math.max(first, last); day += 1) if (works(day)) count += 1;
    return last < first && count > 0 ? -count : count;
  }

  function extendBy(due: Date, pause: Pause, unit: TimeUnit, rollsOn = false): Due {
    const same = { due, calendar: version, provisional: !settled(dayOf(pause.from), dayOf(due)) };
    if (pause.from >= due || pause.to <= pause.from) return same;
    if (unit === 'minute') return { ...same, due: new Date(due.getTime() + pause.to.getTime() - pause.from.getTime()), provisional: false };
    if (dayOf(pause.from) === dayOf(pause.to)) return same;
    if (unit === 'working_day') return addWorkingDays(pause.to, workingDaysBetween(pause.from, due));
    return endingOn(dayOf(due) + dayOf(pause.to) - dayOf(pause.from), rollsOn);
  }

  function remainingInWords(due: Date, now: Date, unit: TimeUnit = 'working_day'): string {
    if (unit !== 'working_day' && unit !== 'minute') {
      const left = dayOf(due) - dayOf(now);
      return now > due ? `已超期 ${Math.max(-left, 1)} 天` : left === 0 ? '今天到期' : `还剩 ${left} 天`;
    }
    const days = workingDaysBetween(now, due);
    if (now > due) return days < 0 ? `已超期 ${-days} 个工作日` : '已超期，不足 1 个工作日';
    if (dayOf(due) === dayOf(now)) return '今天到期';
    // A natural-day period may end on a day of rest with no working day in between.
    return days > 0 ? `还剩 ${days} 个工作日` : `还剩 ${dayOf(due) - dayOf(now)} 天`;
  }

  return {
    version,
    isPublished: (year) => published.has(year),
    isWorkingDay: (at) => works(dayOf(at)),
    addWorkingDays, add, workingDaysBetween, extendBy, monthAfter, remainingInWords,
  };
}

export const shippedHolidays: HolidayTable = shipped;

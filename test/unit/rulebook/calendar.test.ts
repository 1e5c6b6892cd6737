import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createCalendar, shippedHolidays } from '../../../src/rulebook/calendar';
import independent from './fixtures/holidays-cn.json';

const calendar = createCalendar();
/** A wall-clock moment in Beijing. */
const at = (text: string): Date => new Date(`${text.length === 10 ? `${text}T10:00:00` : text}+08:00`);
const endOf = (date: string): Date => new Date(`${date}T23:59:59.999+08:00`);

/**
 * The other calendar: strings instead of day numbers, the host's Intl instead of an offset, one day at a time, and a table
 * transcribed from the State Council's notices by somebody else. It shares nothing with the product's code or data.
 */
const naive = (() => {
  const off = new Set(independent.years.flatMap((year) => year.off_days));
  const makeUp = new Set(independent.years.flatMap((year) => year.makeup_workdays));
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone: 'Asia/Shanghai', weekday: 'short' });
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
  const isWorking = (noon: Date, date: string) =>
    makeUp.has(date) || (!off.has(date) && !['Sat', 'Sun'].includes(weekday.format(noon)));
  const days = new Map<string, boolean>();
  for (let noon = new Date('2023-12-01T12:00:00+08:00'); noon.getTime() < Date.parse('2027-03-01'); noon = new Date(noon.getTime() + 86_400_000)) {
    const date = wall.format(noon);
    days.set(date, isWorking(noon, date));
  }
  const dates = [...days.keys()];
  const position = new Map(dates.map((date, index) => [date, index]));
  return {
    dateOf: (moment: Date) => wall.format(moment),
    due(from: Date, n: number): string {
      let index = position.get(wall.format(from))!;
      for (let counted = 0; counted < n;) {
        index += 1;
        if (days.get(dates[index]!)) counted += 1;
      }
      return dates[index]!;
    },
  };
})();

describe('working days with make-up days (调休)', () => {
  it('agrees with an independent table on 100,000 random deadlines', () => {
    // A fixed linear congruence: the same 100,000 on every machine.
    let seed = 20261122;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const first = Date.parse('2024-01-01T00:00:00+08:00');
    const span = Date.parse('2026-10-15T00:00:00+08:00') - first;
    const wrong: unknown[] = [];
    for (let i = 0; i < 100_000; i += 1) {
      const from = new Date(first + random(span / 1000) * 1000);
      const n = 1 + random(40);
      const { due, provisional } = calendar.addWorkingDays(from, n);
      const expected = naive.due(from, n);
      const wanted = endOf(expected).getTime();
      if (due.getTime() !== wanted || provisional !== (expected >= '2026-12-28')) wrong.push({ from, n, due, expected, provisional });
    }
    expect(wrong).toEqual([]);
  });

  it.each(independent.testcases)('$anchor + $add_working_days working days is $expected', ({ anchor, add_working_days, expected }) => {
    expect(calendar.addWorkingDays(at(anchor), add_working_days).due).toEqual(endOf(expected));
  });

  it('ships exactly the arrangements of the maintained library', () => {
    for (const [year, table] of Object.entries(shippedHolidays)) {
      // Read as files: the package's entry point carries more than we need and does not export whole years.
      const file = join(require.resolve('chinese-days'), '..', 'years', `${year}.json`);
      const library = JSON.parse(readFileSync(file, 'utf8')) as { holidays: object; workdays: object };
      expect([year, Object.keys(table.off)]).toEqual([year, Object.keys(library.holidays).toSorted()]);
      expect([year, Object.keys(table.work)]).toEqual([year, Object.keys(library.workdays).toSorted()]);
    }
  });

  it('does not count the day itself, whatever the hour in Beijing or the zone of the host', () => {
    expect(calendar.addWorkingDays(at('2026-11-23T00:00:00'), 1).due).toEqual(endOf('2026-11-24'));
    expect(calendar.addWorkingDays(at('2026-11-23T23:59:59'), 1).due).toEqual(endOf('2026-11-24'));
    // 23:30 in Beijing is still the afternoon in UTC.
    expect(calendar.addWorkingDays(new Date('2026-11-23T15:30:00Z'), 1).due).toEqual(endOf('2026-11-24'));
    expect(calendar.addWorkingDays(new Date('2026-11-23T16:30:00Z'), 1).due).toEqual(endOf('2026-11-25'));
  });

  it('counting back gives what was counted on', () => {
    const moments = fc.date({ min: at('2023-01-02'), max: at('2028-12-01'), noInvalidDate: true });
    fc.assert(fc.property(moments, fc.integer({ min: 0, max: 300 }), (from, n) => {
      const { due } = calendar.addWorkingDays(from, n);
      expect(calendar.workingDaysBetween(from, due)).toBe(n);
      expect(calendar.workingDaysBetween(due, from)).toBe(n === 0 ? 0 : -n);
    }));
  });
});

describe('years not yet published', () => {
  it('counts Monday to Friday and says provisional', () => {
    expect(calendar.isPublished(2027)).toBe(false);
    expect(calendar.addWorkingDays(at('2027-03-05'), 1)).toEqual({ due: endOf('2027-03-08'), calendar: calendar.version, provisional: true });
    expect(calendar.addWorkingDays(at('2026-12-21'), 3).provisional).toBe(false);
    expect(calendar.addWorkingDays(at('2026-12-21'), 30).provisional).toBe(true);
    // New Year's arrangement has moved the last days of the December before.
    expect(calendar.addWorkingDays(at('2026-12-25'), 2)).toMatchObject({ due: endOf('2026-12-29'), provisional: true });
  });

  it('a published year changes the version and settles the date', () => {
    const later = createCalendar({ ...shippedHolidays, 2027: { off: { '2027-03-08': '测试' }, work: { '2027-03-06': '测试' } } });
    expect(later.version).not.toBe(calendar.version);
    expect(later.addWorkingDays(at('2027-03-05'), 1)).toMatchObject({ due: endOf('2027-03-06'), provisional: false });
    expect(later.addWorkingDays(at('2027-03-05'), 2)).toMatchObject({ due: endOf('2027-03-09') });
  });
});

describe('natural days, months, years and minutes', () => {
  it('ends on the day, or rolls on past a day of rest where the bureau says so', () => {
    // 30 days after 2 September 2026 is 2 October, in the National Day holiday.
    expect(calendar.add(at('2026-09-02'), 30, 'natural_day')).toMatchObject({ due: endOf('2026-10-02'), provisional: false });
    expect(calendar.add(at('2026-09-02'), 30, 'natural_day', true)).toMatchObject({ due: endOf('2026-10-08'), provisional: false });
    expect(calendar.add(at('2026-11-22'), 365, 'natural_day', true).provisional).toBe(true);
  });

  it.each([
    ['2026-01-15', 3, '2026-04-15'], ['2025-11-30', 3, '2026-02-28'], ['2023-11-30', 3, '2024-02-29'],
    ['2026-08-31', 1, '2026-09-30'], ['2025-10-20', 6, '2026-04-20'],
  ])('%s plus %d months is %s', (from, months, to) => {
    expect(calendar.add(at(from), months, 'month').due).toEqual(endOf(to));
  });

  it('29 February plus a year is 28 February; minutes are exact', () => {
    expect(calendar.add(at('2024-02-29'), 1, 'year').due).toEqual(endOf('2025-02-28'));
    expect(calendar.add(at('2026-11-22T10:00:00'), 30, 'minute')).toEqual({ due: at('2026-11-22T10:30:00'), calendar: calendar.version, provisional: false });
  });

  it('14: the third month after a notice of 10 November opens on 1 February and ends with it', () => {
    expect(calendar.monthAfter(at('2025-11-10'), 3)).toEqual({ opens: new Date('2026-02-01T00:00:00+08:00'), due: endOf('2026-02-28') });
  });
});

describe('pauses', () => {
  it('leaves as many working days as there were when the clock stopped', () => {
    const { due } = calendar.addWorkingDays(at('2026-11-02'), 10);
    expect(due).toEqual(endOf('2026-11-16'));
    // Stopped with six days left, resumed on Friday the 20th.
    expect(calendar.extendBy(due, { from: at('2026-11-06'), to: at('2026-11-20') }, 'working_day').due).toEqual(endOf('2026-11-30'));
  });

  it('a pause within a day, or after the clock ran out, gives nothing', () => {
    const { due } = calendar.addWorkingDays(at('2026-11-02'), 2);
    expect(calendar.extendBy(due, { from: at('2026-11-03T09:00:00'), to: at('2026-11-03T18:00:00') }, 'working_day').due).toEqual(due);
    expect(calendar.extendBy(due, { from: at('2026-11-05'), to: at('2026-11-20') }, 'working_day').due).toEqual(due);
    expect(calendar.extendBy(due, { from: at('2026-11-03'), to: at('2026-11-02') }, 'working_day').due).toEqual(due);
  });

  it('natural days and minutes stand still just as long as the pause', () => {
    const pause = { from: at('2026-11-03T09:00:00'), to: at('2026-11-05T10:00:00') };
    expect(calendar.extendBy(endOf('2026-11-10'), pause, 'natural_day').due).toEqual(endOf('2026-11-12'));
    expect(calendar.extendBy(at('2026-11-03T10:00:00'), pause, 'minute').due).toEqual(at('2026-11-05T11:00:00'));
  });

  it('never brings a deadline forward', () => {
    const moments = fc.date({ min: at('2024-01-02'), max: at('2026-11-01'), noInvalidDate: true });
    fc.assert(fc.property(moments, fc.integer({ min: 1, max: 40 }), fc.nat(60 * 1440), fc.nat(60 * 1440), (from, n, wait, length) => {
      const { due } = calendar.addWorkingDays(from, n);
      const start = new Date(from.getTime() + wait * 60_000);
      const extended = calendar.extendBy(due, { from: start, to: new Date(start.getTime() + length * 60_000) }, 'working_day').due;
      expect(extended.getTime()).toBeGreaterThanOrEqual(due.getTime());
    }));
  });
});

it.each([
  ['2026-11-25', '2026-11-20', '还剩 3 个工作日'],
  ['2026-11-25', '2026-11-25T00:00:00', '今天到期'],
  ['2026-11-25', '2026-11-25T23:59:59', '今天到期'],
  ['2026-11-25', '2026-11-26T00:00:00', '已超期 1 个工作日'],
  ['2026-11-25', '2026-11-27', '已超期 2 个工作日'],
  // Friday's deadline seen on Saturday; a natural-day deadline on Sunday seen on Saturday; Golden Week.
  ['2026-11-27', '2026-11-28', '已超期，不足 1 个工作日'],
  ['2026-11-29', '2026-11-28', '还剩 1 天'],
  ['2026-10-09', '2026-09-30', '还剩 2 个工作日'],
])('due %s, seen %s: %s', (due, now, words) => {
  expect(calendar.remainingInWords(endOf(due), at(now))).toBe(words);
});

it.each([
  ['2026-12-25', '2026-11-25', '还剩 30 天'],
  ['2026-11-25', '2026-11-25T00:00:00', '今天到期'],
  ['2026-11-25', '2026-11-27', '已超期 2 天'],
])('a period in natural days, due %s, seen %s: %s', (due, now, words) => {
  expect(calendar.remainingInWords(endOf(due), at(now), 'natural_day')).toBe(words);
});

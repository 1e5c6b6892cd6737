import type { Clock } from '../../../src/kernel/case';
import { halfOf, recounted } from '../../../src/kernel/recount';
import { loadRulebook } from '../../../src/rulebook/rulebook';

const before = loadRulebook();
/** 2027 as it might be published: New Year's Day off on Friday 1st, made up on Sunday 3rd; a spring festival week. */
const after = loadRulebook(2, {
  holidays: {
    2027: {
      off: { '2027-01-01': '元旦', '2027-02-05': '春节', '2027-02-08': '春节', '2027-02-09': '春节', '2027-02-10': '春节', '2027-02-11': '春节' },
      work: { '2027-01-03': '元旦', '2027-02-20': '春节' },
    },
  },
});
const at = (text: string) => new Date(`${text}T02:00:00Z`);
const endOf = (day: string) => new Date(`${day}T15:59:59.999Z`);

function aClock(startedAt: Date, more: Partial<Clock> = {}): Clock {
  const { due, calendar, provisional } = before.due('plan.review', startedAt);
  return { seq: 3, deadline: 'plan.review', article: '12.2', startedAt, due, calendar, provisional, next: halfOf(startedAt, due, before), ...more };
}

it('a provisional clock is counted anew from its start under the published year, half-time with it', () => {
  const startedAt = at('2027-01-29');
  const clock = aClock(startedAt);
  expect([clock.due, clock.provisional]).toEqual([endOf('2027-02-12'), true]);
  const counted = recounted(clock, { now: at('2027-01-30'), rulebook: after });
  // Monday 1 to Thursday 4 are four days, Friday 12 the fifth, then 15 to 19.
  expect(counted).toEqual({ ...clock, due: endOf('2027-02-19'), calendar: after.calendar.version, provisional: false, next: halfOf(startedAt, endOf('2027-02-19'), after) });
});

it('a reminder comes half-way, or at the share of the time that the bureau has set', () => {
  const [from, due] = [at('2027-01-01'), at('2027-01-11')];
  expect(halfOf(from, due, before)).toEqual(at('2027-01-06'));
  expect(halfOf(from, due, loadRulebook(2, { parameters: { 'desk.half_time_percent': 80 } }))).toEqual(at('2027-01-09'));
});

it('a clock at half-time waits for its new end, not for half-time again', () => {
  const clock = aClock(at('2027-01-29'));
  expect(recounted({ ...clock, next: clock.due }, { now: at('2027-02-08'), rulebook: after }).next).toEqual(endOf('2027-02-19'));
});

it('pauses are counted through again', () => {
  const startedAt = at('2027-01-29');
  const pause = { from: at('2027-02-01'), to: at('2027-02-03') };
  const clock = aClock(startedAt);
  const extended = before.extend('plan.review', clock.due, pause);
  const counted = recounted({ ...clock, due: extended.due, next: extended.due, pauses: [pause] }, { now: at('2027-02-04'), rulebook: after });
  expect(counted.due).toEqual(after.extend('plan.review', endOf('2027-02-19'), pause).due);
  expect(counted.due).toEqual(endOf('2027-02-22'));
  expect(counted.next).toEqual(counted.due);
});

it('nobody is made late by a notice: an end that would lie in the past stays where it was', () => {
  const startedAt = at('2026-12-29');
  const monday = endOf('2027-01-04');
  const clock = aClock(startedAt, { due: monday, deadline: 'selection.check', next: monday });
  const shorter = loadRulebook(2, { holidays: { 2027: { off: { '2027-02-05': '春节' }, work: { '2027-01-02': '元旦', '2027-01-03': '元旦' } } } });
  expect(shorter.due('selection.check', startedAt).due < monday).toBe(true);
  const counted = recounted(clock, { now: at('2027-01-04'), rulebook: shorter });
  expect([counted.due, counted.provisional]).toEqual([monday, false]);
});

it('a clock that ran out under the old count only runs again', () => {
  const clock = aClock(at('2027-01-29'), { next: undefined, overdueAt: endOf('2027-02-12') });
  const counted = recounted(clock, { now: at('2027-02-15'), rulebook: after });
  expect(counted.next).toEqual(endOf('2027-02-19'));
  expect(counted).not.toHaveProperty('overdueAt');
});

it('where the day stays, only the calendar is noted; while nothing is published, it stays provisional', () => {
  const clock = aClock(at('2027-03-01'));
  expect(recounted(clock, { now: at('2027-03-02'), rulebook: after })).toEqual({ ...clock, calendar: after.calendar.version, provisional: false });
  expect(recounted(clock, { now: at('2027-03-02'), rulebook: before })).toEqual(clock);
});

import type { Logger } from 'pino';
import { SYSTEM } from './actor';
import type { Act } from './act';
import type { Case, Clock } from './case';
import type { CaseCollection } from './cases';
import { Refusal } from './refusal';
import type { Rulebook } from '../rulebook/rulebook';

/** When a clock asks for attention the first time: half-way, unless the bureau has set another share of the time. */
export const halfOf = (from: Date, due: Date, rulebook: Pick<Rulebook, 'param'>): Date =>
  new Date(from.getTime() + (due.getTime() - from.getTime()) * rulebook.param('desk.half_time_percent') / 100);

/**
 * A clock under the holidays known now: counted anew from its start and through every pause, as if they had been known then.
 * A day that has not passed is never moved into the past: nobody is made late by a holiday notice.
 */
export function recounted(clock: Clock, { now, rulebook }: { now: Date; rulebook: Pick<Rulebook, 'due' | 'extend' | 'param'> }): Clock {
  let counted = rulebook.due(clock.deadline, clock.startedAt);
  for (const pause of clock.pauses ?? []) counted = rulebook.extend(clock.deadline, counted.due, pause);
  const { calendar, provisional } = counted;
  const due = counted.due < now && clock.due >= now ? clock.due : counted.due;
  const same = { ...clock, due, calendar, provisional };
  if (due.getTime() === clock.due.getTime()) return same;
  const half = halfOf(clock.startedAt, due, rulebook);
  const atHalf = clock.next !== undefined && clock.next < clock.due;
  if (clock.overdueAt && due > now) {
    // It ran out under the old count only, so it runs again.
    const { overdueAt: _, ...running } = same;
    return { ...running, next: due };
  }
  return clock.next === undefined ? same : { ...same, next: atHalf ? half : due };
}

export interface RecountDeps {
  city: string;
  cases: CaseCollection;
  act: Pick<Act, 'act'>;
  rulebook(version?: number): Promise<Rulebook>;
  now: () => Date;
  log: Logger;
}

const PAGE = 500;

/**
 * Finds clocks that were counted on a year without published holidays, under another calendar than the one in force. Where the
 * day moves, it is a line of the timeline and the parties are told (standard move `recount`); where it stays, only the
 * calendar is noted. Harmless twice and by several processes. @returns how many moved and how many stayed
 */
export async function recountClocks({ city, cases, act, rulebook, now, log }: RecountDeps): Promise<{ moved: number; stayed: number }> {
  const { calendar } = await rulebook();
  const counts = { moved: 0, stayed: 0 };
  const found = await cases.find({ city, 'clock.provisional': true, 'clock.calendar': { $ne: calendar.version } }).limit(PAGE).toArray();
  for (const c of found) {
    try {
      const outcome = await recount(c);
      if (outcome) counts[outcome] += 1;
    } catch (error) {
      log.error({ err: error, no: c.no }, 'clock: could not be counted anew');
    }
  }
  return counts;

  async function recount(c: Case<any>): Promise<'moved' | 'stayed' | null> {
    const clock = c.clock!;
    const after = recounted(clock, { now: now(), rulebook: await rulebook(c.rulebook) });
    if (after.due.getTime() === clock.due.getTime()) {
      const same = { city, no: c.no, version: c.version, 'clock.seq': clock.seq, 'clock.due': clock.due };
      const kept = await cases.updateOne(same, { $set: { 'clock.calendar': after.calendar, 'clock.provisional': after.provisional } });
      return kept.modifiedCount === 1 ? 'stayed' : null;
    }
    try {
      await act.act(SYSTEM, c.no, 'recount', {}, { key: `recount:${clock.seq}:${after.calendar}`, expect: c.version });
      return 'moved';
    } catch (error) {
      // The case went on meanwhile; its next clock is counted under the new calendar, or found the next time.
      if (error instanceof Refusal && ['STALE', 'ILLEGAL_MOVE'].includes(error.code)) return null;
      throw error;
    }
  }
}

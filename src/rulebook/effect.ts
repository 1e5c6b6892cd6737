import type { Fault } from '../kernel/refusal';
import { beijingDate } from './calendar';

/** On what terms an amendment is made. */
export interface Terms {
  /** The day from which its numbers hold, 'YYYY-MM-DD' in Beijing; left out: at once. */
  from?: string;
  /** Takes back what was made but is not in force yet. */
  takesBack?: boolean;
  /** The newest version that whoever amends has seen. */
  on?: number;
}

interface Dated { at: Date; from?: Date; version: number }

export const isInForce = ({ at, from = at }: Dated, now: Date): boolean => from <= now;

const DAY_MS = 86_400_000;
/** Further ahead nobody plans, and a typing error in the year would hide a change for good. */
const AT_MOST_AHEAD_MS = 366 * DAY_MS;
const startOfDay = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
const isDay = (day: unknown): day is string =>
  typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(startOfDay(day).getTime()) && beijingDate(startOfDay(day)) === day;

const has = (amendment: unknown, section: string): boolean =>
  typeof amendment === 'object' && amendment !== null && Object.keys((amendment as Record<string, object | null>)[section] ?? {}).length > 0;

/**
 * From when an amendment holds. The newest version whose day has come is in force, and each is made on the one before; so a change
 * of numbers can take effect with what is already planned or after it, not before. Holidays have no day: they are published.
 */
export function effectOf({ from, takesBack }: Terms, { amendment, now, newest }: { amendment: unknown; now: Date; newest: Dated | null }): { from: Date; faults: Fault[] } {
  const planned = newest && !isInForce(newest, now) ? newest : null;
  const fault = (field: string, message: string) => ({ from: now, faults: [{ field, message }] });
  if (takesBack) return planned ? { from: now, faults: [] } : fault('takesBack', '没有待施行的修改');
  if (from !== undefined && !isDay(from)) return fault('from', '施行日期的格式应为 2027-01-01');
  if (from !== undefined && has(amendment, 'holidays')) return fault('from', '节假日安排自公布起适用，不另定施行日期；请与参数分开修改');
  const starts = from === undefined ? now : startOfDay(from);
  if (from !== undefined && starts <= now) return fault('from', '施行日期应在今天之后；立即施行的不填');
  if (starts.getTime() - now.getTime() > AT_MOST_AHEAD_MS) return fault('from', '施行日期不能晚于一年');
  if (!planned) return { from: starts, faults: [] };
  if (!has(amendment, 'parameters')) return { from: planned.from!, faults: [] };
  return starts < planned.from!
    ? fault('from', `第 ${planned.version} 版将自 ${beijingDate(planned.from!)} 起施行，新的修改不能早于它；需要更早施行的，请先撤回第 ${planned.version} 版`)
    : { from: starts, faults: [] };
}

import type { Connection } from 'mongoose';
import type { Case, Entry } from '../../src/kernel/case';
import type { Procedure } from '../../src/kernel/procedure';
import type { Check } from '../../src/review/care';
import type { StruckClock } from './bad-luck';
import type { Attempt } from './caller';
import type { Person } from './people';

/** Cards on the virtual phones, by openid. */
export type Phones = ReadonlyMap<string, readonly { templateId: string; page: string | null }[]>;

/** What went wrong, by kind; each line names the case and says what was expected. */
export const FAULTS = ['lost', 'doubled', 'missingEffects', 'doubledEffects', 'misqueued', 'brokenChains', 'stuckClocks', 'pendingWork', 'unexplained'] as const;
export type FaultKind = (typeof FAULTS)[number];
export type Faults = Record<FaultKind, string[]>;

export interface Evidence {
  connection: Connection;
  city: string;
  procedures: ReadonlyMap<string, Procedure>;
  people: readonly Person[];
  attempts: ReadonlyMap<string, Attempt>;
  /** Cases as they stood right after an acknowledged write, by `no:seq`. */
  snapshots: ReadonlyMap<string, Case<any>>;
  clocks: readonly StruckClock[];
  queues: Check;
  /** The cards on the virtual phones. */
  phones: Phones;
}

/** The case as it stood after a line: the snapshot if there is one, otherwise the nearest later reading, cut off at the line. */
export function after(c: Case<any>, entry: Entry, snapshots: ReadonlyMap<string, Case<any>>): Case<any> {
  const exact = snapshots.get(`${c.no}:${entry.seq}`);
  if (exact) return exact;
  const later = c.timeline.slice(entry.seq).map(({ seq }) => snapshots.get(`${c.no}:${seq}`)).find((found) => found !== undefined) ?? c;
  return { ...later, state: entry.to, timeline: c.timeline.slice(0, entry.seq), version: entry.seq };
}

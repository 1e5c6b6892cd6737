import { hash } from 'node:crypto';
import type { Case, Entry } from './case';

/** The hash before the first line. */
export const GENESIS = '0'.repeat(64);

/** JSON with sorted keys; dates as ISO strings, undefined left out: equal values give equal bytes on every machine. */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map((item) => (item === undefined ? 'null' : canonical(item))).join(',')}]`;
  if (typeof value === 'object') {
    // Every write and every check of a chain comes through here: no more copies than needed.
    let members = '';
    for (const key of Object.keys(value).sort()) {
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonical(member)}`;
    }
    return `{${members}}`;
  }
  throw new TypeError(`not canonical: ${typeof value}`);
}

export const sha256 = (text: string): string => hash('sha256', text);
export const digest = (value: unknown): string => sha256(canonical(value));

/** What a line vouches for besides itself: who the parties are, the state and the data after it. */
export const stateHashOf = (c: Pick<Case, 'no' | 'state' | 'parties' | 'data' | 'disclosed' | 'rulebook'>): string =>
  digest({ no: c.no, state: c.state, parties: c.parties, data: c.data, disclosed: c.disclosed, rulebook: c.rulebook });

export function seal(line: Omit<Entry, 'hash'>): Entry {
  return { ...line, hash: digest(line) };
}

/** A numbered line of a log that holds for a whole city, sealed over the one before. */
export interface LoggedLine { seq: number; prev: string; hash: string }
/** Before the first line. */
export const NO_LINE = { seq: 0, hash: GENESIS } as const;

/** What is wrong with a line of a log, as it was sealed, that follows on `before`; null if nothing is. */
export function faultOf({ hash, ...line }: LoggedLine, before: { seq: number; hash: string }): 'sequence' | 'link' | 'line' | null {
  if (line.seq !== before.seq + 1) return 'sequence';
  if (line.prev !== before.hash) return 'link';
  return digest(line) === hash ? null : 'line';
}

/** The first broken link of a case's chain, or null. Checks order, links, each line's own hash, and data against the last line. */
export function firstBreak(c: Case): { seq: number; reason: string } | null {
  let prev = GENESIS;
  for (const [index, entry] of c.timeline.entries()) {
    const { hash, ...line } = entry;
    if (entry.seq !== index + 1) return { seq: entry.seq, reason: 'sequence' };
    if (entry.prev !== prev) return { seq: entry.seq, reason: 'link' };
    if (digest(line) !== hash) return { seq: entry.seq, reason: 'line' };
    prev = hash;
  }
  const last = c.timeline.at(-1);
  if (!last) return { seq: 0, reason: 'empty' };
  if (last.to !== c.state) return { seq: last.seq, reason: 'state' };
  if (last.stateHash !== stateHashOf(c)) return { seq: last.seq, reason: 'data' };
  return null;
}

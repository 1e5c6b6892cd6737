import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A case number: prefix, day in Shanghai, six characters (`JB20261122-7K3MQ9`). Not counted: a running number would tell an accused
 * provider that a report was filed, and a counter would be the one document every city writes to. Drawn from the request's own
 * key, so that a request repeated after a crash meets the files and the identity it had already handed over.
 */
export function newCaseNo(prefix: string, now: Date, seed: string): string {
  const tail = characters(createHash('sha256').update(seed).digest().subarray(0, 6));
  return `${prefix}${shanghaiDay(now).replaceAll('-', '')}-${tail}`;
}

/** One character of a number for each byte: digits and capitals that are not taken for each other. */
export const characters = (bytes: Uint8Array): string => Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('');

const SHANGHAI_MS = 8 * 3_600_000;
/** The instant at which a day begins there; months and days past the end run over, as in `Date.UTC`. */
export const shanghaiMidnight = (year: number, month = 1, day = 1): Date => new Date(Date.UTC(year, month - 1, day) - SHANGHAI_MS);

/** The calendar day 'YYYY-MM-DD' in Asia/Shanghai, which has had no daylight saving since 1991. */
export const shanghaiDay = (at: Date): string => new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(0, 10);

/** A day 'YYYY-MM-DD' in words: 2026年3月2日. */
export const wordsOfDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** The same of the day there at an instant. */
export const dayInWords = (at: Date): string => wordsOfDay(shanghaiDay(at));

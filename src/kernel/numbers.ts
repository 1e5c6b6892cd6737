import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A case number: prefix, day in Shanghai, six random characters (`JB20261122-7K3MQ9`). Random, not counted: a running number would tell
 * an accused provider that a report was filed, and a counter would be the one document every city writes to.
 */
export function newCaseNo(prefix: string, now: Date): string {
  let tail = '';
  for (let i = 0; i < 6; i += 1) tail += ALPHABET[randomInt(ALPHABET.length)];
  return `${prefix}${shanghaiDay(now).replaceAll('-', '')}-${tail}`;
}

/** The calendar day 'YYYY-MM-DD' in Asia/Shanghai, which has had no daylight saving since 1991. */
export const shanghaiDay = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

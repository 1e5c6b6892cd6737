import { createHash } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A case number: prefix, day in Shanghai, six characters (`JB20261122-7K3MQ9`). Not counted: a running number would tell an accused
 * provider that a report was filed, and a counter would be the one document every city writes to. Drawn from the request's own
 * key, so that a request repeated after a crash meets the files and the identity it had already handed over.
 */
export function newCaseNo(prefix: string, now: Date, seed: string): string {
  const bytes = createHash('sha256').update(seed).digest();
  const tail = Array.from({ length: 6 }, (_, i) => ALPHABET[bytes[i]! % 32]).join('');
  return `${prefix}${shanghaiDay(now).replaceAll('-', '')}-${tail}`;
}

/** The calendar day 'YYYY-MM-DD' in Asia/Shanghai, which has had no daylight saving since 1991. */
export const shanghaiDay = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

import type { Connection, mongo } from 'mongoose';
import { digest, faultOf, NO_LINE } from '../kernel/chain';

export const STEPS = ['requested', 'approved', 'opened', 'erased'] as const;
export type Step = (typeof STEPS)[number];

/** One line of the opening log. The log is the only record of openings: their state is read off it. */
export interface OpeningLine {
  city: string;
  /** From 1 without gaps, for each city. */
  seq: number;
  at: Date;
  step: Step;
  identityId: string;
  openingId: string;
  caseNo: string;
  /** The person (staff) who took the step. */
  by: string;
  /** Why, in the words of the person who asked; on the first line only. */
  reason?: string;
  prev: string;
  hash: string;
}

export type NewLine = Omit<OpeningLine, 'city' | 'seq' | 'prev' | 'hash'>;
export interface CheckedLine { line: OpeningLine; fault: 'sequence' | 'link' | 'line' | null }
type Stored = OpeningLine & { _id?: mongo.BSON.ObjectId };

export const isDuplicate = (error: unknown, field: string): boolean =>
  (error as { code?: number }).code === 11000 && field in ((error as { keyPattern?: object }).keyPattern ?? {});

/** Append-only, hash-chained for each city. Truncation shows against a head noted outside, see `head`. */
export function openingLog(connection: Connection, city: string) {
  const lines = connection.collection<Stored>('openings');

  async function prepare(): Promise<void> {
    await lines.createIndex({ city: 1, seq: 1 }, { unique: true });
    // What happened with this opening? And: one request and one approval each, however many try at once.
    await lines.createIndex({ city: 1, openingId: 1, step: 1 }, { unique: true, partialFilterExpression: { once: true } });
    await lines.createIndex({ city: 1, openingId: 1, seq: 1 });
    // Who looked at me?
    await lines.createIndex({ city: 1, identityId: 1, seq: 1 });
    // What was asked on this case?
    await lines.createIndex({ city: 1, caseNo: 1, seq: 1 });
    // sweep: which steps are young enough to be missing in their case's timeline?
    await lines.createIndex({ city: 1, at: 1 });
  }

  const head = async (): Promise<{ seq: number; hash: string }> => {
    const last = await lines.findOne({ city }, { sort: { seq: -1 } });
    return last ? { seq: last.seq, hash: last.hash } : NO_LINE;
  };

  /** @returns false when this step of this opening stands already */
  async function append(line: NewLine): Promise<boolean> {
    for (;;) {
      const last = await head();
      const body = { city, ...line, seq: last.seq + 1, prev: last.hash };
      const once = line.step === 'opened' ? {} : { once: true };
      try {
        await lines.insertOne({ ...body, hash: digest(body), ...once });
        return true;
      } catch (error) {
        if (isDuplicate(error, 'step')) return false;
        // Another process took this number: look again.
        if (!isDuplicate(error, 'seq')) throw error;
      }
    }
  }

  /** Lines with a smaller number than `before`, newest first; each with the first thing wrong about it or its link to the line before. */
  async function page({ before, limit }: { before?: number; limit: number }): Promise<{ items: CheckedLine[]; more: boolean }> {
    // One line more: the oldest of the page is held against the line before it.
    const found = await lines.find({ city, seq: { $lt: before ?? Number.MAX_SAFE_INTEGER } }).sort({ seq: -1 }).limit(limit + 1).toArray();
    const items = found.slice(0, limit).map((stored, index) => {
      const line = plain(stored);
      return { line, fault: faultOf(line, found[index + 1] ?? NO_LINE) };
    });
    return { items, more: found.length > limit };
  }

  const ofOpening = (openingId: string) => lines.find({ city, openingId }).sort({ seq: 1 }).toArray();
  const ofCase = (caseNo: string) => lines.find({ city, caseNo }).sort({ seq: 1 }).toArray();
  const since = (at: Date) => lines.find({ city, at: { $gte: at } }).sort({ at: 1 }).toArray();
  const ofIdentities = (ids: string[]) => lines.find({ city, identityId: { $in: ids } }).sort({ seq: 1 }).toArray();

  /**
   * The first broken link, or null.
   * @param known a head noted outside earlier; shows a log cut off or rewritten since
   */
  async function firstBreak(known?: { seq: number; hash: string }): Promise<{ seq: number; reason: string } | null> {
    let last: { seq: number; hash: string } = NO_LINE;
    for await (const stored of lines.find({ city }).sort({ seq: 1 })) {
      const reason = faultOf(plain(stored), last) ?? (known?.seq === stored.seq && known.hash !== stored.hash ? 'head' : null);
      if (reason) return { seq: last.seq + 1, reason };
      last = { seq: stored.seq, hash: stored.hash };
    }
    return known && known.seq > last.seq ? { seq: last.seq + 1, reason: 'truncated' } : null;
  }

  return { prepare, append, head, page, ofOpening, ofCase, ofIdentities, since, firstBreak };
}

const plain = ({ _id, once: _once, ...line }: Stored & { once?: true }): OpeningLine => line;

import type { Connection, mongo } from 'mongoose';
import { digest, faultOf, NO_LINE } from '../kernel/chain';

/** Who took what out of the house. Append-only; each line is sealed over the one before. */
export interface ExportLine {
  city: string;
  /** From 1 without gaps, for each city. */
  seq: number;
  at: Date;
  /** Stands in the exported file too: who finds the file finds this line. */
  id: string;
  kind: string;
  /** The member of staff. */
  by: string;
  /** What for, in the words of who took it. */
  reason: string;
  /** What was asked for, such as the filter of a list or a case number. */
  of: Record<string, string>;
  rows: number;
  /** SHA-256 of the file as it was handed over. */
  sha256: string;
  prev: string;
  hash: string;
}
type Stored = ExportLine & { _id?: mongo.BSON.ObjectId };

const isTaken = (error: unknown): boolean => (error as { code?: number }).code === 11000;

export function exportLog(connection: Connection, city: string) {
  const lines = connection.collection<Stored>('exports');

  async function prepare(): Promise<void> {
    await lines.createIndex({ city: 1, seq: -1 }, { unique: true }); // what was taken out, newest first; which line is the last?
    await lines.createIndex({ city: 1, by: 1, seq: -1 }); // what did this person take out?
  }

  async function append(line: Omit<ExportLine, 'city' | 'seq' | 'prev' | 'hash'>): Promise<void> {
    for (;;) {
      const last = (await lines.findOne({ city }, { sort: { seq: -1 } })) ?? NO_LINE;
      const body = { city, ...line, seq: last.seq + 1, prev: last.hash };
      try {
        await lines.insertOne({ ...body, hash: digest(body) });
        return;
      } catch (error) {
        if (!isTaken(error)) throw error; // else another process took this number: look again
      }
    }
  }

  /** @param by only one person's */
  const page = ({ by, before, limit }: { by?: string; before?: number; limit: number }): Promise<ExportLine[]> =>
    lines.find({ city, ...(by ? { by } : {}), ...(before ? { seq: { $lt: before } } : {}) }, { projection: { _id: 0 } }).sort({ seq: -1 }).limit(limit).toArray() as Promise<ExportLine[]>;

  /** The first broken link, or null. */
  async function firstBreak(): Promise<{ seq: number; reason: string } | null> {
    let last: { seq: number; hash: string } = NO_LINE;
    for await (const { _id, ...line } of lines.find({ city }).sort({ seq: 1 })) {
      const reason = faultOf(line, last);
      if (reason) return { seq: last.seq + 1, reason };
      last = line;
    }
    return null;
  }

  return { prepare, append, page, firstBreak };
}

export type ExportLog = ReturnType<typeof exportLog>;

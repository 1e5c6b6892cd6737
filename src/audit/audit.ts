import type { mongo } from 'mongoose';
import type { Case } from '../kernel/case';
import type { CaseCollection } from '../kernel/cases';
import { firstBreak } from '../kernel/chain';

/** Why a chain is broken, as the checks name it. */
export const BREAKS: Readonly<Record<string, string>> = {
  sequence: '序号不连续', link: '与前一条记录不衔接', line: '记录内容被改动', empty: '没有任何记录', state: '状态与最后一条记录不符', data: '案件内容与最后一条记录不符',
};

export interface Break { seq: number; reason: string; inWords: string }
/** One case's chain, checked at this moment. */
export interface ChainState {
  no: string;
  whole: boolean;
  /** Number of lines, and the hash of the last one. */
  lines: number;
  head: string;
  lastAt: string | null;
  broken: Break | null;
}
/** For whoever sees only some lines of a case, such as an expert while scores are blind: whether it is whole, and no count of what is hidden. */
export type ChainVerdict = Pick<ChainState, 'no' | 'whole' | 'broken'>;
export interface ChainPage {
  checked: number;
  lines: number;
  broken: (Break & { no: string })[];
  next: string | null;
}

/** Hashing holds the process; after so many cases others have their turn. */
const CASES_IN_A_ROW = 10;
const breath = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

export function stateOfChain(c: Case): ChainState {
  const found = firstBreak(c);
  const last = c.timeline.at(-1);
  return {
    no: c.no, whole: found === null, lines: c.timeline.length, head: last?.hash ?? '', lastAt: last?.at.toISOString() ?? null,
    broken: found && { ...found, inWords: BREAKS[found.reason] ?? found.reason },
  };
}

/** What `npm run audit:verify` does to all cases at once, in pages that a request can carry. Reads only. */
export function createAudit({ cases, city }: { cases: CaseCollection; city: string }) {
  /** @param after the last key of the page before; keys say nothing about case numbers, which not every auditor may know */
  async function checkPage({ after, limit }: { after?: mongo.ObjectId; limit: number }): Promise<Omit<ChainPage, 'next'> & { last: mongo.ObjectId | null }> {
    const result: Omit<ChainPage, 'next'> = { checked: 0, lines: 0, broken: [] };
    let last: mongo.ObjectId | null = null;
    // The order of the primary key: without the hint the planner might sort the whole city for one page.
    for await (const c of cases.find({ city, ...(after ? { _id: { $gt: after } } : {}) }).sort({ _id: 1 }).hint({ _id: 1 }).limit(limit)) {
      const { no, lines, broken } = stateOfChain(c);
      result.checked += 1;
      result.lines += lines;
      if (broken) result.broken.push({ no, ...broken });
      last = c._id;
      if (result.checked % CASES_IN_A_ROW === 0) await breath();
    }
    return { ...result, last: result.checked < limit ? null : last };
  }

  /** One case; all of its chain only for who sees all of its lines. */
  function verdictOn(c: Case, seesAll: boolean): ChainState | ChainVerdict {
    const state = stateOfChain(c);
    return seesAll ? state : { no: c.no, whole: state.whole, broken: state.broken };
  }
  const find = (no: string): Promise<Case | null> => cases.findOne({ city, no });

  return { checkPage, find, verdictOn };
}

export type Audit = ReturnType<typeof createAudit>;

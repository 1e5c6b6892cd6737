import { orgTag } from '../../kernel/actor';
import { sha256 } from '../../kernel/chain';
import type { Look, OrgFacts } from '../../kernel/look';

/** States in which a diagnosis keeps its provider busy. */
const BUSY = ['requested', 'assessing', 'issued', 'revising', 'reviewing'];

/** A provider that may be offered, with what the fair choice looks at. */
export interface Candidate {
  id: string;
  name: string;
  /** Diagnoses it has in hand. */
  inHand: number;
  /** When it was last given one. */
  lastAt: Date | null;
}

export interface Candidates {
  /** False where no listed provider serves the sub-sector and all listed ones were taken instead. */
  ofSector: boolean;
  list: Candidate[];
}

export async function candidatesFor(look: Look, sector: string | undefined): Promise<Candidates> {
  const near = sector ? await look.listedProviders(sector) : [];
  const ofSector = near.length > 0;
  const found = ofSector ? near : await look.listedProviders();
  return { ofSector, list: await Promise.all(found.map((provider) => candidate(look, provider))) };
}

async function candidate(look: Look, { id, name }: OrgFacts): Promise<Candidate> {
  const recent = await look.ofParty(orgTag(id), 'diagnosis');
  return { id, name, inHand: recent.filter((c) => BUSY.includes(c.state)).length, lastAt: recent[0]?.openedAt ?? null };
}

/**
 * The fair choice (the measures leave it open; article 13 asks for fairness): fewest in hand, then the longest without a new
 * one, then by lot drawn from the case number, so that anybody can repeat it. Null where nobody is left.
 * @param past ids of providers that have already declined, lapsed or handed back
 */
export function match({ list, ofSector }: Candidates, caseNo: string, past: readonly string[] = []): { provider: Candidate; note: string } | null {
  const lot = (id: string): string => sha256(`${caseNo}:${id}`);
  const left = list.filter(({ id }) => !past.includes(id));
  const [first] = left.toSorted((a, b) =>
    a.inHand - b.inHand || (a.lastAt?.getTime() ?? 0) - (b.lastAt?.getTime() ?? 0) || (lot(a.id) < lot(b.id) ? -1 : 1));
  if (!first) return null;
  const pool = ofSector ? '本细分行业' : '本细分行业暂无在库服务商，在全部';
  return {
    provider: first,
    note: `系统推荐：${pool}在库服务商 ${left.length} 家，选在办诊断最少（${first.inHand} 件）、最久未接新诊断的一家，相同的按案件编号抽签；企业可以另选`,
  };
}

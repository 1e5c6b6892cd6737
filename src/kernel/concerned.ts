import { roleTag } from './actor';
import type { CaseCollection } from './cases';

/**
 * Whom a general notice concerns, as a procedure declares it: a party of the cases of one procedure in these states, unless a case
 * of another procedure, linked to it, is in one of those.
 */
export interface Concerned {
  procedure: string;
  party: string;
  states: readonly string[];
  unless?: { procedure: string; states: readonly string[] };
}

const PAGE = 200;
/** A reader of every ordinary procedure: finds cases of one procedure by the index that lists have. */
const READER = roleTag('director');

/** The cases of one procedure that stand in one of these states, newest first. */
export const standingIn = ({ city, cases }: { city: string; cases: CaseCollection }, { procedure, states }: Pick<Concerned, 'procedure' | 'states'>) =>
  cases.find({ city, access: READER, procedure, state: { $in: [...states] } }, { projection: { no: 1, parties: 1 } }).sort({ openedAt: -1, no: -1 }).batchSize(PAGE);

/** The tags concerned, page by page, each page without repeats. */
export async function* concernedBy({ city, cases }: { city: string; cases: CaseCollection }, { procedure, party, states, unless }: Concerned): AsyncGenerator<string[]> {
  type Found = { no: string; parties: Record<string, string[]> };
  const tagsOf = (found: readonly Found[], done: ReadonlySet<string>): string[] =>
    [...new Set(found.filter(({ no }) => !done.has(no)).flatMap(({ parties }) => parties[party] ?? []))];

  let page: Found[] = [];
  for await (const c of standingIn({ city, cases }, { procedure, states })) {
    page.push(c);
    if (page.length === PAGE) { yield tagsOf(page, await settled(page)); page = []; }
  }
  if (page.length > 0) yield tagsOf(page, await settled(page));

  async function settled(found: readonly Found[]): Promise<Set<string>> {
    if (!unless) return new Set();
    const following = await cases.find(
      { city, 'links.no': { $in: found.map(({ no }) => no) }, procedure: unless.procedure, state: { $in: [...unless.states] } }, { projection: { links: 1 } },
    ).toArray();
    return new Set(following.flatMap(({ links }) => links.map(({ no }) => no)));
  }
}

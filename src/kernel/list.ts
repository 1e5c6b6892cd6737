import type { Filter } from 'mongodb';
import type { Actor } from './actor';
import type { Case } from './case';
import type { CaseCollection } from './cases';
import { beyond, cursorOf, parseCursor, sortOf, type Order } from './paging';
import { readableBy } from './policy';
import type { Procedure } from './procedure';
import { Refusal } from './refusal';
import { namesIn, searchFor, type SearchDeps, type Term } from './search';
import { lineOf, readerOf, type CaseLine } from './view';
import type { Rulebook } from '../rulebook/rulebook';

/** What a list asks for. `after` is the opaque `next` of the page before. */
export interface ListQuery {
  procedure?: string;
  state?: string;
  /** 'me': only what waits for me, most urgent first. */
  waiting?: 'me';
  /** Cases linked to this one, in a certain relation if one is named. */
  linked?: string;
  relation?: string;
  /** A case number or its part from the front, or parts of the names of organisations in it; several words must all be met. */
  q?: string;
  /** Staff: what lies on a desk, in the order of its queue. */
  desk?: string;
  /** Staff: what ran out of time and is not done, the longest first. */
  overdue?: boolean;
  limit?: number;
  after?: string;
}

/** `items` may be fewer than asked for while `next` goes on. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface ListDeps extends SearchDeps {
  city: string;
  cases: CaseCollection;
  procedures: ReadonlyMap<string, Procedure>;
  now: () => Date;
  rulebook(version?: number): Promise<Rulebook>;
}

const PAGE = 20;
const PAGE_MAX = 100;

/** Each order is answered by an index of its own, see cases.ts. */
const ORDERS = {
  newest: [['openedAt', -1], ['no', -1]],
  urgent: [['clock.due', 1], ['no', 1]],
  overdue: [['clock.overdueAt', 1], ['no', 1]],
  desk: [['task.priority', -1], ['task.since', 1], ['no', 1]],
} as const satisfies Record<string, Order>;

const orderOf = ({ waiting, overdue, desk }: ListQuery): keyof typeof ORDERS =>
  (waiting === 'me' ? 'urgent' : overdue ? 'overdue' : desk ? 'desk' : 'newest');

/** A line shows neither data nor proofs, so a page does not carry them from the database. */
export const FOR_A_LINE = { data: 0, outbox: 0, 'timeline.hash': 0, 'timeline.prev': 0, 'timeline.stateHash': 0, 'timeline.inputHash': 0, 'timeline.key': 0, 'timeline.note': 0, 'timeline.bureauNote': 0 } as const;

/** Lists of cases, always within what the actor may read. */
export function createList(deps: ListDeps) {
  const { cases, city, procedures } = deps;

  return async function list(actor: Actor, query: ListQuery): Promise<Page<CaseLine>> {
    const staffOnly = query.desk !== undefined || query.overdue === true;
    if (staffOnly && actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const search = query.q === undefined ? { filters: [], terms: [] } : await searchFor(query.q, deps);
    if (!search) return { items: [], next: null };

    const order: Order = ORDERS[orderOf(query)];
    const limit = Math.min(query.limit ?? PAGE, PAGE_MAX);
    const now = deps.now();
    const all = [...search.filters, ...(query.after ? [beyond(order, parseCursor(order, query.after))] : [])];
    const filter: Record<string, unknown> = {
      city, ...readableBy(actor),
      ...(query.procedure ? { procedure: query.procedure } : {}), ...(query.state ? { state: query.state } : {}),
      ...(query.linked ? { links: { $elemMatch: { no: query.linked, ...(query.relation ? { relation: query.relation } : {}) } } } : {}),
      ...(query.waiting === 'me' ? { waitsOn: { $in: [...actor.tags] } } : {}),
      ...(query.desk ? { 'task.desk': query.desk } : {}),
      ...(query.overdue ? { 'clock.overdueAt': { $lte: now }, 'clock.due': { $lte: now }, 'clock.pausedAt': { $exists: false } } : {}),
      ...(all.length > 0 ? { $and: all } : {}),
    };
    const found = await cases.find(filter as Filter<Case<any>>, { projection: FOR_A_LINE }).sort(sortOf(order)).limit(limit + 1).toArray();
    const page = found.slice(0, limit);
    const lines = await Promise.all(page.map(async (c) => {
      const procedure = procedures.get(c.procedure);
      if (!procedure) throw new Error(`case ${c.no} is of an unknown procedure ${c.procedure}`);
      return isFound(procedure, c, actor, search.terms) ? lineOf(procedure, c, actor, now, await deps.rulebook(c.rulebook)) : null;
    }));
    const last = page.at(-1);
    return { items: lines.filter((line) => line !== null), next: found.length > limit && last ? cursorOf(order, last) : null };
  };
}

/** A name finds a case only for a reader who is shown that name there. */
function isFound(procedure: Procedure, c: Case<any>, actor: Actor, terms: readonly Term[]): boolean {
  const reader = readerOf(procedure, c, actor);
  return reader !== undefined && terms.every((term) => namesIn(term, reader.parties.map((party) => ({ tags: c.parties[party] ?? [], name: c.names[party] ?? '' }))));
}

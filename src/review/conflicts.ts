import { STAFF_ROLES } from '../kernel/actor';
import type { CaseCollection } from '../kernel/cases';
import type { Procedure } from '../kernel/procedure';
import { declaredConflict, type Reviewer, type RoutedCase } from './reviewers';

/** Whoever decided a linked case must not handle a case of this procedure. */
export interface Recusal {
  procedure: string;
  /** Relations of the links that count; all if absent. */
  relations?: readonly string[];
  /** Moves on the linked case that count as deciding; if absent, every move of the bureau that took it to another state. */
  moves?: readonly string[];
}

/** Article 17: an appeal is reviewed by somebody else than the first decider. */
export const RECUSALS: readonly Recusal[] = [{ procedure: 'appeal' }];

export interface ConflictDeps {
  city: string;
  cases: CaseCollection;
  procedures: ReadonlyMap<string, Procedure>;
  recusals?: readonly Recusal[];
  /** What only the register knows, such as the same legal person or phone: a Chinese reason, or null. */
  conflictsOf?: (reviewer: Reviewer, c: RoutedCase) => Promise<string | null>;
}

/** For one case: why a given reviewer must stay away from it (回避), or null. Looks up linked cases once for all reviewers. */
export function createConflicts({ city, cases, procedures, recusals = RECUSALS, conflictsOf }: ConflictDeps) {
  const staff: readonly string[] = STAFF_ROLES;

  async function decidersOf(c: RoutedCase): Promise<Set<string>> {
    const rules = recusals.filter((recusal) => recusal.procedure === c.procedure);
    const counts = (relation: string) => rules.some(({ relations }) => !relations || relations.includes(relation));
    const nos = c.links.filter(({ relation }) => counts(relation)).map(({ no }) => no);
    if (rules.length === 0 || nos.length === 0) return new Set();
    const linked = await cases.find({ city, no: { $in: nos } }, { projection: { procedure: 1, timeline: 1 } }).toArray();
    return new Set(linked.flatMap(({ procedure, timeline }) => timeline.filter((entry) => {
      if (!staff.includes(entry.by.role)) return false;
      const isStep = procedures.get(procedure)?.moves[entry.move]?.stays === false;
      return rules.some(({ moves }) => (moves ? moves.includes(entry.move) : isStep));
    }).map((entry) => entry.by.person)));
  }

  return async (c: RoutedCase): Promise<(reviewer: Reviewer) => Promise<string | null>> => {
    const deciders = await decidersOf(c);
    return async (reviewer) => declaredConflict(reviewer, c)
      ?? (deciders.has(reviewer.person) ? '曾在关联案件中作出处理决定' : null)
      ?? (await conflictsOf?.(reviewer, c)) ?? null;
  };
}

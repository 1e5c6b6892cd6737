import { makeActor, personTag, type Actor, type StaffRole } from '../kernel/actor';
import type { Case } from '../kernel/case';
import { shanghaiDay } from '../kernel/numbers';
import type { Procedure } from '../kernel/procedure';
import { couldGoOn } from '../kernel/view';
import { deskOf } from './desks';

/** Who may be given work, as the register tells it. */
export interface Reviewer {
  person: string;
  roles: readonly StaffRole[];
  desks: readonly string[];
  /** Regions a county office is bound to; empty for the whole city. */
  regions: readonly string[];
  /** Empty lists mean no restriction. */
  skills: { procedures: readonly string[]; sectors: readonly string[] };
  /** Tasks held at a time, offers included. */
  capacity: number;
  onDuty: boolean;
  /** Days 'YYYY-MM-DD' in Asia/Shanghai, both included. */
  absences: readonly { from: string; to: string }[];
  /** Ids of organisations with a declared relation (回避). */
  conflicts: readonly string[];
  active: boolean;
}

/** All reviewers of the city. */
export type Directory = () => Promise<readonly Reviewer[]>;

/** What routing looks at; the data of a case is not among it. */
export type RoutedCase = Pick<Case, 'no' | 'version' | 'procedure' | 'state' | 'region' | 'sector' | 'parties' | 'barred' | 'timeline' | 'links' | 'task' | 'clock' | 'access' | 'names' | 'disclosed' | 'handlers'>;

/** Asks the register at most once per `ttlMs`: a burst of events costs one look-up, a leaver is known within that time. */
export function cached(load: Directory, clock: () => number = Date.now, ttlMs = 1000): Directory {
  let known: { at: number; reviewers: ReturnType<Directory> } | undefined;
  return () => {
    const at = clock();
    if (!known || Math.abs(at - known.at) >= ttlMs) {
      const reviewers = load();
      const mine = known = { at, reviewers };
      reviewers.catch(() => { if (known === mine) known = undefined; });
    }
    return known.reviewers;
  };
}

const actors = new WeakMap<Reviewer, Actor>();

/** The reviewer as the policies see one; made once per entry of the directory, since a rebuild asks for each case. */
function actorOf(reviewer: Reviewer): Actor {
  const { person, roles, desks, regions } = reviewer;
  const actor = actors.get(reviewer) ?? makeActor({ person, kind: 'staff', roles, powers: [], desks, regions, session: '' });
  actors.set(reviewer, actor);
  return actor;
}

export const servesDesk = (reviewer: Reviewer, c: RoutedCase): boolean =>
  reviewer.active && c.task !== undefined && reviewer.desks.includes(c.task.desk);

/** Jurisdiction (article 9): a county's desk is for that county only, and a county's people for their county only. */
export function servesRegion(reviewer: Reviewer, c: RoutedCase): boolean {
  if (reviewer.regions.length === 0) return !deskOf(c.task!.desk).byRegion;
  return c.region !== undefined && reviewer.regions.includes(c.region);
}

const knows = (list: readonly string[], what: string | undefined): boolean => list.length === 0 || what === undefined || list.includes(what);

export function hasSkill({ skills }: Reviewer, c: RoutedCase): boolean {
  return knows(skills.procedures, c.procedure) && knows(skills.sectors, c.sector);
}

export const isAbsent = ({ absences }: Reviewer, now: Date): boolean => {
  if (absences.length === 0) return false;
  const today = shanghaiDay(now);
  return absences.some(({ from, to }) => from <= today && today <= to);
};

/** Whether the reviewer, once holding the case, could take it any further. */
export const couldMove = (reviewer: Reviewer, c: RoutedCase, procedure: Procedure): boolean => couldGoOn(procedure, c, actorOf(reviewer));

/** Why a reviewer has to stay away from the case, as far as the case and the reviewer's own declarations tell; null if nothing does. */
export function declaredConflict({ person, conflicts }: Reviewer, c: Pick<RoutedCase, 'barred' | 'parties'>): string | null {
  if (c.barred.includes(personTag(person))) return '已回避本案';
  const tags = Object.values(c.parties).flat();
  if (tags.includes(personTag(person))) return '本人为本案当事方';
  if (conflicts.some((org) => tags.includes(`org:${org}`))) return '已申报与本案当事方存在关联关系';
  return null;
}

/**
 * Whether a colleague may be the second person on a matter of this case, such as opening an identity: its other handlers; while it has
 * none, whoever sits at one of the desks it passes through and has nothing to do with it.
 */
export function maySecond(reviewer: Reviewer, c: Pick<Case, 'handlers' | 'barred' | 'parties'>, procedure: Procedure): boolean {
  if (!reviewer.active || declaredConflict(reviewer, c) !== null) return false;
  const handlers = c.handlers.filter((person) => !c.barred.includes(personTag(person)));
  return handlers.includes(reviewer.person) || (handlers.length < 2 && reviewer.desks.some((desk) => procedure.desks.includes(desk)));
}

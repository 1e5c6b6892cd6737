import { personTag, roleTag, type Actor, type Power, type Role } from './actor';
import type { Case } from './case';

type Filter = Record<string, unknown>;

/**
 * Who may make a move. One small term gives the predicate for one case (`holds`), the MongoDB filter for lists and for the
 * guarded write (`where`), and the words for documents. Whether the state allows the move is the procedure's business.
 */
export type Policy =
  | { who: 'party'; party: string; power: Power }
  | { who: 'opener'; role: Role; power?: Power }
  | { who: 'handler'; notWhoDid: readonly string[] }
  | { who: 'role'; role: Role; notWhoDid: readonly string[] }
  | { who: 'system' }
  | { who: 'any'; of: readonly Policy[] };

/** A member of the party, with that power in its organisation. */
export const party = (name: string, power: Power = 'handle'): Policy => ({ who: 'party', party: name, power });
/** Somebody acting in that role, for a case that does not exist yet. */
export const opener = (role: Role, power?: Power): Policy => ({ who: 'opener', role, ...(power ? { power } : {}) });
/** The reviewer who has claimed the case at its present desk, unless the same person already made one of the moves named. */
export const handler = ({ notWhoDid = [] }: { notWhoDid?: readonly string[] } = {}): Policy => ({ who: 'handler', notWhoDid });
/** Anybody of the bureau in that role. */
export const staff = (role: Role, { notWhoDid = [] }: { notWhoDid?: readonly string[] } = {}): Policy => ({ who: 'role', role, notWhoDid });
/** The product itself: its clock and the effects of other cases. */
export const system = (): Policy => ({ who: 'system' });
export const anyOf = (...of: Policy[]): Policy => ({ who: 'any', of });

type Subject = Pick<Case, 'parties' | 'task' | 'timeline' | 'barred'>;

const did = (actor: Actor, c: Subject, moves: readonly string[]): boolean =>
  c.timeline.some((entry) => moves.includes(entry.move) && entry.by.person === actor.person);

const didNot = (actor: Actor, moves: readonly string[]): Filter =>
  moves.length === 0 ? {} : { timeline: { $not: { $elemMatch: { move: { $in: moves }, 'by.person': actor.person } } } };

const hasPower = (actor: Actor, power: Power | undefined): boolean => !power || !actor.org || actor.powers.includes(power);

export function holds(policy: Policy, actor: Actor, c: Subject): boolean {
  if (c.barred.includes(personTag(actor.person))) return false;
  switch (policy.who) {
    case 'party': return hasPower(actor, policy.power) && (c.parties[policy.party] ?? []).some((tag) => actor.tags.includes(tag));
    case 'opener': return actor.roles.includes(policy.role) && hasPower(actor, policy.power);
    case 'handler': return actor.kind === 'staff' && c.task?.assignee === actor.person && !did(actor, c, policy.notWhoDid);
    case 'role': return actor.tags.includes(roleTag(policy.role)) && !did(actor, c, policy.notWhoDid);
    case 'system': return actor.kind === 'system';
    case 'any': return policy.of.some((one) => holds(one, actor, c));
  }
}

/** No case at all: an index answers it without reading anything. */
const NOTHING: Filter = { no: '' };

/** The same question as a filter: which cases `actor` could do this to, state aside. */
export function where(policy: Policy, actor: Actor): Filter {
  const open: Filter = actor.kind === 'system' ? {} : { barred: { $ne: personTag(actor.person) } };
  switch (policy.who) {
    case 'party': return hasPower(actor, policy.power) ? { [`parties.${policy.party}`]: { $in: actor.tags }, ...open } : NOTHING;
    case 'opener': return holds(policy, actor, { parties: {}, timeline: [], barred: [] }) ? open : NOTHING;
    case 'handler': return actor.kind === 'staff' ? { 'task.assignee': actor.person, ...didNot(actor, policy.notWhoDid), ...open } : NOTHING;
    case 'role': return actor.tags.includes(roleTag(policy.role)) ? { ...didNot(actor, policy.notWhoDid), ...open } : NOTHING;
    case 'system': return actor.kind === 'system' ? {} : NOTHING;
    case 'any': return { $or: policy.of.map((one) => where(one, actor)) };
  }
}

/** The simple policies in it, for documents and generated tables. */
export const termsOf = (policy: Policy): Exclude<Policy, { who: 'any' }>[] =>
  policy.who === 'any' ? policy.of.flatMap(termsOf) : [policy];

// ---- Reading ------------------------------------------------------------------------------------------------------

/** Whom a view is for, as the tags that stand for them on one case. The case stores these tags; a reader needs one of them. */
export type Audience = (c: Pick<Case, 'parties' | 'disclosed' | 'handlers' | 'region'>, desks: readonly string[]) => string[];

export const theParty = (name: string): Audience => (c) => c.parties[name] ?? [];
/** The party, from the move on that discloses the case to it. */
export const theDisclosed = (name: string): Audience => (c) => (c.disclosed.includes(name) ? (c.parties[name] ?? []) : []);
/** The desks the procedure passes through (a county desk only for its own region), and the roles named. */
export const theBureau = (...roles: Role[]): Audience => (c, desks) => [
  ...desks.flatMap((desk) => [`desk:${desk}`, ...(c.region ? [`desk:${desk}@${c.region}`] : [])]),
  ...roles.map(roleTag),
];
/** Only those who hold or have held the case, and the roles named: need to know. */
export const theHandlers = (...roles: Role[]): Audience => (c) => [...c.handlers.map(personTag), ...roles.map(roleTag)];

/** May read the case at all: predicate and filter from the same stored tags. */
export const mayRead = (actor: Actor, c: Pick<Case, 'access' | 'barred'>): boolean =>
  actor.kind === 'system'
  || (c.access.some((tag) => actor.tags.includes(tag)) && !c.barred.includes(personTag(actor.person)));

export const readableBy = (actor: Actor): Filter =>
  actor.kind === 'system' ? {} : { access: { $in: [...actor.tags] }, barred: { $ne: personTag(actor.person) } };

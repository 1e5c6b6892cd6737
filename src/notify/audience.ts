import { personTag, type Power } from '../kernel/actor';
import type { Case, Entry } from '../kernel/case';
import { termsOf } from '../kernel/policy';
import { seesLine, type Move, type Procedure, type Reader } from '../kernel/procedure';

export interface Recipient { person: string; openid?: string }

/** The people behind a tag: members of `org:ID` who have the power, `person:ID`, or all who hold `role:NAME`. Active people only. */
export type RecipientsOf = (tag: string, power: Power) => Promise<Recipient[]>;

/** Whom to tell, as tags; the register knows the people behind them. */
export interface Told {
  tag: string;
  /** Members of an organisation need one of these powers. */
  powers: readonly Power[];
  /** Works for the bureau. */
  staff: boolean;
}

/** The line with which the case entered the state it is in: what opens a task, and what its notice is keyed by. */
export function enteredBy(procedure: Pick<Procedure, 'moves'>, c: Pick<Case, 'timeline'>): Entry {
  const entered = c.timeline.findLast((entry) => entry.from !== entry.to || procedure.moves[entry.move]?.stays !== true);
  return entered ?? c.timeline[0]!;
}

/**
 * In which capacity this tag reads the case, or undefined if it does not: the same question, from the same stored tags, as a
 * view asks. A provider accused in a report has no such capacity before the report is served on it (第十八条, A8).
 */
const capacityOf = (procedure: Procedure, c: Case<any>, tag: string): Reader | undefined =>
  c.access.includes(tag) && !c.barred.includes(tag) ? procedure.readers.find((reader) => reader.who(c, procedure.desks).includes(tag)) : undefined;

export const mayLearn = (procedure: Procedure, c: Case<any>, tag: string): boolean => capacityOf(procedure, c, tag) !== undefined;

/** Those told that a move was made: the parties it names, if they see this line of the timeline, and who holds the case. */
export function toldOf(procedure: Procedure, c: Case<any>, entry: Entry, move: Pick<Move, 'tells'>): Told[] {
  const parties = move.tells.filter((name) => name !== 'desk').flatMap((name) => c.parties[name] ?? []);
  const told = parties.filter((tag) => {
    const reader = capacityOf(procedure, c, tag);
    return reader !== undefined && seesLine(reader, entry.move);
  });
  return [...unique(told).map((tag): Told => ({ tag, powers: ['view'], staff: false })), ...(move.tells.includes('desk') ? holderOf(c) : [])];
}

/** The reviewer who holds the case. */
export function holderOf(c: Case<any>): Told[] {
  const tag = c.task?.assignee && personTag(c.task.assignee);
  return tag && !c.barred.includes(tag) ? [{ tag, powers: ['view'], staff: true }] : [];
}

/** Those outside the bureau who must act now, with the powers that any of the moves open to them asks for. */
export const awaitedOf = (procedure: Procedure, c: Case<any>): Told[] =>
  unique(c.waitsOn).filter((tag) => mayLearn(procedure, c, tag)).map((tag) => ({ tag, powers: powersOf(procedure, c, tag), staff: false }));

const partiesOf = (c: Case<any>, tag: string): string[] => Object.keys(c.parties).filter((name) => c.parties[name]!.includes(tag));

/** The moves of a state that belong to this tag's parties. */
const movesOf = (procedure: Procedure, c: Case<any>, tag: string) => {
  const parties = partiesOf(c, tag);
  return Object.values(procedure.moves).filter((move) => move.from.includes(c.state)).flatMap((move) =>
    termsOf(move.by).flatMap((term) => (term.who === 'party' && parties.includes(term.party) ? [{ move, power: term.power }] : [])));
};

function powersOf(procedure: Procedure, c: Case<any>, tag: string): Power[] {
  const powers = unique(movesOf(procedure, c, tag).map(({ power }) => power));
  return powers.length > 0 ? powers : ['handle'];
}

/** What is to be done, by titles: the move declared first, which is what the state waits for, and those that take the case on. */
export const todoOf = (procedure: Procedure, c: Case<any>, tag: string): string[] =>
  unique(movesOf(procedure, c, tag).filter(({ move }, index) => index === 0 || (!move.stays && !move.to.every((to) => procedure.states[to]?.end))).map(({ move }) => move.title));

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

import type { ArticleNo, DeadlineId } from '../rulebook/rulebook';
import type { Role } from './actor';

/** The kinds of follow-up work one event can need; each is a queue of its own, so that a slow one delays no other. */
export const WORKS = ['route', 'notify', 'cause', 'time'] as const;
export type Work = (typeof WORKS)[number];

/** One line of a case's history. Append-only; `hash` seals the line, the data after it and the line before. */
export interface Entry {
  seq: number;
  at: Date;
  move: string;
  from: string | null;
  to: string;
  by: { person: string; role: Role; org?: string };
  article: ArticleNo;
  /** Short facts for the timeline, free of personal data. */
  note?: string;
  /** Facts for the bureau alone. */
  bureauNote?: string;
  /** Fingerprint of the request that caused it: idempotency key scoped to the actor, and digest of the input. */
  key?: string;
  inputHash?: string;
  /** SHA-256 of state and data after this line, in canonical JSON. */
  stateHash: string;
  prev: string;
  hash: string;
}

/** What a move causes elsewhere, decided when the move is made and carried out afterwards, exactly once per (case, seq, effect). */
export type Effect =
  | { effect: string; kind: 'open'; procedure: string; move: string; input: Record<string, unknown> }
  | { effect: string; kind: 'act'; no: string; move: string; input: Record<string, unknown> }
  /** The same move on every case of a procedure that stands in one of these states when the effect is carried out. */
  | { effect: string; kind: 'each'; procedure: string; states: readonly string[]; move: string; input: Record<string, unknown> }
  /** A named service outside the kernel, such as the register; it must be idempotent by `cause`. */
  | { effect: string; kind: 'call'; service: string; input: Record<string, unknown> };

/** Follow-up work not yet done, written together with the change that needs it. Removed only when it is done. */
export interface Pending {
  seq: number;
  work: Work;
  at: Date;
  effects?: Effect[];
}

/** A running working-day clock. `due` is fixed when it starts; comments, views and reassignment never move it. */
export interface Clock {
  /** The entry that started it: a new start is a new clock. */
  seq: number;
  deadline: DeadlineId;
  article: ArticleNo;
  startedAt: Date;
  due: Date;
  calendar: string;
  provisional: boolean;
  /** Set where a day agreed on or published is the end (`due` of an opening or outcome): holidays published later do not move it. */
  given?: true;
  /** The move the clock makes when it runs out; without one, running out only escalates. */
  then?: string;
  /** When the clock next wants attention: half-time, then the due instant; absent once both have been seen to. */
  next?: Date;
  /** Set when it ran out and no move followed. */
  overdueAt?: Date;
  pausedAt?: Date;
  pauseReason?: string;
  /** Times it stood still, each ended: with them the due instant can be counted anew when a year's holidays are published. */
  pauses?: { from: Date; to: Date }[];
}

/** Work on a reviewers' desk. Redis orders and leases it; this is the truth that Redis is rebuilt from. */
export interface Task {
  desk: string;
  /** The entry that opened it: a new round on the same desk is a new task. */
  seq: number;
  since: Date;
  /** Higher goes first; then the older. */
  priority: number;
  assignee?: string;
  claimedAt?: Date;
  /** Why this reviewer: shown on the case. */
  why?: string;
}

export interface Link {
  no: string;
  relation: string;
  /** Ties the files of both and is shown to nobody: those who read this case do not read that one. */
  unseen?: true;
}

export interface Case<D = Record<string, unknown>> {
  city: string;
  no: string;
  procedure: string;
  /** Version of the rulebook in force when it was opened; its deadlines and thresholds stay those. */
  rulebook: number;
  state: string;
  version: number;
  /** Party name -> tags of the organisations or persons in it; several for a panel. */
  parties: Record<string, string[]>;
  /** Party name -> name to show: an organisation's name or a person's pseudonym, never a real personal name. */
  names: Record<string, string>;
  /** What it is called besides its kind and parties; every reader sees it. */
  subject?: string;
  region?: string;
  sector?: string;
  data: D;
  /** Tags that may read it: computed from the procedure's `sees` at every write. */
  access: string[];
  /** Tags of people recused from it; they neither read nor handle it. */
  barred: string[];
  /** Persons of the bureau who have held it (named handlers). */
  handlers: string[];
  /** Tags of the organisations among its parties, for search by their names; says nothing of who may read. */
  involved: string[];
  /** Parties to whom the case has been disclosed by a move (`discloses`). */
  disclosed: string[];
  /** Tags of those it waits for outside the bureau. */
  waitsOn: string[];
  task?: Task;
  clock?: Clock;
  timeline: Entry[];
  outbox: Pending[];
  links: Link[];
  openedAt: Date;
  updatedAt: Date;
  closedAt?: Date;
  openKey: string;
  /** What may exist only once, such as one rating per contract. */
  once?: string;
  causedBy?: { no: string; seq: number; effect: string };
}

/** What a person keeps as proof: case number and chain head at that moment. It can be checked against the live chain. */
export interface Receipt {
  no: string;
  procedure: string;
  move: string;
  state: string;
  seq: number;
  at: string;
  article: ArticleNo;
  head: string;
}

/** What remains of sensitive fields outside the vault. */
export interface Sealed {
  ref: string;
  pseudonym: string;
  /** The phone given is the one bound to the account. */
  phoneIsBound: boolean;
  /** Earlier cases under the same identity: a count, nothing else. */
  earlier: number;
}

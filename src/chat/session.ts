import { randomUUID } from 'node:crypto';
import type { Receipt } from '../kernel/case';

/** One form being filled in: a move of a procedure, with the slots so far. */
export interface FormState {
  /** Unique within the session. Buttons carry it, so that one of an earlier form fills nothing in a later one. */
  id: string;
  procedure: string;
  move: string;
  /** The case the move is made on; absent for a move that opens one. */
  no?: string;
  title: string;
  values: Record<string, unknown>;
  /** How a value that is an id is shown. */
  words: Record<string, string>;
  /** Fields in the order they were filled: what «the last one» is. */
  filled: string[];
  skipped: string[];
  asking: string | null;
  /** Hash of the summary just shown; gone as soon as anything but the confirmation follows. */
  confirm: string | null;
  /** What the person said when it began, offered as the text of a longer field. */
  said: string;
}

/** A dialogue, as plain JSON. Everything a turn remembers is here. */
export interface Session {
  v: 1;
  id: string;
  /** Forms and summaries so far: makes their ids. */
  count: number;
  form: FormState | null;
  /** Interrupted forms, the latest last. */
  stack: FormState[];
  /** Messages in a row that were not understood. */
  misses: number;
  /** Picks behind the quick replies shown last, so that a number may choose one where there are no buttons. */
  offered: string[];
  /** The commit done last: a second tap on the same confirmation gets the same answer. */
  done: { hash: string; no: string } | null;
  /** The person's last words, for whoever takes over. */
  lately: string[];
}

export const newSession = (id: string = randomUUID()): Session =>
  ({ v: 1, id, count: 0, form: null, stack: [], misses: 0, offered: [], done: null, lately: [] });

/** What came in: words, a tapped quick reply (with who one is, where the confirmed form asks for it), or values of a form card. */
export type Message = { text: string } | { pick: string; sealed?: Record<string, string> } | { values: Record<string, unknown>; form?: string };

/** What the service is to carry out through the kernel. Committed at most once per form: `key` is the form's. */
export interface ChatEffect {
  kind: 'open' | 'act';
  procedure: string;
  move: string;
  no?: string;
  input: Record<string, unknown>;
  key: string;
  /** The confirmed summary. */
  hash: string;
}

/** What the kernel said to an effect. */
export type Outcome = { receipt: Receipt } | { refusal: { code: string; detail: string; faults: { field: string; message: string }[]; article?: string } } | { unknown: true };

import type { Actor, Role } from './actor';
import type { Case, Effect, Entry, Link, Sealed } from './case';
import { form, type FieldMap, type Form, type Option, type Values } from './fields';
import { holds, termsOf, type Audience, type Policy } from './policy';
import { isStandard, standardMoves } from './standard';
import type { Look } from './look';
import type { ArticleNo, DeadlineId, Rulebook } from '../rulebook/rulebook';

/**
 * A procedure (流程) is declared once: its data, states, moves and readers. Routes, authorisation, forms, dialogues, queues,
 * clocks, timeline texts, notifications, diagrams and the generated test tables all come from this one declaration.
 */
export interface StateDef {
  title: string;
  /** The desk whose reviewers must act now. */
  desk?: string;
  /** The party it waits for outside the bureau; a function where only some of a panel are awaited. */
  waitsFor?: string | readonly string[] | ((c: Case<any>) => string[]);
  /**
   * For those outside the bureau: what happens if the time runs out, what comes next. One sentence is for who is awaited, in an end state
   * for all; with the reader's name in front it is for that reader, reckoned where it names a day.
   */
  advice?: string | Readonly<Record<string, string | ((c: Case<any>, at: Moment) => string | null)>>;
  /** For the bureau, while nothing is to be done: what is awaited and what may follow, such as the provider's reply to an inquiry. */
  says?: (c: Case<any>) => string | null;
  /** Whether what it waits for has been given already and may still be changed, such as a sealed rating: it waits for nobody any more, and only those who gave it can tell. */
  given?: (c: Case<any>) => boolean;
  /** Deadline id of the rulebook; the clock starts when the state is entered. */
  within?: DeadlineId;
  /** The move the clock makes when the time runs out. Without it, running out is escalated to the supervisor. */
  then?: string;
  end?: true;
}

/** What a rule is given. It never asks for the time, the database or the framework. */
export interface Ctx<D, I, F = unknown> {
  case: Case<D>;
  input: I;
  actor: Actor;
  now: Date;
  rulebook: Rulebook;
  facts: F;
}

/** What the rule of an opening move is given. `sealed` stands for the sensitive fields, which it never sees. */
export interface BeginCtx<I, F = unknown> extends Omit<Ctx<never, I, F>, 'case'> {
  no: string;
  sealed: Sealed;
}

export interface Outcome<D, S extends string = never> {
  to?: S;
  set?: Partial<D>;
  /** One line for the timeline, free of personal data. */
  note?: string;
  /** The same for the bureau's own eyes, such as why somebody steps aside. */
  bureauNote?: string;
  /** The end of the state it leads to where something other than its deadline sets it: the day a contract names, or a time that ran before. */
  due?: Date;
  parties?: Record<string, string[]>;
  names?: Record<string, string>;
  links?: Link[];
  /** Linked cases, by number, that stand in another relation from now on: the batch an application failed in is its earlier one. */
  relations?: Record<string, string>;
  /** Person tags newly barred. */
  barred?: string[];
  clock?: 'pause' | 'resume' | 'recount';
  pauseReason?: string;
}

export interface Opening<D> {
  data: D;
  parties: Record<string, string[]>;
  names?: Record<string, string>;
  region?: string;
  sector?: string;
  priority?: number;
  links?: Link[];
  /** What it is called where its kind and parties do not tell it from others, such as the title of a batch. Every reader sees it. */
  subject?: string;
  note?: string;
  /** The end of the first state where the opening itself sets it, such as the last day of a published window; else its deadline's. */
  due?: Date;
  /** A key that may exist only once in the city, such as `rating:HT...`. */
  once?: string;
  disclosed?: string[];
}

export interface Move {
  name: string;
  title: string;
  article: ArticleNo;
  /** Empty for a move that opens a case. */
  from: readonly string[];
  to: readonly string[];
  by: Policy;
  form: Form<any>;
  facts?: (look: Look, ctx: Omit<Ctx<any, any>, 'facts'>) => Promise<unknown>;
  begin?: (ctx: BeginCtx<any, any>) => Opening<any>;
  /** What its `offered` fields may name for this case, by field. */
  offers?: (look: Look, c: Case<any>) => Promise<Record<string, Option[]>>;
  /** A condition beyond the state, such as «not reopened before, and in time»; the move is neither offered nor made without it. */
  when?: (c: Case<any>, actor: Actor, at: Moment) => boolean;
  /** Who among those whom its policy lets open a case really may, such as the reviewers of one desk. */
  mayBegin?: (actor: Actor) => boolean;
  decide?: (ctx: Ctx<any, any, any>) => Outcome<any, string>;
  tells: readonly string[];
  discloses: readonly string[];
  causes?: (after: Case<any>, entry: Entry, input: any) => Effect[];
  /** Cannot be taken back: pages and chat-bot show a summary and ask before it. */
  confirm: boolean;
  /** What follows from it, in a sentence or two for whoever makes it: who is told, what begins, what ends. */
  follows?: string | ((c: Case<any>) => string);
  /** What stands in its form at first, such as the answer a colleague drafted. */
  starts?: (c: Case<any>) => Record<string, unknown>;
  /** Stays in its state without touching desk or clock. */
  stays: boolean;
}

/** When a case is read, and by the rulebook it was opened under. */
export interface Moment { now: Date; rulebook: Rulebook }

export interface Reader {
  name: string;
  who: Audience;
  fields: readonly string[];
  timeline: 'all' | readonly string[];
  parties: readonly string[];
  /** Whether it is told which cases this one belongs to; unless said, staff and whoever sees the whole timeline are. */
  links?: boolean;
  /** Further values computed for this reader, such as an expert's own sheet while the panel is blind, or what a draft still lacks. */
  extra?: (c: Case<any>, actor: Actor, at: Moment) => Record<string, unknown>;
}

/** Whether a reader sees this line of the timeline. A moved deadline is shown to everybody whose clock it is. */
export const seesLine = (reader: Reader, move: string): boolean =>
  reader.timeline === 'all' || move === 'recount' || move === 'pause' || move === 'resume' || reader.timeline.includes(move);

export interface Procedure {
  name: string;
  title: string;
  prefix: string;
  article: ArticleNo;
  data: FieldMap;
  /** Party name -> its Chinese word. */
  parties: Record<string, string>;
  states: Record<string, StateDef>;
  moves: Record<string, Move>;
  readers: Reader[];
  desks: string[];
  /** Whoever reads a file of a case sees its uploader's name for it; never where that may tell who they are, as in reports. */
  showsFileNames?: true;
}

interface Head<D extends FieldMap, S extends string, P extends string> {
  name: string;
  title: string;
  prefix: string;
  article: ArticleNo;
  parties: Record<P, string>;
  data: D;
  states: Record<S, StateDef>;
  showsFileNames?: true;
}

type Many<T> = T | readonly T[];

interface MoveHead<S extends string, P extends string, I> {
  title: string;
  article?: ArticleNo;
  by: Policy;
  form?: Form<I>;
  tells?: readonly (P | 'desk')[];
  discloses?: readonly P[];
  confirm?: true;
  follows?: string | ((c: Case<any>) => string);
  to: Many<S>;
}

interface Opener<D, S extends string, P extends string, I, F> extends MoveHead<S, P, I> {
  facts?: (look: Look, ctx: Omit<Ctx<D, I>, 'facts' | 'case'>) => Promise<F>;
  begin: (ctx: BeginCtx<I, F>) => Opening<D>;
  mayBegin?: (actor: Actor) => boolean;
  causes?: (after: Case<D>, entry: Entry, input: I) => Effect[];
}

interface Step<D, S extends string, P extends string, I, F> extends MoveHead<S, P, I> {
  from: Many<S>;
  offers?: (look: Look, c: Case<D>) => Promise<Record<string, Option[]>>;
  facts?: (look: Look, ctx: Omit<Ctx<D, I>, 'facts'>) => Promise<F>;
  when?: (c: Case<D>, actor: Actor, at: Moment) => boolean;
  starts?: (c: Case<D>) => Partial<I>;
  decide?: (ctx: Ctx<D, I, F>) => Outcome<D, S>;
  causes?: (after: Case<D>, entry: Entry, input: I) => Effect[];
}

/** A move that stays where it is (a note, one expert's sheet), or goes on from several states to where `decide` says. */
interface Stay<D, S extends string, P extends string, I, F> extends Omit<Step<D, S, P, I, F>, 'to'> {
  /** States it may go to instead, when `decide` says so. */
  mayGoTo?: Many<S>;
}

interface MoveKit<D, S extends string, P extends string> {
  /** Opens a case. */
  open<I = Record<string, never>, F = undefined>(move: Opener<D, S, P, I, F>): UnnamedMove;
  /** Takes it from one state to another. */
  step<I = Record<string, never>, F = undefined>(move: Step<D, S, P, I, F>): UnnamedMove;
  /** Changes data and leaves state, desk and clock as they are, unless `decide` names one of `mayGoTo`. */
  stay<I = Record<string, never>, F = undefined>(move: Stay<D, S, P, I, F>): UnnamedMove;
}

export type UnnamedMove = Omit<Move, 'name'>;

interface ReaderDef<D extends FieldMap, M extends string, P extends string> {
  who: Audience;
  fields: readonly (keyof D & string)[];
  timeline: 'all' | readonly M[];
  parties?: readonly P[];
  links?: boolean;
  extra?: (c: Case<Values<D>>, actor: Actor, at: Moment) => Record<string, unknown>;
}

const NO_INPUT = form({});
const many = <T>(value: Many<T> | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];

/** Declares a procedure: head, then `.moves(...)`, then `.sees(...)`. A wrong state, move, party or field name does not compile. */
export function procedure<const D extends FieldMap, const S extends string, const P extends string>(head: Head<D, S, P>) {
  type Data = Values<D>;
  const finish = (move: MoveHead<string, string, any> & Partial<Step<any, any, any, any, any>> & Partial<Opener<any, any, any, any, any>>, stays: boolean): UnnamedMove => ({
    title: move.title,
    article: move.article ?? head.article,
    from: many(move.from as Many<string> | undefined),
    to: many(move.to),
    by: move.by,
    form: move.form ?? NO_INPUT,
    facts: move.facts as Move['facts'],
    begin: move.begin as Move['begin'],
    offers: move.offers as Move['offers'],
    when: move.when as Move['when'],
    mayBegin: move.mayBegin,
    decide: move.decide as Move['decide'],
    tells: move.tells ?? [],
    discloses: move.discloses ?? [],
    causes: move.causes,
    confirm: move.confirm ?? false,
    follows: move.follows,
    starts: move.starts as Move['starts'],
    stays,
  });
  const kit: MoveKit<Data, S, P> = {
    open: (move) => finish(move, false),
    step: (move) => finish(move as never, false),
    stay: (move) => finish({ ...move, to: many(move.mayGoTo) } as never, true),
  };
  return {
    moves<const M extends string>(declare: (move: MoveKit<Data, S, P>) => Record<M, UnnamedMove>) {
      const desks = Object.entries<StateDef>(head.states).filter(([, state]) => state.desk).map(([name]) => name);
      const timed = Object.entries<StateDef>(head.states).filter(([, state]) => state.within).map(([name]) => name);
      const standing = { states: Object.keys(head.states), deskStates: desks, timedStates: timed, parties: Object.keys(head.parties) };
      const moves: Record<string, UnnamedMove> = { ...declare(kit), ...standardMoves(standing, (move) => finish(move as never, true)) };
      return {
        sees(readers: Record<string, ReaderDef<D, M, P>>): Procedure {
          const states = head.states as Record<string, StateDef>;
          return checked({
            ...head,
            states,
            moves: Object.fromEntries(Object.entries<UnnamedMove>(moves).map(([name, move]) => [name, { name, ...move }])),
            readers: Object.entries(readers).map(([name, reader]) =>
              ({ name, parties: Object.keys(head.parties), ...reader } as unknown as Reader)),
            desks: [...new Set(Object.values(states).flatMap((state) => state.desk ?? []))],
          });
        },
      };
    },
  };
}

/** Mistakes that types cannot see are found when the declaration is loaded, not when a citizen meets them. */
function checked(p: Procedure): Procedure {
  const fault = (text: string): never => { throw new Error(`procedure ${p.name}: ${text}`); };
  const reached = new Set(Object.values(p.moves).flatMap((move) => [...move.to]));
  for (const [name, state] of Object.entries(p.states)) {
    if (!reached.has(name)) fault(`no move reaches state ${name}`);
    if (state.then) {
      const then = p.moves[state.then];
      if (!then) fault(`state ${name} names a clock move ${state.then} that does not exist`);
      else if (!then.from.includes(name) || !termsOf(then.by).some((term) => term.who === 'system')) fault(`clock move ${state.then} cannot be made from ${name} by the system`);
      if (!state.within) fault(`state ${name} has a clock move and no deadline`);
    }
    if (!state.end && !Object.values(p.moves).some((move) => move.from.includes(name) && !isStandard(move.name))) fault(`state ${name} is a dead end`);
    if (!state.end && !state.desk && !state.waitsFor) fault(`state ${name} waits for nobody`);
    if (!state.end && !state.within) fault(`state ${name} has no deadline`);
    if (typeof state.waitsFor === 'string' && !(state.waitsFor in p.parties)) fault(`state ${name} waits for ${state.waitsFor}, who is no party`);
  }
  if (!Object.values(p.moves).some((move) => move.from.length === 0)) fault('no move opens it');
  return p;
}

/** Whether this actor may open a case with it. */
export const mayOpen = (move: Pick<Move, 'by' | 'mayBegin'>, actor: Actor): boolean =>
  holds(move.by, actor, { parties: {}, timeline: [], barred: [] }) && (move.mayBegin?.(actor) ?? true);

/** Roles that could ever make a move, for documents and the generated tables. */
export function rolesOf(p: Procedure, move: Move): Role[] {
  return termsOf(move.by).flatMap((term): Role[] => {
    if (term.who === 'opener' || term.who === 'role') return [term.role];
    if (term.who === 'system') return ['system'];
    return [];
  });
}

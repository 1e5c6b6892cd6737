import type { FieldDescription } from '../kernel/fields';
import type { Move, Procedure } from '../kernel/procedure';
import type { CaseLine, CaseView, MoveView } from '../kernel/view';
import type { ChatRole } from './intents';
import type { RegisterFound } from './register';
import type { Reply } from './replies';
import type { ChatEffect, FormState, Session } from './session';

export interface Organisation { id: string; name: string }
export interface Opening extends MoveView { procedure: string; procedureTitle: string }

/** What a turn may ask to know. The service looks it up, as the actor, and runs the turn again with the answer. */
interface LookUps {
  /** Cases that wait for the actor, with the moves open to them. */
  waiting: CaseView[];
  /** The actor's latest cases. */
  mine: CaseLine[];
  /** A case as the actor sees it; null for a stranger. Key: its number. */
  case: CaseView | null;
  /** The actor's cases of one procedure, latest first. Key: the procedure's name. */
  procedure: CaseView[];
  /** Providers of the public register that the words name. Key: the words. */
  organisations: Organisation[];
  /** What the public register holds of what the words ask for. Key: the words. */
  providers: RegisterFound;
  /** The official wording of an article, when it is loaded. Key: its number. */
  quote: string | null;
}
export type LookUp = keyof LookUps;
export interface Want { look: LookUp; key: string }
export const wantKey = ({ look, key }: Want): string => `${look}:${key}`;

/** Everything a turn looks at besides the session and the message. */
export interface Context {
  now: Date;
  /** `page` draws cards and buttons; `wechat` is plain text in the customer-service chat. */
  channel: 'page' | 'wechat';
  role?: ChatRole;
  openings: readonly Opening[];
  procedures: ReadonlyMap<string, Procedure>;
  /** Look-ups answered so far, by `wantKey`. */
  found: ReadonlyMap<string, unknown>;
}

/** One turn: either it needs to know something first, or it is done. */
export type Step = { wants: Want[] } | { session: Session; replies: Reply[]; effect?: ChatEffect };

/** Thrown inside a turn and caught by it: what it needs to know before it can go on. */
export class Wanted extends Error {
  constructor(readonly want: Want) { super(wantKey(want)); }
}

export function known<L extends LookUp>(context: Context, look: L, key = ''): LookUps[L] {
  const want = { look, key };
  if (!context.found.has(wantKey(want))) throw new Wanted(want);
  return context.found.get(wantKey(want)) as LookUps[L];
}

/** A turn at work: its own copy of the session, and what will be said. */
export interface Turn {
  session: Session;
  context: Context;
  replies: Reply[];
  effect?: ChatEffect;
}

/** The move a form is for, as it stands now: its fields, and the case it is made on. Null when it is no longer open. */
export interface Target { move: Move; title: string; follows?: string; fields: FieldDescription[]; view: CaseView | null }
export function targetOf(context: Context, form: Pick<FormState, 'procedure' | 'move' | 'no'>): Target | null {
  const procedure = context.procedures.get(form.procedure);
  const move = procedure && Object.hasOwn(procedure.moves, form.move) ? procedure.moves[form.move] : undefined;
  if (!procedure || !move) return null;
  if (form.no === undefined) {
    const opening = context.openings.find((one) => one.procedure === form.procedure && one.move === form.move);
    return opening ? { move, title: opening.title, follows: opening.follows, fields: flattened(opening.form), view: null } : null;
  }
  const view = known(context, 'case', form.no);
  const open = view?.procedure === form.procedure ? view.moves.find((one) => one.move === form.move) : undefined;
  return view && open ? { move, title: open.title, follows: open.follows, fields: flattened(open.form), view } : null;
}

/** Simple kinds: what a group may hold to be asked one by one. */
const SIMPLE = new Set(['text', 'longText', 'choice', 'number', 'money', 'day', 'yesNo', 'agreed']);

/** A group of simple fields is asked field by field, under names such as `items.team`; optional groups are for a page. */
const flattened = (fields: readonly FieldDescription[]): FieldDescription[] => fields.flatMap((field) =>
  (field.kind === 'group' && field.required && field.fields?.every(({ kind }) => SIMPLE.has(kind))
    ? field.fields.map((member) => ({ ...member, name: `${field.name}.${member.name}` })) : [field]));

/** Fields that make a survey: choices, at least one group of them, and text that may be left out. They can be answered on one card. */
export const isSurvey = (fields: readonly FieldDescription[]): boolean =>
  fields.some(({ kind }) => kind === 'group') && fields.every(({ kind, required, fields: members }) =>
    kind === 'choice' || (kind === 'longText' && !required) || (kind === 'group' && required && members!.every((member) => member.kind === 'choice')));

/** Values in the shape of the form, under flattened names. */
export const flat = (values: Record<string, unknown>, fields: readonly FieldDescription[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && fields.some((field) => field.name.startsWith(`${name}.`));
    return isGroup ? Object.entries(value).map(([member, one]): [string, unknown] => [`${name}.${member}`, one]) : [[name, value]];
  }));

/** Flattened values in the shape of the form. */
export function nested(values: Record<string, unknown>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const [group, member] = name.split('.') as [string, string?];
    input[group] = member === undefined ? value : { ...(input[group] as Record<string, unknown> | undefined), [member]: value };
  }
  return input;
}

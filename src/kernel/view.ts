import { personTag, type Actor, type Role } from './actor';
import type { Case, Entry } from './case';
import { describeFields, type FieldDescription } from './fields';
import { holds, mayRead, termsOf } from './policy';
import { mayOpen, seesLine, type Moment, type Move, type Procedure, type Reader } from './procedure';
import { isBureauOnly, isStandard, RECOUNT } from './standard';
import type { Rulebook } from '../rulebook/rulebook';
import { articleInWords } from '../rulebook/articles';

/** A move this reader may make now, with its form: pages draw buttons from it and hold no rules. */
export interface MoveView {
  move: string;
  title: string;
  article: string;
  confirm: boolean;
  /** What follows from it, said before it is made. */
  follows?: string;
  form: FieldDescription[];
  /** What stands in the form at first. */
  values?: Record<string, unknown>;
  /** One of those every procedure has, such as stopping the clock: no step of the matter itself, so pages set it apart. */
  standard?: true;
}

export interface CaseView {
  no: string;
  procedure: string;
  title: string;
  article: string;
  state: { name: string; title: string; end: boolean };
  /** For `If-Match`; null for a reader who sees only some lines and has nothing to do here: it would tell of the others. */
  version: number | null;
  /** The version of the rulebook it was opened under: its time limits and thresholds stay those. */
  rulebook: number;
  /** In which capacity this reader sees it. */
  as: string;
  parties: { party: string; title: string; name: string }[];
  subject?: string;
  /** The allow-listed data, and the same as labelled fields for generic pages. */
  data: Record<string, unknown>;
  fields: FieldDescription[];
  /** `again`: the same person saved the same thing as in the line before, so both may be shown as one. */
  timeline: { seq: number; at: string; title: string; by: string; article: string; articleInWords: string; note?: string; again?: true; head: string }[];
  clock: { label: string; article: string; due: string; inWords: string; provisional: boolean; paused: boolean; pauseReason?: string } | null;
  /** Who has it now, in words. */
  waitsFor: string;
  waitsForMe: boolean;
  /** For the bureau: what is awaited while it has nothing to do; for others: what to do, what comes next, what follows if nothing comes. */
  says?: string;
  /** For staff: claimed by me, and why me; or whether I could take it. */
  task: { desk: string; mine: boolean; claimed: boolean; mayClaim: boolean; why?: string } | null;
  /** `line`: of a linked case that this reader may open. */
  links: { no: string; relation: string; line?: CaseLine }[];
  moves: MoveView[];
  openedAt: string;
  updatedAt: string;
  closedAt: string | null;
  head: string;
}

/** One line of a list: enough to choose by, nothing that a reader's view would hide. */
export interface CaseLine {
  no: string;
  procedure: string;
  title: string;
  state: { name: string; title: string; end: boolean };
  parties: { party: string; title: string; name: string }[];
  subject?: string;
  due: string | null;
  inWords: string | null;
  waitsForMe: boolean;
  /** For staff: the desk it lies on, since when, and whether somebody has it. */
  task?: { desk: string; since: string; claimed: boolean } | null;
  openedAt: string;
  updatedAt: string;
}

type Readable = Pick<Case, 'access' | 'barred' | 'parties' | 'disclosed' | 'handlers' | 'region'>;

/** The first reader of the declaration whose audience includes the actor; views come from this allow-list only. */
export function readerOf(procedure: Procedure, c: Readable, actor: Actor): Reader | undefined {
  if (!mayRead(actor, c)) return undefined;
  return procedure.readers.find((reader) => reader.who(c, procedure.desks).some((tag) => actor.tags.includes(tag)));
}

/** Works for the bureau or a county, and is no expert or agency invited to one matter. */
const isOfTheBureau = (actor: Actor): boolean => actor.kind === 'staff' && actor.roles.some((role) => role !== 'expert' && role !== 'agency');

/** Whether this actor, once holding the case, could take it any further: separation of duty may forbid every way on. */
export function couldGoOn(procedure: Procedure, c: Pick<Case, 'state' | 'parties' | 'task' | 'timeline' | 'barred'>, actor: Actor): boolean {
  const waysOn = Object.values(procedure.moves).filter((move) =>
    move.from.includes(c.state) && (!move.stays || move.to.length > 0) && termsOf(move.by).some((term) => term.who === 'handler' || term.who === 'role'));
  const claimed = { ...c, task: { ...c.task!, assignee: actor.person } };
  return waysOn.length === 0 || waysOn.some((move) => holds(move.by, actor, claimed));
}
const mayClaim = (procedure: Procedure, c: Case<any>, actor: Actor): boolean =>
  c.task !== undefined && !c.task.assignee && actor.desks.includes(c.task.desk) && couldGoOn(procedure, c, actor);

/** Moves open to this actor on this case, in the order of the declaration. */
export const movesOpenTo = (procedure: Procedure, c: Case<any>, actor: Actor, at: Moment): Move[] =>
  Object.values(procedure.moves).filter((move) => move.from.includes(c.state) && actor.kind !== 'system' && holds(move.by, actor, c) && (move.when?.(c, actor, at) ?? true));

export const moveView = (move: Move, c?: Case<any>): MoveView => {
  const values = c && move.starts ? Object.fromEntries(Object.entries(move.starts(c)).filter(([, value]) => value !== undefined)) : {};
  const follows = typeof move.follows === 'function' ? c && move.follows(c) : move.follows;
  return {
    move: move.name, title: move.title, article: move.article, confirm: move.confirm, ...(follows ? { follows } : {}),
    form: move.form.describe(), ...(Object.keys(values).length > 0 ? { values } : {}),
    ...(isStandard(move.name) ? { standard: true as const } : {}),
  };
};

const ROLE_WORDS: Record<string, string> = {
  enterprise: '企业', provider: '服务商', citizen: '公众', intake: '受理人员', reviewer: '审核人员', director: '负责人', supervisor: '督办人员',
  auditor: '审计人员', admin: '管理员', county: '县区经办', expert: '评审专家', agency: '验收机构', system: '系统',
};

function adviceFor(procedure: Procedure, reader: Reader, c: Case<any>, actor: Actor, at: Moment): string | null | undefined {
  const { advice, end } = procedure.states[c.state]!;
  if (typeof advice === 'string') return waitsForMe(c, actor) || end ? advice : null;
  const words = advice?.[reader.name];
  return typeof words === 'function' ? words(c, at) : words;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Colleagues whom the bureau may name to its own people: not experts and agencies, whose part in a matter is not for everybody. */
export const colleaguesIn = (c: Case<any>, actor: Actor): string[] =>
  (isOfTheBureau(actor) ? [...new Set(c.timeline.filter(({ by }) => BUREAU.includes(by.role)).map(({ by }) => by.person))] : []);
const BUREAU: readonly Role[] = ['intake', 'reviewer', 'director', 'supervisor', 'county'];

/** What the product does of itself: a clock that ran out, a deadline counted anew. All else it does is what one case asks of another. */
const isOfTheClock = (procedure: Procedure, move: string): boolean => move === RECOUNT || Object.values(procedure.states).some((state) => state.then === move);

/** Outside, whoever acts for the bureau is the bureau: also where one case serves another, as an inquiry is served. */
function whoMade(procedure: Procedure, { move, by }: Entry, forBureau: boolean, names: ReadonlyMap<string, string>): string {
  if (!forBureau && (BUREAU.includes(by.role) || (by.role === 'system' && !isOfTheClock(procedure, move)))) return '工信局';
  const role = ROLE_WORDS[by.role] ?? '';
  const name = BUREAU.includes(by.role) ? names.get(by.person) : undefined;
  return name ? `${role} ${name}` : role;
}

function noteOf({ note, bureauNote }: Entry, forBureau: boolean): { note?: string } {
  const words = [note, forBureau ? bureauNote : undefined].filter(Boolean).join('；');
  return words ? { note: words } : {};
}

/** The lines of the timeline this actor sees in that capacity. */
const linesOf = (reader: Reader, c: Case<any>, actor: Actor) =>
  c.timeline.filter(({ move }) => seesLine(reader, move) && (actor.kind === 'staff' || !isBureauOnly(move)));

/** Keeps what somebody is still drawing up: something changes, but nobody is told and nothing goes on from it. */
export const isSaving = ({ name, stays, to, decide, tells, confirm }: Move): boolean =>
  stays && to.length === 0 && decide !== undefined && tells.length === 0 && !confirm && !isStandard(name);

const isSavedAgain = (move: Move, entry: Entry, before: Entry | undefined): boolean =>
  isSaving(move) && !entry.note && before?.move === entry.move && before.by.person === entry.by.person;

/** What one reader sees of one case; null for a stranger. */
export function viewOf(procedure: Procedure, c: Case<any>, actor: Actor, now: Date, rulebook: Rulebook, names: ReadonlyMap<string, string> = NO_NAMES): CaseView | null {
  const reader = readerOf(procedure, c, actor);
  if (!reader) return null;
  const shown = Object.fromEntries(reader.fields.filter((name) => c.data[name] !== undefined).map((name) => [name, c.data[name]]));
  const timeline = linesOf(reader, c, actor);
  const state = procedure.states[c.state]!;
  const last = timeline.at(-1);
  const moves = movesOpenTo(procedure, c, actor, { now, rulebook });
  const forBureau = isOfTheBureau(actor);
  const says = forBureau ? state.says?.(c) : adviceFor(procedure, reader, c, actor, { now, rulebook });
  return {
    no: c.no, procedure: c.procedure, title: procedure.title, article: procedure.article,
    state: stateView(procedure, c), version: reader.timeline === 'all' || moves.some(({ name }) => !isStandard(name)) ? c.version : null, rulebook: c.rulebook, as: reader.name,
    parties: partiesView(procedure, c, reader, actor), ...(c.subject ? { subject: c.subject } : {}),
    data: { ...shown, ...reader.extra?.(c, actor, { now, rulebook }) },
    fields: describeFields(procedure.data).filter((field) => field.name in shown),
    timeline: timeline.map((entry, index) => {
      const move = procedure.moves[entry.move]!;
      return {
        seq: entry.seq, at: entry.at.toISOString(), title: move.title, by: whoMade(procedure, entry, forBureau, names),
        article: entry.article, articleInWords: articleInWords(entry.article),
        ...noteOf(entry, forBureau), ...(isSavedAgain(move, entry, timeline[index - 1]) ? { again: true as const } : {}), head: entry.hash,
      };
    }),
    clock: c.clock ? {
      label: rulebook.deadline(c.clock.deadline).label, article: c.clock.article, due: c.clock.due.toISOString(),
      inWords: rulebook.calendar.remainingInWords(c.clock.due, now, rulebook.deadline(c.clock.deadline).unit), provisional: c.clock.provisional,
      paused: Boolean(c.clock.pausedAt), ...(c.clock.pauseReason ? { pauseReason: c.clock.pauseReason } : {}),
    } : null,
    waitsFor: state.end ? '' : state.desk ? '工信局' : waitsForInWords(procedure, c),
    waitsForMe: waitsForMe(c, actor), ...(says ? { says } : {}),
    task: c.task && actor.kind === 'staff'
      ? { desk: c.task.desk, mine: c.task.assignee === actor.person, claimed: Boolean(c.task.assignee), mayClaim: mayClaim(procedure, c, actor), ...(c.task.assignee === actor.person && c.task.why ? { why: c.task.why } : {}) }
      : null,
    links: reader.links ?? (actor.kind === 'staff' || reader.timeline === 'all') ? c.links.filter(({ unseen }) => !unseen) : [],
    moves: moves.map((move) => moveView(move, c)),
    openedAt: c.openedAt.toISOString(), updatedAt: (last?.at ?? c.openedAt).toISOString(), closedAt: c.closedAt?.toISOString() ?? null,
    head: last?.hash ?? '',
  };
}

export function lineOf(procedure: Procedure, c: Case<any>, actor: Actor, now: Date, rulebook: Rulebook): CaseLine | null {
  const reader = readerOf(procedure, c, actor);
  if (!reader) return null;
  const last = linesOf(reader, c, actor).at(-1);
  return {
    no: c.no, procedure: c.procedure, title: procedure.title, state: stateView(procedure, c), parties: partiesView(procedure, c, reader, actor), ...(c.subject ? { subject: c.subject } : {}),
    ...dueOf(c, now, rulebook),
    waitsForMe: waitsForMe(c, actor),
    ...(actor.kind === 'staff' ? { task: c.task ? { desk: c.task.desk, since: c.task.since.toISOString(), claimed: Boolean(c.task.assignee) } : null } : {}),
    openedAt: c.openedAt.toISOString(), updatedAt: (last?.at ?? c.openedAt).toISOString(),
  };
}

/** For lists: a clock that stands still has no end yet. */
export const dueOf = ({ clock }: Pick<Case, 'clock'>, now: Date, { calendar, deadline }: Pick<Rulebook, 'calendar' | 'deadline'>): Pick<CaseLine, 'due' | 'inWords'> =>
  (!clock ? { due: null, inWords: null } : clock.pausedAt ? { due: null, inWords: '计时中止' } : { due: clock.due.toISOString(), inWords: calendar.remainingInWords(clock.due, now, deadline(clock.deadline).unit) });

const stateView = (procedure: Procedure, c: Case<any>) =>
  ({ name: c.state, title: procedure.states[c.state]!.title, end: Boolean(procedure.states[c.state]!.end) });

/** The parties as this actor may read them; none to a stranger. */
export function partiesFor(procedure: Procedure, c: Readable & Pick<Case, 'names'>, actor: Actor): CaseLine['parties'] {
  const reader = readerOf(procedure, c, actor);
  return reader ? partiesView(procedure, c, reader, actor) : [];
}

const partiesView = (procedure: Procedure, c: Pick<Case, 'parties' | 'names'>, reader: Reader, actor: Actor) =>
  reader.parties.filter((name) => c.parties[name] && (c.names[name] || c.parties[name].length > 0))
    .map((name) => ({ party: name, title: procedure.parties[name] ?? name, name: partyName(procedure, c, name, actor) }));

/** To oneself one is no pseudonym. Experts and agencies have none: they are only told by what they are. */
function partyName(procedure: Procedure, c: Pick<Case, 'parties' | 'names'>, party: string, actor: Actor): string {
  const name = c.names[party] ?? '';
  const isSelf = c.parties[party]!.includes(personTag(actor.person));
  // An agency goes by its login, which is shown to no party.
  if (isSelf && actor.roles.includes('agency')) return '本机构';
  const isPseudonym = name !== '' && name !== procedure.parties[party] && isSelf;
  return isPseudonym ? `您本人（代号 ${name.split('-').pop()!}）` : name;
}

const waitsForMe = (c: Case<any>, actor: Actor): boolean =>
  c.task?.assignee === actor.person || c.waitsOn.some((tag) => actor.tags.includes(tag));

/** Where something may have been given already (`given`), whom the state waits for by its declaration: to others nothing changes when it is. */
function waitsForInWords(procedure: Procedure, c: Case<any>): string {
  const { waitsFor, given } = procedure.states[c.state]!;
  const isAwaited = (name: string): boolean => (given ? [waitsFor].flat().includes(name) : (c.parties[name] ?? []).some((tag) => c.waitsOn.includes(tag)));
  return Object.entries(procedure.parties).filter(([name]) => isAwaited(name)).map(([, title]) => title).join('、');
}

/** The forms with which this actor could open a case of the procedure. */
export const openingsFor = (procedure: Procedure, actor: Actor): MoveView[] =>
  Object.values(procedure.moves)
    .filter((move) => move.from.length === 0 && actor.kind !== 'system' && mayOpen(move, actor))
    .map((move) => moveView(move));

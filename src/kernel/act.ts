import { randomUUID } from 'node:crypto';
import { isOrgTag, personTag, type Actor } from './actor';
import type { Case, Effect, Entry, Pending, Receipt, Sealed, Task, Work } from './case';
import { isDuplicate, type CaseCollection } from './cases';
import { digest, GENESIS, seal, sha256, stateHashOf } from './chain';
import type { Look } from './look';
import { halfOf, recounted } from './recount';
import { newCaseNo } from './numbers';
import { holds, mayRead, termsOf, where } from './policy';
import { isStandard } from './standard';
import { mayOpen, type Move, type Opening, type Outcome, type Procedure, type StateDef } from './procedure';
import { Refusal } from './refusal';
import type { ArticleNo, Rulebook } from '../rulebook/rulebook';

export interface ActDeps {
  city: string;
  cases: CaseCollection;
  procedures: ReadonlyMap<string, Procedure>;
  now: () => Date;
  look: Look;
  /** The rulebook in force for new cases, and any earlier version for cases opened under it. */
  rulebook(version?: number): Promise<Rulebook>;
  /** Claims uploaded files for a case; throws a Refusal that names the field if one is not the actor's to give. */
  attachFiles(ids: readonly string[], to: { no: string; person: string; field: string; showsName: boolean }): Promise<void>;
  /**
   * Takes the sensitive fields of an opening form into the vault; rules and case get only what this returns. Idempotent by case number.
   */
  seal(values: Record<string, string>, to: { no: string; person: string }): Promise<Sealed>;
  /** Hands new work to the queues at once; must not throw (the sweep is the safety net). */
  relay(no: string, pending: readonly Pending[]): void;
}

export interface Request {
  /** Idempotency key of the client; the same key from the same person returns the first answer. */
  key?: string;
  /** Version the client last saw; if given, anything newer refuses the move. */
  expect?: number;
  /** For effects: the event that caused it. */
  causedBy?: { no: string; seq: number; effect: string };
}

/** How often a move is tried anew when others write the same case in between; each try re-reads and re-decides. */
const TRIES = 8;

export function createAct(deps: ActDeps) {
  const { cases, city } = deps;

  /** Opens a case. Answers a receipt; a repeated key answers the first one. */
  async function open(actor: Actor, procedureName: string, moveName: string | null, input: unknown, request: Request = {}): Promise<Receipt> {
    const procedure = deps.procedures.get(procedureName);
    const move = procedure && openingOf(procedure, moveName);
    if (!procedure || !move?.begin) throw new Refusal('NOT_FOUND');
    if (!mayOpen(move, actor)) throw new Refusal('FORBIDDEN');
    const openKey = keyOf(actor, request);
    const inputHash = hashOfInput(input, move.form.sensitiveFields);
    const earlier = request.key || request.causedBy ? await cases.findOne({ city, openKey }) : null;
    if (earlier) return repeated(earlier, earlier.timeline[0]!, inputHash);

    const { open: value, sensitive } = apart(move.form.parse(input), move.form.sensitiveFields);
    const now = deps.now();
    const rulebook = await deps.rulebook();
    const base = { input: value, actor, now, rulebook };
    const facts = await move.facts?.(deps.look, base as never);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const no = newCaseNo(procedure.prefix, now, `${openKey}:${attempt}`);
      // A rule that refuses must do so before anything is taken in, so it is asked first with an empty seal.
      move.begin({ ...base, facts, no, sealed: NOT_SEALED });
      await attach(procedure, move.form.fileFields, value, actor, no);
      const sealed = sensitive ? await deps.seal(sensitive, { no, person: actor.person }) : NOT_SEALED;
      const opening = move.begin({ ...base, facts, no, sealed });
      const c = newCase(procedure, move, opening, { no, openKey, inputHash, input: value, actor, now, rulebook, causedBy: request.causedBy });
      try {
        await cases.insertOne(withoutUndefined(c));
        deps.relay(no, c.outbox);
        return receiptOf(c, c.timeline[0]!);
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        const first = await cases.findOne({ city, openKey });
        if (first) return repeated(first, first.timeline[0]!, inputHash);
        if (opening.once && (await cases.findOne({ city, once: opening.once }))) {
          throw new Refusal('CONFLICT', { detail: `${procedure.title}已存在，不能重复提交`, article: move.article });
        }
        // otherwise the number was taken: draw another
      }
    }
    throw new Refusal('UNAVAILABLE');
  }

  /** Makes a move on a case: policy, form, rules, then one guarded write of state, data, timeline and follow-up work. */
  async function act(actor: Actor, no: string, moveName: string, input: unknown, request: Request = {}): Promise<Receipt> {
    const key = request.key || request.causedBy ? keyOf(actor, request) : undefined;
    const inputHash = hashOfInput(input);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const c = await cases.findOne({ city, no });
      // A key is its person's own, so its first answer is too, even when that very move ended their access (回避).
      const done = key && c?.timeline.find((entry) => entry.key === key);
      if (c && done) return repeated(c, done, inputHash);
      // To a stranger a case does not exist: the same answer as for a number that was never given out.
      if (!c || !mayRead(actor, c)) throw new Refusal('NOT_FOUND');
      const procedure = deps.procedures.get(c.procedure);
      const move = procedure && Object.hasOwn(procedure.moves, moveName) ? procedure.moves[moveName] : undefined;
      if (!procedure || !move || move.from.length === 0) throw new Refusal('NOT_FOUND', { detail: '没有这项操作' });
      if (request.expect !== undefined && request.expect !== c.version) throw new Refusal('STALE');
      if (!move.from.includes(c.state)) throw new Refusal('ILLEGAL_MOVE', { detail: `当前状态“${procedure.states[c.state]?.title}”不能${move.title}` });
      if (!holds(move.by, actor, c)) throw new Refusal('FORBIDDEN');
      const now = deps.now();
      const rulebook = await deps.rulebook(c.rulebook);
      if (move.when && !move.when(c, actor, { now, rulebook })) throw new Refusal('ILLEGAL_MOVE', { detail: `现在不能${move.title}`, article: move.article });

      const value: unknown = move.form.parse(input);
      const base = { case: c, input: value, actor, now, rulebook };
      const facts = await move.facts?.(deps.look, base);
      const outcome = move.decide?.({ ...base, facts }) ?? {};
      await attach(procedure, move.form.fileFields, value, actor, no);
      const next = moved(procedure, move, c, outcome, { actor, now, rulebook, key, inputHash, input: value });
      const written = await cases.updateOne(
        { city, no, version: c.version, ...where(move.by, actor) },
        {
          $set: next.set,
          ...(Object.keys(next.unset).length > 0 ? { $unset: next.unset } : {}),
          $inc: { version: 1 },
          $push: { timeline: next.entry, ...(next.pending.length > 0 ? { outbox: { $each: next.pending } } : {}) } as never,
        },
      );
      if (written.modifiedCount === 1) {
        deps.relay(no, next.pending);
        return receiptOf(c, next.entry);
      }
    }
    throw new Refusal('STALE');
  }

  async function attach({ showsFileNames }: Procedure, fields: readonly string[], value: unknown, actor: Actor, no: string): Promise<void> {
    // An effect hands on what its cause holds already; those files stay with the case they were given to.
    if (actor.kind === 'system') return;
    for (const field of fields) {
      const ids = (value as Record<string, string[] | undefined>)[field];
      if (ids && ids.length > 0) await deps.attachFiles(ids, { no, person: actor.person, field, showsName: showsFileNames ?? false });
    }
  }

  function newCase(
    procedure: Procedure, move: Move, opening: Opening<any>,
    by: Making & { no: string; openKey: string; causedBy?: Request['causedBy'] },
  ): Case<any> {
    const state = move.to[0]!;
    const draft: Case<any> = {
      city, no: by.no, procedure: procedure.name, rulebook: by.rulebook.version, state, version: 1,
      parties: opening.parties, names: opening.names ?? {}, ...(opening.subject ? { subject: opening.subject } : {}),
      ...(opening.region ? { region: opening.region } : {}), ...(opening.sector ? { sector: opening.sector } : {}),
      data: withoutUndefined(opening.data), involved: [], access: [], barred: [], handlers: [],
      disclosed: [...new Set([...(opening.disclosed ?? []), ...move.discloses])],
      waitsOn: [], timeline: [], outbox: [], links: opening.links ?? [],
      openedAt: by.now, updatedAt: by.now, openKey: by.openKey,
      ...(opening.once ? { once: opening.once } : {}), ...(by.causedBy ? { causedBy: by.causedBy } : {}),
    };
    arrive(procedure, draft, state, { ...by, due: opening.due, move: move.name }, opening.priority ?? 0, 1);
    draft.access = accessOf(procedure, draft);
    draft.involved = involvedIn(draft);
    const entry = entryFor(move, draft, null, { ...by, note: opening.note });
    draft.timeline = [entry];
    draft.outbox = pendingFor(move, draft, entry, by.input, { desk: true, clock: Boolean(draft.clock), wasAwaited: false });
    return draft;
  }

  return { open, act };
}

export type Act = ReturnType<typeof createAct>;

// ---- Pure parts ---------------------------------------------------------------------------------------------------

/** The move that opens a case; a procedure with several needs its name. */
export function openingOf(procedure: Procedure, name: string | null): Move | undefined {
  const openings = Object.values(procedure.moves).filter((move) => move.from.length === 0);
  return name === null ? openings[0] : openings.find((move) => move.name === name);
}

interface Making { actor: Actor; now: Date; rulebook: Rulebook; key?: string; inputHash: string; input: unknown }

/** What a move makes of a case: the fields to write, the timeline line, the follow-up work. */
export function moved(procedure: Procedure, move: Move, c: Case<any>, outcome: Outcome<any, string>, by: Making) {
  const to = outcome.to ?? (move.stays ? c.state : move.to[0]!);
  const allowed = move.stays ? [c.state, ...move.to] : move.to;
  if (!allowed.includes(to)) throw new Error(`${procedure.name}.${move.name}: rule led to ${to}, which the declaration does not allow`);
  const entering = !move.stays || to !== c.state;
  const seq = c.timeline.length + 1;
  const after: Case<any> = {
    ...c, state: to, version: c.version + 1, updatedAt: by.now,
    data: withoutUndefined({ ...c.data, ...outcome.set }),
    parties: { ...c.parties, ...outcome.parties }, names: { ...c.names, ...outcome.names },
    disclosed: [...new Set([...c.disclosed, ...move.discloses])],
    barred: [...new Set([...c.barred, ...(outcome.barred ?? [])])],
    links: [...c.links.map((link) => ({ ...link, relation: outcome.relations?.[link.no] ?? link.relation })), ...(outcome.links ?? [])],
  };
  if (entering) arrive(procedure, after, to, { ...by, move: move.name, due: outcome.due }, c.task?.priority ?? 0, seq);
  else after.waitsOn = waitsOn(procedure.states[to]!, after);
  if (outcome.clock === 'pause' && after.clock) after.clock = { ...after.clock, pausedAt: by.now, pauseReason: outcome.pauseReason ?? '' };
  if (outcome.clock === 'resume' && after.clock) after.clock = resumed(after.clock, by);
  if (outcome.clock === 'recount' && after.clock) after.clock = recounted(after.clock, by);
  if (after.task?.assignee && after.barred.includes(personTag(after.task.assignee))) after.task = { ...after.task, assignee: undefined, claimedAt: undefined, why: undefined };
  after.access = accessOf(procedure, after);
  after.involved = involvedIn(after);
  const entry = entryFor(move, after, c, { ...by, note: outcome.note, bureauNote: outcome.bureauNote });
  after.timeline = [...c.timeline, entry];
  const clockChanged = entering ? Boolean(c.clock || after.clock) : outcome.clock !== undefined;
  const deskChanged = entering ? Boolean(c.task || after.task) : (outcome.barred?.length ?? 0) > 0;
  const pending = pendingFor(move, after, entry, by.input, { desk: deskChanged, clock: clockChanged, wasAwaited: c.waitsOn.length > 0 });
  const changing = ['state', 'updatedAt', 'data', 'parties', 'names', 'disclosed', 'barred', 'links', 'waitsOn', 'access', 'involved'] as const;
  const set: Record<string, unknown> = Object.fromEntries(changing.map((name) => [name, after[name]]));
  const unset: Record<string, ''> = {};
  for (const name of ['task', 'clock', 'closedAt'] as const) {
    if (after[name] !== undefined) set[name] = withoutUndefined(after[name]);
    else if (c[name] !== undefined) unset[name] = '';
  }
  return { after, entry, pending, set, unset };
}

/** Enters a state: desk work opens, the clock starts, the awaited are named. */
function arrive(procedure: Procedure, c: Case<any>, state: string, by: { now: Date; rulebook: Rulebook; actor: Actor; move: string; due?: Date }, priority: number, seq: number): void {
  const def = procedure.states[state]!;
  c.task = def.desk ? { desk: def.desk, seq, since: by.now, priority, ...staying(procedure, c, state, def.desk, by) } : undefined;
  c.clock = def.within ? startClock(def, by, seq, procedure.article) : undefined;
  c.closedAt = def.end ? by.now : undefined;
  c.waitsOn = waitsOn(def, c);
}

/** On the same desk the same reviewer goes on, as long as there is something for them to do: fewer people learn of the case. */
function staying(procedure: Procedure, c: Case<any>, state: string, desk: string, by: { actor: Actor; move: string }): Partial<Task> {
  const { task } = c;
  if (task?.desk !== desk || !task.assignee) return {};
  // The move being made counts too: whoever finds just now is not the second to find.
  const done = [...c.timeline.map((entry) => ({ move: entry.move, person: entry.by.person })), { move: by.move, person: by.actor.person }]
    .filter(({ person }) => person === task.assignee).map(({ move }) => move);
  const mayGoOn = Object.values(procedure.moves).some((move) => move.from.includes(state) && !isStandard(move.name)
    && termsOf(move.by).some((term) => term.who === 'handler' && !term.notWhoDid.some((name) => done.includes(name))));
  return mayGoOn ? { assignee: task.assignee, claimedAt: task.claimedAt, why: task.why } : {};
}

function startClock(def: StateDef, { now, rulebook, due: given }: { now: Date; rulebook: Rulebook; due?: Date }, seq: number, article: ArticleNo): NonNullable<Case['clock']> {
  const deadline = def.within!;
  const { due: usual, calendar, provisional } = rulebook.due(deadline, now);
  const due = given ?? usual;
  // An end that was published as a date stays that date, whatever holidays come.
  return {
    seq, deadline, article: rulebook.deadline(deadline).article ?? article, startedAt: now, due, calendar, provisional: provisional && !given, ...(given ? { given: true } : {}),
    next: halfOf(now, due, rulebook), ...(def.then ? { then: def.then } : {}),
  };
}

/** A pause moves the due instant on by the time it stood still, counted as the deadline itself is. */
function resumed(clock: NonNullable<Case['clock']>, { now, rulebook }: { now: Date; rulebook: Rulebook }): NonNullable<Case['clock']> {
  const { pausedAt, pauseReason: _, ...rest } = clock;
  if (!pausedAt) return rest;
  const { due, calendar, provisional } = rulebook.extend(clock.deadline, clock.due, { from: pausedAt, to: now });
  return { ...rest, due, calendar, provisional: provisional && !rest.given, next: due, pauses: [...(rest.pauses ?? []), { from: pausedAt, to: now }] };
}

function waitsOn(def: StateDef, c: Case<any>): string[] {
  if (!def.waitsFor || def.given?.(c)) return [];
  if (typeof def.waitsFor === 'function') return def.waitsFor(c);
  return [def.waitsFor].flat().flatMap((name) => c.parties[name as string] ?? []);
}

/** The tags that may read a case as it stands: the union of its readers' audiences. */
export const accessOf = (procedure: Procedure, c: Case<any>): string[] =>
  [...new Set(procedure.readers.flatMap((reader) => reader.who(c, procedure.desks)))];

const involvedIn = ({ parties }: Pick<Case, 'parties'>): string[] => [...new Set(Object.values(parties).flat())].filter(isOrgTag);

function entryFor(move: Move, after: Case<any>, before: Case<any> | null, by: Omit<Making, 'rulebook' | 'input'> & { note?: string; bureauNote?: string }): Entry {
  const last = before?.timeline.at(-1);
  return seal({
    seq: (last?.seq ?? 0) + 1, at: by.now, move: move.name, from: before?.state ?? null, to: after.state,
    by: { person: by.actor.person, role: by.actor.roles[0] ?? 'citizen', ...(by.actor.org ? { org: by.actor.org } : {}) },
    article: move.article, ...(by.note ? { note: by.note } : {}), ...(by.bureauNote ? { bureauNote: by.bureauNote } : {}),
    ...(by.key ? { key: by.key } : {}), inputHash: by.inputHash,
    stateHash: stateHashOf(after), prev: last?.hash ?? GENESIS,
  });
}

function pendingFor(move: Move, after: Case<any>, entry: Entry, input: unknown, { desk, clock, wasAwaited }: { desk: boolean; clock: boolean; wasAwaited: boolean }): Pending[] {
  const effects: Effect[] = move.causes?.(after, entry, input) ?? [];
  const works: Work[] = [
    ...(desk && (after.task || entry.from) ? ['route' as const] : []),
    // Whoever was awaited is told nothing more, and their task ends.
    ...(move.tells.length > 0 || after.waitsOn.length > 0 || wasAwaited ? ['notify' as const] : []),
    ...(effects.length > 0 ? ['cause' as const] : []),
    ...(clock ? ['time' as const] : []),
  ];
  return works.map((work) => ({ seq: entry.seq, work, at: entry.at, ...(work === 'cause' ? { effects } : {}) }));
}

/** Keys of different people never meet; a key of an effect is its cause. */
function keyOf(actor: Actor, request: Request): string {
  if (request.causedBy) return sha256(`cause:${request.causedBy.no}:${request.causedBy.seq}:${request.causedBy.effect}`);
  return sha256(`${actor.person}:${actor.org ?? ''}:${request.key ?? randomUUID()}`);
}

/** The digest lies open on the case, and an ID number is short enough to be guessed from a digest: sensitive fields stay out of it. */
const hashOfInput = (input: unknown, sensitive: readonly string[] = []): string => digest(apart(input ?? {}, sensitive).open);

const NOT_SEALED: Sealed = { ref: '', pseudonym: '', phoneIsBound: false, earlier: 0 };

function apart(value: unknown, names: readonly string[]): { open: unknown; sensitive: Record<string, string> | null } {
  if (names.length === 0 || value === null || typeof value !== 'object') return { open: value, sensitive: null };
  const entries = Object.entries(value);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    sensitive: Object.fromEntries(entries.filter(([name]) => names.includes(name))) as Record<string, string>,
  };
}

function repeated(c: Case<any>, entry: Entry, inputHash: string): Receipt {
  if (entry.inputHash !== inputHash) throw new Refusal('KEY_REUSED');
  return receiptOf(c, entry);
}

export const receiptOf = (c: Pick<Case, 'no' | 'procedure'>, entry: Entry): Receipt => ({
  no: c.no, procedure: c.procedure, move: entry.move, state: entry.to, seq: entry.seq,
  at: entry.at.toISOString(), article: entry.article, head: entry.hash,
});

/** MongoDB would store undefined as null, and the chain hashes what is stored. */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item)) as T;
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, withoutUndefined(member)])) as T;
}

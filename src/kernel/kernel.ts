import type { Actor } from './actor';
import { createAct, type ActDeps } from './act';
import type { Case } from './case';
import { firstBreak } from './chain';
import type { Option } from './fields';
import { createList, FOR_A_LINE } from './list';
import { mayRead, readableBy } from './policy';
import type { Procedure } from './procedure';
import { Refusal } from './refusal';
import type { SearchDeps } from './search';
import { colleaguesIn, lineOf, movesOpenTo, openingsFor, readerOf, viewOf, type CaseView } from './view';

/** How many cases of a procedure that follow from one case are in a state, and what that case is to them. */
export interface LinkedCount { relation: string; procedure: string; title: string; state: string; stateTitle: string; end: boolean; count: number }

/** The cases of the city, for one actor at a time. Knows no single procedure. */
export function createKernel(deps: ActDeps & SearchDeps) {
  const { cases, city, procedures } = deps;
  const actions = createAct(deps);
  const list = createList(deps);

  const procedureOf = (c: Case<any>): Procedure => {
    const procedure = procedures.get(c.procedure);
    if (!procedure) throw new Error(`case ${c.no} is of an unknown procedure ${c.procedure}`);
    return procedure;
  };

  /** The case itself, for code that acts on behalf of the actor; NOT_FOUND for a stranger. */
  async function find(actor: Actor, no: string): Promise<Case<any>> {
    const c = await cases.findOne({ city, no });
    if (!c || !mayRead(actor, c)) throw new Refusal('NOT_FOUND');
    return c;
  }

  async function read(actor: Actor, no: string): Promise<CaseView> {
    const c = await find(actor, no);
    const colleagues = colleaguesIn(c, actor);
    const names = colleagues.length > 0 ? await deps.look.namesOf(colleagues) : undefined;
    const [now, rulebook] = [deps.now(), await deps.rulebook(c.rulebook)];
    const view = viewOf(procedureOf(c), c, actor, now, rulebook, names);
    if (!view) throw new Refusal('NOT_FOUND');
    if (view.links.length === 0) return view;
    const linked = await cases.find({ city, no: { $in: view.links.map((link) => link.no) }, ...readableBy(actor) }, { projection: FOR_A_LINE }).toArray();
    return { ...view, links: view.links.map((link) => {
      const other = linked.find((one) => one.no === link.no);
      const line = other && lineOf(procedureOf(other), other, actor, now, rulebook);
      return line ? { ...link, line } : link;
    }) };
  }

  /** How many of the cases that follow from this one stand where, among those this actor may read. */
  async function tally(actor: Actor, linked: string): Promise<LinkedCount[]> {
    await find(actor, linked);
    const found = await cases.aggregate<{ _id: { procedure: string; state: string; relation: string }; count: number }>([
      { $match: { city, 'links.no': linked, ...readableBy(actor) } },
      { $unwind: '$links' },
      { $match: { 'links.no': linked } },
      { $group: { _id: { procedure: '$procedure', state: '$state', relation: '$links.relation' }, count: { $sum: 1 } } },
      { $sort: { '_id.relation': 1 } },
    ]).toArray();
    return [...procedures.values()].flatMap(({ name, title, states }) => Object.entries(states).flatMap(([state, { title: stateTitle, end }]) =>
      found.filter(({ _id }) => _id.procedure === name && _id.state === state)
        .map(({ _id: { relation }, count }) => ({ relation, procedure: name, title, state, stateTitle, end: Boolean(end), count }))));
  }

  /** Whether this actor sees every line of a case: whoever does not must not count what is hidden either. */
  const seesAll = (actor: Actor, c: Case<any>): boolean => readerOf(procedureOf(c), c, actor)?.timeline === 'all';

  /** What the fields of a move open to this actor may name here, where that depends on the case. */
  async function options(actor: Actor, no: string, moveName: string): Promise<Record<string, Option[]>> {
    const c = await find(actor, no);
    const move = movesOpenTo(procedureOf(c), c, actor, { now: deps.now(), rulebook: await deps.rulebook(c.rulebook) }).find(({ name }) => name === moveName);
    if (!move) throw new Refusal('FORBIDDEN');
    return await move.offers?.(deps.look, c) ?? {};
  }

  /** Whether a receipt is genuine: its head must be a line of the live chain, and the chain whole. */
  async function checkReceipt(no: string, head: string): Promise<{ genuine: boolean; seq?: number; at?: string }> {
    const c = await cases.findOne({ city, no });
    const entry = c?.timeline.find((line) => line.hash === head);
    return c && entry && firstBreak(c) === null ? { genuine: true, seq: entry.seq, at: entry.at.toISOString() } : { genuine: false };
  }

  /** A file may be read by whoever sees a field that names it, in the case it was given to or in one that follows from that case. */
  async function mayReadFile(actor: Actor, file: { id: string; caseNo?: string; uploader: string }): Promise<boolean> {
    if (!file.caseNo) return file.uploader === actor.person;
    const holding = await cases.find({ city, $or: [{ no: file.caseNo }, { 'links.no': file.caseNo }], ...readableBy(actor) }).limit(20).toArray();
    return holding.some((c) => {
      const reader = readerOf(procedureOf(c), c, actor);
      return reader?.fields.some((name) => namesFile(c.data[name], file.id)) ?? false;
    });
  }

  /** What this actor could open, with its forms. */
  const openings = (actor: Actor) => [...procedures.values()].flatMap((procedure) =>
    openingsFor(procedure, actor).map((opening) => ({ procedure: procedure.name, procedureTitle: procedure.title, ...opening })));

  return { ...actions, find, read, list, tally, options, seesAll, checkReceipt, mayReadFile, openings, procedureOf, procedures };
}

export type Kernel = ReturnType<typeof createKernel>;

function namesFile(value: unknown, id: string): boolean {
  if (value === id) return true;
  return typeof value === 'object' && value !== null && !(value instanceof Date) && Object.values(value).some((member) => namesFile(member, id));
}

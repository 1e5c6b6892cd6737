import type { Actor } from './actor';
import { createAct, type ActDeps } from './act';
import type { Case } from './case';
import { firstBreak } from './chain';
import { mayRead, readableBy } from './policy';
import type { Procedure } from './procedure';
import { Refusal } from './refusal';
import { lineOf, openingsFor, readerOf, viewOf, type CaseLine, type CaseView } from './view';

/** What a list asks for. `after` is the opaque `next` of the page before. */
export interface ListQuery {
  procedure?: string;
  state?: string;
  /** 'me': only what waits for me, most urgent first. */
  waiting?: 'me';
  /** Cases linked to this one. */
  linked?: string;
  limit?: number;
  after?: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

const PAGE = 20;
const PAGE_MAX = 100;

/** A line shows neither data nor proofs, so a page does not carry them from the database. */
const FOR_A_LINE = { data: 0, outbox: 0, 'timeline.hash': 0, 'timeline.prev': 0, 'timeline.stateHash': 0, 'timeline.inputHash': 0, 'timeline.key': 0, 'timeline.note': 0 } as const;

/** The cases of the city, for one actor at a time. Knows no single procedure. */
export function createKernel(deps: ActDeps) {
  const { cases, city, procedures } = deps;
  const actions = createAct(deps);

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
    const view = viewOf(procedureOf(c), c, actor, deps.now(), await deps.rulebook(c.rulebook));
    if (!view) throw new Refusal('NOT_FOUND');
    return view;
  }

  async function list(actor: Actor, query: ListQuery): Promise<Page<CaseLine>> {
    const limit = Math.min(query.limit ?? PAGE, PAGE_MAX);
    const cursor = query.after ? parseCursor(query.after) : null;
    const mine = query.waiting === 'me';
    const filter: Record<string, unknown> = { city, ...readableBy(actor) };
    if (query.procedure) filter['procedure'] = query.procedure;
    if (query.state) filter['state'] = query.state;
    if (query.linked) filter['links.no'] = query.linked;
    if (mine) filter['waitsOn'] = { $in: [...actor.tags] };
    if (cursor) {
      filter['$or'] = mine
        ? [{ 'clock.due': { $gt: cursor.at } }, { 'clock.due': cursor.at, no: { $gt: cursor.no } }]
        : [{ openedAt: { $lt: cursor.at } }, { openedAt: cursor.at, no: { $lt: cursor.no } }];
    }
    const found = await cases.find(filter, { projection: FOR_A_LINE }).sort(mine ? { 'clock.due': 1, no: 1 } : { openedAt: -1, no: -1 }).limit(limit + 1).toArray();
    const page = found.slice(0, limit);
    const now = deps.now();
    const lines = await Promise.all(page.map(async (c) => lineOf(procedureOf(c), c, actor, now, await deps.rulebook(c.rulebook))));
    const last = page.at(-1);
    const next = found.length > limit && last ? cursorOf(mine ? (last.clock?.due ?? new Date(0)) : last.openedAt, last.no) : null;
    return { items: lines.filter((line) => line !== null), next };
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

  return { ...actions, find, read, list, checkReceipt, mayReadFile, openings, procedureOf, procedures };
}

export type Kernel = ReturnType<typeof createKernel>;

function namesFile(value: unknown, id: string): boolean {
  if (value === id) return true;
  return typeof value === 'object' && value !== null && !(value instanceof Date) && Object.values(value).some((member) => namesFile(member, id));
}

const cursorOf = (at: Date, no: string): string => Buffer.from(`${at.getTime()} ${no}`).toString('base64url');
function parseCursor(text: string): { at: Date; no: string } {
  const match = /^(\d{1,15}) ([A-Z0-9-]{1,30})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match) throw new Refusal('MALFORMED', { detail: '翻页参数无效，请从第一页重新开始' });
  return { at: new Date(Number(match[1])), no: match[2]! };
}

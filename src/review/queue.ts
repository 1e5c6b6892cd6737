import type { Actor, Role } from '../kernel/actor';
import { mayRead } from '../kernel/policy';
import { Refusal } from '../kernel/refusal';
import { dueOf, partiesFor, type CaseLine } from '../kernel/view';
import { DISCREET } from '../notify/wording';
import type { Rulebook } from '../rulebook/rulebook';
import { DESKS, deskOf } from './desks';
import { deskAndRegion, isAway, type Head } from './places';
import { isAbsent, type RoutedCase } from './reviewers';
import { ROUTED, type ReviewDeps, type Routing } from './routing';
import { STEP_TITLES, whyWaiting } from './why';

/** One line of a queue: enough to choose by. Parties only where the case may be read before it is claimed; a report may not. */
export interface QueueLine {
  no: string;
  procedure: string;
  title: string;
  desk: string;
  since: string;
  priority: number;
  due: string | null;
  inWords: string | null;
  state: { name: string; title: string };
  claimed: boolean;
  why: string | null;
  region: string | null;
  sector: string | null;
  parties: CaseLine['parties'];
  /** Of an offer: until when it is kept for whoever it was made to. */
  until?: string;
}

export interface QueueView {
  mine: QueueLine[];
  offered: QueueLine[];
  pool: QueueLine[];
  /** Opaque; the next page of the pool, without `mine` and `offered`. */
  next: string | null;
}

export interface BoardView {
  desks: { desk: string; title: string; waiting: number; claimed: number; overdue: number; /** Never of a desk for confidential matters alone: it would tell when a report came. */ oldest: string | null; regions: { region: string; waiting: number; claimed: number; overdue: number }[] }[];
  /** `away`: on leave today. */
  people: { person: string; name: string; desks: readonly string[]; regions: readonly string[]; away: boolean; offered: number; claimed: number; capacity: number; onDuty: boolean }[];
}

export interface Explanation {
  no: string;
  desk: string;
  place: 'pool' | 'offer' | 'claim';
  text: string;
  /** How many people were left after each filter. */
  steps: { step: string; title: string; left: number }[];
  /** Who has it: only for supervisors. */
  person?: string;
  name?: string;
}

const LIMIT = 20;
const LIMIT_MAX = 100;
const MINE_MAX = 200;
const PAGES = 5;
const OVERSEERS: readonly Role[] = ['supervisor', 'director', 'auditor', 'admin'];
const oversees = (actor: Actor): boolean => actor.kind === 'staff' && actor.roles.some((role) => OVERSEERS.includes(role));

/** What reviewers and supervisors see of the queues. */
export function createQueue(deps: ReviewDeps, routing: Routing) {
  const { city, cases, procedures, now, namesOf = async () => new Map<string, string>() } = deps;
  const { places, read, readMany, obstacle } = routing;

  function lineOf(c: RoutedCase, actor: Actor, at: Date, rulebook: Rulebook): QueueLine {
    const procedure = procedures.get(c.procedure);
    return {
      no: c.no, procedure: c.procedure, title: procedure?.title ?? c.procedure, desk: c.task!.desk, since: c.task!.since.toISOString(), priority: c.task!.priority,
      ...dueOf(c, at, rulebook),
      state: { name: c.state, title: procedure?.states[c.state]?.title ?? c.state },
      claimed: Boolean(c.task!.assignee), why: c.task!.why ?? null, region: c.region ?? null, sector: c.sector ?? null,
      parties: procedure ? partiesFor(procedure, c, actor) : [],
    };
  }

  async function queue(actor: Actor, { limit = LIMIT, after, desk }: { limit?: number; after?: string; desk?: string } = {}): Promise<QueueView> {
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const desks = actor.desks.filter((one) => desk === undefined || one === desk);
    const from = after ? parseCursor(after) : undefined;
    const first = from === undefined;
    try {
      const [mine, offered, pool] = await Promise.all([
        first ? claimedBy(actor.person) : [],
        first ? offeredTo(actor.person) : [],
        poolOf(actor, desks, Math.min(limit, LIMIT_MAX), from),
      ]);
      const at = now();
      const rulebook = await deps.rulebook();
      const lines = (found: readonly RoutedCase[]) => found.map((c) => lineOf(c, actor, at, rulebook));
      return { mine: lines(mine), offered: await Promise.all(lines(offered).map(kept)), pool: lines(pool.found), next: pool.next };
    } catch (error) {
      if (isAway(error)) throw new Refusal('UNAVAILABLE');
      throw error;
    }
  }

  const kept = async (line: QueueLine): Promise<QueueLine> => {
    const until = (await places.look(line.no))?.until;
    return until ? { ...line, until: new Date(until).toISOString() } : line;
  };

  const claimedBy = (person: string): Promise<RoutedCase[]> =>
    cases.find({ city, 'task.assignee': person }, { projection: ROUTED }).sort({ 'task.since': 1 }).limit(MINE_MAX).toArray() as unknown as Promise<RoutedCase[]>;

  async function offeredTo(person: string): Promise<RoutedCase[]> {
    const found = (await readMany(await places.offers(person, now()))).filter((c) => c.task && !c.task.assignee);
    const allowed = await Promise.all(found.map((c) => isFree(person, c)));
    return found.filter((_, i) => allowed[i]).toSorted((a, b) => b.task!.priority - a.task!.priority || a.task!.since.getTime() - b.task!.since.getTime());
  }

  const isFree = async (person: string, c: RoutedCase): Promise<boolean> => (await obstacle(person, c))?.reason === null;

  /** Skips what the person may not have (回避): to them it is not there. */
  async function poolOf(actor: Actor, desks: readonly string[], limit: number, from: Head | undefined): Promise<{ found: RoutedCase[]; next: string | null }> {
    const found: RoutedCase[] = [];
    let after = from;
    for (let page = 0; page < PAGES; page += 1) {
      const heads = await places.heads(desks, actor.regions, limit + 1, after);
      const waiting = new Map((await readMany(heads.map(({ no }) => no))).map((c) => [c.no, c]));
      for (const head of heads) {
        if (found.length === limit) return { found, next: cursorOf(after!) };
        after = head;
        const c = waiting.get(head.no);
        if (c?.task && !c.task.assignee && await isFree(actor.person, c)) found.push(c);
      }
      if (heads.length <= limit) return { found, next: null };
    }
    return { found, next: cursorOf(after!) };
  }

  const isConfidential = (desk: string): boolean =>
    [...procedures.values()].filter(({ desks }) => desks.includes(desk)).every(({ name }) => DISCREET.includes(name));

  async function board(actor: Actor): Promise<BoardView> {
    if (!oversees(actor)) throw new Refusal('FORBIDDEN');
    const [counts, reviewers] = await Promise.all([places.board(now()), deps.directory()]);
    const people = reviewers.filter(({ active, desks }) => active && desks.length > 0);
    const staff = await namesOf(people.map(({ person }) => person));
    const names = [...new Set([...DESKS.keys(), ...counts.lanes.map(({ lane }) => deskAndRegion(lane)[0])])];
    const loads = new Map(counts.people.map((load) => [load.person, load]));
    return {
      desks: names.map((desk) => {
        const of = counts.lanes.filter(({ lane }) => deskAndRegion(lane)[0] === desk).toSorted((a, b) => (a.lane < b.lane ? -1 : 1));
        const sum = (pick: (lane: (typeof of)[number]) => number) => of.reduce((total, lane) => total + pick(lane), 0);
        return {
          desk, title: deskOf(desk).title, waiting: sum((lane) => lane.open - lane.claimed), claimed: sum((lane) => lane.claimed), overdue: sum((lane) => lane.overdue),
          oldest: of.length > 0 && !isConfidential(desk) ? new Date(Math.min(...of.map((lane) => lane.oldest))).toISOString() : null,
          regions: of.flatMap(({ lane, open, claimed, overdue }) => {
            const region = deskAndRegion(lane)[1];
            return region ? [{ region, waiting: open - claimed, claimed, overdue }] : [];
          }),
        };
      }),
      people: people.map((reviewer) => {
        const { person, desks, regions, capacity, onDuty } = reviewer;
        const { offered = 0, claimed = 0 } = loads.get(person) ?? {};
        return { person, name: staff.get(person) ?? '', desks, regions, away: isAbsent(reviewer, now()), offered, claimed, capacity, onDuty };
      }),
    };
  }

  /** Why this reviewer, or why nobody yet. */
  async function explain(actor: Actor, no: string): Promise<Explanation> {
    const c = actor.kind === 'staff' ? await read(no) : null;
    const allowed = c && (oversees(actor) || mayRead(actor, c) || (c.task && actor.desks.includes(c.task.desk) && await isFree(actor.person, c)));
    if (!c || !allowed) throw new Refusal('NOT_FOUND');
    if (!c.task) throw new Refusal('TASK_GONE');
    const known = await places.look(no);
    const place = c.task.assignee ? 'claim' : known?.place ?? 'pool';
    const person = c.task.assignee ?? known?.person;
    const text = c.task.assignee ? c.task.why ?? ''
      : place === 'offer' ? person === actor.person ? '已派给您，请领取或谢绝。' : '已派给一名符合条件的人员，等其领取。'
      : whyWaiting(c.task.desk, known?.steps, known?.free ?? null);
    return {
      no, desk: c.task.desk, place, text,
      steps: [...Object.entries(known?.steps ?? {}), ...(typeof known?.free === 'number' ? [['capacity', known.free] as const] : [])]
        .map(([step, left]) => ({ step, title: STEP_TITLES[step as keyof typeof STEP_TITLES], left })),
      ...(oversees(actor) && person ? { person, name: (await namesOf([person])).get(person) ?? '' } : {}),
    };
  }

  return { queue, board, explain };
}

const cursorOf = ({ score, no }: Head): string => Buffer.from(`${score} ${no}`).toString('base64url');
function parseCursor(text: string): Head {
  const match = /^(-?\d{1,17}) ([A-Z0-9-]{1,30})$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  if (!match) throw new Refusal('MALFORMED', { detail: '翻页参数无效，请从第一页重新开始' });
  return { score: Number(match[1]), no: match[2]! };
}

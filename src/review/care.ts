import { randomUUID } from 'node:crypto';
import type { Case } from '../kernel/case';
import { within } from '../kernel/patience';
import type { Claims } from './claims';
import { escalatedAt, type Expired, type Head } from './places';
import { isAbsent, type RoutedCase } from './reviewers';
import { ROUTED, type Escalation, type ReviewDeps, type Routing } from './routing';

/** What the chaos run looks at: every open task with a desk lies in exactly one place. Lists hold case numbers. */
export interface Check {
  openTasks: number;
  /** Tasks in exactly one place. */
  queued: number;
  missing: string[];
  doubled: string[];
  /** In a queue without an open task. */
  stray: string[];
  /** With somebody else in Redis than in MongoDB. */
  misheld: string[];
}

const PAGE = 200;
const MINUTE = 60_000;
const FILL_PAGE = 50;
const HEAL_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 5_000;
const RECONCILE_EVERY_MS = 5 * MINUTE;
/** One that hangs would never run again. */
const CARE_WITHIN_MS = 10 * MINUTE;
const ESCALATE_AFTER_MINUTES = 240;

/** Keeps the queues true to MongoDB: leases that end, tasks nobody takes, people who leave, and a Redis that lost everything. */
export function createCare(deps: ReviewDeps, routing: Routing, claims: Claims) {
  const { city, cases, now, log, directory } = deps;
  const { places, place, readMany, announce } = routing;
  let filledUpTo: Head | undefined;

  /** One round of care. Several workers may run it at once. */
  async function sweep(): Promise<{ expired: number; escalated: number; released: number }> {
    const expired = await sweepLeases();
    const released = await sweepPeople();
    await sweepPools();
    const escalated = await sweepWaiting();
    await places.prune(now());
    return { expired, escalated, released };
  }

  async function sweepLeases(): Promise<number> {
    const ended = await places.expired(now(), PAGE);
    const found = new Map((await readMany(ended.map(({ no }) => no))).map((c) => [c.no, c]));
    for (const one of ended) await endLease(one, found.get(one.no));
    return ended.length;
  }

  async function endLease({ no, seq, person, place: from, sure }: Expired, c: RoutedCase | undefined): Promise<void> {
    if (!c) { await places.remove(no); return; }
    if (from === 'offer') {
      if (await places.putBack(no, seq, person, { lapsedBy: now(), only: 'offer' })) announce({ no, kind: 'waiting', desk: c.task?.desk ?? '', region: c.region }, [person]);
      return;
    }
    // Half-made, already given back, or moved on: the queues follow the case.
    if (!sure || c.task?.seq !== seq || c.task.assignee !== person) { await place(c); return; }
    const { claim: minutes } = await routing.leases();
    const until = lastActOf(c, person) + minutes * MINUTE;
    if (until > now().getTime()) await places.touch(no, person, until);
    else if (await claims.putBack(no, seq, person)) log.info({ no, person }, 'review: lease ran out, task went back');
  }

  /** Leavers, the deactivated and the absent hold nothing; who is off duty is offered nothing. */
  async function sweepPeople(): Promise<number> {
    const holders = await places.holders();
    if (holders.length === 0) return 0;
    const reviewers = new Map((await directory()).map((reviewer) => [reviewer.person, reviewer]));
    // An empty register is a fault of ours rather than everybody's departure.
    if (reviewers.size === 0) return 0;
    let released = 0;
    for (const person of holders) {
      const reviewer = reviewers.get(person);
      if (!reviewer?.active || isAbsent(reviewer, now())) released += await claims.release(person);
      else if (!reviewer.onDuty) released += await claims.releaseOffers(person);
    }
    return released;
  }

  /** Page by page through all that waits, one page a round, so that heads nobody may have do not block the rest. */
  async function sweepPools(): Promise<void> {
    const desks = [...new Set((await directory()).flatMap((reviewer) => reviewer.desks))];
    const first = await routing.offerWaiting(desks, [], FILL_PAGE);
    if (first.length < FILL_PAGE) { filledUpTo = undefined; return; }
    const further = await routing.offerWaiting(desks, [], FILL_PAGE, { after: filledUpTo ?? first.at(-1) });
    filledUpTo = further.length < FILL_PAGE ? undefined : further.at(-1);
  }

  async function sweepWaiting(): Promise<number> {
    const before = new Date(now().getTime() - (deps.escalateAfterMinutes ?? ESCALATE_AFTER_MINUTES) * MINUTE);
    const waiting = await readMany(await places.waitingSince(before, PAGE));
    let escalated = 0;
    for (const c of waiting) {
      if (!c.task || c.task.assignee) { await place(c); continue; }
      if (escalatedAt(c.task) === undefined) {
        await escalate(c, 'unclaimed');
        await cases.updateOne({ city, no: c.no, 'task.seq': c.task.seq }, { $set: { 'task.escalatedAt': now() }, $inc: { version: 1 } } as never); // dotted path into an optional field
        escalated += 1;
      }
      await places.escalated(c.no);
    }
    return escalated;
  }

  async function escalate(c: RoutedCase, reason: Escalation['reason']): Promise<void> {
    const { desk, seq, since, assignee } = c.task!;
    log.warn({ no: c.no, desk, reason }, 'review: escalated to the supervisor');
    await deps.escalate?.({ no: c.no, seq, desk, region: c.region, reason, since });
    announce({ no: c.no, kind: reason === 'overdue' ? 'overdue' : 'escalated', desk, region: c.region }, [assignee]);
  }

  /** A clock of the kernel: half-time goes to whoever has the task, running out to the supervisor as well. */
  async function remind(c: Case<any>, kind: 'half' | 'overdue'): Promise<void> {
    if (!c.task) return;
    await place(c); // the due date on the boards
    if (kind === 'overdue') await escalate(c, 'overdue');
    else announce({ no: c.no, kind: 'reminded', desk: c.task.desk, region: c.region }, [c.task.assignee]);
  }

  /** All open tasks, by desk, priority and age: the order of their index. */
  async function* openTasks(): AsyncGenerator<RoutedCase[]> {
    const cursor = cases.find({ city, 'task.desk': { $exists: true } }, { projection: ROUTED })
      .sort({ 'task.desk': 1, 'task.priority': -1, 'task.since': 1, no: 1 }).batchSize(PAGE);
    let page: RoutedCase[] = [];
    for await (const c of cursor) {
      page.push(c as RoutedCase);
      if (page.length === PAGE) { yield page; page = []; }
    }
    if (page.length > 0) yield page;
  }

  /** Brings all queues in line with MongoDB while everything goes on running. Returns the number of open tasks. */
  async function rebuild(): Promise<number> {
    const started = Date.now();
    const id = randomUUID();
    await places.begin(id);
    const seen = new Set<string>();
    for await (const page of openTasks()) {
      await Promise.all(page.map((c) => place(c)));
      for (const { no } of page) seen.add(no);
    }
    const others = (await places.known()).filter((no) => !seen.has(no));
    for (let i = 0; i < others.length; i += PAGE) {
      const nos = others.slice(i, i + PAGE);
      const found = await readMany(nos);
      const numbers = new Set(found.map(({ no }) => no));
      await Promise.all([...found.map((c) => place(c)), ...nos.filter((no) => !numbers.has(no)).map((no) => places.remove(no))]);
    }
    const whole = await places.ready(id);
    log.info({ openTasks: seen.size, strays: others.length, whole, ms: Date.now() - started }, 'review: queues rebuilt');
    return seen.size;
  }

  /** Rebuilds if Redis lost what it knew. True if it had. */
  async function heal(): Promise<boolean> {
    if (await places.isReady()) return false;
    await rebuild();
    return true;
  }

  async function check(): Promise<Check> {
    const found = new Map<string, (string | undefined)[]>();
    for (const { person, nos } of await places.contents()) {
      for (const no of nos) found.set(no, [...(found.get(no) ?? []), person]);
    }
    const result: Check = { openTasks: 0, queued: 0, missing: [], doubled: [], stray: [], misheld: [] };
    for await (const page of openTasks()) {
      for (const { no, task } of page) {
        const where = found.get(no) ?? [];
        found.delete(no);
        result.openTasks += 1;
        if (where.length === 0) result.missing.push(no);
        else if (where.length > 1) result.doubled.push(no);
        else result.queued += 1;
        if (where.length === 1 && task!.assignee && where[0] !== task!.assignee) result.misheld.push(no);
      }
    }
    result.stray = [...found.keys()];
    return result;
  }

  /** The worker's part: heals at once and from then on, sweeps, reconciles now and then. Resolves when the queues stand. */
  async function start(): Promise<{ stop(): Promise<void> }> {
    await rebuild();
    let stopped = false;
    const running = new Set<Promise<void>>();
    const every = (ms: number, what: string, work: () => Promise<unknown>): NodeJS.Timeout => {
      let busy = false;
      return setInterval(() => {
        if (busy || stopped) return;
        busy = true;
        const run = within(CARE_WITHIN_MS, what, work()).then(() => undefined, (error: unknown) => { log.error({ err: error }, `review: ${what} failed, will be tried again`); })
          .finally(() => { busy = false; running.delete(run); });
        running.add(run);
      }, ms);
    };
    const timers = [every(HEAL_EVERY_MS, 'heal', heal), every(SWEEP_EVERY_MS, 'sweep', sweep), every(RECONCILE_EVERY_MS, 'rebuild', rebuild)];
    return {
      stop: async () => {
        stopped = true;
        timers.forEach(clearInterval);
        await Promise.all(running);
      },
    };
  }

  return { sweep, remind, rebuild, heal, check, start, isReady: () => places.isReady() };
}

const lastActOf = (c: RoutedCase, person: string): number => {
  const acts = c.timeline.filter((entry) => entry.by.person === person).map((entry) => entry.at.getTime());
  return Math.max(c.task!.claimedAt!.getTime(), ...acts);
};

export type Care = ReturnType<typeof createCare>;

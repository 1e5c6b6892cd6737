import { Worker, type ConnectionOptions } from 'bullmq';
import type { Logger } from 'pino';
import { SYSTEM } from './actor';
import type { Act } from './act';
import type { Case, Effect, Entry, Work } from './case';
import { WORKS } from './case';
import type { CaseCollection } from './cases';
import { standingIn } from './concerned';
import type { Move, Procedure } from './procedure';
import { within } from './patience';
import { Refusal } from './refusal';
import { queueName, type WorkJob } from './relay';

/** What the rest of the product does about an event. Each may run twice for the same (no, seq) and must then change nothing. */
export interface Handlers {
  /** A task opened, changed or ended: bring the queues in line with the case. */
  route(c: Case<any>, seq: number): Promise<void>;
  /** Tell the people a move concerns. */
  notify(event: { case: Case<any>; entry: Entry; move: Move; procedure: Procedure }): Promise<void>;
  /** A clock reached half-time, or ran out without a move of its own. */
  remind(c: Case<any>, kind: 'half' | 'overdue'): Promise<void>;
  /** Services that effects may call, by name; idempotent by cause. */
  services: Record<string, (input: Record<string, unknown>, cause: { no: string; seq: number; effect: string }) => Promise<void>>;
  /** Sets a timer for `at`; a lost one is found by the sweep. */
  schedule(c: Case<any>, at: Date): Promise<void>;
}

export interface WorkDeps {
  city: string;
  cases: CaseCollection;
  procedures: ReadonlyMap<string, Procedure>;
  act: Act;
  handlers: Handlers;
  now: () => Date;
  log: Logger;
}

/** Does one piece of pending work, then strikes it from the case. Running it twice, or after a crash half-way, changes nothing more. */
export function createWork(deps: WorkDeps) {
  const { cases, city, handlers } = deps;

  const works: Record<Work, (c: Case<any>, seq: number) => Promise<void>> = {
    route: (c, seq) => handlers.route(c, seq),
    notify: (c, seq) => {
      const entry = c.timeline[seq - 1]!;
      const procedure = deps.procedures.get(c.procedure)!;
      return handlers.notify({ case: c, entry, procedure, move: procedure.moves[entry.move]! });
    },
    cause: async (c, seq) => {
      const pending = c.outbox.find((item) => item.seq === seq && item.work === 'cause');
      for (const effect of pending?.effects ?? []) await carryOut(effect, { no: c.no, seq, effect: effect.effect });
    },
    time: async (c, seq) => {
      if (c.clock && c.clock.seq <= seq && c.clock.next && !c.clock.pausedAt) await handlers.schedule(c, c.clock.next);
    },
  };

  async function carryOut(effect: Effect, causedBy: { no: string; seq: number; effect: string }): Promise<void> {
    switch (effect.kind) {
      case 'open': await deps.act.open(SYSTEM, effect.procedure, effect.move, effect.input, { causedBy }); return;
      case 'act': await actOn(effect.no, effect, causedBy); return;
      case 'each':
        for await (const { no } of standingIn({ city, cases }, effect)) await actOn(no, effect, { ...causedBy, effect: `${effect.effect}:${no}` });
        return;
      case 'call': {
        const service = deps.handlers.services[effect.service];
        if (!service) throw new Error(`no service ${effect.service}`);
        await service(effect.input, causedBy);
      }
    }
  }

  async function actOn(no: string, { move, input }: { move: string; input: Record<string, unknown> }, causedBy: { no: string; seq: number; effect: string }): Promise<void> {
    try {
      await deps.act.act(SYSTEM, no, move, input, { causedBy });
    } catch (error) {
      // The other case has meanwhile gone a way that leaves no room for this: recorded there, nothing more to do.
      if (!(error instanceof Refusal && error.code === 'ILLEGAL_MOVE')) throw error;
      deps.log.warn({ no, move, by: causedBy.no }, 'effect came too late');
    }
  }

  async function doWork(work: Work, { no, seq }: WorkJob): Promise<void> {
    const c = await cases.findOne({ city, no });
    if (!c?.outbox.some((item) => item.seq === seq && item.work === work)) return;
    await works[work](c, seq);
    await cases.updateOne({ city, no }, { $pull: { outbox: { seq, work } } } as never);
  }

  /** A clock wants attention: at half-time a reminder, when it runs out its move or an escalation. Early and late calls do no harm. */
  async function tick(no: string): Promise<void> {
    const c = await cases.findOne({ city, no });
    const clock = c?.clock;
    if (!c || !clock?.next || clock.pausedAt) return;
    const now = deps.now();
    if (clock.next > now) { await handlers.schedule(c, clock.next); return; }
    const same = { city, no, 'clock.seq': clock.seq, 'clock.next': clock.next };
    if (clock.due > now) {
      await handlers.remind(c, 'half');
      await cases.updateOne(same, { $set: { 'clock.next': clock.due } });
      await handlers.schedule(c, clock.due);
    } else if (clock.then) {
      await deps.act.act(SYSTEM, no, clock.then, {}, { key: `clock:${no}:${clock.seq}` });
    } else {
      await handlers.remind(c, 'overdue');
      await cases.updateOne(same, { $unset: { 'clock.next': '' }, $set: { 'clock.overdueAt': now } } as never);
    }
  }

  /** Finds clocks that want attention now, oldest first: what a lost Redis forgot. */
  async function sweepClocks(limit = 500): Promise<number> {
    const due = await cases.find({ 'clock.next': { $lte: deps.now() }, 'clock.pausedAt': { $exists: false } }, { projection: { no: 1 } }).sort({ 'clock.next': 1 }).limit(limit).toArray();
    for (const { no } of due) {
      try {
        await tick(no);
      } catch (error) {
        deps.log.error({ err: error, no }, 'clock: a case could not be moved on');
      }
    }
    return due.length;
  }

  return { doWork, tick, sweepClocks };
}

export type WorkService = ReturnType<typeof createWork>;

const CONCURRENCY: Record<Work, number> = { route: 8, notify: 8, cause: 8, time: 4 };
/** A piece of work takes milliseconds, with WeChat seconds. One that hangs would keep its lock for ever, and nobody else would take it over. */
const WORK_WITHIN_MS = 60_000;
/** A process that dies says nothing against the job it was at; only a job that takes process after process with it is set aside. */
const DEATHS_AT_MOST = 20;

/** Starts one BullMQ worker per kind of work. Close them before the stores. */
export function startWorkers({ doWork }: Pick<WorkService, 'doWork'>, { connection, prefix, log, workWithinMs = WORK_WITHIN_MS }: { connection: ConnectionOptions; prefix: string; log: Logger; workWithinMs?: number }): { close(): Promise<void> } {
  const workers = WORKS.map((work) => {
    const worker = new Worker<WorkJob>(queueName(work), (job) => within(workWithinMs, work, doWork(work, job.data)),
      { connection, prefix, concurrency: CONCURRENCY[work], maxStalledCount: DEATHS_AT_MOST });
    worker.on('error', (error) => log.warn({ err: error, work }, 'worker: connection trouble'));
    worker.on('failed', (job, error) => {
      const final = job !== undefined && job.attemptsMade >= (job.opts.attempts ?? 1);
      log[final ? 'error' : 'warn']({ err: error, work, no: job?.data.no, seq: job?.data.seq }, final ? 'work failed for good' : 'work failed, will be tried again');
    });
    return worker;
  });
  return { close: async () => { await Promise.all(workers.map((worker) => worker.close())); } };
}

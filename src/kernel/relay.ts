import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, type ConnectionOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { WORKS, type Pending, type Work } from './case';
import type { CaseCollection } from './cases';

/** A job carries numbers only: whoever works on it reads the case. */
export interface WorkJob {
  no: string;
  seq: number;
}

export type WorkQueues = Record<Work, Queue<WorkJob>>;

export const queueName = (work: Work): string => `work-${work}`;
/** BullMQ ids may not hold ':' nor be digits alone. While a job waits or runs, adding it again changes nothing. */
export const jobIdOf = (no: string, seq: number, work: Work): string => `${no}_${seq}_${work}`;

export const JOB_OPTIONS = {
  attempts: 12,
  backoff: { type: 'exponential', delay: 500 },
  removeOnComplete: true,
  // Kept for a person to look at; the case still lists the work as pending, so nothing is lost with it.
  removeOnFail: { count: 1000 },
} as const;

export function openQueues(connection: ConnectionOptions, prefix: string): WorkQueues {
  return Object.fromEntries(WORKS.map((work) => [work, new Queue<WorkJob>(queueName(work), { connection, prefix, defaultJobOptions: JOB_OPTIONS })])) as WorkQueues;
}

/** Which job is meant by an id: its way back. */
function jobOf(id: string): WorkJob & { work: Work } {
  const [no = '', seq, work] = id.split('_');
  return { no, seq: Number(seq), work: work as Work };
}

/** How long a process gathers what it hands on: moves of one moment share a command. */
const GATHER_MS = 5;

/** The Redis list on which job ids wait until a worker makes the jobs: one short command for whoever made the move. */
const handedOver = (prefix: string): string => `${prefix}:handed-over`;

/**
 * Hands pending work on from the process that wrote it to the workers: at once after the write, gathered over a moment so that a
 * burst costs few round trips. The pending line stays in the case until the work is done, so whatever is lost on the way
 * (a flushed Redis, a process that dies right after its write) is found there by the carrier's sweep.
 * @param redis one that fails fast: nobody is to wait for a Redis that is away
 */
export function createRelay({ redis, prefix, log }: { redis: Redis; prefix: string; log: Logger }) {
  let waiting: string[] = [];
  let flushing: Promise<void> | null = null;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      await sleep(GATHER_MS);
      const batch = waiting;
      waiting = [];
      try {
        await redis.rpush(handedOver(prefix), ...batch);
      } catch (error) {
        log.warn({ err: error, jobs: batch.length }, 'relay: Redis out of reach, the sweep will carry these on');
      }
    }
  }

  return {
    /** Hands work on without making the caller wait. Never throws. */
    push(no: string, pending: readonly Pending[]): void {
      for (const { seq, work } of pending) waiting.push(jobIdOf(no, seq, work));
      if (waiting.length > 0) flushing ??= flush().finally(() => { flushing = null; });
    },

    /** Waits until everything pushed so far has been handed on or given up to the sweep. */
    async settle(): Promise<void> {
      await flushing;
    },
  };
}

/** How long after its write a piece of work may still be on its way before the sweep hands it on again. */
const GRACE_MS = 5_000;
const SWEEP_PAGE = 500;
/** Ids taken from the list at a time. */
const ARMFUL = 200;
/** How long the list is left alone after Redis has refused. */
const REST_MS = 1_000;

/**
 * The workers' end of the relay: makes BullMQ jobs of the ids handed over, and of whatever the sweep finds still pending. Any number
 * of carriers take from one list; an id carried twice is one job, or a second one that finds nothing to do.
 * @param redis a connection of its own, since it waits on the list; closed with the carrier
 */
export function startCarrier({ redis, queues, cases, prefix, log, now }: { redis: Redis; queues: WorkQueues; cases: CaseCollection; prefix: string; log: Logger; now: () => Date }) {
  // Without a listener BullMQ prints each failed attempt to reach Redis.
  for (const queue of Object.values(queues)) queue.on('error', (error) => log.debug({ err: error }, 'relay: queues out of reach'));

  let closing = false;
  let close!: (nothing: null) => void;
  const closed = new Promise<null>((resolve) => { close = resolve; });
  const carrying = carry();

  async function carry(): Promise<void> {
    while (!closing) {
      try {
        const taken = await Promise.race([redis.blmpop(0, 1, handedOver(prefix), 'LEFT', 'COUNT', ARMFUL), closed]);
        if (taken) await send(taken[1].map(jobOf));
      } catch (error) {
        if (closing) return;
        log.warn({ err: error }, 'relay: the sweep will carry on what was taken from the list');
        await sleep(REST_MS);
      }
    }
  }

  async function send(jobs: readonly (WorkJob & { work: Work })[]): Promise<void> {
    await Promise.all(WORKS.map(async (work) => {
      const mine = jobs.filter((job) => job.work === work);
      if (mine.length > 0) await queues[work].addBulk(mine.map(({ no, seq }) => ({ name: work, data: { no, seq }, opts: { jobId: jobIdOf(no, seq, work) } })));
    }));
  }

  return {
    /** Hands on again whatever is older than the grace. Returns how many pieces of work it found. */
    async sweep(graceMs = GRACE_MS): Promise<number> {
      const before = new Date(now().getTime() - graceMs);
      let found = 0;
      let after = new Date(0);
      for (;;) {
        const page = await cases
          .find({ 'outbox.at': { $lte: before, $gt: after } }, { projection: { no: 1, outbox: 1 } })
          .sort({ 'outbox.at': 1 }).limit(SWEEP_PAGE).toArray();
        const jobs = page.flatMap((c) => c.outbox.filter((pending) => pending.at <= before).map(({ seq, work }) => ({ no: c.no, seq, work })));
        if (jobs.length > 0) await send(jobs);
        found += jobs.length;
        const last = page.at(-1)?.outbox.map((pending) => pending.at.getTime());
        if (page.length < SWEEP_PAGE || !last) return found;
        after = new Date(Math.min(...last));
      }
    },

    /** Finishes what it has in hand. */
    async close(): Promise<void> {
      closing = true;
      close(null);
      redis.disconnect();
      await carrying;
    },
  };
}

export type Relay = ReturnType<typeof createRelay>;
export type Carrier = ReturnType<typeof startCarrier>;

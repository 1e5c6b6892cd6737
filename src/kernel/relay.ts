import { Queue, type ConnectionOptions } from 'bullmq';
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

/** How long after its write a piece of work may still be on its way before the sweep hands it on again. */
const GRACE_MS = 5_000;
const SWEEP_PAGE = 500;

/**
 * Carries pending work from cases to the queues: at once after the write, gathered over a moment so that a burst costs few
 * round trips, and by a sweep for whatever a crash or a lost Redis left behind. The pending line stays in the case until the work is done.
 */
export function createRelay({ queues, cases, log, now }: { queues: WorkQueues; cases: CaseCollection; log: Logger; now: () => Date }) {
  let waiting: (WorkJob & { work: Work })[] = [];
  let flushing: Promise<void> | null = null;
  // Without a listener BullMQ prints each failed attempt to reach Redis.
  for (const queue of Object.values(queues)) queue.on('error', (error) => log.debug({ err: error }, 'relay: queues out of reach'));

  async function send(jobs: readonly (WorkJob & { work: Work })[]): Promise<void> {
    await Promise.all(WORKS.map(async (work) => {
      const mine = jobs.filter((job) => job.work === work);
      if (mine.length > 0) await queues[work].addBulk(mine.map(({ no, seq }) => ({ name: work, data: { no, seq }, opts: { jobId: jobIdOf(no, seq, work) } })));
    }));
  }

  async function flush(): Promise<void> {
    await new Promise((resolve) => { setImmediate(resolve); });
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await send(batch);
      } catch (error) {
        log.warn({ err: error, jobs: batch.length }, 'relay: queues out of reach, the sweep will carry these on');
      }
    }
  }

  return {
    /** Hands work on without making the caller wait. Never throws. */
    push(no: string, pending: readonly Pending[]): void {
      for (const { seq, work } of pending) waiting.push({ no, seq, work });
      if (waiting.length > 0) flushing ??= flush().finally(() => { flushing = null; });
    },

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

    /** Waits until everything pushed so far has been handed on or given up to the sweep. */
    async settle(): Promise<void> {
      await flushing;
    },
  };
}

export type Relay = ReturnType<typeof createRelay>;

import { Queue, Worker, type ConnectionOptions } from 'bullmq';
import type { Logger } from 'pino';
import type { Case } from './case';
import { within } from './patience';
import { JOB_OPTIONS } from './relay';

const NAME = 'clocks';
/** A clock further away than this needs no timer yet: the sweep sets one in time. Redis stays small. */
const HORIZON_MS = 36 * 3_600_000;
/** See work.ts: what hangs is given up, so that it can be tried again. */
const TICK_WITHIN_MS = 60_000;

/** Delayed jobs that wake a case's clock on the instant. They hold nothing: a lost one is found by the sweep over the index. */
export function createTimers({ connection, prefix, now }: { connection: ConnectionOptions; prefix: string; now: () => Date }) {
  const queue = new Queue<{ no: string }>(NAME, { connection, prefix, defaultJobOptions: JOB_OPTIONS });
  return {
    async schedule(c: Pick<Case, 'no'>, at: Date): Promise<void> {
      const delay = at.getTime() - now().getTime();
      if (delay > HORIZON_MS) return;
      await queue.add(NAME, { no: c.no }, { jobId: `${c.no}_${at.getTime()}`, delay: Math.max(delay, 0) });
    },
    close: () => queue.close(),
  };
}

export function startTimerWorker(tick: (no: string) => Promise<void>, { connection, prefix, log }: { connection: ConnectionOptions; prefix: string; log: Logger }) {
  const worker = new Worker<{ no: string }>(NAME, (job) => within(TICK_WITHIN_MS, 'clock', tick(job.data.no)), { connection, prefix, concurrency: 4, maxStalledCount: 20 });
  worker.on('error', (error) => log.warn({ err: error }, 'clocks: connection trouble'));
  worker.on('failed', (job, error) => log.warn({ err: error, no: job?.data.no }, 'clocks: a case could not be moved on, the sweep will try again'));
  return worker;
}

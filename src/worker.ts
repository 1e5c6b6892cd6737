import { Gauge } from 'prom-client';
import { WORKS } from './kernel/case';
import { concernedBy, type Concerned } from './kernel/concerned';
import { within } from './kernel/patience';
import { recountClocks } from './kernel/recount';
import { startTimerWorker, createTimers } from './kernel/timers';
import { openQueues, startCarrier, type WorkQueues } from './kernel/relay';
import { createWork, startWorkers } from './kernel/work';
import type { NewNotice } from './register/notices';
import type { Services } from './services';
import { connectRedis } from './store/redis';

/** How often each safety net is drawn through, in milliseconds. */
const EVERY = { relay: 3_000, chat: 3_000, clocks: 5_000, calendar: 60_000, notify: 60_000, housekeeping: 10 * 60_000 } as const;

/** A sweep that hangs would never be drawn again. */
const SWEEP_WITHIN_MS = 10 * 60_000;

export interface Worker {
  /** Draws every net through once, now, in the order that lets one catch what another lets go: for tests that move the clock. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** The worker role: carries out what events need, and the sweeps that find what a crash or a lost Redis left behind. */
export async function startWorker(services: Services): Promise<Worker> {
  const { config, log, clock, cases, kernel, review, notify, register, evidence, vault, openings, retention, rulebook, chat, inbound, stores } = services;
  const bull = { connection: stores.queueRedis, prefix: config.redisPrefix, log };
  const timers = createTimers({ ...bull, now: clock });
  const work = createWork({
    city: config.city, cases, procedures: kernel.procedures, act: kernel, now: clock, log,
    handlers: {
      route: review.route,
      notify: notify.notify,
      remind: async (c, kind) => { await review.remind(c, kind); await notify.remind(c, kind); },
      schedule: timers.schedule,
      services: {
        'chat.deliver': chat.deliver,
        'register.setStanding': (input, cause) => register.changeStanding(input as Parameters<typeof register.changeStanding>[0], cause),
        'notices.publish': (input, cause) => register.notices.publish(input as unknown as NewNotice, cause),
        'notify.invite': async (input, { no, seq }) => {
          await notify.invite(no, seq, concernedBy({ city: config.city, cases }, input as unknown as Concerned));
        },
      },
    },
  });
  const workers = startWorkers(work, bull);
  const jobs = openQueues(bull.connection, bull.prefix);
  const carrier = startCarrier({ redis: connectRedis(config.redisUrl, { role: 'worker', log }), queues: jobs, cases, prefix: bull.prefix, log, now: clock });
  const timerWorker = startTimerWorker(work.tick, bull);
  gauges(services, jobs);
  const queues = await review.start();

  const nets: Record<keyof typeof EVERY, () => Promise<unknown>> = {
    relay: () => carrier.sweep(),
    calendar: () => recountClocks({ city: config.city, cases, act: kernel, rulebook, now: clock, log }),
    clocks: () => work.sweepClocks(),
    chat: () => inbound.sweep(),
    notify: () => notify.sweep(),
    housekeeping: async () => {
      await register.heal();
      await evidence.sweep();
      await vault.sweep(async (no) => (await cases.countDocuments({ city: config.city, no }, { limit: 1 })) > 0);
      await retention.run();
      await openings.sweep();
    },
  };
  const sweeps = (Object.keys(nets) as (keyof typeof nets)[]).map((name) => every(EVERY[name], name, nets[name]));

  /** Runs again and again, never twice at once; a failure waits for the next time. */
  function every(ms: number, name: string, run: () => Promise<unknown>): { stop(): Promise<void> } {
    let stopped = false;
    let running: Promise<void> = Promise.resolve();
    let timer: NodeJS.Timeout;
    const turn = async (): Promise<void> => {
      try {
        await within(SWEEP_WITHIN_MS, name, run());
      } catch (error) {
        log.warn({ err: error, sweep: name }, 'sweep failed, it will run again');
      }
      if (!stopped) plan();
    };
    const plan = (): void => { timer = setTimeout(() => { running = turn(); }, ms); };
    plan();
    return { stop: async () => { stopped = true; clearTimeout(timer); await running; } };
  }

  return {
    async sweep() {
      await review.heal();
      await review.sweep();
      for (const run of Object.values(nets)) await run();
    },
    async close() {
      await Promise.all([queues.stop(), ...sweeps.map((sweep) => sweep.stop())]);
      await Promise.all([workers.close(), timerWorker.close()]);
      await services.relay.settle(); // what the last jobs handed on
      await carrier.close();
      await Promise.all([timers.close(), ...Object.values(jobs).map((queue) => queue.close())]);
    },
  };
}

/** Depth of the queues and of what is pending, asked for when Prometheus asks. */
function gauges({ registry, cases }: Services, queues: WorkQueues): void {
  new Gauge({
    name: 'work_waiting', help: 'Jobs waiting by kind of work', labelNames: ['work'], registers: [registry],
    async collect() { for (const work of WORKS) this.set({ work }, await queues[work].getWaitingCount()); },
  });
  new Gauge({
    name: 'work_failed', help: 'Jobs that failed for good, for a person to look at', labelNames: ['work'], registers: [registry],
    async collect() { for (const work of WORKS) this.set({ work }, await queues[work].getFailedCount()); },
  });
  new Gauge({
    name: 'cases_with_pending_work', help: 'Cases with follow-up work not yet done', registers: [registry],
    async collect() { this.set(await cases.countDocuments({ 'outbox.at': { $gt: new Date(0) } })); },
  });
}

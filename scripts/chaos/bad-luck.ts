import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { CaseCollection } from '../../src/kernel/cases';
import { within } from '../../src/kernel/patience';
import type { Random } from './random';
import type { Part, System } from './system';

export const STROKES = ['killWeb', 'killWorker', 'killMongo', 'killRedis', 'flush', 'freezeWorker', 'freezeWeb', 'clock'] as const;
export type Stroke = (typeof STROKES)[number];

/** A clock that was made to run out, as if its days had passed. */
export interface StruckClock {
  no: string;
  seq: number;
  /** What the clock should do. */
  move?: string;
}

export interface BadLuckDeps {
  system: System;
  cases: CaseCollection;
  redis: Redis;
  random: Random;
  city: string;
  more(): boolean;
  /** Acknowledged writes so far. */
  progress(): number;
  /** One stroke for about so many acknowledged writes. */
  every: number;
  frozen: boolean;
  say(text: string): void;
}

const WEIGHTS: Record<Stroke, number> = { killWeb: 3, killWorker: 3, killMongo: 2, killRedis: 2, flush: 3, freezeWorker: 1.5, freezeWeb: 1, clock: 5 };
/** Beyond a job's lock of 30 s: somebody else takes the job over, and the frozen worker wakes up in the middle of it. */
const FREEZE_WORKER_MS = [33_000, 38_000] as const;
/** Beyond a client's patience of 10 s: it has meanwhile asked another process with the same key. */
const FREEZE_WEB_MS = [11_000, 14_000] as const;
const DOWN_MS = [50, 1500] as const;

/** Strikes at random points of the traffic. Resolves when all that was struck runs again. */
export async function badLuck(deps: BadLuckDeps): Promise<{ strokes: Record<Stroke, number>; clocks: StruckClock[] }> {
  const { system, random, cases, city } = deps;
  const strokes = Object.fromEntries(STROKES.map((name) => [name, 0])) as Record<Stroke, number>;
  const clocks: StruckClock[] = [];
  const under = new Set<string>();
  const running = new Set<Promise<void>>();

  /** One stroke at a time on each thing; returns false when it is being struck already. */
  function on(thing: string, work: () => Promise<void>): boolean {
    if (under.has(thing)) return false;
    under.add(thing);
    const run: Promise<void> = work().catch((error: Error) => deps.say(`stroke on ${thing}: ${error.message}`)).finally(() => { under.delete(thing); running.delete(run); });
    running.add(run);
    return true;
  }
  const oneOf = (parts: readonly Part[]): Part => random.pick(parts);
  const oneIn = ([min, max]: readonly [number, number]): number => random.between(min, max);

  const strike: Record<Stroke, () => boolean | Promise<boolean>> = {
    killWeb: () => { const part = oneOf(system.web); return on(part.name, () => part.kill(oneIn(DOWN_MS))); },
    killWorker: () => { const part = oneOf(system.workers); return on(part.name, () => part.kill(oneIn(DOWN_MS))); },
    killMongo: () => on('mongo', () => system.killEngine('mongo', oneIn(DOWN_MS))),
    killRedis: () => on('redis', () => system.killEngine('redis', oneIn(DOWN_MS))),
    flush: async () => { if (under.has('redis')) return false; await Promise.race([deps.redis.flushall(), sleep(2000)]); return true; },
    freezeWorker: () => { const part = oneOf(system.workers); return on(part.name, () => part.freeze(oneIn(FREEZE_WORKER_MS))); },
    freezeWeb: () => { const part = oneOf(system.web); return on(part.name, () => part.freeze(oneIn(FREEZE_WEB_MS))); },
    clock: strikeClock,
  };

  /** Days pass for one case: its clock is set to run out now, unless the case goes on in between. */
  async function strikeClock(): Promise<boolean> {
    const now = new Date();
    const [found] = await cases.aggregate<{ no: string; clock: { seq: number; then?: string } }>([
      { $match: { city, 'clock.next': { $gt: now }, 'clock.pausedAt': { $exists: false }, ...(random.chance(0.6) ? { 'clock.then': { $exists: true } } : {}) } }, { $sample: { size: 1 } }, { $project: { no: 1, clock: 1 } },
    ]).toArray();
    if (!found) return false;
    const { modifiedCount } = await cases.updateOne(
      { city, no: found.no, 'clock.seq': found.clock.seq, 'clock.next': { $gt: now } }, { $set: { 'clock.due': now, 'clock.next': now }, $inc: { version: 1 } } as never);
    if (modifiedCount === 1) clocks.push({ no: found.no, seq: found.clock.seq, move: found.clock.then });
    return modifiedCount === 1;
  }

  let next = deps.progress() + random.between(1, deps.every);
  while (deps.more()) {
    if (deps.progress() >= next) {
      const stroke = random.weighted(STROKES.filter((name) => deps.frozen || !name.startsWith('freeze')).map((name) => [name, WEIGHTS[name]] as const));
      const hit = await within(10_000, stroke, Promise.resolve(strike[stroke]())).catch(() => false);
      if (hit) { strokes[stroke] += 1; deps.say(`${deps.progress()} acknowledged: ${stroke}`); next = deps.progress() + random.between(1, 2 * deps.every); }
    }
    await sleep(20);
  }
  await Promise.all(running);
  return { strokes, clocks };
}

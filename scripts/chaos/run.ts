import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Connection } from 'mongoose';
import type { Case, Receipt } from '../../src/kernel/case';
import type { CaseCollection } from '../../src/kernel/cases';
import { within } from '../../src/kernel/patience';
import { PROCEDURES } from '../../src/procedures';
import { staffOnly } from '../../src/register/register';
import { createReview, type ReviewDeps } from '../../src/review/review';
import { loadRulebook } from '../../src/rulebook/rulebook';
import { connectMongo } from '../../src/store/mongo';
import { connectRedis } from '../../src/store/redis';
import { parseKeyRing } from '../../src/vault/crypto';
import { badLuck, STROKES, type Stroke, type StruckClock } from './bad-luck';
import { Journal } from './caller';
import { FAULTS, type FaultKind } from './evidence';
import { settle, townFor, type Person, type Population } from './people';
import { Random } from './random';
import { ready, startSystem, type System } from './system';
import { traffic } from './traffic';
import { verify, type Verdict } from './verify';

export interface ChaosOptions {
  /** Acknowledged moves and openings to reach. */
  operations: number;
  seed: number;
  /** A folder of its own, empty. */
  dir: string;
  population?: Population;
  /** About so many acknowledged writes for each stroke. */
  every?: number;
  /** Without it the traffic alone: a control run. */
  strokes?: boolean;
  /** false: no process is made to stand still, which takes half a minute each. */
  frozen?: boolean;
  say?(text: string): void;
}

export interface ChaosResult {
  operations: number;
  acknowledged: number;
  requests: number;
  retries: number;
  strokes: Record<Stroke, number>;
  faults: Record<FaultKind, number>;
  counts: Verdict['counts'];
  procedures: Record<string, number>;
  seconds: number;
  quietAfterSeconds: number;
  /** Frequent refusals with an example each: what the traffic tried in vain. */
  refusals: Record<string, number>;
}

export interface Chaos {
  result: ChaosResult;
  verdict: Verdict;
  journal: Journal;
  system: System;
  connection: Connection;
  /** Judges once more, such as after a test has planted a fault. */
  again(): Promise<Verdict>;
  close(): Promise<void>;
}

const CITY = 'xinxiang';
const EVERY = 30;
const QUIET_WITHIN_MS = 240_000;
const AT_MOST_MS_PER_OPERATION = 1500;
const SNAPSHOT_WITHIN_MS = 5000;

/** The whole run: a system, a town, traffic under bad luck, quiet, judgement. The caller closes it. */
export async function runChaos(options: ChaosOptions): Promise<Chaos> {
  const { operations, seed, dir, population = townFor(operations), every = EVERY, say = () => undefined } = options;
  const began = Date.now();
  const random = new Random(seed);
  const system = await startSystem({ dir, web: 2, workers: 2 });
  say(`system ready after ${seconds(began)} s; ${dir}`);
  const log = pino({ level: 'silent' });
  const connection = await connectMongo(system.env['MONGODB_URI']!, system.env['MONGODB_NAME']!, { poolSize: 20 });
  const redis = connectRedis(system.engines.redisUrl, { role: 'worker' });
  redis.on('error', () => undefined);
  async function close(): Promise<void> {
    redis.disconnect();
    await connection.close();
    await system.stop();
  }
  try {
    const people = await settle(system, await firstAdmin(connection, system.env['VAULT_KEYS']!), population);
    say(`${people.length} people after ${seconds(began)} s`);
    const cases = connection.collection<Case<any>>('cases') as unknown as CaseCollection;
    const journal = new Journal();
    const snapshots = new Map<string, Case<any>>();
    const until = Date.now() + 60_000 + operations * AT_MOST_MS_PER_OPERATION;
    let busy = true;
    const more = (): boolean => busy && journal.acknowledged < operations && Date.now() < until;

    /** The case as that very move left it, unless another has followed already. */
    async function onReceipt({ no, seq }: Receipt): Promise<void> {
      const c = await within(SNAPSHOT_WITHIN_MS, 'snapshot', cases.findOne({ city: CITY, no })).catch(() => null);
      if (c && c.timeline.length === seq) snapshots.set(`${no}:${seq}`, c);
    }
    const started = Date.now();
    const luck = options.strokes === false
      ? Promise.resolve({ strokes: Object.fromEntries(STROKES.map((name) => [name, 0])) as Record<Stroke, number>, clocks: [] as StruckClock[] })
      : badLuck({ system, cases, redis, random: random.fork(), city: CITY, every, frozen: options.frozen ?? true, more, progress: () => journal.acknowledged, say });
    const report = setInterval(() => say(`${journal.acknowledged} acknowledged, ${journal.requests} requests, ${seconds(started)} s`), 10_000);
    try {
      await traffic({ people, urls: system.webUrls, journal, random: random.fork(), more, onReceipt });
    } finally {
      busy = false;
      clearInterval(report);
    }
    const { strokes, clocks } = await luck;
    const spent = Number(seconds(started));
    if (journal.acknowledged < operations) say(`only ${journal.acknowledged} of ${operations} writes were acknowledged in time`);

    const rulebook = loadRulebook();
    const review = createReview({
      city: CITY, cases, redis, prefix: system.env['REDIS_PREFIX']!, procedures: PROCEDURES, directory: async () => [], rulebook: async () => rulebook,
      now: () => new Date(), log: log as unknown as ReviewDeps['log'], publish: async () => undefined,
    });
    const quietFrom = Date.now();
    await Promise.all(system.webUrls.map(ready));
    await quiet(cases, () => review.check(), say);
    const quietAfterSeconds = Number(seconds(quietFrom));

    const again = async (): Promise<Verdict> => verify({
      connection, city: CITY, procedures: PROCEDURES, people: people as readonly Person[], attempts: journal.attempts, snapshots, clocks,
      queues: await review.check(), phones: new Map(system.simulator.phones().map(({ openid, cards }) => [openid, cards])),
    });
    const verdict = await again();
    const opened = await cases.aggregate<{ _id: string; count: number }>([{ $match: { city: CITY } }, { $group: { _id: '$procedure', count: { $sum: 1 } } }]).toArray();
    const result: ChaosResult = {
      operations: journal.operations, acknowledged: journal.acknowledged, requests: journal.requests, retries: journal.retries, strokes,
      faults: Object.fromEntries(FAULTS.map((kind) => [kind, verdict.faults[kind].length])) as Record<FaultKind, number>,
      counts: verdict.counts, procedures: Object.fromEntries(opened.map(({ _id, count }) => [_id, count])), seconds: spent, quietAfterSeconds,
      refusals: Object.fromEntries([...journal.refusals].toSorted(([, a], [, b]) => b - a).slice(0, 25)),
    };
    return { result, verdict, journal, system, connection, again, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const seconds = (from: number): string => ((Date.now() - from) / 1000).toFixed(1);

/** Until nothing is left to be done and every open task lies in one place, twice in a row. What never comes to rest is for the verdict to name. */
async function quiet(cases: CaseCollection, check: () => Promise<{ missing: string[]; doubled: string[]; stray: string[]; misheld: string[] }>, say: (text: string) => void): Promise<void> {
  const until = Date.now() + QUIET_WITHIN_MS;
  for (let calm = 0; calm < 2;) {
    const pending = await cases.countDocuments({ 'outbox.at': { $gt: new Date(0) } });
    const ticking = await cases.countDocuments({ 'clock.next': { $lte: new Date() }, 'clock.pausedAt': { $exists: false } });
    const { missing, doubled, stray, misheld } = await check();
    const wrong = missing.length + doubled.length + stray.length + misheld.length;
    calm = pending + ticking + wrong === 0 ? calm + 1 : 0;
    if (Date.now() > until) { say(`not quiet after ${QUIET_WITHIN_MS / 1000} s: ${pending} cases with pending work, ${ticking} clocks, ${wrong} misplaced`); return; }
    await sleep(1000);
  }
}

/** What an operator does on an empty system (`first-admin`). */
async function firstAdmin(connection: Connection, vaultKeys: string): Promise<{ login: string; code: string }> {
  const { staff } = staffOnly({ connection, keys: parseKeyRing(vaultKeys), city: CITY, clock: () => new Date() });
  return { login: 'admin', code: (await staff.firstAdmin('admin')).code };
}

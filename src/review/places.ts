import type { Cluster, Redis } from 'ioredis';
import { sha256 } from '../kernel/chain';
import type { Task } from '../kernel/case';
import { deskOf } from './desks';
import type { RoutedCase } from './reviewers';
import { SCRIPTS } from './scripts';

/** How many reviewers were left after each filter, in the order the filters ran. */
export type Steps = Record<'desk' | 'region' | 'skill' | 'duty' | 'recusal', number>;

export interface Leases {
  /** Minutes a claim lasts without activity, and an offer at all. */
  claim: number;
  offer: number;
}

export interface Placed {
  /** 'old': a later reading of the case was here before; 'claiming': somebody is just claiming it. */
  place: 'pool' | 'offer' | 'claim' | 'gone' | 'old' | 'claiming';
  person?: string;
  /** Who held it until now. */
  was?: string;
  changed: boolean;
  /** Of a task that is gone: where it was. */
  lane?: string;
}

export interface Head {
  no: string;
  score: number;
}

export interface Expired {
  no: string;
  seq: number;
  person: string;
  place: 'offer' | 'claim';
  sure: boolean;
}

export interface BoardCounts {
  lanes: { lane: string; open: number; claimed: number; overdue: number; oldest: number }[];
  people: { person: string; offered: number; claimed: number }[];
}

export type ClaimResult =
  | { result: 'ok'; steps?: Steps; load: number | null; free: number | null; from: string }
  | { result: 'unknown' | 'full' }
  /** `version`: of the case at the claim, once MongoDB has it. */
  | { result: 'taken'; version: number | null };

const MINUTE = 60_000;
/** How long the write to MongoDB may take before a half-made claim falls back. */
const TENTATIVE_MS = 15_000;
/** Readings of a case that arrive later than this after its task ended do not happen: a job's retries are over by then. */
const REMEMBER_MS = 24 * 3_600_000;
/** Several tasks of one party at one desk count as filed this far apart, so that a flood does not keep others waiting. */
const TURN_MS = 5 * MINUTE;

/** The Redis of a request may be away; what it holds can be rebuilt, so callers decide whether to go on without. */
export const isAway = (error: unknown): boolean =>
  error instanceof Error && error.name !== 'ReplyError' && /max retries|connection is closed|ECONN|stream isn't writeable/i.test(error.message);

export const laneOf = (desk: string, region: string | undefined): string => `${desk}@${region ?? '*'}`;
export const deskAndRegion = (lane: string): [desk: string, region: string | undefined] => {
  const [desk = '', region] = lane.split('@');
  return [desk, region === '*' ? undefined : region];
};

/** Whose task it is, for fairness: the organisation or person that opened the case. A digest, since nobody's name belongs in Redis. */
function partyOf(c: RoutedCase): string | undefined {
  const by = c.timeline[0]?.by;
  return by && by.role !== 'system' ? sha256(by.org ?? by.person).slice(0, 16) : undefined;
}

/** Written beside the kernel's own fields of a task: when the supervisor was told that nobody took it. */
export const escalatedAt = (task: Task): Date | undefined => (task as Task & { escalatedAt?: Date }).escalatedAt;

const steps = (json: unknown): Steps | undefined => (typeof json === 'string' && json ? JSON.parse(json) as Steps : undefined);
const count = (text: unknown): number | null => (text === undefined || text === '' || text === null ? null : Number(text));

/** The queues in Redis, one method per script. `prefix` carries the hash tag that keeps all keys in one slot. */
export function createPlaces(redis: Redis | Cluster, prefix: string) {
  const base = `${prefix}:review`;
  for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(`review${name}`, { numberOfKeys: 1, lua });
  // defineCommand adds methods without a type
  const commands = redis as unknown as Record<string, (...args: (string | number)[]) => Promise<unknown>>;
  const run = (name: keyof typeof SCRIPTS, ...args: (string | number)[]): Promise<unknown> => commands[`review${name}`]!(base, ...args);

  return {
    key: (name: string): string => `${base}:${name}`,

    async place(c: RoutedCase, now: Date, { candidates, steps: left, leases, again = false, unoffered = false }: {
      candidates: readonly (readonly [person: string, capacity: number])[]; steps: Steps; leases: Leases; again?: boolean; unoffered?: boolean;
    }): Promise<Placed> {
      const { task, clock } = c;
      const [place, person, was, changed, lane] = await run('PLACE', c.no, c.version, now.getTime(), JSON.stringify(task ? {
        seq: String(task.seq), desk: task.desk, lane: laneOf(task.desk, c.region), since: String(task.since.getTime()), priority: String(task.priority),
        assignee: task.assignee, claimedAt: String((task.claimedAt ?? now).getTime()), party: partyOf(c),
        due: clock && !clock.pausedAt ? String(clock.due.getTime()) : undefined,
        escalated: escalatedAt(task) ? true : undefined,
      } : {}), JSON.stringify(candidates), JSON.stringify({
        offers: !unoffered && task !== undefined && deskOf(task.desk).mode === 'offer', again,
        claim: leases.claim * MINUTE, offer: leases.offer * MINUTE, turn: TURN_MS, remember: REMEMBER_MS,
      }), JSON.stringify(left)) as string[];
      return { place: place as Placed['place'], person: person || undefined, was: was || undefined, changed: changed === '1', lane: lane || undefined };
    },

    async claim(no: string, seq: number, person: string, now: Date, capacity: number): Promise<ClaimResult> {
      const [result, left, load, free, from] = await run('CLAIM', no, seq, person, now.getTime(), now.getTime() + TENTATIVE_MS, capacity) as string[];
      if (result === 'taken') return { result, version: count(left) };
      if (result !== 'ok') return { result: result as 'unknown' | 'full' };
      return { result, steps: steps(left), load: count(load), free: count(free), from: from ?? '' };
    },

    drop: (no: string, seq: number, person: string) => run('DROP', no, seq, person),

    /** `lapsedBy`: only if its lease had run out by then. `only`: only from that place. */
    putBack: async (no: string, seq: number, person: string, { version = 0, lapsedBy, only }: { version?: number; lapsedBy?: Date; only?: 'offer' | 'claim' } = {}): Promise<boolean> =>
      (await run('PUT_BACK', no, seq, person, version, lapsedBy?.getTime() ?? '', only ?? '')) === 1,

    touch: async (no: string, person: string, until: number): Promise<boolean> => (await run('TOUCH', no, person, until)) === 1,

    expired: async (now: Date, limit: number): Promise<Expired[]> =>
      ((await run('EXPIRED', now.getTime(), limit)) as string[][]).map(([no = '', seq, person = '', place, sure]) =>
        ({ no, seq: Number(seq), person, place: place as Expired['place'], sure: sure === '1' })),

    /** In the order in which they are to be taken. */
    async heads(desks: readonly string[], regions: readonly string[], limit: number, after?: Head): Promise<Head[]> {
      const flat = await run('HEADS', limit, after ? String(after.score) : '', after?.no ?? '', JSON.stringify(desks), JSON.stringify(regions)) as string[];
      const heads: Head[] = [];
      for (let i = 0; i < flat.length; i += 2) heads.push({ no: flat[i]!, score: Number(flat[i + 1]) });
      return heads.toSorted((a, b) => a.score - b.score || (a.no < b.no ? -1 : 1)).slice(0, limit);
    },

    offers: (person: string, now: Date) => run('OFFERS', person, now.getTime()) as Promise<string[]>,

    async board(now: Date): Promise<BoardCounts> {
      type Row = [string, number, number, number, string];
      const { lanes, people } = JSON.parse(await run('BOARD', now.getTime()) as string) as { lanes: Row[]; people: [string, number, number][] };
      return { // an empty Lua table is an object in JSON
        lanes: Object.values(lanes).map(([lane, open, claimed, overdue, oldest]) => ({ lane, open, claimed, overdue, oldest: Number(oldest) })),
        people: Object.values(people).map(([person, offered, claimed]) => ({ person, offered, claimed })),
      };
    },

    /** What is known of one task; null if nothing is. */
    async look(no: string) {
      const t = await redis.hgetall(`${base}:task:${no}`);
      if (!t['place'] || t['place'] === 'gone') return null;
      return { place: t['place'] as 'pool' | 'offer' | 'claim', person: t['person'], steps: steps(t['steps']), load: count(t['load']), free: count(t['free']), until: count(t['until']) };
    },

    remove: (no: string) => run('REMOVE', no),
    isReady: async (): Promise<boolean> => (await redis.exists(`${base}:ready`)) === 1,
    begin: (id: string) => redis.set(`${base}:building`, id),
    ready: async (id: string): Promise<boolean> => (await run('READY', id)) === 1,

    /** Numbers of all tasks the queues know as open. */
    async known(): Promise<string[]> {
      const lanes = await redis.smembers(`${base}:openlanes`);
      return (await Promise.all(lanes.map((lane) => redis.zrange(`${base}:open:${lane}`, '0', '-1')))).flat();
    },

    /** Every place with what lies in it: one entry per pool and per person. */
    async contents(): Promise<{ person?: string; nos: string[] }[]> {
      const [lanes, people] = await Promise.all([redis.smembers(`${base}:lanes`), redis.smembers(`${base}:people`)]);
      return Promise.all([
        ...lanes.map(async (lane) => ({ nos: await redis.zrange(`${base}:pool:${lane}`, '0', '-1') })),
        ...people.map(async (person) => ({ person, nos: await redis.zrange(`${base}:held:${person}`, '0', '-1') })),
      ]);
    },

    holders: () => redis.smembers(`${base}:people`),
    heldBy: (person: string) => redis.zrange(`${base}:held:${person}`, '0', '-1'),
    /** Unclaimed since before `before` and not yet escalated, oldest first. */
    waitingSince: (before: Date, limit: number) => redis.zrangebyscore(`${base}:watch`, '-inf', before.getTime(), 'LIMIT', 0, limit),
    escalated: (no: string) => redis.multi().zrem(`${base}:watch`, no).hset(`${base}:task:${no}`, 'escalated', '1').exec(),

    async prune(now: Date): Promise<void> {
      let cursor = '0';
      do [cursor] = await run('PRUNE', now.getTime() - TURN_MS, cursor) as [string, number];
      while (cursor !== '0');
    },
  };
}

export type Places = ReturnType<typeof createPlaces>;

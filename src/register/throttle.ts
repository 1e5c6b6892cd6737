import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../kernel/refusal';

/** At most `limit` tries within `windowSeconds`, counted from the first. */
export interface Limit { name: string; limit: number; windowSeconds: number }

export interface ThrottleDeps {
  redis: Redis;
  prefix: string;
  monotonic?: () => number;
}

/** How long a sign-in waits for Redis before this process counts alone. */
const REDIS_PATIENCE_MS = 250;

export type Throttle = ReturnType<typeof throttle>;

/**
 * Counts tries before they are made, so that a thousand at once are a thousand tries. Redis counts for all processes; each
 * process counts for itself as well, so that guessing stays slow when Redis is down or was flushed.
 */
export function throttle({ redis, prefix, monotonic = () => performance.now() }: ThrottleDeps) {
  const local = new LRUCache<string, { count: number; until: number }>({ max: 100_000 });
  const keyOf = (limit: Limit, subject: string) => `${prefix}:throttle:${limit.name}:${subject}`;

  /**
   * Takes one try per limit. @param tries limit and whom it counts for (a digest, never a name or a phone in clear)
   * @throws Refusal TOO_MANY with the seconds to wait
   */
  async function take(tries: readonly (readonly [Limit, string])[]): Promise<void> {
    let waitSeconds = 0;
    for (const [limit, subject] of tries) {
      const key = keyOf(limit, subject);
      const here = countHere(limit, key);
      const everywhere = await patiently(countInRedis(limit, key));
      const { count, seconds } = everywhere && everywhere.count >= here.count ? everywhere : here;
      if (count > limit.limit) waitSeconds = Math.max(waitSeconds, seconds);
    }
    if (waitSeconds > 0) throw new Refusal('TOO_MANY', { retryAfterSeconds: Math.ceil(waitSeconds) });
  }

  /** Forgets the tries of somebody who has proven themselves. */
  async function clear(tries: readonly (readonly [Limit, string])[]): Promise<void> {
    for (const [limit, subject] of tries) local.delete(keyOf(limit, subject));
    await patiently(Promise.all(tries.map(([limit, subject]) => redis.del(keyOf(limit, subject)))));
  }

  function countHere(limit: Limit, key: string) {
    const now = monotonic();
    const known = local.get(key);
    const window = known && known.until > now ? known : { count: 0, until: now + limit.windowSeconds * 1000 };
    window.count += 1;
    local.set(key, window);
    return { count: window.count, seconds: (window.until - now) / 1000 };
  }

  async function countInRedis(limit: Limit, key: string) {
    const results = await redis.multi().incr(key).expire(key, limit.windowSeconds, 'NX').ttl(key).exec();
    const [count, , seconds] = (results ?? []).map(([, value]) => Number(value));
    return { count: count ?? 0, seconds: seconds ?? limit.windowSeconds };
  }

  return { take, clear };
}

/** The answer, or nothing when Redis is late or down. */
async function patiently<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => { timer = setTimeout(resolve, REDIS_PATIENCE_MS, undefined); });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined); // an answer that fails after we stopped waiting is nobody's crash
  }
}

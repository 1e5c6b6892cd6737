import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { exchange } from './http';
import { unknown, type Outcome } from './outcome';

/** Normal mode hands out the same token until its last 300 s, so leaving that much unused costs nothing. */
const MARGIN_MS = 300_000;
const LOCK_MS = 5000;
/** Shorter than the lock, so that a fetch ends while its lock still stands. */
const FETCH_TIMEOUT_MS = 4000;
const WAIT_MS = 3000;
const POLL_MS = 100;
/** A Redis that hangs must not hold up a call to WeChat; the process then keeps the token for itself. */
const REDIS_PATIENCE_MS = 500;

const DELETE_IF_EQUAL = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

interface Token {
  value: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface TokenDeps {
  baseUrl: string;
  appId: string;
  appSecret: string;
  redis: Redis;
  prefix: string;
  fetch: typeof fetch;
  clock: () => Date;
}

export interface TokenSource {
  get(): Promise<Outcome<string>>;
  /** Forgets the token, here and in Redis, if it is still the one that failed: a late failure must not evict its successor. */
  drop(failed: string): Promise<void>;
}

/**
 * The access token (`/cgi-bin/stable_token`, normal mode), shared by all processes through Redis with one fetcher at a
 * time. Without Redis each process keeps its own: stable_token gives them all the same one.
 */
export function tokenSource(deps: TokenDeps): TokenSource {
  // Per appid and host: a token of the simulator must never be used against the real host, nor the other way round.
  const host = createHash('sha256').update(deps.baseUrl).digest('hex').slice(0, 16);
  const key = `${deps.prefix}:wechat:token:${deps.appId}:${host}`;
  const lockKey = `${key}:lock`;
  let held: Token | undefined;
  let pending: Promise<Outcome<string>> | undefined;

  const now = () => deps.clock().getTime();
  const isGood = (token: Token | undefined): token is Token => token !== undefined && token.expiresAt - MARGIN_MS > now();

  async function published(): Promise<Token | undefined> {
    const stored = await patiently(deps.redis, (redis) => redis.get(key));
    return stored ? parseToken(stored) : undefined;
  }

  async function fetchToken(): Promise<Outcome<string>> {
    const answer = await exchange(deps.fetch, deps.baseUrl, {
      method: 'POST',
      path: '/cgi-bin/stable_token',
      body: { grant_type: 'client_credential', appid: deps.appId, secret: deps.appSecret, force_refresh: false },
      timeoutMs: FETCH_TIMEOUT_MS,
    });
    if (answer.kind !== 'ok') return answer;
    const value = answer.value['access_token'];
    const lifeSeconds = Number(answer.value['expires_in']);
    if (typeof value !== 'string' || value === '' || !(lifeSeconds > 0)) return unknown('notJson');
    const token = { value, expiresAt: now() + lifeSeconds * 1000 };
    held = token;
    const keepMs = lifeSeconds * 1000 - MARGIN_MS;
    if (keepMs > 0) await patiently(deps.redis, (redis) => redis.set(key, JSON.stringify(token), 'PX', keepMs));
    return { kind: 'ok', value };
  }

  async function adopt(): Promise<Outcome<string> | undefined> {
    const token = await published();
    if (!isGood(token)) return undefined;
    held = token;
    return { kind: 'ok', value: token.value };
  }

  async function obtain(): Promise<Outcome<string>> {
    const ready = await adopt();
    if (ready) return ready;
    const owner = randomUUID();
    const giveUpAt = Date.now() + WAIT_MS;
    for (;;) {
      const lock = await patiently(deps.redis, (redis) => redis.set(lockKey, owner, 'PX', LOCK_MS, 'NX'));
      if (lock === 'OK') {
        try {
          // The last holder may have published between our look and our lock.
          return (await adopt()) ?? (await fetchToken());
        } finally {
          await patiently(deps.redis, (redis) => redis.eval(DELETE_IF_EQUAL, 1, lockKey, owner));
        }
      }
      // Redis away, or the holder too slow: two fetchers do no harm, both get the same token.
      if (lock === undefined || Date.now() >= giveUpAt) return fetchToken();
      await sleep(POLL_MS);
      const theirs = await adopt();
      if (theirs) return theirs;
    }
  }

  return {
    async get() {
      if (isGood(held)) return { kind: 'ok', value: held.value };
      pending ??= obtain().finally(() => {
        pending = undefined;
      });
      return pending;
    },

    async drop(failed) {
      if (held?.value === failed) held = undefined;
      const stored = await patiently(deps.redis, (redis) => redis.get(key));
      if (stored && parseToken(stored)?.value === failed) {
        await patiently(deps.redis, (redis) => redis.eval(DELETE_IF_EQUAL, 1, key, stored));
      }
    },
  };
}

/** The answer of Redis, or undefined when it fails or takes too long. `null` stays Redis's own "nothing there". */
async function patiently<T>(redis: Redis, ask: (redis: Redis) => Promise<T>): Promise<T | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([ask(redis), sleep(REDIS_PATIENCE_MS, undefined, { signal: timer.signal })]);
  } catch {
    return undefined;
  } finally {
    timer.abort();
  }
}

function parseToken(stored: string): Token | undefined {
  try {
    const { value, expiresAt } = JSON.parse(stored) as Partial<Token>;
    return typeof value === 'string' && typeof expiresAt === 'number' ? { value, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}

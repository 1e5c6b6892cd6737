import { Redis } from 'ioredis';

/**
 * What a connection is for: `request` serves somebody who is waiting, so it fails fast when Redis is away;
 * `worker` blocks on queues (BullMQ asks for endless patience); `subscriber` listens and asks nothing.
 */
export type RedisRole = 'request' | 'worker' | 'subscriber';

export interface RedisOptions {
  role: RedisRole;
  log?: { warn(data: object, message: string): void };
}

const RETRY_AT_MOST_MS = 2000;

/**
 * A connection that keeps trying for ever; Redis holds only what can be rebuilt, so its absence is never fatal.
 * Keys carry the hash-tagged prefix that callers put in front (one slot of a Redis Cluster). Commands
 * wait for the connection, except with role `request`, where they fail after one reconnect.
 * @param url redis:// or rediss://
 */
export function connectRedis(url: string, { role, log }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectionName: `szt:${role}`,
    maxRetriesPerRequest: role === 'request' ? 1 : null,
    connectTimeout: 5000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), RETRY_AT_MOST_MS),
    // After a failover the old primary answers READONLY until clients look again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
  let lost = false;
  redis.on('ready', () => { lost = false; });
  redis.on('error', (error: Error) => {
    if (!lost) log?.warn({ error: error.message, role }, 'redis: connection error'); // once, not at each attempt
    lost = true;
  });
  return redis;
}

/**
 * Refuses a Redis that would drop keys under memory pressure: queues, claims and leases would vanish without a trace.
 * Where CONFIG is forbidden (some hosted Redis) it cannot be known, and passes.
 * @throws Error that names the setting to change
 */
export async function checkRedis(redis: Redis): Promise<void> {
  let policy: string | undefined;
  try {
    [, policy] = await redis.config('GET', 'maxmemory-policy') as string[];
  } catch (error) {
    if (/unknown command|NOPERM|not allowed/i.test((error as Error).message)) return;
    throw error;
  }
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(`Redis would drop queued work: its maxmemory-policy is ${policy}. Set it to noeviction (CONFIG SET maxmemory-policy noeviction, and in its configuration).`);
  }
}

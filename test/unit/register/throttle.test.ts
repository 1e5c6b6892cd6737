import { Redis } from 'ioredis';
import { throttle, type Limit } from '../../../src/register/throttle';

const LIMIT: Limit = { name: 'login', limit: 3, windowSeconds: 60 };

/** No Redis at all: this process counts alone. */
function alone() {
  const redis = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on('error', () => undefined);
  let now = 1;
  return { redis, gate: throttle({ redis, prefix: '{t}', monotonic: () => now }), advance: (seconds: number) => { now += seconds * 1000; } };
}

it('H6: counts tries before they are made, tells the seconds to wait, and forgets after the window', async () => {
  const { gate, advance, redis } = alone();
  const tries = [[LIMIT, 'a']] as const;
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => gate.take(tries)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  advance(20);
  await expect(gate.take(tries)).rejects.toMatchObject({ code: 'TOO_MANY', retryAfterSeconds: 40 });
  await expect(gate.take([[LIMIT, 'b']])).resolves.toBeUndefined();
  advance(41);
  await expect(gate.take(tries)).resolves.toBeUndefined();
  redis.disconnect();
});

it('forgets the tries of somebody who has proven themselves', async () => {
  const { gate, redis } = alone();
  const tries = [[LIMIT, 'a']] as const;
  for (let count = 0; count < 3; count += 1) await gate.take(tries);
  await gate.clear(tries);
  await expect(gate.take(tries)).resolves.toBeUndefined();
  redis.disconnect();
});

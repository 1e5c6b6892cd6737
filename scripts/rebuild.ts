/**
 * Brings the reviewers' queues in Redis in line with MongoDB; safe beside a running service, which does the same by itself
 * when it finds Redis empty. Prints one JSON line; fails if afterwards an open task is not in exactly one place.
 *
 *   npm run rebuild (where the system is: in the environment, or what `npm start` here has written down)
 *
 * Claims stay with their people. What is not claimed goes to the pools, from where the worker offers it anew.
 */
import { pino } from 'pino';
import { openCases } from '../src/kernel/cases';
import { createPublish } from '../src/review/live';
import { createReview } from '../src/review/review';
import { loadRulebook } from '../src/rulebook/rulebook';
import { connectMongo } from '../src/store/mongo';
import { connectRedis } from '../src/store/redis';
import { operatorEnvironment } from './environment';

async function main(): Promise<void> {
  const { MONGODB_URI, MONGODB_NAME, REDIS_URL, REDIS_PREFIX, CITY } = operatorEnvironment(['MONGODB_URI', 'REDIS_URL']);
  const log = pino({ level: 'warn' }, pino.destination(2));
  const connection = await connectMongo(MONGODB_URI, MONGODB_NAME, { poolSize: 5 });
  const redis = connectRedis(REDIS_URL, { role: 'request', log });
  try {
    const rulebook = loadRulebook();
    const review = createReview({
      city: CITY, cases: await openCases(connection), redis, prefix: REDIS_PREFIX, procedures: new Map(), directory: async () => [],
      rulebook: async () => rulebook, now: () => new Date(), log, publish: createPublish(redis, REDIS_PREFIX, log),
    });
    const started = performance.now();
    await review.rebuild();
    const { openTasks, queued, missing, doubled, stray, misheld } = await review.check();
    console.log(JSON.stringify({ openTasks, queued, missing, doubled, stray, misheld, ms: Math.round(performance.now() - started) }));
    // While the service runs, a task may be on its way between the two readings; it is not lost, and a second run shows it.
    if (missing.length + doubled.length > 0) throw new Error('some tasks are not in exactly one place: run again');
  } finally {
    redis.disconnect();
    await connection.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

import type { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** What a client hears: something in the inbox changed, fetch it. Carries no content. */
export interface LiveEvent { kind: 'inbox' }

export type Publish = (person: string, event: LiveEvent) => Promise<void>;

/** Redis channel of one person's live events. */
export const channelOf = (prefix: string, person: string): string => `${prefix}:live:${person}`;

/** Tells the person's open pages. A courtesy: without Redis the next poll shows the same. */
export const redisPublisher = ({ redis, prefix, log }: { redis: Redis; prefix: string; log: Logger }): Publish =>
  async (person, event) => {
    try {
      await redis.publish(channelOf(prefix, person), JSON.stringify(event));
    } catch (error) {
      log.warn({ err: error }, 'notify: live event not published');
    }
  };

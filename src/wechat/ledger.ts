import type { Connection } from 'mongoose';

/** How long a delivery may go without a sign of life from its taker before the next delivery may take it. */
const LEASE_MS = 3000;
const KEEP_SECONDS = 24 * 3600;
const DUPLICATE_KEY = 11000;

interface Taken {
  _id: string;
  state: 'taking' | 'taken';
  leaseUntil: Date;
  at: Date;
}

export type Claim = 'mine' | 'another' | 'taken';

export type PushLedger = ReturnType<typeof pushLedger>;

/**
 * Which pushes were taken over. In MongoDB, not in Redis: these marks cannot be rebuilt from anything, and a flushed
 * Redis must not let a replayed packet through. Entries vanish after a day, long after their signature has expired.
 */
export function pushLedger(connection: Connection, clock: () => Date) {
  const entries = connection.collection<Taken>('wechatPushes');
  const nextLease = () => new Date(clock().getTime() + LEASE_MS);

  return {
    leaseMs: LEASE_MS,

    /** Which entries are old enough to forget? */
    ensureIndexes: () => entries.createIndex({ at: 1 }, { expireAfterSeconds: KEEP_SECONDS }),

    /** `mine`: go on. `another`: a delivery of the same message is at work. `taken`: it is done. */
    async claim(key: string): Promise<Claim> {
      try {
        await entries.insertOne({ _id: key, state: 'taking', leaseUntil: nextLease(), at: clock() });
        return 'mine';
      } catch (error) {
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      }
      const found = await entries.findOne({ _id: key });
      if (found?.state === 'taken') return 'taken';
      // Has the taker died between its claim and its confirmation?
      const inherited = await entries.findOneAndUpdate(
        { _id: key, state: 'taking', leaseUntil: { $lt: clock() } },
        { $set: { leaseUntil: nextLease() } },
      );
      return inherited ? 'mine' : 'another';
    },

    async renew(key: string): Promise<void> {
      await entries.updateOne({ _id: key, state: 'taking' }, { $set: { leaseUntil: nextLease() } });
    },

    async confirm(key: string): Promise<void> {
      await entries.updateOne({ _id: key }, { $set: { state: 'taken' } });
    },

    async release(key: string): Promise<void> {
      await entries.deleteOne({ _id: key, state: 'taking' });
    },
  };
}

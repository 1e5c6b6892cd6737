import type { Connection, mongo } from 'mongoose';
import { isDuplicate } from '../kernel/cases';
import type { PushMessage } from '../wechat/push';
import { absorb, type Memory, type Signal } from './signals';

/** What one WeChat user lets us send of one template. An estimate: WeChat has no query for it, its 43101 is the truth. */
export interface Consent {
  _id?: mongo.BSON.ObjectId;
  city: string;
  openid: string;
  template: string;
  /** Known once the person has reported a consent; pushes name only the openid. */
  person?: string;
  granted: number;
  spent: number;
  balance: number;
  /** One accept, many messages. */
  longTerm?: boolean;
  /** When the person last refused: not asked again at once. */
  refusedAt?: Date;
  memory: Memory;
  /** Guards `memory`; sends do not touch it. */
  rev: number;
  updatedAt: Date;
}

/** Which sort of consent a send used up. */
export type Taken = 'once' | 'longTerm';
export type Answer = 'accept' | 'reject' | 'ban';

export interface ConsentDeps {
  connection: Connection;
  city: string;
  /** Whether a template id is ours, and of which kind. */
  isLongTerm(template: string): boolean | undefined;
  now: () => Date;
}

const TRIES = 50;

export type Consents = ReturnType<typeof createConsents>;

/** The ledger of consents: who may still be sent what, counted once per tap and taken before each send. */
export function createConsents({ connection, city, isLongTerm, now }: ConsentDeps) {
  const ledger = connection.collection<Consent>('consents');
  const line = (openid: string, template: string) => ({ city, openid, template });

  async function prepare(): Promise<void> {
    // What may be sent to this user? One line per template, whatever races.
    await ledger.createIndex({ city: 1, openid: 1, template: 1 }, { unique: true });
  }

  async function ensure(openid: string, template: string): Promise<Consent> {
    const fresh = { granted: 0, spent: 0, balance: 0, memory: { keys: [], unmatched: [] }, rev: 0, updatedAt: now() };
    const upsert = () => ledger.findOneAndUpdate(line(openid, template), { $setOnInsert: fresh }, { upsert: true, returnDocument: 'after' });
    try {
      return (await upsert())!;
    } catch (error) {
      if (isDuplicate(error)) return (await upsert())!;
      throw error;
    }
  }

  /** Counts what a person answered. A sign seen before, or the other source's sign of the same tap, adds nothing. */
  async function answered(openid: string, template: string, answer: Answer, signal: Signal, person?: string): Promise<void> {
    const longTerm = isLongTerm(template);
    if (longTerm === undefined) return;
    const who = person ? { person } : {};
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const current = await ensure(openid, template);
      if (current.memory.keys.includes(signal.key)) return;
      const { added, memory } = absorb(current.memory, { ...signal, count: answer === 'accept' ? signal.count : 0 });
      const isGrant = answer === 'accept';
      const written = await ledger.updateOne({ ...line(openid, template), rev: current.rev }, {
        $set: { memory, updatedAt: now(), ...who, ...(isGrant ? (longTerm ? { longTerm } : {}) : { refusedAt: now() }) },
        $inc: { rev: 1, granted: added, balance: longTerm ? 0 : added },
        ...(isGrant ? { $unset: { refusedAt: '' } } : {}),
      } as never);
      if (written.modifiedCount === 1) return;
    }
    throw new Error('consents: a ledger line is written to without end');
  }

  /** WeChat says so: nothing more may be sent of this template. */
  async function revoke(openid: string, template: string): Promise<void> {
    await ledger.updateOne(line(openid, template), { $set: { balance: 0, updatedAt: now() }, $unset: { longTerm: '' } } as never);
  }

  /** Takes one consent before a send; null if there is none. Never below nought, however many senders race. */
  async function take(openid: string, template: string): Promise<Taken | null> {
    const at = { updatedAt: now() };
    const longTerm = await ledger.updateOne({ ...line(openid, template), longTerm: true }, { $inc: { spent: 1 }, $set: at });
    if (longTerm.matchedCount === 1) return 'longTerm';
    const once = await ledger.updateOne({ ...line(openid, template), balance: { $gt: 0 } }, { $inc: { balance: -1, spent: 1 }, $set: at });
    return once.matchedCount === 1 ? 'once' : null;
  }

  /** For a send that certainly did not happen. */
  async function giveBack(openid: string, template: string, taken: Taken): Promise<void> {
    await ledger.updateOne(line(openid, template), { $inc: { balance: taken === 'once' ? 1 : 0, spent: -1 }, $set: { updatedAt: now() } });
  }

  /** A push about consents. An accept on the sheet grants; a refusal in the settings takes back all there was. */
  async function onPush(message: PushMessage & { kind: 'consents' }): Promise<void> {
    const counts = new Map<string, { template: string; answer: Answer; count: number }>();
    for (const { templateId: template, answer } of message.answers) {
      const known = answer === 'accept' ? 'accept' : 'reject';
      const same = counts.get(`${known} ${template}`);
      counts.set(`${known} ${template}`, { template, answer: known, count: (same?.count ?? 0) + 1 });
    }
    for (const { template, answer, count } of counts.values()) {
      await answered(message.openid, template, answer, { key: `push:${message.key}:${answer}`, source: 'push', count, at: message.at });
      if (answer === 'reject' && message.cause === 'settings') await revoke(message.openid, template);
    }
  }

  const linesOf = (openid: string): Promise<Consent[]> => ledger.find({ city, openid }).toArray();

  return { prepare, answered, revoke, take, giveBack, onPush, linesOf };
}

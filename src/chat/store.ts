import { Types, type Connection } from 'mongoose';
import { isDuplicate } from '../kernel/cases';
import type { Reply } from './replies';
import { newSession, type ChatEffect, type Message, type Session } from './session';

/** Whose dialogue: a person in one capacity on one channel. Another organisation's dialogue is another's. */
export interface Who { person: string; party: string; channel: 'page' | 'wechat' }

/** A commit that was decided on and is being carried out; whoever finds it finishes it. */
export interface Pending { effect: ChatEffect; key: string; message: Message; before: Reply[] }

export interface SessionDoc {
  _id: string;
  city: string;
  version: number;
  session: Session;
  pending?: Pending;
  /** Answers given last, by the message's key: a repeated message gets the same answer and does nothing. */
  answers: { key: string; replies: Reply[] }[];
  at: Date;
}

export interface Exchange {
  _id: Types.ObjectId;
  city: string;
  person: string;
  party: string;
  key: string;
  at: Date;
  /** What the person said, identity numbers and phones blotted out; absent where an agent speaks. */
  said?: string;
  from: 'bot' | 'agent';
  replies: Reply[];
}

/** A half-filled form is worth a season's reminder at most; what was said is kept half a year, as long as a matter may be disputed. */
const SESSION_DAYS = 90;
const HISTORY_DAYS = 180;
const ANSWERS_KEPT = 8;

/** Sessions and history in MongoDB: a lost Redis loses nothing of a dialogue, and a version guards each turn. */
export function createStore({ connection, city, now }: { connection: Connection; city: string; now: () => Date }) {
  const sessions = connection.collection<SessionDoc>('chatSessions');
  const chats = connection.collection<Exchange>('chats');
  const idOf = ({ person, party, channel }: Who): string => `${city}:${person}:${party}:${channel}`;

  async function prepare(): Promise<void> {
    await sessions.createIndex({ at: 1 }, { expireAfterSeconds: SESSION_DAYS * 86_400 });
    // Has this exchange been noted already?
    await chats.createIndex({ city: 1, person: 1, party: 1, key: 1 }, { unique: true });
    // What was said before, what since?
    await chats.createIndex({ city: 1, person: 1, party: 1, _id: 1 });
    await chats.createIndex({ at: 1 }, { expireAfterSeconds: HISTORY_DAYS * 86_400 });
  }

  async function load(who: Who): Promise<SessionDoc> {
    const found = await sessions.findOne({ _id: idOf(who) });
    return found ?? { _id: idOf(who), city, version: 0, session: newSession(), answers: [], at: now() };
  }

  /** Writes the next version, unless somebody else did meanwhile. */
  async function replace(doc: SessionDoc, next: Pick<SessionDoc, 'session' | 'pending' | 'answers'>): Promise<boolean> {
    const written: SessionDoc = { _id: doc._id, city, version: doc.version + 1, session: next.session, answers: next.answers, at: now(), ...(next.pending ? { pending: next.pending } : {}) };
    try {
      if (doc.version === 0) {
        await sessions.insertOne(written);
        return true;
      }
      return (await sessions.replaceOne({ _id: doc._id, version: doc.version }, written)).modifiedCount === 1;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  const save = (doc: SessionDoc, session: Session, key: string, replies: Reply[]): Promise<boolean> =>
    replace(doc, { session, answers: [...doc.answers.filter((one) => one.key !== key), { key, replies }].slice(-ANSWERS_KEPT) });

  const hold = (doc: SessionDoc, session: Session, pending: Pending): Promise<boolean> => replace(doc, { session, pending, answers: doc.answers });

  /** Notes one exchange, once per key. */
  async function note({ person, party }: Omit<Who, 'channel'>, exchange: { key: string; said?: string; from: Exchange['from']; replies: Reply[] }): Promise<void> {
    const { key, ...rest } = exchange;
    try {
      await chats.updateOne({ city, person, party, key }, { $setOnInsert: { at: now(), ...rest } }, { upsert: true });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** Exchanges in the order they were had: those after or before one, or the latest. */
  async function history({ person, party }: Omit<Who, 'channel'>, { after, before, limit }: { after?: string; before?: string; limit: number }): Promise<Exchange[]> {
    const range = after ? { _id: { $gt: new Types.ObjectId(after) } } : before ? { _id: { $lt: new Types.ObjectId(before) } } : {};
    const found = await chats.find({ city, person, party, ...range }).sort({ _id: after ? 1 : -1 }).limit(limit).toArray();
    return after ? found : found.toReversed();
  }

  return { prepare, load, save, hold, note, history };
}

export type ChatStore = ReturnType<typeof createStore>;

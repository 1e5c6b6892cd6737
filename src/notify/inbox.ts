import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { isDuplicate } from '../kernel/cases';
import { Refusal } from '../kernel/refusal';
import type { ArticleNo } from '../rulebook/rulebook';

/**
 * How a task message ended. `seen`: its person saw it, or made the move. `fallback`: no card could be sent, so only the inbox
 * shows it. `flagged`: unseen at half of its deadline, the supervisor knows. `settled`: the case went on, or a colleague of
 * the same party saw it, so that nobody waits for this person any more.
 */
export type Ending = 'seen' | 'fallback' | 'flagged' | 'settled';

export interface InboxItem {
  _id: string;
  city: string;
  person: string;
  /** Event and person: a handler that runs twice writes once. */
  key: string;
  /** For whom the person is told: the organisation's tag, or their own. */
  tag: string;
  /** Absent where the reader must not know which case it is. */
  no?: string;
  /** The line of the case's timeline that it rests on. */
  seq: number;
  procedure: string;
  /** Shows neither procedure nor article. */
  discreet: boolean;
  title: string;
  text: string;
  article: ArticleNo;
  /** Somebody must act. */
  task: boolean;
  due?: Date;
  /** When a task still unseen goes to the supervisor; gone once the message has ended. */
  flagAt?: Date;
  createdAt: Date;
  seenAt?: Date;
  /** Of a task: since when it waits for this person no more. */
  doneAt?: Date;
  outcome?: Ending;
}

export type NewItem = Omit<InboxItem, '_id' | 'city' | 'createdAt' | 'seenAt' | 'doneAt'>;

export interface InboxQuery {
  limit?: number;
  /** The `next` of the page before. */
  after?: string;
  unseen?: boolean;
}

const PAGE = 20;
const PAGE_MAX = 100;
const SEEN = { $set: { outcome: 'seen' as const }, $unset: { flagAt: '' as const } };

export interface InboxDeps {
  connection: Connection;
  city: string;
  now: () => Date;
  /** After a person looked: what was held back for them may flow again. */
  onLooked(person: string): Promise<void>;
  /** Something about this person's inbox changed. Must not throw. */
  changed(person: string): Promise<void>;
}

export type Inbox = ReturnType<typeof createInbox>;

/** The in-app inbox: the truth about what a person was told. Everybody reads their own only. */
export function createInbox({ connection, city, now, onLooked, changed }: InboxDeps) {
  const items = connection.collection<InboxItem>('inbox');

  async function prepare(): Promise<void> {
    await items.createIndex({ city: 1, key: 1 }, { unique: true }); // was this person told of this event?
    await items.createIndex({ city: 1, person: 1, createdAt: -1, _id: -1 }); // what was I told, newest first?
    await items.createIndex({ city: 1, person: 1, seenAt: 1, createdAt: -1, _id: -1 }); // what have I not seen yet?
    await items.createIndex({ city: 1, no: 1, seq: 1, tag: 1 }); // has a colleague seen this task?
    await items.createIndex({ city: 1, flagAt: 1 }, { partialFilterExpression: { flagAt: { $exists: true } } }); // sweep: which tasks lie unseen?
  }

  /** Puts a message there once; answers the message that stands there, new or not. */
  async function put(item: NewItem): Promise<InboxItem> {
    const doc: InboxItem = { ...item, _id: randomBytes(12).toString('hex'), city, createdAt: now() };
    for (const name of ['no', 'due', 'flagAt', 'outcome'] as const) if (doc[name] === undefined) delete doc[name];
    try {
      await items.insertOne(doc);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await items.findOne({ city, key: item.key }))!;
    }
    await changed(item.person);
    return doc;
  }

  async function list(person: string, query: InboxQuery = {}): Promise<{ items: InboxItem[]; next: string | null }> {
    const limit = Math.min(query.limit ?? PAGE, PAGE_MAX);
    const filter: Record<string, unknown> = { city, person, ...(query.unseen ? { seenAt: null } : {}) };
    if (query.after) Object.assign(filter, olderThan(parseCursor(query.after)));
    const found = await items.find(filter).sort({ createdAt: -1, _id: -1 }).limit(limit + 1).toArray();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page, next: found.length > limit && last ? cursorOf(last) : null };
  }

  async function count(person: string): Promise<{ unseen: number; tasks: number }> {
    const unseen = { city, person, seenAt: null } as never;
    const [all, tasks] = await Promise.all([items.countDocuments(unseen), items.countDocuments({ ...(unseen as object), task: true })]);
    return { unseen: all, tasks };
  }

  async function markSeen(filter: Record<string, unknown>, person: string): Promise<number> {
    const at = now();
    // Tasks first: their ending must not be lost if the process dies between the two writes.
    const tasks = await items.updateMany({ ...filter, city, person, seenAt: null, task: true } as never, { $set: { ...SEEN.$set, seenAt: at }, $unset: SEEN.$unset });
    const news = await items.updateMany({ ...filter, city, person, seenAt: null } as never, { $set: { seenAt: at } });
    const seen = tasks.modifiedCount + news.modifiedCount;
    await onLooked(person);
    if (seen > 0) await changed(person);
    return seen;
  }

  /** To anybody else the message does not exist. Harmless twice. */
  async function see(person: string, id: string): Promise<void> {
    if (!(await items.findOne({ _id: id, city, person }, { projection: { _id: 1 } }))) throw new Refusal('NOT_FOUND');
    await markSeen({ _id: id }, person);
  }

  /** Marks all as seen, or all up to and with `upTo`, the newest one shown: one that came meanwhile stays unseen. */
  async function seeAll(person: string, upTo?: string): Promise<number> {
    if (upTo === undefined) return markSeen({}, person);
    const newest = await items.findOne({ _id: upTo, city, person }, { projection: { createdAt: 1 } });
    if (!newest) throw new Refusal('NOT_FOUND');
    return markSeen({ $or: [{ createdAt: { $lt: newest.createdAt } }, { createdAt: newest.createdAt, _id: { $lte: upTo } }] }, person);
  }

  /** Who acts on a case has seen what they were told about it. */
  const acted = (person: string, no: string, seq: number): Promise<number> => markSeen({ no, seq: { $lt: seq } }, person);

  /** Tasks of a case that wait for nobody any more: of a state that was left before line `entered`, or of somebody not among those awaited now. */
  async function done(no: string, entered: number, awaited: readonly string[]): Promise<void> {
    await items.updateMany(
      { city, no, task: true, doneAt: { $exists: false }, $or: [{ seq: { $lt: entered } }, { tag: { $nin: [...awaited] } }] }, { $set: { doneAt: now() } },
    );
  }

  /** No card could be sent for this task. A message already seen stays seen. */
  async function fellBack(key: string): Promise<void> {
    await items.updateOne({ city, key, task: true, outcome: { $exists: false } }, { $set: { outcome: 'fallback' } });
  }

  /** Ends a task message that nobody saw; false if it ended otherwise meanwhile. */
  async function end({ _id }: InboxItem, outcome: 'flagged' | 'settled'): Promise<boolean> {
    const done = await items.updateOne({ _id, seenAt: null, flagAt: { $exists: true } } as never, { $set: { outcome }, $unset: { flagAt: '' } });
    return done.modifiedCount === 1;
  }

  const postpone = async ({ _id }: InboxItem, flagAt: Date): Promise<void> => {
    await items.updateOne({ _id, flagAt: { $exists: true } }, { $set: { flagAt } });
  };

  /** Tasks whose time to be seen is over, oldest first. */
  const unseenTasks = (limit: number): Promise<InboxItem[]> =>
    items.find({ city, flagAt: { $lte: now() } }).sort({ flagAt: 1 }).limit(limit).toArray();

  const isSeenByColleague = async ({ no, seq, tag }: InboxItem): Promise<boolean> =>
    (await items.findOne({ city, no, seq, tag, task: true, seenAt: { $exists: true } }, { projection: { _id: 1 } })) !== null;

  return { prepare, put, list, count, see, seeAll, acted, done, fellBack, end, postpone, unseenTasks, isSeenByColleague };
}

const cursorOf = ({ createdAt, _id }: InboxItem): string => Buffer.from(`${createdAt.getTime()}_${_id}`).toString('base64url');

function parseCursor(after: string): { at: Date; id: string } {
  const found = /^(\d{1,15})_([0-9a-f]{24})$/.exec(Buffer.from(after, 'base64url').toString());
  if (!found) throw new Refusal('MALFORMED', { detail: '翻页参数不正确' });
  return { at: new Date(Number(found[1])), id: found[2]! };
}

const olderThan = ({ at, id }: { at: Date; id: string }) => ({ $or: [{ createdAt: { $lt: at } }, { createdAt: at, _id: { $lt: id } }] });

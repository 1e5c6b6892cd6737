import type { Collection, Connection } from 'mongoose';
import type { CaseCollection } from './kernel/cases';
import { isKept } from './kernel/standard';
import type { Logger } from './log';
import { beijingDate } from './rulebook/calendar';
import type { DeadlineId, Rulebook } from './rulebook/rulebook';

export interface RetentionDeps {
  connection: Connection;
  city: string;
  cases: CaseCollection;
  rulebook(): Promise<Rulebook>;
  /** @returns false when there was nothing to erase */
  eraseIdentity(no: string): Promise<boolean>;
  /** @returns how many files */
  eraseEvidence(no: string): Promise<number>;
  clock: () => Date;
  log: Logger;
}

/** What is over its time: cases by number, messages by count. */
export interface Overdue {
  /** Reports whose identity period is over: the identity goes, and the reporter's evidence, which may show who they are. */
  identities: string[];
  /** Cases whose file period is over: their evidence goes. */
  files: string[];
  messages: number;
  deliveries: number;
}

/** Bounded work for each time; what is left over is for the next. */
const PAGE = 200;

/**
 * Erases what may not be kept any longer (个人信息保护法第十九条、第四十七条), by the rulebook's `keep.*`. Cases, decisions, chains and
 * pseudonyms remain. Nothing of a case is touched while the case, or one that follows from it (an appeal, say), is open, nor while a
 * director keeps its records (暂缓销毁).
 */
export function createRetention({ connection, city, cases, rulebook, eraseIdentity, eraseEvidence, clock, log }: RetentionDeps) {
  const identities = connection.collection<{ city: string; caseNo: string; createdAt: Date; sealed?: object }>('identities');
  const files = connection.collection<{ city: string; state: string; caseNo: string | null; createdAt: Date }>('files');
  const inbox = connection.collection<{ city: string; createdAt: Date; flagAt?: Date }>('inbox');
  const deliveries = connection.collection<{ city: string; at: Date }>('deliveries');

  async function prepare(): Promise<void> {
    await identities.createIndex({ city: 1, createdAt: 1, caseNo: 1 }, { partialFilterExpression: { sealed: { $exists: true } }, name: 'retention' }); // whose identity is old?
    await inbox.createIndex({ city: 1, createdAt: 1 }); // which messages are old?
    await deliveries.createIndex({ city: 1, at: 1 }); // which cards are old?
  }

  /** The latest start of a period that is over now. Whole days in Beijing, so that both ways of counting agree. */
  function startedBefore(book: Rulebook, id: DeadlineId): (start: Date) => boolean {
    const now = clock();
    return (start) => book.due(id, start).due < now;
  }

  /** Nothing whose period is over was created after this: the cut for the indexed search, exact or a little too wide. */
  function cut(book: Rulebook, id: DeadlineId): Date {
    const { value, unit } = book.deadline(id);
    const [year, month, day] = beijingDate(clock()).split('-').map(Number) as [number, number, number];
    return new Date(Date.UTC(year - (unit === 'year' ? value : 0), month - 1 - (unit === 'month' ? value : 0), day + 1));
  }

  /** Of these cases, those closed longer than the period and free of open follow-ups. */
  async function over(numbers: readonly string[], isOver: (start: Date) => boolean): Promise<string[]> {
    const found = await cases.find({ city, no: { $in: [...numbers] }, closedAt: { $type: 'date' } }, { projection: { no: 1, closedAt: 1, 'timeline.move': 1 } }).toArray();
    const closed = found.filter((c) => isOver(c.closedAt!) && !isKept(c)).map(({ no }) => no);
    const following = await cases.find({ city, 'links.no': { $in: closed }, closedAt: null as never }, { projection: { links: 1 } }).toArray();
    const held = new Set(following.flatMap(({ links }) => links.map(({ no }) => no)));
    return closed.filter((no) => !held.has(no));
  }

  async function firstOver(collection: Collection<any>, filter: object, isOver: (start: Date) => boolean): Promise<string[]> { // any: two collections, one question
    const found = new Set<string>();
    for await (const numbers of numbersIn(collection, filter)) {
      for (const no of await over(numbers, isOver)) found.add(no);
      if (found.size >= PAGE) break;
    }
    return [...found];
  }

  const oldMessages = (book: Rulebook) => ({ city, createdAt: { $lt: cut(book, 'keep.messages') }, flagAt: { $exists: false } });
  const oldDeliveries = (book: Rulebook) => ({ city, at: { $lt: cut(book, 'keep.messages') } });

  /** What the next run will erase. Changes nothing. */
  async function overdue(): Promise<Overdue> {
    const book = await rulebook();
    const [identityCut, fileCut] = [cut(book, 'keep.reporter_identity'), cut(book, 'keep.case_file')];
    return {
      identities: await firstOver(identities, { city, sealed: { $exists: true }, createdAt: { $lt: identityCut } }, startedBefore(book, 'keep.reporter_identity')),
      files: await firstOver(files, { city, state: 'ready', createdAt: { $lt: fileCut } }, startedBefore(book, 'keep.case_file')),
      messages: await inbox.countDocuments(oldMessages(book)),
      deliveries: await deliveries.countDocuments(oldDeliveries(book)),
    };
  }

  /** Says what is due, then erases it. Harmless twice; stopped anywhere, the next run goes on. @returns what was due */
  async function run(): Promise<Overdue> {
    const due = await overdue();
    if (due.identities.length + due.files.length + due.messages + due.deliveries === 0) return due;
    log.info({ identities: due.identities.length, files: due.files.length, messages: due.messages, deliveries: due.deliveries }, 'retention: due');
    const book = await rulebook();
    let evidence = 0;
    for (const no of due.identities) {
      // The evidence first: while the identity stands, a run that was stopped finds the case again.
      evidence += await eraseEvidence(no);
      await eraseIdentity(no);
    }
    for (const no of due.files) evidence += await eraseEvidence(no);
    const messages = await inbox.deleteMany(oldMessages(book));
    const cards = await deliveries.deleteMany(oldDeliveries(book));
    log.info({ identities: due.identities.length, evidence, messages: messages.deletedCount, deliveries: cards.deletedCount }, 'retention: erased');
    return due;
  }

  return { prepare, overdue, run };
}

export type Retention = ReturnType<typeof createRetention>;

/** Numbers of the cases that own what is found, oldest first, in pages without repetition. */
async function* numbersIn(collection: Collection<any>, filter: object): AsyncGenerator<string[]> { // any: as above
  let page = new Set<string>();
  for await (const { caseNo } of collection.find(filter, { projection: { _id: 0, caseNo: 1 } }).sort({ createdAt: 1 })) {
    if (caseNo) page.add(caseNo as string);
    if (page.size < PAGE) continue;
    yield [...page];
    page = new Set();
  }
  if (page.size > 0) yield [...page];
}

import type { Connection } from 'mongoose';
import { isDuplicate } from '../kernel/cases';
import type { Logger } from '../log';
import type { Outcome } from '../wechat/outcome';
import { piecesOf } from './pieces';

/** Somebody's customer-service chat: when they last wrote there, and the cases they dealt with there, the latest last. */
interface Correspondence { _id: string; city: string; openid: string; wroteAt: Date; person?: string; nos: string[] }

/** One thing told there, once. `sending` is written before WeChat is called: what a crash leaves so may have gone out and is not repeated. */
interface Told { _id: string; city: string; state: 'sending' | 'done'; outcome?: Outcome<null>['kind']; errcode?: number; at: Date }

/** News of a case for one person. `key`: of the event that caused it; the same key is sent once. */
export interface News { no: string; person: string; key: string; text: string }

export interface OutboundDeps {
  connection: Connection;
  city: string;
  /** The active person behind an openid. */
  personOf(openid: string): Promise<string | null>;
  sendCustomerText(openid: string, content: string): Promise<Outcome<null>>;
  now: () => Date;
  log: Pick<Logger, 'warn'>;
}

/** WeChat takes messages for so long after the user's last one, and five of them: a sixth it refuses, which we note. */
const WINDOW_MS = 48 * 3_600_000;
const CASES_KEPT = 50;
const KEEP_DAYS = 180;

export type Outbound = ReturnType<typeof createOutbound>;

/**
 * What is told in WeChat's customer-service chat without being asked: a colleague's answer, and how a case went on that somebody dealt
 * with there. Only to that person, only while WeChat's window is open; the inbox and the chat page have it in any case.
 */
export function createOutbound({ connection, city, personOf, sendCustomerText, now, log }: OutboundDeps) {
  const correspondences = connection.collection<Correspondence>('correspondences');
  const told = connection.collection<Told>('customerNews');
  const idOf = (openid: string): string => `${city}:${openid}`;

  async function prepare(): Promise<void> {
    await correspondences.createIndex({ wroteAt: 1 }, { expireAfterSeconds: KEEP_DAYS * 86_400 });
    // In which chat did this person deal with this case?
    await correspondences.createIndex({ city: 1, person: 1, nos: 1 });
    await told.createIndex({ at: 1 }, { expireAfterSeconds: KEEP_DAYS * 86_400 });
  }

  /** The user wrote, at that moment by WeChat's clock: its window opens anew. */
  async function wrote(openid: string, at: Date): Promise<void> {
    try {
      await correspondences.updateOne({ _id: idOf(openid) }, { $max: { wroteAt: at }, $setOnInsert: { city, openid, nos: [] } }, { upsert: true });
    } catch (error) {
      // Two first messages at once: the other has opened it.
      if (!isDuplicate(error)) throw error;
    }
  }

  /** The user dealt with these cases there, as this person. */
  async function dealtWith(openid: string, person: string, nos: readonly string[]): Promise<void> {
    for (const no of nos) {
      await correspondences.updateOne({ _id: idOf(openid), nos: { $ne: no } }, { $set: { person }, $push: { nos: { $each: [no], $slice: -CASES_KEPT } } });
    }
  }

  /** Tells it there, if the person dealt with the case there and wrote within WeChat's window. Harmless twice. */
  async function tell({ no, person, key, text }: News): Promise<void> {
    const where = await correspondences.findOne({ city, person, nos: no, wroteAt: { $gt: new Date(now().getTime() - WINDOW_MS) } });
    if (!where || (await personOf(where.openid)) !== person) return;
    try {
      await told.insertOne({ _id: `${city}:${key}`, city, state: 'sending', at: now() });
    } catch (error) {
      if (isDuplicate(error)) return;
      throw error;
    }
    // One message: the other four of the window are for answers.
    const answer = await sendCustomerText(where.openid, piecesOf(text, 1)[0]!);
    if (answer.kind !== 'ok') log.warn({ no, kind: answer.kind, ...(answer.kind === 'refused' ? { errcode: answer.errcode } : {}) }, 'chat: news did not reach WeChat for certain');
    await told.updateOne({ _id: `${city}:${key}` }, { $set: { state: 'done', outcome: answer.kind, ...(answer.kind === 'refused' ? { errcode: answer.errcode } : {}) } });
  }

  return { prepare, wrote, dealtWith, tell };
}

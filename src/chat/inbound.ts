import type { Connection } from 'mongoose';
import { isDuplicate } from '../kernel/cases';
import { Refusal } from '../kernel/refusal';
import type { Logger } from '../log';
import type { Outcome } from '../wechat/outcome';
import type { PushMessage } from '../wechat/push';
import { answerTo, said } from './answers';
import type { Outbound } from './outbound';
import { createParties, type Membership } from './parties';
import { piecesOf } from './pieces';
import { inPlainText } from './replies';
import type { Chat } from './service';

/**
 * One message of the customer-service chat. Its words are kept only until it is answered.
 * `sending` is written before WeChat is called: a process that dies there leaves an outcome nobody knows, and that is not repeated.
 */
interface Inbound {
  _id: string;
  city: string;
  openid: string;
  kind: 'text' | 'picture' | 'entered';
  text?: string;
  /** By WeChat's clock, to the second; `seen` by ours tells apart what came within one. */
  at: Date;
  seen: Date;
  state: 'new' | 'working' | 'sending' | 'done';
  leaseUntil?: Date;
  tries: number;
  outcome?: 'sent' | 'refused' | 'unknown' | 'failed';
}

export interface InboundDeps {
  connection: Connection;
  city: string;
  chat: Pick<Chat, 'say'>;
  /** Remembers what people deal with here, so that they hear of it here. */
  outbound: Pick<Outbound, 'wrote' | 'dealtWith'>;
  /** The person behind an openid, if they have ever signed in. */
  personOf(openid: string): Promise<string | null>;
  membershipsOf(person: string): Promise<Membership[]>;
  sendCustomerText(openid: string, content: string): Promise<Outcome<null>>;
  typing?(openid: string): Promise<unknown>;
  now: () => Date;
  log: Pick<Logger, 'warn' | 'error'>;
}

const LEASE_MS = 30_000;
const TRIES_MAX = 5;
const KEEP_DAYS = 7;
/** Of the five messages a user's own allows, one stays for a person. */
const PIECES_MAX = 4;

/** The customer-service channel: every message is stored first and answered afterwards, in the order in which a user sent them. */
export function createInbound(deps: InboundDeps) {
  const { city, now, log, chat } = deps;
  const inbound = deps.connection.collection<Inbound>('inbound');
  const parties = createParties(deps);

  async function prepare(): Promise<void> {
    await inbound.createIndex({ at: 1 }, { expireAfterSeconds: KEEP_DAYS * 86_400 });
    // What is still to be answered, oldest first; and for one user.
    await inbound.createIndex({ city: 1, state: 1, at: 1 });
    await inbound.createIndex({ city: 1, openid: 1, state: 1, at: 1 });
    await parties.prepare();
  }

  /** Takes a push over, durably and once; answering comes afterwards. False: not a message for the chat. */
  async function onPush(message: PushMessage): Promise<boolean> {
    const kind = message.kind === 'text' ? 'text' : message.kind === 'entered' ? 'entered' : message.kind === 'image' || message.kind === 'card' ? 'picture' : null;
    if (!kind) return false;
    try {
      await inbound.insertOne({ _id: message.key, city, openid: message.openid, kind, ...(message.kind === 'text' ? { text: message.content.slice(0, 5000) } : {}), at: message.at, seen: now(), state: 'new', tries: 0 });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
    if (kind !== 'entered') await deps.outbound.wrote(message.openid, message.at);
    return true;
  }

  /** Answers what one user sent and nobody has answered yet, one after the other. Any number of processes may try. */
  async function handleInbound(openid: string): Promise<number> {
    let answered = 0;
    for (let message = await claim(openid); message; message = await claim(openid)) {
      await reply(message);
      answered += 1;
    }
    return answered;
  }

  /** The user's oldest unanswered message, unless somebody is at work on one of theirs. */
  async function claim(openid: string): Promise<Inbound | null> {
    const oldest = await inbound.find({ city, openid, state: { $in: ['new', 'working', 'sending'] } }).sort({ at: 1, seen: 1 }).limit(1).next();
    if (!oldest || (oldest.state !== 'new' && oldest.leaseUntil! > now())) return null;
    if (oldest.state === 'sending') {
      await close(oldest._id, 'unknown');
      return claim(openid);
    }
    if (oldest.tries >= TRIES_MAX) {
      log.error({ id: oldest._id }, 'chat: a message of the customer-service chat could not be answered');
      await close(oldest._id, 'failed');
      return claim(openid);
    }
    return inbound.findOneAndUpdate(
      { _id: oldest._id, state: oldest.state, ...(oldest.leaseUntil ? { leaseUntil: oldest.leaseUntil } : {}) },
      { $set: { state: 'working', leaseUntil: new Date(now().getTime() + LEASE_MS) }, $inc: { tries: 1 } },
      { returnDocument: 'after' },
    );
  }

  async function reply(message: Inbound): Promise<void> {
    deps.typing?.(message.openid).catch(() => undefined);
    const pieces = piecesOf(await answerFor(message), PIECES_MAX);
    const { matchedCount } = await inbound.updateOne({ _id: message._id, state: 'working', leaseUntil: message.leaseUntil }, { $set: { state: 'sending' } });
    if (matchedCount === 0) return; // took too long: somebody else has it now
    for (const piece of pieces) {
      const outcome = await deps.sendCustomerText(message.openid, piece);
      if (outcome.kind !== 'ok') {
        log.warn({ id: message._id, kind: outcome.kind, ...(outcome.kind === 'refused' ? { errcode: outcome.errcode } : {}) }, 'chat: an answer did not reach WeChat for certain');
        return close(message._id, outcome.kind);
      }
    }
    await close(message._id, 'sent');
  }

  const close = async (id: string, outcome: NonNullable<Inbound['outcome']>): Promise<void> => {
    await inbound.updateOne({ _id: id }, { $set: { state: 'done', outcome }, $unset: { text: '', leaseUntil: '' } });
  };

  async function answerFor({ _id, openid, kind, text = '' }: Inbound): Promise<string> {
    if (kind === 'picture') return '对话中收不了图片和文件。材料请在小程序相应页面上传。';
    if (kind === 'entered') return '您好，这里是数转通智能助手，不是真人。可以直接说要办的事，如“申请诊断”“查进度”，也可以问办法里的规定，或说“人工”。';
    const person = await deps.personOf(openid);
    if (!person) {
      const found = answerTo(text);
      return `${found ? `${said(found, null)}\n\n` : ''}办理业务请先打开小程序登录一次，再回到这里。`;
    }
    const who = await parties.resolve(person, text);
    if ('say' in who) return who.say;
    try {
      const replies = await chat.say(who.actor, { text }, { key: _id, channel: 'wechat' });
      await deps.outbound.dealtWith(openid, person, replies.flatMap((one) => (one.type === 'receipt' ? [one.receipt.no] : [])));
      return inPlainText(replies);
    } catch (error) {
      if (error instanceof Refusal) return error.detail;
      throw error;
    }
  }

  /** Answers whatever a crash or a failure left unanswered. */
  async function sweep(): Promise<number> {
    const waiting: string[] = await inbound.distinct('openid', { city, $or: [{ state: 'new' }, { state: { $in: ['working', 'sending'] }, leaseUntil: { $lt: now() } }] });
    let answered = 0;
    for (const openid of waiting) {
      answered += await handleInbound(openid).catch((error: unknown) => {
        log.warn({ err: error }, 'chat: a message waits for the next sweep');
        return 0;
      });
    }
    return answered;
  }

  return { prepare, onPush, handleInbound, sweep };
}

export type InboundChannel = ReturnType<typeof createInbound>;

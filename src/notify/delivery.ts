import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { isDuplicate } from '../kernel/cases';
import type { SubscribeMessage } from '../wechat/client';
import { ERRCODE, type Outcome } from '../wechat/outcome';
import type { PushMessage } from '../wechat/push';
import type { Consents } from './consents';
import { dataFor, templateFor, type Facts, type Kind, type Templates } from './templates';

/**
 * `sending`: claimed, the answer is not known yet. `sent`: WeChat took it. `refused`: WeChat did nothing, see `errcode`.
 * `unknown`: it may have gone out, so it is never sent again. `fallback`: no attempt was made, see `reason`.
 */
export type DeliveryStatus = 'sending' | 'sent' | 'refused' | 'unknown' | 'fallback';
export type FallbackReason = 'noOpenid' | 'noTemplate' | 'noConsent' | 'banned' | 'quiet';

export interface Delivery {
  _id: string;
  city: string;
  /** Event and person, the inbox message's own key: claimed before the request, so that one card at most goes out. */
  key: string;
  person: string;
  openid?: string;
  template?: string;
  status: DeliveryStatus;
  attempts: number;
  errcode?: number;
  reason?: FallbackReason;
  at: Date;
}

/** One card: to whom, about what. */
export interface Card {
  key: string;
  person: string;
  openid: string | undefined;
  kind: Kind;
  /** Falls back to SMS if there is an adapter: for those who must act. */
  task: boolean;
  facts: Facts;
  /** Path of the page that opens; the case number is the only thing in its query. */
  page: string;
  /** Outsiders cannot spend more than one card of a kind on somebody who has not looked yet: the outsider's person id. */
  outsider: string | undefined;
}

/** Off unless given. The text is fixed and names nothing; the adapter knows the person's phone. */
export interface SmsAdapter {
  send(message: { person: string; text: string }): Promise<void>;
}

interface Quiet { _id: string; city: string; person: string; until: Date }

export interface DeliveryDeps {
  connection: Connection;
  city: string;
  wechat: { sendSubscribe(message: SubscribeMessage): Promise<Outcome<null>> };
  templates: Templates;
  consents: Pick<Consents, 'take' | 'giveBack' | 'revoke'>;
  /** The message stays in the inbox only. */
  fellBack(key: string): Promise<void>;
  smsAdapter?: SmsAdapter;
  now: () => Date;
  log: Logger;
}

export const SMS_TEXT = '您在数转通有一项待办事项，请登录小程序查看。';
const QUIET_MS = 24 * 3_600_000;
/** WeChat banned the template or the capability (43107): asked again after this. */
const BAN_MS = 3_600_000;
const TEMPLATE_BANNED = 43107;
/** Our own mistakes in settings or wording, which an operator must hear of. */
const ALARMS: readonly number[] = [ERRCODE.templateInvalid, 41030, TEMPLATE_BANNED, 45168, ERRCODE.fieldInvalid];
/** A send takes seconds; one that has been under way this long died with its process. */
const ABANDONED_MS = 2 * 60_000;
const SENT_EVENT_WITHIN_MS = 10 * 60_000;

export type Deliveries = ReturnType<typeof createDeliveries>;

/** Sends cards, at most one for each event and person. The inbox is the truth; what cannot be sent, or may not have been, falls back to it. */
export function createDeliveries(deps: DeliveryDeps) {
  const { connection, city, consents, templates, now, log } = deps;
  const deliveries = connection.collection<Delivery>('deliveries');
  const quiets = connection.collection<Quiet>('noticeQuiets');
  const bannedUntil = new Map<string, Date>();

  async function prepare(): Promise<void> {
    await deliveries.createIndex({ city: 1, key: 1 }, { unique: true }); // has this card been claimed?
    await deliveries.createIndex({ city: 1, status: 1, at: 1 }); // sweep: which sends died half-way?
    await deliveries.createIndex({ city: 1, openid: 1, template: 1, at: -1 }); // which card does WeChat's report mean?
    await quiets.createIndex({ city: 1, person: 1 }); // what is held back until this person looks?
    await quiets.createIndex({ until: 1 }, { expireAfterSeconds: 0 });
  }

  /** Sends the card unless this event's card to this person was claimed before, by whatever process. Throws only for our own database. */
  async function deliver(card: Card): Promise<void> {
    const template = templateFor(templates, card.kind);
    const claim: Delivery = {
      _id: randomBytes(12).toString('hex'), city, key: card.key, person: card.person, status: 'sending', attempts: 0, at: now(),
      ...(card.openid ? { openid: card.openid } : {}), ...(template ? { template: template.id } : {}),
    };
    try {
      await deliveries.insertOne(claim);
    } catch (error) {
      if (isDuplicate(error)) return;
      throw error;
    }
    if (!card.openid) return fallBack(card, { status: 'fallback', reason: 'noOpenid' });
    if (!template) return fallBack(card, { status: 'fallback', reason: 'noTemplate' });
    if ((bannedUntil.get(template.id) ?? claim.at) > claim.at) return fallBack(card, { status: 'fallback', reason: 'banned' });
    await send(card, card.openid, template);
  }

  async function send(card: Card, openid: string, template: { id: string; fields: Readonly<Record<string, any>> }): Promise<void> {
    const quiet = card.outsider && `${city}:${card.person}:${card.kind}:${card.outsider}`;
    if (quiet && !(await hush(quiet, card.person))) return fallBack(card, { status: 'fallback', reason: 'quiet' });
    const taken = await consents.take(openid, template.id);
    if (!taken) {
      if (quiet) await quiets.deleteOne({ _id: quiet });
      return fallBack(card, { status: 'fallback', reason: 'noConsent' });
    }
    // Noted before the request: from here on the card may have gone out.
    await deliveries.updateOne({ city, key: card.key }, { $set: { attempts: 1, at: now() } });
    const answer = await deps.wechat.sendSubscribe({ openid, template: template.id, page: card.page, data: dataFor(template, card.facts) });
    if (answer.kind === 'ok') return settle(card.key, { status: 'sent' });
    if (answer.kind === 'unknown') return fallBack(card, { status: 'unknown' });
    if (answer.errcode === ERRCODE.noConsent) await consents.revoke(openid, template.id);
    else await consents.giveBack(openid, template.id, taken);
    if (answer.errcode === TEMPLATE_BANNED) bannedUntil.set(template.id, new Date(now().getTime() + BAN_MS));
    if (ALARMS.includes(answer.errcode)) log.error({ errcode: answer.errcode, template: template.id }, 'notify: WeChat refuses our messages, check templates and wording');
    if (quiet) await quiets.deleteOne({ _id: quiet });
    return fallBack(card, { status: 'refused', errcode: answer.errcode });
  }

  /**
   * A7: one outsider's doings spend one card of a kind on one person until that person looks (or a day has passed), however
   * many cases the outsider opens. The other notices wait in the inbox, where the first card leads.
   */
  async function hush(id: string, person: string): Promise<boolean> {
    const at = now();
    try {
      await quiets.updateOne({ _id: id, until: { $lte: at } }, { $set: { city, person, until: new Date(at.getTime() + QUIET_MS) } }, { upsert: true });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  const settle = async (key: string, set: Partial<Delivery>): Promise<void> => {
    await deliveries.updateOne({ city, key }, { $set: { ...set, at: now() } });
  };

  /** The inbox is marked before the record is closed: a crash in between leaves a record that the sweep closes. */
  async function fallBack(card: Pick<Card, 'key' | 'person' | 'task'>, set: Pick<Delivery, 'status' | 'errcode' | 'reason'>): Promise<void> {
    if (card.task) await deps.fellBack(card.key);
    await settle(card.key, set);
    if (!card.task || !deps.smsAdapter || set.reason === 'quiet') return;
    try {
      await deps.smsAdapter.send({ person: card.person, text: SMS_TEXT });
    } catch (error) {
      log.warn({ err: error }, 'notify: an SMS could not be sent, the message stays in the inbox');
    }
  }

  /** Closes sends whose process died. One whose request may have gone out is not repeated; the inbox has the message either way. */
  async function sweep(): Promise<number> {
    const before = new Date(now().getTime() - ABANDONED_MS);
    const left = await deliveries.find({ city, status: 'sending', at: { $lte: before } }).limit(500).toArray();
    for (const { key, attempts } of left) {
      await deps.fellBack(key);
      await settle(key, { status: attempts > 0 ? 'unknown' : 'fallback' });
    }
    return left.length;
  }

  /** WeChat's later report that a card it took did not arrive. It names no card of ours, so the latest one to that user and template is meant. */
  async function onPush(message: PushMessage & { kind: 'sent' }): Promise<void> {
    const { openid } = message;
    for (const { templateId: template, errorCode: errcode } of message.results) {
      if (!errcode) continue;
      const since = new Date(message.at.getTime() - SENT_EVENT_WITHIN_MS);
      const failed = await deliveries.findOneAndUpdate(
        { city, openid, template, status: 'sent', at: { $gte: since } }, { $set: { status: 'refused', errcode } }, { sort: { at: -1 } },
      );
      if (failed) await deps.fellBack(failed.key);
      if (errcode === ERRCODE.noConsent) await consents.revoke(openid, template);
    }
  }

  /** The person has looked: cards about them may go out again. */
  const looked = async (person: string): Promise<void> => {
    await quiets.deleteMany({ city, person });
  };

  return { prepare, deliver, sweep, onPush, looked };
}

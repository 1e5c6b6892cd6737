import { createHash } from 'node:crypto';
import { decrypt, encrypt, isSame, signatureOf, type PushKey } from './cipher';
import { cdata, readDocument, type Field, type Fields } from './documents';

export interface PushSettings {
  appId: string;
  /** The key in force first; behind it, while keys are being changed, the one before. */
  keys: readonly PushKey[];
  /** As set in WeChat's console. `secure` takes only encrypted messages, `plain` only open ones. */
  mode: 'secure' | 'plain';
}

/** A query as Koa gives it: a key that came twice is an array. */
export type PushQuery = Record<string, string | string[] | undefined>;

/** Why a push is refused. For logs; the sender is told nothing but "refused". */
export type PushRefusal = 'query' | 'window' | 'signature' | 'mode' | 'cipher' | 'appid' | 'document';

interface Common {
  /** Equal for all deliveries of one message, different for different messages. 32 hex characters, reveals no openid. */
  key: string;
  openid: string;
  /** When it happened, to the second, by WeChat's clock. */
  at: Date;
}

/** What the user answered about one template: `accept`, `reject`, or what WeChat adds some day. */
export interface ConsentAnswer {
  templateId: string;
  answer: string;
}

export interface SentResult {
  templateId: string;
  messageId: string;
  errorCode: number;
  status: string;
}

/** What WeChat tells us, in our words. `messageId` is text: it has 64 bits, more than a number keeps. */
export type PushMessage = Common &
  (
    | { kind: 'text'; messageId: string; content: string }
    | { kind: 'image'; messageId: string; pictureUrl: string; mediaId: string }
    | { kind: 'card'; messageId: string; title: string; page: string }
    | { kind: 'entered'; from: string }
    | { kind: 'consents'; cause: 'popup' | 'settings'; answers: ConsentAnswer[] }
    | { kind: 'sent'; results: SentResult[] }
    | { kind: 'mediaChecked'; traceId: string; errcode: number; suggest: string; label: number }
    | { kind: 'other'; name: string }
  );

export type PushReceipt = { message: PushMessage } | { refusal: PushRefusal };

/** A signature has no use after this long, in either direction. */
export const WINDOW_MS = 5 * 60_000;

/**
 * Reads one push: signature, age, cipher, document. Pure; whether the message was seen before is the caller's to ask,
 * by `message.key`.
 */
export function receivePush(push: { query: PushQuery; rawBody: string; settings: PushSettings; now: Date }): PushReceipt {
  const { rawBody, settings, now } = push;
  const query = single(push.query);
  if (!query || !isWellFormed(query)) return { refusal: 'query' };
  if (!isRecent(query['timestamp']!, now)) return { refusal: 'window' };

  const opened = settings.mode === 'secure' ? openSecure(query, rawBody, settings) : openPlain(query, rawBody, settings);
  if ('refusal' in opened) return opened;
  const fields = readDocument(opened.message);
  const message = fields && toMessage(fields);
  return message ? { message } : { refusal: 'document' };
}

/** Answers WeChat's check of the address: the text to send back, or why not. */
export function verifyUrl(query: PushQuery, settings: PushSettings, now: Date): { echo: string } | { refusal: PushRefusal } {
  const given = single(query);
  const echo = given?.['echostr'];
  if (!given || !isWellFormed(given) || !echo || !/^[\w-]{1,128}$/.test(echo)) return { refusal: 'query' };
  if (!isRecent(given['timestamp']!, now)) return { refusal: 'window' };
  return signedOpenly(given, settings) ? { echo } : { refusal: 'signature' };
}

/**
 * Wraps a passive reply for secure mode. `success` and the empty answer need no wrapping.
 * @param random 16 bytes, given only by tests
 */
export function encryptReply(reply: {
  message: string;
  settings: PushSettings;
  timestamp: string;
  nonce: string;
  format: 'json' | 'xml';
  random?: Buffer;
}): string {
  const key = reply.settings.keys[0];
  if (!key) throw new RangeError('push settings hold no key');
  const encrypted = encrypt(reply.message, key.encodingAesKey, reply.settings.appId, reply.random);
  const signature = signatureOf(key.token, reply.timestamp, reply.nonce, encrypted);
  if (reply.format === 'json') {
    return JSON.stringify({
      Encrypt: encrypted,
      MsgSignature: signature,
      TimeStamp: Number(reply.timestamp),
      Nonce: reply.nonce,
    });
  }
  return (
    `<xml><Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>` +
    `<TimeStamp>${reply.timestamp}</TimeStamp><Nonce>${cdata(reply.nonce)}</Nonce></xml>`
  );
}

type Opened = { message: string } | { refusal: PushRefusal };
type Query = Record<string, string>;

/** Every parameter once, or nothing: a doubled key means different things to different readers. */
function single(query: PushQuery): Query | undefined {
  const given: Query = {};
  for (const [name, value] of Object.entries(query)) {
    if (typeof value !== 'string') return undefined;
    given[name] = value;
  }
  return given;
}

const isWellFormed = (query: Query): boolean =>
  /^\d{1,12}$/.test(query['timestamp'] ?? '') && /^[\w-]{1,64}$/.test(query['nonce'] ?? '');

const isRecent = (timestamp: string, now: Date): boolean => Math.abs(now.getTime() - Number(timestamp) * 1000) <= WINDOW_MS;

const signedOpenly = (query: Query, settings: PushSettings): boolean =>
  settings.keys.some(({ token }) =>
    isSame(query['signature'] ?? '', signatureOf(token, query['timestamp']!, query['nonce']!)),
  );

function openPlain(query: Query, rawBody: string, settings: PushSettings): Opened {
  if (query['encrypt_type'] === 'aes') return { refusal: 'mode' };
  return signedOpenly(query, settings) ? { message: rawBody } : { refusal: 'signature' };
}

function openSecure(query: Query, rawBody: string, settings: PushSettings): Opened {
  // In secure mode only msg_signature covers the body; `signature` proves nothing about it and is not looked at.
  if (query['encrypt_type'] !== 'aes') return { refusal: 'mode' };
  const encrypted = readDocument(rawBody)?.['Encrypt'];
  if (typeof encrypted !== 'string' || encrypted === '') return { refusal: 'mode' };
  const key = settings.keys.find(({ token }) =>
    isSame(query['msg_signature'] ?? '', signatureOf(token, query['timestamp']!, query['nonce']!, encrypted)),
  );
  return key ? decrypt(encrypted, key.encodingAesKey, settings.appId) : { refusal: 'signature' };
}

function toMessage(fields: Fields): PushMessage | undefined {
  const openid = text(fields['FromUserName']);
  const created = text(fields['CreateTime']);
  const type = text(fields['MsgType']);
  if (!/^[\w-]{1,128}$/.test(openid) || !/^\d{1,12}$/.test(created) || type === '') return undefined;
  const at = new Date(Number(created) * 1000);
  if (type === 'event') return event(fields, { openid, at, created });

  const messageId = text(fields['MsgId']);
  if (!/^\d{1,20}$/.test(messageId)) return undefined;
  const common = { key: keyOf('message', messageId), openid, at };
  switch (type) {
    case 'text':
      return { ...common, kind: 'text', messageId, content: text(fields['Content']) };
    case 'image':
      return { ...common, kind: 'image', messageId, pictureUrl: text(fields['PicUrl']), mediaId: text(fields['MediaId']) };
    case 'miniprogrampage':
      return { ...common, kind: 'card', messageId, title: text(fields['Title']), page: text(fields['PagePath']) };
    default:
      return { ...common, kind: 'other', name: type };
  }
}

/**
 * Events have no MsgId. WeChat's advice is user and second; two different ones can share both (two pictures judged at
 * once), so what tells them apart goes into the key as well.
 */
function event(fields: Fields, { openid, at, created }: { openid: string; at: Date; created: string }): PushMessage {
  const name = text(fields['Event']);
  const common = (...more: string[]) => ({ key: keyOf('event', openid, created, name, ...more), openid, at });
  switch (name) {
    case 'user_enter_tempsession':
      return { ...common(), kind: 'entered', from: text(fields['SessionFrom']) };
    case 'subscribe_msg_popup_event':
    case 'subscribe_msg_change_event': {
      const answers = entries(fields, name).map((entry) => ({
        templateId: text(entry['TemplateId']),
        answer: text(entry['SubscribeStatusString']),
      }));
      const distinct = answers.map(({ templateId, answer }) => `${templateId}=${answer}`).toSorted();
      const cause = name === 'subscribe_msg_popup_event' ? 'popup' : 'settings';
      return { ...common(...distinct), kind: 'consents', cause, answers };
    }
    case 'subscribe_msg_sent_event': {
      const results = entries(fields, name).map((entry) => ({
        templateId: text(entry['TemplateId']),
        messageId: text(entry['MsgID']),
        errorCode: Number(text(entry['ErrorCode'])),
        status: text(entry['ErrorStatus']),
      }));
      return { ...common(...results.map(({ messageId }) => messageId).toSorted()), kind: 'sent', results };
    }
    case 'wxa_media_check': {
      const traceId = text(fields['trace_id']);
      const result = isFields(fields['result']) ? fields['result'] : {};
      return {
        ...common(traceId),
        kind: 'mediaChecked',
        traceId,
        errcode: Number(text(fields['errcode']) || 0),
        suggest: text(result['suggest']),
        label: Number(text(result['label']) || 0),
      };
    }
    default:
      return { ...common(), kind: 'other', name };
  }
}

const WRAPPERS: Record<string, string> = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent',
};

/** `List` is an object when there is one entry and an array when there are several; XML puts a wrapper around it. */
function entries(fields: Fields, name: string): Fields[] {
  const wrapper = fields[WRAPPERS[name]!];
  const list = isFields(wrapper) ? wrapper['List'] : fields['List'];
  return (Array.isArray(list) ? list : [list]).filter(isFields);
}

const isFields = (field: Field | undefined): field is Fields =>
  typeof field === 'object' && field !== null && !Array.isArray(field);

const text = (field: Field | undefined): string =>
  typeof field === 'string' ? field : typeof field === 'number' ? String(field) : '';

const keyOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

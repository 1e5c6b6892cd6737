import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { seal, sign, unseal } from './crypto';
import type { Attempt, Delivery, PushOptions } from './types';
import type { World } from './world';

/** What may be done to a packet on its way, so that the product can prove it notices. */
export type Tampering =
  | 'noSignature'
  | 'wrongSignature'
  | 'otherBody'
  | 'plaintext'
  | 'otherAppId'
  | 'badPadding'
  | 'doubledKey'
  | 'arrayKey'
  | 'otherToken'
  | 'late'
  | 'future';

export interface Packet {
  url: string;
  body: string;
  contentType: string;
}

/** Fields of a push; a MsgId given as text of digits travels in JSON as a bare number, as WeChat sends it. */
export type PushFields = Record<string, unknown>;

const DEFAULTS: PushOptions = { mode: 'secure', format: 'json', timeoutMs: 5000, attempts: 3, retryMs: 1000 };

/** WeChat as a client: signs, encrypts, posts to the product, waits five seconds, tries three times. */
export class Pusher {
  options: PushOptions;
  url: string | undefined;
  private readonly underWay = new Set<Promise<unknown>>();
  private isStopped = false;

  constructor(private readonly world: World) {
    this.options = { ...DEFAULTS, ...world.options.push };
    this.url = world.options.pushUrl;
  }

  /** What WeChat does when the address is entered in its console: the product must give the echo back. */
  async verifyUrl(): Promise<boolean> {
    if (!this.url) return false;
    const { timestamp, nonce } = this.stamp();
    const echo = String(Math.floor(Math.random() * 1e16));
    const url = new URL(this.url);
    url.search = new URLSearchParams({
      signature: sign(this.world.options.token, timestamp, nonce),
      timestamp,
      nonce,
      echostr: echo,
    }).toString();
    const response = await fetch(url, { signal: AbortSignal.timeout(this.options.timeoutMs) });
    return response.status === 200 && (await response.text()) === echo;
  }

  /** Pushes in the background, as WeChat does; `settled()` waits for it. */
  send(fields: PushFields): void {
    const work = this.deliver(fields).catch(() => undefined);
    this.underWay.add(work);
    void work.finally(() => this.underWay.delete(work));
  }

  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  stop(): void {
    this.isStopped = true;
  }

  async deliver(fields: PushFields): Promise<Delivery> {
    const delivery: Delivery = {
      id: this.world.nextId(),
      at: this.world.isoNow(),
      name: String(fields['Event'] ?? fields['MsgType']),
      openid: String(fields['FromUserName']),
      attempts: [],
      isDelivered: false,
      reply: null,
    };
    this.world.recordDelivery(delivery);
    for (let number = 1; this.url && number <= this.options.attempts && !this.isStopped; number += 1) {
      const attempt = await this.post(this.pack(fields));
      delivery.attempts.push(attempt);
      delivery.isDelivered = attempt.failure === null;
      if (delivery.isDelivered) {
        delivery.reply = this.readReply(attempt.body);
        break;
      }
      if (attempt.failure !== 'timeout' && number < this.options.attempts) await sleep(this.options.retryMs);
    }
    const phone = this.world.phones.get(delivery.openid);
    if (this.url && !delivery.isDelivered && phone && fields['MsgType'] !== 'event') {
      this.world.addLine(phone, { from: 'system', kind: 'notice', text: '该小程序客服暂时无法提供服务，请稍后再试' });
    }
    this.world.changed(phone);
    return delivery;
  }

  /** One packet as it goes over the wire, freshly stamped. */
  pack(fields: PushFields, tampering?: Tampering): Packet {
    const { token, encodingAesKey, appId } = this.world.options;
    const shift = tampering === 'late' ? -301 : tampering === 'future' ? 301 : 0;
    const { timestamp, nonce } = this.stamp(shift);
    const secret = tampering === 'otherToken' ? `${token}x` : token;
    const isOpen = this.options.mode === 'plain' || tampering === 'plaintext';
    const message = this.write(fields);
    const query = new URLSearchParams({ signature: sign(secret, timestamp, nonce), timestamp, nonce });
    let body = message;
    if (!isOpen) {
      const account = tampering === 'otherAppId' ? 'wx00000000000other' : appId;
      const encrypted = seal(message, encodingAesKey, account, tampering === 'badPadding');
      query.set('openid', String(fields['FromUserName']));
      query.set('encrypt_type', 'aes');
      query.set('msg_signature', sign(secret, timestamp, nonce, encrypted));
      const carried = tampering === 'otherBody' ? seal(this.write({ ...fields, Content: 'forged' }), encodingAesKey, appId) : encrypted;
      const open = this.options.mode === 'compatible' ? fields : { ToUserName: fields['ToUserName'] };
      body = this.write({ ...open, Encrypt: carried });
    }
    const signature = isOpen ? 'signature' : 'msg_signature';
    if (tampering === 'noSignature') query.delete(signature);
    if (tampering === 'wrongSignature') query.set(signature, '0'.repeat(40));
    if (tampering === 'doubledKey') query.append(signature, query.get(signature)!);
    if (tampering === 'arrayKey') {
      query.append('timestamp[]', timestamp);
      query.delete('timestamp');
    }
    return {
      url: `${this.url}?${query}`,
      body,
      contentType: this.options.format === 'json' ? 'application/json' : 'text/xml',
    };
  }

  async post(packet: Packet): Promise<Attempt> {
    const started = Date.now();
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    try {
      const response = await fetch(packet.url, {
        method: 'POST',
        body: packet.body,
        headers: { 'content-type': packet.contentType },
        signal,
      });
      const body = await response.text();
      const isGood = response.status === 200 && (body === 'success' || body === '' || this.readReply(body) !== null);
      return { status: response.status, ms: Date.now() - started, body, failure: isGood ? null : 'answer' };
    } catch {
      const failure = signal.aborted ? 'timeout' : 'connection';
      return { status: null, ms: Date.now() - started, body: '', failure };
    }
  }

  private stamp(shiftSeconds = 0): { timestamp: string; nonce: string } {
    const seconds = Math.floor(this.world.now() / 1000) + shiftSeconds;
    return { timestamp: String(seconds), nonce: String(randomBytes(4).readUInt32BE()) };
  }

  /** A passive reply that is properly wrapped, as the fields it holds. */
  private readReply(body: string): unknown {
    const { token, encodingAesKey, appId } = this.world.options;
    try {
      const reply = JSON.parse(body) as Record<string, unknown>;
      if (this.options.mode === 'plain') return reply;
      const signature = sign(token, String(reply['TimeStamp']), String(reply['Nonce']), String(reply['Encrypt']));
      const opened = unseal(String(reply['Encrypt']), encodingAesKey);
      return signature === reply['MsgSignature'] && opened.appId === appId ? JSON.parse(opened.message) : null;
    } catch {
      return null;
    }
  }

  private write(fields: PushFields): string {
    if (this.options.format === 'xml') return `<xml>${toXml(fields)}</xml>`;
    return JSON.stringify(fields).replace(/"(MsgId|MsgID)":"(\d+)"/g, '"$1":$2');
  }
}

const WRAPPERS: Record<string, string> = {
  subscribe_msg_popup_event: 'SubscribeMsgPopupEvent',
  subscribe_msg_change_event: 'SubscribeMsgChangeEvent',
  subscribe_msg_sent_event: 'SubscribeMsgSentEvent',
};

function toXml(fields: PushFields): string {
  const wrapper = WRAPPERS[String(fields['Event'])];
  return Object.entries(fields)
    .map(([name, value]) => {
      const xml = [value].flat().map((one) => element(name, one)).join('\n');
      return wrapper && name === 'List' ? `<${wrapper}>${xml}</${wrapper}>` : xml;
    })
    .join('\n');
}

function element(name: string, value: unknown): string {
  if (typeof value === 'object' && value !== null) return `<${name}>${toXml(value as PushFields)}</${name}>`;
  if (typeof value === 'number' || name === 'MsgId') return `<${name}>${value}</${name}>`;
  return `<${name}><![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`;
}

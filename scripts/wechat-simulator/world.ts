import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TEMPLATES } from './templates';
import { ApiError } from './errors';
import { TokenBook } from './tokens';
import type { Call, ChatLine, Delivery, Phone, SimulatorOptions, SubscribeCard, Template } from './types';

const CODE_LIFE_MS = 300_000;
const KEEP_CALLS = 5000;
const KEEP_DELIVERIES = 1000;

interface Code {
  openid: string;
  kind: 'login' | 'phone';
  expiresAt: number;
  isUsed: boolean;
}

const numbered = (number: number): string => `138${String(number).padStart(8, '0')}`;

/** Everything the simulator knows. One clock for all of it, which tests may set forward. */
export class World {
  readonly phones = new Map<string, Phone>();
  readonly templates = new Map<string, Template>();
  readonly calls: Call[] = [];
  readonly deliveries: Delivery[] = [];
  /** Emits `change` with the openid concerned (or none); the page listens. */
  readonly changes = new EventEmitter().setMaxListeners(0);
  readonly tokens: TokenBook;
  /** Templates the platform has banned. */
  readonly banned = new Set<string>();
  /** When the verdict on a picture is pushed and how often; 0 times: never. */
  media = { afterMs: 200, times: 1 };
  /** Another appid in the watermark of phone numbers, to see whether the product looks. */
  watermarkAppId: string | undefined;
  private readonly codes = new Map<string, Code>();
  private offsetMs = 0;
  private lastId = 0;
  private saveTimer: NodeJS.Timeout | undefined;

  constructor(readonly options: SimulatorOptions) {
    this.tokens = new TokenBook(() => this.now());
    for (const template of options.templates ?? TEMPLATES) this.templates.set(template.id, template);
    this.load();
  }

  now(): number {
    return (this.options.clock?.() ?? new Date()).getTime() + this.offsetMs;
  }

  isoNow(): string {
    return new Date(this.now()).toISOString();
  }

  advance(ms: number): void {
    this.offsetMs += ms;
  }

  /** 64-bit ids as WeChat's: beyond 2^53, so that neighbours become equal when read as JavaScript numbers. */
  nextMsgId(): string {
    this.lastId += 1;
    return String(24_690_135_780_246_000n + BigInt(this.lastId) + (BigInt(Math.floor(this.now() / 1000)) << 32n));
  }

  /** The fields all pushes have in common. */
  envelope(phone: Phone, type: string) {
    return {
      ToUserName: this.options.originalId ?? 'gh_sim000000001',
      FromUserName: phone.openid,
      CreateTime: Math.floor(this.now() / 1000),
      MsgType: type,
    };
  }

  nextId(): number {
    return (this.lastId += 1);
  }

  addPhone(given: Partial<Pick<Phone, 'openid' | 'nickname' | 'phoneNumber' | 'countryCode'>> = {}): Phone {
    const known = given.openid ? this.phones.get(given.openid) : undefined;
    if (known) return known;
    const taken = new Set([...this.phones.values()].map((phone) => phone.phoneNumber));
    let number = this.phones.size + 1;
    while (taken.has(numbered(number))) number += 1;
    const phone: Phone = {
      openid: given.openid ?? `o${randomBytes(20).toString('base64url').slice(0, 27)}`,
      nickname: given.nickname ?? `微信用户${number}`,
      phoneNumber: given.phoneNumber ?? numbered(number),
      countryCode: given.countryCode ?? '86',
      isHighRisk: false,
      sessionKey: null,
      lastSeenAt: this.now(),
      consents: {},
      cards: [],
      chat: [],
      window: null,
      lastExchangeAt: 0,
      typingUntil: 0,
    };
    this.phones.set(phone.openid, phone);
    this.changed(phone);
    return phone;
  }

  /** The phone of an openid a caller named; WeChat's 40003 when there is none. */
  phone(openid: unknown): Phone {
    const phone = typeof openid === 'string' ? this.phones.get(openid) : undefined;
    if (!phone) throw new ApiError(40003);
    return phone;
  }

  issueCode(phone: Phone, kind: Code['kind']): string {
    const code = `${kind === 'login' ? '0' : 'p'}${randomBytes(16).toString('hex')}`;
    this.codes.set(code, { openid: phone.openid, kind, expiresAt: this.now() + CODE_LIFE_MS, isUsed: false });
    phone.lastSeenAt = this.now();
    this.changed(phone);
    return code;
  }

  /** Uses up a code. A login code says when it was used before (40163), a phone code does not (40029). */
  redeem(code: unknown, kind: Code['kind'], openid?: unknown): Phone {
    const found = typeof code === 'string' ? this.codes.get(code) : undefined;
    if (!found || found.kind !== kind || found.expiresAt <= this.now()) throw new ApiError(40029);
    if (found.isUsed) throw new ApiError(kind === 'login' ? 40163 : 40029);
    // A foreign openid does not use the code up.
    if (openid !== undefined && openid !== found.openid) throw new ApiError(40029);
    found.isUsed = true;
    return this.phone(found.openid);
  }

  /** One accept: one more message of a once-template, or the freedom to send a longterm one. */
  answerConsent(phone: Phone, templateId: string, answer: 'accept' | 'reject'): void {
    const template = this.templates.get(templateId);
    if (!template) throw new ApiError(40037);
    if (answer === 'reject') phone.consents[templateId] = 0;
    else phone.consents[templateId] = template.kind === 'longterm' ? -1 : (phone.consents[templateId] ?? 0) + 1;
    this.changed(phone);
  }

  addCard(phone: Phone, card: Omit<SubscribeCard, 'id' | 'at'>): SubscribeCard {
    const added = { id: this.nextId(), at: this.isoNow(), ...card };
    phone.cards.push(added);
    this.changed(phone);
    return added;
  }

  addLine(phone: Phone, line: Omit<ChatLine, 'id' | 'at'>): void {
    phone.chat.push({ id: this.nextId(), at: this.isoNow(), ...line });
    this.changed(phone);
  }

  record(call: Call): void {
    this.calls.push(call);
    if (this.calls.length > KEEP_CALLS) this.calls.shift();
  }

  recordDelivery(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > KEEP_DELIVERIES) this.deliveries.shift();
  }

  changed(phone?: Phone): void {
    this.changes.emit('change', phone?.openid ?? null);
    if (!this.options.stateFile || this.saveTimer) return;
    this.saveTimer = setTimeout(() => this.save(), 200);
    this.saveTimer.unref();
  }

  /** Back to an empty town. Access tokens stay good: the account is still the same, and the product holds them. */
  reset(): void {
    this.phones.clear();
    this.codes.clear();
    this.calls.length = 0;
    this.deliveries.length = 0;
    this.banned.clear();
    this.media = { afterMs: 200, times: 1 };
    this.watermarkAppId = undefined;
    this.offsetMs = 0;
    this.changed();
  }

  /** Writes beside the file and renames, so that a kill in between leaves the old state whole. */
  save(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    const file = this.options.stateFile;
    if (!file) return;
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    const next = `${file}.${process.pid}.tmp`;
    writeFileSync(next, JSON.stringify({ lastId: this.lastId, phones: [...this.phones.values()] }, null, 1));
    renameSync(next, file);
  }

  private load(): void {
    const file = this.options.stateFile;
    if (!file) return;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    const state = JSON.parse(text) as { lastId: number; phones: Phone[] };
    this.lastId = state.lastId;
    for (const phone of state.phones) this.phones.set(phone.openid, phone);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { exchange, type Json, type Request } from './http';
import { ERRCODE, INVALID_TOKEN, unknown, type Outcome } from './outcome';
import { inTurn } from './turns';
import { tokenSource } from './token';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

export interface WechatOptions {
  /** `https://api.weixin.qq.com`, or the simulator's address. */
  baseUrl: string;
  appId: string;
  appSecret: string;
  redis: Redis;
  prefix: string;
  log: Log;
  clock: () => Date;
  fetch?: typeof fetch;
  /** WeChat's pages disagree on this path; `/cgi-bin/message/custom/typing` unless told otherwise. */
  typingPath?: string;
}

export interface SubscribeMessage {
  openid: string;
  template: string;
  /** Path in the mini-program with its query; without it the card cannot be tapped. */
  page?: string;
  /** Template key (`thing1`) to text. Make values with `fitField`; WeChat answers 47003 to one that breaks its type. */
  data: Record<string, string>;
}

/** Where a text is shown: WeChat's scene 1 profile, 2 comment, 3 forum, 4 social log. */
export type TextScene = 1 | 2 | 3 | 4;
/** `unavailable`: no verdict to be had now (user idle for two hours, WeChat down): hold the text for a person. */
export type TextVerdict = 'pass' | 'review' | 'risky' | 'unavailable';

export type Wechat = ReturnType<typeof createWechat>;

const CHECK_MAX_CHARS = 2500;
/** Pieces of a long text overlap, so that a word on the seam is still seen whole. */
const CHECK_OVERLAP_CHARS = 50;
const CONCURRENT_RETRY_MS = [200, 600];
const BUSY_RETRY_MS = 300;
const TYPING_TIMEOUT_MS = 2000;

/**
 * WeChat's server interfaces for the mini-program. Nothing here throws for what WeChat or the network does; the outcome
 * says it. Logs carry the path of the call, the errcode and WeChat's trace id, never query or body.
 */
export function createWechat(options: WechatOptions) {
  const { baseUrl, appId, appSecret, log, typingPath = '/cgi-bin/message/custom/typing' } = options;
  const fetchFn = options.fetch ?? fetch;
  const token = tokenSource({ ...options, fetch: fetchFn });
  const perOpenid = inTurn();

  /** A call that needs the access token. One that WeChat calls invalid is replaced, and the call repeated, exactly once. */
  async function call(request: Request): Promise<Outcome<Json>> {
    for (let attempt = 1; ; attempt += 1) {
      const access = await token.get();
      if (access.kind !== 'ok') return noted('/cgi-bin/stable_token', access);
      const answer = await exchange(fetchFn, baseUrl, {
        ...request,
        query: { ...request.query, access_token: access.value },
      });
      if (answer.kind !== 'refused' || !INVALID_TOKEN.includes(answer.errcode)) return noted(request.path, answer);
      await token.drop(access.value);
      if (attempt === 2) {
        log.error({ path: request.path, errcode: answer.errcode }, 'wechat refuses a fresh access token');
        return answer;
      }
    }
  }

  function noted<T>(path: string, outcome: Outcome<T>): Outcome<T> {
    if (outcome.kind === 'unknown') log.warn({ path, reason: outcome.reason }, 'wechat call with unknown outcome');
    if (outcome.kind === 'refused') {
      const trace = /\b(?:rid|req_id): ?([\w-]{1,64})/.exec(outcome.errmsg)?.[1];
      log.info({ path, errcode: outcome.errcode, trace }, 'wechat call refused');
    }
    return outcome;
  }

  const post = (path: string, body: Json, timeoutMs?: number) => call({ method: 'POST', path, body, timeoutMs });

  /**
   * Signs a user in by a `wx.login` code (code2Session). The session_key stays here: nothing we do needs it, and what is
   * not kept cannot leak.
   */
  async function code2Session(code: string): Promise<Outcome<{ openid: string; unionid?: string }>> {
    const path = '/sns/jscode2session';
    const query = { appid: appId, secret: appSecret, js_code: code, grant_type: 'authorization_code' };
    const answer = noted(path, await againIfBusy(() => exchange(fetchFn, baseUrl, { method: 'GET', path, query })));
    if (answer.kind !== 'ok') return answer;
    const { openid, unionid } = answer.value;
    if (typeof openid !== 'string' || openid === '') return unknown('notJson');
    return { kind: 'ok', value: { openid, ...(typeof unionid === 'string' ? { unionid } : {}) } };
  }

  /**
   * The phone number behind the code of the phone-number button (not a login code; single use, five minutes). WeChat
   * checks that the code belongs to `openid`; that the watermark names our appid is checked here. A number outside +86
   * keeps its country code in front.
   */
  async function phoneNumber(code: string, openid: string): Promise<Outcome<{ phone: string; countryCode: string }>> {
    const answer = await post('/wxa/business/getuserphonenumber', { code, openid });
    if (answer.kind !== 'ok') return answer;
    const info = answer.value['phone_info'] as
      | { purePhoneNumber?: unknown; countryCode?: unknown; watermark?: { appid?: unknown } }
      | undefined;
    if (info?.watermark?.appid !== appId) {
      log.error({ path: '/wxa/business/getuserphonenumber' }, 'phone number carries the watermark of another appid');
      return { kind: 'refused', errcode: ERRCODE.codeInvalid, errmsg: 'watermark of another appid' };
    }
    // Documented as string, shown as number in WeChat's own example.
    const countryCode = String(info.countryCode ?? '');
    const pure = String(info.purePhoneNumber ?? '');
    if (!/^\d{5,15}$/.test(pure)) return unknown('notJson');
    return { kind: 'ok', value: { phone: countryCode === '86' ? pure : `+${countryCode}${pure}`, countryCode } };
  }

  /**
   * Sends one subscribe message. Sends to one user go one after the other: WeChat answers 43108 when they overlap, and
   * another process may still be sending, so that answer is tried again shortly.
   */
  function sendSubscribe(message: SubscribeMessage): Promise<Outcome<null>> {
    const body: Json = {
      touser: message.openid,
      template_id: message.template,
      data: Object.fromEntries(Object.entries(message.data).map(([key, value]) => [key, { value }])),
      ...(message.page ? { page: message.page } : {}),
    };
    return perOpenid(message.openid, async () => {
      let answer = await post('/cgi-bin/message/subscribe/send', body);
      for (const delay of CONCURRENT_RETRY_MS) {
        if (answer.kind !== 'refused' || answer.errcode !== ERRCODE.concurrentSend) break;
        await sleep(delay);
        answer = await post('/cgi-bin/message/subscribe/send', body);
      }
      return nothing(answer);
    });
  }

  /** Asks WeChat about a text that others will see. Never for a report: its text goes to nobody (第十八条). */
  async function checkText(text: { openid: string; scene: TextScene; content: string }): Promise<TextVerdict> {
    if (text.content.trim() === '') return 'pass';
    let worst: TextVerdict = 'pass';
    for (const content of pieces(text.content)) {
      const answer = await againIfBusy(() =>
        post('/wxa/msg_sec_check', { version: 2, openid: text.openid, scene: text.scene, content }),
      );
      const verdict = answer.kind === 'ok' ? verdictOf(answer.value) : 'unavailable';
      if (verdict === 'risky') return 'risky';
      if (severity[verdict] > severity[worst]) worst = verdict;
    }
    return worst;
  }

  /** Answers a user in the customer-service chat: five messages within 48 hours of the user's last one. */
  const sendCustomerText = async (openid: string, content: string): Promise<Outcome<null>> =>
    nothing(await post('/cgi-bin/message/custom/send', { touser: openid, msgtype: 'text', text: { content } }));

  /** Shows or hides "typing…" in the user's chat. A courtesy: its failure must not fail a reply. */
  const typing = async (openid: string, on = true): Promise<Outcome<null>> =>
    nothing(await post(typingPath, { touser: openid, command: on ? 'Typing' : 'CancelTyping' }, TYPING_TIMEOUT_MS));

  return { code2Session, phoneNumber, sendSubscribe, checkText, sendCustomerText, typing };
}

async function againIfBusy<T>(ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  const first = await ask();
  if (first.kind !== 'unknown' || first.reason !== 'busy') return first;
  await sleep(BUSY_RETRY_MS);
  return ask();
}

const nothing = (answer: Outcome<Json>): Outcome<null> => (answer.kind === 'ok' ? { kind: 'ok', value: null } : answer);

const severity: Record<TextVerdict, number> = { pass: 0, review: 1, unavailable: 2, risky: 3 };

function verdictOf(answer: Json): TextVerdict {
  const suggest = (answer['result'] as { suggest?: unknown } | undefined)?.suggest;
  return suggest === 'pass' || suggest === 'review' || suggest === 'risky' ? suggest : 'unavailable';
}

function* pieces(content: string): Generator<string> {
  const step = CHECK_MAX_CHARS - CHECK_OVERLAP_CHARS;
  for (let start = 0; start === 0 || start + CHECK_OVERLAP_CHARS < content.length; start += step) {
    // A cut through a surrogate pair leaves half a character, which is no valid UTF-8.
    yield content.slice(start, start + CHECK_MAX_CHARS).toWellFormed();
  }
}

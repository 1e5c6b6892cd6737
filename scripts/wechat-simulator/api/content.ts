import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors';
import type { Call } from './call';
import type { Pusher } from '../push';
import type { Phone } from '../types';
import type { World } from '../world';

const SEEN_WITHIN_MS = 2 * 3600_000;

/** Words the simulated check knows. Harmless stand-ins; each gives WeChat's suggest and label. */
const WORDS: [word: string, suggest: 'review' | 'risky', label: number][] = [
  ['加微信领红包', 'risky', 10001],
  ['模拟违规政治', 'risky', 20001],
  ['模拟色情', 'risky', 20002],
  ['混蛋骗子', 'risky', 20003],
  ['模拟违法犯罪', 'risky', 20006],
  ['刷单返利', 'risky', 20008],
  ['模拟低俗', 'risky', 20012],
  ['模拟复核', 'review', 21000],
  ['骗子', 'review', 20003],
];

export interface Verdict {
  suggest: 'pass' | 'review' | 'risky';
  label: number;
  keyword?: string;
}

export function wordVerdict(text: string): Verdict {
  const hits = WORDS.filter(([word]) => text.includes(word));
  const [word, suggest, label] = hits.find(([, severity]) => severity === 'risky') ?? hits[0] ?? [undefined, 'pass' as const, 100];
  return { suggest, label, ...(word ? { keyword: word } : {}) };
}

/** How the verdict on a picture or recording reaches the product: when, and how often (0: never). */
export interface MediaBehaviour {
  afterMs: number;
  times: number;
}

export const contentApi = (world: World, pusher: Pusher) => ({
  'POST /wxa/msg_sec_check': ({ body }: Call) => {
    checkScene(body);
    if (body['version'] !== 2 || typeof body['content'] !== 'string' || body['content'] === '') throw new ApiError(47001);
    if ([...body['content']].length > 2500) throw new ApiError(47001, 'content too long');
    recentPhone(world, body['openid']);
    const all = ['content', 'title', 'nickname', 'signature'].map((name) => String(body[name] ?? '')).join('\n');
    const { suggest, label, keyword } = wordVerdict(all);
    const strategy = { errcode: 0, suggest, label, prob: 90 };
    return {
      result: { suggest, label },
      detail: [
        { strategy: 'content_model', ...strategy },
        { strategy: 'keyword', ...(keyword ? { ...strategy, level: 20, keyword } : { errcode: 0 }) },
      ],
      trace_id: randomUUID(),
    };
  },

  'POST /wxa/media_check_async': ({ body }: Call) => {
    checkScene(body);
    const url = typeof body['media_url'] === 'string' && URL.canParse(body['media_url']) ? body['media_url'] : undefined;
    if (body['version'] !== 2 || ![1, 2].includes(body['media_type'] as number) || !url) throw new ApiError(47001);
    const phone = recentPhone(world, body['openid']);
    const traceId = randomUUID();
    // The picture itself is not looked at: words in its address decide.
    void announce(world, pusher, phone, traceId, wordVerdict(decodeURIComponent(url)));
    return { trace_id: traceId };
  },
});

async function announce(world: World, pusher: Pusher, phone: Phone, traceId: string, verdict: Verdict): Promise<void> {
  const { afterMs, times } = world.media;
  await sleep(afterMs, undefined, { ref: false });
  const { suggest, label } = verdict;
  const event = {
    ...world.envelope(phone, 'event'),
    Event: 'wxa_media_check',
    appid: world.options.appId,
    trace_id: traceId,
    version: 2,
    errcode: 0,
    errmsg: 'ok',
    result: { suggest, label },
    detail: [{ strategy: 'content_model', errcode: 0, suggest, label, prob: 90 }],
  };
  for (let count = 0; count < times; count += 1) pusher.send(event);
}

function checkScene(body: Record<string, unknown>): void {
  if (![1, 2, 3, 4].includes(body['scene'] as number)) throw new ApiError(40129);
}

/** The content check knows only users who had the mini-program open within two hours. */
function recentPhone(world: World, openid: unknown): Phone {
  const phone = world.phone(openid);
  if (world.now() - phone.lastSeenAt > SEEN_WITHIN_MS) throw new ApiError(61010);
  return phone;
}

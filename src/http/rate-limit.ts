import { LRUCache } from 'lru-cache';
import type { Middleware } from 'koa';
import { Refusal } from '../kernel/refusal';
import { readAccess } from '../register/sign-in';
import { sha256 } from '../register/tokens';

/** Requests per minute and process: generous for a person's hand, narrow for a loop. Signed in per session, otherwise per network address. */
export interface RequestLimits { reads: number; writes: number; strangers: number }

const WINDOW_MS = 60_000;

/**
 * Nobody's haste becomes everybody's queue (G10). Each process counts for itself: it is a brake on loops, not a quota, so it costs
 * no round trip. Sign-in has a stricter limit of its own that Redis counts for all.
 */
export function rateLimit(limits: RequestLimits): Middleware {
  const windows = new LRUCache<string, { count: number; until: number }>({ max: 50_000 });
  return async (ctx, next) => {
    const access = readAccess(ctx);
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    const limit = access ? (isRead ? limits.reads : limits.writes) : limits.strangers;
    const who = `${isRead ? 'r' : 'w'}:${access ? sha256(access.access) : ctx.ip}`;
    const now = performance.now();
    const known = windows.get(who);
    const window = known && known.until > now ? known : { count: 0, until: now + WINDOW_MS };
    window.count += 1;
    if (window !== known) windows.set(who, window);
    if (window.count > limit) throw new Refusal('TOO_MANY', { retryAfterSeconds: Math.ceil((window.until - now) / 1000) });
    await next();
  };
}

import type { Context, Middleware, Next } from 'koa';
import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import { sameSecret } from '../vault/crypto';
import type { Sessions, Tokens } from './sessions';
import { csrfOf } from './tokens';

export interface SignedIn { actor: Actor }

const ACCESS_COOKIE = 'szt_access';
const REFRESH_COOKIE = 'szt_refresh';
const CSRF_HEADER = 'x-csrf-token';
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface CookieOptions {
  /** True wherever the console is served over HTTPS; only a machine of one's own may say false. */
  secure: boolean;
}

export type Carrier = ReturnType<typeof carrier>;

export const readAccess = (ctx: Context): { access: string; byCookie: boolean } | undefined => {
  const header = ctx.get('authorization');
  if (header) {
    const [, bearer] = /^Bearer ([\w.-]{20,200})$/i.exec(header) ?? [];
    return bearer ? { access: bearer, byCookie: false } : undefined;
  }
  const cookie = ctx.cookies.get(ACCESS_COOKIE);
  return cookie ? { access: cookie, byCookie: true } : undefined;
};

/**
 * A cookie is sent whoever caused the request; only our own page knows the value that goes with it. SameSite=Strict says the
 * same once more.
 */
const checkCsrf = (ctx: Context, access: string): void => {
  if (!SAFE.has(ctx.method) && !sameSecret(ctx.get(CSRF_HEADER), csrfOf(access))) throw new Refusal('CSRF_REFUSED');
};

/** How tokens travel: in the Authorization header (mini-program), or in cookies no script can read (console). */
export function carrier({ secure }: CookieOptions) {
  const options = { httpOnly: true, sameSite: 'strict', secure, overwrite: true, signed: false } as const;

  /** Hands tokens out in the way asked for; with cookies the body holds none, only the CSRF value. */
  function give(ctx: Context, tokens: Tokens, byCookie: boolean): object {
    const { access, refresh, accessExpiresAt, expiresAt } = tokens;
    if (!byCookie) return { access, refresh, accessExpiresAt, expiresAt };
    // The access cookie outlives its token, so that an expired one still proves its page when it is refreshed.
    set(ctx, access, refresh, { expires: expiresAt });
    return { csrf: csrfOf(access), accessExpiresAt, expiresAt };
  }

  function takeAway(ctx: Context): void {
    set(ctx, null, null, {});
  }

  function set(ctx: Context, access: string | null, refresh: string | null, until: { expires?: Date }): void {
    // Koa sees plain HTTP behind a proxy that ends TLS, and would refuse to send a secure cookie.
    ctx.cookies.secure = secure;
    ctx.cookies.set(ACCESS_COOKIE, access, { ...options, ...until, path: '/' });
    ctx.cookies.set(REFRESH_COOKIE, refresh, { ...options, ...until, path: '/api/v1/session' });
  }

  return { give, takeAway };
}

/** The refresh token from the body, or from its cookie. */
export function readRefresh(ctx: Context, fromBody: string | undefined): { refresh: string; byCookie: boolean } {
  if (fromBody) return { refresh: fromBody, byCookie: false };
  const refresh = ctx.cookies.get(REFRESH_COOKIE);
  if (!refresh) throw new Refusal('UNAUTHENTICATED');
  checkCsrf(ctx, ctx.cookies.get(ACCESS_COOKIE) ?? '');
  return { refresh, byCookie: true };
}

/** The CSRF value for the page itself, which has to learn it anew after a reload. */
export function csrfFor(ctx: Context): string | null {
  const found = readAccess(ctx);
  return found?.byCookie ? csrfOf(found.access) : null;
}

/**
 * Puts the acting party into `ctx.state.actor`, from the session alone: nothing in path, body or headers says who acts.
 * With `optional`, who is not signed in passes without an actor; a wrong or expired token is refused either way.
 */
export function authenticate(sessions: Sessions, { optional = false } = {}): Middleware<{ actor?: Actor }> {
  return async (ctx: Context, next: Next) => {
    const found = readAccess(ctx);
    if (found) {
      if (found.byCookie) checkCsrf(ctx, found.access);
      ctx.state['actor'] = await sessions.actorOf(found.access);
    } else if (!optional) throw new Refusal('UNAUTHENTICATED');
    await next();
  };
}

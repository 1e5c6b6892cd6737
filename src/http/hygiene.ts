import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';

const GIVEN_ID = /^[\w-]{8,64}$/;

/** Request id, safety headers, one log line and one measurement per request. Paths are logged as patterns: a URL may hold a case number, never a name. */
export function hygiene({ log, registry }: { log: Logger; registry: Registry }): Middleware {
  const seconds = new Histogram({ name: 'http_request_seconds', help: 'Duration of requests', labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1, 3], registers: [registry] });
  const refusals = new Counter({ name: 'http_refusals_total', help: 'Refused requests by code', labelNames: ['code'], registers: [registry] });
  return async (ctx, next) => {
    const given = ctx.get('X-Request-Id');
    ctx.state.requestId = GIVEN_ID.test(given) ? given : randomUUID();
    ctx.set('X-Request-Id', ctx.state.requestId);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('X-Frame-Options', 'DENY');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    ctx.set('Cache-Control', 'no-store');
    const startedAt = performance.now();
    await next();
    const ms = performance.now() - startedAt;
    const route = String(ctx['_matchedRoute'] ?? 'none');
    seconds.observe({ method: ctx.method, route, status: ctx.status }, ms / 1000);
    if (ctx.state.problem) refusals.inc({ code: ctx.state.problem });
    log[ctx.status >= 500 ? 'error' : 'info']({
      requestId: ctx.state.requestId, method: ctx.method, route, status: ctx.status, ms: Math.round(ms), code: ctx.state.problem, person: ctx.state.actor?.person,
    }, 'request');
  };
}

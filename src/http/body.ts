import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';
import { Refusal } from '../kernel/refusal';

const LIMIT = '512kb';
const DEPTH = 12;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Prototype keys and over-deep nesting never get past the door; unknown fields and operators are the forms' business. */
function guard(value: unknown, depth = 0): void {
  if (value === null || typeof value !== 'object') return;
  if (depth > DEPTH) throw new Refusal('MALFORMED', { detail: '提交内容嵌套过深' });
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new Refusal('INVALID', { faults: [{ field: key, message: '不认识的字段' }] });
    guard((value as Record<string, unknown>)[key], depth + 1);
  }
}

/** JSON bodies only, of bounded size and depth. Other types are left to the routes that take them (files, WeChat's pushes). */
export function jsonBody(): Middleware[] {
  const parse = bodyParser({
    enableTypes: ['json'], jsonLimit: LIMIT, parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    onError: (error) => { throw new Refusal((error as { status?: number }).status === 413 ? 'TOO_LARGE' : 'MALFORMED', { detail: '请求内容不是有效的 JSON' }); },
  });
  return [parse, async (ctx, next) => { guard(ctx.request.body); await next(); }];
}

import { Router } from '@koa/router';
import Joi from 'joi';
import type { Context } from 'koa';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { RETURN_REASONS, type ReturnReason } from './claims';
import { liveRoute, type LiveRouteDeps } from './live';
import type { Review } from './review';

const number = Joi.string().pattern(/^[A-Z0-9-]{1,30}$/).required();
const desk = Joi.string().pattern(/^[a-zA-Z]{1,30}$/).messages({ 'string.pattern.base': '队列名称无效' });

const QUERY = Joi.object({ limit: Joi.number().integer().min(1).max(100), after: Joi.string().max(200), desk });
const NEXT = Joi.object({ desk });
const RETURN = Joi.object({ reason: Joi.string().valid(...Object.keys(RETURN_REASONS)).required() });
const REASSIGN = Joi.object({ to: Joi.string().max(64).required(), reason: Joi.string().trim().min(2).max(200).pattern(/^[^\p{Cc}]+$/u).required() });

const MESSAGES = {
  'any.required': '必填', 'any.only': '不在可选范围内', 'object.unknown': '未知的填写项', 'string.base': '应为文字', 'string.empty': '必填', 'string.max': '过长', 'string.min': '过短', 'string.pattern.base': '含有不允许的字符',
  'number.base': '应为数字', 'number.integer': '应为整数', 'number.min': '过小', 'number.max': '过大', 'object.base': '格式不正确', 'number.unsafe': '过大',
};

const WORDS: Joi.ValidationOptions = {
  errors: { label: false },
  // Compiled once; as text, at every call.
  messages: Object.fromEntries(Object.entries(MESSAGES).map(([code, text]) => [code, Joi.expression(text)])) as Joi.LanguageMessages,
};

const valid = <T>(schema: Joi.Schema, value: unknown): T => validate<T>(schema, value ?? {}, WORDS);

const staffOf = (ctx: Context): Actor => {
  const actor = ctx['state'].actor as Actor | undefined;
  if (!actor) throw new Refusal('UNAUTHENTICATED');
  if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
  return actor;
};

/** A malformed number is the number of no case. */
function numberOf(ctx: { params: Record<string, string> }): string {
  const { error, value } = number.validate(ctx.params['no']);
  if (error) throw new Refusal('NOT_FOUND');
  return value as string;
}

/** `/api/v1/queue`: the reviewers' queues. Needs `ctx.state.actor`, and a parsed body. */
export function reviewRoutes({ review, ...live }: { review: Review } & LiveRouteDeps): Router {
  return new Router({ prefix: '/api/v1/queue' })
    .get('/', async (ctx) => {
      const actor = staffOf(ctx);
      ctx.body = await review.queue(actor, valid<{ limit?: number; after?: string; desk?: string }>(QUERY, ctx.query));
    })
    .post('/next', async (ctx) => {
      const actor = staffOf(ctx);
      const key = ctx.get('Idempotency-Key').slice(0, 100) || undefined;
      ctx.body = { claimed: await review.claimNext(actor, { ...valid<{ desk?: string }>(NEXT, bodyOf(ctx)), key }) };
    })
    .get('/board', async (ctx) => { ctx.body = await review.board(staffOf(ctx)); })
    .get('/live', liveRoute(live))
    .post('/:no/claim', async (ctx) => { ctx.body = await review.claim(staffOf(ctx), numberOf(ctx)); })
    .post('/:no/return', async (ctx) => {
      const actor = staffOf(ctx);
      await review.giveBack(actor, numberOf(ctx), valid<{ reason: ReturnReason }>(RETURN, bodyOf(ctx)).reason);
      ctx.status = 204;
    })
    .post('/:no/reassign', async (ctx) => {
      const actor = staffOf(ctx);
      const { to, reason } = valid<{ to: string; reason: string }>(REASSIGN, bodyOf(ctx));
      ctx.body = await review.reassign(actor, numberOf(ctx), to, reason);
    })
    .get('/:no/why', async (ctx) => { ctx.body = await review.explain(staffOf(ctx), numberOf(ctx)); });
}

const bodyOf = (ctx: Context): unknown => (ctx.request as { body?: unknown }).body;

import Router from '@koa/router';
import Joi from 'joi';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import type { Chat } from './service';
import type { Message } from './session';

const sayBody = Joi.object({
  text: Joi.string().max(5000).label('消息'),
  pick: Joi.string().max(300).label('选项'),
  sealed: Joi.object().max(10).pattern(/^[a-zA-Z]{1,40}$/, Joi.string().allow('').max(200)).label('身份信息'),
  values: Joi.object().max(60).unknown(true).label('表单内容'),
  form: Joi.string().max(80).label('表单编号'),
  key: Joi.string().pattern(/^[\x21-\x7e]{8,128}$/).label('消息标识'),
}).xor('text', 'pick', 'values').with('form', 'values').with('sealed', 'pick').label('消息')
  .messages({ 'object.missing': '请发送文字、选项或表单内容之一', 'object.xor': '文字、选项、表单内容只能发送一种', 'object.with': '表单编号须与表单内容一起发送' });
const historyQuery = Joi.object({
  after: Joi.string().hex().length(24).label('翻页参数'),
  before: Joi.string().hex().length(24).label('翻页参数'),
  limit: Joi.number().integer().min(1).max(100).default(30).label('条数'),
}).oxor('after', 'before');

interface State { actor: Actor }

/** `POST /api/v1/chat` says something and answers `{ replies }`; `GET /api/v1/chat?after=` is what was said so far. */
export function chatRoutes(chat: Pick<Chat, 'say' | 'history'>): Router<State> {
  return new Router<State>({ prefix: '/api/v1' })
    .post('/chat', async (ctx) => {
      const { key, ...message } = validate<{ key?: string } & Record<string, unknown>>(sayBody, ctx.request.body ?? {});
      const header = ctx.get('Idempotency-Key');
      const given = key ?? (/^[\x21-\x7e]{8,128}$/.test(header) ? header : undefined);
      ctx.body = { replies: await chat.say(ctx.state.actor, message as unknown as Message, given ? { key: given } : {}) };
    })
    .get('/chat', async (ctx) => {
      ctx.body = await chat.history(ctx.state.actor, validate<{ after?: string; before?: string; limit: number }>(historyQuery, ctx.query));
    });
}

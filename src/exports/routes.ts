import Router from '@koa/router';
import Joi from 'joi';
import { caseFilter } from '../http/cases';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import type { ExportRequest, Exports } from './exports';

const reason = Joi.string().trim().min(4).max(200).pattern(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+$/u).required().label('用途');
const of = (kind: string, more: object): Joi.ObjectSchema => Joi.object({ kind: Joi.valid(kind).required(), reason, ...more });
const request = Joi.object({ kind: Joi.string().valid('cases', 'register', 'case').required().label('内容') }).unknown()
  .when(Joi.object({ kind: Joi.valid('cases') }).unknown(), { then: of('cases', { filter: caseFilter.default({}) }).unknown(false) })
  .when(Joi.object({ kind: Joi.valid('register') }).unknown(), { then: of('register', {}).unknown(false) })
  .when(Joi.object({ kind: Joi.valid('case') }).unknown(), { then: of('case', { no: Joi.string().max(40).required().label('案件编号') }).unknown(false) })
  .required().label('内容');
const page = Joi.object({ before: Joi.number().integer().min(1).label('翻页参数'), limit: Joi.number().integer().min(1).max(100).default(30).label('每页条数') });

/**
 * `POST /api/v1/exports` answers the file: `{kind: 'cases', filter, reason}` and `{kind: 'register', reason}` as XLSX, `{kind: 'case', no,
 * reason}` as DOCX. `GET` tells who took what.
 */
export const exportRoutes = (exporting: Exports): Router<{ actor: Actor }> => new Router<{ actor: Actor }>({ prefix: '/api/v1' })
  .post('/exports', async (ctx) => {
    const { name, mime, bytes, id } = await exporting.make(ctx.state.actor, validate<ExportRequest>(request, ctx.request.body ?? {}));
    ctx.body = bytes;
    ctx.type = mime;
    ctx.set({ 'Cache-Control': 'private, no-store', 'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`, 'X-Export-Id': id });
  })
  .get('/exports', async (ctx) => {
    ctx.body = await exporting.history(ctx.state.actor, validate<{ before?: number; limit: number }>(page, ctx.query));
  });

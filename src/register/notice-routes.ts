import { Router } from '@koa/router';
import Joi from 'joi';
import { validate } from '../kernel/fields';
import { NOTICE_KINDS, type NoticeQuery, type PublicNotices } from './notices';

const noticesQuery = Joi.object({
  kind: Joi.string().valid(...NOTICE_KINDS).label('公告类别'), subject: Joi.string().max(40).label('公告对象'),
  after: Joi.string().max(200).label('翻页参数'), limit: Joi.number().integer().min(1).max(100).default(20).label('每页条数'),
});

/** What was made public, for anybody: `GET /api/v1/notices` · `GET /api/v1/notices/{id}`. */
export function noticeRoutes(notices: PublicNotices): Router {
  return new Router({ prefix: '/api/v1' })
    .get('/notices', async (ctx) => {
      ctx.body = await notices.list(validate<NoticeQuery>(noticesQuery, ctx.query));
    })
    .get('/notices/:id', async (ctx) => {
      ctx.body = await notices.read(ctx.params['id']!);
    });
}

import Router from '@koa/router';
import Joi from 'joi';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import type { Statistics } from './statistics';

const query = Joi.object({ year: Joi.number().integer().label('年度') }).label('查询条件');

/** `GET /api/v1/statistics?year=`: the year's cases in counts and times, as far as this member of staff may see them. */
export const statisticsRoutes = (statistics: Statistics): Router<{ actor: Actor }> =>
  new Router<{ actor: Actor }>({ prefix: '/api/v1' }).get('/statistics', async (ctx) => {
    const { year } = validate<{ year?: number }>(query, ctx.query);
    ctx.body = await statistics.read(ctx.state.actor, year);
    ctx.set('Cache-Control', 'private, no-store');
  });

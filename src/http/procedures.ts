import Router from '@koa/router';
import type { Procedure } from '../kernel/procedure';

/** A procedure in words, for menus and filters of pages. */
export interface ProcedureView {
  name: string;
  title: string;
  prefix: string;
  article: string;
  states: { name: string; title: string; end: boolean }[];
}

/** `GET /api/v1/procedures`: what the product can handle, as `/docs` tells it too. */
export function procedureRoutes(procedures: Iterable<Procedure>): Router {
  const items: ProcedureView[] = [...procedures].map(({ name, title, prefix, article, states }) => ({
    name, title, prefix, article, states: Object.entries(states).map(([state, { title: word, end }]) => ({ name: state, title: word, end: Boolean(end) })),
  }));
  return new Router({ prefix: '/api/v1' }).get('/procedures', (ctx) => { ctx.body = { items }; });
}

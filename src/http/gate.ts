import type { Middleware } from 'koa';

interface Area {
  routes(): Middleware<any, any>; // any: each area has its own state type
  allowedMethods(): Middleware<any, any>;
  stack: readonly { path: string | RegExp; methods: readonly string[] }[];
}

const SEGMENTS_AT_MOST = 3;

/** The beginnings of an address, the shortest first: `/api`, `/api/v1`, `/api/v1/cases`. Routes do not mind case, so neither does this. */
function beginnings(path: string): string[] {
  const segments = path.toLowerCase().split('/', SEGMENTS_AT_MOST + 1).slice(1);
  return segments.map((_, i) => `/${segments.slice(0, i + 1).join('/')}`);
}

/** Up to the first part that stands for anything. */
function literalBeginning(path: string): string {
  const segments = path.split('/').slice(1, SEGMENTS_AT_MOST + 1);
  const wild = segments.findIndex((segment) => /[:*(){}?+]/.test(segment));
  return `/${(wild < 0 ? segments : segments.slice(0, wild)).join('/').toLowerCase()}`;
}

/**
 * An area's routes, tried only on addresses that begin as one of them: the product has well over a hundred routes in two dozen
 * areas, and trying each pattern on each request costs more than many an answer.
 */
export function gate(area: Area): Middleware & { router: Area } {
  // What has no method runs with the routes behind it only.
  const paths = area.stack.filter(({ methods }) => methods.length > 0).map(({ path }) => path);
  const known = new Set(paths.map((path) => (typeof path === 'string' ? literalBeginning(path) : '/')));
  const routes = area.routes();
  const allowed = area.allowedMethods();
  const middleware: Middleware = (ctx, next) => (known.has('/') || beginnings(ctx.path).some((start) => known.has(start)) ? routes(ctx, () => allowed(ctx, next)) : next());
  // As a router's own middleware names it: what is mounted can be looked at.
  return Object.assign(middleware, { router: area });
}

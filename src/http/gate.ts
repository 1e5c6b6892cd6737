import type { Middleware } from 'koa';

export interface Area {
  routes(): Middleware<any, any>; // any: each area has its own state type
  allowedMethods(): Middleware<any, any>;
  stack: readonly { path: string | RegExp; methods: readonly string[] }[];
}

const SEGMENTS_AT_MOST = 3;

/** The beginnings of an address, the longest first: `/api/v1/cases`, `/api/v1`, `/api`, `/`. Routes do not mind case, so neither does this. */
function beginnings(path: string): string[] {
  const segments = path.toLowerCase().split('/', SEGMENTS_AT_MOST + 1).slice(1);
  return [...segments.map((_, i) => `/${segments.slice(0, segments.length - i).join('/')}`), '/'];
}

/** Up to the first part that stands for anything. */
function literalBeginning(path: string | RegExp): string {
  if (typeof path !== 'string') return '/';
  const segments = path.split('/').slice(1, SEGMENTS_AT_MOST + 1);
  const wild = segments.findIndex((segment) => /[:*(){}?+]/.test(segment));
  return `/${(wild < 0 ? segments : segments.slice(0, wild)).join('/').toLowerCase()}`;
}

/**
 * The routes of all areas behind one door, each tried only on addresses that begin as one of its own: the product has well over a
 * hundred routes in two dozen areas, and trying each pattern on each request costs more than many an answer. Areas that share a
 * beginning are asked in the order given.
 */
export function gate(...areas: readonly Area[]): Middleware & { areas: readonly Area[] } {
  // What has no method runs with the routes behind it only.
  const startsOf = new Map(areas.map((area) => [area, new Set(area.stack.filter(({ methods }) => methods.length > 0).map(({ path }) => literalBeginning(path)))]));
  const doors = new Map([...startsOf].map(([area]) => [area, door(area)]));
  const known = new Map([...new Set([...startsOf.values()].flatMap((starts) => [...starts]))].map((start) => {
    const covering = new Set(beginnings(start));
    return [start, inTurn(areas.filter((area) => [...startsOf.get(area)!].some((one) => covering.has(one))).map((area) => doors.get(area)!))];
  }));
  const middleware: Middleware = (ctx, next) => {
    const start = beginnings(ctx.path).find((one) => known.has(one));
    return start === undefined ? next() : known.get(start)!(ctx, next);
  };
  // What is mounted can be looked at.
  return Object.assign(middleware, { areas });
}

function door(area: Area): Middleware {
  const routes = area.routes();
  const allowed = area.allowedMethods();
  return (ctx, next) => routes(ctx, () => allowed(ctx, next));
}

const inTurn = (list: readonly Middleware[]): Middleware => (ctx, next) => {
  const from = (index: number): Promise<unknown> => (index === list.length ? next() : list[index]!(ctx, () => from(index + 1)));
  return from(0);
};

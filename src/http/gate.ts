import type { Middleware } from 'koa';

export interface Area {
  routes(): Middleware<any, any>; // any: each area has its own state type
  allowedMethods(): Middleware<any, any>;
  stack: readonly { path: string | RegExp; methods: readonly string[] }[];
}

const SEGMENTS_AT_MOST = 3;

/** The first parts of an address, `/api/v1/cases`. Routes do not mind case, so neither does this. */
function beginning(path: string): string {
  let end = 0;
  for (let i = 0; i < SEGMENTS_AT_MOST && end >= 0; i += 1) end = path.indexOf('/', end + 1);
  return (end < 0 ? path : path.slice(0, end)).toLowerCase();
}

/** `/api/v1` of `/api/v1/cases`; `/` of itself. */
const shorter = (start: string): string => start.slice(0, start.lastIndexOf('/')) || '/';

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
    const covering = new Set(['/']);
    for (let one = start; one !== '/'; one = shorter(one)) covering.add(one);
    return [start, inTurn(areas.filter((area) => [...startsOf.get(area)!].some((one) => covering.has(one))).map((area) => doors.get(area)!))];
  }));
  const middleware: Middleware = (ctx, next) => {
    for (let start = beginning(ctx.path); ; start = shorter(start)) {
      const behind = known.get(start);
      if (behind) return behind(ctx, next);
      if (start === '/') return next();
    }
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

import { createReadStream } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import Koa, { type Context, type Middleware } from 'koa';
import { contentApi } from './api/content';
import { customApi } from './api/custom';
import { loginApi } from './api/login';
import { subscribeApi } from './api/subscribe';
import { WITHOUT_TOKEN, type Handler } from './api/call';
import { controlRoutes } from './routes';
import { ApiError } from './errors';
import type { Control } from './control';
import type { Faults } from './faults';
import type { Pusher } from './push';
import type { World } from './world';

const PAGE: Record<string, string> = {
  '/': 'index.html',
  '/style.css': 'style.css',
  '/app.js': 'app.js',
  '/sample.png': 'sample.png',
};

export function buildServer(world: World, control: Control, pusher: Pusher, faults: Faults): Koa {
  const app = new Koa();
  app.use(page);
  app.use(readBody);
  app.use(openToBrowsers);
  app.use(controlRoutes(world, control, pusher).routes());
  app.use(recorder(world));
  app.use(faults.middleware());
  app.use(api(world, pusher));
  return app;
}

const page: Middleware = async (ctx, next) => {
  const file = ctx.method === 'GET' ? PAGE[ctx.path] : undefined;
  if (!file) return next();
  ctx.type = path.extname(file);
  ctx.set('cache-control', 'no-cache');
  ctx.body = createReadStream(path.join(__dirname, 'page', file));
  return undefined;
};

const readBody: Middleware = async (ctx, next) => {
  const chunks: Buffer[] = [];
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  ctx.state['isEmpty'] = text === '';
  try {
    ctx.state['body'] = text === '' ? {} : JSON.parse(text);
  } catch {
    ctx.state['body'] = undefined;
  }
  return next();
};

/** The mini-program's web runtime asks for codes from another origin. WeChat's own paths stay closed to browsers. */
const openToBrowsers: Middleware = async (ctx, next) => {
  if (!ctx.path.startsWith('/sim/')) return next();
  ctx.set({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, PUT, DELETE',
    'access-control-allow-headers': 'content-type',
  });
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204;
    return undefined;
  }
  try {
    return await next();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    ctx.status = error.errcode === 40003 ? 404 : 400;
    ctx.body = { errcode: error.errcode, errmsg: error.message };
    return undefined;
  }
};

/** Keeps each call and its outcome, without token, secret or code. */
function recorder(world: World): Middleware {
  return async (ctx, next) => {
    const { secret: _secret, ...body } = (ctx.state['body'] ?? {}) as Record<string, unknown>;
    const call = { at: world.isoNow(), method: ctx.method, path: ctx.path, body, errcode: null, status: 0 };
    world.record(call);
    await next();
    Object.assign(call, { status: ctx.status, errcode: ctx.state['errcode'] ?? null });
  };
}

function api(world: World, pusher: Pusher): Middleware {
  const handlers: Record<string, Handler> = {
    ...loginApi(world),
    ...subscribeApi(world),
    ...contentApi(world, pusher),
    ...customApi(world),
  };
  const paths = new Set(Object.keys(handlers).map((name) => name.split(' ')[1]));

  async function answer(ctx: Context): Promise<object> {
    const handler = handlers[`${ctx.method} ${ctx.path}`];
    if (!handler) throw new ApiError(43302);
    const { body, isEmpty } = ctx.state as { body: unknown; isEmpty: boolean };
    const needsToken = !WITHOUT_TOKEN.includes(ctx.path);
    if (needsToken) world.tokens.check(firstOf(ctx.query['access_token']));
    if (ctx.method === 'POST') {
      if (isEmpty) throw new ApiError(44002);
      if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ApiError(47001);
    }
    const query = Object.fromEntries(Object.entries(ctx.query).map(([name, value]) => [name, firstOf(value) ?? '']));
    const result = await handler({ query, body: body as Record<string, unknown> });
    return needsToken ? { errcode: 0, errmsg: 'ok', ...result } : result;
  }

  return async (ctx, next) => {
    if (!paths.has(ctx.path)) return next();
    let body: object;
    try {
      body = await answer(ctx);
      ctx.state['errcode'] = 0;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      body = error.body(randomBytes(12).toString('hex'));
      ctx.state['errcode'] = error.errcode;
    }
    // WeChat labels the answer of code2Session as plain text, though it is JSON.
    ctx.type = ctx.path === '/sns/jscode2session' ? 'text/plain' : 'application/json; encoding=utf-8';
    ctx.body = JSON.stringify(body);
    return undefined;
  };
}

const firstOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

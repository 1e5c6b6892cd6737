import Koa from 'koa';
import { Router } from '@koa/router';
import type { AddressInfo } from 'node:net';
import { gate } from '../../../src/http/gate';

const areas = [
  new Router({ prefix: '/api/v1/queue' }).use(async (ctx, next) => { ctx.set('x-area', 'queue'); await next(); }).get('/', (ctx) => { ctx.body = 'queue'; }).post('/:no/claim', (ctx) => { ctx.body = ctx.params['no']; }),
  new Router({ prefix: '/api/v1' }).get('/cases/:no', (ctx) => { ctx.body = ctx.params['no']; }),
  new Router().get('/files/:id', (ctx) => { ctx.body = 'file'; }),
  new Router().get('/console', (ctx) => { ctx.body = 'page'; }).get('/console/*path', (ctx) => { ctx.body = 'asset'; }),
];

async function answers(request: string): Promise<[status: number, body: string, area: string | null]> {
  const [method, path] = request.split(' ');
  const app = new Koa();
  app.use(gate(...areas));
  const server = app.listen(0);
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });
    return [response.status, await response.text(), response.headers.get('x-area')];
  } finally {
    server.close();
  }
}

describe('gate', () => {
  it.each([
    ['GET /api/v1/queue', 200, 'queue'], ['GET /api/v1/queue/', 200, 'queue'], ['GET /API/v1/Queue', 200, 'queue'], ['POST /api/v1/queue/TS1/claim', 200, 'TS1'],
    ['GET /api/v1/cases/TS1', 200, 'TS1'], ['GET /files/a', 200, 'file'], ['GET /console', 200, 'page'], ['GET /console/assets/a.js', 200, 'asset'],
    ['DELETE /api/v1/queue', 405, 'Method Not Allowed'], ['GET /api/v1/unknown', 404, 'Not Found'], ['GET /', 404, 'Not Found'], ['GET /filesystem', 404, 'Not Found'],
  ])('%s', async (request, status, body) => {
    expect((await answers(request)).slice(0, 2)).toEqual([status, body]);
  });

  it('what an area puts in front of its routes runs for them alone', async () => {
    expect((await answers('GET /api/v1/queue'))[2]).toBe('queue');
    expect((await answers('GET /api/v1/cases/TS1'))[2]).toBeNull();
  });
});

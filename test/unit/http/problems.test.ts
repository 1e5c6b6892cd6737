import Koa from 'koa';
import { MongoNetworkError } from 'mongodb';
import { pino } from 'pino';
import type { AddressInfo } from 'node:net';
import { problems } from '../../../src/http/problems';

const brokenPipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
const noRedis = Object.assign(new Error('Reached the max retries per request limit'), { name: 'MaxRetriesPerRequestError' });

async function answerTo(thrown: Error): Promise<{ status: number; retryAfter: string | null; body: { code: string; detail: string } }> {
  const app = new Koa();
  app.use(problems(pino({ level: 'silent' })));
  app.use(() => { throw thrown; });
  const server = app.listen(0);
  try {
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() as { code: string; detail: string } };
  } finally {
    server.close();
  }
}

describe('problems', () => {
  it.each([
    ['MongoDB lost', new MongoNetworkError('connection 3 to mongo closed')], ['a socket that broke under a write', brokenPipe], ['Redis lost', noRedis],
  ])('an engine out of reach asks to try again: %s', async (_what, thrown) => {
    const { status, retryAfter, body } = await answerTo(thrown);
    expect(status).toBe(503);
    expect(body.code).toBe('UNAVAILABLE');
    expect(retryAfter).toBe('1');
    expect(JSON.stringify(body)).not.toContain(thrown.message);
  });

  it('a mistake of ours stays one', async () => {
    expect(await answerTo(new TypeError('c is not iterable'))).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
  });
});

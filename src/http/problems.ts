import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { Refusal, type Fault } from '../kernel/refusal';
import { isStoreAway } from '../store/away';

/** RFC 9457. Clients branch on `code`; people read `detail`; `errors` names fields by dotted path. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors: Fault[];
  article?: string;
  requestId: string;
}

const CODES_OF_STATUS: Record<number, [code: Refusal['code'], detail?: string]> = {
  400: ['MALFORMED'], 404: ['NOT_FOUND'], 405: ['METHOD_NOT_ALLOWED'], 413: ['TOO_LARGE'], 415: ['UNSUPPORTED_TYPE'],
};

/** The one place where a thrown thing becomes an answer. A Refusal is expected; anything else is a bug: 500 without detail. */
export const problems = (log: Logger): Middleware => async (ctx, next) => {
  try {
    await next();
    if (ctx.status === 404 && ctx.body === undefined) throw new Refusal('NOT_FOUND', { detail: '没有这个地址' });
    if (ctx.status === 405 || ctx.status === 501) throw new Refusal('METHOD_NOT_ALLOWED');
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    if (!refusal) log.error({ err: thrown, requestId: ctx.state.requestId, path: ctx.path.slice(0, 200) }, 'unexpected error');
    else if (thrown !== refusal && isStoreAway(thrown)) log.warn({ error: (thrown as Error).message, requestId: ctx.state.requestId }, 'an engine is out of reach');
    const { status, code, detail } = refusal ?? { status: 500, code: 'INTERNAL', detail: '系统出现错误，我们已记录，请稍后再试' };
    const problem: Problem = {
      type: `/docs#${code}`, title: code, status, code, detail, errors: refusal?.faults ?? [],
      ...(refusal?.article ? { article: refusal.article } : {}), requestId: ctx.state.requestId,
    };
    ctx.status = status;
    if (refusal?.retryAfterSeconds) ctx.set('Retry-After', String(refusal.retryAfterSeconds));
    ctx.body = JSON.stringify(problem);
    ctx.type = 'application/problem+json';
    ctx.state.problem = code;
  }
};

function asRefusal(thrown: unknown): Refusal | null {
  if (thrown instanceof Refusal) return thrown;
  if (isStoreAway(thrown)) return new Refusal('UNAVAILABLE', { retryAfterSeconds: 1 });
  const status = (thrown as { status?: unknown } | null)?.status;
  const exposed = (thrown as { expose?: unknown } | null)?.expose;
  const known = typeof status === 'number' && exposed ? CODES_OF_STATUS[status] : undefined;
  return known ? new Refusal(known[0]) : null;
}

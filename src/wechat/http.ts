import { ERRCODE, refused, unknown, type Outcome } from './outcome';

export interface Request {
  method: 'GET' | 'POST';
  /** Path on WeChat's host, without query. Also the name of the call in logs: query and body never get there. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  timeoutMs?: number;
}

export type Json = Record<string, unknown>;

const DEFAULT_TIMEOUT_MS = 5000;

/**
 * One HTTP exchange. WeChat reports failures by errcode in a 200; a missing errcode is success; some JSON is labelled
 * text/plain, so the text is parsed whatever its label.
 */
export async function exchange(fetchFn: typeof fetch, baseUrl: string, request: Request): Promise<Outcome<Json>> {
  const url = new URL(baseUrl.replace(/\/+$/, '') + request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  const signal = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS);

  let status: number;
  let text: string;
  try {
    const response = await fetchFn(url, {
      method: request.method,
      // A redirect would carry the secret in the query to another host.
      redirect: 'error',
      signal,
      ...(request.body === undefined
        ? {}
        : { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json; charset=utf-8' } }),
    });
    status = response.status;
    text = await response.text();
  } catch {
    // The error object is dropped on purpose: undici puts the whole URL, secret included, into some of its messages.
    return unknown(signal.aborted ? 'timeout' : 'network');
  }
  if (status >= 500) return unknown('http');
  return read(text);
}

function read(text: string): Outcome<Json> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return unknown('notJson');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return unknown('notJson');
  const json = body as Json;
  const errcode = Number(json['errcode'] ?? 0);
  if (errcode === 0) return { kind: 'ok', value: json };
  if (errcode === ERRCODE.busy) return unknown('busy');
  return refused(errcode, String(json['errmsg'] ?? ''));
}

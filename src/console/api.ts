import type { Fault } from '../kernel/refusal';

/** A refusal as the server tells it (RFC 9457), or a failure on the way there. */
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail: string, readonly errors: Fault[] = [], readonly retryAfterSeconds?: number) {
    super(detail);
  }
}

export const isProblem = (thrown: unknown, ...codes: string[]): thrown is ApiProblem =>
  thrown instanceof ApiProblem && (codes.length === 0 || codes.includes(thrown.code));

/** What a person reads about any failure. */
export const sentenceOf = (thrown: unknown): string => {
  if (thrown instanceof ApiProblem) return thrown.retryAfterSeconds ? `${thrown.detail}（约 ${thrown.retryAfterSeconds} 秒后）` : thrown.detail;
  console.error(thrown);
  return '页面出现错误，请刷新后重试';
};

export interface Csrf { csrf: string; accessExpiresAt: string }

interface Ask {
  method?: string;
  body?: unknown;
  /** Sent as they are: files and sheets. */
  raw?: Blob | FormData;
  headers?: Record<string, string>;
  /** Idempotency key of a write: the same for every try. */
  key?: string;
}

const KEPT = 'szt-csrf';
/**
 * The value that proves a write comes from our page; the cookies themselves no script can read. Kept where all tabs find it: it
 * changes with every renewal, and belongs to an expired token too.
 */
const csrf = (): string => localStorage.getItem(KEPT) ?? '';
export const keepCsrf = (value: string): void => localStorage.setItem(KEPT, value);
export const forgetCsrf = (): void => localStorage.removeItem(KEPT);
/** Whether this browser was signed in, as far as it remembers. */
export const hasCsrf = (): boolean => csrf() !== '';

/** Set by the session: asks the person to sign in again, on top of whatever they are typing; false when they leave instead. */
let signInAgain: () => Promise<boolean> = async () => false;
export const onExpired = (asking: () => Promise<boolean>): void => { signInAgain = asking; };

async function fetched(path: string, { method = 'GET', body, raw, headers = {}, key }: Ask): Promise<Response> {
  try {
    return await fetch(path, {
      method, credentials: 'same-origin', cache: 'no-store',
      headers: {
        Accept: 'application/json', ...headers,
        ...(method === 'GET' ? {} : { 'X-CSRF-Token': csrf() }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(key ? { 'Idempotency-Key': key } : {}),
      },
      ...(raw ? { body: raw } : body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiProblem(0, 'OFFLINE', '网络连接中断，填写的内容仍在，请稍后重试');
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const problem = await response.json().catch(() => ({})) as { code?: string; detail?: string; errors?: Fault[] };
  const wait = Number(response.headers.get('Retry-After'));
  return new ApiProblem(response.status, problem.code ?? 'INTERNAL', problem.detail ?? '系统出现错误，请稍后再试', problem.errors ?? [], wait > 0 ? wait : undefined);
}

/** Whether the session is good after all, because another tab has renewed it. */
async function isRenewed(): Promise<boolean> {
  const response = await fetched('/api/v1/me', {});
  if (!response.ok) return false;
  const { csrf: value } = await response.json() as { csrf?: string };
  if (value) keepCsrf(value);
  return true;
}

/**
 * New tokens for expired ones. A refresh token is good once, and two tabs that present the same one would end the session, so only
 * one tab at a time may try; the others find it done.
 */
async function refresh(): Promise<boolean> {
  return navigator.locks.request('szt-refresh', async () => {
    if (await isRenewed()) return true;
    const response = await fetched('/api/v1/session/refresh', { method: 'POST', body: {} });
    if (!response.ok) return false;
    keepCsrf(((await response.json()) as Csrf).csrf);
    return true;
  });
}

const SIGNING_IN = /^\/api\/v1\/session/;

/** A request with a body worth watching: `fetch` does not tell how much has gone out. */
export interface Sending { onProgress: (share: number) => void; signal: AbortSignal }

const send = (path: string, { raw, headers = {} }: Ask, { onProgress, signal }: Sending): Promise<Response> => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', path);
  request.responseType = 'blob';
  for (const [name, value] of Object.entries({ Accept: 'application/json', ...headers, 'X-CSRF-Token': csrf() })) request.setRequestHeader(name, value);
  request.upload.addEventListener('progress', ({ loaded, total }) => { if (total > 0) onProgress(loaded / total); });
  request.addEventListener('load', () => resolve(new Response(request.response as Blob, {
    status: request.status, headers: { 'Content-Type': request.getResponseHeader('Content-Type') ?? '', 'Retry-After': request.getResponseHeader('Retry-After') ?? '' },
  })));
  request.addEventListener('error', () => reject(new ApiProblem(0, 'OFFLINE', '网络连接中断，文件未传完，请重试')));
  request.addEventListener('abort', () => reject(new ApiProblem(0, 'CANCELLED', '已取消上传')));
  signal.addEventListener('abort', () => request.abort());
  request.send(raw as XMLHttpRequestBodyInit);
});

/** One file handed over; its share sent so far is told, and it can be cancelled. */
export const upload = <T>(file: File, sending: Sending): Promise<T> => {
  const raw = new FormData();
  raw.append('file', file, file.name);
  return ask<T>('/api/v1/files', { method: 'POST', raw }, (path, options) => send(path, options, sending));
};

/** One request. An expired session is renewed, or signed in to again, without the caller noticing. */
export async function ask<T>(path: string, options: Ask = {}, exchange: (path: string, options: Ask) => Promise<Response> = fetched): Promise<T> {
  let response = await exchange(path, options);
  if (response.status === 401 && !SIGNING_IN.test(path) && (await refresh() || await signInAgain())) response = await exchange(path, options);
  else if (response.status === 403 && options.method && options.method !== 'GET' && !SIGNING_IN.test(path)) {
    const problem = await problemOf(response);
    if (problem.code !== 'CSRF_REFUSED' || !(await isRenewed())) throw problem;
    response = await exchange(path, options);
  }
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (response.headers.get('Content-Type') ?? '').includes('json') ? await response.json() as T : await response.blob() as T;
}

export const get = <T>(path: string): Promise<T> => ask<T>(path);
export const post = <T>(path: string, body: unknown = {}, more: Omit<Ask, 'body' | 'method'> = {}): Promise<T> => ask<T>(path, { ...more, method: 'POST', body });
export const patch = <T>(path: string, body: unknown): Promise<T> => ask<T>(path, { method: 'PATCH', body });
export const remove = (path: string): Promise<void> => ask<void>(path, { method: 'DELETE' });

/** `?a=1&b=2` of what is set. */
export const query = (values: Record<string, string | number | boolean | undefined | null>): string => {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))}`;
};

/** Hands a blob to the browser as a download. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

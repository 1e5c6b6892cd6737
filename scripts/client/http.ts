import { randomUUID } from 'node:crypto';

/** A refused request: status and problem as the product answered them. */
export class ApiProblem extends Error {
  constructor(readonly status: number, readonly problem: { code?: string; detail?: string; errors?: { field: string; message: string }[] }, what: string) {
    super(`${what}: ${status} ${problem.code ?? ''} ${problem.detail ?? ''} ${(problem.errors ?? []).map(({ field, message }) => `${field}：${message}`).join('；')}`);
  }
}

export interface Answer<T> { status: number; body: T }

/** HTTP against the running product, as any client would. Waits and tries again while it is away (a restart, a lost engine). */
export class Api {
  constructor(readonly baseUrl: string, readonly token?: string, private readonly patienceMs = 0) {}

  with(token: string): Api {
    return new Api(this.baseUrl, token, this.patienceMs);
  }

  get<T = any>(path: string): Promise<T> { // any: answers are as varied as the product
    return this.send<T>('GET', path);
  }

  /** A write carries an idempotency key, the same for every try, so that trying again never does it twice. */
  post<T = any>(path: string, body: unknown = {}, key: string = randomUUID()): Promise<T> {
    return this.send<T>('POST', path, body, key);
  }

  patch<T = any>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PATCH', path, body);
  }

  remove<T = any>(path: string): Promise<T> {
    return this.send<T>('DELETE', path);
  }

  async upload(path: string, bytes: Uint8Array, name: string, type: string): Promise<any> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(bytes)], { type }), name);
    return this.exchange('POST', path, { body: form });
  }

  async raw(path: string, bytes: Uint8Array, type: string): Promise<any> {
    return this.exchange('POST', path, { body: new Uint8Array(bytes), headers: { 'content-type': type } });
  }

  private send<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    return this.exchange(method, path, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(key ? { 'idempotency-key': key } : {}) },
    });
  }

  private async exchange(method: string, path: string, init: RequestInit): Promise<any> {
    const until = Date.now() + this.patienceMs;
    for (;;) {
      try {
        const response = await fetch(`${this.baseUrl}${path}`, {
          ...init, method, signal: AbortSignal.timeout(15_000),
          headers: { ...init.headers as Record<string, string>, ...(this.token ? { authorization: `Bearer ${this.token}` } : {}) },
        });
        const type = response.headers.get('content-type') ?? '';
        const answer: any = response.status === 204 ? undefined : type.includes('json') ? await response.json() : new Uint8Array(await response.arrayBuffer());
        if (response.ok) return answer;
        if (response.status < 500) throw new ApiProblem(response.status, answer, `${method} ${path}`);
        throw new Error(`${method} ${path}: ${response.status}`);
      } catch (error) {
        if (error instanceof ApiProblem || Date.now() > until) throw error;
        await new Promise((resolve) => { setTimeout(resolve, 200); });
      }
    }
  }
}

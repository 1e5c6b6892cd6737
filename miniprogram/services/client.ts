import type { Fault, Tokens } from './types';

/** What the server refused, as problem+json says it. Pages branch on `code` and show `detail`. */
export class Problem extends Error {
  constructor(readonly status: number, readonly code: string, readonly detail: string, readonly faults: Fault[] = []) {
    super(detail);
    this.name = 'Problem';
  }
}

/** WeChat did not vouch for this phone just now. Like a lost network it refuses nothing: what was sent under a key is sent again under it. */
export class NotSignedIn extends Problem {
  constructor() {
    super(0, 'NOT_SIGNED_IN', '登录已过期，暂时没能重新登录，请稍后重试。填写的内容已为您保留。');
    this.name = 'NotSignedIn';
  }
}

/** No answer came: no network, or one that breaks off. Nobody can say whether a write took effect; its key makes trying again safe. */
export class Unreachable extends Problem {
  constructor() {
    super(0, 'UNREACHABLE', '网络不通，请检查网络后重试。填写的内容已为您保留。');
    this.name = 'Unreachable';
  }
}

export interface Answer { status: number; data: unknown }
export interface Call { method: 'GET' | 'POST' | 'DELETE'; path: string; data?: unknown; header: Record<string, string> }

/** The network as the client needs it. Rejects when no answer came. */
export interface Transport {
  send(call: Call): Promise<Answer>;
  /** `onProgress` is told how much has gone, in percent. */
  upload(call: Pick<Call, 'path' | 'header'> & { filePath: string; onProgress?: (percent: number) => void }): Promise<Answer>;
}

export interface ClientDeps {
  transport: Transport;
  tokens: { load(): Tokens | null; save(tokens: Tokens | null): void };
  /** Signs in anew with WeChat. */
  signIn(): Promise<Tokens>;
  wait(ms: number): Promise<void>;
  newKey(): string;
}

/** Pauses before the second and third try. */
const PAUSES_MS = [400, 1200];
const SIGN_IN_AGAIN = new Set(['EXPIRED', 'UNAUTHENTICATED']);

export type Client = ReturnType<typeof createClient>;

/**
 * Calls of the product's API: signs in when needed, renews the session once for all calls that find it expired, tries again after a
 * lost network (a write under the same key, so that it happens once), and turns refusals into Problems.
 */
export function createClient({ transport, tokens, signIn, wait, newKey }: ClientDeps) {
  let renewing: Promise<Tokens> | null = null;

  /** New tokens; one exchange however many calls wait for it, since a refresh token is good once. */
  function renewed(): Promise<Tokens> {
    renewing ??= renew().finally(() => { renewing = null; });
    return renewing;
  }

  async function renew(): Promise<Tokens> {
    const old = tokens.load();
    if (old) {
      const answer = await patiently(() => transport.send({ method: 'POST', path: '/api/v1/session/refresh', data: { refresh: old.refresh }, header: {} }));
      if (answer.status < 300) return keep(answer.data as Tokens);
      if (answer.status !== 401) throw problemOf(answer);
    }
    tokens.save(null);
    return keep(await signIn().catch((error: unknown) => { throw error instanceof Problem ? error : new NotSignedIn(); }));
  }

  function keep({ access, refresh }: Tokens): Tokens {
    tokens.save({ access, refresh });
    return { access, refresh };
  }

  /** Tries again while no answer comes or the server is away. */
  async function patiently(send: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      const pause = PAUSES_MS[attempt];
      try {
        const answer = await send();
        if (answer.status < 502 || pause === undefined) return answer;
      } catch (error) {
        if (error instanceof Problem) throw error;
        if (pause === undefined) throw new Unreachable();
      }
      await wait(pause);
    }
  }

  async function exchange<T>(send: (header: Record<string, string>) => Promise<Answer>): Promise<T> {
    let { access } = tokens.load() ?? await renewed();
    for (let attempt = 0; ; attempt += 1) {
      const used = access;
      const answer = await patiently(() => send({ authorization: `Bearer ${used}` }));
      if (answer.status < 300) return answer.data as T;
      const problem = problemOf(answer);
      if (attempt > 0 || !SIGN_IN_AGAIN.has(problem.code)) throw problem;
      // Another call may have renewed the session while this one was under way.
      const known = tokens.load();
      access = known && known.access !== used ? known.access : (await renewed()).access;
    }
  }

  /** What anybody may read: nobody is signed in for it; who is already is counted as oneself, not with all of the network. */
  async function look<T>(path: string): Promise<T> {
    const known = tokens.load();
    const answer = await patiently(() => transport.send({ method: 'GET', path, header: known ? { authorization: `Bearer ${known.access}` } : {} }));
    if (answer.status < 300) return answer.data as T;
    throw problemOf(answer);
  }

  return {
    look,
    get: <T>(path: string): Promise<T> => exchange<T>((header) => transport.send({ method: 'GET', path, header })),
    post: <T>(path: string, data: unknown = {}, key: string = newKey()): Promise<T> =>
      exchange<T>((header) => transport.send({ method: 'POST', path, data, header: { ...header, 'idempotency-key': key } })),
    del: <T>(path: string): Promise<T> => exchange<T>((header) => transport.send({ method: 'DELETE', path, header })),
    upload: <T>(path: string, filePath: string, onProgress?: (percent: number) => void): Promise<T> =>
      exchange<T>((header) => transport.upload({ path, filePath, header, ...(onProgress ? { onProgress } : {}) })),
    /** For what carries the token outside of this client, such as downloads. */
    access: async (): Promise<string> => (tokens.load() ?? await renewed()).access,
  };
}

function problemOf({ status, data }: Answer): Problem {
  const given = (typeof data === 'object' && data !== null ? data : {}) as { code?: string; detail?: string; errors?: Fault[] };
  return new Problem(status, given.code ?? 'UNKNOWN', given.detail ?? '系统暂时没有响应，请稍后再试', given.errors ?? []);
}

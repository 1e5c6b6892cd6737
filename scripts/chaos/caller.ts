import { setTimeout as sleep } from 'node:timers/promises';
import { sha256 } from '../../src/kernel/chain';
import type { Receipt } from '../../src/kernel/case';
import type { Person } from './people';
import type { Random } from './random';

export interface Answer<T = any> { status: number; body: T } // any: answers are as varied as the product

/** A write with a key that was sent at least once, and what came of it. */
export interface Attempt {
  person: string;
  /** As the case stores it. */
  storedKey: string;
  path: string;
  input: unknown;
  tries: number;
  receipt?: Receipt;
  refused?: string;
}

/** Everything the run sent, by stored key. */
export class Journal {
  readonly attempts = new Map<string, Attempt>();
  readonly refusals = new Map<string, number>();
  /** First example of each refusal, for a person to look at. */
  readonly examples = new Map<string, string>();
  acknowledged = 0;
  operations = 0;
  retries = 0;
  requests = 0;
}

const ATTEMPT_MS = 10_000;
const PATIENCE_MS = 240_000;

/** One person's client: talks to whichever web process answers, repeats a write with the same key until it is answered. */
export class Caller {
  constructor(readonly person: Person, private readonly urls: readonly string[], private readonly journal: Journal, private readonly random: Random) {}

  get<T = any>(path: string): Promise<Answer<T>> {
    return this.until('GET', path);
  }

  /** A write that no receipt answers, such as taking a case from the queue; repeating it does no harm. */
  async plain<T = any>(path: string, body: unknown = {}): Promise<Answer<T>> {
    const answer = await this.until('POST', path, { body, key: this.newKey() });
    this.journal.operations += 1;
    return answer;
  }

  /** A move or an opening: the answer is a receipt or a refusal. */
  async write(path: string, input: unknown): Promise<Answer<{ receipt?: Receipt; code?: string; errors?: { field: string }[] }>> {
    const key = this.newKey();
    const { id, org } = this.person;
    const attempt: Attempt = { person: this.person.key, storedKey: sha256(`${id}:${org ?? ''}:${key}`), path, input, tries: 0 };
    this.journal.attempts.set(attempt.storedKey, attempt);
    const answer = await this.until('POST', path, { body: input, key, attempt });
    this.journal.operations += 1;
    if (answer.status < 300) {
      attempt.receipt = answer.body.receipt as Receipt;
      this.journal.acknowledged += 1;
    } else {
      attempt.refused = `${answer.status} ${answer.body?.code ?? ''}`;
      const what = `${path.replace(/cases\/[^/]+/, 'cases/…')} ${attempt.refused}`;
      this.journal.refusals.set(what, (this.journal.refusals.get(what) ?? 0) + 1);
      if (!this.journal.examples.has(what)) this.journal.examples.set(what, JSON.stringify({ detail: answer.body?.detail, errors: answer.body?.errors }));
    }
    return answer;
  }

  async upload(bytes: Uint8Array, name: string, type: string): Promise<string> {
    const answer = await this.until('POST', '/api/v1/files', { file: { bytes, name, type } });
    if (answer.status >= 300) throw new Error(`upload: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  private newKey(): string {
    return `chaos-${this.random.between(0, 0x7fffffff).toString(36)}-${this.random.between(0, 0x7fffffff).toString(36)}`;
  }

  private async until(method: string, path: string, { body, key, file, attempt }: { body?: unknown; key?: string; file?: { bytes: Uint8Array; name: string; type: string }; attempt?: Attempt } = {}): Promise<Answer> {
    const patience = Date.now() + PATIENCE_MS;
    for (let tries = 0; ; tries += 1) {
      if (attempt) attempt.tries += 1;
      this.journal.requests += 1;
      if (tries > 0) this.journal.retries += 1;
      const answer = await this.once(method, path, body, key, file);
      if (answer && answer.status < 500 && answer.status !== 429 && answer.status !== 401) return answer;
      if (Date.now() > patience) throw new Error(`${method} ${path} had no answer for ${PATIENCE_MS / 1000} s: ${answer ? `${answer.status} ${JSON.stringify(answer.body)}` : 'no connection'}`);
      if (answer?.status === 401) this.person.access = await this.person.renew().catch(() => this.person.access);
      await sleep(this.random.between(20, 60 + Math.min(tries, 10) * 40));
    }
  }

  /** One exchange with one process; null where there was no answer. */
  private async once(method: string, path: string, body: unknown, key: string | undefined, file: { bytes: Uint8Array; name: string; type: string } | undefined): Promise<Answer | null> {
    const form = file && new FormData();
    form?.append('file', new Blob([new Uint8Array(file!.bytes)], { type: file!.type }), file!.name);
    try {
      const response = await fetch(`${this.random.pick(this.urls)}${path}`, {
        method, signal: AbortSignal.timeout(ATTEMPT_MS),
        ...(form ? { body: form } : body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: {
          authorization: `Bearer ${this.person.access}`, ...(key ? { 'idempotency-key': key } : {}), ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      });
      const text = await response.text();
      return { status: response.status, body: text ? JSON.parse(text) : null };
    } catch {
      return null;
    }
  }
}

import { Secret, TOTP } from 'otpauth';
import { Api, ApiProblem } from './http';

export interface Credentials { login: string; password: string; totpSecret: string }

const STEP_MS = 30_000;
const codeFor = (secret: string, now: Date): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now.getTime() });

/** Sets a new account up with its one-time code: password and authenticator. */
export async function enrol(api: Api, { login, code }: { login: string; code: string }, password: string, now = new Date()): Promise<{ credentials: Credentials; api: Api }> {
  const { secret } = await api.post<{ secret: string }>('/api/v1/session/enrolment', { login, code });
  const session = await api.post<{ access: string }>('/api/v1/session/enrolment/complete', { login, code, password, totp: codeFor(secret, now) });
  return { credentials: { login, password, totpSecret: secret }, api: api.with(session.access) };
}

/**
 * Signs in. A dynamic code is good once, and good half a minute before its time too: a second sign-in within its half minute takes the next
 * one, a third waits.
 */
export async function signIn(api: Api, { login, password, totpSecret }: Credentials, clock: () => Date = () => new Date()): Promise<Api> {
  for (let attempt = 0; ; attempt += 1) {
    const at = new Date(clock().getTime() + (attempt > 0 ? STEP_MS : 0));
    try {
      const session = await api.post<{ access: string }>('/api/v1/session/staff', { login, password, totp: codeFor(totpSecret, at) });
      return api.with(session.access);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401 || attempt > 1) throw error;
      if (attempt > 0) await new Promise((resolve) => { setTimeout(resolve, STEP_MS - (Date.now() % STEP_MS) + 200); });
    }
  }
}

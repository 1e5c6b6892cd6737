import { randomBytes } from 'node:crypto';
import { ApiError } from './errors';

const LIFE_MS = 7200_000;
const OVERLAP_MS = 300_000;
const FORCE_PER_DAY = 20;
const FORCE_APART_MS = 30_000;

interface Token {
  value: string;
  expiresAt: number;
  /** What a call with it is told once it has been killed. */
  killedAs?: number;
}

/** The account's access tokens. Those of stable_token and of /cgi-bin/token are separate, and both are good at once. */
export class TokenBook {
  private stable: Token[] = [];
  private plain: Token[] = [];
  private forced: number[] = [];
  private expired = new Set<string>();

  constructor(private readonly now: () => number) {}

  /** Normal mode: the same token until its last 300 s, then the next one while the old one still works. */
  stableToken(isForced: boolean): { access_token: string; expires_in: number } {
    const now = this.now();
    const current = this.live(this.stable).at(-1);
    if (isForced && this.mayForce(now)) {
      this.stable = [];
      return this.issued(this.stable);
    }
    if (!current || current.expiresAt - now <= OVERLAP_MS) return this.issued(this.stable);
    return answer(current, now);
  }

  /** Each call replaces the token before, which works on for a short overlap. */
  plainToken(): { access_token: string; expires_in: number } {
    for (const token of this.plain) token.expiresAt = Math.min(token.expiresAt, this.now() + OVERLAP_MS);
    return this.issued(this.plain);
  }

  check(value: string | undefined): void {
    if (!value) throw new ApiError(41001);
    const token = [...this.stable, ...this.plain].find((known) => known.value === value);
    if (token?.killedAs) throw new ApiError(token.killedAs);
    if (token && token.expiresAt > this.now()) return;
    if (token || this.expired.has(value)) throw new ApiError(42001);
    throw new ApiError(/^80_[\w-]{20,}$/.test(value) ? 40001 : 40014);
  }

  /** Makes the tokens given out so far invalid: their next use answers `errcode`. */
  kill(errcode: number): void {
    for (const token of [...this.stable, ...this.plain]) token.killedAs = errcode;
  }

  private mayForce(now: number): boolean {
    const today = this.forced.filter((at) => now - at < 24 * 3600_000);
    const last = today.at(-1);
    if (last !== undefined && now - last < FORCE_APART_MS) return false;
    if (today.length >= FORCE_PER_DAY) throw new ApiError(45009);
    this.forced = [...today, now];
    return true;
  }

  private issued(book: Token[]): { access_token: string; expires_in: number } {
    const token = { value: `80_${randomBytes(48).toString('base64url')}`, expiresAt: this.now() + LIFE_MS };
    book.push(token);
    for (const old of book.splice(0, Math.max(0, book.length - 8))) this.expired.add(old.value);
    return answer(token, this.now());
  }

  private live(book: Token[]): Token[] {
    return book.filter((token) => !token.killedAs && token.expiresAt > this.now());
  }
}

const answer = (token: Token, now: number) => ({
  access_token: token.value,
  expires_in: Math.floor(Math.min(token.expiresAt - now, LIFE_MS) / 1000),
});

import { hash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a header or a cookie. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** What is stored of a secret. Plain SHA-256 is enough for random tokens; passwords go through argon2. */
export const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/**
 * The value a page must send in `x-csrf-token` beside the session cookie. Bound to the access token, which only the page of
 * the same origin ever learns a digest of.
 */
export const csrfOf = (access: string): string => sha256(`csrf:${access}`).slice(0, 32);

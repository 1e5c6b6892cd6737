import { createHmac } from 'node:crypto';
import { sameSecret, type KeyRing } from '../vault/crypto';

/** How long a link serves (threats C9). */
export const LINK_FOR_MS = 5 * 60_000;

/** Links for one file and one session, signed, not stored: `keyId.expiry.mac`. */
export function linkSigner(keys: KeyRing, clock: () => Date) {
  const mac = (keyId: string, expiry: string, fileId: string, session: string): string =>
    createHmac('sha256', keys.derive('file-link', keyId)).update(JSON.stringify([fileId, session, expiry])).digest('base64url');

  function sign(fileId: string, session: string): { token: string; expiresAt: Date } {
    const expiresAt = new Date(clock().getTime() + LINK_FOR_MS);
    const expiry = expiresAt.getTime().toString(36);
    return { token: `${keys.currentId}.${expiry}.${mac(keys.currentId, expiry, fileId, session)}`, expiresAt };
  }

  function isValid(token: string, fileId: string, session: string): boolean {
    const [keyId = '', expiry = '', given = '', ...rest] = token.split('.');
    if (rest.length > 0 || !keys.ids.includes(keyId) || !/^[0-9a-z]{1,10}$/.test(expiry)) return false;
    return sameSecret(given, mac(keyId, expiry, fileId, session)) && Number.parseInt(expiry, 36) > clock().getTime();
  }

  return { sign, isValid };
}

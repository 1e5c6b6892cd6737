import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { IV_BYTES, KEY_BYTES, openBytes, sealBytes } from './aead';

/** Keys by id, each 32 bytes in base64 or base64url. */
export interface KeyRingConfig {
  /** Seals everything new. The others only open what they once sealed. */
  current: string;
  keys: Record<string, string>;
  /**
   * The key that blind indexes derive from; the first listed when left out. It stays when `current` moves on: look-ups
   * and unique indexes compare values of all ages. Name it before dropping the first key.
   */
  index?: string;
}

/** Binds a sealed value to its place: what is copied to another record, field or collection does not open there. */
export const contextOf = (collection: string, field: string, id: string): string => `${collection}.${field}.${id}`;

export interface KeyRing {
  readonly currentId: string;
  readonly ids: readonly string[];
  readonly indexId: string;
  /** `keyId.iv.tag.ciphertext`, base64url parts. */
  encrypt(plain: string | Uint8Array, context: string): string;
  /** @throws Error naming the context, never the content */
  decrypt(sealed: string, context: string): string;
  decryptBytes(sealed: string, context: string): Buffer;
  /** Whether a value is sealed under a key other than the current one. */
  isStale(sealed: string): boolean;
  /** The same content under the current key. */
  reseal(sealed: string, context: string): string;
  /** Keyed fingerprint of a normalised value, for look-up without opening; each field has a key of its own. */
  blindIndex(field: string, value: string): string;
  /** A key for another purpose (links, checks), 32 bytes, derived from one key of the ring (default: current). */
  derive(purpose: string, keyId?: string): Buffer;
}

/** `keyId.iv.tag.ciphertext`; the parts' lengths are checked when opened. */
export const SEALED = /^([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]*)$/;

/** @param text JSON as in KeyRingConfig. @throws Error naming what is wrong, never a key */
export function parseKeyRing(text: string): KeyRing {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    throw new Error('vault keys: not JSON like {"current":"k1","keys":{"k1":"<32 bytes, base64>"}}');
  }
  return keyRing(config as KeyRingConfig);
}

/** @throws Error at start, rather than at the first report: unknown current key, wrong length, bad id, one key under two ids */
export function keyRing(config: KeyRingConfig): KeyRing {
  const keys = readKeys(config);
  const { current } = config;
  const indexId = config.index ?? [...keys.keys()][0]!;
  if (!keys.has(current)) throw new Error(`vault keys: current key "${current}" is not among the keys`);
  if (!keys.has(indexId)) throw new Error(`vault keys: index key "${indexId}" is not among the keys`);

  const derived = new Map<string, Buffer>();
  function derive(purpose: string, keyId = current): Buffer {
    const root = keys.get(keyId);
    if (!root) throw new Error(`vault keys: key "${keyId}" is not in the ring`);
    const name = `${keyId}/${purpose}`;
    const known = derived.get(name) ?? Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `szt:${purpose}`, KEY_BYTES));
    derived.set(name, known);
    return known;
  }

  function encrypt(plain: string | Uint8Array, context: string): string {
    if (!context) throw new Error('sealing needs a context');
    const iv = randomBytes(IV_BYTES);
    const bytes = typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain;
    const { tag, ciphertext } = sealBytes(keys.get(current)!, iv, bytes, Buffer.from(context, 'utf8'));
    return [current, ...[iv, tag, ciphertext].map((part) => part.toString('base64url'))].join('.');
  }

  function decryptBytes(sealed: string, context: string): Buffer {
    const [, keyId, iv, tag, ciphertext] = SEALED.exec(sealed) ?? [];
    if (!keyId) throw new Error(`${context}: not a sealed value`);
    const key = keys.get(keyId);
    if (!key) throw new Error(`${context}: sealed under key "${keyId}", which is not in the ring`);
    try {
      const parts = { tag: Buffer.from(tag!, 'base64url'), ciphertext: Buffer.from(ciphertext!, 'base64url') };
      return openBytes(key, Buffer.from(iv!, 'base64url'), parts, Buffer.from(context, 'utf8'));
    } catch {
      throw new Error(`${context}: does not open (altered, or sealed for another place)`);
    }
  }

  const isStale = (sealed: string): boolean => !sealed.startsWith(`${current}.`);

  return {
    currentId: current,
    ids: [...keys.keys()],
    indexId,
    encrypt,
    decryptBytes,
    decrypt: (sealed, context) => decryptBytes(sealed, context).toString('utf8'),
    isStale,
    reseal: (sealed, context) => encrypt(decryptBytes(sealed, context), context),
    blindIndex: (field, value) =>
      createHmac('sha256', derive(`blind-index:${field}`, indexId)).update(normalise(value), 'utf8').digest('base64url'),
    derive,
  };
}

/**
 * One form for one value: compatibility forms folded (full-width digits), separators and invisible marks gone, upper case,
 * the country code of a mainland mobile number dropped.
 */
export function normalise(value: string): string {
  const plain = value.normalize('NFKC').replace(/[\s\p{Cf}\p{Pd}()·._]/gu, '').toUpperCase();
  return plain.replace(/^(?:\+86|0086|86)(?=1[3-9]\d{9}$)/, '');
}

/** Compares secrets (indexes, tokens) without telling by time how much of them agrees. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function readKeys(config: KeyRingConfig): Map<string, Buffer> {
  if (typeof config !== 'object' || config === null || typeof config.keys !== 'object' || config.keys === null) {
    throw new Error('vault keys: needs "current" and "keys"');
  }
  const keys = new Map<string, Buffer>();
  for (const [id, encoded] of Object.entries(config.keys)) {
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id)) throw new Error(`vault keys: "${id}" is not a key id (letters, digits, - and _)`);
    if (typeof encoded !== 'string' || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) throw new Error(`vault keys: key "${id}" is not base64`);
    const key = Buffer.from(encoded, 'base64');
    if (key.length !== KEY_BYTES) throw new Error(`vault keys: key "${id}" has ${key.length} bytes instead of ${KEY_BYTES}`);
    for (const [other, known] of keys) if (known.equals(key)) throw new Error(`vault keys: "${other}" and "${id}" are the same key`);
    keys.set(id, key);
  }
  if (keys.size === 0) throw new Error('vault keys: no key');
  return keys;
}

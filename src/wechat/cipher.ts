import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** One set of the secrets entered in WeChat's console under 消息推送. */
export interface PushKey {
  token: string;
  /** 43 characters; with a final `=` the base64 of a 32-byte key. */
  encodingAesKey: string;
}

const BLOCK = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** SHA-1 (hex) of the parts, sorted as strings and joined: WeChat's signature of a push. */
export const signatureOf = (...parts: string[]): string => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** Compares in constant time; texts of different length are hashed to the same one first. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function keyAndIv(encodingAesKey: string): { key: Buffer; iv: Buffer } {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  if (key.length !== 32) throw new RangeError('EncodingAESKey must have 43 base64 characters');
  return { key, iv: key.subarray(0, 16) };
}

/** `random` (16 bytes) is given only by tests. Answers base64. */
export function encrypt(
  message: string,
  encodingAesKey: string,
  appId: string,
  random: Buffer = randomBytes(RANDOM_BYTES),
): string {
  const { key, iv } = keyAndIv(encodingAesKey);
  const body = Buffer.from(message);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([random, length, body, Buffer.from(appId)]);
  // PKCS#7 over blocks of 32, twice the cipher's own, hence by hand.
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64');
}

/**
 * The message inside, or why there is none. Call it only after the signature over the cipher text has been checked:
 * otherwise the difference between the answers would tell an attacker about the padding.
 */
export function decrypt(
  encrypted: string,
  encodingAesKey: string,
  appId: string,
): { message: string } | { refusal: 'cipher' | 'appid' } {
  const { key, iv } = keyAndIv(encodingAesKey);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encrypted)) return { refusal: 'cipher' };
  const bytes = Buffer.from(encrypted, 'base64');
  if (bytes.length === 0 || bytes.length % BLOCK !== 0) return { refusal: 'cipher' };
  const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);

  const pad = padded[padded.length - 1]!;
  if (pad < 1 || pad > BLOCK || !padded.subarray(-pad).every((byte) => byte === pad)) return { refusal: 'cipher' };
  const plain = padded.subarray(0, -pad);
  const start = RANDOM_BYTES + LENGTH_BYTES;
  if (plain.length < start) return { refusal: 'cipher' };
  const end = start + plain.readUInt32BE(RANDOM_BYTES);
  if (end > plain.length) return { refusal: 'cipher' };
  if (!isSame(plain.subarray(end).toString(), appId)) return { refusal: 'appid' };
  return { message: plain.subarray(start, end).toString() };
}

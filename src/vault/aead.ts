import { createCipheriv, createDecipheriv } from 'node:crypto';

export const KEY_BYTES = 32;
export const IV_BYTES = 12;
export const TAG_BYTES = 16;

export interface Sealed {
  tag: Buffer;
  ciphertext: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D). `iv` of 12 bytes must never repeat under one key. */
export function sealBytes(key: Buffer, iv: Buffer, plain: Uint8Array, aad: Uint8Array): Sealed {
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(aad);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return { tag: cipher.getAuthTag(), ciphertext };
}

/** @throws Error without any content, when key, context or a single bit differs */
export function openBytes(key: Buffer, iv: Buffer, { tag, ciphertext }: Sealed, aad: Uint8Array): Buffer {
  // A shortened tag would be accepted by GCM itself and is easy to forge.
  if (iv.length !== IV_BYTES || tag.length !== TAG_BYTES) throw new Error('sealed value is malformed');
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

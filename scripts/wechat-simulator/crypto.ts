import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * WeChat's side of the push cipher (WXBizMsgCrypt), written apart from the product's: two halves of one mistake would
 * otherwise agree with each other.
 */
export const sign = (...parts: string[]): string => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** `isSpoiled`: padded by more than a block, which only a receiver that trusts the last byte takes. */
export function seal(message: string, aesKey: string, appId: string, isSpoiled = false): string {
  const key = Buffer.from(aesKey + '=', 'base64');
  const text = Buffer.from(message, 'utf8');
  const head = Buffer.alloc(20);
  head.write(randomBytes(8).toString('hex'));
  head.writeUInt32BE(text.length, 16);
  const whole = Buffer.concat([head, text, Buffer.from(appId)]);
  const amount = 32 - (whole.length % 32) + (isSpoiled ? 32 : 0);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(whole), cipher.update(Buffer.alloc(amount, amount)), cipher.final()]).toString('base64');
}

export function unseal(encrypted: string, aesKey: string): { message: string; appId: string } {
  const key = Buffer.from(aesKey + '=', 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16));
  decipher.setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
  const whole = padded.subarray(0, padded.length - padded.at(-1)!);
  const end = 20 + whole.readUInt32BE(16);
  return { message: whole.subarray(20, end).toString(), appId: whole.subarray(end).toString() };
}

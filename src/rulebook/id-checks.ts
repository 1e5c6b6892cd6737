/** Offline checks of numbers people type. A passed check proves no identity; it finds slips before anybody is asked. */

/** A checked number in its normal form, or what is wrong with it, in Chinese. */
export type Checked<More = object> = ({ ok: true; value: string } & More) | { ok: false; message: string };
export interface ResidentId {
  /** YYYY-MM-DD. */
  birth: string;
  /** Six digits, possibly of a place renamed long ago. */
  area: string;
}

const refuse = (message: string) => ({ ok: false, message }) as const;

/** Full-width characters to half-width (NFKC), letters to capitals, blanks of any width and zero-width characters out. */
export const normalised = (text: string): string => text.normalize('NFKC').replaceAll(/[\s\u200B-\u200D\u2060\uFEFF]/gu, '').toUpperCase();

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK = '10X98765432';
/** First two digits that stand for a province, region or municipality (GB/T 2260), residence permits of 港澳台 居民 included. */
const PROVINCES = new Set([
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46,
  50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
].map(String));
const BEIJING_MS = 8 * 3_600_000;

/**
 * Resident ID number (公民身份号码, GB 11643-1999). Only the province of the address code is checked: codes of places since
 * renamed stay in use for life.
 * @param now a birth after this day, in Beijing, is refused
 */
export function checkResidentId(text: string, now: Date): Checked<ResidentId> {
  const value = normalised(text);
  if (/^\d{15}$/.test(value)) return refuse('15位的第一代身份证号码已停用，请填写18位身份证号码');
  if (!/^[1-9]\d{16}[\dX]$/.test(value)) return refuse('身份证号码应为18位，最后一位可以是数字或X');
  if (!PROVINCES.has(value.slice(0, 2))) return refuse('身份证号码前两位的地区代码不存在');

  const birth = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`;
  const parsed = new Date(`${birth}T00:00:00Z`);
  // A date that does not exist is either invalid or rolls into the next month.
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(birth);
  const today = new Date(now.getTime() + BEIJING_MS).toISOString().slice(0, 10);
  // No upper age: the standard's own example was born in 1880, and nothing here depends on age.
  if (!exists || birth > today || birth < '1800') return refuse('身份证号码中的出生日期不正确');

  const sum = ID_WEIGHTS.reduce((all, weight, i) => all + weight * Number(value[i]), 0);
  if (ID_CHECK[sum % 11] !== value[17]) return refuse('身份证号码校验位不正确，请核对');
  return { ok: true, value, birth, area: value.slice(0, 6) };
}

/** The alphabet of GB 32100 leaves out I, O, S, V and Z; a character's value is its place here. */
const CODE_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CODE_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Unified social credit code (统一社会信用代码, GB 32100-2015). Codes of other regions are as good as ours (公平竞争). */
export function checkCreditCode(text: string): Checked<{ area: string }> {
  const value = normalised(text);
  if (value.length !== 18) return refuse('统一社会信用代码应为18位');
  if (/[IOSVZ]/.test(value)) return refuse('统一社会信用代码不使用字母I、O、S、V、Z，请核对是否与数字1、0、5、2混淆');
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(value)) return refuse('统一社会信用代码格式不正确');
  const sum = CODE_WEIGHTS.reduce((all, weight, i) => all + weight * CODE_ALPHABET.indexOf(value[i]!), 0);
  if (CODE_ALPHABET[(31 - (sum % 31)) % 31] !== value[17]) return refuse('统一社会信用代码校验位不正确，请核对');
  return { ok: true, value, area: value.slice(2, 8) };
}

/** Mainland mobile number, +86 or 0086 and separators taken off. Segments keep being added, so only 13-19 is asked. */
export function checkMobile(text: string): Checked {
  const value = normalised(text).replaceAll(/[-‐‑‒–—()]/g, '').replace(/^(?:\+|00)86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(value) ? { ok: true, value } : refuse('手机号码应为11位，以13至19开头');
}

/** For screens: enough to recognise one's own, too little to use. */
export const maskMobile = (value: string): string => `${value.slice(0, 3)}****${value.slice(-4)}`;

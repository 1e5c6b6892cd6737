/** What can be known of a typed identity number or phone on the spot (GB 11643-1999). The server checks again; a test holds both against each other. */

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECK = '10X98765432';
const PROVINCES = '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' ');
const BEIJING_MS = 8 * 3_600_000;
const NAME = /^[\u3007\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{323af}·]{2,20}$|^[A-Za-z][A-Za-z .'-]{1,39}$/u;

/** Blanks out, full-width characters to half-width, letters to capitals. */
const normalised = (text: string): string => text.normalize('NFKC').replace(/[\s\u200B-\u200D\u2060\uFEFF]/g, '').toUpperCase();

/** What is wrong with an identity number; '' when nothing is. */
export function idNumberFault(text: string, now: Date): string {
  const value = normalised(text);
  if (/^\d{15}$/.test(value)) return '15位的第一代身份证号码已停用，请填写18位身份证号码';
  if (!/^[1-9]\d{16}[\dX]$/.test(value)) return '身份证号码应为18位，最后一位可以是数字或X';
  if (!PROVINCES.includes(value.slice(0, 2))) return '身份证号码前两位的地区代码不存在';
  const birth = `${value.slice(6, 10)}-${value.slice(10, 12)}-${value.slice(12, 14)}`;
  const parsed = new Date(`${birth}T00:00:00Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(birth);
  const today = new Date(now.getTime() + BEIJING_MS).toISOString().slice(0, 10);
  if (!exists || birth > today || birth < '1800') return '身份证号码中的出生日期不正确';
  const sum = ID_WEIGHTS.reduce((all, weight, i) => all + weight * Number(value[i]), 0);
  return ID_CHECK[sum % 11] === value[17] ? '' : '身份证号码校验位不正确，请核对';
}

/** What is wrong with a mainland mobile number; '' when nothing is. */
export function mobileFault(text: string): string {
  const value = normalised(text).replace(/[-‐‑‒–—()]/g, '').replace(/^(?:\+|00)86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(value) ? '' : '手机号码应为11位，以13至19开头';
}

/** As on a resident ID: Chinese characters with an interpunct, or Latin letters. */
export const nameFault = (text: string): string => (NAME.test(text.trim()) ? '' : '请填写与证件一致的姓名');

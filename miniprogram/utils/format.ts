/** Dates, money and sizes as people read them. China keeps one time zone, so a fixed offset is exact whatever the phone is set to. */
const BEIJING_MS = 8 * 3_600_000;

const two = (value: number): string => String(value).padStart(2, '0');
const wall = (iso: string): Date => new Date(new Date(iso).getTime() + BEIJING_MS);

/** 2026年3月5日 */
export const dayInWords = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};

/** 3月5日 14:20; with the year where it is another than now's. */
export function momentInWords(iso: string, now: Date): string {
  const at = wall(iso);
  const year = wall(now.toISOString()).getUTCFullYear();
  const day = `${at.getUTCMonth() + 1}月${at.getUTCDate()}日`;
  return `${at.getUTCFullYear() === year ? '' : `${at.getUTCFullYear()}年`}${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

/** 2026-03-05 in Beijing at that moment. */
export const dayOf = (iso: string): string => wall(iso).toISOString().slice(0, 10);

/** 1234500 fen -> 12,345.00 */
export function fenToYuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const whole = Math.floor(Math.abs(fen) / 100);
  return `${sign}${String(whole).replace(/\B(?=(\d{3})+$)/g, ',')}.${two(Math.abs(fen) % 100)}`;
}

/** What was typed as yuan, in integer fen; null for what is no amount. Reckoned on digits, never on fractions. */
export function yuanToFen(text: string): number | null {
  const match = /^(\d{1,9})(?:\.(\d{0,2}))?$/.exec(text.trim().replace(/[,，]/g, ''));
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}

export const sizeInWords = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

const DIGITS = '零一二三四五六七八九';
const chineseNumber = (value: number): string => {
  if (value < 10) return DIGITS[value] ?? '';
  const tens = Math.floor(value / 10);
  return `${tens === 1 ? '' : DIGITS[tens]}十${value % 10 === 0 ? '' : DIGITS[value % 10]}`;
};

/** As people name it: '12.3' is 第十二条（三）. */
export function articleInWords(no: string): string {
  const [article = 0, item] = no.split('.').map(Number);
  return `第${chineseNumber(article)}条${item ? `（${chineseNumber(item)}）` : ''}`;
}

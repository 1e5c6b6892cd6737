/** Numbers, dates and money in one style. Instants are shown in Asia/Shanghai, wherever the browser stands. */
const ZONE = 'Asia/Shanghai';
const partsOf = (iso: string): Record<string, string> => Object.fromEntries(new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
}).formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));

/** 2026-11-22 */
export const day = (iso: string): string => {
  const { year, month, day: of } = partsOf(iso);
  return `${year}-${month}-${of}`;
};
/** 2026-11-22 16:05 */
export const moment = (iso: string): string => {
  const { hour, minute } = partsOf(iso);
  return `${day(iso)} ${hour}:${minute}`;
};
/** 今天 16:05, 昨天 09:30, 11-20 09:30, 2025-12-31 */
export function shortly(iso: string, now = new Date()): string {
  const { year, month, day: of, hour, minute } = partsOf(iso);
  const today = day(now.toISOString());
  if (day(iso) === today) return `今天 ${hour}:${minute}`;
  if (day(iso) === day(new Date(now.getTime() - 86_400_000).toISOString())) return `昨天 ${hour}:${minute}`;
  return year === today.slice(0, 4) ? `${month}-${of} ${hour}:${minute}` : day(iso);
}
export const todayInShanghai = (): string => day(new Date().toISOString());

const yuanFormat = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
/** ¥1,234.50 of integer fen. */
export const money = (fen: number): string => `¥${yuanFormat.format(fen / 100)}`;
/** '1,234.5' or '1234.50' to fen; null for what is no amount. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(/[,，\s¥￥]/g, ''));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
}

export const number = (value: number): string => new Intl.NumberFormat('zh-CN').format(value);

export const size = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.max(bytes / 1024, 1).toFixed(0)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** How pressing a clock is: over, within a day, or neither. */
export function urgency(due: string | null | undefined, now = Date.now()): 'over' | 'soon' | 'calm' {
  if (!due) return 'calm';
  const left = new Date(due).getTime() - now;
  return left < 0 ? 'over' : left < 86_400_000 ? 'soon' : 'calm';
}

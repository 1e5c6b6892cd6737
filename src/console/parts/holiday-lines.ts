/** Days of rest and make-up days as people write them: a date or a span, then the festival, a line each. */
export interface HolidayDay { date: string; name: string }

const DAY_MS = 86_400_000;
/** A festival has days, not months: a longer span is a slip of the pen. */
const SPAN_AT_MOST = 15;
const LINE = /^(\d{4}-\d\d-\d\d)(?:\s*(?:至|到|~|—|-{1,2})\s*(\d{4}-\d\d-\d\d))?\s+(\S{1,20})$/;

const timeOf = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const exists = (date: string): boolean => !Number.isNaN(timeOf(date)) && dateOf(timeOf(date)) === date;

/** Days by date, or what is wrong with the first line that cannot be read. */
export function parseDays(text: string): { days: Record<string, string> } | { fault: string } {
  const days: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const [, first, last = first, name] = LINE.exec(line.trim()) ?? [];
    const where = `第 ${index + 1} 行`;
    if (!first || !last || !name) return { fault: `${where}看不明白：${line.trim().slice(0, 30)}。应如“2027-01-01 元旦”或“2027-02-05 至 2027-02-11 春节”` };
    if (!exists(first) || !exists(last)) return { fault: `${where}的日期不存在` };
    const count = (timeOf(last) - timeOf(first)) / DAY_MS + 1;
    if (count < 1 || count > SPAN_AT_MOST) return { fault: `${where}的起止日期不对（最多 ${SPAN_AT_MOST} 天）` };
    for (let offset = 0; offset < count; offset += 1) {
      const date = dateOf(timeOf(first) + offset * DAY_MS);
      if (days[date]) return { fault: `${where}：${date} 重复` };
      days[date] = name;
    }
  }
  return { days };
}

/** The same days as spans, one line for each run of days of one festival. */
export function spans(days: readonly HolidayDay[]): { first: string; last: string; name: string; count: number }[] {
  const found: { first: string; last: string; name: string; count: number }[] = [];
  for (const { date, name } of days) {
    const open = found.at(-1);
    if (open && open.name === name && timeOf(date) - timeOf(open.last) === DAY_MS) Object.assign(open, { last: date, count: open.count + 1 });
    else found.push({ first: date, last: date, name, count: 1 });
  }
  return found;
}

export const written = (days: readonly HolidayDay[]): string =>
  spans(days).map(({ first, last, name }) => `${first === last ? first : `${first} 至 ${last}`} ${name}`).join('\n');

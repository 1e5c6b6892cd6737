import type { FieldDescription } from '../kernel/fields';
import synonymsJson from './data/synonyms.json';
import { normalise } from './text';

/** Values in people's words. Each reader answers undefined where the words hold no such value. */

const DIGITS: Record<string, number> = { 零: 0, 〇: 0, 一: 1, 壹: 1, 二: 2, 两: 2, 俩: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const UNITS: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };
const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[零〇一壹二两三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?`;

/** 12, 1,200.5, 十二, 两千三百, 一万二, 三点五. */
export function numberIn(text: string): number | undefined {
  const clean = text.replaceAll(',', '');
  if (/^\d+(?:\.\d+)?$/.test(clean)) return Number(clean);
  const [whole, fraction] = clean.split('点');
  if (!whole || !/^[零〇一壹二两三四五六七八九十百千万亿]+$/.test(whole)) return undefined;
  const [beforeWan, afterWan] = whole.includes('万') ? [whole.slice(0, whole.indexOf('万')), whole.slice(whole.indexOf('万') + 1)] : ['', whole];
  // 一万二 is 12,000: a single digit right after the unit counts thousands.
  const rest = afterWan && beforeWan && /^[一二三四五六七八九]$/.test(afterWan) ? DIGITS[afterWan]! * 1000 : section(afterWan);
  const value = section(beforeWan) * 10_000 + rest;
  if (!fraction) return value;
  return Number(`${value}.${[...fraction].map((digit) => DIGITS[digit] ?? 0).join('')}`);
}

function section(text: string): number {
  let total = 0;
  let digit = 0;
  let lastUnit = 1;
  for (const character of text) {
    const unit = UNITS[character];
    if (unit) {
      total += (digit || (total === 0 ? 1 : 0)) * unit;
      lastUnit = unit;
      digit = 0;
    } else digit = DIGITS[character] ?? 0;
  }
  // 三百五 is 350.
  return total + (digit && lastUnit >= 100 && !text.includes('零') ? digit * (lastUnit / 10) : digit);
}

const MONEY = new RegExp(String.raw`(${NUMBER})\s*(亿|千万|百万|十万|万|千|百)?\s*(元|块钱?|圆|rmb|人民币)?(?:\s*(\d{1,2})\s*分)?`, 'u');
const MONEY_UNITS: Record<string, number> = { 亿: 1e8, 千万: 1e7, 百万: 1e6, 十万: 1e5, 万: 1e4, 千: 1e3, 百: 100 };

/** Money in fen: 12万元, 3.5万, 八千块, 1200. Without a unit of its own only where money was asked for. */
export function moneyIn(text: string, asked: boolean): number | undefined {
  const clean = normalise(text);
  const match = (asked ? MONEY : new RegExp(String.raw`(${NUMBER})\s*(亿|千万|百万|十万|万|千|百)?\s*(元|块钱?|圆|rmb|人民币)`, 'u')).exec(clean);
  if (!match) return asked ? undefined : wanIn(clean);
  // 十二万: the unit is inside the numeral.
  const value = numberIn(match[1]!);
  return value === undefined ? undefined : Math.round(value * (MONEY_UNITS[match[2] ?? ''] ?? 1) * 100);
}

function wanIn(text: string): number | undefined {
  const match = /(\d+(?:\.\d+)?)\s*万(?!人|台|套|件|个)/u.exec(text);
  return match ? Math.round(Number(match[1]) * 1_000_000) : undefined;
}

const shanghai = (now: Date): Date => new Date(now.getTime() + 8 * 3_600_000);
const iso = (date: Date): string => date.toISOString().slice(0, 10);
const SOON: Record<string, number> = { 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3, 昨天: -1, 昨日: -1, 前天: -2 };
const WEEKDAYS = '一二三四五六日';

/** A calendar day in Shanghai: 2026-03-05, 2026年3月5日, 3月5号, 明天, 下周三, 三天后. A day without its year is the next one, unless the past is meant. */
export function dayIn(text: string, now: Date): string | undefined {
  const clean = normalise(text);
  const today = shanghai(now);
  const full = /(20\d{2}|19\d{2})\s*[-年/.]\s*(\d{1,2})\s*[-月/.]\s*(\d{1,2})/u.exec(clean);
  if (full) return `${full[1]}-${full[2]!.padStart(2, '0')}-${full[3]!.padStart(2, '0')}`;
  const short = /(明年|今年|去年)?\s*(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]?/u.exec(clean);
  if (short) {
    const [month, day] = [numberIn(short[2]!), numberIn(short[3]!)];
    const year = today.getUTCFullYear() + (short[1] === '明年' ? 1 : short[1] === '去年' ? -1 : 0);
    const value = (of: number): string => `${of}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    return !short[1] && value(year) < iso(today) && !/[了过]|已/u.test(clean) ? value(year + 1) : value(year);
  }
  const soon = Object.keys(SOON).toSorted((a, b) => b.length - a.length).find((word) => clean.includes(word));
  const later = (days: number): string => iso(new Date(today.getTime() + days * 86_400_000));
  if (soon) return later(SOON[soon]!);
  const after = new RegExp(String.raw`(${NUMBER})\s*(天|周|个?星期)(?:以?后|之后)`, 'u').exec(clean);
  if (after) return later((numberIn(after[1]!) ?? 0) * (after[2] === '天' ? 1 : 7));
  const week = /(下下|下|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])/u.exec(clean);
  if (week) {
    const target = WEEKDAYS.indexOf(week[2] === '天' ? '日' : week[2]!);
    const monday = (today.getUTCDay() + 6) % 7;
    return later(target - monday + (week[1] === '下' ? 7 : week[1] === '下下' ? 14 : week[1] || target >= monday ? 0 : 7));
  }
  return undefined;
}

const YES = /^(?:是|是的|对|对的|有|要|同意|可以|行|好|好的|嗯|没错|确认|愿意|需要|已|当然|yes|y)[的了吧啊呀。!！]*$/u;
const NO = /^(?:不|不是|否|没有?|无|不要|不用|不同意|不行|不可以|不对|不需要|不愿意|no|n)[的了吧啊呀。!！]*$/u;
export const yesNoIn = (text: string): boolean | undefined => (NO.test(normalise(text)) ? false : YES.test(normalise(text)) ? true : undefined);

export const CASE_NO_IN = /[A-Z]{2}\d{8}-[0-9A-HJKMNP-TV-Z]{6}/;
/** A case number anywhere in the words, in any width or case. */
export const caseNoIn = (text: string): string | undefined => CASE_NO_IN.exec(text.normalize('NFKC').toUpperCase().replaceAll(/[‐-―－]/gu, '-'))?.[0];

// ---- Choices ------------------------------------------------------------------------------------------------------

const SYNONYMS = synonymsJson as Record<string, string[]>;

/** Ways to name an option: its label, the parts of it, and what people say instead. */
function namesOf(label: string): string[] {
  const parts = label.split(/[、,，/（）()]|或者?|和/u).map((part) => part.trim()).filter((part) => part.length >= 2);
  const core = label.replace(/(?:问题|不足|情况|不合理)$/u, '');
  return [label, ...parts, ...(core.length >= 2 ? [core] : []), ...Object.entries(SYNONYMS).filter(([word]) => label.includes(word)).flatMap(([, words]) => words)];
}

/** Options named in the words, in the order of the form. A longer name covers a shorter one inside it: 不满意 is not 满意. */
export function optionsIn(text: string, field: FieldDescription, asked: boolean): (string | number)[] {
  const options = field.options ?? [];
  const clean = normalise(text);
  const exact = options.find(({ label, value }) => normalise(label) === clean || String(value) === clean);
  if (exact) return [exact.value];
  let left = clean;
  const found = new Set<string | number>();
  const names = options.flatMap(({ value, label }) => namesOf(label).map((name) => ({ value, name: normalise(name) })));
  for (const { value, name } of names.toSorted((a, b) => b.name.length - a.name.length)) {
    if (!left.includes(name) || (!asked && name.length < 3 && field.kind === 'choice')) continue;
    found.add(value);
    left = left.replaceAll(name, ' ');
  }
  if (found.size === 0 && asked && /^[\d一二三四五六七八九十\s,，、和]+$/u.test(clean)) {
    for (const part of clean.split(/[\s,，、和]+/u)) {
      const at = numberIn(part);
      const option = at === undefined ? undefined : options[at - 1];
      if (option) found.add(option.value);
    }
  }
  return options.filter(({ value }) => found.has(value)).map(({ value }) => value);
}

// ---- Showing ------------------------------------------------------------------------------------------------------

export const yuan = (fen: number): string => `${(fen / 100).toLocaleString('zh-CN', { maximumFractionDigits: 2 })}元`;

/** A value as a person reads it. */
export function inWords(field: FieldDescription, value: unknown, words: Record<string, string>): string {
  if (value === undefined || value === null) return '（未填）';
  const option = (one: unknown): string => field.options?.find((candidate) => candidate.value === one)?.label ?? String(one);
  switch (field.kind) {
    case 'choice': return option(value);
    case 'choices': return (value as unknown[]).map(option).join('、') || '（无）';
    case 'money': return yuan(value as number);
    case 'number': return `${value as number}${field.unit ?? ''}`;
    case 'files': return `${(value as unknown[]).length}个文件`;
    case 'yesNo': return value ? '是' : '否';
    case 'agreed': return '已确认';
    case 'organisation': return words[field.name] ?? String(value);
    default: return String(value);
  }
}

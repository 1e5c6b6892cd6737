import type { FieldDescription } from '../kernel/fields';
import { memberWord, valueWord } from '../procedures/structure-words';

const AT = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
/** 2026-11-22 16:05, in Beijing. */
export const moment = (at: string | Date): string => AT.format(new Date(at));
const YUAN = new Intl.NumberFormat('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = (fen: number): string => `¥${YUAN.format(fen / 100)}`;

const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const FILES = new Set(['evidence', 'attachments', 'photos', 'files']);
const INDENT = '　';
type Members = Record<string, unknown>;

/** One field of a case in lines of text, by its kind: what the page shows, without its tables. */
export function linesOf(field: FieldDescription, value: unknown, partyName: (party: string) => string | undefined): string[] {
  if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return [];
  const label = (one: unknown): string => field.options?.find((option) => option.value === one)?.label ?? String(one);
  const inner = (data: Members): string[] => (field.fields ?? []).flatMap((one) => labelled(one.label, linesOf(one, data[one.name], partyName)));
  switch (field.kind) {
    case 'choice': return [label(value)];
    case 'choices': return [(value as unknown[]).map(label).join('；')];
    case 'yesNo': return [value ? '是' : '否'];
    case 'agreed': return ['已确认'];
    case 'number': return [`${Number(value).toLocaleString('zh-CN')}${field.unit ? ` ${field.unit}` : ''}`];
    case 'money': return [money(Number(value))];
    case 'files': return [`${(value as unknown[]).length} 份，存于案件之中`];
    case 'organisation': return [partyName(field.name) ?? String(value)];
    case 'group': return inner(value as Members);
    case 'list': return (value as Members[]).flatMap((row, index) => [`第 ${index + 1} 项`, ...inner(row).map((line) => INDENT + line)]);
    case 'structure': return structureLines(value, '', field.widget ?? '');
    default: return String(value).split('\n');
  }
}

const labelled = (label: string, lines: string[]): string[] =>
  (lines.length === 0 ? [] : lines.length === 1 ? [`${label}：${lines[0]}`] : [`${label}：`, ...lines.map((line) => INDENT + line)]);

/** What rules wrote: members with a word of their own; codes, seeds and ids of people have none and stay out, as on the page. */
function structureLines(value: unknown, member: string, widget: string): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (FILES.has(member) && Array.isArray(value)) return value.length > 0 ? [`${value.length} 份，存于案件之中`] : [];
  if (typeof value === 'boolean') return [value ? '是' : '否'];
  if (typeof value === 'number') return [valueWord(member, value) ?? (member.endsWith('Fen') ? money(value) : String(value))];
  if (typeof value === 'string') return valueWord(member, value) ? [valueWord(member, value)!] : (ISO.test(value) ? moment(value) : value).split('\n');
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null)) return [value.map((one) => valueWord(member, one as string) ?? String(one)).join('、')].filter(Boolean);
    return value.flatMap((one, index) => [`第 ${index + 1} 项`, ...structureLines(one, member, widget).map((line) => INDENT + line)]);
  }
  return Object.entries(value as Members).flatMap(([name, one]) => {
    const word = memberWord(name, widget);
    return word ? labelled(word, structureLines(one, name, widget)) : [];
  });
}

import type { Fault, FieldDescription, Party } from '../services/types';
import { dayInWords, fenToYuan } from '../utils/format';

/** A form being filled in: plain JSON under the fields' names. Money is fen and numbers are numbers once they are valid; until then the typed text. */
export type Values = Record<string, unknown>;
export type Faults = Record<string, string>;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const valueAt = (values: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), values);

/** The same values with one changed; what lies around it is copied, the rest shared. */
export function put(values: unknown, path: string, next: unknown): unknown {
  const [key = '', ...rest] = path.split('.');
  const value = rest.length === 0 ? next : put(isObject(values) ? values[key] : undefined, rest.join('.'), next);
  if (Array.isArray(values)) return values.map((one, index) => (index === Number(key) ? value : one));
  return { ...(isObject(values) ? values : {}), [key]: value };
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

/** What is surely wrong, said before anything is sent. The server checks everything again, and more. */
export function localFaults(fields: readonly FieldDescription[], values: Values, prefix = ''): Faults {
  const faults: Faults = {};
  for (const field of fields) {
    const value = values[field.name];
    const path = prefix + field.name;
    if (field.kind === 'structure') continue;
    if (field.kind === 'group') {
      const group = isObject(value) ? value : {};
      // Nothing of an optional group filled in is the whole group left out.
      if (field.required || Object.values(group).some((one) => !isEmpty(one))) Object.assign(faults, localFaults(field.fields ?? [], group, `${path}.`));
    } else if (isEmpty(value)) {
      if (field.required && (field.min !== 0 || !isListLike(field))) faults[path] = wantedWords(field);
    } else if (field.kind === 'list') {
      (value as Values[]).forEach((item, index) => Object.assign(faults, localFaults(field.fields ?? [], item, `${path}.${index}.`)));
    } else {
      const fault = faultOf(field, value);
      if (fault) faults[path] = fault;
    }
  }
  return faults;
}

const isListLike = ({ kind }: FieldDescription): boolean => kind === 'list' || kind === 'files' || kind === 'choices';
const wantedWords = ({ kind, label }: FieldDescription): string =>
  kind === 'agreed' ? `请先确认：${label}` : kind === 'files' ? `请上传${label}` : kind === 'list' ? `请添加${label}` : kind === 'choice' || kind === 'choices' || kind === 'organisation' || kind === 'day' || kind === 'yesNo' ? `请选择${label}` : `请填写${label}`;

function faultOf({ kind, label, min, max, unit }: FieldDescription, value: unknown): string | null {
  if (kind === 'text' || kind === 'longText') {
    const length = [...String(value).trim()].length;
    if (min !== undefined && length < min) return `${label}至少 ${min} 个字，还差 ${min - length} 个`;
    if (max !== undefined && length > max) return `${label}最多 ${max} 个字，超出 ${length - max} 个`;
  }
  if (kind === 'money' && typeof value !== 'number') return `${label}应为金额，最多两位小数`;
  if (kind === 'number') {
    if (typeof value !== 'number') return `${label}应为整数`;
    if (min !== undefined && value < min) return `${label}不能小于 ${min}${unit ?? ''}`;
    if (max !== undefined && value > max) return `${label}不能大于 ${max}${unit ?? ''}`;
  }
  if ((kind === 'files' || kind === 'choices') && min !== undefined && (value as unknown[]).length < min) return `${label}至少 ${min} 项`;
  return null;
}

/** What is sent: empty optional fields left out, texts trimmed, fields with a page of their own not touched. */
export function toInput(fields: readonly FieldDescription[], values: Values): Values {
  const input: Values = {};
  for (const field of fields) {
    const value = values[field.name];
    if (field.kind === 'structure') continue;
    if (field.kind === 'group') {
      const group = toInput(field.fields ?? [], isObject(value) ? value : {});
      if (field.required || Object.keys(group).length > 0) input[field.name] = group;
    } else if (field.kind === 'list') {
      if (Array.isArray(value)) input[field.name] = value.map((item) => toInput(field.fields ?? [], item as Values));
      else if (field.required && field.min === 0) input[field.name] = [];
    } else if (isEmpty(value)) {
      if (field.required && field.min === 0 && isListLike(field)) input[field.name] = [];
    } else input[field.name] = typeof value === 'string' ? value.trim() : value;
  }
  return input;
}

/** Faults by path; one whose field is not on the page goes to ''. */
export function faultsByPath(fields: readonly FieldDescription[], faults: readonly Fault[]): Faults {
  const names = new Set(fields.map(({ name }) => name));
  const found: Faults = {};
  for (const { field, message } of faults) {
    const path = names.has(field.split('.')[0] ?? '') ? field : '';
    found[path] ??= message;
  }
  return found;
}

/** What may be kept on the phone: never an identity number, a real name or a phone number. */
export function keepable(fields: readonly FieldDescription[], values: Values): Values {
  const secret = new Set(fields.filter(({ kind }) => kind === 'sensitive').map(({ name }) => name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(name)));
}

/** A fact of a case as lines to read; files apart, since they are opened. */
export interface Fact { label: string; text: string; files: string[]; rows: Fact[] }

/** The labelled facts of a case, in the order of its declaration. What has a page of its own, or cannot be said in words, is left out. */
export function factsOf(fields: readonly FieldDescription[], values: Values, parties: readonly Party[]): Fact[] {
  return fields.flatMap((field): Fact[] => {
    const value = values[field.name];
    if (isEmpty(value) || field.kind === 'structure' || field.kind === 'sensitive') return [];
    const fact = { label: field.label, text: '', files: [] as string[], rows: [] as Fact[] };
    if (field.kind === 'files') return [{ ...fact, files: value as string[] }];
    if (field.kind === 'group') return [{ ...fact, rows: factsOf(field.fields ?? [], value as Values, parties) }];
    if (field.kind === 'list') {
      return [{ ...fact, rows: (value as Values[]).map((item, index) => ({ label: `第 ${index + 1} 项`, text: '', files: [], rows: factsOf(field.fields ?? [], item, parties) })) }];
    }
    // A list to be checked off is read line by line.
    const isChecklist = field.kind === 'choices' && (value as unknown[]).length > 2;
    const text = isChecklist ? (value as unknown[]).map((one) => `· ${inWords(field, [one], parties)}`).join('\n') : inWords(field, value, parties);
    return text === '' ? [] : [{ ...fact, text }];
  });
}

/** Separated so that each is told from the next, also where one is itself an enumeration. */
const listed = (words: readonly string[]): string => words.join(words.some((word) => /[、，]/.test(word)) ? '；' : '、');

export function inWords(field: FieldDescription, value: unknown, parties: readonly Party[] = []): string {
  const optionOf = (one: unknown): string => field.options?.find((option) => option.value === one)?.label ?? String(one);
  switch (field.kind) {
    case 'choice': return optionOf(value);
    case 'choices': return listed((value as unknown[]).map(optionOf));
    case 'money': return `${fenToYuan(value as number)} 元`;
    case 'number': return `${String(value)}${field.unit ? ` ${field.unit}` : ''}`;
    case 'day': return dayInWords(String(value));
    case 'yesNo': return value ? '是' : '否';
    case 'agreed': return '已确认';
    case 'organisation': return parties.find(({ party }) => party === field.name)?.name ?? '';
    default: return String(value);
  }
}

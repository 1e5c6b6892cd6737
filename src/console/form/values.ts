import type { FieldDescription } from '../../kernel/fields';
import { fenOf } from '../format';
import { questions, scenarioList } from '../../procedures/structure-words';

/** What stands in the fields while somebody types: text for text, numbers and money; booleans; lists; files with their names. */
export type Typed = string | number | boolean | undefined | string[] | FileTyped[] | { [name: string]: Typed } | { [name: string]: Typed }[];
export type TypedValues = { [name: string]: Typed };
/** A file already handed over. */
export interface FileTyped { id: string; name: string; size: number }
/** Message by dotted path. */
export type Faults = Record<string, string>;

export function blank(field: FieldDescription): Typed {
  switch (field.kind) {
    case 'yesNo': case 'agreed': return undefined;
    case 'choices': case 'files': return [];
    case 'group': return blanks(field.fields ?? []);
    case 'structure': return {};
    case 'list': return field.required ? Array.from({ length: field.min ?? 1 }, () => blanks(field.fields ?? [])) : [];
    default: return '';
  }
}
export const blanks = (fields: readonly FieldDescription[]): TypedValues => Object.fromEntries(fields.map((field) => [field.name, blank(field)]));

const isBlank = (value: unknown): boolean =>
  value === '' || value === undefined || (Array.isArray(value) && value.length === 0) || (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isBlank));

export const isUntouched = (values: TypedValues): boolean =>
  Object.values(values).every((value) => isBlank(value) || (Array.isArray(value) && value.every((item) => typeof item === 'object' && isBlank(item))));

/** As it stands in the fields, of what the server holds: the other way round than `toWire`. */
export const typed = (fields: readonly FieldDescription[], held: Record<string, unknown>): TypedValues => Object.fromEntries(fields
  .filter(({ name }) => held[name] !== undefined && held[name] !== null)
  .map((field) => [field.name, typedOne(field, held[field.name])]));

function typedOne(field: FieldDescription, value: unknown): Typed {
  switch (field.kind) {
    case 'money': return (Number(value) / 100).toFixed(2);
    case 'number': case 'choice': return String(value);
    case 'choices': return (value as unknown[]).map(String);
    case 'group': return { ...blanks(field.fields ?? []), ...typed(field.fields ?? [], value as Record<string, unknown>) };
    case 'list': return (value as Record<string, unknown>[]).map((item) => ({ ...blanks(field.fields ?? []), ...typed(field.fields ?? [], item) }));
    default: return value as Typed;
  }
}

const ASKED: Partial<Record<FieldDescription['kind'], string>> = { choice: '请选择', choices: '请选择', yesNo: '请选择：', agreed: '请先确认：', organisation: '请选择', day: '请选择', files: '请上传' };

/**
 * As the server wants it; what is left empty is left out. Found here is only what is missing or no number, so that nobody confirms
 * an unfinished form; all else the server judges.
 */
export function toWire(fields: readonly FieldDescription[], values: TypedValues, faults: Faults, path = ''): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.name];
    const at = path ? `${path}.${field.name}` : field.name;
    if (isBlank(value) && !(field.kind === 'group' && field.required)) {
      // None at all may be an answer: no problems found, no photos taken.
      if (field.required && field.min === 0 && Array.isArray(value)) wire[field.name] = [];
      else if (field.required) faults[at] = `${ASKED[field.kind] ?? '请填写'}${field.label}`;
      continue;
    }
    wire[field.name] = one(field, value, faults, at);
  }
  return wire;
}

function one(field: FieldDescription, value: Typed, faults: Faults, at: string): unknown {
  switch (field.kind) {
    case 'number': {
      const text = String(value).trim();
      if (/^-?\d{1,15}$/.test(text)) return Number(text);
      faults[at] = '请填写整数';
      return undefined;
    }
    case 'money': {
      const fen = fenOf(String(value));
      if (fen !== null) return fen;
      faults[at] = '请填写金额（元），最多两位小数';
      return undefined;
    }
    // A level is stored as the number although it is chosen by its name.
    case 'choice': return field.options?.find((option) => String(option.value) === value)?.value ?? value;
    case 'choices': return (value as string[]).map((chosen) => field.options?.find((option) => String(option.value) === chosen)?.value ?? chosen);
    case 'files': return (value as FileTyped[]).map(({ id }) => id);
    case 'group': return toWire(field.fields ?? [], value as TypedValues, faults, at);
    case 'structure': return given(value as TypedValues);
    case 'list': return (value as TypedValues[]).map((item, index) => toWire(field.fields ?? [], item, faults, `${at}.${index}`));
    default: return value;
  }
}

/** Of a structure, what was filled in; whether it is whole the server says, answer by answer. */
const given = (values: TypedValues): Record<string, unknown> => Object.fromEntries(Object.entries(values)
  .filter(([, value]) => !isBlank(value))
  .map(([name, value]) => [name, typeof value === 'object' && !Array.isArray(value) ? given(value as TypedValues) : value]));

const placesOf = (widget: string | undefined, at: string): string[] => (widget === 'diagnosis-questionnaire'
  ? [...questions().map(([id]) => `${at}.${id}`), `${at}.scenarios`, ...scenarioList().map(([key]) => `${at}.scenarios.${key}`)] : []);

/** Paths of all fields there are, to tell faults that have a place from those that have none. */
export function pathsOf(fields: readonly FieldDescription[], values: TypedValues, path = ''): string[] {
  return fields.flatMap((field) => {
    const at = path ? `${path}.${field.name}` : field.name;
    if (field.kind === 'group') return [at, ...pathsOf(field.fields ?? [], (values[field.name] ?? {}) as TypedValues, at)];
    if (field.kind === 'structure') return [at, ...placesOf(field.widget, at)];
    if (field.kind === 'list') return [at, ...((values[field.name] ?? []) as TypedValues[]).flatMap((item, index) => pathsOf(field.fields ?? [], item, `${at}.${index}`))];
    return [at];
  });
}

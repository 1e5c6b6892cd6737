import Joi from 'joi';
import { Refusal, type Fault } from './refusal';

/**
 * Form fields. Each is a Joi schema that also knows its Chinese label and how a page, the chat-bot and OpenAPI should treat
 * it, so that one declaration serves validation, form descriptions, dialogues and documents alike.
 */
export interface Field<T, Optional extends boolean = false> {
  readonly schema: Joi.Schema;
  readonly isOptional: Optional;
  /** Type only; never present at run time. */
  readonly value?: T;
}

export type FieldMap = Record<string, Field<any, boolean>>; // any: a map of fields of every type
type ValueOf<F> = F extends Field<infer T, boolean> ? T : never;
type Mandatory<F extends FieldMap> = { [K in keyof F]: F[K] extends Field<any, false> ? K : never }[keyof F];
export type Values<F extends FieldMap> =
  { [K in Mandatory<F>]: ValueOf<F[K]> } & { [K in Exclude<keyof F, Mandatory<F>>]?: ValueOf<F[K]> };

export type Kind = 'text' | 'longText' | 'choice' | 'choices' | 'number' | 'money' | 'day' | 'yesNo' | 'agreed' | 'files'
  | 'organisation' | 'case' | 'list' | 'group' | 'sensitive' | 'structure';

/** What a page or the chat-bot needs to draw and ask one field. */
export interface FieldDescription {
  name: string;
  label: string;
  kind: Kind;
  required: boolean;
  hint?: string;
  min?: number;
  max?: number;
  unit?: string;
  options?: Option[];
  /** Of a choice whose options depend on the case: `GET /cases/{no}/{move}/options` tells them. */
  offered?: true;
  /** Fields of a group, or of one item of a list of groups. */
  fields?: FieldDescription[];
  /** Of a case number: which cases may be named. */
  of?: CaseKind;
  /** A special page that fills this in, such as the diagnosis questionnaire. */
  widget?: string;
}

export interface Option { value: string | number; label: string }
export interface CaseKind { procedure: string; state: string }
interface Meta { kind: Kind; of?: CaseKind; hint?: string; unit?: string; min?: number; max?: number; widget?: string; options?: [string | number, string][]; offered?: true }
interface Common { hint?: string }

const make = <T>(schema: Joi.Schema, label: string, meta: Meta): Field<T> =>
  ({ schema: schema.required().label(label).meta(meta), isOptional: false });

export const optional = <T>(field: Field<T>): Field<T, true> => ({ schema: field.schema.optional(), isOptional: true });

/** Control characters and bidirectional overrides never belong in stored text; a line feed does in long text. */
const FORBIDDEN_IN_LINE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
const FORBIDDEN_IN_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/u;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

const plain = (forbidden: RegExp) => (value: string, helpers: Joi.CustomHelpers): unknown => {
  const text = value.replaceAll('\r\n', '\n').normalize('NFC');
  return forbidden.test(text) || LONE_SURROGATE.test(text) ? helpers.error('text.plain') : text;
};

export const line = (label: string, { min = 1, max = 100, hint }: Common & { min?: number; max?: number } = {}): Field<string> =>
  make(Joi.string().trim().min(min).max(max).custom(plain(FORBIDDEN_IN_LINE)), label, { kind: 'text', min, max, hint });

export const longText = (label: string, { min = 1, max = 2000, hint }: Common & { min?: number; max?: number } = {}): Field<string> =>
  make(Joi.string().trim().min(min).max(max).custom(plain(FORBIDDEN_IN_TEXT)), label, { kind: 'longText', min, max, hint });

/** Text that is personal data: the kernel hands it to the vault and neither rules nor case ever hold it. `check` normalises or says what is wrong. */
export const sensitive = (
  label: string, check: (value: string) => { ok: true; value: string } | { ok: false; message: string }, { max = 40, hint }: Common & { max?: number } = {},
): Field<string> =>
  make(Joi.string().trim().min(1).max(max).custom((value: string, helpers) => {
    if (FORBIDDEN_IN_LINE.test(value)) return helpers.error('text.plain');
    const checked = check(value);
    return checked.ok ? checked.value : helpers.message({ custom: checked.message });
  }), label, { kind: 'sensitive', max, hint });

export const choice = <const O extends Record<string, string>>(label: string, options: O, { hint }: Common = {}): Field<keyof O & string> =>
  make(Joi.string().valid(...Object.keys(options)), label, { kind: 'choice', options: Object.entries(options), hint });

/** A choice among what `offers` of the move finds for this very case, such as agencies without a conflict. The rule checks what was chosen. */
export const offered = (label: string, { max = 64, hint }: Common & { max?: number } = {}): Field<string> =>
  make(Joi.string().trim().min(1).max(max).custom(plain(FORBIDDEN_IN_LINE)), label, { kind: 'choice', offered: true, hint });

export const choices = <const O extends Record<string, string>>(
  label: string, options: O, { min = 1, max = Object.keys(options).length, hint }: Common & { min?: number; max?: number } = {},
): Field<(keyof O & string)[]> =>
  make(Joi.array().items(Joi.string().valid(...Object.keys(options))).unique().min(min).max(max), label,
    { kind: 'choices', options: Object.entries(options), min, max, hint });

export const whole = (label: string, { min = 0, max = 1_000_000, unit, hint }: Common & { min?: number; max?: number; unit?: string } = {}): Field<number> =>
  make(Joi.number().strict().integer().min(min).max(max), label, { kind: 'number', min, max, unit, hint });

/** A level or score offered as a choice but stored as the number. */
export const level = (label: string, names: Record<number, string>, { hint }: Common = {}): Field<number> =>
  make(Joi.number().strict().valid(...Object.keys(names).map(Number)), label,
    { kind: 'choice', options: Object.entries(names).map(([value, name]) => [Number(value), name]), hint });

/** 380,005.00 元, as texts of the record tell an amount of integer fen. */
export const yuan = (fen: number): string => `${(fen / 100).toLocaleString('zh-CN', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} 元`;
/** Integer fen; pages show yuan. */
export const moneyFen = (label: string, { min = 0, max = 10_000_000_000, hint }: Common & { min?: number; max?: number } = {}): Field<number> =>
  make(Joi.number().strict().integer().min(min).max(max), label, { kind: 'money', unit: '分', min, max, hint });

const isDay = (value: string): boolean => {
  const [year, month, day] = value.split('-').map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

/** A calendar day 'YYYY-MM-DD' in Asia/Shanghai; kept as text, since it is no instant. */
export const day = (label: string, { hint }: Common = {}): Field<string> =>
  make(Joi.string().pattern(/^(19|20)\d{2}-\d{2}-\d{2}$/).custom((value: string, helpers) => (isDay(value) ? value : helpers.error('day.real'))),
    label, { kind: 'day', hint });

export const yesNo = (label: string, { hint }: Common = {}): Field<boolean> => make(Joi.boolean().strict(), label, { kind: 'yesNo', hint });

/** A declaration that must be agreed to: a sentence with a tick, not a question with two answers. */
export const agreed = (label: string, { hint }: Common = {}): Field<true> =>
  make(Joi.boolean().strict().valid(true).messages({ 'any.only': `请先确认：${label}`, 'any.required': `请先确认：${label}` }), label, { kind: 'agreed', hint });

const FILE_ID = /^[A-Za-z0-9_-]{20,64}$/;
/** Ids of uploaded evidence files. */
export const files = (label: string, { min = 1, max = 20, hint }: Common & { min?: number; max?: number } = {}): Field<string[]> =>
  make(Joi.array().items(Joi.string().pattern(FILE_ID).label('文件')).unique().min(min).max(max), label, { kind: 'files', min, max, hint });

/** Id of an organisation of the register. */
export const organisation = (label: string, { hint }: Common = {}): Field<string> =>
  make(Joi.string().pattern(/^[A-Za-z0-9_-]{8,64}$/), label, { kind: 'organisation', hint });

export const CASE_NO = /^[A-Z]{2}\d{8}-[0-9A-HJKMNP-TV-Z]{6}$/;
/** Number of a case; `of` says of which cases, so that pages offer them and nobody types a number. */
export const caseNo = (label: string, { hint, of }: Common & { of?: CaseKind } = {}): Field<string> =>
  make(Joi.string().trim().uppercase().pattern(CASE_NO), label, { kind: 'case', hint, of });

export const group = <F extends FieldMap>(label: string, fields: F): Field<Values<F>> =>
  make(Joi.object(schemas(fields)), label, { kind: 'group' });

export const list = <F extends FieldMap>(
  label: string, fields: F, { min = 1, max = 100, hint }: Common & { min?: number; max?: number } = {},
): Field<Values<F>[]> =>
  make(Joi.array().items(Joi.object(schemas(fields))).min(min).max(max), label, { kind: 'list', min, max, hint });

/** A structure with a page and a check of its own; `check` returns the faults, paths relative to the field. */
export const structure = <T>(label: string, widget: string, schema: Joi.Schema): Field<T> =>
  make(schema, label, { kind: 'structure', widget });

const schemas = (fields: FieldMap): Record<string, Joi.Schema> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.schema]));

// ---- Forms --------------------------------------------------------------------------------------------------------

const MESSAGES: Joi.LanguageMessages = {
  'any.required': '请填写{{#label}}',
  'any.only': '{{#label}}不在可选范围内',
  'any.unknown': '不认识的字段',
  'object.unknown': '不认识的字段',
  'object.base': '{{#label}}应为一组字段',
  'string.base': '{{#label}}应为文字',
  'string.empty': '请填写{{#label}}',
  'string.min': '{{#label}}至少 {{#limit}} 个字',
  'string.max': '{{#label}}最多 {{#limit}} 个字',
  'string.pattern.base': '{{#label}}格式不正确',
  'text.plain': '{{#label}}含有不允许的控制字符',
  'day.real': '{{#label}}不是有效的日期',
  'number.base': '{{#label}}应为数字',
  'number.integer': '{{#label}}应为整数',
  'number.min': '{{#label}}不能小于 {{#limit}}',
  'number.max': '{{#label}}不能大于 {{#limit}}',
  'number.unsafe': '{{#label}}超出范围',
  'number.infinity': '{{#label}}超出范围',
  'boolean.base': '{{#label}}应为是或否',
  'array.base': '{{#label}}应为列表',
  'array.min': '{{#label}}至少 {{#limit}} 项',
  'array.max': '{{#label}}最多 {{#limit}} 项',
  'array.unique': '{{#label}}有重复项',
  'array.includesRequiredUnknowns': '{{#label}}缺少必要的项',
  'array.sparse': '{{#label}}有空项',
};

export interface Form<T> {
  /** The value, trimmed and normalised, or a Refusal INVALID that names every wrong field at once. */
  parse(input: unknown): T;
  /** The same, for one field alone (the chat-bot asks one at a time). */
  parseField(name: string, input: unknown): { value: unknown } | { fault: Fault };
  describe(): FieldDescription[];
  readonly fields: FieldMap;
  /** Names of the fields that hold file ids (files stand at the top level of a form). */
  readonly fileFields: readonly string[];
  /** Names of the fields that belong in the vault, not in the case. */
  readonly sensitiveFields: readonly string[];
}

/** Messages are compiled here: given as text, Joi would compile every one of them at every call. */
const PREFERENCES: Joi.ValidationOptions = {
  errors: { wrap: { label: false } },
  messages: Object.fromEntries(Object.entries(MESSAGES).map(([code, text]) => [code, Joi.expression(text as string)])) as Joi.LanguageMessages,
};

/**
 * Checks input against Joi: all faults at once, by path, in Chinese.
 * @param words how faults are worded; Joi goes through all messages at each call that brings some, so they come only when there is a fault
 */
export function validate<T>(schema: Joi.Schema, input: unknown, words: Joi.ValidationOptions = PREFERENCES): T {
  const { value, error } = schema.validate(input);
  if (!error) return value as T;
  const { details } = schema.validate(input, { ...words, abortEarly: false }).error!;
  throw new Refusal('INVALID', { faults: details.map(({ path, message }) => ({ field: path.join('.'), message })) });
}

export function form<F extends FieldMap>(fields: F, check?: (value: Values<F>) => Fault[]): Form<Values<F>> {
  const schema = Joi.object(schemas(fields)).required().label('内容');
  const description = describeFields(fields);
  return {
    fields,
    fileFields: description.filter((field) => field.kind === 'files').map((field) => field.name),
    sensitiveFields: description.filter((field) => field.kind === 'sensitive').map((field) => field.name),
    describe: () => description,
    parse(input) {
      if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Refusal('MALFORMED');
      const value = validate<Values<F>>(schema, input);
      const faults = check?.(value) ?? [];
      if (faults.length > 0) throw new Refusal('INVALID', { faults });
      return value;
    },
    parseField(name, input) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (!field) return { fault: { field: name, message: '不认识的字段' } };
      try {
        return { value: validate(field.schema, input) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { fault: { field: name, message: error.faults[0]?.message ?? error.detail } };
      }
    },
  };
}

/** A form made of some of another's fields. */
export const pick = <F extends FieldMap, K extends keyof F>(fields: F, ...names: K[]): Pick<F, K> =>
  Object.fromEntries(names.map((name) => [name, fields[name]])) as Pick<F, K>;

const described = new WeakMap<FieldMap, FieldDescription[]>();

/** Fields never change once declared and every view asks for them, so each map is described once. The answer is shared: not to be changed. */
export function describeFields(fields: FieldMap): FieldDescription[] {
  const known = described.get(fields);
  if (known) return known;
  const fresh = Object.entries(fields).map(([name, field]) => describeSchema(name, field.schema.describe()));
  described.set(fields, fresh);
  return fresh;
}

function describeSchema(name: string, d: Joi.Description): FieldDescription {
  const meta = Object.assign({}, ...((d['metas'] as Meta[] | undefined) ?? [])) as Meta;
  const flags = d.flags as { presence?: string; label?: string } | undefined;
  const keys = (d['keys'] ?? (d['items'] as Joi.Description[] | undefined)?.[0]?.['keys']) as Record<string, Joi.Description> | undefined;
  return {
    name,
    label: flags?.label ?? name,
    kind: meta.kind,
    required: flags?.presence === 'required',
    ...(meta.hint ? { hint: meta.hint } : {}),
    ...(meta.min !== undefined ? { min: meta.min } : {}),
    ...(meta.max !== undefined ? { max: meta.max } : {}),
    ...(meta.unit ? { unit: meta.unit } : {}),
    ...(meta.options ? { options: meta.options.map(([value, label]) => ({ value, label })) } : {}),
    ...(meta.offered ? { offered: true as const } : {}),
    ...(meta.of ? { of: meta.of } : {}),
    ...(meta.widget ? { widget: meta.widget } : {}),
    ...(keys && (meta.kind === 'group' || meta.kind === 'list')
      ? { fields: Object.entries(keys).map(([key, value]) => describeSchema(key, value)) } : {}),
  };
}

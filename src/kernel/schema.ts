import type { FieldDescription } from './fields';

type JsonSchema = Record<string, unknown>;

/** JSON Schema (2020-12, as OpenAPI 3.1 uses it) of a form, from the same description that pages and chat-bot draw from. */
export const schemaOf = (fields: readonly FieldDescription[]): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
  required: fields.filter((field) => field.required).map((field) => field.name),
});

function fieldSchema(field: FieldDescription): JsonSchema {
  return { title: field.label, ...(field.hint ? { description: field.hint } : {}), ...shape(field) };
}

function shape({ kind, min, max, options, offered, fields, widget }: FieldDescription): JsonSchema {
  const text = { type: 'string', ...(min === undefined ? {} : { minLength: min }), ...(max === undefined ? {} : { maxLength: max }) };
  const range = { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
  const items = { ...(min === undefined ? {} : { minItems: min }), ...(max === undefined ? {} : { maxItems: max }) };
  const labels = options?.map(({ value, label }) => `${value}=${label}`).join('，');
  switch (kind) {
    case 'text': case 'longText': return text;
    case 'sensitive': return { ...text, writeOnly: true };
    case 'choice': return offered ? { ...text, description: '可选项见 GET /api/v1/cases/{no}/{move}/options' } : { enum: options?.map(({ value }) => value), description: labels };
    case 'choices': return { type: 'array', uniqueItems: true, ...items, items: { enum: options?.map(({ value }) => value) }, description: labels };
    case 'number': return { type: 'integer', ...range };
    case 'money': return { type: 'integer', ...range, description: '单位：分' };
    case 'day': return { type: 'string', format: 'date' };
    case 'yesNo': return { type: 'boolean' };
    case 'agreed': return { const: true };
    case 'files': return { type: 'array', uniqueItems: true, ...items, items: { type: 'string' }, description: '文件编号，先经 POST /api/v1/files 上传' };
    case 'organisation': return { type: 'string', description: '组织编号' };
    case 'case': return { type: 'string', description: '案件编号' };
    case 'list': return { type: 'array', ...items, items: schemaOf(fields ?? []) };
    case 'group': return schemaOf(fields ?? []);
    case 'structure': return { description: `由“${widget}”页面填写` };
  }
}

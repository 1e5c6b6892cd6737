import { readFileSync } from 'node:fs';
import type { FieldDescription } from '../../../miniprogram/services/types';
import { PLAN_FIELDS, REPORT_FIELDS } from '../../../miniprogram/utils/described';
import { describeFields, type Kind } from '../../../src/kernel/fields';
import { draft } from '../../../src/procedures/diagnosis/forms';
import { content } from '../../../src/procedures/plan/forms';

it('the pages know every kind of field the server describes', () => {
  const template = readFileSync('miniprogram/components/form-fields/index.wxml', 'utf8');
  const drawn: Record<Exclude<Kind, 'structure'>, true> = {
    text: true, longText: true, choice: true, choices: true, number: true, money: true, day: true, yesNo: true, agreed: true, files: true, organisation: true, case: true, list: true, group: true, sensitive: true,
  };
  for (const kind of Object.keys(drawn)) expect([kind, template.includes(`'${kind}'`)]).toEqual([kind, true]);
});

/** What is needed to read a field: not how it is to be filled in. */
const read = ({ name, label, kind, required, unit, options, fields }: FieldDescription): FieldDescription =>
  ({ name, label, kind, required, ...(unit ? { unit } : {}), ...(options ? { options } : {}), ...(fields ? { fields: fields.map(read) } : {}) });
const readable = (fields: Parameters<typeof describeFields>[0]) => describeFields(fields).filter(({ kind }) => kind !== 'structure').map(read);

it('12.1, 12.2: the parts of a plan and of a report are called as in the forms they come from', () => {
  expect(PLAN_FIELDS).toEqual(readable(content));
  expect(REPORT_FIELDS).toEqual(readable(draft));
});

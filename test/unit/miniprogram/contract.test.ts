import { readFileSync } from 'node:fs';
import type { Kind } from '../../../src/kernel/fields';

it('the pages know every kind of field the server describes', () => {
  const template = readFileSync('miniprogram/components/form-fields/index.wxml', 'utf8');
  const drawn: Record<Exclude<Kind, 'structure'>, true> = {
    text: true, longText: true, choice: true, choices: true, number: true, money: true, day: true, yesNo: true, files: true, organisation: true, case: true, list: true, group: true, sensitive: true,
  };
  for (const kind of Object.keys(drawn)) expect([kind, template.includes(`'${kind}'`)]).toEqual([kind, true]);
});

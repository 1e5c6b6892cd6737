import { Workbook } from 'exceljs';
import { harmless, sheetOf } from '../../../src/exports/sheet';
import { linesOf } from '../../../src/exports/words';
import { describeFields, group, line, list, moneyFen } from '../../../src/kernel/fields';

it.each(['=1+1', '+86', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠1'])('F6: %j is led by an apostrophe', (text) => {
  expect(harmless(text)).toBe(`'${text}`);
});
it.each(['企业', '2026-03-01', '', 'a=b', '¥1,234.50'])('%j stays as it is', (text) => { expect(harmless(text)).toBe(text); });

it('F6: what comes back out of a spreadsheet reader is text, control characters gone', async () => {
  const bytes = await sheetOf({ title: '=t', note: '-n', columns: [{ title: '+c', width: 10 }], rows: [['@x'], ['a\u0000b\u0008']] });
  const book = new Workbook();
  await book.xlsx.load(bytes as never);
  const values: unknown[] = [];
  book.worksheets[0]!.eachRow((row) => row.eachCell((cell) => values.push(cell.value)));
  expect(values).toEqual(['\'=t', '\'-n', '\'+c', '\'@x', 'ab']);
});

it('fields in lines: groups and lists keep their labels, money is yuan, codes of structures become words or stay out', () => {
  const [field] = describeFields({ items: list('清单', { name: line('名称'), cost: group('费用', { totalFen: moneyFen('合计') }) }) });
  expect(linesOf(field!, [{ name: '系统', cost: { totalFen: 123450 } }], () => undefined)).toEqual(['第 1 项', '　名称：系统', '　费用：合计：¥1,234.50']);
  const structure = { name: 'x', label: 'x', kind: 'structure', required: true, widget: 'acceptance-agencies' } as const;
  expect(linesOf(structure, [{ person: 'p-secret', on: '2026-03-01', by: 'lot' }], () => undefined)).toEqual(['第 1 项', '　日期：2026-03-01', '　指定方式：抽签']);
});

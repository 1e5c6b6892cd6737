import { zipSync, strToU8 } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { Refusal } from '../../../src/kernel/refusal';
import { readRows } from '../../../src/register/xlsx';

const LIMITS = { rows: 100, columns: 20 };
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** A workbook with one sheet of the given XML. */
function aWorkbook(rows: string, more: Record<string, Uint8Array> = {}): Buffer {
  return Buffer.from(zipSync({
    '[Content_Types].xml': strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'),
    'xl/workbook.xml': strToU8(`<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`),
    'xl/_rels/workbook.xml.rels': strToU8(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
    'xl/worksheets/sheet1.xml': strToU8(`<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData></worksheet>`),
    ...more,
  }));
}
const refusalOf = async (file: Buffer): Promise<Refusal> => {
  const refusal = await readRows(file, LIMITS).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(Refusal);
  return refusal as Refusal;
};

it('reads cells as text: formulas by what they show, long numbers with every digit, full-width as plain', async () => {
  const rows = await readRows(aWorkbook(`
    <row r="1"><c r="A1" t="str"><f>HYPERLINK("http://evil","shown")</f><v>shown</v></c><c r="B1"><v>13812345678</v></c><c r="C1"><v>1.3812345678E10</v></c></row>
    <row r="3"><c r="B3" t="inlineStr"><is><t>１３８ＡＢ</t></is></c><c r="C3" t="b"><v>1</v></c></row>`), LIMITS);
  expect(rows).toEqual([
    { number: 1, cells: ['shown', '13812345678', '13812345678'] },
    { number: 2, cells: ['', '', ''] },
    { number: 3, cells: ['', '138AB', 'true'] },
  ]);
});

it('a formula without a result is an empty cell, which the row check will name', async () => {
  const rows = await readRows(aWorkbook('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><f>NOW()</f></c><c r="C1"><v>2</v></c></row>'), LIMITS);
  expect(rows[0]!.cells).toEqual(['1', '', '2']);
});

it('names a cell that cannot be read', async () => {
  const refusal = await refusalOf(aWorkbook('<row r="2"><c r="C2" t="s"><v>99</v></c></row>'));
  expect(refusal).toMatchObject({ code: 'INVALID', detail: expect.stringMatching(/第 2 行第 3 列/) });
});

it('refuses an archive that unpacks to more than its limit, without unpacking it all', async () => {
  const bomb = aWorkbook('<row r="1"/>', { 'xl/media/zeros.xml': new Uint8Array(200 * 1024 * 1024) });
  expect(bomb.length).toBeLessThan(1024 * 1024);
  expect(await refusalOf(bomb)).toMatchObject({ code: 'INVALID' });
});

it.each(['A1048576', 'XFD1'])('refuses a lone cell at %s before rows are made up between', async (cell) => {
  expect(await refusalOf(aWorkbook(`<row r="1"><c r="${cell}"><v>1</v></c></row>`))).toMatchObject({ code: 'TOO_LARGE' });
});

it('refuses a lone empty row far down', async () => {
  expect(await refusalOf(aWorkbook('<row r="1048576"/>'))).toMatchObject({ code: 'TOO_LARGE' });
});

it.each([['nothing', Buffer.alloc(0)], ['text', Buffer.from('a,b,c')], ['half an archive', Buffer.from('PK\x03\x04')]])('refuses %s', async (_name, file) => {
  expect(await refusalOf(file)).toMatchObject({ code: 'INVALID', faults: [{ field: 'file' }] });
});

it('reads what spreadsheet programs write', async () => {
  const file = await writeXlsxFile([[{ value: '代码', type: String }], [{ value: '13800000000', type: String, format: '@' }]]).toBuffer();
  expect(await readRows(file, LIMITS)).toEqual([{ number: 1, cells: ['代码'] }, { number: 2, cells: ['13800000000'] }]);
});

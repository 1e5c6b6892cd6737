import { readSheet } from 'read-excel-file/universal';
import { readZip } from '../evidence/zip';
import { Refusal } from '../kernel/refusal';

const MIB = 1024 * 1024;
const FILE_AT_MOST = 2 * MIB;
/** XML of equal rows packs a hundredfold and more; the size it unpacks to is what counts. */
const ARCHIVE = { maxEntries: 200, maxUnpackedBytes: 32 * MIB, maxRatio: 1000 };

const bad = (detail: string): Refusal => new Refusal('INVALID', { detail, faults: [{ field: 'file', message: detail }] });

/** A row of the sheet: its number as the spreadsheet program shows it, and its cells as text. */
export interface SheetRow { number: number; cells: string[] }

/**
 * The first sheet of an .xlsx file as text. Formulas are never evaluated: a cell counts for what the file says it shows.
 * Numbers keep the digits they were typed with. Refuses what is too big before unpacking it for real.
 */
export async function readRows(file: Buffer, limits: { rows: number; columns: number }): Promise<SheetRow[]> {
  checkArchive(file, limits);
  let sheet: unknown[][];
  try {
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
    sheet = await readSheet<string>(bytes, { parseNumber: (text) => text });
  } catch (error) {
    const [, row, column] = /row (\d+), col (\d+)/.exec((error as Error).message) ?? [];
    throw bad(row ? `第 ${row} 行第 ${column} 列的单元格无法读取，请重新录入后重试` : '文件不是有效的 xlsx 表格');
  }
  return sheet.map((cells, index) => ({ number: index + 1, cells: cells.map(textOf) }));
}

/** Full-width digits and letters become plain; dates and truth values become what a person would have typed. */
function textOf(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text = cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell);
  return plainNumber(text.normalize('NFKC').trim());
}

/** Large numbers are stored like 1.3812345678E10; written out they are the phone that was typed. */
const plainNumber = (text: string): string =>
  (/^\d(\.\d+)?E\+?\d{1,2}$/i.test(text) && Number.isSafeInteger(Number(text)) ? String(Number(text)) : text);

/**
 * Unpacks the archive under hard limits, since sizes written in it can lie, and looks for cells so far out that the reader would
 * have to make up the rows between.
 */
function checkArchive(file: Buffer, limits: { rows: number; columns: number }): void {
  if (file.length > FILE_AT_MOST) throw new Refusal('TOO_LARGE', { detail: '表格文件不能超过 2 MB' });
  for (const [name, bytes] of unpack(file)) {
    if (name.startsWith('xl/worksheets/')) checkReach(bytes.toString('utf8'), limits);
  }
}

function unpack(file: Buffer): Map<string, Buffer> {
  try {
    return readZip(file, ARCHIVE);
  } catch (error) {
    throw error instanceof Refusal ? bad('文件不是有效的 xlsx 表格，或内容过大') : error;
  }
}

const AT = 'A'.charCodeAt(0) - 1;
const columnNumber = (letters: string): number => [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - AT, 0);

/** Rows and cells with their address: `<row r="12">`, `<c r="B12">`. */
const PLACE = /<(?:\w{1,8}:)?(?:row|c)\b[^>]{0,200}?\sr\s*=\s*["']([A-Z]{0,3})(\d{1,7})["']/g;

function checkReach(xml: string, limits: { rows: number; columns: number }): void {
  for (const [, letters, row] of xml.matchAll(PLACE)) {
    if (Number(row) > limits.rows || columnNumber(letters!) > limits.columns) {
      throw new Refusal('TOO_LARGE', { detail: `表格不能超过 ${limits.rows} 行、${limits.columns} 列，请删除多余的行列后重试` });
    }
  }
}

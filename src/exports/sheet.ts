import writeXlsxFile from 'write-excel-file/node';

export interface Column { title: string; width: number }
/** A table to be handed over: `note` says who took it, when and what for, on the sheet itself. */
export interface Table { title: string; note: string; columns: readonly Column[]; rows: readonly (readonly string[])[] }

/**
 * A cell is text and no formula here; but sheets are saved as CSV and pasted elsewhere, where a leading = + - @, tab or line end
 * begins one. An apostrophe in front ends that (OWASP: CSV injection).
 */
export const harmless = (text: string): string => (/^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text);

const XML_FORBIDS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;
/** Excel's own limit for a cell. */
const CELL_AT_MOST = 32_000;
const text = (value: string, more: object = {}) => ({ value: harmless(value.replaceAll(XML_FORBIDS, '')).slice(0, CELL_AT_MOST), type: String, format: '@', ...more });

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const sheetOf = ({ title, note, columns, rows }: Table): Promise<Buffer> => writeXlsxFile([{
  sheet: title.slice(0, 31),
  columns: columns.map(({ width }) => ({ width })),
  stickyRowsCount: 3,
  data: [
    [text(title, { fontWeight: 'bold', columnSpan: columns.length })],
    [text(note, { columnSpan: columns.length, textColor: '#5f6772' })],
    columns.map((column) => text(column.title, { fontWeight: 'bold', backgroundColor: '#eaf0f6' })),
    ...rows.map((row) => row.map((value) => text(value, { wrap: true, alignVertical: 'top' }))),
  ],
}] as never).toBuffer();

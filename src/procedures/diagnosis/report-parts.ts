import { AlignmentType, BorderStyle, LineRuleType, Paragraph, Table, TableCell, TableRow, TextRun, VerticalAlign, WidthType, type IStylesOptions } from 'docx';

type FileChild = Paragraph | Table;

/** Widths in twentieths of a point. A4 with margins of 2.5 cm. */
const A4 = { width: 11_906, height: 16_838 };
const MARGIN = 1_417;
export const PAGE = {
  size: A4, margin: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN }, textWidth: A4.width - 2 * MARGIN,
};

const text = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '宋体', cs: 'Times New Roman' };
export const FONT = { text, heading: { ...text, eastAsia: '黑体' } };
export const STYLES: IStylesOptions = {
  default: {
    document: { run: { font: FONT.text, size: 22, language: { eastAsia: 'zh-CN' } }, paragraph: { spacing: { line: 300, lineRule: LineRuleType.AUTO } } },
    title: { run: { font: FONT.heading, size: 40, bold: true }, paragraph: { spacing: { before: 240, after: 120 } } },
    heading1: { run: { font: FONT.heading, size: 28, bold: true, color: '000000' }, paragraph: { spacing: { before: 320, after: 140 } } },
  },
};

const none = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
const line = { style: BorderStyle.SINGLE, size: 4, color: '9aa5b1' } as const;
const noBorders = { top: none, bottom: none, left: none, right: none, insideHorizontal: none, insideVertical: none };
const borders = { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line };
const HEAD = 'eaf0f6';

/** Text with line feeds as paragraphs of its own. */
export const paragraphs = (value: string): Paragraph[] =>
  value.split('\n').filter((part) => part.trim() !== '').map((part) => new Paragraph({ text: part, indent: { firstLine: 440 }, spacing: { after: 60 } }));

const width = (percent: number, of: number) => ({ size: Math.round((of * percent) / 100), type: WidthType.DXA });
export const cell = {
  noBorders,
  /** A borderless row of given contents, for setting things side by side. */
  row: (contents: FileChild[][], percents: readonly number[]): TableRow => new TableRow({
    children: contents.map((children, index) => new TableCell({
      children, width: width(percents[index]!, PAGE.textWidth), verticalAlign: VerticalAlign.CENTER, borders: { top: none, bottom: none, left: none, right: none },
    })),
  }),
};

interface Look { centred?: readonly number[]; headColumn?: boolean; boldLast?: boolean; /** Share of the text width it takes, in percent. */ share?: number }

/**
 * A table of texts. A row is not split over pages, and the head is repeated on each.
 * @param percents widths of the columns
 */
export function table(percents: readonly number[], head: readonly string[] | null, rows: readonly (readonly string[])[], look: Look = {}): Table {
  const { centred = [], headColumn = false, boldLast = false, share = 100 } = look;
  const whole = (PAGE.textWidth * share) / 100;
  const one = (value: string, column: number, { bold = false, shaded = false, centre = false } = {}) => new TableCell({
    width: width(percents[column]!, whole), verticalAlign: VerticalAlign.CENTER,
    margins: { top: 50, bottom: 50, left: 90, right: 90 },
    ...(shaded ? { shading: { fill: HEAD } } : {}),
    children: value.split('\n').map((part) => new Paragraph({
      alignment: centre ? AlignmentType.CENTER : AlignmentType.LEFT, spacing: { line: 270, lineRule: LineRuleType.AUTO }, children: [new TextRun({ text: part, bold, size: 20 })],
    })),
  });
  return new Table({
    width: { size: Math.round(whole), type: WidthType.DXA }, columnWidths: percents.map((percent) => width(percent, whole).size), borders,
    rows: [
      ...(head ? [new TableRow({ tableHeader: true, cantSplit: true, children: head.map((value, column) => one(value, column, { bold: true, shaded: true, centre: true })) })] : []),
      ...rows.map((values, row) => new TableRow({
        cantSplit: true,
        children: values.map((value, column) => one(value, column, {
          bold: (boldLast && row === rows.length - 1) || (headColumn && column === 0), shaded: headColumn && column === 0, centre: centred.includes(column),
        })),
      })),
    ],
  });
}

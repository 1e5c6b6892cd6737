import { AlignmentType, Document, Footer, HeadingLevel, Packer, PageNumber, Paragraph, TextRun } from 'docx';
import type { CaseView } from '../kernel/view';
import { PAGE, STYLES, table } from '../procedures/diagnosis/report-parts';
import { articleInWords } from '../rulebook/articles';
import { begunWord, endedWord } from './case-words';
import { linesOf, moment } from './words';

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const heading = (text: string): Paragraph => new Paragraph({ text, heading: HeadingLevel.HEADING_1, keepNext: true });

/**
 * A case on paper, made from one reader's view of it and nothing else.
 * @param note who took it, when and what for: at the foot of every page
 */
export function caseDocument(view: CaseView, note: string): Promise<Buffer> {
  const partyName = (party: string): string | undefined => view.parties.find((one) => one.party === party)?.name;
  const facts = [
    ['案件编号', view.no], ['事项', `${view.title}（${articleInWords(view.article)}）`], ['状态', view.state.title],
    ...view.parties.map(({ title, name }) => [title, name || '—']),
    [begunWord(view.procedure), moment(view.openedAt)], ...(view.closedAt ? [[endedWord(view.procedure), moment(view.closedAt)]] : []),
    ...(view.clock ? [['时限', `${view.clock.label}，至 ${moment(view.clock.due)}（${view.clock.paused ? '已中止计时' : view.clock.inWords}）`]] : []),
    ...(view.links.length > 0 ? [['相关案件', view.links.map(({ no, relation }) => `${relation} ${no}`).join('\n')]] : []),
  ];
  const content = view.fields.map((field) => [field.label, linesOf(field, view.data[field.name], partyName).join('\n')]).filter(([, text]) => text !== '');
  const grey = (text: string) => new TextRun({ text, size: 16, color: '808080' });
  return Packer.toBuffer(new Document({
    title: `${view.title} ${view.no}`, creator: '数转通', styles: STYLES,
    sections: [{
      properties: { page: PAGE },
      footers: { default: new Footer({ children: [
        new Paragraph({ alignment: AlignmentType.CENTER, children: [grey(note)] }),
        new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ size: 16, color: '808080', children: ['第 ', PageNumber.CURRENT, ' 页，共 ', PageNumber.TOTAL_PAGES, ' 页'] })] }),
      ] }) },
      children: [
        new Paragraph({ text: view.title, heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER }),
        heading('一、基本情况'), table([22, 78], null, facts as string[][], { headColumn: true }),
        heading('二、内容与材料'), content.length > 0 ? table([22, 78], null, content as string[][], { headColumn: true }) : new Paragraph('没有可向您显示的内容。'),
        heading('三、经过'),
        table([8, 22, 38, 14, 18], ['序', '时间', '事项', '办理', '依据'], view.timeline.map(({ seq, at, title, by, note: said, articleInWords: article }) =>
          [String(seq), moment(at), said ? `${title}\n${said}` : title, by, article]), { centred: [0] }),
        new Paragraph({ spacing: { before: 240 }, children: [grey(`校验码 ${view.head}`)] }),
      ],
    }],
  }));
}

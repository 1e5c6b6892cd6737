import {
  AlignmentType, Document, Footer, Header, HeadingLevel, ImageRun, LineRuleType, Packer, PageNumber, Paragraph, Table, TextRun, WidthType,
} from 'docx';
import type { CaseView } from '../../kernel/view';
import { Refusal } from '../../kernel/refusal';
import type { DiagnosisScore } from '../../rulebook/metrics';
import { URGENCY, type Report } from './forms';
import { AREA_NAMES, AREAS, GRADE_NAMES, LEVEL_NAMES, METRICS_TITLE, QUESTIONS, SCENARIO_FACTS, SCENARIO_NAMES, SCENARIOS } from './questionnaire';
import { radarPng, radarSvg } from './radar';
import { cell, FONT, paragraphs, PAGE, STYLES, table } from './report-parts';

/** What a reader may see of an issued diagnosis. */
interface Seen {
  report: Report;
  result: DiagnosisScore;
  need?: string;
  disputes: { revision: number; on: string; reasons: string; reply?: string }[];
  decision?: string;
}

const heading = (text: string): Paragraph => new Paragraph({ text, heading: HeadingLevel.HEADING_1, keepNext: true });
const name = (view: CaseView, party: string): string => view.parties.find((one) => one.party === party)?.name ?? '';
const score = (points: number): string => String(Number(points.toFixed(3)));

/**
 * The diagnosis report as DOCX with all that 12.1 asks for: grade before, the eight areas, problem list, scenario list, scheme
 * and path. Made from what the reader sees and nothing else.
 * @throws Refusal NOT_FOUND while no report has been issued to this reader
 */
export async function diagnosisReport(view: CaseView): Promise<Buffer> {
  const { report, result, need, disputes = [], decision } = view.data as Partial<Seen>;
  if (!report || !result) throw new Refusal('NOT_FOUND', { detail: '诊断报告尚未出具' });
  const seen: Seen = { report, result, disputes, ...(need ? { need } : {}), ...(decision ? { decision } : {}) };
  const document = new Document({
    title: `${name(view, 'enterprise')}数字化诊断报告`, creator: name(view, 'provider'), styles: STYLES,
    sections: [{
      properties: { page: PAGE },
      headers: { default: new Header({ children: [new Paragraph({ alignment: AlignmentType.RIGHT, children: [new TextRun({ text: `数字化诊断报告 ${view.no}`, size: 18, color: '808080' })] })] }) },
      footers: { default: new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [
        new TextRun({ size: 18, color: '808080', children: ['第 ', PageNumber.CURRENT, ' 页，共 ', PageNumber.TOTAL_PAGES, ' 页'] })] })] }) },
      children: [
        new Paragraph({ text: '中小企业数字化诊断报告', heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER }),
        new Paragraph({ alignment: AlignmentType.CENTER, spacing: { after: 320 }, children: [new TextRun({ text: name(view, 'enterprise'), size: 30 })] }),
        heading('一、基本情况'), basics(view, seen),
        heading('二、诊断结论'), ...conclusion(seen),
        heading('三、评测得分'), ...scores(seen),
        heading('四、应用场景水平'), ...scenarios(seen),
        heading('五、八个方面的现状'), ...await areas(seen),
        heading('六、数字化改造问题清单'), problems(seen),
        heading('七、需求场景清单'), needs(seen),
        heading('八、实施方案'), ...paragraphs(report.scheme),
        heading('九、改造路径'), path(seen),
        heading('十、佐证材料'), ...proofs(seen),
        ...objections(seen),
        new Paragraph({ spacing: { before: 360 }, children: [new TextRun({
          text: `依据${METRICS_TITLE}评测，题目和水平要求为概括表述。核验码：${view.head}`, size: 18, color: '808080',
        })] }),
      ],
    }],
  });
  return Packer.toBuffer(document);
}

const basics = (view: CaseView, { report, need }: Seen): Table => table([22, 78], null, [
  ['企业', name(view, 'enterprise')],
  ['服务商', name(view, 'provider')],
  ['案件编号', `${view.no}（${view.state.title}）`],
  ['报告', `第 ${report.revision} 版，${report.issuedOn} 出具`],
  ['现场评测', `${report.visitedOn}，服务商：${report.visitors}；企业：${report.hosts}`],
  ...(need ? [['企业需求', need]] : []),
  ['评测依据', METRICS_TITLE],
], { headColumn: true });

function conclusion({ result }: Seen): (Paragraph | Table)[] {
  const { missingForNext: missing } = result;
  const lacks = missing && [
    ...(missing.points > 0 ? [`评测得分还差 ${score(missing.points)} 分`] : []),
    ...(missing.scenarios > 0 ? [`达到${LEVEL_NAMES[missing.grade]}的应用场景还差 ${missing.scenarios} 个`] : []),
    ...(missing.binding > 0 ? [`其中约束性场景还差 ${missing.binding} 个`] : []),
  ];
  return [
    new Paragraph({ spacing: { after: 120 }, children: [
      new TextRun('改造前数字化等级：'), new TextRun({ text: result.gradeName, bold: true, size: 28 }),
      new TextRun(`　评测得分 ${score(result.total)} 分（满分 100）`),
    ] }),
    new Paragraph(`按得分可达${GRADE_NAMES[result.gradeByScore]}，按应用场景可达${GRADE_NAMES[result.gradeByScenarios]}，等级须两项同时达到。`),
    ...(missing && lacks ? [
      new Paragraph(`距${GRADE_NAMES[missing.grade]}：${lacks.length > 0 ? `${lacks.join('，')}。` : '条件已具备。'}`),
      ...(missing.scenarios > 0 || missing.binding > 0
        ? [new Paragraph(`最接近的场景依次为：${missing.candidates.slice(0, 8).map((key) => `${SCENARIO_NAMES[key]}（现${LEVEL_NAMES[result.scenarioLevels[key]]}）`).join('、')}。`)] : []),
    ] : [new Paragraph('已达到最高等级。')]),
  ];
}

function scores({ report, result }: Seen): (Paragraph | Table)[] {
  const labels = (id: (typeof QUESTIONS)[number]['id']): string => {
    const chosen = [report.answers[id]].flat();
    const options = QUESTIONS.find((question) => question.id === id)!.options.filter((option) => chosen.includes(option.code));
    return options.map(({ code, label }) => `${code} ${label}`).join('；');
  };
  const figures = (id: (typeof QUESTIONS)[number]['id']): string =>
    Object.entries(report.figures[id] ?? {}).map(([label, value]) => `${label}：${value}`).join('；');
  return [
    table([40, 30, 30], ['维度', '得分', '满分'], [
      ['数字化基础', score(result.foundation), '50'], ['数字化管理', score(result.management), '30'],
      ['数字化成效', score(result.results), '20'], ['合计', score(result.total), '100'],
    ], { centred: [1, 2], boldLast: true }),
    new Paragraph({ spacing: { before: 160 } }),
    table([8, 30, 44, 18], ['题号', '题目', '评测情况', '得分／满分'], QUESTIONS.map(({ id, no, title, maxPoints }) => [
      String(no), title, [labels(id), figures(id)].filter(Boolean).join('\n'), `${score(result.perQuestion[id])}／${maxPoints}`,
    ]), { centred: [0, 3] }),
  ];
}

function scenarios({ report, result }: Seen): (Paragraph | Table)[] {
  return [
    new Paragraph('★ 为约束性场景，其余为指导性场景。'),
    table([8, 20, 16, 56], ['序号', '应用场景', '水平', '说明'], SCENARIOS.map((key) => {
      const { no, binding, levels } = SCENARIO_FACTS[key];
      const level = result.scenarioLevels[key];
      const reason = report.notApplicable.find(({ scenario }) => scenario === key)?.reason;
      return [String(no), `${SCENARIO_NAMES[key]}${binding ? ' ★' : ''}`, reason ? '不适用' : level === 0 ? '未达一级' : LEVEL_NAMES[level],
        reason ? `不适用：${reason}` : level === 0 ? '' : levels[level - 1]!];
    }), { centred: [0, 2] }),
  ];
}

async function areas({ report, result }: Seen): Promise<(Paragraph | Table)[]> {
  const side = 345;
  const chart = new ImageRun({
    type: 'svg', data: Buffer.from(radarSvg(result.radar, 'names')), transformation: { width: side, height: side },
    fallback: { type: 'png', data: await radarPng(result.radar) },
    altText: { name: 'radar', title: '八个方面雷达图', description: result.radar.map((axis) => `${axis.name} ${axis.mean.toFixed(2)}`).join('，') },
  });
  const legend = table([20, 50, 30], ['编号', '方面', '平均水平'],
    result.radar.map(({ name: area, mean }, index) => [String(index + 1), area, mean.toFixed(2)]), { centred: [0, 2], share: 37 });
  return [
    new Paragraph({ text: '各方面取所含应用场景水平（0 至 4 级）的平均值；图中各轴自上方起按顺时针，编号见表。', keepNext: true }),
    new Table({
      width: { size: PAGE.textWidth, type: WidthType.DXA }, columnWidths: [PAGE.textWidth * 0.6, PAGE.textWidth * 0.4].map(Math.round),
      borders: cell.noBorders, rows: [cell.row([[new Paragraph({ alignment: AlignmentType.CENTER, spacing: { line: 240, lineRule: LineRuleType.AUTO }, children: [chart] })], [legend, new Paragraph('')]], [60, 40])],
    }),
    ...AREAS.flatMap((key, index) => [
      new Paragraph({ spacing: { before: 120 }, keepNext: true, children: [new TextRun({ text: `${index + 1}. ${AREA_NAMES[key]}`, bold: true, font: FONT.heading })] }),
      ...paragraphs(report.findings[key] ?? ''),
    ]),
  ];
}

const problems = ({ report }: Seen): Table => table([8, 18, 56, 18], ['序号', '所属方面', '问题', '轻重缓急'],
  report.problems.map(({ area, text, urgency }, index) => [String(index + 1), AREA_NAMES[area], text, URGENCY[urgency]]), { centred: [0, 3] });

const needs = ({ report, result }: Seen): Table => table([8, 16, 44, 14, 18], ['序号', '应用场景', '需求', '现状→期望', '轻重缓急'],
  report.needs.map(({ scenario, need, targetLevel, urgency }, index) =>
    [String(index + 1), SCENARIO_NAMES[scenario], need, `${result.scenarioLevels[scenario]}→${targetLevel} 级`, URGENCY[urgency]]), { centred: [0, 3, 4] });

const path = ({ report }: Seen): Table => table([20, 44, 22, 14], ['阶段', '内容', '涉及场景', '预计'],
  report.path.map(({ stage, content, scenarios: keys, months }) => [stage, content, keys.map((key) => SCENARIO_NAMES[key]).join('、'), `${months} 个月`]), { centred: [3] });

function proofs({ report }: Seen): Paragraph[] {
  const proved = [
    ...QUESTIONS.filter(({ id }) => report.proofs[id]?.length).map(({ no, id }) => `第 ${no} 题 ${report.proofs[id]!.length} 份`),
    ...SCENARIOS.filter((key) => report.proofs[key]?.length).map((key) => `${SCENARIO_NAMES[key]} ${report.proofs[key]!.length} 份`),
  ];
  return [new Paragraph(`共 ${report.evidence.length} 份，存于案件之中${proved.length > 0 ? `；其中对应：${proved.join('，')}` : ''}。`)];
}

function objections({ disputes, decision }: Seen): (Paragraph | Table)[] {
  if (disputes.length === 0 && !decision) return [];
  return [
    heading('十一、异议与处理'),
    ...(disputes.length > 0 ? [table([18, 41, 41], ['报告版次', '企业异议', '服务商答复'],
      disputes.map(({ revision, on, reasons, reply }) => [`第 ${revision} 版\n${on}`, reasons, reply ?? '（待处理）']), { centred: [0] })] : []),
    ...(decision ? paragraphs(`市工信局处理意见：${decision}`) : []),
  ];
}

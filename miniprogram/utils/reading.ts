import { factsOf, type Fact, type Values } from '../forms/model';
import type { CaseView } from '../services/types';
import { PLAN_FIELDS, REPORT_FIELDS } from './described';
import { dayInWords, fenToYuan } from './format';

/** What a person must be able to read before they confirm it: a plan's version, or a diagnosis report. */
export interface Reading { title: string; lead: string[]; facts: Fact[]; hasDocument: boolean }

interface FromTo<T> { from: T; to: T }
interface Item { name: string; unitPriceFen: number; quantity: number }
interface Version { no: number; hash: string; totalFen: number; content: Values & { items: Item[] } }
interface Changes {
  from: number;
  items: { added: Item[]; removed: Item[]; changed: { name: string; amountFen: FromTo<number> | null }[] };
  money: Record<'totalFen' | 'enterpriseFen' | 'providerConcessionFen' | 'governmentFen', FromTo<number> | null>;
  targetGrade: FromTo<number> | null;
  schedule: { start: FromTo<string> | null; finish: FromTo<string> | null };
  others: string[];
}
interface Score { total: number; gradeName: string; foundation: number; management: number; results: number; radar: { name: string; mean: number }[] }

const MONEY: Record<keyof Changes['money'], string> = { totalFen: '总金额', enterpriseFen: '企业承担', providerConcessionFen: '服务商让利', governmentFen: '政府补助' };
const OTHERS: Record<string, string> = { effects: '预期成效', providerDuties: '服务商的权利义务', enterpriseDuties: '企业的权利义务', unmet: '未纳入的需求', attachments: '附件' };
const GRADES = ['无等级', '一级', '二级', '三级', '四级'];
const yuan = (fen: number): string => `${fenToYuan(fen)} 元`;
const row = (label: string, text: string): Fact => ({ label, text, files: [], rows: [] });

/** Null where the case has nothing of the kind, or this reader may not see it yet. */
export function readingOf({ procedure, data }: Pick<CaseView, 'procedure' | 'data'>): Reading | null {
  if (procedure === 'plan') return planOf(data);
  if (procedure === 'diagnosis') return reportOf(data);
  return null;
}

/** The version the plan's check code stands for: exactly what is confirmed (12.2). */
function planOf(data: Values): Reading | null {
  const version = ((data['versions'] ?? []) as Version[]).find(({ hash }) => hash === data['planHash']);
  if (!version) return null;
  const changes = data['changes'] as Changes | undefined;
  const facts = factsOf(PLAN_FIELDS, version.content, []);
  const items = facts.find(({ label }) => label === '改造清单');
  items?.rows.forEach((item, index) => {
    const { unitPriceFen, quantity } = version.content.items[index]!;
    item.rows.push(row('金额', yuan(unitPriceFen * quantity)));
  });
  return { title: `改造方案（第 ${version.no} 版）`, lead: [`总金额 ${yuan(version.totalFen)}`, ...(changes ? changesInWords(changes) : [])], facts, hasDocument: false };
}

function changesInWords({ from, items, money, targetGrade, schedule, others }: Changes): string[] {
  const moved = (label: string, change: FromTo<string> | null): string[] => (change ? [`${label}由${dayInWords(change.from)}改为${dayInWords(change.to)}`] : []);
  return [
    `与第 ${from} 版相比：`,
    ...Object.entries(MONEY).flatMap(([key, label]) => {
      const change = money[key as keyof typeof MONEY];
      return change ? [`${label}由 ${yuan(change.from)} 改为 ${yuan(change.to)}`] : [];
    }),
    ...items.added.map(({ name }) => `增加“${name}”`), ...items.removed.map(({ name }) => `去掉“${name}”`),
    ...items.changed.map(({ name, amountFen }) => (amountFen ? `“${name}”金额由 ${yuan(amountFen.from)} 改为 ${yuan(amountFen.to)}` : `“${name}”内容有修改`)),
    ...(targetGrade ? [`目标等级由${GRADES[targetGrade.from]}改为${GRADES[targetGrade.to]}`] : []),
    ...moved('开工日期', schedule.start), ...moved('完成日期', schedule.finish),
    ...others.map((other) => `${OTHERS[other] ?? other}有修改`),
  ];
}

function reportOf(data: Values): Reading | null {
  const report = data['report'] as Values | undefined;
  const score = data['result'] as Score | undefined;
  if (!report || !score) return null;
  return {
    title: `数字化诊断报告（第 ${String(report['revision'])} 次出具）`,
    lead: [`总分 ${score.total}，${score.gradeName}`, `数字化基础 ${score.foundation} 分，数字化管理 ${score.management} 分，数字化成效 ${score.results} 分`],
    facts: [{ ...row('八个方面的水平（0至4级）', ''), rows: score.radar.map(({ name, mean }) => row(name, mean.toFixed(1))) }, ...factsOf(REPORT_FIELDS, report, [])],
    hasDocument: true,
  };
}

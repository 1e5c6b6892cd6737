import type { Values } from '../forms/model';
import { gradeName, PLAN_FIELDS, scenarioName } from './described';
import { dayInWords, fenToYuan } from './format';
import { amountOf, SHARES, shareOf, type Share } from './plan';
import type { Changes } from './plan-differences';

/** A plan as its parties read it: every figure already in words, so that the template only sets type. */

export interface PlanItem {
  name: string; kind: string; product: string; function: string; purpose: string; scenarios: string[]; unitPriceFen: number; quantity: number;
}
export interface PlanContent {
  items: PlanItem[];
  split: Record<Share, number>;
  targetGrade: number;
  effects: { indicator: string; before: string; after: string }[];
  start: string;
  finish: string;
  providerDuties: string;
  enterpriseDuties: string;
  unmet?: { scenario: string; reason: string }[];
  attachments?: string[];
}
export interface PlanVersion { no: number; hash: string; at: string; totalFen: number; scenarios: string[]; content: PlanContent }

const KINDS = Object.fromEntries((PLAN_FIELDS.find(({ name }) => name === 'items')!.fields!.find(({ name }) => name === 'kind')!.options ?? [])
  .map(({ value, label }) => [value, label])) as Record<string, string>;
export const kindName = (kind: string): string => KINDS[kind] ?? kind;

const DAY_MS = 86_400_000;
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);

/** From the first day to the last, both counted. */
export const daysIn = (from: string, to: string): number => daysBetween(from, to) + 1;

/** Check codes are compared by eye: the first groups of four are enough to see a difference. */
export const codeInWords = (hash: string): string => (hash.slice(0, 16).match(/.{4}/g) ?? [hash]).join(' ');

export interface PlanReading {
  no: number;
  /** Whether this is the version under way: what is confirmed, and what the bureau reads. */
  isCurrent: boolean;
  code: string;
  total: string;
  shares: { label: string; amount: string; percent: string }[];
  grade: string;
  schedule: string;
  days: string;
  scenarios: string[];
  items: { name: string; kind: string; product: string; function: string; purpose: string; scenarios: string; sum: string; amount: string }[];
  effects: PlanContent['effects'];
  providerDuties: string;
  enterpriseDuties: string;
  unmet: { label: string; reason: string }[];
  attachments: string[];
}

export function planReading(version: PlanVersion, { gradeBefore, planHash }: { gradeBefore: number; planHash?: string }): PlanReading {
  const { content } = version;
  return {
    no: version.no, isCurrent: version.hash === planHash, code: codeInWords(version.hash), total: fenToYuan(version.totalFen),
    shares: (Object.keys(SHARES) as Share[]).map((share) => ({ label: SHARES[share], amount: fenToYuan(content.split[share]), percent: shareOf(content.split[share], version.totalFen) })),
    grade: `${gradeName(gradeBefore)} → ${gradeName(content.targetGrade)}`,
    schedule: `${dayInWords(content.start)}\n至 ${dayInWords(content.finish)}`, days: `共 ${daysIn(content.start, content.finish)} 天`,
    scenarios: version.scenarios.map(scenarioName),
    items: content.items.map((item) => ({
      name: item.name, kind: kindName(item.kind), product: item.product, function: item.function, purpose: item.purpose,
      scenarios: item.scenarios.map(scenarioName).join('、'),
      sum: `${fenToYuan(item.unitPriceFen)} × ${item.quantity}`, amount: fenToYuan(amountOf(item)!),
    })),
    effects: content.effects, providerDuties: content.providerDuties, enterpriseDuties: content.enterpriseDuties,
    unmet: (content.unmet ?? []).map(({ scenario, reason }) => ({ label: scenarioName(scenario), reason })),
    attachments: content.attachments ?? [],
  };
}

/** The parts of a plan's case that its pages read; which of them are there depends on the reader. */
export interface PlanData {
  diagnosis: string;
  gradeBefore: number;
  needs: { scenario: string; need: string; targetLevel: number }[];
  planHash?: string;
  versions: PlanVersion[];
  remarks?: { on: string; version: number; text: string }[];
  missing?: string[];
  decisions?: { on: string; version: number; result: string; reasons?: string }[];
  review?: { hash?: string; project: number; amount: number; effect: number; total: number; passed: boolean; opinions: { verdict: string; reasons: string }[] };
  approved?: { version: number; at: string };
  current?: { version: number };
  change?: { reason: string; on: string; material?: boolean; reasons?: { text: string }[] };
  noted?: { reason: string; on: string }[];
  changes?: Changes;
  /** Most points, by part, of an expert's sheet, and from how many on the mean passes. */
  marks?: { project: number; amount: number; effect: number; pass: number };
  /** For whoever writes a change: from where on it is filed anew. */
  refilingLimits?: { investmentPercent: number; delayDays: number };
  /** Of a change that waits for the enterprise: whether it must be filed anew, and why. */
  refiling?: { material: boolean; reasons: { text: string }[] };
}
export const planDataOf = (data: Values): PlanData => data as unknown as PlanData;

/** What was said about the plan on its way, newest last. `when` stands apart, so that no line breaks within a date. */
export interface Word { title: string; text: string; when?: string }
const VERDICTS: Record<string, string> = { passed: '通过', amend: '修改后通过', failed: '不通过' };

const outOf = (points: number, most?: number): string => (most === undefined ? `${points} 分` : `${points}/${most}`);
const kindOfChange = (material: boolean): string => (material ? '较大变动，重新备案' : '一般变更');

export function wordsAbout({ versions, planHash, marks, remarks = [], missing = [], decisions = [], review, change, noted = [], refiling }: PlanData): Word[] {
  const reviewed = versions.find(({ hash }) => hash === (review?.hash ?? planHash))?.no;
  return [
    ...remarks.map(({ on, version, text }) => ({ title: `企业对第 ${version} 版的意见`, when: dayInWords(on), text })),
    ...(missing.length > 0 ? [{ title: '工信局一次性告知需要补正', text: missing.map((one, index) => `${index + 1}. ${one}`).join('\n') }] : []),
    ...(review ? [
      {
        title: `专家${reviewed ? `对第 ${reviewed} 版` : ''}的审核：平均 ${review.total} 分，${review.passed ? '通过' : '未通过'}`,
        text: `改造项目 ${outOf(review.project, marks?.project)}，改造金额 ${outOf(review.amount, marks?.amount)}，预期成效 ${outOf(review.effect, marks?.effect)}${marks ? `；平均 ${marks.pass} 分以上通过` : ''}`,
      },
      ...review.opinions.map(({ verdict, reasons }, index) => ({ title: `专家 ${index + 1}：${VERDICTS[verdict] ?? ''}`, text: reasons })),
    ] : []),
    ...decisions.map(({ on, version, result, reasons }) => ({ title: `工信局对第 ${version} 版：${result}`, when: dayInWords(on), text: reasons ?? '' })),
    ...noted.map(({ on, reason }) => ({ title: '一般变更，已登记备查', when: dayInWords(on), text: reason })),
    ...(change && !noted.some(({ on, reason }) => on === change.on && reason === change.reason) ? [{
      title: refiling ? `提出变更（${kindOfChange(refiling.material)}）` : change.material ? kindOfChange(true) : '提出变更', when: dayInWords(change.on),
      text: [change.reason, ...(refiling?.reasons ?? change.reasons ?? []).map((one) => one.text)].join('\n'),
    }] : []),
  ];
}

/** A version by what it is: the one in force, the one that waits; «当前» only while nothing is in force yet. */
export function versionLabel({ no, hash }: PlanVersion, { planHash, current, approved }: PlanData): string {
  const inForce = current?.version ?? approved?.version;
  const is = no === inForce ? (approved && no !== approved.version ? '（已登记备查，现行）' : '（已备案，现行）') : hash !== planHash ? '' : inForce === undefined ? '（当前）' : '（变更，未生效）';
  return `第 ${no} 版${is}`;
}

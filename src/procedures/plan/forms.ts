import Joi from 'joi';
import {
  agreed, caseNo, choice, choices, day, files, form, group, level, line, list, longText, moneyFen, optional, structure, whole,
} from '../../kernel/fields';
import type { Field, Values } from '../../kernel/fields';
import metricsJson from '../../rulebook/data/metrics.json';
import { EXPERT_REVIEW, type RecusalGround, type RefilingCode } from '../../rulebook/forms';
import type { AreaKey, Level, Missing, ScenarioKey } from '../../rulebook/metrics';

export const KINDS = { software: '软件', hardware: '硬件', service: '服务' } as const;
// JSON keys widen to string in Object.entries.
export const SCENARIO_NAMES = Object.fromEntries(Object.entries(metricsJson.scenarios).map(([key, { name }]) => [key, name])) as Record<ScenarioKey, string>;
export const GRADES = { 1: '一级', 2: '二级', 3: '三级', 4: '四级' };

/** The plan both sides agree on (12.2: content and cost, effects, time, rights and duties; 15.5: complete items). */
export const content = {
  items: list('改造清单', {
    name: line('名称', { max: 80 }),
    kind: choice('类别', KINDS),
    product: line('产品名称', { max: 80, hint: '所用产品或服务的名称、版本；自行开发的写“定制开发”' }),
    function: longText('功能', { max: 500 }),
    purpose: longText('用途', { max: 500 }),
    scenarios: choices('覆盖场景', SCENARIO_NAMES, { min: 0 }),
    unitPriceFen: moneyFen('单价', { max: 1_000_000_000 }),
    quantity: whole('数量', { min: 1, max: 10_000 }),
  }, { min: 1, max: 100 }),
  split: group('费用分担', {
    enterpriseFen: moneyFen('企业承担'),
    providerConcessionFen: moneyFen('服务商让利'),
    governmentFen: moneyFen('政府补助', { hint: '拟申请的补助，以实际核定为准' }),
  }),
  targetGrade: level('目标等级', GRADES),
  effects: list('预期成效', {
    indicator: line('指标', { max: 80, hint: '可以核验的指标，如“订单准时交付率”' }),
    before: line('改造前', { max: 60 }),
    after: line('改造后', { max: 60 }),
  }, { min: 1, max: 30 }),
  start: day('开工日期', { hint: '不早于今天；备案通过并签订合同后方可开工' }),
  finish: day('完成日期'),
  providerDuties: longText('服务商的权利义务', { min: 10, max: 3000 }),
  enterpriseDuties: longText('企业的权利义务', { min: 10, max: 3000 }),
  unmet: optional(list('未纳入的需求', {
    scenario: choice('应用场景', SCENARIO_NAMES),
    reason: longText('说明', { min: 5, max: 500 }),
  }, { min: 0, max: 16, hint: '诊断列出而本方案没有覆盖的场景，逐一说明原因' })),
  attachments: optional(files('附件', { min: 0, max: 20 })),
};
export const CONTENT_FIELDS = Object.keys(content) as (keyof typeof content)[];

export type PlanContent = Values<typeof content>;
export type Item = PlanContent['items'][number];
export type Split = PlanContent['split'];

/** One version as the enterprise is shown it; `hash` stands for its content to the letter. Money in fen. */
export interface Version {
  no: number;
  hash: string;
  /** ISO instant. */
  at: string;
  provider: string;
  totalFen: number;
  /** Union over the items, in the order of the metrics. */
  scenarios: ScenarioKey[];
  content: PlanContent;
}

/** What contract and acceptance build on. */
export interface Approved {
  version: number;
  hash: string;
  totalFen: number;
  split: Split;
  scenarios: ScenarioKey[];
  targetGrade: number;
  start: string;
  finish: string;
  /** ISO instant of the approval. */
  at: string;
}

/** A need of the diagnosis report. */
export interface Need { scenario: ScenarioKey; need: string; targetLevel: Level }
/** A problem the diagnosis found: what the experts compare the plan with. */
export interface Problem { area: AreaKey; text: string; urgency: string }

export interface Hint { code: string; article: string; text: string; item?: string }
export interface MaterialReason { code: RefilingCode; text: string }
/** A change after approval, and why it must be filed anew or may simply be noted (12.3). */
export interface Change {
  reason: string;
  on: string;
  /** Numbers of the versions. */
  from: number;
  to: number;
  fromHash: string;
  toHash: string;
  material?: boolean;
  reasons?: MaterialReason[];
}

/** A draw, with all that is needed to repeat it. */
export interface Draw {
  on: string;
  /** Why one or some seats were drawn later than the panel. */
  why?: string;
  seed: string;
  size: number;
  /** Who could be drawn, and whether an expert of the sub-sector (these come first). */
  eligible: { person: string; near: boolean }[];
  /** Who was left out for a relation to a party or to the matter. */
  excluded: string[];
  drawn: string[];
}

export type Verdict = keyof typeof EXPERT_REVIEW.planResults;
/** `hash`: the version it is about. */
export interface Sheet { person: string; hash: string; project: number; amount: number; effect: number; verdict: Verdict; reasons: string }
/** What the panel says of one version once all sheets are in; sheets in an order that does not give their writers away. */
export interface Review {
  version: number;
  project: number;
  amount: number;
  effect: number;
  total: number;
  verdicts: Record<Verdict, number>;
  verdict: Verdict;
  passed: boolean;
  opinions: Omit<Sheet, 'person' | 'hash'>[];
  hash: string;
}

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());

const drafted = Object.fromEntries(Object.entries(content).map(([name, field]) => [name, optional(field as never)])) as
  unknown as { [K in keyof typeof content]: ReturnType<typeof optional<NonNullable<(typeof content)[K]['value']>>> };

export const data = {
  diagnosis: caseNo('诊断编号', { of: { procedure: 'diagnosis', state: 'confirmed' } }),
  gradeBefore: level('改造前等级', { 0: '无等级', ...GRADES }),
  change: optional(written<Change>('变更', 'plan-change')),
  missing: optional(written<string[]>('一次性告知的缺少材料', 'plan-missing')),
  review: optional(written<Review>('专家审核结果', 'plan-review')),
  hints: optional(written<Hint[]>('审核提示', 'plan-hints')),
  problems: written<Problem[]>('诊断发现的问题', 'plan-problems'),
  needs: written<Need[]>('诊断列出的需求场景', 'plan-needs'),
  lacks: optional(written<Missing>('诊断时距下一等级', 'plan-lacks')),
  ...drafted,
  planHash: optional(line('方案校验码', { max: 64, hint: '代表这一版方案的全部内容，确认时须与所看到的一致' })),
  versions: written<Version[]>('方案版本', 'plan-versions'),
  remarks: written<{ on: string; version: number; text: string }[]>('企业修改意见', 'plan-remarks'),
  draws: written<Draw[]>('专家抽取记录', 'plan-draws'),
  sheets: written<Sheet[]>('专家评分', 'plan-sheets'),
  decisions: written<{ on: string; version: number; result: string; reasons?: string }[]>('审核决定', 'plan-decisions'),
  approved: optional(written<Approved>('通过备案的方案', 'plan-approved')),
  current: optional(written<Approved>('现行方案', 'plan-approved')),
  noted: written<Change[]>('登记的一般变更', 'plan-noted'),
  heldContracts: optional(written<string[]>('因重新备案暂停的合同', 'plan-held')),
};

export const openForm = form({ diagnosis: data.diagnosis });
/** While drafting, null takes back what was saved before. */
export const saveForm = form(Object.fromEntries(Object.entries(drafted).map(([name, { schema }]) => [name, { schema: schema.allow(null), isOptional: true }])) as
  unknown as { [K in keyof typeof content]: Field<NonNullable<(typeof content)[K]['value']> | null, true> });
export const confirmForm = form({ planHash: line('方案校验码', { max: 64, hint: '所看到的那一版方案的校验码' }) });
export const sendBackForm = form({ remarks: longText('修改意见', { min: 4, max: 1000, hint: '写明要修改的内容，将告知服务商' }) });
export const refuseChangeForm = form({ remarks: longText('不同意的原因', { min: 4, max: 1000, hint: '如完成时间最多可以推迟到哪一天；将告知服务商' }) });
export const acceptForm = form({
  complete: agreed('备案材料齐全，提交专家审核', { hint: '方案应写明改造内容及费用、预期成效、实施时间、双方权利义务，附件齐全' }),
});
export const supplementForm = form({
  missing: list('缺少或有误的材料', { what: line('需要补正的内容', { min: 2, max: 200 }) }, { min: 1, max: 20, hint: '请一次列全，本轮只能告知一次' }),
});
const { project, amount, effect } = EXPERT_REVIEW.plan;
export const scoreForm = form({
  noConflict: agreed('本人与企业、服务商及本项目没有利害关系'),
  project: whole(`${project.name}：${project.text}`, { max: project.max, unit: '分' }),
  amount: whole(`${amount.name}：${amount.text}`, { max: amount.max, unit: '分' }),
  effect: whole(`${effect.name}：${effect.text}`, { max: effect.max, unit: '分' }),
  verdict: choice('审核意见', EXPERT_REVIEW.planResults, { hint: '合计低于通过线的，不能选“通过”；平均分低于通过线，或多数意见不是“通过”的，不能通过备案' }),
  reasons: longText('理由', { min: 10, max: 1000, hint: '不通过或修改后通过的，写明要改什么。备案决定作出后，不署名告知企业和服务商' }),
});
export const stepAsideForm = form({ ground: choice('回避事由', EXPERT_REVIEW.recusal as Record<RecusalGround, string>) });
export const approveForm = form({ opinion: optional(longText('意见', { max: 1000, hint: '将告知双方' })) });
export const reasonsForm = form({ reasons: longText('理由', { min: 5, max: 1000, hint: '将告知双方' }) });
export const changeForm = form({ reason: longText('变更原因', { min: 5, max: 1000, hint: '将告知企业' }) });
export const withdrawForm = form({ reason: optional(line('原因', { max: 200, hint: '将告知双方' })) });

import Joi from 'joi';
import {
  agreed, choice, choices, day, files, form, group, level, line, list, longText, optional, organisation, pick, structure, whole, yesNo,
} from '../../kernel/fields';
import type { Field, Values } from '../../kernel/fields';
import type { DiagnosisAnswers, DiagnosisScore } from '../../rulebook/metrics';
import {
  AREA_NAMES, AREAS, QUESTIONS, SCENARIOS, SCENARIO_NAMES, answersSchema, figuresSchema, proofsSchema, type Figures, type PartialAnswers, type Proofs,
} from './questionnaire';

export const CHOSEN_BY = { enterprise: '企业自选', matched: '系统推荐', desk: '工信局协调' } as const;
export const URGENCY = { high: '急需解决', middle: '近期解决', low: '逐步解决' } as const;
const TARGET_LEVELS = { 1: '一级', 2: '二级', 3: '三级', 4: '四级' };

/** What the provider fills in step by step; 12.1 names its parts. */
export const draft = {
  visitedOn: day('现场评测日期', { hint: '到企业现场评测的日期，不早于企业申请日、不晚于今天' }),
  visitors: line('服务商评测人员', { max: 200, hint: '姓氏和岗位，如“王工（实施顾问）”；请不要填写证件号和手机号' }),
  hosts: line('企业陪同人员', { max: 200, hint: '姓氏和岗位；请不要填写证件号和手机号' }),
  answers: structure<PartialAnswers>('评测问卷', 'diagnosis-questionnaire', answersSchema),
  figures: structure<Figures>('评测数据', 'diagnosis-figures', figuresSchema),
  evidence: files('佐证材料', { min: 0, max: 60 }),
  proofs: structure<Proofs>('材料与题目对应', 'diagnosis-proofs', proofsSchema),
  notApplicable: list('不适用的场景', {
    scenario: choice('应用场景', SCENARIO_NAMES),
    reason: line('不适用的原因', { min: 4, max: 200 }),
  }, { min: 0, max: 16, hint: '不适用的场景按0级计，并写明原因' }),
  findings: group('八个方面的现状', Object.fromEntries(Object.entries(AREA_NAMES).map(([key, name]) =>
    [key, optional(longText(name, { min: 5, max: 1500 }))]))),
  problems: list('数字化改造问题清单', {
    area: choice('所属方面', AREA_NAMES),
    text: longText('问题', { min: 5, max: 500 }),
    urgency: choice('轻重缓急', URGENCY),
  }, { min: 0, max: 60 }),
  needs: list('需求场景清单', {
    scenario: choice('应用场景', SCENARIO_NAMES),
    need: longText('需求', { min: 5, max: 500 }),
    targetLevel: level('期望水平', TARGET_LEVELS),
    urgency: choice('轻重缓急', URGENCY),
  }, { min: 0, max: 16 }),
  scheme: longText('实施方案', { min: 20, max: 5000, hint: '总体思路、建设内容、预期效果' }),
  path: list('改造路径', {
    stage: line('阶段', { max: 60 }),
    content: longText('内容', { min: 5, max: 1000 }),
    scenarios: choices('涉及场景', SCENARIO_NAMES, { min: 0 }),
    months: whole('预计月数', { min: 1, max: 36, unit: '个月' }),
  }, { min: 0, max: 12 }),
};

/** A report as issued: a copy that later drafting cannot touch. */
export interface Report {
  revision: number;
  issuedOn: string;
  visitedOn: string;
  visitors: string;
  hosts: string;
  answers: DiagnosisAnswers;
  figures: Figures;
  evidence: string[];
  proofs: Proofs;
  notApplicable: Values<typeof draft>['notApplicable'];
  findings: Record<string, string>;
  problems: Values<typeof draft>['problems'];
  needs: Values<typeof draft>['needs'];
  scheme: string;
  path: Values<typeof draft>['path'];
}

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());

const drafted = Object.fromEntries(Object.entries(draft).map(([name, field]) => [name, optional(field as never)])) as
  unknown as { [K in keyof typeof draft]: ReturnType<typeof optional<NonNullable<(typeof draft)[K]['value']>>> };

export const data = {
  provider: optional(organisation('诊断服务商')),
  need: longText('诊断需求', { min: 5, max: 1000, hint: '主要产品和设备、想解决的问题' }),
  contact: optional(line('联系安排', { max: 200, hint: '联系部门、单位电话、方便上门的时间；请不要填写个人手机号和证件号' })),
  chosenBy: choice('选定方式', CHOSEN_BY),
  coordination: optional(longText('协调说明', { min: 5, max: 300, hint: '说明为何推荐这家服务商，将告知双方' })),
  former: written<{ provider: string; name: string; why: string; on: string }[]>('未承接的服务商', 'diagnosis-former'),
  ...drafted,
  result: optional(written<DiagnosisScore>('评测结果', 'diagnosis-result')),
  report: optional(written<Report>('数字化诊断报告', 'diagnosis-report')),
  issued: written<{ revision: number; on: string; total: number; grade: number }[]>('历次报告', 'diagnosis-issues'),
  disputes: written<{ revision: number; on: string; reasons: string; reply?: string }[]>('异议与答复', 'diagnosis-disputes'),
  silent: optional(yesNo('企业逾期未确认')),
  decision: optional(longText('处理意见', { min: 5, max: 2000 })),
};

export const requestForm = form({ ...pick(data, 'need', 'contact'), provider: optional(organisation('选择服务商', { hint: '不选，则由系统在服务商库中推荐一家' })) });
export const chooseForm = form({ provider: optional(organisation('选择服务商', { hint: '不选，则由系统另行推荐一家' })) });
export const declineForm = form({ reason: longText('原因', { min: 4, max: 300, hint: '将告知企业' }) });
export const assignForm = form({
  provider: organisation('服务商'),
  reason: longText('协调说明', { min: 5, max: 300, hint: '说明为何推荐这家服务商，将告知双方' }),
});

/** While drafting, null takes back what was saved before: a field, or one answer, figure or finding. */
const erasable = <T>(field: Field<T>, ...keys: string[]): Field<T | null, true> =>
  ({ schema: (keys.length > 0 ? (field.schema as Joi.ObjectSchema).fork(keys, (key) => key.allow(null)) : field.schema).optional().allow(null), isOptional: true });
const KEYS: Partial<Record<keyof typeof draft, string[]>> = {
  answers: [...QUESTIONS.map(({ id }) => id), ...SCENARIOS.map((key) => `scenarios.${key}`)],
  figures: QUESTIONS.filter(({ fields }) => fields.length > 0).map(({ id }) => id),
  proofs: [...QUESTIONS.map(({ id }) => id), ...SCENARIOS],
  findings: AREAS,
};
export const saveForm = form(Object.fromEntries(Object.entries(draft).map(([name, field]) => [name, erasable(field as Field<unknown>, ...(KEYS[name as keyof typeof draft] ?? []))])) as
  unknown as { [K in keyof typeof draft]: Field<NonNullable<(typeof draft)[K]['value']> | null, true> });
export const issueForm = form({
  onSite: agreed('已到企业现场评测，报告内容真实'),
  reply: optional(longText('对异议的答复', { min: 5, max: 2000, hint: '重新出具报告时必填；将告知企业' })),
});
export const disputeForm = form({ reasons: longText('异议理由', { min: 5, max: 1000, hint: '指出哪些内容与实际不符' }) });
export const settleForm = form({
  result: choice('处理结果', { confirm: '报告成立', revise: '退回服务商修订' }),
  decision: longText('处理意见', { min: 5, max: 2000, hint: '事实和理由，将告知双方' }),
});
export const withdrawForm = form({ reason: optional(line('原因', { max: 200, hint: '将告知服务商' })) });

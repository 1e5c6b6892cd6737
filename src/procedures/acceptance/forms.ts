import Joi from 'joi';
import { agreed, caseNo, choice, choices, day, files, form, level, line, list, longText, offered, optional, structure, whole, yesNo } from '../../kernel/fields';
import type { DiagnosisAnswers, DiagnosisScore, Grade, Level, ScenarioKey } from '../../rulebook/metrics';
import { CONDITIONS, DOCUMENTS, GRADES, ON_SITE, type Condition, type Document } from '../acceptance-documents';

export const RESULTS = { passed: '通过验收', failed: '未通过验收' } as const;
export const STEP_ASIDE = { related: '与企业或服务商有利害关系', served: '曾为本项目提供服务', other: '其他可能影响公正的情形' } as const;

/** What the agency found on site. `gradeAfter` by the 2024 metrics; `score` where the questionnaire was filled in. */
export interface Finding {
  result: keyof typeof RESULTS;
  gradeAfter: Grade;
  /** Conditions of the batch that it does not meet. */
  unmet: Condition[];
  problems: { text: string; advice: string }[];
  conditions: Condition[];
  opinion: string;
  visitedOn: string;
  onSite: (keyof typeof ON_SITE)[];
  photos: string[];
  answers?: DiagnosisAnswers;
  score?: DiagnosisScore;
  round: number;
}
/** One application in one batch and what came of it; `result` is there once it is confirmed. */
export interface Round { round: number; batch: string; appliedOn: string; result?: keyof typeof RESULTS; gradeAfter?: Grade; confirmedOn?: string }
/** Who inspected, how chosen, and why no longer. Without a login where it was appointed before logins were kept. */
export interface Assignment { login?: string; person: string; on: string; round: number; by: 'lot' | 'desk'; out?: 'conflict' | 'overrun' }
export interface Rectification { on: string; by: 'enterprise' | 'provider'; text: string; files: string[] }

/** What was there before and what the plan promised, scenario by scenario: beside it the agency finds. `targetLevel` where the diagnosis named a need. */
export interface Baseline { scenario: ScenarioKey; levelBefore: Level; inPlan: boolean; targetLevel?: Level }

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());

const papers = Object.fromEntries(Object.entries(DOCUMENTS).map(([key, name]) =>
  [key, optional(files(name, { min: 1, max: 20, ...(key === 'contractCopy' ? { hint: '不上传的，取用在本系统签订的合同' } : {}) }))])) as
  Record<Document, ReturnType<typeof optional<string[]>>>;
const batch = optional(caseNo('验收批次编号', { of: { procedure: 'batch', state: 'open' }, hint: '不填的，为正在接受申请的最近一批' }));
const truthful = agreed('申报材料真实、完整');

/** In the order in which each step reads it: what it is about, what came of it, the papers, and then what lies behind. */
export const data = {
  contract: caseNo('合同编号', { of: { procedure: 'contract', state: 'delivered' } }),
  batch: caseNo('验收批次编号'),
  nextBatch: optional(caseNo('可以申请的下一批次', { of: { procedure: 'batch', state: 'open' } })),
  gradeBefore: level('改造前等级', GRADES),
  targetGrade: level('目标等级', GRADES),
  late: optional(yesNo('竣工后超过规定时间申请')),
  rejection: optional(longText('不予受理原因', { min: 5, max: 1000 })),
  unrectified: optional(yesNo('逾期未完成整改')),
  finding: optional(written<Finding>('验收结果', 'acceptance-finding')),
  reported: optional(written<Finding>('验收机构意见', 'acceptance-finding')),
  sentBack: optional(longText('退回查验的原因', { min: 5, max: 1000 })),
  rectifications: written<Rectification[]>('整改记录', 'acceptance-rectifications'),
  missing: optional(written<{ round: number; items: string[] }>('一次性告知的补正内容', 'acceptance-missing')),
  explanation: optional(longText('补正说明', { min: 2, max: 1000 })),
  required: choices('本批次要求的材料', DOCUMENTS, { min: 0 }),
  ...papers,
  conditions: choices('验收条件', CONDITIONS, { min: 0 }),
  round: whole('申请轮次', { min: 1 }),
  rounds: written<Round[]>('历次申请', 'acceptance-rounds'),
  agencies: written<Assignment[]>('验收机构指定记录', 'acceptance-agencies'),
  baseline: optional(written<Baseline[]>('各场景改造前水平、是否列入方案和诊断期望水平', 'acceptance-baseline')),
  before: optional(written<DiagnosisScore>('改造前评测结果', 'diagnosis-result')),
};

export const applyForm = form({ contract: data.contract, batch, ...papers, truthful });
export const reapplyForm = form({ batch, ...papers, truthful });
export const batchForm = form({ batch: caseNo('验收批次编号') });
export const answerForm = form({ ...papers, explanation: longText('补正说明', { min: 2, max: 1000 }) });
export const supplementForm = form({
  missing: list('缺少或有误的材料', { what: line('需要补正的内容', { min: 2, max: 200, hint: '写明是哪份材料、缺什么或错在哪里' }) }, { min: 1, max: 20, hint: '请一次列全，本轮只能告知一次' }),
});
export const rejectForm = form({ rejection: longText('不予受理原因', { min: 5, max: 1000, hint: '将告知企业和服务商；请写明原因和企业可以怎么办' }) });
const agency = optional(offered('验收机构', { hint: '列出的是与本项目没有利害关系、当前在岗的验收机构' }));
export const acceptForm = form({ complete: agreed('申报材料齐全'), agency });
export const assignForm = form({ agency });
export const stepAsideForm = form({ ground: choice('回避事由', STEP_ASIDE) });
export const findForm = form({
  noConflict: agreed('本机构与企业、服务商及本项目没有利害关系'),
  visitedOn: day('现场查验日期', { hint: '在企业申请之后、今天之前（含当天）' }),
  onSite: choices('现场查验内容', ON_SITE, { hint: '通过验收须全部完成' }),
  answers: optional(structure<DiagnosisAnswers>('改造后评测问卷', 'diagnosis-questionnaire', Joi.object())),
  gradeAfter: level('改造后等级', GRADES, { hint: '按2024年版评测指标现场评测；填写了问卷的，以问卷计算的等级为准' }),
  conditions: choices('符合的验收条件', CONDITIONS, { min: 0, hint: '逐项核对后勾选；没有勾选的，记为不符合。全部符合才能通过' }),
  result: choice('查验结论', RESULTS),
  problems: list('存在的问题', {
    text: longText('问题', { min: 4, max: 500 }),
    advice: longText('整改要求', { min: 4, max: 500 }),
  }, { min: 0, max: 30, hint: '查验结论为“通过验收”的可以不填；“未通过验收”的，逐条写明问题和整改要求' }),
  opinion: longText('查验意见', { min: 10, max: 3000 }),
  photos: files('现场查验材料', { min: 0, max: 30 }),
});
export const sendBackForm = form({ sentBack: longText('退回原因', { min: 5, max: 1000 }) });
export const rectifyForm = form({
  text: longText('整改情况', { min: 10, max: 3000, hint: '对照问题逐项说明' }),
  files: files('整改材料', { min: 0, max: 20 }),
});

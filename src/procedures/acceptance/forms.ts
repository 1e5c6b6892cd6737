import Joi from 'joi';
import { agreed, caseNo, choice, choices, day, files, form, level, line, list, longText, offered, optional, structure, whole, yesNo } from '../../kernel/fields';
import type { DiagnosisAnswers, DiagnosisScore, Grade, Level, ScenarioKey } from '../../rulebook/metrics';
import { CONDITIONS, DOCUMENTS, ON_SITE, type Condition, type Document } from '../acceptance-documents';

export const GRADES = { 0: '无等级', 1: '一级', 2: '二级', 3: '三级', 4: '四级' };
export const RESULTS = { passed: '通过验收', failed: '未通过验收' } as const;
export const STEP_ASIDE = { related: '与企业或服务商有利害关系', served: '曾为本项目提供服务', other: '其他可能影响公正的情形' } as const;

/** What the agency found on site. `gradeAfter` by the 2024 metrics; `score` where the questionnaire was filled in. */
export interface Finding {
  round: number;
  result: keyof typeof RESULTS;
  visitedOn: string;
  onSite: (keyof typeof ON_SITE)[];
  gradeAfter: Grade;
  conditions: Condition[];
  problems: { text: string; advice: string }[];
  opinion: string;
  photos: string[];
  answers?: DiagnosisAnswers;
  score?: DiagnosisScore;
}
/** One application in one batch and what came of it; `result` is there once it is confirmed. */
export interface Round { round: number; batch: string; appliedOn: string; result?: keyof typeof RESULTS; gradeAfter?: Grade; confirmedOn?: string }
/** Who inspected, how chosen, and why no longer. */
export interface Assignment { person: string; on: string; round: number; by: 'lot' | 'desk'; out?: 'conflict' | 'overrun' }
export interface Rectification { on: string; by: 'enterprise' | 'provider'; text: string; files: string[] }

/** What was there before and what the plan promised, scenario by scenario: beside it the agency finds. `targetLevel` where the diagnosis named a need. */
export interface Baseline { scenario: ScenarioKey; levelBefore: Level; inPlan: boolean; targetLevel?: Level }

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());

const papers = Object.fromEntries(Object.entries(DOCUMENTS).map(([key, name]) => [key, optional(files(name, { min: 1, max: 20 }))])) as
  Record<Document, ReturnType<typeof optional<string[]>>>;
const batch = optional(caseNo('验收批次编号', { of: { procedure: 'batch', state: 'open' }, hint: '不填的，为正在接受申请的最近一批' }));
const truthful = agreed('申报材料真实、完整');

export const data = {
  contract: caseNo('合同编号', { of: { procedure: 'contract', state: 'delivered' } }),
  batch: caseNo('验收批次编号'),
  gradeBefore: level('改造前等级', GRADES),
  targetGrade: level('目标等级', GRADES),
  baseline: optional(written<Baseline[]>('各场景改造前水平和方案目标', 'acceptance-baseline')),
  before: optional(written<DiagnosisScore>('改造前评测结果', 'diagnosis-result')),
  required: choices('本批次要求的材料', DOCUMENTS, { min: 0 }),
  conditions: choices('验收条件', CONDITIONS, { min: 0 }),
  ...papers,
  late: optional(yesNo('竣工后超过规定时间申请')),
  round: whole('申请轮次', { min: 1 }),
  rounds: written<Round[]>('历次申请', 'acceptance-rounds'),
  missing: optional(written<{ round: number; items: string[] }>('一次性告知的补正内容', 'acceptance-missing')),
  explanation: optional(longText('补正说明', { min: 2, max: 1000 })),
  rejection: optional(longText('不予受理原因', { min: 5, max: 1000 })),
  agencies: written<Assignment[]>('验收机构指定记录', 'acceptance-agencies'),
  reported: optional(written<Finding>('验收机构意见', 'acceptance-finding')),
  sentBack: optional(longText('退回查验的原因', { min: 5, max: 1000 })),
  finding: optional(written<Finding>('验收结果', 'acceptance-finding')),
  rectifications: written<Rectification[]>('整改记录', 'acceptance-rectifications'),
  unrectified: optional(yesNo('逾期未完成整改')),
};

export const applyForm = form({ contract: data.contract, batch, ...papers, truthful });
export const reapplyForm = form({ batch, ...papers, truthful });
export const answerForm = form({ ...papers, explanation: longText('补正说明', { min: 2, max: 1000 }) });
export const supplementForm = form({
  missing: list('缺少或有误的材料', { what: line('需要补正的内容', { min: 2, max: 200 }) }, { min: 1, max: 20, hint: '请一次列全，本轮只能告知一次' }),
});
export const rejectForm = form({ rejection: longText('不予受理原因', { min: 5, max: 1000, hint: '将告知企业；材料齐备后可在下一批次申请' }) });
const agency = optional(offered('验收机构', { hint: '列出的是与本项目没有利害关系的验收机构；不选的，从中抽签确定' }));
export const acceptForm = form({ complete: agreed('申报材料齐全'), agency });
export const assignForm = form({ agency });
export const stepAsideForm = form({ ground: choice('回避事由', STEP_ASIDE) });
export const findForm = form({
  noConflict: agreed('本机构与企业、服务商及本项目没有利害关系'),
  visitedOn: day('现场查验日期'),
  onSite: choices('现场查验内容', ON_SITE),
  result: choice('查验结论', RESULTS),
  gradeAfter: level('改造后等级', GRADES, { hint: '按《中小企业数字化水平评测指标（2024年版）》现场评测' }),
  answers: optional(structure<DiagnosisAnswers>('改造后评测问卷', 'diagnosis-questionnaire', Joi.object())),
  conditions: choices('符合的验收条件', CONDITIONS, { min: 0 }),
  problems: list('存在的问题', {
    text: longText('问题', { min: 4, max: 500 }),
    advice: longText('整改要求', { min: 4, max: 500 }),
  }, { min: 0, max: 30, hint: '未通过的必须写明' }),
  opinion: longText('查验意见', { min: 10, max: 3000 }),
  photos: files('现场查验材料', { min: 0, max: 30 }),
});
export const sendBackForm = form({ sentBack: longText('退回原因', { min: 5, max: 1000 }) });
export const rectifyForm = form({
  text: longText('整改情况', { min: 10, max: 3000, hint: '对照问题逐项说明' }),
  files: files('整改材料', { min: 0, max: 20 }),
});

import { choices, day, form, line, longText, optional, pick, whole } from '../../kernel/fields';
import { CONDITIONS, DOCUMENTS } from '../acceptance-documents';

/** In the order in which a notice is read: until when, with what, how judged. */
export const data = {
  title: line('批次名称', { min: 4, max: 80, hint: '如“2026年第三批改造项目验收”' }),
  until: day('申请截止日期'),
  plannedUntil: optional(day('原定申请截止日期')),
  closing: optional(longText('提前截止的原因', { min: 4, max: 200, hint: '将作为公告发布' })),
  documents: choices('申报材料', DOCUMENTS, { hint: '本批次要求提交的材料' }),
  conditions: choices('验收条件', CONDITIONS, { hint: '通过验收须全部符合' }),
  notice: longText('验收通知', { min: 20, max: 5000, hint: '适用范围、时间安排、材料要求和联系方式' }),
  workingDays: whole('申请期', { min: 3, max: 60, unit: '个工作日', hint: '自发布的次日起算' }),
};

export const publishForm = form({
  ...pick(data, 'title', 'notice', 'documents', 'conditions'),
  workingDays: optional(data.workingDays),
});
export const closeForm = form({ closing: longText('提前截止的原因', { min: 4, max: 200, hint: '将作为公告发布' }) });

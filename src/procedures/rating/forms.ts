import Joi from 'joi';
import { agreed, caseNo, choice, files, form, group, level, line, longText, optional, structure, yesNo } from '../../kernel/fields';
import type { Field, Values } from '../../kernel/fields';
import { SURVEY, type Satisfaction, type SurveyItem } from '../../rulebook/forms';

export const OVERALL: Readonly<Record<Satisfaction, string>> = SURVEY.overall;

// Keys widen to string in Object.entries.
const itemFields = Object.fromEntries(Object.entries(SURVEY.items).map(([key, name]) => [key, level(name, SURVEY.scale)])) as Record<SurveyItem, Field<number>>;

/**
 * One step for every opinion: the comment is as optional for 不满意 as for 非常满意, and no level asks for reasons, files or a
 * second confirmation of its own (14, 15.4). The measures ask reasons of a provider who objects (17.2), not of who rates.
 */
export const opinion = {
  overall: choice('总体评价', OVERALL),
  items: group('分项评价', itemFields),
  comment: optional(longText('补充说明', { max: 1000, hint: '可以不填；不会向服务商显示' })),
};
export type Items = Values<typeof itemFields>;

/** What was said, once or changed; only the last counts. `at` is an ISO instant; an empty comment is ''. */
export interface Ballot { no: number; at: string; overall: Satisfaction; items: Items; comment: string }
export type Result = Omit<Ballot, 'no' | 'at'>;

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());
const none = choice('警告情形', { W4c: '通过验收但满意度评价为不满意（第十五条（四））' });

export const data = {
  contract: caseNo('合同编号'),
  acceptance: caseNo('验收编号'),
  ballots: written<Ballot[]>('评价记录', 'rating-ballots'),
  result: optional(written<Result>('评价结果', 'rating-result')),
  warningGround: optional(none),
  excluded: optional(longText('不计入的原因', { max: 2000 })),
};
export const inviteForm = form({ contract: data.contract, acceptance: data.acceptance });
export const rateForm = form(opinion);
export const excludeForm = form({ reason: longText('原因', { max: 2000 }) });

// ---- What the provider is told when the window has closed ------------------------------------------------------------

export const resultData = {
  rating: caseNo('评价编号'),
  contract: caseNo('合同编号'),
  rated: yesNo('企业已评价'),
  overall: optional(choice('总体评价', OVERALL)),
  items: optional(written<Items>('分项评价', 'rating-items')),
  warningGround: optional(none),
  matter: optional(longText('申诉事项', { max: 500 })),
  reasons: optional(longText('申诉理由', { max: 3000 })),
  purpose: optional(longText('申诉目的', { max: 500 })),
  evidence: optional(files('佐证材料', { min: 1, max: 20 })),
  decision: optional(longText('处理意见', { max: 2000 })),
};
export const serveForm = form({ rating: resultData.rating });
/** 申诉材料应写明申诉的事项、理由和目的，并提供必要的、真实的佐证材料 (17). */
export const objectForm = form({
  matter: longText('申诉事项', { min: 4, max: 500 }),
  reasons: longText('申诉理由', { min: 10, max: 3000 }),
  purpose: longText('申诉目的', { min: 4, max: 500 }),
  evidence: files('佐证材料', { min: 1, max: 20 }),
  truthful: agreed('佐证材料真实'),
});
export const decideForm = form({ decision: longText('处理意见', { min: 10, max: 2000, hint: '事实和理由，将告知服务商' }) });
export const withdrawForm = form({ reason: optional(line('原因', { max: 200 })) });

import codesJson from './data/codes.json';
import expertReviewJson from './data/expert-review.json';
import surveyJson from './data/survey.json';
import { frozen } from './frozen';

/** 非常满意, 满意, 基本满意, 不满意. */
export type Satisfaction = keyof typeof surveyJson.overall;
export type SurveyItem = keyof typeof surveyJson.items;
/** The satisfaction survey (articles 14, 15.4). Its values are in the measures only as far as 不满意; the rest is proposed. */
export const SURVEY = frozen(surveyJson);

/** Score sheets of expert reviews (articles 9 and 12.2 name the criteria; points and items are proposed), and grounds for recusal. */
export const EXPERT_REVIEW = frozen(expertReviewJson);
export type SelectionCriterion = keyof typeof expertReviewJson.selection;
export type PlanCriterion = keyof typeof expertReviewJson.plan;
export type RecusalGround = keyof typeof expertReviewJson.recusal;

/** The measures' lists of grounds, by code: W 警告, C 取消资格, A 申诉, R 举报结果, BAN 禁止, REFILE 重新备案, SEL 遴选要求. */
export const CODES = frozen(codesJson);
export type WarningCode = keyof typeof codesJson.warning;
export type DisqualificationCode = keyof typeof codesJson.disqualification;
export type AppealCode = keyof typeof codesJson.appeal;
export type RefilingCode = keyof typeof codesJson.refiling;

import { handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { decideForm, objectForm, resultData, serveForm, withdrawForm } from './forms';
import * as rules from './result-rules';

const TOLD = ['contract', 'rated', 'overall', 'items', 'warningGround', 'matter', 'reasons', 'purpose', 'evidence', 'decision'] as const;
const decided = { by: handler(), form: decideForm, facts: rules.decideFacts, confirm: true, tells: ['provider'] } as const;

/**
 * 满意度评价结果 (第十四条, 第十七条（二）): what a provider is told once the window has closed, and its right to object to 不满意. A case
 * of its own, since the number of lines and versions of the rating itself would show whether the enterprise changed its mind.
 * A `warningGround` stands when this case ends in `final` or `refused`.
 */
export const ratingResult = procedure({
  name: 'ratingResult', title: '满意度评价结果', prefix: 'PT', article: '14',
  showsFileNames: true,
  parties: { provider: '服务商' },
  data: resultData,
  states: {
    served: {
      title: '已告知，可以提出异议', waitsFor: 'provider', within: 'appeal.submit', then: 'forgo',
      advice: '对“不满意”的评价有异议的，请在截止前提出，写明事项、理由和目的并附佐证材料；到期没有提出的，按评价结果处理。', says: () => '等服务商决定是否提出异议；到期没有提出的，按评价结果处理。',
    },
    objected: { title: '异议处理中', desk: 'supervision', within: 'rating.objection', advice: { provider: '由未办理过本项目验收的人员处理，结果告知贵单位。' } },
    told: { title: '已告知', end: true },
    final: { title: '没有异议', end: true },
    upheld: { title: '异议成立', end: true },
    refused: { title: '异议不成立', end: true },
  },
}).moves((move) => ({
  serve: move.open({ title: '告知不满意评价', to: 'served', by: opener('system'), form: serveForm, facts: rules.serveFacts, begin: rules.serve, tells: ['provider'] }),
  tell: move.open({ title: '告知评价结果', to: 'told', by: opener('system'), form: serveForm, facts: rules.serveFacts, begin: rules.serve, tells: ['provider'] }),
  object: move.step({
    title: '提出异议', article: '17.2', from: 'served', to: 'objected', by: party('provider', 'confirm'), form: objectForm, decide: rules.object, confirm: true,
    follows: '由未办理过本项目验收的人员处理；异议成立的，该评价不计入满意度。',
  }),
  forgo: move.step({ title: '期限内没有异议', article: '17.2', from: 'served', to: 'final', by: system(), tells: ['provider'] }),
  uphold: move.step({ title: '异议成立', article: '17.2', from: 'objected', to: 'upheld', ...decided, decide: rules.uphold, causes: rules.excludeRating, follows: '该评价不计入满意度和评级，处理意见告知服务商，企业同时得知。' }),
  refuse: move.step({ title: '异议不成立', article: '17.2', from: 'objected', to: 'refused', ...decided, decide: rules.decide, follows: '该评价照常计入，处理意见告知服务商。' }),
  withdraw: move.step({
    title: '撤回异议', article: '17.2', from: 'objected', to: 'final', by: party('provider', 'confirm'), form: withdrawForm, decide: rules.withdraw, confirm: true,
    follows: '该评价照常计入，不能再次提出异议。',
  }),
})).sees({
  provider: { who: theParty('provider'), fields: TOLD, timeline: 'all' },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: [...TOLD, 'rating'], timeline: 'all' },
});

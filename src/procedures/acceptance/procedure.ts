import { anyOf, handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { DOCUMENTS, type Document } from '../acceptance-documents';
import * as applying from './applying';
import { acceptForm, answerForm, applyForm, assignForm, data, findForm, reapplyForm, rectifyForm, rejectForm, sendBackForm, stepAsideForm, supplementForm } from './forms';
import * as rules from './rules';

const PAPERS = Object.keys(DOCUMENTS) as Document[];
const APPLICATION = ['contract', 'batch', 'gradeBefore', 'before', 'targetGrade', 'baseline', 'required', 'conditions', ...PAPERS, 'late', 'round', 'rounds', 'missing', 'explanation'] as const;
const SHARED = [...APPLICATION, 'rejection', 'finding', 'rectifications', 'unrectified'] as const;
const BOTH = ['enterprise', 'provider'] as const;

/** 竣工验收 (第十二条（四）): in a batch the enterprise applies, an agency inspects, the bureau confirms; who fails rectifies and comes back. */
export const acceptance = procedure({
  name: 'acceptance', title: '竣工验收', prefix: 'YS', article: '12.4',
  parties: { enterprise: '企业', provider: '服务商', agency: '验收机构' },
  data,
  states: {
    applied: { title: '待核对材料', desk: 'acceptance', within: 'acceptance.check' },
    supplementing: { title: '待企业补正', waitsFor: 'enterprise', within: 'acceptance.supplement', then: 'supplementLapse' },
    inspecting: { title: '验收机构查验中', waitsFor: 'agency', within: 'acceptance.inspect', then: 'overrun' },
    assigning: { title: '待另行指定验收机构', desk: 'acceptance', within: 'acceptance.assign' },
    confirming: { title: '待确认验收结果', desk: 'acceptance', within: 'acceptance.confirm' },
    rectifying: { title: '未通过，限期整改', waitsFor: BOTH, within: 'accept.rectify', then: 'rectifyLapse' },
    rectified: { title: '已整改，待下一批次申请', waitsFor: 'enterprise', within: 'accept.apply', then: 'reapplyLapse' },
    passed: { title: '通过验收', end: true },
    failed: { title: '未通过验收', end: true },
    rejected: { title: '不予受理', end: true },
    lapsed: { title: '逾期未补正，已终止', end: true },
    withdrawn: { title: '已撤回', end: true },
  },
}).moves((move) => ({
  apply: move.open({
    title: '申请验收', to: 'applied', by: opener('enterprise', 'handle'), form: applyForm, facts: applying.applyFacts, begin: applying.apply,
    confirm: true, tells: BOTH,
  }),
  accept: move.step({
    title: '材料齐全，指定验收机构', from: 'applied', to: 'inspecting', by: handler(), form: acceptForm, facts: rules.agencyFacts, offers: rules.agencyOffers, decide: rules.accept,
    confirm: true, tells: [...BOTH, 'agency'],
  }),
  supplement: move.step({
    title: '一次性告知补正', from: 'applied', to: 'supplementing', by: handler(), form: supplementForm, when: applying.mayAsk, decide: applying.supplement, tells: BOTH,
  }),
  answer: move.step({
    title: '补正材料', from: 'supplementing', to: 'applied', by: party('enterprise'), form: answerForm, decide: applying.answer, confirm: true,
  }),
  supplementLapse: move.step({ title: '逾期未补正', from: 'supplementing', to: 'lapsed', by: system(), tells: BOTH }),
  reject: move.step({
    title: '不予受理', from: 'applied', to: 'rejected', by: handler(), form: rejectForm, decide: applying.reject, confirm: true, tells: BOTH,
  }),
  find: move.step({ title: '提交查验意见', from: 'inspecting', to: 'confirming', by: party('agency'), form: findForm, decide: rules.find, confirm: true }),
  stepAside: move.step({
    title: '验收机构回避', from: 'inspecting', to: 'assigning', by: party('agency'), form: stepAsideForm, decide: rules.stepAside, confirm: true,
  }),
  overrun: move.step({ title: '验收机构逾期', from: 'inspecting', to: 'assigning', by: system(), decide: rules.overrun }),
  assign: move.step({
    title: '另行指定验收机构', from: 'assigning', to: 'inspecting', by: handler(), form: assignForm, facts: rules.agencyFacts, offers: rules.agencyOffers, decide: rules.assign, tells: ['agency'],
  }),
  confirm: move.step({
    title: '确认并公布验收结果', from: 'confirming', to: ['passed', 'rectifying'], by: handler(), decide: rules.confirm, confirm: true,
    causes: rules.inviteRating, tells: [...BOTH, 'agency'],
  }),
  sendBack: move.step({
    title: '退回验收机构补充查验', from: 'confirming', to: 'inspecting', by: handler(), form: sendBackForm, decide: rules.sendBack, tells: ['agency'],
  }),
  rectify: move.stay({
    title: '登记整改情况', from: 'rectifying', by: anyOf(party('provider'), party('enterprise')), form: rectifyForm, decide: rules.rectify, tells: BOTH,
  }),
  declareRectified: move.step({
    title: '整改完成', from: 'rectifying', to: 'rectified', by: party('enterprise', 'confirm'), when: rules.hasRectified, decide: rules.declareRectified,
    confirm: true, tells: ['provider'],
  }),
  rectifyLapse: move.step({ title: '逾期未整改', from: 'rectifying', to: 'failed', by: system(), decide: rules.rectifyLapse, tells: BOTH }),
  reapply: move.step({
    title: '在下一批次申请', from: 'rectified', to: 'applied', by: party('enterprise'), form: reapplyForm, facts: applying.reapplyFacts, decide: applying.reapply,
    confirm: true, tells: BOTH,
  }),
  reapplyLapse: move.step({ title: '逾期未重新申请', from: 'rectified', to: 'failed', by: system(), decide: rules.reapplyLapse, tells: BOTH }),
  withdraw: move.step({
    title: '撤回验收申请', from: ['applied', 'supplementing', 'assigning', 'rectified'], to: 'withdrawn', by: party('enterprise', 'confirm'), decide: applying.withdraw,
    confirm: true, tells: BOTH,
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: SHARED, timeline: 'all' },
  provider: { who: theParty('provider'), fields: SHARED, timeline: 'all' },
  agency: { who: theParty('agency'), fields: [...APPLICATION, 'reported', 'sentBack', 'finding', 'rectifications'], timeline: 'all' },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: Object.keys(data) as (keyof typeof data)[], timeline: 'all' },
});

import { anyOf, handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { DOCUMENTS, type Document } from '../acceptance-documents';
import * as applying from './applying';
import { acceptForm, answerForm, applyForm, assignForm, batchForm, data, findForm, reapplyForm, rectifyForm, rejectForm, sendBackForm, stepAsideForm, supplementForm } from './forms';
import * as rules from './rules';

const PAPERS = Object.keys(DOCUMENTS) as Document[];
const APPLICATION = ['contract', 'batch', 'gradeBefore', 'before', 'targetGrade', 'baseline', 'required', 'conditions', ...PAPERS, 'late', 'rounds', 'missing', 'explanation'] as const;
const SHARED = [...APPLICATION, 'nextBatch', 'rejection', 'finding', 'rectifications', 'unrectified'] as const;
const BOTH = ['enterprise', 'provider'] as const;
const INVITED = '本批次已经可以申请，请在截止前提交；到期没有申请的，按未通过验收办结，以后的批次仍可重新申请。';

/** The agency is no party to the matter: what is said to enterprise and provider is not meant for it. */
const NO_BATCH = '等工信局发布下一批次验收通知，届时告知企业。没有批次接受申请的时间不计入期限。';
const toParties = (text: string) => ({ enterprise: text, provider: text });

/** 竣工验收 (第十二条（四）): in a batch the enterprise applies, an agency inspects, the bureau confirms; who fails rectifies and comes back. */
export const acceptance = procedure({
  name: 'acceptance', title: '竣工验收', prefix: 'YS', article: '12.4',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商', agency: '验收机构' },
  data,
  states: {
    applied: {
      title: '待核对材料', desk: 'acceptance', within: 'acceptance.check',
      advice: toParties('工信局核对申报材料；缺少或有误的，一次性告知补正。'),
    },
    supplementing: {
      title: '待企业补正', waitsFor: 'enterprise', within: 'acceptance.supplement', then: 'supplementLapse',
      advice: '请按告知的内容一次补齐；逾期未补正的，本次申请终止，可以重新申请。', says: () => '等企业补正材料；逾期未补正的，本次申请终止。',
    },
    inspecting: {
      title: '验收机构查验中', waitsFor: 'agency', within: 'acceptance.inspect', then: 'overrun',
      advice: {
        ...toParties('验收机构将到现场查验，请企业准备、服务商配合。'),
        agency: '请到现场查验后提交意见；与企业、服务商有利害关系的，请回避。逾期未提交的，由工信局另行指定。',
      },
      says: () => '等验收机构现场查验；逾期的，另行指定。',
    },
    assigning: { title: '待另行指定验收机构', desk: 'acceptance', within: 'acceptance.assign' },
    confirming: { title: '待确认验收结果', desk: 'acceptance', within: 'acceptance.confirm', advice: toParties('验收机构已提交意见，工信局确认后告知结果。') },
    rectifying: {
      title: '未通过，限期整改', waitsFor: BOTH, within: 'accept.rectify', then: 'rectifyLapse',
      advice: '请对照存在的问题整改并登记整改情况，由企业确认整改完成，再在下一批次申请；逾期未完成的，按未通过验收办结。', says: () => '等企业和服务商整改；逾期未完成的，按未通过验收办结。',
    },
    rectified: {
      // Nobody outside can do anything before the bureau opens a batch.
      title: '已整改，待下一批次申请', waitsFor: (c) => (applying.isInvited(c) ? c.parties['enterprise'] ?? [] : []), within: 'accept.window', then: 'reapplyLapse',
      advice: { enterprise: (c) => (applying.isInvited(c) ? INVITED : NO_BATCH), provider: (c) => (applying.isInvited(c) ? null : NO_BATCH) },
      says: (c) => (applying.isInvited(c) ? '等企业在下一批次申请。' : '等下一批次：发布验收通知后，企业才能重新申请。'),
    },
    passed: { title: '通过验收', end: true },
    failed: { title: '未通过验收', end: true, advice: { enterprise: '整改后可以在以后的批次重新申请验收。' } },
    rejected: { title: '不予受理', end: true },
    lapsed: { title: '逾期未补正，已终止', end: true },
    withdrawn: { title: '已撤回', end: true },
  },
}).moves((move) => ({
  apply: move.open({
    title: '申请验收', to: 'applied', by: opener('enterprise', 'handle'), form: applyForm, facts: applying.applyFacts, begin: applying.apply,
    confirm: true, tells: BOTH, follows: '申请由工信局核对材料，服务商同时得知。',
  }),
  accept: move.step({
    title: '材料齐全，指定验收机构', from: 'applied', to: 'inspecting', by: handler(), form: acceptForm, facts: rules.agencyFacts, offers: rules.agencyOffers, starts: () => ({ agency: rules.BY_LOT }), decide: rules.accept,
    confirm: true, tells: [...BOTH, 'agency'], follows: '验收机构得知本案并开始查验，企业、服务商同时得知；之后不能再要求补正。',
  }),
  supplement: move.step({
    title: '一次性告知补正', from: 'applied', to: 'supplementing', by: handler(), form: supplementForm, when: applying.mayAsk, decide: applying.supplement,
    confirm: true, tells: BOTH, follows: '企业和服务商将看到全文，企业须在期限内补正；本轮不能再次告知。',
  }),
  answer: move.step({
    title: '补正材料', from: 'supplementing', to: 'applied', by: party('enterprise'), form: answerForm, decide: applying.answer, confirm: true,
    follows: '材料交回工信局核对；本轮不再有补正的机会。',
  }),
  supplementLapse: move.step({ title: '逾期未补正', from: 'supplementing', to: 'lapsed', by: system(), tells: BOTH }),
  reject: move.step({
    title: '不予受理', from: 'applied', to: 'rejected', by: handler(), form: rejectForm, decide: applying.reject, confirm: true, tells: BOTH,
    follows: '本次申请到此结束，原因告知企业和服务商；企业可以重新申请。',
  }),
  find: move.step({ title: '提交查验意见', from: 'inspecting', to: 'confirming', by: party('agency'), form: findForm, decide: rules.find, confirm: true, follows: '意见交工信局确认，确认前企业和服务商看不到；提交后不能自行修改。' }),
  stepAside: move.step({
    title: '本机构回避', from: 'inspecting', to: 'assigning', by: party('agency'), form: stepAsideForm, decide: rules.stepAside, confirm: true,
    follows: '提交后不能再查看和办理本案，由工信局另行指定验收机构；事由企业和服务商可见。',
  }),
  overrun: move.step({ title: '验收机构逾期', from: 'inspecting', to: 'assigning', by: system(), decide: rules.overrun }),
  assign: move.step({
    title: '另行指定验收机构', from: 'assigning', to: 'inspecting', by: handler(), form: assignForm, facts: rules.agencyFacts, offers: rules.agencyOffers, starts: () => ({ agency: rules.BY_LOT }), decide: rules.assign,
    confirm: true, tells: ['agency'], follows: '新的验收机构得知本案并开始查验，查验期限重新计算。',
  }),
  confirm: move.step({
    title: '确认验收结果', from: 'confirming', to: ['passed', 'rectifying'], by: handler(), decide: rules.confirm, confirm: true, follows: rules.confirming,
    causes: rules.inviteRating, tells: [...BOTH, 'agency'],
  }),
  sendBack: move.step({
    title: '退回补充查验', from: 'confirming', to: 'inspecting', by: handler(), form: sendBackForm, decide: rules.sendBack,
    confirm: true, tells: ['agency'], follows: '原因告知验收机构，企业和服务商看不到；查验期限重新计算。',
  }),
  rectify: move.stay({
    title: '登记整改情况', from: 'rectifying', by: anyOf(party('provider'), party('enterprise')), form: rectifyForm, decide: rules.rectify, tells: BOTH,
    follows: '登记后双方都能看到；可以多次登记，全部完成后由企业确认整改完成。',
  }),
  declareRectified: move.step({
    title: '确认整改完成', from: 'rectifying', to: 'rectified', by: party('enterprise', 'confirm'), when: rules.hasRectified, facts: applying.nextFacts, decide: applying.declareRectified,
    confirm: true, tells: ['provider'], follows: '确认后不能再登记整改情况；在下一批次重新申请验收。',
  }),
  nextBatch: move.step({ title: '下一批次接受申请', from: 'rectified', to: 'rectified', by: system(), form: batchForm, facts: applying.nextFacts, decide: applying.nextBatch, tells: ['enterprise'] }),
  batchGone: move.step({ title: '批次提前截止', from: 'rectified', to: 'rectified', by: system(), form: batchForm, facts: applying.nextFacts, decide: applying.batchGone, tells: ['enterprise'] }),
  rectifyLapse: move.step({ title: '逾期未整改', from: 'rectifying', to: 'failed', by: system(), decide: rules.rectifyLapse, tells: BOTH }),
  reapply: move.step({
    title: '在下一批次申请', from: 'rectified', to: 'applied', by: party('enterprise'), form: reapplyForm, when: applying.isInvited,
    starts: (c) => ({ batch: c.data.nextBatch }), facts: applying.reapplyFacts, decide: applying.reapply,
    confirm: true, tells: BOTH, follows: '申请由工信局重新核对材料；没有更换的材料沿用上次的。',
  }),
  reapplyLapse: move.step({
    title: '下一批次截止', from: 'rectified', to: ['rectified', 'failed'], by: system(), facts: applying.nextFacts, decide: applying.reapplyLapse, tells: BOTH,
  }),
  withdraw: move.step({
    title: '撤回验收申请', from: ['applied', 'supplementing', 'assigning'], to: 'withdrawn', follows: '本次申请到此结束，服务商同时得知；可以在接受申请的批次重新申请。', by: party('enterprise', 'confirm'), decide: applying.withdraw,
    confirm: true, tells: BOTH,
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: SHARED, timeline: 'all', parties: BOTH },
  provider: { who: theParty('provider'), fields: SHARED, timeline: 'all', parties: BOTH },
  agency: { who: theParty('agency'), fields: [...APPLICATION, 'reported', 'sentBack', 'finding', 'rectifications'], timeline: 'all' },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: [...SHARED, 'reported', 'sentBack', 'agencies'], timeline: 'all' },
});

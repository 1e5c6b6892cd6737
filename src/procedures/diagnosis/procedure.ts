import { handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { assignForm, chooseForm, data, declineForm, disputeForm, draft, issueForm, requestForm, saveForm, settleForm, withdrawForm } from './forms';
import * as issuing from './issuing';
import * as rules from './rules';
import { forEnterprise, forProvider } from './view';

const DRAFT = Object.keys(draft) as (keyof typeof draft)[];
const REPLACED = '逾期未出具报告的，企业可以更换服务商。';
const ISSUED = ['result', 'report', 'issued', 'disputes', 'silent', 'decision'] as const;

/** 诊断评估 (第十二条（一）): a provider assesses a pilot enterprise on site by the 2024 metrics. The basis of the plan. */
export const diagnosis = procedure({
  name: 'diagnosis', title: '诊断评估', prefix: 'ZD', article: '12.1',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    requested: {
      title: '待服务商接受', waitsFor: 'provider', within: 'diagnosis.accept', then: 'acceptLapse', advice: { provider: '逾期未答复的，视为未接受，由企业另选服务商。', enterprise: '服务商逾期未答复的，视为未接受，由贵企业另选；在其接受之前，也可以现在就另选。' },
    },
    choosing: {
      title: '待企业另选服务商', waitsFor: 'enterprise', within: 'diagnosis.choose', then: 'chooseLapse', advice: '逾期未选的，本次申请终止，可以重新申请。',
    },
    matching: { title: '待工信局协调服务商', desk: 'plan', within: 'diagnosis.choose' },
    assessing: { title: '诊断中', waitsFor: 'provider', within: 'diagnosis.issue', advice: { provider: REPLACED, enterprise: '服务商逾期未出具报告的，贵企业可以更换服务商。' } },
    issued: {
      title: '待企业确认报告', waitsFor: 'enterprise', within: 'diagnosis.confirm', then: 'confirmLapse',
      advice: { enterprise: '逾期未答复的，不视为确认，由工信局向贵企业核实后处理。', provider: '企业逾期未答复的，不视为确认，由工信局向企业核实后处理。' },
    },
    revising: { title: '报告修订中', waitsFor: 'provider', within: 'diagnosis.issue', advice: { provider: `请答复企业的异议，重新出具报告。${REPLACED}`, enterprise: '服务商答复异议并重新出具报告，再由贵企业确认。逾期未出具的，贵企业可以更换服务商。' } },
    reviewing: { title: '待工信局核实报告', desk: 'plan', within: 'diagnosis.decide' },
    confirmed: {
      title: '报告已确认', end: true, advice: { enterprise: '改造方案由服务商据此编制，送贵企业确认。', provider: '改造方案由贵单位据此编制，送企业确认。' },
    },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未选服务商，已终止', end: true },
  },
}).moves((move) => ({
  request: move.open({
    title: '申请数字化诊断', to: 'requested', by: opener('enterprise', 'handle'), form: requestForm, confirm: true,
    facts: rules.requestFacts, begin: rules.request, tells: ['enterprise', 'provider'],
    follows: '所选（或系统推荐）的服务商即收到申请，在期限内答复是否承接；未承接的，贵企业可以另选。',
  }),
  accept: move.step({
    title: '接受诊断任务', from: 'requested', to: 'assessing', by: party('provider'), decide: rules.accept, confirm: true, tells: ['enterprise', 'provider'],
    follows: '企业随即得到通知。出具报告的期限自现在起计算，期限内须到企业现场评测并出具诊断报告。',
  }),
  decline: move.step({
    title: '不承接', from: 'requested', to: 'choosing', by: party('provider'), form: declineForm, decide: rules.decline, confirm: true, tells: ['enterprise'],
    follows: '原因告知企业，由企业另选服务商；此后贵单位不能再查看本案。',
  }),
  acceptLapse: move.step({ title: '逾期未接受', from: 'requested', to: 'choosing', by: system(), decide: rules.acceptLapse, tells: ['enterprise'] }),
  choose: move.step({
    title: '另选服务商', from: ['requested', 'choosing', 'matching'], to: ['requested', 'matching'], by: party('enterprise'), form: chooseForm,
    facts: rules.chooseFacts, decide: rules.choose, confirm: true, tells: ['enterprise', 'provider'],
    follows: '申请转给另一家服务商，答复的期限重新计算；正在考虑的服务商不再参加，也不能再查看本案。',
  }),
  chooseLapse: move.step({ title: '逾期未另选', from: 'choosing', to: 'lapsed', by: system(), tells: ['enterprise'] }),
  assign: move.step({
    title: '协调服务商', from: 'matching', to: 'requested', by: handler(), form: assignForm, facts: rules.assignFacts, decide: rules.assign,
    confirm: true, tells: ['enterprise', 'provider'], follows: '协调说明告知双方。服务商在期限内答复是否承接，企业仍可另选。',
  }),
  save: move.stay({ title: '填写评测内容', from: ['assessing', 'revising'], by: party('provider'), form: saveForm, decide: issuing.save }),
  issue: move.step({
    title: '出具诊断报告', from: ['assessing', 'revising'], to: 'issued', by: party('provider', 'confirm'), form: issueForm, decide: issuing.issue, confirm: true,
    tells: ['enterprise', 'provider'], follows: '报告送企业确认，出具后不能修改；企业可以对报告提出异议。',
  }),
  handBack: move.step({
    title: '退回诊断任务', from: 'assessing', to: 'choosing', by: party('provider', 'confirm'), form: declineForm, decide: rules.handBack, confirm: true,
    tells: ['enterprise'], follows: '原因告知企业，由企业另选服务商；已填写的评测内容清空，此后贵单位不能再查看本案。',
  }),
  replace: move.step({
    title: '更换逾期的服务商', from: ['assessing', 'revising'], to: 'choosing', by: party('enterprise'), when: rules.isOverdue, decide: rules.replace, confirm: true,
    tells: ['enterprise'], follows: '逾期的服务商不再参加，其填写的评测内容和出具的报告不再采用；接着由贵企业另选服务商。',
  }),
  confirm: move.step({
    title: '确认诊断报告', from: ['issued', 'reviewing'], to: 'confirmed', by: party('enterprise', 'confirm'), decide: rules.confirm, confirm: true,
    tells: ['enterprise', 'provider'], follows: '报告中的等级定为改造前等级，验收时与它比较；服务商据此编制改造方案。确认后不能再提出异议。',
  }),
  dispute: move.step({
    title: '对报告提出异议', from: ['issued', 'reviewing'], to: ['revising', 'reviewing'], by: party('enterprise'), form: disputeForm,
    when: rules.mayDispute, decide: rules.dispute, confirm: true, tells: ['enterprise', 'provider'],
    follows: '理由告知服务商，由其答复并重新出具报告；每一版报告可以提出一次，对重新出具的报告仍有异议的，由市工信局核实。',
  }),
  confirmLapse: move.step({ title: '逾期未确认', from: 'issued', to: 'reviewing', by: system(), decide: rules.confirmLapse, tells: ['enterprise', 'provider'] }),
  settle: move.step({
    title: '核实处理', from: 'reviewing', to: ['confirmed', 'revising'], by: handler(), form: settleForm, decide: rules.settle, confirm: true,
    tells: ['enterprise', 'provider'], follows: '处理意见告知双方。报告成立的，等级定为改造前等级；退回修订的，服务商在期限内重新出具，由企业确认。',
  }),
  // Once a report is issued its grade stands or is disputed; withdrawing would be shopping for another.
  withdraw: move.step({
    title: '撤回诊断申请', from: ['requested', 'choosing', 'matching', 'assessing'], to: 'withdrawn',
    by: party('enterprise', 'confirm'), form: withdrawForm, decide: rules.withdraw, confirm: true, tells: ['enterprise', 'provider'],
    follows: '本次申请到此结束，所填原因告知服务商；以后可以重新申请。',
  }),
})).sees({
  // The provider's draft is its own until it is issued; the enterprise and the bureau read the report.
  enterprise: { who: theParty('enterprise'), fields: ['need', 'contact', 'chosenBy', 'coordination', 'former', ...ISSUED], timeline: 'all', extra: forEnterprise },
  provider: {
    who: theParty('provider'), fields: ['need', 'contact', 'chosenBy', 'coordination', ...DRAFT, ...ISSUED],
    timeline: ['request', 'accept', 'save', 'issue', 'confirm', 'dispute', 'confirmLapse', 'settle', 'withdraw'],
    extra: forProvider,
  },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: ['need', 'contact', 'chosenBy', 'coordination', 'former', ...ISSUED], timeline: 'all' },
});

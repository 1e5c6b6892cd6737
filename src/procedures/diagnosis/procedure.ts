import { handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { assignForm, chooseForm, data, declineForm, disputeForm, draft, issueForm, requestForm, saveForm, settleForm, withdrawForm } from './forms';
import * as issuing from './issuing';
import * as rules from './rules';

const DRAFT = Object.keys(draft) as (keyof typeof draft)[];
const ISSUED = ['result', 'report', 'issued', 'disputes', 'silent', 'decision'] as const;

/** 诊断评估 (第十二条（一）): a provider assesses a pilot enterprise on site by the 2024 metrics. The basis of the plan. */
export const diagnosis = procedure({
  name: 'diagnosis', title: '诊断评估', prefix: 'ZD', article: '12.1',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    requested: { title: '待服务商接受', waitsFor: 'provider', within: 'diagnosis.accept', then: 'acceptLapse' },
    choosing: { title: '待企业另选服务商', waitsFor: 'enterprise', within: 'diagnosis.choose', then: 'chooseLapse' },
    matching: { title: '待工信局协调服务商', desk: 'plan', within: 'diagnosis.choose' },
    assessing: { title: '诊断中', waitsFor: 'provider', within: 'diagnosis.issue' },
    issued: { title: '待企业确认报告', waitsFor: 'enterprise', within: 'diagnosis.confirm', then: 'confirmLapse' },
    revising: { title: '报告修订中', waitsFor: 'provider', within: 'diagnosis.issue' },
    reviewing: { title: '待工信局核实报告', desk: 'plan', within: 'diagnosis.decide' },
    confirmed: { title: '报告已确认', end: true },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未选服务商，已终止', end: true },
  },
}).moves((move) => ({
  request: move.open({
    title: '申请数字化诊断', to: 'requested', by: opener('enterprise', 'handle'), form: requestForm, confirm: true,
    facts: rules.requestFacts, begin: rules.request, tells: ['enterprise', 'provider'],
  }),
  accept: move.step({ title: '接受诊断任务', from: 'requested', to: 'assessing', by: party('provider'), decide: rules.accept, tells: ['enterprise', 'provider'] }),
  decline: move.step({ title: '不承接', from: 'requested', to: 'choosing', by: party('provider'), form: declineForm, decide: rules.decline, confirm: true, tells: ['enterprise'] }),
  acceptLapse: move.step({ title: '逾期未接受', from: 'requested', to: 'choosing', by: system(), decide: rules.acceptLapse, tells: ['enterprise'] }),
  choose: move.step({
    title: '另选服务商', from: ['requested', 'choosing', 'matching'], to: ['requested', 'matching'], by: party('enterprise'), form: chooseForm,
    facts: rules.chooseFacts, decide: rules.choose, tells: ['enterprise', 'provider'],
  }),
  chooseLapse: move.step({ title: '逾期未另选', from: 'choosing', to: 'lapsed', by: system(), tells: ['enterprise'] }),
  assign: move.step({
    title: '协调服务商', from: 'matching', to: 'requested', by: handler(), form: assignForm, facts: rules.assignFacts, decide: rules.assign,
    tells: ['enterprise', 'provider'],
  }),
  save: move.stay({ title: '填写评测内容', from: ['assessing', 'revising'], by: party('provider'), form: saveForm, decide: issuing.save }),
  issue: move.step({
    title: '出具诊断报告', from: ['assessing', 'revising'], to: 'issued', by: party('provider', 'confirm'), form: issueForm, decide: issuing.issue, confirm: true,
    tells: ['enterprise', 'provider'],
  }),
  handBack: move.step({
    title: '退回诊断任务', from: 'assessing', to: 'choosing', by: party('provider', 'confirm'), form: declineForm, decide: rules.handBack, confirm: true,
    tells: ['enterprise'],
  }),
  replace: move.step({
    title: '更换逾期的服务商', from: ['assessing', 'revising'], to: 'choosing', by: party('enterprise'), when: rules.isOverdue, decide: rules.replace, confirm: true,
    tells: ['enterprise'],
  }),
  confirm: move.step({
    title: '确认诊断报告', from: ['issued', 'reviewing'], to: 'confirmed', by: party('enterprise', 'confirm'), decide: rules.confirm, confirm: true,
    tells: ['enterprise', 'provider'],
  }),
  dispute: move.step({
    title: '对报告提出异议', from: ['issued', 'reviewing'], to: ['revising', 'reviewing'], by: party('enterprise'), form: disputeForm,
    when: rules.mayDispute, decide: rules.dispute, tells: ['enterprise', 'provider'],
  }),
  confirmLapse: move.step({ title: '逾期未确认', from: 'issued', to: 'reviewing', by: system(), decide: rules.confirmLapse, tells: ['enterprise', 'provider'] }),
  settle: move.step({
    title: '核实处理', from: 'reviewing', to: ['confirmed', 'revising'], by: handler(), form: settleForm, decide: rules.settle, confirm: true,
    tells: ['enterprise', 'provider'],
  }),
  // Once a report is issued its grade stands or is disputed; withdrawing would be shopping for another.
  withdraw: move.step({
    title: '撤回诊断申请', from: ['requested', 'choosing', 'matching', 'assessing'], to: 'withdrawn',
    by: party('enterprise', 'confirm'), form: withdrawForm, decide: rules.withdraw, confirm: true, tells: ['enterprise', 'provider'],
  }),
})).sees({
  // The provider's draft is its own until it is issued; the enterprise and the bureau read the report.
  enterprise: { who: theParty('enterprise'), fields: ['need', 'contact', 'chosenBy', 'former', ...ISSUED], timeline: 'all' },
  provider: {
    who: theParty('provider'), fields: ['need', 'contact', 'chosenBy', ...DRAFT, ...ISSUED],
    timeline: ['request', 'accept', 'save', 'issue', 'confirm', 'dispute', 'confirmLapse', 'settle', 'withdraw'],
    extra: (c, _actor, at) => issuing.drafting(c, at),
  },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: ['need', 'contact', 'chosenBy', 'former', ...ISSUED], timeline: 'all' },
});

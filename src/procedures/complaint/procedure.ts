import { opener, handler, party, procedure, system, theBureau, theDisclosed, theParty } from '../../kernel/declare';
import { data, fileForm, refuseForm, reopenForm, replyForm, settleForm } from './forms';
import * as rules from './rules';

/** 企业投诉 (第十五条（二）): a pilot enterprise complains about a provider's service. Upheld, it is a ground for a warning. */
export const complaint = procedure({
  name: 'complaint', title: '企业投诉', prefix: 'TS', article: '15.2',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    filed: { title: '待受理', desk: 'intake', within: 'complaint.accept' },
    inquired: { title: '待服务商答复', waitsFor: 'provider', within: 'complaint.reply', then: 'lapse' },
    replied: { title: '办理中', desk: 'supervision', within: 'complaint.settle' },
    settled: { title: '属实，已处理', end: true },
    dismissed: { title: '不属实已办结', end: true },
    refused: { title: '不予受理', end: true },
    withdrawn: { title: '已撤回', end: true },
  },
}).moves((move) => ({
  file: move.open({
    title: '提交投诉', to: 'filed', by: opener('enterprise', 'handle'), form: fileForm, confirm: true,
    facts: rules.fileFacts, begin: rules.file, tells: ['enterprise'],
  }),
  accept: move.step({ title: '受理投诉', from: 'filed', to: 'inquired', by: handler(), tells: ['enterprise', 'provider'], discloses: ['provider'] }),
  refuse: move.step({ title: '不予受理', from: 'filed', to: 'refused', by: handler(), form: refuseForm, decide: rules.refuse, tells: ['enterprise'] }),
  withdraw: move.step({ title: '撤回投诉', from: ['filed', 'inquired', 'replied'], to: 'withdrawn', by: party('enterprise'), confirm: true, tells: ['enterprise', 'provider'] }),
  reply: move.step({ title: '答复投诉', from: 'inquired', to: 'replied', by: party('provider'), form: replyForm, decide: rules.reply, tells: ['enterprise'] }),
  lapse: move.step({ title: '逾期未答复', from: 'inquired', to: 'replied', by: system(), decide: rules.lapse, tells: ['enterprise', 'provider'] }),
  settle: move.step({
    title: '办结投诉', from: 'replied', to: ['settled', 'dismissed'], by: handler({ notWhoDid: ['settle'] }), form: settleForm, decide: rules.settle,
    confirm: true, tells: ['enterprise', 'provider'],
  }),
  reopen: move.step({
    title: '申请重新办理', from: ['settled', 'dismissed'], to: 'replied', by: party('enterprise'), form: reopenForm,
    when: rules.mayReopen, decide: rules.reopen, confirm: true, tells: ['enterprise', 'provider'],
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: ['matters', 'text', 'wish', 'project', 'evidence', 'refusal', 'reply', 'replyEvidence', 'lapsed', 'finding', 'upheld', 'reopening'], timeline: 'all' },
  provider: {
    who: theDisclosed('provider'), fields: ['matters', 'text', 'wish', 'project', 'evidence', 'reply', 'replyEvidence', 'lapsed', 'finding', 'upheld', 'reopening'],
    timeline: ['accept', 'withdraw', 'reply', 'lapse', 'settle', 'reopen'],
  },
  bureau: {
    who: theBureau('director', 'supervisor', 'auditor'),
    fields: ['matters', 'text', 'wish', 'project', 'evidence', 'refusal', 'reply', 'replyEvidence', 'lapsed', 'finding', 'upheld', 'reopening'], timeline: 'all',
  },
});

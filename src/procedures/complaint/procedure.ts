import { opener, handler, party, procedure, system, theBureau, theDisclosed, theParty } from '../../kernel/declare';
import { data, fileForm, refuseForm, reopenForm, replyForm, settleForm, supplementForm } from './forms';
import * as rules from './rules';

/** Whether it was upheld is what its state says. */
const SHARED = ['matters', 'text', 'wish', 'project', 'evidence', 'supplements', 'supplementEvidence', 'reply', 'replyEvidence', 'lapsed', 'finding', 'reopening'] as const;

/** 企业投诉 (第十五条（二）): a pilot enterprise complains about a provider's service. Upheld, it is a ground for a warning. */
export const complaint = procedure({
  name: 'complaint', title: '企业投诉', prefix: 'TS', article: '15.2',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    filed: { title: '待受理', desk: 'intake', within: 'complaint.accept', advice: { enterprise: '工信局决定是否受理；受理后转服务商答复，此前服务商看不到。' } },
    inquired: {
      title: '待服务商答复', waitsFor: 'provider', within: 'complaint.reply', then: 'lapse',
      advice: {
        enterprise: '已转服务商答复；到期未答复的，按现有材料处理。',
        provider: '请在截止前逐项说明事实和处理措施，有材料的一并上传。到期未答复的，记为逾期，按现有材料处理。',
      },
      says: () => '等服务商答复；到期未答复的，按现有材料处理。',
    },
    replied: {
      title: '办理中', desk: 'supervision', within: 'complaint.settle',
      advice: { enterprise: '工信局核实后告知双方结果；对服务商的答复有意见或有新材料的，可以补充。', provider: '工信局核实后告知双方结果。' },
    },
    settled: {
      title: '属实，已处理', end: true,
      advice: { enterprise: rules.questionedUntil, provider: '属于第十五条（二）所列情形的，可能予以警告；是否警告由工信局另行决定。' },
    },
    dismissed: { title: '不属实，已办结', end: true, advice: { enterprise: rules.questionedUntil } },
    refused: { title: '不予受理', end: true },
    withdrawn: { title: '已撤回', end: true },
  },
}).moves((move) => ({
  file: move.open({
    title: '提交投诉', to: 'filed', by: opener('enterprise', 'handle'), form: fileForm, confirm: true,
    facts: rules.fileFacts, begin: rules.file, tells: ['enterprise'], follows: '受理后，投诉内容和材料转服务商答复。',
  }),
  accept: move.step({
    title: '受理投诉', from: 'filed', to: 'inquired', by: handler(), confirm: true, tells: ['enterprise', 'provider'], discloses: ['provider'],
    follows: '投诉内容、诉求和材料全部转给服务商，服务商须在期限内答复；企业同时得知已受理。',
  }),
  refuse: move.step({
    title: '不予受理', from: 'filed', to: 'refused', by: handler(), form: refuseForm, decide: rules.refuse, confirm: true, tells: ['enterprise'],
    follows: '本件到此结束，原因告知企业；服务商不会得知。',
  }),
  reply: move.step({
    title: '答复投诉', from: 'inquired', to: 'replied', by: party('provider'), form: replyForm, decide: rules.reply, confirm: true, tells: ['enterprise'],
    follows: '答复和材料企业可见；提交后不能修改。',
  }),
  supplement: move.stay({
    title: '补充说明', from: rules.UNDER_WAY, by: party('enterprise'), form: supplementForm, decide: rules.supplement, tells: ['provider', 'desk'],
    follows: (c) => (c.state === 'filed' ? '工信局受理后，服务商可以看到补充的内容。' : '提交后，服务商即可看到补充的内容。'),
  }),
  withdraw: move.step({
    title: '撤回投诉', from: rules.UNDER_WAY, to: 'withdrawn', by: party('enterprise'), confirm: true, tells: ['enterprise', 'provider'],
    follows: '本件不再办理，已受理的告知服务商；问题仍在的，可以重新投诉。',
  }),
  lapse: move.step({ title: '逾期未答复', from: 'inquired', to: 'replied', by: system(), decide: rules.lapse, tells: ['enterprise', 'provider'] }),
  settle: move.step({
    title: '办结投诉', from: 'replied', to: ['settled', 'dismissed'], by: handler({ notWhoDid: ['settle'] }), form: settleForm, decide: rules.settle,
    confirm: true, tells: ['enterprise', 'provider'], follows: '结论和办理意见告知企业和服务商；企业有异议的，可在期限内申请由他人重新办理。',
  }),
  reopen: move.step({
    title: '申请重新办理', from: ['settled', 'dismissed'], to: 'replied', by: party('enterprise'), form: reopenForm,
    when: rules.mayReopen, decide: rules.reopen, confirm: true, tells: ['enterprise', 'provider'],
    follows: '由另一名人员重新办理，理由服务商可见。',
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: [...SHARED, 'refusal'], timeline: 'all' },
  provider: { who: theDisclosed('provider'), fields: SHARED, timeline: ['accept', 'supplement', 'withdraw', 'reply', 'lapse', 'settle', 'reopen'] },
  bureau: { who: theBureau('director', 'supervisor', 'auditor'), fields: [...SHARED, 'refusal'], timeline: 'all' },
});

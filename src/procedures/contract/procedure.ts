import { anyOf, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { data, deliverForm, openForm, progressForm, reasonForm, returnForm, reviseForm, sendBackForm, signForm } from './forms';
import * as rules from './rules';

const ALL = Object.keys(data) as (keyof typeof data)[];
const BOTH = ['enterprise', 'provider'] as const;
const UNDER_WAY = ['inProgress', 'submitted', 'correcting'] as const;
const eitherSide = anyOf(party('enterprise', 'confirm'), party('provider', 'confirm'));

/**
 * 改造合同 (第十一条, 第十二条（三）): only on an approved plan, binding when both sides have signed the same file, work only
 * after that. While the plan is filed anew the contract stands still. Payments follow `milestones`; none is due before signing.
 */
export const contract = procedure({
  name: 'contract', title: '改造合同', prefix: 'HT', article: '12.3',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    signing: { title: '待双方签订', waitsFor: rules.awaited, within: 'contract.sign', then: 'signLapse' },
    revising: { title: '待服务商修改文本', waitsFor: 'provider', within: 'contract.sign' },
    inProgress: { title: '改造实施中', waitsFor: 'provider', within: 'contract.deliver' },
    submitted: { title: '待企业确认交付', waitsFor: 'enterprise', within: 'contract.confirm' },
    correcting: { title: '交付退回，待服务商完善', waitsFor: 'provider', within: 'contract.correct' },
    delivered: { title: '已交付', end: true },
    refused: { title: '企业不同意签订', end: true },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未签订', end: true },
    terminated: { title: '已协商解除', end: true },
  },
}).moves((move) => ({
  open: move.open({
    title: '拟定改造合同', to: 'signing', by: opener('provider', 'confirm'), form: openForm, facts: rules.openFacts, begin: rules.open,
    confirm: true, tells: BOTH,
  }),
  sign: move.stay({
    title: '签订合同', article: '11', from: 'signing', mayGoTo: 'inProgress', by: eitherSide, form: signForm, when: rules.mayStillSign,
    facts: rules.signFacts, decide: rules.sign, confirm: true, tells: BOTH,
  }),
  sendBack: move.step({
    title: '退回修改文本', from: 'signing', to: 'revising', by: party('enterprise'), form: sendBackForm, when: rules.goesOn, decide: rules.sendBack, tells: ['provider'],
  }),
  revise: move.step({
    title: '修改合同文本', from: ['signing', 'revising'], to: 'signing', by: party('provider', 'confirm'), form: reviseForm, when: rules.goesOn,
    facts: rules.reviseFacts, decide: rules.revise, confirm: true, tells: ['enterprise'],
  }),
  refuse: move.step({
    title: '不同意签订', from: ['signing', 'revising'], to: 'refused', by: party('enterprise', 'confirm'), form: reasonForm, when: rules.isUnsigned,
    decide: rules.giveUp, confirm: true, tells: ['provider'],
  }),
  withdraw: move.step({
    title: '撤回合同', from: ['signing', 'revising'], to: 'withdrawn', by: party('provider', 'confirm'), form: reasonForm, when: rules.isUnsigned,
    decide: rules.giveUp, confirm: true, tells: ['enterprise'],
  }),
  signLapse: move.step({ title: '逾期未签订', from: 'signing', to: ['lapsed', 'revising'], by: system(), decide: rules.signLapse, tells: BOTH }),
  progress: move.stay({
    title: '登记实施进度', from: ['inProgress', 'correcting'], by: party('provider'), form: progressForm, when: rules.goesOn, decide: rules.progress, tells: ['enterprise'],
  }),
  deliver: move.step({
    title: '提交交付成果', from: ['inProgress', 'correcting'], to: 'submitted', by: party('provider'), form: deliverForm, when: rules.goesOn,
    decide: rules.deliver, confirm: true, tells: ['enterprise'],
  }),
  confirmDelivery: move.step({
    title: '确认交付', from: 'submitted', to: 'delivered', by: party('enterprise', 'confirm'), when: rules.goesOn, decide: rules.confirmDelivery,
    confirm: true, tells: ['provider'],
  }),
  returnDelivery: move.step({
    title: '退回完善', from: 'submitted', to: 'correcting', by: party('enterprise'), form: returnForm, when: rules.goesOn, decide: rules.returnDelivery, tells: ['provider'],
  }),
  hold: move.stay({
    title: '方案重新备案，暂停', from: ['signing', 'revising', ...UNDER_WAY], by: system(), facts: rules.planFacts, decide: rules.hold, tells: BOTH,
  }),
  release: move.stay({
    title: '方案备案办结，恢复', from: ['signing', 'revising', ...UNDER_WAY], mayGoTo: 'revising', by: system(), facts: rules.planFacts, decide: rules.release, tells: BOTH,
  }),
  proposeEnd: move.stay({
    title: '提议解除合同', from: ['signing', 'revising', ...UNDER_WAY], by: eitherSide, form: reasonForm, when: rules.mayProposeEnd, decide: rules.proposeEnd,
    confirm: true, tells: BOTH,
  }),
  agreeToEnd: move.step({
    title: '同意解除合同', from: ['signing', 'revising', ...UNDER_WAY], to: 'terminated', by: eitherSide, when: rules.mayAgreeToEnd, decide: rules.agreeToEnd,
    confirm: true, tells: BOTH,
  }),
  dropEnd: move.stay({
    title: '不解除合同', from: ['signing', 'revising', ...UNDER_WAY], by: eitherSide, when: rules.endIsProposed, decide: rules.dropEnd, tells: BOTH,
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: ALL, timeline: 'all' },
  provider: { who: theParty('provider'), fields: ALL, timeline: 'all' },
  bureau: { who: theBureau('reviewer', 'director', 'supervisor', 'auditor'), fields: ALL, timeline: 'all' },
});

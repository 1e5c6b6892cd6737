import { anyOf, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { data, deliverForm, openForm, progressForm, reasonForm, returnForm, reviseForm, sendBackForm, signForm } from './forms';
import * as rules from './rules';

const ALL = Object.keys(data) as (keyof typeof data)[];
const BOTH = ['enterprise', 'provider'] as const;
const UNDER_WAY = ['inProgress', 'submitted', 'correcting'] as const;
/** The measures say nothing of ending a contract; what they say of signing one is article 11. */
const UNREGULATED = '4.6';
const OVERSEEN = '超过期限的，将提醒市工信局督办。';
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
    signing: {
      title: '待双方签订', waitsFor: rules.awaited, within: 'contract.sign', then: 'signLapse',
      advice: '双方都签订后才生效。到期仍有一方未签的，这份文本失效，服务商可以重新拟定。',
    },
    revising: { title: '待服务商修改文本', waitsFor: 'provider', within: 'contract.sign', advice: `新文本由双方重新签订。${OVERSEEN}` },
    inProgress: {
      title: '改造实施中', waitsFor: 'provider', within: 'contract.deliver',
      advice: `请在合同约定的完成日期前提交交付成果；需要延期的，先与企业商定并变更改造方案。${OVERSEEN}`,
    },
    submitted: {
      title: '待企业确认交付', waitsFor: 'enterprise', within: 'contract.confirm', advice: `与合同不符的，请退回完善并写明原因。逾期不视为确认；${OVERSEEN}`,
    },
    correcting: { title: '交付退回，待服务商完善', waitsFor: 'provider', within: 'contract.correct', advice: OVERSEEN },
    delivered: {
      title: '已交付', end: true,
      advice: {
        enterprise: (c, at) => `竣工验收由贵企业申请：请在工信局发布的验收批次内提交，最迟${rules.applyBy(c, at)}；此前没有批次的，在下一批次申请。服务商配合准备材料。`,
        provider: (c, at) => `竣工验收由企业申请，最迟${rules.applyBy(c, at)}（此前没有批次的，在下一批次），请配合准备材料。`,
      },
    },
    refused: { title: '企业不同意签订', end: true },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未签订', end: true },
    terminated: { title: '已协商解除', end: true },
  },
}).moves((move) => ({
  open: move.open({
    title: '拟定改造合同', to: 'signing', by: opener('provider', 'confirm'), form: openForm, facts: rules.openFacts, begin: rules.open,
    confirm: true, tells: BOTH, follows: '文本送双方签订，同时告知企业；期限内双方都签订后生效。之后再改文本，双方须重新签订。',
  }),
  sign: move.stay({
    title: '签订合同', article: '11', from: 'signing', mayGoTo: 'inProgress', by: eitherSide, form: signForm, when: rules.mayStillSign,
    facts: rules.signFacts, decide: rules.sign, confirm: true, tells: BOTH,
    follows: '代表本单位同意合同文本的全部内容，不能撤销，并告知对方。双方都签订后合同生效，服务商开始改造，按约定的完成日期计时。',
  }),
  sendBack: move.step({
    title: '退回修改文本', article: '11', from: 'signing', to: 'revising', by: party('enterprise'), form: sendBackForm, when: rules.goesOn, decide: rules.sendBack,
    confirm: true, tells: ['provider'], follows: '意见告知服务商，由其修改文本；已有的签订不再算数，新文本由双方重新签订。',
  }),
  revise: move.step({
    title: '修改合同文本', from: ['signing', 'revising'], to: 'signing', by: party('provider', 'confirm'), form: reviseForm, when: rules.goesOn,
    facts: rules.reviseFacts, starts: rules.textOf, decide: rules.revise, confirm: true, tells: ['enterprise'],
    follows: '新文本送双方签订，同时告知企业；对以前文本的签订不再算数。',
  }),
  refuse: move.step({
    title: '不同意签订', article: '11', from: ['signing', 'revising'], to: 'refused', by: party('enterprise', 'confirm'), form: reasonForm, when: rules.isUnsigned,
    decide: rules.giveUp, confirm: true, tells: ['provider'], follows: '这份合同到此结束，原因告知服务商。改造方案继续有效，服务商可以另行拟定合同。',
  }),
  withdraw: move.step({
    title: '撤回合同', article: '11', from: ['signing', 'revising'], to: 'withdrawn', by: party('provider', 'confirm'), form: reasonForm, when: rules.isUnsigned,
    decide: rules.giveUp, confirm: true, tells: ['enterprise'], follows: '这份合同到此结束，原因告知企业。改造方案继续有效，可以另行拟定合同。',
  }),
  signLapse: move.step({ title: '逾期未签订', article: '11', from: 'signing', to: ['lapsed', 'revising'], by: system(), decide: rules.signLapse, tells: BOTH }),
  progress: move.stay({
    title: '登记实施进度', article: '5.1', from: ['inProgress', 'correcting'], by: party('provider'), form: progressForm, when: rules.goesOn,
    starts: rules.progressSoFar, decide: rules.progress, tells: ['enterprise'], follows: '告知企业；进度可以多次登记。',
  }),
  deliver: move.step({
    title: '提交交付成果', from: ['inProgress', 'correcting'], to: 'submitted', by: party('provider'), form: deliverForm, when: rules.goesOn,
    decide: rules.deliver, confirm: true, tells: ['enterprise'], follows: '告知企业确认交付，等企业答复时不能再修改；与合同不符的，企业可以退回完善。',
  }),
  confirmDelivery: move.step({
    title: '确认交付', from: 'submitted', to: 'delivered', by: party('enterprise', 'confirm'), when: rules.goesOn, decide: rules.confirmDelivery,
    confirm: true, tells: ['provider'], follows: rules.confirmingDelivery,
  }),
  returnDelivery: move.step({
    title: '退回完善', from: 'submitted', to: 'correcting', by: party('enterprise'), form: returnForm, when: rules.goesOn, decide: rules.returnDelivery,
    confirm: true, tells: ['provider'], follows: '原因告知服务商，由其在期限内完善后重新提交，再由贵企业确认。',
  }),
  hold: move.stay({
    title: '方案重新备案，暂停', from: ['signing', 'revising', ...UNDER_WAY], by: system(), facts: rules.planFacts, decide: rules.hold, tells: BOTH,
  }),
  release: move.stay({
    title: '方案备案办结，恢复', from: ['signing', 'revising', ...UNDER_WAY], mayGoTo: 'revising', by: system(), facts: rules.planFacts, decide: rules.release, tells: BOTH,
  }),
  proposeEnd: move.stay({
    title: '提议解除合同', article: UNREGULATED, from: ['signing', 'revising', ...UNDER_WAY], by: eitherSide, form: reasonForm, when: rules.mayProposeEnd,
    decide: rules.proposeEnd, confirm: true, tells: BOTH, follows: '原因告知对方，对方同意后合同才解除；在此之前合同照常履行，提议也可以撤回（“不解除合同”）。',
  }),
  agreeToEnd: move.step({
    title: '同意解除合同', article: UNREGULATED, from: ['signing', 'revising', ...UNDER_WAY], to: 'terminated', by: eitherSide, when: rules.mayAgreeToEnd,
    decide: rules.agreeToEnd, confirm: true, tells: BOTH, follows: '合同就此解除，不能恢复，并告知对方。改造方案继续有效，服务商可以另行拟定合同。',
  }),
  dropEnd: move.stay({
    title: '不解除合同', article: UNREGULATED, from: ['signing', 'revising', ...UNDER_WAY], by: eitherSide, when: rules.endIsProposed, decide: rules.dropEnd,
    tells: BOTH, follows: '解除提议作废，合同照常履行，并告知对方。',
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: ALL, timeline: 'all' },
  provider: { who: theParty('provider'), fields: ALL, timeline: 'all' },
  bureau: { who: theBureau('reviewer', 'director', 'supervisor', 'auditor'), fields: ALL, timeline: 'all' },
});

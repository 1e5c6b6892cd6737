import type { Case } from '../../kernel/case';
import { anyOf, handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import * as filing from './filing';
import {
  acceptForm, approveForm, changeForm, confirmForm, CONTENT_FIELDS, data, openForm, reasonsForm, refuseChangeForm, saveForm, scoreForm, sendBackForm, stepAsideForm,
  supplementForm, withdrawForm,
} from './forms';
import * as rules from './rules';
import { forBureau, forExpert, forParties, forProvider } from './view';

const OUTCOME = ['approved', 'current', 'change', 'noted', 'decisions'] as const;
const AGREED = ['diagnosis', 'gradeBefore', 'problems', 'needs', 'lacks', 'planHash', 'versions', 'remarks', 'missing', ...OUTCOME] as const;
const PUBLIC_STEPS = ['open', 'propose', 'confirm', 'sendBack', 'proposeLapse', 'supplement', 'accept', 'approve', 'return', 'reject', 'supplementLapse',
  'change', 'confirmChange', 'refuseChange', 'changeLapse', 'withdraw', 'withdrawChange'] as const;

/** Recusal of experts and their replacement are not in the measures; like the standard moves they belong to daily management. */
const UNREGULATED = '4.6';
/** The panel's word itself comes with the decision. */
const UNCHANGED = '企业逾期未确认的，不视为同意：变更作废，原方案继续有效。';
const CHECKED = '材料齐全的，抽取专家审核；缺少材料的，一次性告知服务商补正。';
const REVIEWED = '专家审核已结束，待工信局作出备案决定；专家意见随决定一并告知。';
const LAPSES = '请按要求修改，并由企业重新确认。到期没有重新送企业确认的，备案终止；属于变更的，变更作废，原方案继续有效。';

const eitherSide = anyOf(party('provider', 'confirm'), party('enterprise', 'confirm'));
/** Who scored does not also decide. */
const decider = handler({ notWhoDid: ['score'] });

/** 方案备案 (第七条, 第十二条（二）（三）): both sides agree on one version, experts review it, the bureau files it; larger changes come back. */
export const plan = procedure({
  name: 'plan', title: '改造方案备案', prefix: 'FA', article: '12.2',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商', expert: '评审专家' },
  data,
  states: {
    drafting: { title: '方案编制中', waitsFor: 'provider', within: 'plan.draft', advice: '超过期限的，将提醒市工信局督办；方案不会因此终止。' },
    proposed: {
      title: '待企业确认方案', waitsFor: 'enterprise', within: 'plan.confirm', then: 'proposeLapse', advice: { enterprise: '逾期未确认的，不视为同意，方案退回服务商。', provider: '企业逾期未确认的，不视为同意，方案退回贵单位，可以修改后再送。' },
    },
    filed: { title: '待核对材料', desk: 'plan', within: 'plan.file_check', advice: { enterprise: CHECKED, provider: CHECKED } },
    supplementing: { title: '待服务商补正', waitsFor: 'provider', within: 'plan.supplement', then: 'supplementLapse', advice: LAPSES },
    reviewing: {
      title: '专家审核中', waitsFor: filing.awaited, within: 'plan.review', then: 'overrun',
      advice: '逾期未提交评分的，由系统抽签替补其他专家。',
      says: (c: Case<rules.Plan>) => `已收到 ${c.data.sheets.length} / ${filing.seated(c).length} 份专家评分，收齐后作出备案决定。`,
    },
    deciding: {
      title: '待备案决定', desk: 'plan', within: 'plan.decide',
      says: (c: Case<rules.Plan>) => (filing.panelPassed(c) ? null : '专家组没有通过这一版方案，不能通过备案，可以退回修改或不予备案。'),
      advice: { enterprise: REVIEWED, provider: REVIEWED },
    },
    returned: { title: '退回服务商修改', waitsFor: 'provider', within: 'plan.supplement', then: 'supplementLapse', advice: LAPSES },
    changing: {
      title: '待企业确认变更', waitsFor: 'enterprise', within: 'plan.confirm', then: 'changeLapse', advice: { enterprise: UNCHANGED, provider: UNCHANGED },
    },
    approved: {
      title: '已通过备案', end: true,
      advice: { enterprise: '改造合同由服务商拟定，双方签订后方可开工、付款。', provider: '改造合同由贵单位拟定，双方签订前不得开工、不得收费。' },
    },
    rejected: { title: '不予备案', end: true },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未重新提交，已终止', end: true },
  },
}).moves((move) => ({
  open: move.open({ title: '编制改造方案', to: 'drafting', by: opener('provider', 'handle'), form: openForm, facts: rules.openFacts, begin: rules.open, tells: ['enterprise'], follows: '接下来填写方案内容，编好后送企业确认，再由市工信局备案；企业同时得到通知。' }),
  save: move.stay({
    title: '填写方案内容', from: ['drafting', 'supplementing', 'returned', 'approved'], by: party('provider'), form: saveForm, decide: rules.save,
  }),
  propose: move.step({
    title: '送企业确认', from: ['drafting', 'supplementing', 'returned'], to: 'proposed', by: party('provider', 'confirm'), facts: rules.providerFacts,
    decide: rules.propose, confirm: true, tells: ['enterprise'], follows: '告知企业核对，企业答复之前不能再修改。企业确认后即送市工信局备案；退回的，修改后再送。',
  }),
  confirm: move.step({
    title: '确认方案', from: 'proposed', to: 'filed', by: party('enterprise', 'confirm'), form: confirmForm, decide: rules.confirm, confirm: true,
    tells: ['enterprise', 'provider'], follows: '表示双方就这一版方案达成一致，并告知服务商；方案随即送市工信局备案，由专家审核。',
  }),
  sendBack: move.step({
    title: '退回修改', from: 'proposed', to: 'drafting', by: party('enterprise'), form: sendBackForm, decide: rules.sendBack, confirm: true, tells: ['provider'],
    follows: '意见告知服务商，由其修改后重新送贵企业确认。',
  }),
  proposeLapse: move.step({ title: '逾期未确认', from: 'proposed', to: 'drafting', by: system(), decide: rules.proposeLapse, tells: ['enterprise', 'provider'] }),
  accept: move.step({
    title: '材料齐全，抽取专家', from: 'filed', to: 'reviewing', by: handler(), form: acceptForm, facts: filing.panelFacts, decide: filing.accept,
    confirm: true, tells: ['enterprise', 'provider', 'expert'], follows: '系统抽签确定专家并通知评分，评分期开始；同时告知双方材料齐全。',
  }),
  supplement: move.step({
    title: '一次性告知补正', from: 'filed', to: 'supplementing', by: handler(), form: supplementForm, when: filing.mayAskAgain, decide: filing.supplement,
    confirm: true, tells: ['enterprise', 'provider'],
    follows: '缺少的内容告知双方，本轮只能告知一次。服务商须在期限内补正并由企业重新确认；逾期未重新提交的，备案终止（属于变更的，变更作废，原方案继续有效）。',
  }),
  score: move.stay({
    title: '提交评分', from: 'reviewing', mayGoTo: 'deciding', by: party('expert'), form: scoreForm, when: filing.hasNoSheet, decide: filing.score, confirm: true,
    follows: '提交后不能修改。评分收齐后由市工信局作出备案决定。',
  }),
  stepAside: move.stay({
    title: '回避本案', article: UNREGULATED, from: 'reviewing', mayGoTo: 'filed', by: party('expert'), form: stepAsideForm, facts: filing.panelFacts, decide: filing.stepAside,
    confirm: true, tells: ['expert'], follows: '提交后您不再参加本案审核，也不能再查看本案；已提交的评分作废，由系统抽签替补。',
  }),
  overrun: move.step({
    title: '专家逾期，替补', article: UNREGULATED, from: 'reviewing', to: ['reviewing', 'filed'], by: system(), facts: filing.panelFacts, decide: filing.overrun, tells: ['expert'],
  }),
  approve: move.step({
    title: '通过备案', from: 'deciding', to: 'approved', by: decider, form: approveForm, when: filing.panelPassed, facts: filing.deliverer, decide: filing.approve,
    confirm: true, causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
    follows: '决定和专家意见告知双方，双方即可据此签订改造合同。属于变更的，新版本即为现行方案，暂停的合同恢复办理。',
  }),
  return: move.step({
    title: '退回修改', from: 'deciding', to: 'returned', by: decider, form: reasonsForm, decide: filing.giveBack, confirm: true, tells: ['enterprise', 'provider'],
    follows: '理由和专家意见告知双方。服务商须在期限内修改并由企业重新确认；逾期未重新提交的，备案终止（属于变更的，变更作废，原方案继续有效）。',
  }),
  reject: move.step({
    title: '不予备案', from: 'deciding', to: ['rejected', 'approved'], by: decider, form: reasonsForm, decide: filing.reject, confirm: true,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
    follows: '理由和专家意见告知双方，本次备案到此结束；服务商可以重新编制方案。属于变更的，变更作废，原方案继续有效。',
  }),
  supplementLapse: move.step({
    title: '逾期未重新提交', from: ['supplementing', 'returned'], to: ['lapsed', 'approved'], by: system(), decide: rules.supplementLapse,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
  }),
  change: move.step({
    title: '提出变更', article: '12.3', from: 'approved', to: 'changing', by: party('provider', 'confirm'), form: changeForm, facts: rules.providerFacts,
    decide: rules.change, confirm: true, tells: ['enterprise'],
    follows: '告知企业核对，企业答复之前不能再修改。属于较大变动的，企业确认后重新备案，备案办结前合同暂停；其他变更登记备查。',
  }),
  confirmChange: move.step({
    title: '确认变更', article: '12.3', from: 'changing', to: ['filed', 'approved'], by: party('enterprise', 'confirm'), form: confirmForm,
    facts: rules.contractsOf, decide: rules.confirmChange, confirm: true, causes: rules.holdContracts, tells: ['enterprise', 'provider'],
    follows: '表示双方就变更达成一致，并告知服务商。一般变更登记备查，新版本即为现行方案；较大变动重新送备案，办结前合同暂停，变更的内容不得实施。',
  }),
  refuseChange: move.step({
    title: '不同意变更', article: '12.3', from: 'changing', to: 'approved', by: party('enterprise'), form: refuseChangeForm, decide: rules.refuseChange,
    confirm: true, tells: ['provider'], follows: '原因告知服务商，变更作废，原方案继续有效。服务商可以另行提出变更。',
  }),
  changeLapse: move.step({ title: '逾期未确认变更', article: '12.3', from: 'changing', to: 'approved', by: system(), decide: rules.dropChange, tells: ['enterprise', 'provider'] }),
  withdraw: move.step({
    title: '撤回方案', from: ['drafting', 'proposed', 'filed', 'supplementing', 'returned'], to: 'withdrawn', by: eitherSide, form: withdrawForm,
    when: rules.isFirst, decide: rules.withdraw, confirm: true, tells: ['enterprise', 'provider'],
    follows: '这份方案到此结束，所填原因告知双方。诊断报告仍然有效，服务商可以重新编制方案。',
  }),
  withdrawChange: move.step({
    title: '撤回变更', article: '12.3', from: ['filed', 'supplementing', 'returned', 'changing'], to: 'approved', by: eitherSide, form: withdrawForm,
    when: rules.mayWithdrawChange, decide: rules.withdrawChange, confirm: true, causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
    follows: '变更作废，原方案继续有效，因重新备案暂停的合同恢复办理；所填原因告知双方。',
  }),
})).sees({
  // The draft is the provider's own; the others see versions put to the enterprise.
  provider: { who: theParty('provider'), fields: [...AGREED, ...CONTENT_FIELDS], timeline: [...PUBLIC_STEPS, 'save'], parties: ['enterprise', 'provider'], links: true, extra: forProvider },
  enterprise: { who: theParty('enterprise'), fields: AGREED, timeline: PUBLIC_STEPS, parties: ['enterprise', 'provider'], links: true, extra: forParties },
  expert: {
    who: theParty('expert'), fields: ['gradeBefore', 'problems', 'needs', 'lacks', 'planHash', 'versions', 'hints', 'review', 'change'], timeline: ['confirm', 'confirmChange', 'accept'],
    // The linked diagnosis is not theirs to read.
    parties: ['enterprise', 'provider'], links: false, extra: forExpert,
  },
  bureau: {
    who: theBureau('director', 'supervisor', 'auditor'), fields: [...AGREED, 'hints', 'draws', 'review', 'heldContracts'], timeline: 'all', extra: forBureau,
  },
});

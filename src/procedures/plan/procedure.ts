import type { Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Moment } from '../../kernel/procedure';
import { anyOf, handler, opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { differences } from './differences';
import * as filing from './filing';
import {
  acceptForm, approveForm, changeForm, confirmForm, CONTENT_FIELDS, data, openForm, reasonsForm, saveForm, scoreForm, sendBackForm, stepAsideForm,
  supplementForm, withdrawForm,
} from './forms';
import * as rules from './rules';

const OUTCOME = ['approved', 'current', 'change', 'noted', 'decisions'] as const;
const AGREED = ['diagnosis', 'gradeBefore', 'needs', 'planHash', 'versions', 'remarks', 'missing', ...OUTCOME] as const;
const PUBLIC_STEPS = ['open', 'propose', 'confirm', 'sendBack', 'proposeLapse', 'supplement', 'accept', 'approve', 'return', 'reject', 'supplementLapse',
  'change', 'confirmChange', 'refuseChange', 'changeLapse', 'withdraw'] as const;

/** Who scored does not also decide. */
const decider = handler({ notWhoDid: ['score'] });

/** What the version under way changes: against the approved one while a change is under way, else against the version before. */
function changes(c: Case<rules.Plan>): Record<string, unknown> {
  const version = rules.versionUnderWay(c);
  const approved = c.data.approved && c.data.versions.find(({ hash }) => hash === c.data.approved!.hash);
  const earlier = approved && approved.hash !== version?.hash ? approved : version && c.data.versions[c.data.versions.indexOf(version) - 1];
  return version && earlier ? { changes: { from: earlier.no, to: version.no, ...differences(earlier, version) } } : {};
}

/** Before it agrees to a change the enterprise is told whether the plan must be filed anew (12.3). */
function refiling(c: Case<rules.Plan>, { rulebook }: Moment): Record<string, unknown> {
  const approved = c.data.versions.find(({ hash }) => hash === c.data.approved?.hash);
  const version = rules.versionUnderWay(c);
  return c.state === 'changing' && approved && version ? { refiling: rules.classifyChange(approved, version, rulebook) } : {};
}

/** The panel's word reaches the parties with the bureau's decision, not before it. */
const forParties = (c: Case<rules.Plan>, _: Actor, at: Moment) => ({ ...changes(c), ...refiling(c, at), ...(c.data.review && c.state !== 'deciding' ? { review: c.data.review } : {}) });
const forBureau = (c: Case<rules.Plan>) => ({ ...changes(c), panel: { seats: filing.seated(c).length, sheets: c.data.sheets.length } });
/** Blind: an expert's own sheet only, until all are in and `review` shows them without names. */
const forExpert = (c: Case<rules.Plan>, { person }: Actor) => ({ ...changes(c), ownSheet: c.data.sheets.find((sheet) => sheet.person === person) ?? null });

/** 方案备案 (第七条, 第十二条（二）（三）): both sides agree on one version, experts review it, the bureau files it; larger changes come back. */
export const plan = procedure({
  name: 'plan', title: '改造方案备案', prefix: 'FA', article: '12.2',
  showsFileNames: true,
  parties: { enterprise: '企业', provider: '服务商', expert: '评审专家' },
  data,
  states: {
    drafting: { title: '方案编制中', waitsFor: 'provider', within: 'plan.draft' },
    proposed: { title: '待企业确认方案', waitsFor: 'enterprise', within: 'plan.confirm', then: 'proposeLapse' },
    filed: { title: '待核对材料', desk: 'plan', within: 'plan.file_check' },
    supplementing: { title: '待服务商补正', waitsFor: 'provider', within: 'plan.supplement', then: 'supplementLapse' },
    reviewing: { title: '专家审核中', waitsFor: filing.awaited, within: 'plan.review', then: 'overrun' },
    deciding: { title: '待备案决定', desk: 'plan', within: 'plan.decide' },
    returned: { title: '退回服务商修改', waitsFor: 'provider', within: 'plan.supplement', then: 'supplementLapse' },
    changing: { title: '待企业确认变更', waitsFor: 'enterprise', within: 'plan.confirm', then: 'changeLapse' },
    approved: { title: '已通过备案', end: true },
    rejected: { title: '不予备案', end: true },
    withdrawn: { title: '已撤回', end: true },
    lapsed: { title: '逾期未重新提交，已终止', end: true },
  },
}).moves((move) => ({
  open: move.open({ title: '编制改造方案', to: 'drafting', by: opener('provider', 'handle'), form: openForm, facts: rules.openFacts, begin: rules.open, tells: ['enterprise'] }),
  save: move.stay({
    title: '填写方案内容', from: ['drafting', 'supplementing', 'returned', 'approved'], by: party('provider'), form: saveForm, decide: rules.save,
  }),
  propose: move.step({
    title: '送企业确认', from: ['drafting', 'supplementing', 'returned'], to: 'proposed', by: party('provider', 'confirm'), facts: rules.providerFacts,
    decide: rules.propose, confirm: true, tells: ['enterprise'],
  }),
  confirm: move.step({
    title: '确认方案', from: 'proposed', to: 'filed', by: party('enterprise', 'confirm'), form: confirmForm, decide: rules.confirm, confirm: true,
    tells: ['enterprise', 'provider'],
  }),
  sendBack: move.step({ title: '退回修改意见', from: 'proposed', to: 'drafting', by: party('enterprise'), form: sendBackForm, decide: rules.sendBack, tells: ['provider'] }),
  proposeLapse: move.step({ title: '逾期未确认', from: 'proposed', to: 'drafting', by: system(), decide: rules.proposeLapse, tells: ['enterprise', 'provider'] }),
  accept: move.step({
    title: '材料齐全，抽取专家', from: 'filed', to: 'reviewing', by: handler(), form: acceptForm, facts: filing.panelFacts, decide: filing.accept,
    confirm: true, tells: ['enterprise', 'provider', 'expert'],
  }),
  supplement: move.step({
    title: '一次性告知补正', from: 'filed', to: 'supplementing', by: handler(), form: supplementForm, when: filing.mayAskAgain, decide: filing.supplement,
    tells: ['enterprise', 'provider'],
  }),
  score: move.stay({
    title: '提交评分', from: 'reviewing', mayGoTo: 'deciding', by: party('expert'), form: scoreForm, when: filing.hasNoSheet, decide: filing.score, confirm: true,
  }),
  stepAside: move.stay({
    title: '专家回避', from: 'reviewing', mayGoTo: 'filed', by: party('expert'), form: stepAsideForm, facts: filing.panelFacts, decide: filing.stepAside,
    confirm: true, tells: ['expert'],
  }),
  overrun: move.step({
    title: '专家逾期，替补', from: 'reviewing', to: ['reviewing', 'filed'], by: system(), facts: filing.panelFacts, decide: filing.overrun, tells: ['expert'],
  }),
  approve: move.step({
    title: '通过备案', from: 'deciding', to: 'approved', by: decider, form: approveForm, when: filing.panelPassed, facts: filing.deliverer, decide: filing.approve,
    confirm: true,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
  }),
  return: move.step({
    title: '退回修改', from: 'deciding', to: 'returned', by: decider, form: reasonsForm, decide: filing.giveBack, confirm: true, tells: ['enterprise', 'provider'],
  }),
  reject: move.step({
    title: '不予备案', from: 'deciding', to: ['rejected', 'approved'], by: decider, form: reasonsForm, decide: filing.reject, confirm: true,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
  }),
  supplementLapse: move.step({
    title: '逾期未重新提交', from: ['supplementing', 'returned'], to: ['lapsed', 'approved'], by: system(), decide: rules.supplementLapse,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
  }),
  change: move.step({
    title: '提出变更', article: '12.3', from: 'approved', to: 'changing', by: party('provider', 'confirm'), form: changeForm, facts: rules.providerFacts,
    decide: rules.change, confirm: true, tells: ['enterprise'],
  }),
  confirmChange: move.step({
    title: '确认变更', article: '12.3', from: 'changing', to: ['filed', 'approved'], by: party('enterprise', 'confirm'), form: confirmForm,
    facts: rules.contractsOf, decide: rules.confirmChange, confirm: true, causes: rules.holdContracts, tells: ['enterprise', 'provider'],
  }),
  refuseChange: move.step({
    title: '不同意变更', article: '12.3', from: 'changing', to: 'approved', by: party('enterprise'), form: sendBackForm, decide: rules.refuseChange, tells: ['provider'],
  }),
  changeLapse: move.step({ title: '逾期未确认变更', article: '12.3', from: 'changing', to: 'approved', by: system(), decide: rules.dropChange, tells: ['enterprise', 'provider'] }),
  withdraw: move.step({
    title: '撤回方案', from: ['drafting', 'proposed', 'filed', 'supplementing', 'returned', 'changing'], to: ['withdrawn', 'approved'],
    by: anyOf(party('provider', 'confirm'), party('enterprise', 'confirm')), form: withdrawForm, decide: rules.withdraw, confirm: true,
    causes: rules.releaseContracts, tells: ['enterprise', 'provider'],
  }),
})).sees({
  // The draft is the provider's own; the others see versions put to the enterprise.
  provider: { who: theParty('provider'), fields: [...AGREED, ...CONTENT_FIELDS], timeline: [...PUBLIC_STEPS, 'save'], parties: ['enterprise', 'provider'], extra: forParties },
  enterprise: { who: theParty('enterprise'), fields: AGREED, timeline: PUBLIC_STEPS, parties: ['enterprise', 'provider'], extra: forParties },
  expert: {
    who: theParty('expert'), fields: ['gradeBefore', 'needs', 'planHash', 'versions', 'hints', 'review', 'change'], timeline: ['confirm', 'confirmChange', 'accept'],
    parties: ['enterprise', 'provider'], extra: forExpert,
  },
  bureau: {
    who: theBureau('director', 'supervisor', 'auditor'), fields: [...AGREED, 'hints', 'draws', 'review', 'heldContracts'], timeline: 'all', extra: forBureau,
  },
});

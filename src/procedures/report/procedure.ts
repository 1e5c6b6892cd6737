import { handler, opener, party, procedure, system, theHandlers, theParty } from '../../kernel/declare';
import { answeredForm, cosignForm, data, decideForm, fileForm, findForm, heardForm, hearForm, inquireForm, objectForm, prolongedForm, refuseForm, supplementForm, verifyForm } from './forms';
import * as rules from './rules';

const OPEN = ['filed', 'verified', 'checking'] as const;
const EVERY = [...OPEN, 'cosigning', 'hearing', 'deciding', 'substantiated', 'unfounded', 'clue', 'refused', 'withdrawn'] as const;
/** Whoever has formed an opinion on this report does not form the next one. */
const otherThanFinders = { notWhoDid: ['find', 'agree', 'disagree'] };

/**
 * 实名举报 (第十八条): anybody may report false or inaccurate information of a provider, in true name, with evidence and contact.
 * Two handlers find; the provider is asked by an inquiry of its own and heard before it leaves the register; the reporter is told.
 */
export const report = procedure({
  name: 'report', title: '实名举报', prefix: 'JB', article: '18',
  parties: { reporter: '举报人', provider: '被举报服务商' },
  data,
  states: {
    filed: {
      title: '待核验身份', desk: 'report', within: 'report.identity',
      advice: { reporter: '工信局将核实您的身份，可能会给您打电话，请保持电话畅通；您不必再做什么，有新证据可以补充。' },
    },
    verified: { title: '待受理', desk: 'report', within: 'report.accept', advice: { reporter: '工信局将决定是否受理并告知您。' } },
    checking: { title: '核查中', desk: 'report', within: 'report.verify', says: rules.inquiring, advice: { reporter: '工信局正在核查，会以中性的问题向服务商核实，不提您的举报；有新证据可以补充。' } },
    cosigning: { title: '待第二承办人复核', desk: 'report', within: 'report.cosign', advice: { reporter: '核查意见已提出，由另一名工作人员复核；结果会告知您。' } },
    hearing: {
      title: '服务商陈述申辩中', waitsFor: () => [], within: 'report.statement',
      says: () => '已向服务商告知拟处理意见；服务商陈述申辩或期满后，由负责人作出处理决定。',
      advice: { reporter: '服务商可在此期限内陈述申辩，您不必做什么；随后由负责人作出决定并答复您。' },
    },
    deciding: { title: '待负责人决定', desk: 'director', within: 'report.decide', advice: { reporter: '负责人将作出决定并答复您。' } },
    substantiated: { title: '属实，已处理', end: true },
    unfounded: { title: '不属实，已办结', end: true, advice: { reporter: rules.questionedUntil } },
    clue: { title: '未能核验身份，转为一般线索', end: true },
    refused: { title: '不予受理', end: true },
    withdrawn: { title: '已撤回', end: true },
  },
}).moves((move) => ({
  file: move.open({ title: '提交实名举报', to: 'filed', by: opener('citizen'), form: fileForm, confirm: true, facts: rules.fileFacts, begin: rules.file, tells: ['reporter'] }),
  supplement: move.stay({ title: '补充材料', from: OPEN, by: party('reporter'), form: supplementForm, decide: rules.supplement, tells: ['desk'], follows: '只供承办人员和负责人查阅，不转给服务商。' }),
  withdraw: move.step({ title: '撤回举报', from: ['filed', 'verified'], to: 'withdrawn', by: party('reporter'), confirm: true, follows: '撤回后本件不再核查；需要的，可以重新举报。' }),
  verify: move.step({
    title: '身份核验通过', from: 'filed', to: 'verified', by: handler(), form: verifyForm, decide: rules.verify,
    follows: '随后决定是否受理；受理告知的期限自收到举报之日起算。',
  }),
  unverifiable: move.step({
    title: '未能核验身份', from: 'filed', to: 'clue', by: handler(), form: verifyForm, decide: rules.unverifiable, tells: ['reporter'], confirm: true,
    follows: '举报转为一般线索，本案结束，不再核查和答复；举报人会收到告知。',
  }),
  accept: move.step({
    title: '受理举报', from: 'verified', to: 'checking', by: handler(), tells: ['reporter'], follows: '开始核查并计算核查期限，告知举报人已受理；服务商此时还不知道。',
  }),
  refuse: move.step({
    title: '不予受理', from: 'verified', to: 'refused', by: handler(), form: refuseForm, decide: rules.refuse, tells: ['reporter'], confirm: true,
    follows: '本案结束，举报人会看到不予受理的原因。',
  }),
  inquire: move.stay({
    title: '向服务商核实', from: 'checking', by: handler(), form: inquireForm, confirm: true, facts: rules.inquireFacts, when: rules.notAsked, decide: rules.inquire,
    causes: rules.asks, tells: ['reporter'],
    follows: '服务商会收到一份不提举报的核实通知，并看到上面两段文字，须在期限内回复；举报人会收到已核实的告知。',
  }),
  answered: move.stay({ title: '收到核实结果', from: ['checking', 'cosigning'], by: system(), form: answeredForm, decide: rules.answered, tells: ['desk'] }),
  prolonged: move.stay({ title: '服务商延期回复', from: ['checking', 'cosigning'], by: system(), form: prolongedForm, decide: rules.prolonged, tells: ['desk'] }),
  find: move.step({
    title: '提出核查意见', from: 'checking', to: 'cosigning', by: handler(otherThanFinders), form: findForm, when: rules.mayFind, facts: rules.intendedFacts, decide: rules.find, confirm: true,
    follows: '交由另一名承办人员复核，您不再经办本案。',
  }),
  agree: move.step({
    title: '同意核查意见', from: 'cosigning', to: ['hearing', 'unfounded'], by: handler(otherThanFinders), form: cosignForm, decide: rules.agree, causes: rules.consequences, tells: ['reporter'], confirm: true,
    follows: (c) => (c.data.result === 'unfounded' ? '本案办结并答复举报人。' : '向服务商告知拟处理意见，听取陈述申辩后由负责人决定。'),
  }),
  disagree: move.step({
    title: '不同意核查意见', from: 'cosigning', to: 'deciding', by: handler(otherThanFinders), form: cosignForm, decide: rules.disagree, confirm: true, follows: '您的意见与核查意见一并交由负责人决定。',
  }),
  hear: move.step({
    title: '告知拟处理意见', from: 'deciding', to: 'hearing', by: handler(otherThanFinders), form: hearForm, when: rules.wasNotHeard, facts: rules.intendedFacts, decide: rules.hear,
    starts: rules.hearingFrom, causes: rules.consequences, confirm: true, follows: '服务商会看到拟处理意见，可在期限内陈述申辩；期满后再由负责人作出决定。',
  }),
  heard: move.step({ title: '陈述申辩结束', from: 'hearing', to: 'deciding', by: system(), form: heardForm, decide: rules.heard }),
  decide: move.step({
    title: '作出处理决定', from: 'deciding', to: ['substantiated', 'unfounded'], by: handler(otherThanFinders), form: decideForm, confirm: true, starts: rules.decidingFrom,
    follows: '本案办结并答复举报人，服务商会收到结果。属实或未按要求回复的，服务商随即退出服务商库，并向社会公告。',
    decide: rules.decide, causes: rules.consequences, tells: ['reporter'],
  }),
  object: move.step({ title: '对结果提出异议', from: 'unfounded', to: 'checking', by: party('reporter'), form: objectForm, when: rules.mayObject, decide: rules.object, confirm: true, follows: '由没有经办过本件的工作人员重新核查；异议只能提出一次。' }),
  // What the vault did: its log says who and why, the case says that it happened, and the reporter sees both.
  identityRequested: move.stay({ title: '承办人员申请查看举报人身份', from: EVERY, by: system(), tells: ['reporter'] }),
  identityApproved: move.stay({ title: '另一名承办人员批准查看举报人身份', from: EVERY, by: system() }),
  identityOpened: move.stay({ title: '承办人员查看了举报人身份', from: EVERY, by: system(), tells: ['reporter'] }),
  identityErased: move.stay({ title: '举报人身份信息保存期满，已销毁', from: EVERY, by: system(), tells: ['reporter'] }),
})).sees({
  reporter: {
    who: theParty('reporter'),
    fields: ['matters', 'text', 'evidence', 'supplements', 'supplementEvidence', 'refusal', 'feedback', 'objection'],
    timeline: [
      'file', 'supplement', 'withdraw', 'verify', 'unverifiable', 'accept', 'refuse', 'inquire', 'prolonged', 'answered', 'find', 'agree', 'decide', 'object',
      'identityRequested', 'identityApproved', 'identityOpened', 'identityErased',
    ],
  },
  handlers: {
    who: theHandlers('director'),
    fields: [
      'matters', 'text', 'evidence', 'phoneIsBound', 'earlierReports', 'supplements', 'supplementEvidence', 'identityCheck', 'refusal', 'inquirySummary', 'questions', 'knownTo',
      'narrowReason', 'replyDue', 'lapsed', 'late', 'reply', 'replyEvidence', 'result', 'finding', 'intended', 'cosigned', 'secondOpinion', 'statement', 'statementEvidence', 'decision',
      'draft', 'feedback', 'objection',
    ],
    timeline: 'all',
  },
});

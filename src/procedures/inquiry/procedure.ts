import { party, procedure, opener, system, theBureau, theDisclosed } from '../../kernel/declare';
import { announceForm, concludeForm, data, extendForm, replyForm, serveForm, stateForm } from './forms';
import * as rules from './rules';

/** 18: 未按要求回复…的，退出服务商库. Whoever is asked must know what is at stake. */
const ANSWER = '请在期限内逐项回复，并附佐证材料。逾期未回复的，按第十八条可能退出服务商库。';

const seenByProvider = ['serve', 'extend', 'reply', 'replyLate', 'lapse', 'announce', 'state', 'forgo', 'conclude'] as const;

/**
 * 核查 (第十八条): the bureau's neutral question to a provider. A case of its own, so that the accused has no access whatever to the
 * report behind it: no number, no time of filing, no link. It waits for the provider only and returns what came of it.
 */
export const inquiry = procedure({
  name: 'inquiry', title: '情况核实', prefix: 'HC', article: '18',
  parties: { provider: '服务商' },
  data,
  states: {
    served: { title: '待服务商回复', waitsFor: 'provider', within: 'report.provider_reply', then: 'lapse', advice: `${ANSWER}确有困难的，可在期限内申请延期。` },
    extended: { title: '已延期，待服务商回复', waitsFor: 'provider', within: 'report.provider_extension', then: 'lapse', advice: ANSWER },
    replied: {
      title: '已回复，等待核查结果', end: true, says: () => '服务商已回复；相关举报作出结论后，结果自动告知服务商。',
      advice: '工信局正在核查，结果会告知您；拟作不利处理的，会先听取您的陈述申辩。',
    },
    lapsed: {
      title: '逾期未回复', end: true, says: () => '服务商逾期未回复，仍可补交一次；相关举报作出结论后，结果自动告知服务商。',
      advice: '未按要求回复的，按第十八条可能退出服务商库。仍可补交一次回复，由工信局一并考虑。',
    },
    announced: {
      title: '待陈述申辩', waitsFor: 'provider', within: 'report.statement', then: 'forgo', advice: '可在期限内提交陈述申辩和材料；期满未提交的，工信局根据已有材料作出决定。',
    },
    heard: {
      title: '等待处理决定', end: true, says: () => '陈述申辩已结束，由负责人在相关举报中作出决定，结果自动告知服务商。',
      advice: { provider: (c) => `${c.data.statement ? '已收到您的陈述申辩' : '陈述申辩期已满，您没有提交'}；工信局将根据全部材料作出决定，结果会告知您。` },
    },
    concluded: { title: '已有结果', end: true },
  },
}).moves((move) => ({
  serve: move.open({ title: '发出核实通知', to: 'served', by: opener('system'), form: serveForm, facts: rules.serveFacts, begin: rules.serve, tells: ['provider'] }),
  reply: move.step({ title: '回复核实事项', from: ['served', 'extended'], to: 'replied', by: party('provider'), form: replyForm, confirm: true, follows: '提交后不能修改；工信局继续核查，结果会告知您。', decide: rules.reply, causes: rules.answered }),
  extend: move.step({ title: '申请延期回复', from: ['served', 'extended'], to: 'extended', by: party('provider'), form: extendForm, when: rules.mayExtend, decide: rules.extend, causes: rules.prolonged, follows: '申请即获准，在原期限之后顺延；新的期限在提交后显示。' }),
  replyLate: move.step({ title: '补交回复', from: 'lapsed', to: 'replied', by: party('provider'), form: replyForm, when: rules.mayReply, decide: rules.reply, causes: rules.answered }),
  lapse: move.step({ title: '逾期未回复', from: ['served', 'extended'], to: 'lapsed', by: system(), decide: rules.lapse, tells: ['provider'], causes: rules.answered }),
  announce: move.step({ title: '告知拟处理意见', from: ['replied', 'lapsed', 'concluded'], to: 'announced', by: system(), form: announceForm, decide: rules.announce, tells: ['provider'] }),
  state: move.step({ title: '陈述申辩', from: 'announced', to: 'heard', by: party('provider'), form: stateForm, confirm: true, follows: '只能提交一次；提交后即由工信局作出决定，期限未到也不能再补充。', decide: rules.state, causes: rules.heard }),
  forgo: move.step({ title: '未在期限内陈述申辩', from: 'announced', to: 'heard', by: system(), causes: rules.heard }),
  conclude: move.step({ title: '告知结果', from: ['replied', 'lapsed', 'heard', 'announced'], to: 'concluded', by: system(), form: concludeForm, decide: rules.conclude, tells: ['provider'] }),
})).sees({
  provider: {
    who: theDisclosed('provider'),
    fields: ['summary', 'questions', 'reply', 'replyEvidence', 'late', 'extension', 'intended', 'statement', 'statementEvidence', 'conclusion'],
    timeline: seenByProvider,
  },
  bureau: {
    who: theBureau('director'),
    fields: ['summary', 'questions', 'reply', 'replyEvidence', 'late', 'extension', 'intended', 'statement', 'statementEvidence', 'conclusion'],
    timeline: seenByProvider,
  },
});

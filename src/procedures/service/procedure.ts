import { anyOf, handler, opener, party, procedure, theBureau, theParty } from '../../kernel/declare';
import { answerForm, closeForm, data, followUpForm, openForm } from './forms';
import * as rules from './rules';

/**
 * 人工服务 (第四条（六）: other work of managing providers): what the chat-bot cannot answer goes to a person, through a queue and
 * with a deadline like everything else. By night it waits on the desk.
 */
export const service = procedure({
  name: 'service', title: '人工服务', prefix: 'RG', article: '4.6',
  parties: { person: '提问人', organisation: '所属单位' },
  data,
  states: {
    asked: { title: '待答复', desk: 'service', within: 'handover.answer', advice: { person: '工作人员将在时限内答复；可以随时补充说明。' } },
    closed: { title: '已答复', end: true },
  },
}).moves((move) => ({
  open: move.open({
    title: '转人工服务', to: 'asked', by: anyOf(opener('enterprise'), opener('provider'), opener('citizen')), form: openForm,
    facts: rules.openFacts, begin: rules.open, tells: ['person'], follows: '工作人员在规定时限内答复，答复在“消息”和“助手”里看。',
  }),
  answer: move.stay({ title: '答复', from: 'asked', by: handler(), form: answerForm, decide: rules.answer, causes: rules.delivers, tells: ['person'], follows: '答复同时发到提问人的对话里，本件仍由您继续办理。' }),
  followUp: move.stay({ title: '补充说明', from: 'asked', by: party('person'), form: followUpForm, decide: rules.followUp, tells: ['desk'] }),
  close: move.step({ title: '答复办结', from: 'asked', to: 'closed', by: handler(), form: closeForm, decide: rules.close, causes: rules.delivers, tells: ['person'], follows: '本件办结；提问人仍可继续提问。' }),
  again: move.step({ title: '继续提问', from: 'closed', to: 'asked', by: party('person'), form: followUpForm, decide: rules.followUp }),
})).sees({
  person: { who: theParty('person'), fields: ['question', 'transcript', 'lines', 'subject'], timeline: 'all' },
  desk: { who: theBureau('supervisor', 'auditor'), fields: ['question', 'transcript', 'lines', 'subject'], timeline: 'all' },
});

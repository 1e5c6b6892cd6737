import { anyOf, opener, procedure, staff, system } from '../../kernel/declare';
import { closeForm, data, publishForm } from './forms';
import * as rules from './rules';

const ALL = Object.keys(data) as (keyof typeof data)[];

/** 验收批次 (第十二条（四）): the bureau's notice that opens a window in which finished projects apply for acceptance. */
export const batch = procedure({
  name: 'batch', title: '验收批次', prefix: 'YP', article: '12.4',
  parties: {},
  data,
  states: {
    // It waits for whoever wants to apply, and for nobody in particular.
    open: { title: '接受申请', waitsFor: () => [], within: 'accept.window', then: 'close' },
    closed: { title: '已截止', end: true },
  },
}).moves((move) => ({
  publish: move.open({ title: '发布验收通知', to: 'open', by: anyOf(opener('reviewer'), opener('director')), mayOpen: rules.servesAcceptance, form: publishForm, begin: rules.publish, confirm: true, causes: rules.announce }),
  close: move.step({
    title: '截止申请', from: 'open', to: 'closed', by: anyOf(staff('reviewer'), staff('director'), system()), form: closeForm, when: rules.mayClose,
    decide: rules.close, confirm: true, causes: rules.announceClose,
  }),
})).sees({
  everybody: { who: rules.everybody, fields: ALL, timeline: 'all' },
});

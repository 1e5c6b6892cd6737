import { anyOf, opener, procedure, staff, system } from '../../kernel/declare';
import type { Case } from '../../kernel/case';
import { wordsOfDay } from '../../kernel/numbers';
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
    open: { title: '接受申请', waitsFor: () => [], within: 'accept.window', then: 'end' },
    closed: { title: '已截止', end: true },
  },
}).moves((move) => ({
  publish: move.open({
    title: '发布验收通知', to: 'open', by: anyOf(opener('reviewer'), opener('director')), mayBegin: rules.servesAcceptance, form: publishForm, begin: rules.publish, confirm: true,
    follows: '通知立即向公众发布，并告知已交付、待整改的企业；发布后不能修改，只能提前截止。', causes: rules.announce,
  }),
  close: move.step({
    title: '提前截止申请', from: 'open', to: 'closed', by: anyOf(staff('reviewer'), staff('director')), form: closeForm, when: rules.mayClose, decide: rules.close, confirm: true,
    follows: ({ data: { until } }: Case<any>) => `申请截止日期由原定的${wordsOfDay(until)}改为今天，提交后不再接受申请，并向公众发布公告。`, causes: rules.closedEarly,
  }),
  end: move.step({ title: '申请期届满', from: 'open', to: 'closed', by: system() }),
})).sees({
  everybody: { who: rules.everybody, fields: ALL, timeline: 'all' },
});

import type { Case } from '../../kernel/case';
import { opener, party, procedure, system, theBureau, theParty } from '../../kernel/declare';
import { data, excludeForm, inviteForm, rateForm } from './forms';
import * as rules from './rules';

const KNOWN = ['contract', 'acceptance', 'result', 'warningGround', 'excluded'] as const;
/** Not `rate`: before the window closes the bureau does not learn whether or how an enterprise rated either. */
const WINDOW = ['invite', 'close', 'exclude'] as const;

const ballotsOnceClosed = (c: Case<rules.Rating>): Record<string, unknown> => (c.closedAt ? { ballots: c.data.ballots } : {});

/**
 * 满意度评价 (第十四条, 第十五条（四）): one per accepted project, given by the enterprise alone and sealed until its window closes.
 * The provider is a party to be named in the statistics but no reader: it hears of the rating through `ratingResult`.
 */
export const rating = procedure({
  name: 'rating', title: '满意度评价', prefix: 'PJ', article: '14',
  parties: { enterprise: '企业', provider: '服务商' },
  data,
  states: {
    // Whether the enterprise has rated shows in nothing that others can see.
    open: {
      title: '评价期内', waitsFor: 'enterprise', given: rules.hasRated, within: 'rating.window', then: 'close',
      advice: { enterprise: '评价密封到评价期结束，期间可以修改，以最后一次为准；到期未评价的，记为未评价，不计为满意。' },
      says: () => '评价期内不显示企业是否评价和评价内容；期满后显示结果。',
    },
    counted: { title: '已计入', end: true },
    notRated: { title: '未评价', end: true },
    excluded: { title: '异议成立，不计入', end: true },
  },
}).moves((move) => ({
  invite: move.open({ title: '邀请评价', to: 'open', by: opener('system'), form: inviteForm, facts: rules.inviteFacts, begin: rules.invite, tells: ['enterprise'] }),
  rate: move.stay({
    title: '评价服务商', from: 'open', by: party('enterprise', 'confirm'), form: rateForm, facts: rules.rateFacts, decide: rules.rate, confirm: true,
    follows: '评价密封到评价期结束，期间可以修改；服务商只得知评价结果，不得知补充说明、评价人和评价时间。',
  }),
  close: move.step({
    title: '评价期届满', from: 'open', to: ['counted', 'notRated'], by: system(), decide: rules.close, causes: rules.tellProvider, tells: ['enterprise'],
  }),
  exclude: move.step({
    title: '不计入评级', article: '17.2', from: 'counted', to: 'excluded', by: system(), form: excludeForm, decide: rules.exclude, tells: ['enterprise'],
  }),
})).sees({
  enterprise: { who: theParty('enterprise'), fields: [...KNOWN, 'ballots'], timeline: 'all' },
  auditor: { who: theBureau('auditor'), fields: KNOWN, timeline: WINDOW, extra: ballotsOnceClosed },
  bureau: { who: theBureau('reviewer', 'director', 'supervisor'), fields: KNOWN, timeline: WINDOW },
});

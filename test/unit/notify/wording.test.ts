import type { Entry } from '../../../src/kernel/case';
import { newsWords, taskWords } from '../../../src/notify/wording';
import { contract } from '../../../src/procedures/contract/procedure';
import { report } from '../../../src/procedures/report/procedure';

const by = (role: string): Entry['by'] => ({ person: 'p', role }) as Entry['by'];

describe('what a message says', () => {
  it('11: who did it, so that nobody takes the other side\'s signature for both', () => {
    expect(newsWords({ procedure: contract, discreet: false }, { move: 'sign', to: 'signing', by: by('enterprise') }).text).toBe('签订合同（企业），现为“待双方签订”。');
    expect(newsWords({ procedure: contract, discreet: false }, { move: 'signLapse', to: 'lapsed', by: by('system') }).text).toMatch(/^逾期未签订，现为“/);
  });

  it('18: a discreet one tells a result from news, and nothing of what it is about', () => {
    const texts = ['verified', 'unfounded'].map((to) => newsWords({ procedure: report, discreet: true }, { move: 'decide', to, by: by('director') }));
    expect(texts.map(({ text }) => text)).toEqual(['您有一项办理事项有新的进展，请查看。', '您的一项办理事项已有结果，请查看。']);
    expect(JSON.stringify(texts)).not.toMatch(/举报|核查|工信局/);
  });

  it('until when, the day itself included, and one of several things to do', () => {
    expect(taskWords({ procedure: contract, discreet: false }, 'submitted', ['确认交付', '退回完善'], new Date('2026-12-04T09:00:00Z')).text)
      .toBe('当前状态：待企业确认交付。请在2026年12月4日（含当日）前办理：确认交付或退回完善。');
  });
});

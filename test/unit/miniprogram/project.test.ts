import { acceptanceReading, ON_SITE, papersOf } from '../../../miniprogram/utils/acceptance';
import { contractReading, PAYABLE_WHEN, SIDES } from '../../../miniprogram/utils/contract';
import type { FieldDescription } from '../../../miniprogram/services/types';
import { describeFields } from '../../../src/kernel/fields';
import { ON_SITE as SERVER_ON_SITE } from '../../../src/procedures/acceptance-documents';
import { data as acceptanceFields, applyForm } from '../../../src/procedures/acceptance/forms';
import * as contract from '../../../src/procedures/contract/forms';

const now = new Date('2026-05-05T02:00:00Z');
const parties = [{ party: 'enterprise', title: '企业', name: '甲公司' }, { party: 'provider', title: '服务商', name: '乙公司' }];
const view = (data: Record<string, unknown>, state = 'signing') => ({ data, parties, state: { name: state, title: '', end: false } });

it('the words of contract and acceptance are the forms\' own', () => {
  expect({ PAYABLE_WHEN, SIDES, ON_SITE }).toEqual({ PAYABLE_WHEN: contract.PAYABLE_WHEN, SIDES: contract.SIDES, ON_SITE: SERVER_ON_SITE });
});

describe('12.3: reading a contract', () => {
  const values = (more: object = {}) => ({
    plan: 'FA20260401-000000', file: ['f'], amountFen: 48_000_000, split: { enterpriseFen: 30_000_000, providerConcessionFen: 4_000_000, governmentFen: 14_000_000 },
    milestones: [{ name: '首付款', when: 'signed', amountFen: 22_000_000 }, { name: '验收款', when: 'accepted', amountFen: 22_000_000 }], start: '2026-05-10', finish: '2026-09-30',
    fileHash: 'ab12cd34ef567890aaaa', planHash: '00112233445566778899', round: 2, signatures: [], agreements: [], remarks: [], progress: [], returns: [], ...more,
  });
  const signed = (side: string, round: number, hash = 'ab12cd34ef567890aaaa') => ({ side, hash, planHash: '', round, at: '2026-05-04T02:00:00Z' });

  it('sums what is paid, without what the provider gives up, and names the file by its check code', () => {
    const reading = contractReading(view(values()), now);
    expect(reading).toMatchObject({ amount: '480,000.00', payable: '440,000.00', payers: '其中企业承担 300,000.00 元，政府补助 140,000.00 元；已扣除服务商让利', code: 'ab12 cd34 ef56 7890', isSigned: false });
    expect(reading.milestones).toEqual([{ name: '首付款', when: '合同签订后', amount: '220,000.00' }, { name: '验收款', when: '验收通过后', amount: '220,000.00' }]);
  });

  it('counts a signature only for the text under way', () => {
    const reading = contractReading(view(values({ signatures: [signed('enterprise', 1, 'earlier'), signed('provider', 2)] })), now);
    expect(reading.signatures.map(({ name, isSigned, words, when }) => [name, isSigned, words, when])).toEqual([['甲公司', false, '尚未签订', ''], ['乙公司', true, '已签订', '5月4日 10:00']]);
    expect(contractReading(view(values({ signatures: [signed('enterprise', 2), signed('provider', 2)] })), now).isSigned).toBe(true);
  });

  it('once something was handed over says how that stands, not the last figure reported', () => {
    const progress = [{ on: '2026-06-01', percent: 60, text: '设备到货' }];
    expect(contractReading(view(values({ progress }), 'inProgress'), now)).toMatchObject({ handedOver: '', percent: 60 });
    expect(contractReading(view(values({ progress }), 'submitted'), now).handedOver).toBe('已提交交付成果，待企业确认');
    expect(contractReading(view(values({ progress, deliveredOn: '2026-09-01' }), 'delivered'), now)).toMatchObject({ handedOver: '企业已确认交付 · 2026年9月1日', words: [] });
  });

  it('says why it stands still', () => {
    expect(contractReading(view(values({ held: { since: '2026-05-01' }, termination: { by: 'provider', reason: '设备停产', on: '2026-05-02' } })), now).alerts).toHaveLength(2);
  });
});

describe('12.4: reading an acceptance', () => {
  const fields = describeFields(acceptanceFields) as FieldDescription[];
  const finding = {
    round: 1, result: 'failed', visitedOn: '2026-05-04', onSite: ['heard', 'level'], gradeAfter: 1, conditions: ['finished'], problems: [{ text: '未覆盖外协工序', advice: '补齐采集' }],
    opinion: '系统运行正常', photos: [], answers: { scenarios: { quality: 1, scheduling: 2 } },
  };
  const data = {
    contract: 'HT', gradeBefore: 1, targetGrade: 2, required: ['invoices', 'summary'], conditions: ['finished', 'grade'], invoices: ['f1'], contractCopy: ['f2'], round: 1,
    rounds: [{ round: 1, batch: 'YP', appliedOn: '2026-05-01', result: 'failed', gradeAfter: 1, confirmedOn: '2026-05-05' }], finding, rectifications: [],
  };
  const reading = acceptanceReading({ data, fields, state: { name: 'rectifying', title: '', end: false }, clock: { label: '', article: '', due: '2026-06-04T10:00:00Z', inWords: '还剩 20 个工作日', provisional: false, paused: false } }, now);

  it('says what failed, which conditions do not hold, and until when to rectify', () => {
    expect(reading.finding).toMatchObject({ result: '未通过验收', grade: '一级 → 一级', target: '二级', isBelow: true });
    expect(reading.finding!.conditions).toEqual([{ label: '项目实施完毕、完成投资并取得发票', holds: true }, { label: '数字化水平达到目标等级（2024年版评测指标）', holds: false }]);
    expect(reading.finding!.scenarios).toEqual([{ label: '质量管理', level: '一级' }, { label: '计划排程', level: '二级' }]);
    expect(reading.rectifyBy).toBe('6月4日前完成整改，还剩 20 个工作日');
    expect(reading.rounds[0]!.text).toBe('未通过验收，改造后等级：一级\n2026年5月5日告知结果');
  });

  it('shows the papers the batch asked for, missing ones too, then what else was given', () => {
    expect(reading.papers.map(({ label, files, isRequired }) => [label, files.length, isRequired])).toEqual([
      ['企业数字化改造发票及付款证明', 1, true], ['数字化改造项目总结报告', 0, true], ['企业数字化改造合同', 1, false],
    ]);
  });

  it('an application lists every kind there is, required ones first', () => {
    const papers = papersOf(applyForm.describe() as FieldDescription[], {}, ['summary']);
    expect(papers[0]).toMatchObject({ name: 'summary', isRequired: true });
    expect(papers).toHaveLength(8);
  });
});

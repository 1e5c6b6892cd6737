import { readingOf } from '../../../miniprogram/utils/reading';
import { differences } from '../../../src/procedures/plan/differences';
import type { PlanContent, Version } from '../../../src/procedures/plan/forms';
import { aPlan } from '../../support/plan';

const version = (no: number, content: PlanContent, totalFen: number): Version => ({ no, hash: `hash-${no}`, at: '2026-03-02T01:00:00Z', provider: 'org', totalFen, scenarios: [], content });

describe('12.2: what the owner reads before confirming', () => {
  it('is exactly the version the check code stands for, with every item and its amount', () => {
    const later = aPlan({ items: aPlan().items.slice(0, 1) });
    const reading = readingOf({ procedure: 'plan', data: { planHash: 'hash-1', versions: [version(1, aPlan(), 30_000_000), version(2, later, 18_000_000)] } })!;
    expect(reading.title).toBe('改造方案（第 1 版）');
    expect(reading.lead).toEqual(['总金额 300,000.00 元']);
    const items = reading.facts.find(({ label }) => label === '改造清单')!;
    expect(items.rows.map(({ rows }) => rows.at(-1)!.text)).toEqual(['180,000.00 元', '80,000.00 元', '40,000.00 元']);
    expect(JSON.stringify(reading.facts)).toContain('按期交付并培训操作人员');
  });

  it('says what changed against the version before', () => {
    const before = version(1, aPlan(), 30_000_000);
    const after = version(2, aPlan({ items: aPlan().items.slice(0, 2), split: { ...aPlan().split, enterpriseFen: 14_000_000 }, finish: '2026-10-15', providerDuties: '另一种写法，另一种写法' }), 26_000_000);
    const { lead } = readingOf({ procedure: 'plan', data: { planHash: 'hash-2', versions: [before, after], changes: { from: 1, to: 2, ...differences(before, after) } } })!;
    expect(lead).toEqual([
      '总金额 260,000.00 元', '与第 1 版相比：', '总金额由 300,000.00 元 改为 260,000.00 元', '企业承担由 180,000.00 元 改为 140,000.00 元', '去掉“报工终端”',
      '完成日期由2026年9月30日改为2026年10月15日', '服务商的权利义务有修改',
    ]);
  });

  it('is nothing where no version was put to the enterprise', () => {
    expect(readingOf({ procedure: 'plan', data: { versions: [] } })).toBeNull();
    expect(readingOf({ procedure: 'complaint', data: {} })).toBeNull();
  });
});

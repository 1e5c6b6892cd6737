import { linesOf } from '../../../src/console/parts/plan-lines';
import { differences } from '../../../src/procedures/plan/differences';
import type { Item, Version } from '../../../src/procedures/plan/forms';

const software: Item = { name: '执行系统', kind: 'software', product: 'MES 3.0', function: '报工', purpose: '过程透明', scenarios: ['production_control' as never], unitPriceFen: 30_000_000, quantity: 1 };
const gateway: Item = { ...software, name: '采集终端', kind: 'hardware', product: '网关 G2', unitPriceFen: 800_000, quantity: 10 };
const versionOf = (no: number, more: Partial<Version['content']> = {}): Version => {
  const content = {
    items: [software], split: { enterpriseFen: 20_000_000, providerConcessionFen: 0, governmentFen: 10_000_000 }, targetGrade: 2, effects: [{ indicator: '准时交付率', before: '82%', after: '95%' }],
    start: '2026-12-09', finish: '2027-07-27', providerDuties: '安装和培训', enterpriseDuties: '提供场地', ...more,
  } as Version['content'];
  return { no, hash: `${no}`, at: '2026-11-29T02:00:00Z', provider: 'p', totalFen: content.items.reduce((sum, { unitPriceFen, quantity }) => sum + unitPriceFen * quantity, 0), scenarios: [], content };
};
const told = (a: Version, b: Version) => linesOf({ ...differences(a, b), from: a.no, to: b.no }, [a, b]);

describe('12.3: what a later version changes', () => {
  it('a day put off', () => {
    expect(told(versionOf(1), versionOf(2, { finish: '2027-08-06' }))).toEqual([{ what: '完成日期', from: '2027-07-27', to: '2027-08-06', by: '推迟 10 天' }]);
  });

  it('money, items and their parts, aims, and texts that read differently', () => {
    expect(told(versionOf(1), versionOf(2, { items: [{ ...software, product: 'MES 4.0' }, gateway], targetGrade: 3, effects: [{ indicator: '准时交付率', before: '82%', after: '90%' }], enterpriseDuties: '提供场地和人员' }))).toEqual([
      { what: '总金额', from: '¥300,000.00', to: '¥380,000.00', by: '增加 ¥80,000.00' },
      { what: '新增 采集终端', from: '—', to: '网关 G2，¥80,000.00' },
      { what: expect.stringMatching(/^执行系统　产品/), from: 'MES 3.0', to: 'MES 4.0' },
      { what: '目标等级', from: '二级（规范级）', to: '三级（集成级）' },
      { what: '预期成效', from: '准时交付率：82% → 95%', to: '准时交付率：82% → 90%' },
      { what: '企业的权利义务', from: '提供场地', to: '提供场地和人员' },
    ]);
  });
});

import type { PlanContent, saveForm } from '../../src/procedures/plan/forms';

export type Drafted = ReturnType<typeof saveForm.parse>;

/** A complete plan on the needs of `aDraft`: 300,000 yuan in three items; 仓储物流 is explained, not covered. */
export const aPlan = (more: Partial<PlanContent> = {}): PlanContent => ({
  items: [
    {
      name: '轻量化制造执行系统', kind: 'software', product: '云造MES 3.0', function: '工单派发、扫码报工、进度看板', purpose: '生产进度实时可见，计划可及时调整',
      scenarios: ['production_control'], unitPriceFen: 18_000_000, quantity: 1,
    },
    {
      name: '质量追溯模块', kind: 'software', product: '云检QMS 2.1', function: '检验数据录入、批次关联、追溯查询', purpose: '质量问题追溯到工序和设备',
      scenarios: ['quality'], unitPriceFen: 8_000_000, quantity: 1,
    },
    {
      name: '报工终端', kind: 'hardware', product: '工业平板 PT-10', function: '现场扫码与报工显示', purpose: '布置在八个工位采集生产数据',
      scenarios: ['production_control'], unitPriceFen: 500_000, quantity: 8,
    },
  ],
  split: { enterpriseFen: 18_000_000, providerConcessionFen: 3_000_000, governmentFen: 9_000_000 },
  targetGrade: 2,
  effects: [{ indicator: '订单准时交付率', before: '82%', after: '92%' }],
  start: '2026-04-01', finish: '2026-09-30',
  providerDuties: '按期交付并培训操作人员，提供一年免费维护', enterpriseDuties: '提供现场条件和基础数据，按约付款',
  unmet: [{ scenario: 'warehouse', reason: '企业已有仓储软件，二期再对接' }],
  ...more,
});

/** The same with its first item repriced and the enterprise paying the difference. */
export function costing(totalFen: number, more: Partial<PlanContent> = {}): PlanContent {
  const plan = aPlan(more);
  const extra = totalFen - 30_000_000;
  return {
    ...plan,
    items: plan.items.map((item, index) => (index === 0 ? { ...item, unitPriceFen: item.unitPriceFen + extra } : item)),
    split: { ...plan.split, enterpriseFen: plan.split.enterpriseFen + extra },
  };
}

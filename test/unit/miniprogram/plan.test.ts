import fc from 'fast-check';
import { coverageOf, gapsOf, ledgerOf, withoutNeedlessReasons, withReason, withRest } from '../../../miniprogram/utils/plan';
import { differenceGroups, type Changes } from '../../../miniprogram/utils/plan-differences';
import { planReading, versionLabel, wordsAbout, type PlanVersion } from '../../../miniprogram/utils/plan-reading';
import { differences } from '../../../src/procedures/plan/differences';
import { planFaults, versionOf } from '../../../src/procedures/plan/content';
import type { PlanContent } from '../../../src/procedures/plan/forms';
import { aPlan } from '../../support/plan';

const needs = [
  { scenario: 'production_control' as const, need: '扫码报工', targetLevel: 2 as const }, { scenario: 'quality' as const, need: '按批次追溯', targetLevel: 2 as const },
  { scenario: 'warehouse' as const, need: '库存准确', targetLevel: 2 as const },
];
const now = new Date('2026-03-02T01:00:00Z');
const version = (no: number, plan: PlanContent): PlanVersion => versionOf(plan, no, 'org', now) as PlanVersion;
const values = (plan: object) => plan as Record<string, unknown>;

describe('7: the shares of a plan while they are typed', () => {
  it('add up with the items, and say what is missing or too much to the fen', () => {
    expect(ledgerOf(values(aPlan()))).toMatchObject({ totalFen: 30_000_000, state: 'even', words: '三方分担合计等于清单合计', percents: { enterpriseFen: '60%', providerConcessionFen: '10%', governmentFen: '30%' } });
    const split = aPlan().split;
    expect(ledgerOf(values(aPlan({ split: { ...split, enterpriseFen: split.enterpriseFen - 1 } }))).words).toBe('三方分担还差 0.01 元');
    expect(ledgerOf(values(aPlan({ split: { ...split, governmentFen: split.governmentFen + 123_456 } }))).words).toBe('三方分担多出 1,234.56 元');
  });

  it('name the shares not filled in yet, and items that have no price yet', () => {
    expect(ledgerOf({ items: aPlan().items, split: { enterpriseFen: 10_000_000 } }).words).toBe('三方分担还差 200,000.00 元（服务商让利、政府补助未填）');
    expect(ledgerOf({ items: aPlan().items, split: { enterpriseFen: 30_000_000 } })).toMatchObject({ state: 'short', words: '请填写服务商让利、政府补助，没有的填 0' });
    expect(ledgerOf({ items: [...aPlan().items, { name: '待定', unitPriceFen: '12.345', quantity: 1 }], split: aPlan().split }).words).toBe('三方分担合计等于清单合计；另有 1 项未定价');
    expect(ledgerOf({ items: [] })).toMatchObject({ totalFen: 0, state: 'empty' });
  });

  it('may leave the rest to one side', () => {
    expect(withRest({ items: aPlan().items, split: { providerConcessionFen: 3_000_000, governmentFen: 9_000_000 } }, 'enterpriseFen')).toBe(18_000_000);
    expect(withRest({ items: aPlan().items, split: { providerConcessionFen: 40_000_000 } }, 'enterpriseFen')).toBeNull();
  });

  it('are even exactly when the server finds nothing wrong with them', () => {
    const fen = fc.integer({ min: 0, max: 500 });
    fc.assert(fc.property(fc.array(fc.record({ price: fen, quantity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 4 }), fen, fen, fc.boolean(), fen, (items, provider, government, isExact, other) => {
      const plan = aPlan({ items: items.map(({ price, quantity }, index) => ({ ...aPlan().items[0]!, name: `项目${index}`, unitPriceFen: price, quantity })) });
      const total = items.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
      plan.split = { enterpriseFen: isExact ? Math.max(0, total - provider - government) : other, providerConcessionFen: provider, governmentFen: government };
      const faults = planFaults(plan, { needs, gradeBefore: 1, targetGradeMin: 2, earliestStart: null }).filter(({ field, message }) => field === 'split' || /合计/.test(message));
      return (ledgerOf(values(plan)).state === 'even') === (faults.length === 0);
    }));
  });
});

describe('12.2: what a plan still lacks', () => {
  it('is nothing for a plan the server takes', () => {
    expect(planFaults(aPlan(), { needs, gradeBefore: 1, targetGradeMin: 2, earliestStart: null })).toEqual([]);
    expect(gapsOf(values(aPlan()), { needs, gradeBefore: 1 })).toEqual([]);
  });

  it('is everything for an empty one, each with its section', () => {
    expect(gapsOf({}, { needs, gradeBefore: 1 }).map(({ section }) => section)).toEqual(['items', 'split', 'scenarios', 'target', 'effects', 'schedule', 'duties']);
  });

  it('a scenario of the diagnosis is covered by items, explained, or open; a reason is dropped once an item covers it', () => {
    const plan = values(aPlan());
    expect(coverageOf(plan, needs).needs.map(({ label, by, state }) => [label, by, state])).toEqual([
      ['生产管控', '轻量化制造执行系统、报工终端', 'covered'], ['质量管理', '质量追溯模块', 'covered'], ['仓储物流', '', 'explained'],
    ]);
    expect(coverageOf(withReason(plan, 'warehouse', ''), needs).open).toBe(1);
    const covered = { ...plan, items: [...aPlan().items, { name: '仓储模块', scenarios: ['warehouse', 'energy'] }] };
    expect(withoutNeedlessReasons(covered, needs)['unmet']).toEqual([]);
    expect(coverageOf(covered, needs).beyond).toBe('能耗管理');
  });
});

describe('12.2: what the owner reads before confirming', () => {
  it('is one version in full, amounts to the fen', () => {
    const reading = planReading(version(1, aPlan()), { gradeBefore: 1, planHash: version(1, aPlan()).hash });
    expect(reading).toMatchObject({ no: 1, isCurrent: true, total: '300,000.00', grade: '一级 → 二级', schedule: '2026年4月1日\n至 2026年9月30日', days: '共 183 天' });
    expect(reading.items.map(({ sum, amount }) => [sum, amount])).toEqual([['180,000.00 × 1', '180,000.00'], ['80,000.00 × 1', '80,000.00'], ['5,000.00 × 8', '40,000.00']]);
    expect(reading.shares.map(({ label, amount, percent }) => [label, amount, percent])).toEqual([['企业承担', '180,000.00', '60%'], ['服务商让利', '30,000.00', '10%'], ['政府补助', '90,000.00', '30%']]);
    expect(reading.unmet).toEqual([{ label: '仓储物流', reason: '企业已有仓储软件，二期再对接' }]);
  });

  it('tells all that a later version adds, removes and changes, old beside new', () => {
    const before = version(1, aPlan());
    const [first, second] = aPlan().items;
    const after = version(2, aPlan({
      items: [{ ...first!, unitPriceFen: 20_000_000, function: '工单派发、扫码报工' }, second!, { ...aPlan().items[2]!, name: '数据采集网关', scenarios: ['equipment'], unitPriceFen: 100_000 }],
      split: { ...aPlan().split, enterpriseFen: 16_800_000 }, finish: '2026-10-15', providerDuties: '另一种写法，另一种写法', targetGrade: 3,
    }));
    const changes = { from: 1, to: 2, ...differences(before as never, after as never) } as unknown as Changes;
    const lines = differenceGroups(changes, [before, after]).flatMap(({ title, rows }) => rows.map(({ label, kind, from, to, by }) => [title, label, kind, from, to, by]));
    expect(lines).toEqual([
      ['费用', '总金额', 'changed', '300,000.00', '288,000.00', '－12,000.00'],
      ['费用', '企业承担', 'changed', '180,000.00', '168,000.00', '－12,000.00'],
      ['改造清单', '数据采集网关', 'added', '', '8,000.00', ''],
      ['改造清单', '报工终端', 'removed', '40,000.00', '', ''],
      ['改造清单', '轻量化制造执行系统·金额', 'changed', '180,000.00', '200,000.00', '＋20,000.00'],
      ['改造清单', '轻量化制造执行系统·功能', 'changed', '工单派发、扫码报工、进度看板', '工单派发、扫码报工', ''],
      ['改造清单', '轻量化制造执行系统·单价', 'changed', '180,000.00 元', '200,000.00 元', ''],
      ['覆盖场景', '设备管理', 'added', '', '新增覆盖', ''],
      ['目标和时间', '目标等级', 'changed', '二级', '三级', ''],
      ['目标和时间', '完成日期', 'changed', '2026年9月30日', '2026年10月15日', '推迟 15 天'],
      ['其他内容', '服务商的权利义务', 'changed', '按期交付并培训操作人员，提供一年免费维护', '另一种写法，另一种写法', ''],
    ]);
    expect(differenceGroups({ ...changes, ...differences(before as never, before as never) } as unknown as Changes, [before])).toEqual([]);
  });

  it('brings what was said on the way: remarks, what is to be supplemented, decisions with reasons', () => {
    const said = wordsAbout({
      diagnosis: '', gradeBefore: 1, needs: [], versions: [], remarks: [{ on: '2026-03-02', version: 1, text: '价格偏高' }], missing: ['报价依据', '产品证书'],
      decisions: [{ on: '2026-03-09', version: 2, result: '退回修改', reasons: '目标不清' }],
    });
    expect(said).toEqual([
      { title: '企业对第 1 版的意见', when: '2026年3月2日', text: '价格偏高' }, { title: '工信局一次性告知需要补正', text: '1. 报价依据\n2. 产品证书' },
      { title: '工信局对第 2 版：退回修改', when: '2026年3月9日', text: '目标不清' },
    ]);
  });

  it('12.3: names the version the experts read, out of how many points, and each of them apart', () => {
    const [first, second] = [version(1, aPlan()), version(2, aPlan({ finish: '2026-10-31' }))];
    const review = { hash: first.hash, project: 35, amount: 26, effect: 27, total: 88, passed: true, opinions: [{ verdict: 'passed', reasons: '价格合理' }, { verdict: 'amend', reasons: '补充培训' }] };
    const said = wordsAbout({ diagnosis: '', gradeBefore: 1, needs: [], versions: [first, second], planHash: second.hash, review, marks: { project: 40, amount: 30, effect: 30, pass: 70 } });
    expect(said).toEqual([
      { title: '专家对第 1 版的审核：平均 88 分，通过', text: '改造项目 35/40，改造金额 26/30，预期成效 27/30；平均 70 分以上通过' },
      { title: '专家 1：通过', text: '价格合理' }, { title: '专家 2：修改后通过', text: '补充培训' },
    ]);
  });

  it('12.3: a version that waits is never taken for the one in force', () => {
    const [first, second] = [version(1, aPlan()), version(2, aPlan({ finish: '2026-10-31' }))];
    const plan = { diagnosis: '', gradeBefore: 1, needs: [], versions: [first, second] };
    expect([first, second].map((one) => versionLabel(one, { ...plan, planHash: second.hash, current: { version: 1 } }))).toEqual(['第 1 版（已备案，现行）', '第 2 版（变更，未生效）']);
    expect([first, second].map((one) => versionLabel(one, { ...plan, planHash: second.hash }))).toEqual(['第 1 版', '第 2 版（当前）']);
  });
});

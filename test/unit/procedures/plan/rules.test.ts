import fc from 'fast-check';
import { planFaults, planHash, totalFen, versionOf } from '../../../../src/procedures/plan/content';
import * as filing from '../../../../src/procedures/plan/filing';
import { differences } from '../../../../src/procedures/plan/differences';
import type { Item, Need, PlanContent } from '../../../../src/procedures/plan/forms';
import { hintsFor } from '../../../../src/procedures/plan/hints';
import { drawPanel, isGenuine } from '../../../../src/procedures/plan/panel';
import { classifyChange, mainSoftware } from '../../../../src/procedures/plan/refiling';
import { reviewOf } from '../../../../src/procedures/plan/review';
import { Refusal } from '../../../../src/kernel/refusal';
import type { Missing } from '../../../../src/rulebook/metrics';
import { loadRulebook } from '../../../../src/rulebook/rulebook';
import { aPlan, costing } from '../../../support/plan';

const rulebook = loadRulebook();
const now = new Date('2026-03-10T02:00:00Z');
const needs: Need[] = [
  { scenario: 'production_control', need: '报工', targetLevel: 2 }, { scenario: 'quality', need: '追溯', targetLevel: 2 }, { scenario: 'warehouse', need: '扫码', targetLevel: 2 },
];
const frame = { needs, gradeBefore: 1, targetGradeMin: 2, earliestStart: '2026-03-10' };
const version = (plan: PlanContent, provider = 'provider-1') => versionOf(plan, 1, provider, now);
const withItem = (index: number, change: Partial<Item>, plan = aPlan()): PlanContent =>
  ({ ...plan, items: plan.items.map((item, i) => (i === index ? { ...item, ...change } : item)) });

describe('12.2: a filed case without any version', () => {
  const c = { data: { versions: [], planHash: undefined, decisions: [], draws: [], sheets: [], draft: {} }, timeline: [], parties: {}, barred: [] } as never;
  const facts = { experts: [], diagnosis: null };
  it('is refused, not broken off: no approval, no panel; it can be sent back', async () => {
    await expect((async () => filing.deliverer({ organisation: async () => null } as never, { case: c }))()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(() => filing.approve({ case: c, input: {}, now, facts: { standing: 'listed' } } as never)).toThrow(Refusal);
    expect(() => filing.accept({ case: c, facts, now, rulebook } as never)).toThrow(Refusal);
    expect(filing.giveBack({ case: c, input: { reasons: '没有方案' }, now } as never).set?.decisions).toMatchObject([{ version: 0 }]);
  });
});

describe('7, 12.2: what a plan must hold', () => {
  it('12.2: a complete plan has no faults', () => {
    expect(planFaults(aPlan(), frame)).toEqual([]);
  });

  it('7: the three shares make up the whole, to the fen', () => {
    expect(totalFen(aPlan().items)).toBe(30_000_000);
    for (const off of [-1, 1]) {
      const { split } = aPlan();
      expect(planFaults(aPlan({ split: { ...split, governmentFen: split.governmentFen + off } }), frame)).toEqual([
        { field: 'split', message: expect.stringContaining('相差 0.01 元') },
      ]);
    }
  });

  it('7: for any items and any split the plan is refused exactly when the sums differ', () => {
    const fen = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(fc.property(fc.array(fc.tuple(fen, fc.integer({ min: 1, max: 10_000 })), { minLength: 1, maxLength: 20 }), fen, fen, (priced, a, b) => {
      const [base] = aPlan().items;
      const items = priced.map(([unitPriceFen, quantity], i) => ({ ...base!, name: `项目${i}`, unitPriceFen, quantity }));
      const total = priced.reduce((sum, [price, quantity]) => sum + BigInt(price) * BigInt(quantity), 0n);
      expect(BigInt(totalFen(items))).toBe(total);
      const fits = BigInt(a) + BigInt(b) <= total;
      const split = { enterpriseFen: a, providerConcessionFen: b, governmentFen: fits ? Number(total) - a - b : 0 };
      const faulty = planFaults(aPlan({ items, split }), frame).some(({ field }) => field === 'split');
      expect(faulty).toBe(!fits);
    }));
  });

  it.each([
    ['targetGrade', '目标等级应高于改造前等级', aPlan({ targetGrade: 1 }), frame],
    ['targetGrade', '目标等级应高于改造前等级', aPlan({ targetGrade: 3 }), { ...frame, gradeBefore: 3 }],
    ['targetGrade', '目标等级至少为 2 级', aPlan({ targetGrade: 1 }), { ...frame, gradeBefore: 0 }],
    ['targetGrade', '改造前已是最高等级', aPlan({ targetGrade: 4 }), { ...frame, gradeBefore: 4 }],
    ['finish', '完成日期应晚于开工日期', aPlan({ finish: '2026-04-01' }), frame],
    ['start', '开工日期不能早于今天', aPlan({ start: '2026-03-09' }), frame],
    ['unmet', '“仓储物流”没有覆盖', aPlan({ unmet: [] }), frame],
    ['unmet.1.scenario', '已在清单中覆盖', aPlan({ unmet: [...aPlan().unmet!, { scenario: 'quality', reason: '暂不实施本项' }] }), frame],
    ['unmet.1.scenario', '不是诊断列出的需求', aPlan({ unmet: [...aPlan().unmet!, { scenario: 'hr', reason: '暂不实施本项' }] }), frame],
    ['items.1.name', '重复', withItem(1, { name: '轻量化制造执行系统' }), frame],
  ])('12.2: %s is refused: %s', (field, message, plan, given) => {
    const found = planFaults(plan, given);
    expect(found).toContainEqual({ field, message: expect.stringContaining(message) });
  });

  it('12.2: an empty draft is told everything at once', () => {
    expect(planFaults({}, frame).map(({ field }) => field)).toEqual(expect.arrayContaining(['items', 'split', 'targetGrade', 'effects', 'start', 'finish', 'providerDuties', 'enterpriseDuties', 'unmet']));
  });

  it('12.2: the hash stands for every letter of the content, not for the order of its keys', () => {
    const plan = aPlan();
    const turned = Object.fromEntries(Object.entries(plan).toReversed()) as PlanContent;
    expect(planHash(turned)).toBe(planHash(plan));
    const { unmet: _, ...bare } = aPlan({ unmet: [] });
    expect(planHash({ ...bare, attachments: [] } as PlanContent)).toBe(planHash(bare as PlanContent));
    const others = [costing(30_000_001), aPlan({ targetGrade: 3 }), aPlan({ finish: '2026-10-01' }), withItem(0, { purpose: '改一个字' }), aPlan({ enterpriseDuties: '按约付款并提供现场条件。' })];
    expect(new Set([plan, ...others].map(planHash)).size).toBe(6);
  });
});

describe('12.3: which change must be filed anew (E13)', () => {
  const approved = version(aPlan());
  const codes = (plan: PlanContent, provider?: string) => classifyChange(approved, version(plan, provider), rulebook).reasons.map(({ code }) => code);
  const later = (days: number) => new Date(Date.parse('2026-09-30T00:00:00Z') + days * 86_400_000).toISOString().slice(0, 10);
  const scenarios = (item: number, keys: Item['scenarios']) => withItem(item, { scenarios: keys });

  it.each([
    ['investment one fen below 10 % more', costing(32_999_999), []],
    ['investment 10 % more', costing(33_000_000), ['REFILE-1']],
    ['investment one fen above 10 % more', costing(33_000_001), ['REFILE-1']],
    ['investment lower', costing(20_000_000), []],
    ['nothing', aPlan(), []],
    ['a scenario more', scenarios(1, ['quality', 'hr']), []],
    ['a scenario fewer', scenarios(1, ['production_control']), ['REFILE-2']],
    ['a scenario given up for another', scenarios(1, ['warehouse']), ['REFILE-2']],
    ['the target one grade higher', aPlan({ targetGrade: 3 }), []],
    ['the target one grade lower', aPlan({ targetGrade: 1 }), ['REFILE-3']],
    ['59 days later', aPlan({ finish: later(59) }), []],
    ['60 days later', aPlan({ finish: later(60) }), ['REFILE-5']],
    ['61 days later', aPlan({ finish: later(61) }), ['REFILE-5']],
    ['90 days earlier', aPlan({ finish: later(-90) }), []],
    ['another main software product', withItem(0, { product: '别家MES' }), ['REFILE-4']],
    ['another minor software product', withItem(1, { product: '别家QMS' }), []],
    ['another hardware product', withItem(2, { product: '别家平板' }), []],
    ['words only', aPlan({ enterpriseDuties: '提供现场条件和基础数据，按约支付费用' }), []],
  ] as const)('12.3: %s', (_, plan, expected) => {
    expect(codes(plan)).toEqual(expected);
  });

  it('12.3: another provider, and several reasons at once', () => {
    expect(codes(aPlan(), 'provider-2')).toEqual(['REFILE-4']);
    expect(codes(costing(40_000_000, { targetGrade: 1, finish: later(100) }))).toEqual(['REFILE-1', 'REFILE-3', 'REFILE-5']);
  });

  it('12.3: thresholds are the rulebook’s; at 0 % any increase counts and none does not', () => {
    const strict = loadRulebook(2, { parameters: { 'plan.refile.investment_increase_percent': 0, 'plan.refile.scenarios_fewer': 2 } });
    expect(classifyChange(approved, version(costing(30_000_001)), strict).material).toBe(true);
    expect(classifyChange(approved, version(aPlan()), strict).material).toBe(false);
    expect(classifyChange(approved, version(scenarios(1, ['production_control'])), strict).material).toBe(false);
  });

  it('12.3: the main software is the one that costs most, all of them when equal, none without software', () => {
    expect(mainSoftware(aPlan().items)).toEqual(['云造MES 3.0']);
    expect(mainSoftware(withItem(1, { unitPriceFen: 18_000_000 }).items)).toEqual(['云造MES 3.0', '云检QMS 2.1']);
    expect(mainSoftware(aPlan().items.filter(({ kind }) => kind === 'hardware'))).toEqual([]);
  });
});

describe('12.2: differences of two versions', () => {
  it('names items added, removed and changed, money, scenarios, grade and schedule', () => {
    const changed = costing(32_000_000, { targetGrade: 3, finish: '2026-10-15' });
    const [first, , third] = changed.items;
    const after = { ...changed, items: [first!, { ...third!, quantity: 12, unitPriceFen: 500_000 }, { ...aPlan().items[1]!, name: '仓储管理', scenarios: ['warehouse' as const], unitPriceFen: 6_000_000 }] };
    expect(differences(version(aPlan()), version(after))).toMatchObject({
      same: false,
      items: {
        added: [{ name: '仓储管理' }], removed: [{ name: '质量追溯模块' }],
        changed: [
          { name: '轻量化制造执行系统', fields: [{ field: 'unitPriceFen', from: 18_000_000, to: 20_000_000 }], amountFen: { from: 18_000_000, to: 20_000_000 } },
          { name: '报工终端', fields: [{ field: 'quantity', from: 8, to: 12 }], amountFen: { from: 4_000_000, to: 6_000_000 } },
        ],
      },
      money: { totalFen: { from: 30_000_000, to: 32_000_000 }, enterpriseFen: { from: 18_000_000, to: 20_000_000 }, governmentFen: null },
      scenarios: { added: ['warehouse'], removed: ['quality'] },
      targetGrade: { from: 2, to: 3 }, schedule: { start: null, finish: { from: '2026-09-30', to: '2026-10-15', days: 15 } }, others: [],
    });
  });
  it('finds none between a version and itself', () => {
    expect(differences(version(aPlan()), version(aPlan()))).toMatchObject({ same: true, items: { added: [], removed: [], changed: [] }, targetGrade: null, others: [] });
  });
});

describe('15.5: hints for the reviewers', () => {
  const codes = (plan: PlanContent) => hintsFor(version(plan), { needs }).map(({ code }) => code);
  it('15.5: a sound plan raises only the explained need', () => expect(codes(aPlan())).toEqual(['UNMET']));

  /** Two scenarios more are wanted at 二级, one of them binding. `aPlan` covers 生产管控 and 质量管理, both binding. */
  const lacks = (more: Partial<Missing> = {}): Missing => ({ grade: 2, points: 0, scenarios: 2, binding: 1, candidates: ['production_control', 'quality', 'hr'], ...more });
  it.each<[string, Missing | undefined, Partial<PlanContent>, boolean]>([
    ['enough', lacks(), {}, false],
    ['a scenario too few', lacks({ scenarios: 3 }), {}, true],
    ['enough, but of those that lack only one', lacks({ candidates: ['quality', 'hr'] }), {}, true],
    ['a binding one too few', lacks({ binding: 3 }), {}, true],
    ['too few for a grade that is not promised', lacks({ grade: 3, scenarios: 9 }), {}, false],
    ['too few on the way to a higher one', lacks({ scenarios: 9 }), { targetGrade: 3 }, true],
    ['the highest grade already', undefined, {}, false],
  ])('12.2: scenarios for the grade that is promised: %s', (_, missing, more, hinted) => {
    const hints = hintsFor(version(aPlan(more)), { needs, lacks: missing }).filter(({ code }) => code === 'GRADE');
    expect(hints).toHaveLength(hinted ? 1 : 0);
  });
  it.each([
    ['a function in two words', withItem(0, { function: '软件' }), 'INCOMPLETE'],
    ['function and purpose alike', withItem(0, { purpose: aPlan().items[0]!.function }), 'INCOMPLETE'],
    ['no product named', withItem(0, { product: '待定' }), 'INCOMPLETE'],
    ['a price of nothing', withItem(1, { unitPriceFen: 0 }), 'NO_PRICE'],
    ['no scenario', withItem(2, { scenarios: [] }), 'NO_SCENARIO'],
    ['exclusive binding', withItem(2, { function: '须与本系统绑定使用，不支持其他软件' }), 'BINDING'],
    ['nothing but one product', { ...aPlan(), items: aPlan().items.map((item) => ({ ...item, product: '云造全家桶' })) }, 'ONE_PRODUCT'],
    ['one lump', withItem(0, { unitPriceFen: 300_000_000 }), 'LUMP'],
    ['no concession', aPlan({ split: { enterpriseFen: 21_000_000, providerConcessionFen: 0, governmentFen: 9_000_000 } }), 'SHARE_ZERO'],
    ['scenarios beyond the diagnosis', withItem(0, { scenarios: ['production_control', 'hr'] }), 'BEYOND'],
    ['one product at two prices', withItem(1, { product: '云造MES 3.0' }), 'PRICE_VARIES'],
  ])('15.5: %s is pointed out', (_, plan, code) => {
    expect(codes(plan)).toContain(code);
  });
});

describe('12.2: the panel (E7)', () => {
  const library = Array.from({ length: 12 }, (_, i) => ({
    person: `expert-${i}`, login: `expert-${i}`, sectors: i % 3 === 0 ? ['lifting'] : ['medical'], conflicts: i < 3 ? ['provider-1'] : i === 4 ? ['enterprise-1'] : [],
  }));
  const related = { organisations: ['enterprise-1', 'provider-1'], persons: ['expert-5'] };

  it('12.2: the same candidates, seed and conflicts give the same panel, in whatever order the library comes', () => {
    const draw = drawPanel(library, 'seed', 3, related, 'lifting');
    expect(drawPanel(library.toReversed(), 'seed', 3, related, 'lifting')).toEqual(draw);
    expect(isGenuine(draw)).toBe(true);
    expect(isGenuine({ ...draw, drawn: draw.drawn.toReversed() })).toBe(false);
    expect(isGenuine({ ...draw, seed: 'another' })).toBe(false);
    expect(draw.excluded).toEqual(['expert-0', 'expert-1', 'expert-2', 'expert-4', 'expert-5']);
  });

  it('12.2: in 100,000 draws nobody with a relation is ever drawn, and the lot is even', () => {
    const times = new Map<string, number>();
    for (let i = 0; i < 100_000; i += 1) {
      for (const person of drawPanel(library, `seed-${i}`, 3, related).drawn) times.set(person, (times.get(person) ?? 0) + 1);
    }
    expect([...times.keys()].sort()).toEqual(['expert-10', 'expert-11', 'expert-3', 'expert-6', 'expert-7', 'expert-8', 'expert-9']);
    for (const count of times.values()) expect(Math.abs(count - 300_000 / 7)).toBeLessThan(1000);
  }, 60_000);

  it('12.2: experts of the sub-sector come first, and too few are told by their number', () => {
    expect(drawPanel(library, 'x', 3, related, 'lifting').drawn.toSorted()).toEqual(['expert-3', 'expert-6', 'expert-9']);
    expect(drawPanel(library, 'x', 9, related).drawn).toHaveLength(7);
  });

  const sheet = (person: string, verdict: 'passed' | 'amend' | 'failed', points: [number, number, number]) =>
    ({ person, hash: 'h', verdict, reasons: `理由${person}`, project: points[0], amount: points[1], effect: points[2] });
  const of = (...sheets: ReturnType<typeof sheet>[]) => reviewOf(sheets, { version: 1, hash: 'h', passScore: 70, seed: 's' });

  it.each([
    [['passed', 'passed', 'failed'], 'passed'], [['failed', 'failed', 'passed'], 'failed'], [['amend', 'amend', 'passed'], 'amend'], [['failed', 'passed', 'amend'], 'amend'],
  ] as const)('12.2: verdicts %j make %s', (verdicts, verdict) => {
    expect(of(...verdicts.map((one, i) => sheet(`e${i}`, one, [40, 30, 30]))).verdict).toBe(verdict);
  });

  it.each([[209, false], [210, true], [211, true]])('12.2: %i points of three experts against 70: passed is %s', (sum, passed) => {
    expect(of(sheet('a', 'passed', [40, 20, 10]), sheet('b', 'passed', [30, 20, 20]), sheet('c', 'passed', [30, 20, sum - 190])).passed).toBe(passed);
  });

  it('12.2: the result names nobody and averages to two decimals', () => {
    const review = of(sheet('ann', 'passed', [40, 30, 30]), sheet('bob', 'passed', [39, 29, 30]), sheet('cid', 'passed', [39, 30, 30]));
    expect(review).toMatchObject({ project: 39.33, amount: 29.67, effect: 30, total: 99, verdicts: { passed: 3, amend: 0, failed: 0 } });
    expect(review.opinions.every((opinion) => !('person' in opinion))).toBe(true);
  });
});

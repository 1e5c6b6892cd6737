import * as fc from 'fast-check';
import { data } from '../../../../src/procedures/contract/forms';
import { payableFen, textFaults, type FiledPlan } from '../../../../src/procedures/contract/text';

const plan: FiledPlan = {
  hash: 'h', totalFen: 30_000_000, split: { enterpriseFen: 18_000_000, providerConcessionFen: 3_000_000, governmentFen: 9_000_000 },
  targetGrade: 2, start: '2026-04-01', finish: '2026-09-30',
};
type Text = Parameters<typeof textFaults>[0];
const text = (more: Partial<Text> = {}): Text => ({
  amountFen: 30_000_000, split: plan.split, start: '2026-04-01', finish: '2026-09-30',
  milestones: [{ name: '首付', when: 'signed', amountFen: 10_000_000 }, { name: '尾款', when: 'accepted', amountFen: 17_000_000 }], ...more,
});
const faults = (more: Partial<Text>, earliest = plan.start) => textFaults(text(more), plan, earliest).map(({ field }) => field);
const pay = (...amounts: number[]) => amounts.map((amountFen) => ({ name: '款', when: 'signed' as const, amountFen }));

it('12.3: a text that follows the plan has no fault', () => expect(faults({})).toEqual([]));

it.each<[string, Partial<Text>, string[]]>([
  ['a fen more', { amountFen: 30_000_001 }, ['amountFen', 'milestones']],
  ['a fen less', { amountFen: 29_999_999 }, ['amountFen', 'milestones']],
  ['the enterprise paying a fen more', { split: { ...plan.split, enterpriseFen: 18_000_001 } }, ['split.enterpriseFen']],
  ['the concession a fen smaller', { split: { ...plan.split, providerConcessionFen: 2_999_999 } }, ['split.providerConcessionFen', 'milestones']],
  ['less subsidy', { split: { ...plan.split, governmentFen: 0 } }, ['split.governmentFen']],
  ['shares that still add up, shifted', { split: { enterpriseFen: 17_000_000, providerConcessionFen: 3_000_000, governmentFen: 10_000_000 } }, ['split.enterpriseFen', 'split.governmentFen']],
  ['milestones a fen short', { milestones: pay(26_999_999) }, ['milestones']],
  ['milestones a fen over', { milestones: pay(27_000_001) }, ['milestones']],
  ['milestones that collect the concession too', { milestones: pay(30_000_000) }, ['milestones']],
  ['a start before the plan’s', { start: '2026-03-31' }, ['start']],
  ['a finish after the plan’s', { finish: '2026-10-01' }, ['finish']],
  ['a finish on the day of the start', { finish: '2026-04-01' }, ['finish']],
])('12.3: %s is a fault', (_, more, wrong) => expect(faults(more)).toEqual(wrong));

it('11: work starts no earlier than the contract is drawn up', () => expect(faults({}, '2026-05-01')).toEqual(['start']));

it('12.3: milestones pass exactly when they add up to what is paid', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 30_000_000 }), { minLength: 1, maxLength: 12 }), (amounts) => {
    const sum = amounts.reduce((all, one) => all + one, 0);
    expect(faults({ milestones: pay(...amounts) }).includes('milestones')).toBe(sum !== payableFen(text()));
  }));
});

it.each([['before', false], ['signed', true], ['delivered', true], ['accepted', true]])('11: a milestone due when %s: %s', (when, ok) => {
  const { error } = data.milestones.schema.validate([{ name: '款', when, amountFen: 1 }]);
  expect(error === undefined).toBe(ok);
});

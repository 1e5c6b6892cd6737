import * as fc from 'fast-check';
import type { Case } from '../../../../src/kernel/case';
import type { Ballot, Result } from '../../../../src/procedures/rating/forms';
import { rateForm } from '../../../../src/procedures/rating/forms';
import { close, rate, tellProvider, type Rating } from '../../../../src/procedures/rating/rules';
import { SURVEY, type Satisfaction, type SurveyItem } from '../../../../src/rulebook/forms';
import { owner } from '../../../support/kernel';

const LEVELS = Object.keys(SURVEY.overall) as Satisfaction[];
const ITEMS = Object.keys(SURVEY.items) as SurveyItem[];
const now = new Date('2026-03-02T02:00:00Z');

const anOpen = (ballots: Ballot[] = []) =>
  ({ no: 'PJ', parties: { enterprise: ['org:e'], provider: ['org:p'] }, timeline: [], data: { contract: 'HT', acceptance: 'YS', ballots } }) as unknown as Case<Rating>;
const said = (c: Case<Rating>, input: Result): Case<Rating> => {
  const { set } = rate({ case: c, input, actor: owner('boss', 'e'), now, facts: { contract: null, ofProvider: false } } as never);
  return { ...c, data: { ...c.data, ...set } };
};
const closed = (c: Case<Rating>) => close({ case: c } as never);

const opinions: fc.Arbitrary<Result> = fc.record({
  overall: fc.constantFrom(...LEVELS),
  items: fc.record(Object.fromEntries(ITEMS.map((key) => [key, fc.integer({ min: 1, max: 5 })]))) as fc.Arbitrary<Result['items']>,
  comment: fc.constantFrom('', '培训到位', '多次延期'),
});

it('E1: only the last word counts, whatever was said before, in whatever order, however often', () => {
  fc.assert(fc.property(fc.array(opinions, { maxLength: 8 }), opinions, fc.integer({ min: 1, max: 4 }), (before, last, times) => {
    const sequence = [...before, ...Array.from({ length: times }, () => last)];
    const outcome = closed(sequence.reduce(said, anOpen()));
    const alone = closed(said(anOpen(), last));
    expect(outcome).toEqual(alone);
    expect(outcome.set?.result).toEqual(last);
  }));
});

it('E1: repeating a word adds no version, another word adds exactly one', () => {
  fc.assert(fc.property(fc.array(opinions, { maxLength: 12 }), (sequence) => {
    const distinct = sequence.filter((one, i) => i === 0 || JSON.stringify(one) !== JSON.stringify(sequence[i - 1]));
    expect(sequence.reduce(said, anOpen()).data.ballots.map(({ no }) => no)).toEqual(distinct.map((_, i) => i + 1));
  }));
});

it('E4: the level changes nothing of how a rating is taken in', () => {
  fc.assert(fc.property(opinions, fc.array(opinions, { maxLength: 3 }), (one, before) => {
    const results = LEVELS.map((overall) => {
      const after = said(before.reduce(said, anOpen()), { ...one, overall });
      const last = after.data.ballots.at(-1)!;
      return { keys: Object.keys(last), items: last.items, comment: last.comment };
    });
    for (const result of results) expect(result).toEqual(results[0]);
  }));
});

it('E4: every level is accepted with every score and without a comment', () => {
  for (const overall of LEVELS) {
    for (const score of [1, 2, 3, 4, 5]) {
      expect(rateForm.parse({ overall, items: Object.fromEntries(ITEMS.map((key) => [key, score])) })).not.toHaveProperty('comment');
    }
  }
});

it.each(LEVELS)('15.4: %s is a ground for a warning only if it is 不满意; low items alone are none', (overall) => {
  const worst = Object.fromEntries(ITEMS.map((key) => [key, 1])) as Result['items'];
  const outcome = closed(said(anOpen(), { overall, items: worst, comment: '' }));
  expect(outcome).toMatchObject({ to: 'counted' });
  expect(outcome.set?.warningGround).toBe(overall === 'dissatisfied' ? 'W4c' : undefined);
});

it('14: nothing said is not rated, and no ground', () => expect(closed(anOpen())).toEqual({ to: 'notRated', note: expect.any(String) }));

it.each([['W4c' as const, 'serve'], [undefined, 'tell']])('17.2: with the ground %s the provider is told by %s', (warningGround, move) => {
  expect(tellProvider({ ...anOpen(), data: { ...anOpen().data, warningGround } } as Case<Rating>)).toEqual([
    { effect: 'result', kind: 'open', procedure: 'ratingResult', move, input: { rating: 'PJ' } },
  ]);
});

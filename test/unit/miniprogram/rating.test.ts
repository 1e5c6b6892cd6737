import { allAt, ITEMS, OVERALL, ownRating, SCALE, scored, stars, toldRating } from '../../../miniprogram/utils/rating';
import type { FieldDescription } from '../../../miniprogram/services/types';
import { rateForm } from '../../../src/procedures/rating/forms';
import { SURVEY } from '../../../src/rulebook/forms';

const items = rateForm.describe().find(({ name }) => name === 'items')!.fields as FieldDescription[];

it('14: the survey is called on the phone as on the form', () => {
  expect({ overall: OVERALL, items: ITEMS, scale: SCALE }).toEqual({ overall: SURVEY.overall, items: SURVEY.items, scale: SURVEY.scale });
});

it.each([1, 2, 3, 4, 5])('14: all items at %i is a rating the server takes, whatever the opinion, without a word of reasons', (score) => {
  for (const overall of Object.keys(OVERALL)) expect(() => rateForm.parse({ overall, items: allAt(items, score) })).not.toThrow();
});

it('stars are said by their word too', () => {
  const [first] = scored(items, { [items[0]!.name]: 2 });
  expect(first).toMatchObject({ score: 2, word: '较差' });
  expect(first!.stars.map(({ score, on }) => [score, on])).toEqual([[1, true], [2, true], [3, false], [4, false], [5, false]]);
  expect(stars(2)).toBe('★★☆☆☆');
});

describe('14: reading a rating', () => {
  const ballot = (overall: string, score: number) => ({ no: 1, at: '', overall, items: allAt(items, score), comment: '现场响应慢' });

  it('the enterprise sees its last word, and that it is sealed until the window closes', () => {
    const reading = ownRating({ ballots: [ballot('satisfied', 5), ballot('dissatisfied', 1)] }, false)!;
    expect(reading).toMatchObject({ overall: '不满意', comment: '现场响应慢' });
    expect(reading.rows).toHaveLength(10);
    expect(reading.notes[0]).toContain('密封');
    expect(ownRating({ ballots: [] }, false)).toBeNull();
  });

  it('17.2: the provider is told the result, never the comment, and of its right to object to 不满意', () => {
    const told = toldRating({ rated: true, overall: 'dissatisfied', items: allAt(items, 1), warningGround: 'W4c' });
    expect(told).toMatchObject({ overall: '不满意', comment: '' });
    expect(told.notes.join('')).toContain('异议');
    expect(toldRating({ rated: true, overall: 'fair', items: allAt(items, 3) }).notes.join('')).not.toContain('异议');
    expect(toldRating({ rated: false }).overall).toBe('企业未评价');
  });
});

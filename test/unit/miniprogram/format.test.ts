import fc from 'fast-check';
import { articleInWords, dayOf, fenToYuan, momentInWords, sizeInWords, yuanToFen } from '../../../miniprogram/utils/format';
import { CITY, REGIONS, SECTORS } from '../../../miniprogram/utils/places';
import { articleInWords as serverWords } from '../../../src/rulebook/articles';
import * as places from '../../../src/rulebook/places';

describe('money', () => {
  it.each([['0', 0], ['12', 1200], ['12.3', 1230], ['12.34', 1234], ['1,234.50', 123450], [' 5 ', 500], ['0.07', 7], ['1.', 100]])('%s yuan are %i fen', (text, fen) => {
    expect(yuanToFen(text)).toBe(fen);
  });
  it.each(['', '-1', '1.234', 'abc', '1e3', '１２', '12345678901'])('%s is no amount', (text) => { expect(yuanToFen(text)).toBeNull(); });
  it('is the same after being shown and typed again, to the fen', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (fen) => yuanToFen(fenToYuan(fen)) === fen));
  });
});

describe('time', () => {
  it('is shown as on a wall in Beijing, whatever the phone is set to', () => {
    expect(momentInWords('2026-03-04T16:30:00Z', new Date('2026-06-01T00:00:00Z'))).toBe('3月5日 00:30');
    expect(momentInWords('2025-12-31T15:59:00Z', new Date('2026-06-01T00:00:00Z'))).toBe('2025年12月31日 23:59');
    expect(dayOf('2026-03-04T16:00:00Z')).toBe('2026-03-05');
  });
});

it('sizes are said in the unit people know', () => {
  expect([sizeInWords(10), sizeInWords(2048), sizeInWords(3.5 * 1024 * 1024)]).toEqual(['1 KB', '2 KB', '3.5 MB']);
});

it('articles are named as the server names them', () => {
  for (let article = 1; article <= 20; article += 1) for (const no of [`${article}`, `${article}.1`, `${article}.6`]) expect(articleInWords(no)).toBe(serverWords(no));
});

it('counties and sub-sectors are those of the rulebook', () => {
  expect(REGIONS).toEqual(places.REGIONS.map(({ code, name }) => [code, name]));
  expect(SECTORS).toEqual(places.SECTORS.map(({ key, name }) => [key, name]));
  expect(CITY[0]).toBe(places.CITY.code);
});

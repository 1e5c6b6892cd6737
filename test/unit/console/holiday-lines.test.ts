import { parseDays, spans, written } from '../../../src/console/parts/holiday-lines';

describe('holidays as people write them', () => {
  it('a day or a span on a line, with the festival', () => {
    expect(parseDays('2027-01-01 元旦\n\n  2027-02-27至2027-03-01  春节 \n2027-05-01 到 2027-05-02 劳动节')).toEqual({
      days: { '2027-01-01': '元旦', '2027-02-27': '春节', '2027-02-28': '春节', '2027-03-01': '春节', '2027-05-01': '劳动节', '2027-05-02': '劳动节' },
    });
    expect(parseDays('  \n')).toEqual({ days: {} });
  });

  it.each([
    ['元旦', '第 1 行看不明白'], ['2027-01-01', '第 1 行看不明白'], ['2027-01-01 元旦\n1月2日 元旦', '第 2 行看不明白'], ['2027-02-30 春节', '第 1 行的日期不存在'],
    ['2027-02-11 至 2027-02-05 春节', '第 1 行的起止日期不对'], ['2027-02-05 至 2027-03-05 春节', '第 1 行的起止日期不对'], ['2027-01-01 元旦\n2027-01-01 元旦', '第 2 行：2027-01-01 重复'],
  ])('%j is told by its line', (text, fault) => {
    expect(parseDays(text)).toEqual({ fault: expect.stringContaining(fault) as string });
  });

  it('what is shown can be read back', () => {
    const days = [{ date: '2026-12-31', name: '元旦' }, { date: '2027-01-01', name: '元旦' }, { date: '2027-01-02', name: '别的节' }, { date: '2027-01-04', name: '别的节' }];
    expect(spans(days).map(({ first, last, count }) => [first, last, count])).toEqual([['2026-12-31', '2027-01-01', 2], ['2027-01-02', '2027-01-02', 1], ['2027-01-04', '2027-01-04', 1]]);
    expect(parseDays(written(days))).toEqual({ days: Object.fromEntries(days.map(({ date, name }) => [date, name])) });
  });
});

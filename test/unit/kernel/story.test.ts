import { readFileSync } from 'node:fs';
import { chaptersOf, savedInWords } from '../../../src/kernel/story';
import { isSaving } from '../../../src/kernel/view';
import { PROCEDURES } from '../../../src/procedures';

const line = (seq: number, again?: true) => ({ seq, ...(again ? { again } : {}) });

it('both faces tell a timeline by the very same file', () => {
  expect(readFileSync('miniprogram/utils/story.ts', 'utf8')).toBe(readFileSync('src/kernel/story.ts', 'utf8'));
});

it('saving again and again is one line, latest first; every line of the chain is still there', () => {
  const told = chaptersOf([line(1), line(2), line(3, true), line(4, true), line(5), line(6)]);
  expect(told.map(({ latest, lines }) => [latest.seq, lines.map(({ seq }) => seq)])).toEqual([[6, [6]], [5, [5]], [4, [4, 3, 2]], [1, [1]]]);
  expect(told.map((chapter) => savedInWords(chapter, '11月22日 10:03'))).toEqual(['', '', '保存 3 次，最近 11月22日 10:03', '']);
});

it('a timeline whose first line continues one that the reader does not see is told from there', () => {
  expect(chaptersOf([line(2, true), line(3, true)])).toEqual([{ latest: line(3, true), lines: [line(3, true), line(2, true)] }]);
});

it('saving a draft is all that is folded: no decision, no note to anybody, no look at an identity', () => {
  expect([...PROCEDURES.values()].flatMap(({ name, moves }) => Object.values(moves).filter(isSaving).map((move) => `${name}.${move.name}`))).toEqual(['diagnosis.save', 'plan.save']);
});

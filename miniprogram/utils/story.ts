/**
 * How the timeline of a case is told. This file lies twice, the same to the letter (a test holds them together): in src/kernel, for the
 * console, and in miniprogram/utils, whose folder must be whole by itself. So it imports nothing and uses nothing newer than ES2020.
 */

/** Lines shown as one, latest first; more than one only where somebody saved the same thing again and again. */
export interface Chapter<L> { latest: L; lines: readonly L[] }

/** The timeline, latest first, with repeated saving (`again`) gathered. Nothing of the chain is lost: every line is in one chapter. */
export function chaptersOf<L extends { again?: true }>(timeline: readonly L[]): Chapter<L>[] {
  const chapters: Chapter<L>[] = [];
  for (const line of timeline) {
    const [before] = chapters;
    if (line.again && before) chapters[0] = { latest: line, lines: [line, ...before.lines] };
    else chapters.unshift({ latest: line, lines: [line] });
  }
  return chapters;
}

/** 保存 5 次，最近 11月22日 10:03; empty for a line that stands alone. `latest`: when the last was, in the words of the page. */
export const savedInWords = ({ lines }: Chapter<unknown>, latest: string): string => (lines.length > 1 ? `保存 ${lines.length} 次，最近 ${latest}` : '');

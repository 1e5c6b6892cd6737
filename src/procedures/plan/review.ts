import { sha256 } from '../../kernel/chain';
import type { Review, Sheet, Verdict } from './forms';

/** From best to worst. */
const ORDER: readonly Verdict[] = ['passed', 'amend', 'failed'];
const cents = (sum: number, n: number): number => Math.round((sum / n) * 100) / 100;

/**
 * The panel's word: averages to two decimals and the majority's verdict. The panel is odd, so that the middle verdict is the
 * majority's where there is one, and the moderate one where all differ.
 * @param version, hash of the version the sheets are about
 * @param seed mixes the sheets, so that their order does not tell who wrote which
 */
export function reviewOf(sheets: readonly Sheet[], { version, hash, passScore, seed }: { version: number; hash: string; passScore: number; seed: string }): Review {
  const n = sheets.length;
  const sum = (of: (sheet: Sheet) => number): number => sheets.reduce((all, sheet) => all + of(sheet), 0);
  const total = sum((sheet) => sheet.project + sheet.amount + sheet.effect);
  const verdict = sheets.map((sheet) => sheet.verdict).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))[Math.floor(n / 2)]!;
  const lot = (sheet: Sheet): string => sha256(`${seed}:sheet:${sheet.person}`);
  return {
    version,
    project: cents(sum((sheet) => sheet.project), n), amount: cents(sum((sheet) => sheet.amount), n), effect: cents(sum((sheet) => sheet.effect), n),
    total: cents(total, n),
    verdicts: Object.fromEntries(ORDER.map((one) => [one, sheets.filter((sheet) => sheet.verdict === one).length])) as Record<Verdict, number>,
    verdict,
    passed: verdict === 'passed' && total >= passScore * n,
    opinions: sheets.toSorted((a, b) => (lot(a) < lot(b) ? -1 : 1)).map(({ project, amount, effect, verdict: word, reasons }) => ({ project, amount, effect, verdict: word, reasons })),
    hash,
  };
}

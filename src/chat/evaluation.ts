import { answerTo } from './answers';
import { understand, type ChatRole } from './intents';

/**
 * One line of an evaluation file: a message with its intent, or a question with the article that answers it (null: the measures
 * do not say). Of a list any one is right.
 */
export type EvalLine =
  | { text: string; role?: ChatRole; intent: string | readonly string[] }
  | { text: string; article: number | string | null | readonly (number | string | null)[] };

export interface Evaluation {
  lines: number;
  accuracy: number;
  intents: Record<string, { lines: number; accuracy: number; asked: number }>;
  /** `expected -> read`, most frequent first. */
  confusions: { expected: string; read: string; count: number }[];
  /** Share of messages the bot would have asked back about instead of acting. */
  asked: number;
  faqHitAt1: number;
  misses: { text: string; expected: unknown; read: unknown; confidence?: number; asked?: boolean }[];
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : Math.round((part / whole) * 10_000) / 10_000);

/** How well the bot reads the messages given: what it understands, and which article it answers with first. */
export function evaluate(lines: readonly EvalLine[]): Evaluation {
  const misses: Evaluation['misses'] = [];
  const perIntent = new Map<string, { lines: number; right: number; asked: number }>();
  const confused = new Map<string, number>();
  let faq = { lines: 0, hits: 0 };

  for (const line of lines) {
    if ('intent' in line) {
      const { intent, confidence, ask } = understand(line.text, line.role);
      const wanted = [line.intent].flat();
      const main = wanted[0]!;
      const count = perIntent.get(main) ?? { lines: 0, right: 0, asked: 0 };
      const isRight = wanted.includes(intent);
      perIntent.set(main, { lines: count.lines + 1, right: count.right + Number(isRight), asked: count.asked + Number(ask) });
      if (isRight) continue;
      const pair = `${main} ${intent}`;
      confused.set(pair, (confused.get(pair) ?? 0) + 1);
      misses.push({ text: line.text, expected: line.intent, read: intent, confidence: Number(confidence.toFixed(3)), asked: ask });
    } else {
      const found = answerTo(line.text);
      const wanted = [line.article].flat().map(String);
      const isHit = wanted.includes(found?.regulated ? found.article : 'null');
      faq = { lines: faq.lines + 1, hits: faq.hits + Number(isHit) };
      if (!isHit) misses.push({ text: line.text, expected: line.article, read: found ? { article: found.article, regulated: found.regulated, score: Number(found.score.toFixed(3)) } : null });
    }
  }
  const totals = [...perIntent.values()].reduce((sum, one) => ({ lines: sum.lines + one.lines, right: sum.right + one.right, asked: sum.asked + one.asked }), { lines: 0, right: 0, asked: 0 });
  return {
    lines: lines.length,
    accuracy: share(totals.right, totals.lines),
    intents: Object.fromEntries([...perIntent].map(([intent, { lines: n, right, asked }]) => [intent, { lines: n, accuracy: share(right, n), asked }])),
    confusions: [...confused].map(([pair, count]) => ({ expected: pair.split(' ')[0]!, read: pair.split(' ')[1]!, count })).toSorted((a, b) => b.count - a.count),
    asked: share(totals.asked, totals.lines),
    faqHitAt1: share(faq.hits, faq.lines),
    misses,
  };
}

import { LRUCache } from 'lru-cache';
import { ARTICLES, UNREGULATED, articleInWords, isArticleNo, type Article, type ArticleNo, type Topic } from '../rulebook/articles';
import colloquialJson from './data/colloquial.json';
import { bare, features, normalise } from './text';

/** What the bot may say about the rules: the rulebook's own words and the article they rest on, or that the measures do not say. */
export interface Answer {
  article: ArticleNo;
  /** False where the measures leave it open; `article` is then the nearest one. */
  regulated: boolean;
  title: string;
  text: string;
  /** 0 to 1, comparable between questions. */
  score: number;
}

interface Entry { answer: Omit<Answer, 'score'>; questions: Vector[]; bag: Vector; keywords: readonly string[] }
type Vector = Map<string, number>;

const CERTAIN = 0.26;
/** Questions for a number or a day: what the measures leave open is mostly of this kind. */
const EXACT = /多少|百分|比例|几[天个家年月点号次人万]|多久|多长|最[高低多少]|什么时候|何时|哪天|期限|时限|天之?内/u;
const EXACT_TILT = 0.05;

/** The words, and behind them how the rulebook would say them. */
const translated = (text: string): string =>
  [text, ...Object.entries(colloquialJson as Record<string, string>).filter(([word]) => text.includes(word)).map(([, words]) => words)].join('，');

const texts = (of: Article | Topic): string[] => ('title' in of ? [...of.questions, of.title] : [...of.questions]);

const rarity: ReadonlyMap<string, number> = (() => {
  const all = [...ARTICLES, ...UNREGULATED].flatMap(texts);
  const seenIn = new Map<string, number>();
  for (const text of all) for (const feature of plain(text)) seenIn.set(feature, (seenIn.get(feature) ?? 0) + 1);
  return new Map([...seenIn].map(([feature, count]) => [feature, Math.log(1 + all.length / count)]));
})();
const RAREST = Math.log(1 + 400);

/** Where a word stands says nothing about what a question is about. */
function plain(text: string): string[] {
  return features(text).filter((feature) => !feature.startsWith('^') && !feature.endsWith('$'));
}

function vectorOf(text: string): Vector {
  const vector = new Map(plain(text).map((feature) => [feature, (rarity.get(feature) ?? RAREST * 0.6) * (feature.startsWith('w:') && feature.length === 3 ? 0.5 : 1)]));
  const length = Math.hypot(...vector.values()) || 1;
  for (const [feature, value] of vector) vector.set(feature, value / length);
  return vector;
}

function likeness(a: Vector, b: Vector): number {
  let sum = 0;
  for (const [feature, value] of a) sum += value * (b.get(feature) ?? 0);
  return sum;
}

const entryOf = (of: Article | Topic): Entry => ({
  answer: 'title' in of
    ? { article: of.no, regulated: true, title: of.title, text: of.answer }
    : { article: of.article, regulated: false, title: '办法没有规定', text: of.answer },
  questions: texts(of).map(vectorOf),
  bag: vectorOf([...texts(of), ...of.keywords, of.answer, ...('summary' in of ? [of.summary] : [])].join('，')),
  keywords: of.keywords,
});
let entries: Entry[] | undefined;
const all = (): Entry[] => (entries ??= [...ARTICLES, ...UNREGULATED].map(entryOf));

/** The article a message names by number: 第十二条, 第15条第二项, 十二条（三）. */
export function articleNamed(message: string): ArticleNo | null {
  const match = /第?\s*([一二三四五六七八九十]{1,3}|\d{1,2})\s*条\s*(?:第?\s*[(（]?\s*([一二三四五六七八九十]|\d{1,2})\s*[)）]?\s*(?:项|款|点)?)?/u.exec(normalise(message));
  if (!match) return null;
  const article = numberOf(match[1]!);
  const item = match[2] ? numberOf(match[2]) : 0;
  const exact = `${article}.${item}`;
  if (item > 0 && isArticleNo(exact)) return exact;
  return isArticleNo(String(article)) ? (String(article) as ArticleNo) : null;
}

const DIGITS = '零一二三四五六七八九';
function numberOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const [tens, ones] = text.includes('十') ? text.split('十') : ['0', text];
  return (tens === '' ? 1 : Math.max(0, DIGITS.indexOf(tens!))) * (text.includes('十') ? 10 : 0) + (ones ? DIGITS.indexOf(ones) : 0);
}

/** A turn is run anew for each look-up it asks for; the question stays the same. */
const lately = new LRUCache<string, Answer[]>({ max: 200 });

/** Everything that could answer, best first; the five best of it. */
export function ranked(message: string): Answer[] {
  const known = lately.get(message);
  if (known) return known;
  const found = rank(message);
  lately.set(message, found);
  return found;
}

function rank(message: string): Answer[] {
  const text = translated(bare(message));
  const asked = vectorOf(text);
  const tilt = EXACT.test(text) ? EXACT_TILT : 0;
  return all().map(({ answer, questions, bag, keywords }) => {
    const scores = questions.map((question) => likeness(asked, question)).toSorted((a, b) => b - a);
    const hits = keywords.filter((word) => text.includes(word)).length;
    const score = 0.62 * (scores[0] ?? 0) + 0.13 * (scores[1] ?? 0) + 0.35 * likeness(asked, bag) + 0.03 * Math.min(3, hits);
    return { ...answer, score: Math.min(1, score + (answer.regulated ? -tilt / 2 : tilt)) };
  }).toSorted((a, b) => b.score - a.score).slice(0, 5);
}

/** The answer to a question about the rules; null when nothing stored answers it, and then nothing is to be said but that. */
export function answerTo(message: string): Answer | null {
  const named = articleNamed(message);
  if (named) return { ...all().find(({ answer }) => answer.regulated && answer.article === named)!.answer, score: 1 };
  const [best] = ranked(message);
  return best && best.score >= CERTAIN ? best : null;
}

/** The answer as it is said: with its article in words, and the official wording when it is loaded. */
export function said({ article, regulated, text }: Answer, quote: string | null): string {
  if (!regulated) return `${text}（相关条款：${articleInWords(article)}）`;
  return `${text}\n依据：《办法》${articleInWords(article)}${quote ? `\n原文：${quote}` : ''}`;
}

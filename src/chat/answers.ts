import { LRUCache } from 'lru-cache';
import { ARTICLES, UNREGULATED, articleInWords, isArticleNo, type Article, type ArticleNo, type Topic } from '../rulebook/articles';
import { conceptsOf } from './concepts';
import colloquialJson from './data/colloquial.json';
import phrasesJson from './data/phrases.json';
import { reading } from './reading';
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

interface Entry { answer: Omit<Answer, 'score'>; questions: Vector[]; bag: Vector; concepts: Vector[]; keywords: readonly string[]; phrases: readonly RegExp[] }
type Vector = Map<string, number>;

const CERTAIN = 0.36;
/** Questions for a number or a day: what the measures leave open is mostly of this kind. */
const EXACT = /多少|百分|比例|几[天个家年月点号次人万]|多久|多长|最[高低多少]|什么时候|何时|哪天|期限|时限|天之?内/u;
const EXACT_TILT = 0.05;
/** The same words as a stored question. */
const SAME = 0.97;
/** What a way of putting it that belongs to one article adds, and each further one. */
const PHRASE = 0.22;
const PHRASE_MORE = 0.06;
/** What the measures leave open is named narrowly; what names it means it. */
const PHRASE_NARROW = 0.1;
/** What speaking of the same things adds. */
const CONCEPT = 0.45;

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

const conceptRarity: ReadonlyMap<string, number> = (() => {
  const articles = [...ARTICLES, ...UNREGULATED].map((of) => new Set(conceptsOf(texts(of).join('，'))));
  const seenIn = new Map<string, number>();
  for (const one of articles) for (const concept of one) seenIn.set(concept, (seenIn.get(concept) ?? 0) + 1);
  return new Map([...seenIn].map(([concept, count]) => [concept, Math.log(1 + articles.length / (1 + count))]));
})();
function conceptVector(text: string): Vector {
  const vector = new Map(conceptsOf(text).map((concept) => [concept, conceptRarity.get(concept) ?? Math.log(1 + 100)]));
  const length = Math.hypot(...vector.values()) || 1;
  for (const [concept, value] of vector) vector.set(concept, value / length);
  return vector;
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

/** One thing in common proves little: every contract is about a contract. */
const IN_COMMON = [0, 0.55, 0.85];
function alike(a: Vector, b: Vector): number {
  let common = 0;
  let sum = 0;
  for (const [concept, value] of a) {
    const other = b.get(concept);
    if (other === undefined) continue;
    common += 1;
    sum += value * other;
  }
  return sum * (IN_COMMON[common] ?? 1);
}

const entryOf = (of: Article | Topic): Entry => ({
  answer: 'title' in of
    ? { article: of.no, regulated: true, title: of.title, text: of.answer }
    : { article: of.article, regulated: false, title: '办法没有规定', text: of.answer },
  questions: texts(of).map(vectorOf),
  bag: vectorOf([...texts(of), ...of.keywords, of.answer, ...('summary' in of ? [of.summary] : [])].join('，')),
  concepts: [...texts(of), of.answer].map((text) => conceptVector(reading(text))),
  keywords: of.keywords,
  phrases: ((phrasesJson as Record<string, readonly string[]>)['title' in of ? of.no : of.id] ?? []).map((phrase) => new RegExp(phrase, 'u')),
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
  const read = bare(reading(message));
  const text = translated(read);
  const asked = vectorOf(text);
  const tilt = EXACT.test(text) ? EXACT_TILT : 0;
  const meant = conceptVector(read);
  return all().map(({ answer, questions, bag, concepts, keywords, phrases }) => {
    const scores = questions.map((question) => likeness(asked, question)).toSorted((a, b) => b - a);
    const hits = keywords.filter((word) => text.includes(word)).length;
    const ways = phrases.filter((phrase) => phrase.test(read)).length;
    const score = (ways > 0 ? PHRASE + PHRASE_MORE * Math.min(2, ways - 1) + (answer.regulated ? 0 : PHRASE_NARROW) : 0) + (scores[0]! > SAME ? 1 : 0) + 0.62 * scores[0]! + 0.13 * (scores[1] ?? 0) + 0.35 * likeness(asked, bag) + CONCEPT * Math.max(...concepts.map((concept) => alike(meant, concept))) + 0.03 * Math.min(3, hits);
    return { ...answer, score: score + (answer.regulated ? -tilt / 2 : tilt) };
  }).toSorted((a, b) => b.score - a.score).slice(0, 5).map((one) => ({ ...one, score: Math.min(1, one.score) }));
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

import articlesJson from './data/articles.json';
import faqJson from './data/faq.json';
import unregulatedJson from './data/unregulated.json';
import { frozen } from './frozen';

/** '12' is an article, '12.3' its third item （三）. Numbers follow the order of the paragraphs of the measures. */
export type ArticleNo = keyof typeof articlesJson;

/** An article or item of the measures, told in our own words. The official wording is quoted by the official text store only. */
export interface Article {
  readonly no: ArticleNo;
  readonly chapter: number;
  readonly chapterTitle: string;
  readonly title: string;
  readonly summary: string;
  /** Plain Chinese a chat-bot can say; nothing in it goes beyond the article, and it says where the article gives no number. */
  readonly answer: string;
  /** How enterprises, providers and citizens ask for it: search material, four to ten for each. */
  readonly questions: readonly string[];
  readonly keywords: readonly string[];
}

export type TopicId = keyof typeof unregulatedJson;
/** Something people ask that the measures do not regulate. */
export interface Topic {
  readonly id: TopicId;
  /** The article nearest to it, which leaves it open. */
  readonly article: ArticleNo;
  /** Says that the measures do not say, and what they do say next to it. */
  readonly answer: string;
  readonly questions: readonly string[];
  readonly keywords: readonly string[];
}

const order = (no: string): number => {
  const [article = 0, item = 0] = no.split('.').map(Number);
  return article * 100 + item;
};

/** All articles and items in the order of the measures: 1, 2, 3, 4, 4.1, 4.2 … */
export const ARTICLES: readonly Article[] = frozen(
  Object.entries(articlesJson)
    .map(([no, article]) => ({ no: no as ArticleNo, ...article, ...faqJson[no as ArticleNo] }))
    .toSorted((a, b) => order(a.no) - order(b.no)),
);

export const UNREGULATED: readonly Topic[] = frozen(
  Object.entries(unregulatedJson).map(([id, topic]) => ({ id: id as TopicId, ...topic, article: topic.article as ArticleNo })),
);

const byNo: ReadonlyMap<string, Article> = new Map(ARTICLES.map((article) => [article.no, article]));
export const isArticleNo = (no: string): no is ArticleNo => byNo.has(no);
export const findArticle = (no: ArticleNo): Article => byNo.get(no)!;

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
/** 1-99 in Chinese numerals. */
export const chineseNumber = (n: number): string => {
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  return `${tens > 1 ? DIGITS[tens] : ''}${tens > 0 ? '十' : ''}${DIGITS[ones]}`;
};
/** How people name it: '12.3' is 第十二条（三）. Takes any number up to 99, not only those of the measures. */
export function articleInWords(no: string): string {
  const [article = 0, item] = no.split('.').map(Number);
  return `第${chineseNumber(article)}条${item ? `（${chineseNumber(item)}）` : ''}`;
}

import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import { Refusal, type Fault } from '../kernel/refusal';
import { ARTICLES, articleInWords, chineseNumber, isArticleNo, type ArticleNo } from './articles';

export interface OfficialArticle {
  no: ArticleNo;
  /** The words of the file, line by line, without the mark-up around them. An article includes its items. */
  text: string;
}

/** From Chinese numerals, 1 to 99. */
const NUMBERS: ReadonlyMap<string, number> = new Map(Array.from({ length: 99 }, (_, i) => [chineseNumber(i + 1), i + 1]));

const ARTICLE = /^第([一二三四五六七八九十]{1,3})条(?=[\s　：:]|$)/;
const CHAPTER = /^第[一二三四五六七八九十]{1,3}章(?=[\s　]|$)/;
const ITEM = /^[（(]([一二三四五六七八九十]{1,3})[）)]/;

/** Markdown around a line is not part of the text: headings, quotes, and bold or italic marks. */
const bare = (line: string): string => line.replace(/^(?:#{1,6}|>)\s+/, '').replaceAll(/\*{1,3}|__/g, '').replace(/\s+$/, '').replace(/^\s+/, '');

/**
 * Reads the measures from a text file into articles (第一条) and items （一）.
 * @throws Refusal INVALID where the file does not hold exactly the articles and items this release knows: an answer must not
 * cite one article and quote another
 */
export function parseOfficialText(text: string): OfficialArticle[] {
  const found = new Map<string, string[]>();
  const faults: Fault[] = [];
  let article: string | undefined;
  let item: string | undefined;

  for (const raw of text.replace(/^\uFEFF/, '').normalize('NFC').split(/\r\n|\r|\n/)) {
    const line = bare(raw);
    if (line === '') continue;
    if (CHAPTER.test(line)) {
      // A chapter's heading ends the article before it.
      [article, item] = [undefined, undefined];
      continue;
    }
    const opens = ARTICLE.exec(line);
    if (opens) {
      article = String(NUMBERS.get(opens[1]!) ?? opens[1]);
      item = undefined;
      if (found.has(article)) faults.push({ field: 'file', message: `第${opens[1]}条出现了两次` });
      found.set(article, [line]);
      continue;
    }
    if (article === undefined) continue; // the title and whatever precedes 第一条
    found.get(article)!.push(line);
    const opensItem = ITEM.exec(line);
    if (opensItem) {
      item = `${article}.${NUMBERS.get(opensItem[1]!) ?? opensItem[1]}`;
      if (found.has(item)) faults.push({ field: 'file', message: `${articleInWords(article)}中（${opensItem[1]}）出现了两次` });
      found.set(item, [line]);
    } else if (item !== undefined) found.get(item)!.push(line);
  }

  const missing = ARTICLES.map(({ no }) => no).filter((no) => !found.has(no));
  // With the article itself gone, naming each of its items says nothing more.
  const missingToName = missing.filter((no) => !no.includes('.') || !missing.includes(no.split('.')[0] as ArticleNo));
  const unknown = [...found.keys()].filter((no) => !isArticleNo(no));
  if (missing.length > 0) faults.push({ field: 'file', message: `文件不完整，缺少：${missingToName.map(articleInWords).join('、')}` });
  if (unknown.length > 0) faults.push({ field: 'file', message: `与规则库的条目不一致，多出：${unknown.map(articleInWords).join('、')}` });
  if (faults.length > 0) throw new Refusal('INVALID', { detail: faults.map(({ message }) => message).join('；'), faults });
  return ARTICLES.map(({ no }) => ({ no, text: found.get(no)!.join('\n') }));
}

/** UTF-8, or else GB18030 as Chinese text editors save it. @throws Refusal UNSUPPORTED_TYPE for a file that is neither */
export function decodeText(bytes: Uint8Array): string {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      if (!text.includes('\0')) return text;
    } catch {
      // Not this encoding; the next one may be.
    }
  }
  throw new Refusal('UNSUPPORTED_TYPE', { detail: '请提供文本文件（UTF-8 或 GB18030 编码的 .txt 或 .md）' });
}

interface Stored {
  city: string;
  sha256: string;
  fileName: string;
  at: Date;
  by: string;
  articles: OfficialArticle[];
}
/** Which text is quoted: SHA-256 of the file as it was loaded, its name, when and by whom. */
export type OfficialTextSource = Pick<Stored, 'sha256' | 'fileName' | 'at' | 'by'>;

export interface OfficialTextStore {
  /** Takes a file over as the text to quote from now on; the same file again only becomes the latest. @throws Refusal */
  load(file: { name: string; bytes: Uint8Array }, by: { person: string }): Promise<OfficialTextSource & { articles: number; items: number }>;
  /** The official wording of an article or item, verbatim; null where no text is loaded. */
  quote(no: ArticleNo): Promise<string | null>;
  source(): Promise<OfficialTextSource | null>;
}

/** The official text of the measures, loaded by an operator and kept with its fingerprint; never part of the product. */
export function createOfficialTextStore(options: { connection: Connection; city: string; clock: () => Date; cacheMs?: number }): OfficialTextStore {
  const { connection, city, clock, cacheMs = 2000 } = options;
  const documents = connection.collection<Stored>('officialtexts');
  let latest: { loaded: number; text: Promise<Stored | null> } | undefined;

  function newest(): Promise<Stored | null> {
    const now = performance.now();
    if (latest && now - latest.loaded < cacheMs) return latest.text;
    const fresh = { loaded: now, text: documents.findOne({ city }, { sort: { at: -1 } }) };
    latest = fresh;
    fresh.text.catch(() => { if (latest === fresh) latest = undefined; });
    return fresh.text;
  }

  return {
    async load({ name, bytes }, by) {
      const articles = parseOfficialText(decodeText(bytes));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const source = { sha256, fileName: name, at: clock(), by: by.person };
      await documents.createIndex({ city: 1, sha256: 1 }, { unique: true });
      // Which text is in force?
      await documents.createIndex({ city: 1, at: -1 });
      await documents.updateOne({ city, sha256 }, { $set: { ...source, articles } }, { upsert: true });
      latest = undefined;
      const items = articles.filter(({ no }) => no.includes('.')).length;
      return { ...source, articles: articles.length - items, items };
    },
    async quote(no) {
      return (await newest())?.articles.find((article) => article.no === no)?.text ?? null;
    },
    async source() {
      const text = await newest();
      return text && { sha256: text.sha256, fileName: text.fileName, at: text.at, by: text.by };
    },
  };
}

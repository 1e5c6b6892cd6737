import { Refusal } from '../../../src/kernel/refusal';
import { ARTICLES, articleInWords, chineseNumber } from '../../../src/rulebook/articles';
import { createOfficialTextStore, decodeText, parseOfficialText } from '../../../src/rulebook/official-text';
import { testDatabase, type TestDatabase } from '../../support/engines';

/** A made text with the structure of the measures and words of nobody. */
const articleLines = new Map(ARTICLES.map(({ no }) => {
  const item = no.split('.')[1];
  return [no, item ? `（${chineseNumber(Number(item))}）样文第${no}项的内容；` : `${articleInWords(no)} 样文第${no}条的内容。`];
}));
const madeText = (leave: readonly string[] = []) => [
  '样本城市服务商管理办法', '', '第一章 总则', '',
  ...[...articleLines].filter(([no]) => !leave.includes(no)).flatMap(([no, line]) => (no === '9' ? ['第三章 条件', line] : [line])),
].join('\n');
const file = (text: string) => ({ name: '办法.txt', bytes: Buffer.from(text) });
const refusalOf = (text: string): Refusal => {
  let thrown: unknown;
  try { parseOfficialText(text); } catch (error) { thrown = error; }
  if (!(thrown instanceof Refusal)) throw new Error('no refusal');
  return thrown;
};
const textOf = (text: string, no: string) => parseOfficialText(text).find((article) => article.no === no)?.text;

describe('reading a text of twenty articles', () => {
  it('finds every article and item, in order, in its own words', () => {
    const parsed = parseOfficialText(madeText());
    expect(parsed.map(({ no }) => no)).toEqual(ARTICLES.map(({ no }) => no));
    expect(textOf(madeText(), '12.3')).toBe('（三）样文第12.3项的内容；');
    expect(textOf(madeText(), '17')).toBe('第十七条 样文第17条的内容。\n（一）样文第17.1项的内容；\n（二）样文第17.2项的内容；\n（三）样文第17.3项的内容；');
  });

  it('leaves chapter headings out and what stands before the first article', () => {
    expect(textOf(madeText(), '8')).toBe('第八条 样文第8条的内容。');
    expect(JSON.stringify(parseOfficialText(madeText()))).not.toContain('样本城市');
  });

  it('takes mark-up, Windows line ends, wide blanks and half-width brackets', () => {
    const marked = `\uFEFF${madeText().replaceAll(/^(第.+条) /gm, '**$1**　').replaceAll(/^第(.+)章/gm, '## 第$1章').replaceAll('（', '(').replaceAll('\n', '\r\n')}`;
    expect(textOf(marked, '18')).toBe('第十八条　样文第18条的内容。');
    expect(textOf(marked, '15.6')).toContain('样文第15.6项');
  });

  it('a second paragraph belongs to its item; an article named in mid-sentence opens nothing', () => {
    const text = madeText().replace('（二）样文第12.2项的内容；', '（二）样文第12.2项的内容；\n前款所称第十八条的情形除外。\n　　第十八条所称情形也除外。');
    expect(textOf(text, '12.2')).toBe('（二）样文第12.2项的内容；\n前款所称第十八条的情形除外。\n第十八条所称情形也除外。');
  });
});

describe('a file that does not fit is refused', () => {
  it.each([
    [['14'], '缺少：第十四条'],
    [['2', '20'], '缺少：第二条、第二十条'],
    [['12.3', '17.1'], '缺少：第十二条（三）、第十七条（一）'],
    [['16'], '出现了两次'], // its items fall to article 15, which has them already
    [['16', '16.1', '16.2', '16.3', '16.4', '16.5'], '缺少：第十六条'],
  ])('without %j: %s', (leave, words) => {
    const refusal = refusalOf(madeText(leave));
    expect(refusal.detail).toContain(words);
    expect(refusal.faults.every(({ field }) => field === 'file')).toBe(true);
  });

  it('names what is too much, and what stands twice', () => {
    expect(refusalOf(`${madeText()}\n第二十一条 多余的一条。`).detail).toContain('多出：第二十一条');
    expect(refusalOf(`${madeText()}\n（一）多余的一项。`).detail).toContain('多出：第二十条（一）');
    expect(refusalOf(`${madeText()}\n第三条 又一个第三条。`).detail).toContain('第三条出现了两次');
  });

  it('names all twenty when there is nothing', () => {
    expect(refusalOf('你好').detail).toBe(`文件不完整，缺少：${ARTICLES.filter(({ no }) => !no.includes('.')).map(({ no }) => articleInWords(no)).join('、')}`);
  });

  it('reads GB18030, refuses what is no text', () => {
    expect(decodeText(Uint8Array.from([0xb5, 0xda, 0xd2, 0xbb, 0xcc, 0xf5]))).toBe('第一条');
    expect(() => decodeText(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xff]))).toThrow(Refusal);
  });
});

describe('the store', () => {
  let db: TestDatabase;
  beforeAll(async () => { db = await testDatabase(); });
  afterAll(() => db.close());
  let now = new Date('2026-11-22T02:00:00Z');
  const storeOf = (city: string) => createOfficialTextStore({ connection: db.connection, city, clock: () => now, cacheMs: 0 });
  const operator = { person: 'operator' };

  it('quotes nothing before a text is loaded, then the latest verbatim, elsewhere too, but not to another city', async () => {
    const store = storeOf('410700');
    expect([await store.quote('12.3'), await store.source()]).toEqual([null, null]);

    const loaded = await store.load(file(madeText()), operator);
    expect(loaded).toMatchObject({ fileName: '办法.txt', articles: 20, items: 36, at: now, by: 'operator' });
    expect(loaded.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await storeOf('410700').quote('12.3')).toBe('（三）样文第12.3项的内容；');
    expect(await storeOf('410100').quote('12.3')).toBeNull();

    now = new Date('2026-11-23T02:00:00Z');
    await store.load(file(madeText().replaceAll('样文', '新文')), operator);
    expect(await store.quote('12.3')).toBe('（三）新文第12.3项的内容；');

    // The first file again: in force again, not stored twice.
    now = new Date('2026-11-24T02:00:00Z');
    await store.load(file(madeText()), operator);
    expect(await store.quote('12.3')).toBe('（三）样文第12.3项的内容；');
    expect(await db.connection.collection('officialtexts').countDocuments({ city: '410700' })).toBe(2);
  });

  it('a refused file leaves the text in force', async () => {
    const store = storeOf('keeps');
    await store.load(file(madeText()), operator);
    await expect(store.load(file(madeText(['18'])), operator)).rejects.toMatchObject({ code: 'INVALID' });
    expect(await store.quote('18')).toBe('第十八条 样文第18条的内容。');
  });
});

import { readFileSync } from 'node:fs';
import { answerTo, articleNamed } from '../../../src/chat/answers';
import { evaluate, type EvalLine } from '../../../src/chat/evaluation';
import examples from '../../../src/chat/data/intents.json';
import { INTENTS, understand } from '../../../src/chat/intents';
import { ARTICLES, UNREGULATED } from '../../../src/rulebook/articles';

const lines = readFileSync('test/support/chat-eval.jsonl', 'utf8').trim().split('\n').map((line) => JSON.parse(line) as EvalLine);

describe('what a message means', () => {
  it.each(INTENTS)('%s has forty examples and more, none twice', (intent) => {
    expect(new Set(examples[intent]).size).toBe(examples[intent].length);
    expect(examples[intent].length).toBeGreaterThanOrEqual(40);
  });

  it('no sentence of the evaluation is among the examples', () => {
    const known = new Set(INTENTS.flatMap((intent) => examples[intent]));
    expect(lines.filter(({ text }) => known.has(text))).toEqual([]);
  });

  it('paraphrases: nine in ten and more are read right, and a harmful confusion is asked about, not acted on', () => {
    const result = evaluate(lines);
    expect(result.accuracy).toBeGreaterThanOrEqual(0.93);
    expect(result.faqHitAt1).toBeGreaterThanOrEqual(0.9);
    const filing = ['file_report', 'file_complaint', 'file_appeal'];
    const harmful = result.misses.filter(({ read, expected, asked }) => filing.includes(String(read)) && expected !== read && !asked);
    expect(harmful).toEqual([]);
  });

  it.each(['不要投诉了', '我不是要举报', '没说要投诉', '别给我提交', '不想申诉了', '先不诊断了'])('a denial is no request: %s', (text) => {
    expect(understand(text, 'enterprise').intent).toBe('cancel');
  });

  it.each([
    ['不要投诉，我想查进度', 'query_progress'], ['我不是要举报，是想投诉服务商', 'file_complaint'], ['要不要备案', 'faq'], ['不备案会怎样', 'faq'],
  ])('what follows a denial counts: %s', (text, intent) => {
    expect(understand(text, 'enterprise').intent).toBe(intent);
  });

  it('reads any text without fault', () => {
    for (const text of ['', ' ', '?', '💥'.repeat(2000), 'a'.repeat(20_000), '投诉'.repeat(5000), '不要'.repeat(5000), '{"$gt":1}', '__proto__', '\u0000\u202e']) {
      expect(() => { understand(text); answerTo(text); }).not.toThrow();
    }
  });
});

describe('answers from the rulebook', () => {
  it('are the rulebook’s own words, each with an article', () => {
    const words = new Set([...ARTICLES, ...UNREGULATED].map(({ answer }) => answer));
    const invented = lines.map(({ text }) => answerTo(text)).filter((found) => found !== null && !words.has(found.text));
    expect(invented).toEqual([]);
  });

  it('every stored question finds its own article or topic', () => {
    const missed = [...ARTICLES.map((one) => ({ ...one, nearest: one.no })), ...UNREGULATED.map((one) => ({ ...one, nearest: one.article }))]
      .flatMap(({ questions, nearest, answer }) => questions.filter((question) => answerTo(question)?.text !== answer).map((question) => `${nearest} ${question}`));
    expect(missed).toEqual([]);
  });

  it.each([['第十二条说的什么', '12'], ['第十五条第二项', '15.2'], ['12条（三）', '12.3'], ['第二十条', '20'], ['第三十条', null], ['第18条是什么', '18']])('%s', (text, no) => {
    expect(articleNamed(text)).toBe(no);
  });
});

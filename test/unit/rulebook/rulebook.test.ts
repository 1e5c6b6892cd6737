import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ARTICLES, articleInWords, chineseNumber, findArticle, isArticleNo, UNREGULATED } from '../../../src/rulebook/articles';
import { CODES, EXPERT_REVIEW, SURVEY } from '../../../src/rulebook/forms';
import { DEADLINES, isParamId, SETTINGS, UNIT_LABELS, valueInWords } from '../../../src/rulebook/parameters';
import { CITY, findRegion, findSector, REGIONS, SECTORS } from '../../../src/rulebook/places';
import { loadRulebook } from '../../../src/rulebook/rulebook';

const rulebook = loadRulebook();
const ROOT = path.join(__dirname, '../../..');
/** All sources but the data itself and the check of what fits together, which is no use of it. */
const sources = (folders: readonly string[]): string[] => folders.flatMap((folder) => readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && entry.name !== 'amendment.ts').map((entry) => path.join(entry.parentPath, entry.name));

const at = (text: string): Date => new Date(`${text}T10:00:00+08:00`);
const endOf = (date: string): Date => new Date(`${date}T23:59:59.999+08:00`);

describe('the rulebook', () => {
  it('knows only ids and articles that exist, at compile time', () => {
    // @ts-expect-error a wrong id does not compile
    expect(() => rulebook.param('plan.reviews')).toThrow(TypeError);
    // @ts-expect-error a setting is no deadline
    expect(() => rulebook.due('files.max_bytes', at('2026-11-23'))).toThrow(TypeError);
    // @ts-expect-error the measures have twenty articles
    expect(rulebook.article('21')).toBeUndefined();
    expect(isParamId('constructor')).toBe(false);
  });

  it('is frozen down to its entries', () => {
    expect(Object.isFrozen(rulebook)).toBe(true);
    expect(Object.isFrozen(rulebook.deadline('plan.review'))).toBe(true);
    expect(Object.isFrozen(rulebook.article('12.3'))).toBe(true);
    const { metrics, regions, articles } = rulebook;
    for (const part of [metrics.questions[0]!.options[0]!, metrics.thresholds[0]!, regions[0]!.towns, articles[0]!.questions, CODES.warning.W1, SURVEY.items]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(() => { (rulebook.setting('plan.panel_size') as { value: number }).value = 4; }).toThrow(TypeError);
  });

  it.each([
    ['plan.review', '2026-09-24', '2026-10-15'], // 10 working days over Mid-Autumn and National Day
    ['complaint.accept', '2026-04-30', '2026-05-11'], // with the make-up Saturday
    ['accept.rectify', '2026-09-02', '2026-10-08'], // 30 natural days, end in the holiday, rolls on
    ['star.rerating', '2026-03-31', '2026-09-30'],
  ] as const)('%s from %s is due %s', (id, from, due) => {
    expect(rulebook.due(id, at(from))).toEqual({ due: endOf(due), calendar: rulebook.calendar.version, provisional: false });
  });

  it('does not roll on where the bureau has switched it off', () => {
    expect(loadRulebook(2, { parameters: { 'calendar.rest_day_rolls_on': 0 } }).due('accept.rectify', at('2026-09-02')).due).toEqual(endOf('2026-10-02'));
  });

  it('a lease is due to the minute', () => {
    expect(rulebook.due('task.claim_lease', at('2026-11-22')).due).toEqual(new Date('2026-11-22T02:30:00Z'));
  });

  it('a clock that stood still keeps what was left, by its own unit', () => {
    const pause = { from: at('2026-11-04'), to: at('2026-11-11') };
    expect(rulebook.extend('plan.review', rulebook.due('plan.review', at('2026-11-02')).due, pause).due).toEqual(endOf('2026-11-23'));
    expect(rulebook.extend('accept.rectify', endOf('2026-11-10'), pause).due).toEqual(endOf('2026-11-17'));
  });

  it('amended numbers reach deadlines and metrics; the shipped rulebook stays as it was', () => {
    const amended = loadRulebook(2, { parameters: { 'plan.review': 12, 'grade.1.min_score': 25 } });
    expect([amended.param('plan.review'), amended.deadline('plan.review').value, amended.metrics.thresholds[0]!.minScore]).toEqual([12, 12, 25]);
    expect([rulebook.param('plan.review'), rulebook.metrics.thresholds[0]!.minScore]).toEqual([10, 20]);
  });
});

describe('parameters', () => {
  const all = [...DEADLINES.values(), ...SETTINGS.values()];

  it.each(all.map((p) => [p.id, p] as const))('%s is complete and within its own range', (_id, p) => {
    expect(Object.keys(UNIT_LABELS)).toContain(p.unit);
    expect(['regulation', 'law', 'national', 'precedent', 'proposal']).toContain(p.status);
    expect(p.label).toMatch(/\p{Script=Han}/u);
    expect(p.source.length).toBeGreaterThan(3);
    expect(p.value >= p.min && p.value <= p.max).toBe(true);
    expect(p.article === null || isArticleNo(p.article)).toBe(true);
    expect(p.unit === 'odd_count' ? p.value % 2 : 1).toBe(1);
    expect(p.configurable || p.status === 'regulation' || p.status === 'law').toBe(true);
  });

  it('an id that nothing reads is marked as not in use, and no other is', () => {
    const read = sources(['src', 'miniprogram']).map((file) => readFileSync(file, 'utf8')).join('\n');
    // Ids put together from parts, such as `grade.${grade}.min_score`.
    const patterns = [...read.matchAll(/`([a-z]+\.[^`$]*\$\{[^`\n]*)`/g)].map(([, text]) =>
      new RegExp(`^${text!.split(/\$\{[^}]*\}/).map((part) => part.replaceAll('.', '\\.')).join('\\w+')}$`));
    const isRead = (id: string): boolean => read.includes(`'${id}'`) || patterns.some((pattern) => pattern.test(id));
    expect(all.filter(({ id, used }) => isRead(id) !== (used ?? true)).map(({ id }) => id)).toEqual([]);
  });

  it('14: the numbers of the star rating, not in use yet, fit together as shipped', () => {
    const value = (id: string): number => all.find((p) => p.id === id)!.value;
    const weights = all.filter(({ id }) => id.startsWith('star.weight.'));
    expect(weights.reduce((sum, p) => sum + p.value, 0)).toBe(100);
    for (const need of ['min_score', 'min_satisfaction']) expect(value(`star.1.${need}`) <= value(`star.2.${need}`) && value(`star.2.${need}`) <= value(`star.3.${need}`)).toBe(true);
    const survey = ['dissatisfied', 'fair', 'satisfied', 'very_satisfied'].map((opinion) => value(`star.survey.${opinion}`));
    expect(survey).toEqual(survey.toSorted((a, b) => a - b));
  });

  it('only what the measures state is marked as stated by them', () => {
    expect(all.filter(({ status }) => status === 'regulation').map(({ id }) => id)).toEqual(['star.first_rating', 'warn.cancel_count']);
    expect(rulebook.param('warn.cancel_count')).toBe(2);
    expect(rulebook.rule('regulation.validity')).toMatchObject({ status: 'regulation', article: '20' });
  });

  it.each([['plan.review', '10 个工作日'], ['accept.rectify', '30 日'], ['plan.panel_size', '3 人'], ['calendar.rest_day_rolls_on', '是'], ['desk.half_time_percent', '50%'], ['files.max_bytes', '20 MB'], ['reviewer.default_capacity', '20 件'], ['grade.1.min_scenarios', '6 个'], ['complaint.reopenings', '1 次']] as const)('%s reads %s', (id, words) => {
    expect(valueInWords(all.find((p) => p.id === id)!)).toBe(words);
  });
});

describe('the measures', () => {
  const items = { 4: 6, 5: 8, 10: 4, 12: 4, 15: 6, 16: 5, 17: 3 };

  it('has twenty articles and their items, in order', () => {
    expect(ARTICLES.map(({ no }) => no)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1).flatMap((article) =>
      [String(article), ...Array.from({ length: items[article as keyof typeof items] ?? 0 }, (_, item) => `${article}.${item + 1}`)]));
    expect(findArticle('14')).toMatchObject({ chapter: 5, chapterTitle: '监督与管理', title: '评星评级' });
  });

  it.each([['1', '第一条'], ['10', '第十条'], ['12.3', '第十二条（三）'], ['20', '第二十条'], ['21', '第二十一条']])('%s is %s', (no, words) => {
    expect(articleInWords(no)).toBe(words);
  });

  it('numerals up to 99 are all different and well formed', () => {
    const numerals = Array.from({ length: 99 }, (_, i) => chineseNumber(i + 1));
    expect(new Set(numerals).size).toBe(99);
    expect([numerals[0], numerals[9], numerals[10], numerals[19], numerals[98]]).toEqual(['一', '十', '十一', '二十', '九十九']);
  });

  it.each(ARTICLES.map((article) => [article.no, article] as const))('%s can be asked for and answered', (_no, { questions, answer, keywords, summary }) => {
    expect(questions.length).toBeGreaterThanOrEqual(4);
    expect(questions.length).toBeLessThanOrEqual(10);
    expect(keywords.length).toBeGreaterThan(0);
    expect([answer.at(-1), summary.at(-1)]).toEqual(['。', '。']);
  });

  it('no question leads to two answers', () => {
    const questions = [...ARTICLES, ...UNREGULATED].flatMap((entry) => entry.questions);
    expect(new Set(questions).size).toBe(questions.length);
  });

  it.each(UNREGULATED.map((topic) => [topic.id, topic] as const))('%s is said not to be regulated', (_id, topic) => {
    expect(topic.answer).toMatch(/^办法.*(?:没有|只规定).*。$/);
    expect(topic.questions.length).toBeGreaterThanOrEqual(3);
    expect(isArticleNo(topic.article)).toBe(true);
  });

  it('articles state no number of days that the measures do not state', () => {
    // The third month (14) is the only period in the measures.
    const withPeriod = ARTICLES.filter(({ answer, summary }) => /\d+\s*(?:个?工作日|日|天|个月|年内)/.test(answer + summary));
    expect(withPeriod.map(({ no }) => no)).toEqual(['14']);
  });
});

const sum = (criteria: object) => Object.values(criteria as Record<string, { max: number }>).reduce((all, { max }) => all + max, 0);
describe('coded lists', () => {
  it.each(Object.entries(CODES).flatMap(([list, codes]) => Object.entries(codes).map(([code, entry]) => [`${list} ${code}`, entry] as const)))('%s rests on an article', (_code, entry) => {
    expect(isArticleNo(entry.article)).toBe(true);
  });

  it('9, 12.2: the score sheets add up to 100', () => {
    expect([sum(EXPERT_REVIEW.selection), sum(EXPERT_REVIEW.plan)]).toEqual([100, 100]);
    for (const { max, items } of Object.values(EXPERT_REVIEW.selection)) expect(sum(items)).toBe(max);
    expect(Object.values(EXPERT_REVIEW.selection).map(({ name }) => name)).toEqual(['基础能力', '技术支撑', '行业经验', '服务成效']);
  });

  it('14: the survey knows four overall values, 不满意 among them', () => {
    expect(Object.values(SURVEY.overall)).toEqual(['非常满意', '满意', '基本满意', '不满意']);
    expect(Object.keys(SURVEY.items)).toHaveLength(10);
  });
});

describe('places', () => {
  it('has twelve divisions and three functional zones with their towns', () => {
    expect(CITY.code).toBe('410700');
    expect(REGIONS.filter(({ administrative }) => administrative)).toHaveLength(12);
    expect(REGIONS).toHaveLength(15);
    expect(REGIONS.flatMap(({ towns }) => Object.keys(towns))).toHaveLength(170);
    expect(REGIONS.every(({ code, towns }) => Object.keys(towns).every((town) => town.length === 9 && town.startsWith(code)))).toBe(true);
  });

  it('an old code leads to the place of today, an unknown one nowhere', () => {
    expect(findRegion('410728')?.name).toBe('长垣市');
    expect([findRegion('410701'), findRegion('110105'), findRegion('constructor')]).toEqual([undefined, undefined, undefined]);
  });

  it('knows the four sub-sectors of the plan', () => {
    expect(SECTORS.map(({ name }) => name)).toEqual(['起重装备', '高端医疗器械及卫材', '汽车零部件', '新型化工']);
    expect(SECTORS.every(({ codes, core }) => core.every((code) => code in codes))).toBe(true);
    expect(findSector('autoparts')?.codes['3670']).toBe('汽车零部件及配件制造');
  });
});

import * as fc from 'fast-check';
import { Refusal } from '../../../src/kernel/refusal';
import { answerFaults, gradeOf, scoreDiagnosis, type DiagnosisAnswers, type Level, type Question, type ScenarioKey } from '../../../src/rulebook/metrics';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import cases from './fixtures/metrics-cases.json';

const { metrics } = loadRulebook();

const allOptions = (question: Question) => question.options.map(({ code }) => code).filter((code) => code !== 'A');
/** Every question at its best or worst, every scenario at one level. */
const answersAt = (best: boolean, level: Level, more: object = {}): DiagnosisAnswers => ({
  ...Object.fromEntries(metrics.questions.map((question) => {
    const good = allOptions(question);
    return [question.id, question.choice === 'many' ? (best ? good : ['A']) : (best ? good.at(-1) : 'A')];
  })),
  scenarios: Object.fromEntries(metrics.scenarios.map(({ key }) => [key, level])),
  ...more,
}) as DiagnosisAnswers;

const faultsOf = (answers: unknown) => answerFaults(metrics, answers).map(({ field }) => field);

describe('12.1: the metrics of 2024', () => {
  it('has 15 questions worth 50 + 30 + 20 points, each reachable, and 16 scenarios of which 10 are binding', () => {
    expect(metrics.questions.map(({ no }) => no)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(metrics.scenarios).toHaveLength(16);
    expect(metrics.scenarios.filter(({ binding }) => binding)).toHaveLength(10);
    expect(metrics.scenarios.every(({ levels }) => levels.length === 4)).toBe(true);
    for (const question of metrics.questions) {
      expect(['one', 'many']).toContain(question.choice);
      expect(Object.keys(metrics.dimensions)).toContain(question.dimension);
      const reachable = scoreDiagnosis(metrics, answersAt(true, 0)).perQuestion[question.id];
      expect([question.id, reachable]).toEqual([question.id, question.maxPoints]);
    }
    expect(scoreDiagnosis(metrics, answersAt(true, 4))).toMatchObject({ foundation: 50, management: 30, results: 20, total: 100, grade: 4, gradeName: '四级（协同级）', missingForNext: null });
    expect(scoreDiagnosis(metrics, answersAt(false, 0))).toMatchObject({ total: 0, grade: 0, gradeName: '无等级' });
  });

  it('the eight areas of the article cover every scenario once', () => {
    expect(metrics.areas.map(({ name }) => name)).toEqual(['研发设计', '生产制造', '运营管理', '物流管理', '供应链管理', '质量管控', '安全管控', '节能减排']);
    expect(metrics.areas.flatMap(({ scenarios }) => scenarios).toSorted()).toEqual(metrics.scenarios.map(({ key }) => key).toSorted());
  });

  it.each(cases)('$name', ({ score, levels, grade }) => {
    const result = gradeOf(metrics, score, levels as Partial<Record<ScenarioKey, Level>>);
    expect(result.grade).toBe(grade);
    expect(result.grade).toBe(Math.min(result.gradeByScore, result.gradeByScenarios));
  });
});

describe('scoring', () => {
  it('adds the options of a multiple choice without drift: 13 × 0.7 + 0.9 is exactly 10', () => {
    const links = allOptions(metrics.questions.find(({ id }) => id === 'q4')!);
    for (let n = 1; n <= 13; n += 1) {
      const score = scoreDiagnosis(metrics, answersAt(false, 0, { q4: links.slice(0, n) }));
      expect(score.total).toBe(Number((0.7 * n).toFixed(1)));
    }
    expect(scoreDiagnosis(metrics, answersAt(false, 0, { q4: links })).total).toBe(10);
    expect(scoreDiagnosis(metrics, answersAt(false, 0, { q9: ['B', 'D', 'E'] })).management).toBe(5.625);
  });

  it('says what still lacks for the next grade, the nearest scenario first', () => {
    const answers = answersAt(false, 1, {
      q5: 'E', q8: 'F', q12: 'C', q13: 'C', q2: 'E',
      scenarios: { ...answersAt(false, 1).scenarios, quality: 2, product_design: 2, hr: 2, decision: 0 },
    });
    const score = scoreDiagnosis(metrics, answers);
    expect(score).toMatchObject({ total: 37.5, gradeByScore: 1, gradeByScenarios: 1, grade: 1 });
    expect(score.missingForNext).toMatchObject({ grade: 2, points: 2.5, scenarios: 3, binding: 1 });
    expect(score.missingForNext!.candidates).toHaveLength(13);
    expect(score.missingForNext!.candidates[0]).toBe('marketing');
    expect(score.missingForNext!.candidates.at(-1)).toBe('decision');
  });

  it('draws the radar from the mean level of each area', () => {
    const scenarios = { ...answersAt(false, 0).scenarios, product_design: 3, process_design: 2, warehouse: 4 };
    const means = Object.fromEntries(scoreDiagnosis(metrics, answersAt(false, 0, { scenarios })).radar.map(({ name, mean }) => [name, mean]));
    expect(means).toEqual({ 研发设计: 2.5, 生产制造: 0, 运营管理: 0, 物流管理: 4, 供应链管理: 0, 质量管控: 0, 安全管控: 0, 节能减排: 0 });
  });

  const anyAnswers = fc.record({
    ...Object.fromEntries(metrics.questions.map((question) => [question.id, question.choice === 'many'
      ? fc.subarray(allOptions(question), { minLength: 1 })
      : fc.constantFrom(...question.options.map(({ code }) => code))])),
    scenarios: fc.record(Object.fromEntries(metrics.scenarios.map(({ key }) => [key, fc.integer({ min: 0, max: 4 })]))),
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<DiagnosisAnswers>;

  it('a better answer never lowers the total or the grade', () => {
    fc.assert(fc.property(anyAnswers, fc.nat(14), fc.nat(15), (answers, questionIndex, scenarioIndex) => {
      const question = metrics.questions[questionIndex]!;
      const { key } = metrics.scenarios[scenarioIndex]!;
      const pointsOf = (code: string) => question.options.find((option) => option.code === code)!.points;
      const given = answers[question.id];
      const better = Array.isArray(given)
        ? allOptions(question)
        : question.options.map(({ code }) => code).filter((code) => pointsOf(code) >= pointsOf(given as string)).at(-1);
      const before = scoreDiagnosis(metrics, answers);
      const after = scoreDiagnosis(metrics, {
        ...answers, [question.id]: better, scenarios: { ...answers.scenarios, [key]: Math.min(4, answers.scenarios[key] + 1) },
      });
      expect(after.total).toBeGreaterThanOrEqual(before.total);
      expect(after.grade).toBeGreaterThanOrEqual(before.grade);
      expect(before.grade).toBe(Math.min(before.gradeByScore, before.gradeByScenarios));
    }), { numRuns: 300 });
  });

  it('what is said to lack is enough', () => {
    fc.assert(fc.property(anyAnswers, (answers) => {
      const score = scoreDiagnosis(metrics, answers);
      const missing = score.missingForNext;
      if (!missing) return;
      const raised = { ...score.scenarioLevels };
      const bindingFirst = missing.candidates.toSorted((a, b) => Number(isBinding(b)) - Number(isBinding(a)));
      for (const key of bindingFirst.slice(0, Math.max(missing.scenarios, missing.binding))) raised[key] = missing.grade;
      expect(gradeOf(metrics, score.total + missing.points, raised).grade).toBeGreaterThanOrEqual(missing.grade);
    }), { numRuns: 200 });
  });
});
const isBinding = (key: ScenarioKey) => metrics.scenarios.find((scenario) => scenario.key === key)!.binding;

describe('wrong answers', () => {
  it('names every one at once, by path, in Chinese', () => {
    const { q7: _left, ...rest } = answersAt(true, 2);
    const answers = {
      ...rest, q1: ['A', 'B'], q3: 'F', q4: ['B', 'B'], q5: ['C'], q6: [], q9: 'B', q16: 'A', __proto__x: 1,
      scenarios: { ...rest.scenarios, quality: 5, energy: '2', finance: 1.5, cooking: 1 },
    };
    expect(faultsOf(answers)).toEqual([
      'answers.q1', 'answers.q3', 'answers.q4', 'answers.q5', 'answers.q6', 'answers.q7', 'answers.q9',
      'answers.scenarios.quality', 'answers.scenarios.energy', 'answers.scenarios.finance', 'answers.scenarios.cooking',
      'answers.q16', 'answers.__proto__x',
    ]);
    let refusal: unknown;
    try { scoreDiagnosis(metrics, answers); } catch (error) { refusal = error; }
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({ code: 'INVALID', article: '12.1' });
    expect((refusal as Refusal).faults[0]).toEqual({ field: 'answers.q1', message: '第1题选“无”时不能同时选其他项' });
    expect((refusal as Refusal).faults.every(({ message }) => /^[^a-z]+$/.test(message))).toBe(true);
  });

  it.each([[null], [undefined], ['A'], [[]], [JSON.parse('{"__proto__": {"q1": ["B"]}, "scenarios": []}')]])('%p is no questionnaire', (input) => {
    expect(faultsOf(input).length).toBeGreaterThan(0);
  });
});

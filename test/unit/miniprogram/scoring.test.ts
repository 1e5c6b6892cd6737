import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { scoreSoFar } from '../../../miniprogram/provider/scoring';
import { scoreDiagnosis, type DiagnosisAnswers } from '../../../src/rulebook/metrics';
import { loadRulebook } from '../../../src/rulebook/rulebook';

const { metrics } = loadRulebook();

const complete: fc.Arbitrary<DiagnosisAnswers> = fc.record({
  ...Object.fromEntries(metrics.questions.map(({ id, choice, options }) => {
    const codes = options.map(({ code }) => code);
    return [id, choice === 'one' ? fc.constantFrom(...codes) : fc.subarray(codes.slice(1), { minLength: 1 })];
  })),
  scenarios: fc.record(Object.fromEntries(metrics.scenarios.map(({ key }) => [key, fc.constantFrom(0, 1, 2, 3, 4)]))),
}) as never;

it('12.1: the phone reckons by the very file the server reckons by', () => {
  expect(readFileSync('miniprogram/provider/scoring.ts', 'utf8')).toBe(readFileSync('src/rulebook/scoring.ts', 'utf8'));
});

it('the running score of a complete questionnaire is the score of the report', () => {
  fc.assert(fc.property(complete, (answers) => { expect(scoreSoFar(metrics, answers)).toEqual(scoreDiagnosis(metrics, answers)); }));
});

it('counts only what is answered: nothing is 0 points and no grade, and another answer never lowers it', () => {
  expect(scoreSoFar(metrics, {})).toMatchObject({ total: 0, grade: 0, gradeName: '无等级', missingForNext: { grade: 1, points: 20, scenarios: 6, binding: 3 } });
  fc.assert(fc.property(complete, fc.constantFrom(...metrics.questions.map(({ id }) => id)), (answers, open) => {
    const { [open]: _, ...rest } = answers;
    const [before, after] = [scoreSoFar(metrics, rest), scoreSoFar(metrics, answers)];
    expect(before.total).toBeLessThanOrEqual(after.total);
    expect(before.grade).toBeLessThanOrEqual(after.grade);
    expect(before.perQuestion[open]).toBe(0);
  }));
});

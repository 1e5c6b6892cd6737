import fc from 'fast-check';
import type { Case } from '../../../../src/kernel/case';
import { aDraft, someAnswers } from '../../../support/diagnosis';
import { reportFaults } from '../../../../src/procedures/diagnosis/issuing';
import { match, type Candidate } from '../../../../src/procedures/diagnosis/matching';
import { AREAS, QUESTIONS, SCENARIOS } from '../../../../src/procedures/diagnosis/questionnaire';
import { radarPng, radarSvg } from '../../../../src/procedures/diagnosis/radar';
import type { Diagnosis } from '../../../../src/procedures/diagnosis/rules';
import type { DiagnosisAnswers } from '../../../../src/rulebook/metrics';
import { rateFaults } from '../../../../src/rulebook/scoring';
import { loadRulebook } from '../../../../src/rulebook/rulebook';

const { metrics } = loadRulebook();
const now = new Date('2026-03-04T02:00:00Z');
type Draft = ReturnType<typeof aDraft>;
const faultsOf = (more: Partial<Draft> = {}) => {
  const data = { ...aDraft(more), former: [], issued: [], disputes: [], need: '需求', chosenBy: 'enterprise' } as Diagnosis;
  const c: Pick<Case<Diagnosis>, 'data' | 'openedAt'> = { data, openedAt: new Date('2026-03-02T02:00:00Z') };
  return reportFaults(metrics, c, now).map(({ field }) => field);
};

describe('12.1: what a report must hold', () => {
  it('12.1: asks 15 questions, 16 scenarios and eight areas', () => {
    expect([QUESTIONS.length, SCENARIOS.length, AREAS.length]).toEqual([15, 16, 8]);
    expect(faultsOf()).toEqual([]);
  });

  const without = (name: keyof Draft): Partial<Draft> => ({ [name]: undefined });
  const { scenarios, ...questions } = someAnswers();
  it.each<[string, Partial<Draft>, string]>([
    ['no day on site', without('visitedOn'), 'visitedOn'],
    ['a visit before the request', { visitedOn: '2026-03-01' }, 'visitedOn'],
    ['a visit tomorrow', { visitedOn: '2026-03-05' }, 'visitedOn'],
    ['nobody named who came', without('visitors'), 'visitors'],
    ['nobody named who received them', without('hosts'), 'hosts'],
    ['no evidence', { evidence: [], proofs: {} }, 'evidence'],
    ['no problem', { problems: [] }, 'problems'],
    ['no need', { needs: [] }, 'needs'],
    ['no path', without('path'), 'path'],
    ['no scheme', without('scheme'), 'scheme'],
    ['one area left out', { findings: { ...aDraft().findings, energy: undefined } as never }, 'findings.energy'],
    ['no answers', without('answers'), 'answers'],
    ['one question open', { answers: { ...questions, q9: undefined, scenarios: scenarios! } as never }, 'answers.q9'],
    ['one scenario open', { answers: { ...questions, scenarios: { ...scenarios, hr: undefined } } as never }, 'answers.scenarios.hr'],
    ['a need below what is there', { needs: [{ scenario: 'equipment', need: '设备点检电子化', targetLevel: 2, urgency: 'low' }] }, 'needs.0.targetLevel'],
    ['a rated scenario called not applicable', { notApplicable: [{ scenario: 'quality', reason: '不需要这个场景' }] }, 'notApplicable.0.scenario'],
    ['a rate its counts deny', { figures: { q2: { '生产设备数量（台）': 100, '实现数字化的生产设备数量（台）': 90 } } }, 'answers.q2'],
  ])('12.1: %s is refused', (_, more, field) => {
    expect(faultsOf(more)).toContain(field);
  });
});

describe('2024 metrics: device rates', () => {
  const answers = (q2: string, q3: string) => ({ ...someAnswers(), q2, q3 }) as DiagnosisAnswers;
  const figures = (all: number, digital: number, networked: number) =>
    ({ q2: { '生产设备数量（台）': all, '实现数字化的生产设备数量（台）': digital }, q3: { '实现联网的生产设备数量（台）': networked } });

  it.each([[0, 'A'], [100, 'A'], [101, 'B'], [200, 'B'], [201, 'C'], [400, 'C'], [401, 'D'], [600, 'D'], [601, 'E'], [1000, 'E']])('%i of 1,000 devices is option %s and no other', (part, option) => {
    for (const given of ['A', 'B', 'C', 'D', 'E']) {
      expect(rateFaults(answers(given, given), figures(1000, part, part)).length).toBe(given === option ? 0 : 2);
    }
  });
  it('networked devices are counted against all devices, not against the digital ones', () => {
    expect(rateFaults(answers('C', 'B'), figures(100, 40, 20))).toEqual([]);
  });
  it.each([[0, 0, 0], [-5, 1, 1], [10, 11, 0], [10, 1, 11]])('counts %i, %i, %i are refused', (all, digital, networked) => {
    expect(rateFaults(answers('A', 'A'), figures(all, digital, networked)).some(({ field }) => field.startsWith('figures.'))).toBe(true);
  });
  it('without counts the ticked interval stands', () => expect(rateFaults(answers('E', 'A'), {})).toEqual([]));
});

describe('13: a fair choice of provider', () => {
  const candidate = (id: string, inHand: number, last: string | null): Candidate => ({ id, name: id, inHand, lastAt: last ? new Date(last) : null });
  const pick = (list: Candidate[], past: string[] = [], no = 'ZD1') => match({ ofSector: true, list }, no, past)?.provider.id;

  it.each<[string, Candidate[], string[], string | undefined]>([
    ['the one with least in hand', [candidate('a', 2, null), candidate('b', 1, '2026-03-01')], [], 'b'],
    ['of these the longest without', [candidate('a', 1, '2026-02-01'), candidate('b', 1, '2026-01-01')], [], 'b'],
    ['the one never given any', [candidate('a', 0, '2020-01-01'), candidate('b', 0, null)], [], 'b'],
    ['nobody who was asked before', [candidate('a', 0, null), candidate('b', 9, '2026-03-01')], ['a'], 'b'],
    ['nobody when none is left', [candidate('a', 0, null)], ['a'], undefined],
  ])('13: %s', (_, list, past, expected) => expect(pick(list, past)).toBe(expected));

  it('13: equal ones are drawn by the case number: repeatable, whatever the order, and even over many cases', () => {
    const list = ['a', 'b', 'c', 'd'].map((id) => candidate(id, 0, null));
    const times = new Map<string, number>();
    for (let i = 0; i < 4000; i += 1) {
      const chosen = pick(list, [], `ZD${i}`)!;
      expect(pick(list.toReversed(), [], `ZD${i}`)).toBe(chosen);
      times.set(chosen, (times.get(chosen) ?? 0) + 1);
    }
    for (const count of times.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('12.1: the radar chart', () => {
  const axes = AREAS.map((name, i) => ({ name, mean: i / 2 }));
  it('the numbered chart holds no text, so that it needs no font', async () => {
    expect(radarSvg(axes, 'numbers')).not.toContain('<text');
    expect(radarSvg([{ name: '<script>', mean: 9 }, ...axes], 'names')).not.toContain('<script>');
    expect((await radarPng(axes)).subarray(1, 4).toString()).toBe('PNG');
  });
  it('12.1: points never leave the chart', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 8, maxLength: 8 }), (means) => {
      const svg = radarSvg(means.map((mean) => ({ name: '', mean })), 'numbers');
      for (const [, x, y] of svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="4.5"/g)) {
        expect(Math.hypot(Number(x) - 280, Number(y) - 280)).toBeLessThanOrEqual(190.2);
      }
    }));
  });
});

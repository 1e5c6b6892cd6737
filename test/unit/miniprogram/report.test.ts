import { drawAnswers, drawReport, type Score } from '../../../miniprogram/components/diagnosis-report/drawing';
import { corner, drawRadar, type Pen } from '../../../miniprogram/components/radar-chart/drawing';
import { byUrgency, kindsOf, sectionsOf, taskOf } from '../../../miniprogram/provider/tasks/model';
import type { Metrics } from '../../../miniprogram/utils/metrics';
import type { CaseLine } from '../../../miniprogram/services/types';
import { PROCEDURES } from '../../../src/procedures';
import { scoreDiagnosis } from '../../../src/rulebook/metrics';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import { someAnswers, aDraft } from '../../support/diagnosis';

const { metrics } = loadRulebook();
const before = scoreDiagnosis(metrics, someAnswers()) as Score;
const after = scoreDiagnosis(metrics, { ...someAnswers(), scenarios: Object.fromEntries(metrics.scenarios.map(({ key }) => [key, 3])) }) as Score;

/** What a pen was told to draw. */
function aPen() {
  const texts: { text: string; x: number; y: number }[] = [];
  const dots: [number, number][] = [];
  const outlines: [number, number][][] = [];
  const fills: string[] = [];
  const pen: Pen = {
    strokeStyle: '', fillStyle: '', lineWidth: 0, font: '', globalAlpha: 1, textAlign: 'left', textBaseline: 'middle',
    beginPath: () => { outlines.push([]); }, closePath() {}, stroke() {}, setLineDash() {}, clearRect() {},
    fill() { fills.push(pen.fillStyle); }, moveTo: (x, y) => { outlines.at(-1)!.push([x, y]); }, lineTo: (x, y) => { outlines.at(-1)!.push([x, y]); },
    arc: (x, y) => { dots.push([x, y]); }, fillText: (text, x, y) => { texts.push({ text, x, y }); },
  };
  return { pen, texts, dots, outlines, fills };
}

describe('12.1: the report as it is read', () => {
  it('puts grade, scores, lists and path into words, with the names of the metrics', () => {
    const drawn = drawReport({ ...aDraft() }, before, null);
    expect(drawn).toMatchObject({ grade: '一级（初始级）', total: String(before.total), after: null });
    expect(drawn.problems[0]).toMatchObject({ area: '生产制造', urgency: '急需解决' });
    expect(drawn.needs[0]).toMatchObject({ scenario: '生产管控', from: '一级', to: '二级' });
    expect(drawn.path[1]).toMatchObject({ months: '4 个月', scenarios: '生产管控、质量管理、仓储物流' });
    expect(drawn.notApplicable).toEqual([{ scenario: '售后服务', reason: '产品全部由主机厂负责售后' }]);
    expect(drawn.series).toHaveLength(1);
    expect(drawn.next).toMatch(/^距二级还差 .*个场景达到二级/);
    expect(drawn.next).not.toMatch(/(^|[^0-9.])0 /);
  });

  it('sets what came after beside what was before', () => {
    const drawn = drawReport({ ...aDraft() }, before, after);
    expect(drawn.series.map(({ name }) => name)).toEqual(['改造前', '改造后']);
    expect(drawn.series[1]!.values).toEqual([3, 3, 3, 3, 3, 3, 3, 3]);
    expect(drawn.areas[0]).toMatchObject({ name: '研发设计', before: '1.0', after: '3.0' });
    expect(drawn.after).toMatchObject({ grade: after.gradeName });
  });

  it('an empty draft is a preview without anything, not an error', () => {
    expect(drawReport({}, before, null)).toMatchObject({ problems: [], needs: [], path: [], scheme: '', visit: '', evidence: [] });
    expect(drawReport({ problems: [{}], needs: [{}], path: [{}] }, before, null).problems).toEqual([{ text: '', area: '', urgency: '', theme: 'default' }]);
  });

  it('says each answer in the words of its options', () => {
    const { questions, scenarios } = drawAnswers(metrics as unknown as Metrics, { ...aDraft() }, before);
    expect(questions).toHaveLength(15);
    expect(questions[1]).toMatchObject({ no: 2, chosen: 'C (20%,40%]', points: '3 / 6', figures: '生产设备数量（台）：120；实现数字化的生产设备数量（台）：36' });
    expect(scenarios.find(({ name }) => name === '设备管理（约束性）')).toMatchObject({ level: '二级', text: metrics.scenarios.find(({ key }) => key === 'equipment')!.levels[1] });
  });
});

describe('the radar', () => {
  it('begins at the top and goes round, each value at its share of the way out', () => {
    expect(corner(0, 8, 10, [50, 50]).map(Math.round)).toEqual([50, 40]);
    expect(corner(2, 8, 10, [50, 50]).map(Math.round)).toEqual([60, 50]);
    const { pen, dots, texts, fills } = aPen();
    drawRadar(pen, before.radar.map(({ name }) => name), [{ name: '改造前', values: [4, 0, 0, 0, 2, 0, 0, 0], colour: 'blue' }], 300, 240);
    const radius = 90 - 4;
    expect(dots[0]!.map(Math.round)).toEqual([150, 120 - radius]);
    expect(dots[1]!.map(Math.round)).toEqual([150, 120]);
    expect(dots[4]!.map(Math.round)).toEqual([150, 120 + radius / 2]);
    expect(texts.map(({ text }) => text)).toEqual(['1', '2', '3', '4', ...before.radar.map(({ name }) => name)]);
    expect(new Set(fills)).toEqual(new Set(['blue']));
  });

  it('keeps every name on the canvas of a small phone, and a value out of bounds on its axis', () => {
    const { pen, texts, dots } = aPen();
    drawRadar(pen, before.radar.map(({ name }) => name), [{ name: '', values: before.radar.map(() => 9), colour: 'blue' }], 280, 240);
    for (const { text, x, y } of texts.slice(4)) {
      const width = text.length * 12;
      const left = Math.abs(x - 140) < 4 ? x - width / 2 : x < 140 ? x - width : x;
      expect([text, left >= 0 && left + width <= 280 && y >= 6 && y <= 234]).toEqual([text, true]);
    }
    expect(Math.round(dots[0]![1])).toBeGreaterThan(0);
  });
});

describe('tasks of a provider', () => {
  const now = new Date('2026-03-04T04:00:00Z');
  const line = (no: string, procedure: string, state: string, due: string | null, more: Partial<CaseLine> = {}): CaseLine => ({
    no, procedure, title: PROCEDURES.get(procedure)!.title, state: { name: state, title: PROCEDURES.get(procedure)!.states[state]!.title, end: false },
    parties: [{ party: 'enterprise', title: '企业', name: '新乡起重' }, { party: 'provider', title: '服务商', name: '中原数智' }],
    due, inWords: due ? '还剩 2 个工作日' : null, waitsForMe: true, openedAt: '2026-03-01T00:00:00Z', updatedAt: '2026-03-01T00:00:00Z', ...more,
  });
  const lines = [
    line('D', 'contract', 'inProgress', '2026-09-01T00:00:00Z'), line('C', 'diagnosis', 'assessing', '2026-03-06T00:00:00Z'), line('A', 'complaint', 'inquired', '2026-03-03T00:00:00Z', { inWords: '已超期 1 个工作日' }),
    line('E', 'diagnosis', 'requested', null), line('B', 'diagnosis', 'requested', '2026-03-06T00:00:00Z', { openedAt: '2026-02-20T00:00:00Z' }),
  ];

  it('come by how soon they end, of the same end the oldest first, those without an end last', () => {
    expect([...lines].sort(byUrgency).map(({ no }) => no)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(sectionsOf(lines, now).map(({ key, tasks }) => [key, tasks.map(({ no }) => no)])).toEqual([['over', ['A']], ['soon', ['B', 'C']], ['later', ['D', 'E']]]);
    expect(sectionsOf(lines, now, 'contract').map(({ key }) => key)).toEqual(['later']);
    expect(sectionsOf([], now)).toEqual([]);
    expect(kindsOf(lines)).toEqual([{ key: '', label: '全部', count: 5 }, { key: 'contract', label: '改造合同', count: 1 }, { key: 'diagnosis', label: '诊断评估', count: 3 }, { key: 'complaint', label: '企业投诉', count: 1 }]);
    expect(kindsOf(lines.slice(0, 1))).toEqual([]);
  });

  it('begin where the work is done, else on the case', () => {
    expect(taskOf(lines[1]!)).toMatchObject({ url: '/provider/questionnaire/index?no=C&move=save', partner: '新乡起重' });
    expect(taskOf(lines[3]!)).toMatchObject({ url: '/pages/case/index?no=E', todo: '决定是否承接诊断' });
    expect(taskOf(lines[2]!)).toMatchObject({ isOver: true, inWords: '已超期 1 个工作日' });
  });

  it('every state that waits for the provider has words for what is to be done', () => {
    const waiting = [...PROCEDURES.values()].flatMap((p) => Object.entries(p.states)
      .filter(([, { waitsFor }]) => waitsFor === 'provider' || (Array.isArray(waitsFor) && waitsFor.includes('provider'))).map(([state]) => line('X', p.name, state, null)));
    expect(waiting.length).toBeGreaterThan(12);
    expect(waiting.filter((one) => taskOf(one).todo === one.state.title).map(({ procedure, state }) => `${procedure}.${state.name}`)).toEqual([]);
  });
});

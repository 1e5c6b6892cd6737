import { chosen, changed, drawQuestion, drawScore, figured, levelled, proven, reasoned } from '../../../miniprogram/provider/questionnaire/answering';
import { Keeper, type Kept, type Saving } from '../../../miniprogram/provider/questionnaire/keeper';
import { figureOf, parcelOf, unitOf, withChanges } from '../../../miniprogram/provider/questionnaire/saving';
import { progressOf, stepOf, stepsOf } from '../../../miniprogram/provider/questionnaire/steps';
import { scoreSoFar } from '../../../miniprogram/provider/scoring';
import { Problem, Unreachable } from '../../../miniprogram/services/client';
import type { Metrics } from '../../../miniprogram/utils/metrics';
import type { Values } from '../../../miniprogram/forms/model';
import { saveForm } from '../../../src/procedures/diagnosis/forms';
import { reportFaults } from '../../../src/procedures/diagnosis/issuing';
import { loadRulebook } from '../../../src/rulebook/rulebook';
import { aDraft } from '../../support/diagnosis';

const rulebook = loadRulebook();
const metrics = JSON.parse(JSON.stringify(rulebook.metrics)) as Metrics;
const form = saveForm.describe();
const steps = stepsOf(metrics);
const question = (id: string) => metrics.questions.find((one) => one.id === id)!;
const score = (values: Values) => scoreSoFar(metrics, (values['answers'] ?? {}) as never);

describe('answering', () => {
  it('无 excludes the others, others take 无 away, options stay in their order, and the last one may be taken back', () => {
    expect(chosen(question('q1'), ['C'], 'B')).toEqual(['B', 'C']);
    expect(chosen(question('q1'), ['B', 'C'], 'A')).toEqual(['A']);
    expect(chosen(question('q1'), ['A'], 'D')).toEqual(['D']);
    expect(chosen(question('q1'), ['D'], 'D')).toEqual([]);
    expect(chosen(question('q2'), 'A', 'C')).toBe('C');
  });

  it('a scenario that does not apply is level 0 with a reason; a level chosen afterwards takes the reason away', () => {
    const without = changed({}, levelled({}, 'quality', null));
    expect(without).toEqual({ answers: { scenarios: { quality: 0 } }, notApplicable: [{ scenario: 'quality', reason: '' }] });
    const reasonGiven = changed(without, [reasoned(without, 'quality', '没有这类业务')]);
    expect(changed(reasonGiven, levelled(reasonGiven, 'quality', null))).toEqual(reasonGiven);
    expect(changed(reasonGiven, levelled(reasonGiven, 'quality', 2))).toEqual({ answers: { scenarios: { quality: 2 } }, notApplicable: [] });
  });

  it('what proves an answer is evidence of the report, until it proves nothing any more', () => {
    const values = { evidence: ['general', 'a'], proofs: { q1: ['a'], q2: ['a'] } };
    const more = changed(values, proven(values, 'q1', ['b']));
    expect(more).toEqual({ evidence: ['general', 'a', 'b'], proofs: { q1: ['b'], q2: ['a'] } });
    expect(changed(more, proven(more, 'q2', []))).toEqual({ evidence: ['general', 'b'], proofs: { q1: ['b'], q2: [] } });
  });

  it('says at question 2 that the ticked interval is not that of the counts, as the server will', () => {
    const values = { answers: { q2: 'E' }, figures: { q2: { '生产设备数量（台）': 120, '实现数字化的生产设备数量（台）': 36 } } };
    expect(drawQuestion(question('q2'), values, score(values), {}).fault).toBe('按填写的设备数量，比例为 30.0%，应选 C');
    expect(drawQuestion(question('q2'), { ...values, answers: { q2: 'C' } }, score(values), {}).fault).toBe('');
    expect(drawQuestion(question('q2'), values, score(values), {}).figures).toEqual(expect.arrayContaining([expect.objectContaining({ label: '生产设备数量', unit: '台', text: '120' })]));
  });

  it('the score says what is open and what lacks for the next grade', () => {
    const empty = drawScore(metrics, score({}), {});
    expect(empty).toMatchObject({ total: '', grade: '尚未评定', open: '还有 15 道题、16 个场景没有评定' });
    expect(empty.next).toBe('距一级（初始级）还差 20 分；6 个场景达到一级，其中 3 个须是约束性场景');
    const full = aDraft() as Values;
    expect(drawScore(metrics, score(full), full).open).toBe('全部答完');
  });
});

describe('steps', () => {
  it('cover every question, scenario and field of the report once', () => {
    const parts = steps.flatMap((step) => step.parts);
    const hidden = ['answers', 'figures', 'proofs', 'evidence', 'notApplicable'];
    expect([...parts, ...hidden].sort()).toEqual([...metrics.questions.map(({ id }) => id), ...metrics.scenarios.map(({ key }) => key), ...form.map(({ name }) => name)].sort());
  });

  it('count as done only what is whole', () => {
    const step = (key: string) => steps.find((one) => one.key === key)!;
    const full = aDraft() as Values;
    for (const one of steps.slice(0, -1)) expect([one.key, progressOf(one, full, form)]).toEqual([one.key, { done: progressOf(one, full, form).of, of: progressOf(one, full, form).of }]);
    expect(progressOf(step('foundation'), { answers: { q1: [], q2: 'A' } }, form)).toEqual({ done: 1, of: 7 });
    expect(progressOf(step('scenarios-production'), changed({}, levelled({}, 'quality', null)), form)).toEqual({ done: 0, of: 6 });
    expect(progressOf(step('findings'), { findings: { design: '短', energy: '只有总表电量，没有分车间计量' } }, form)).toEqual({ done: 1, of: 8 });
    expect(progressOf(step('scheme'), { scheme: '太短', path: [] }, form)).toEqual({ done: 0, of: 2 });
  });

  it('every reason why the server would not issue leads to the step that mends it', () => {
    const now = new Date('2026-03-02T04:00:00Z');
    const lacks = (data: object) => reportFaults(rulebook.metrics, { data: data as never, openedAt: now }, now).map(({ field }) => field);
    const draft = aDraft();
    const wrong = { ...draft, needs: [{ ...draft.needs![0]!, targetLevel: 1 }], notApplicable: [{ scenario: 'quality', reason: '没有这类业务' }], answers: { ...draft.answers, q2: 'E' } };
    const fields = [...lacks({}), ...lacks({ answers: {} }), ...lacks(wrong)];
    expect(fields.length).toBeGreaterThan(45);
    expect(fields.filter((field) => !stepOf(steps, field))).toEqual([]);
    expect([stepOf(steps, 'answers.q9')?.key, stepOf(steps, 'answers.scenarios.warehouse')?.key, stepOf(steps, 'needs.0.targetLevel')?.key]).toEqual(['management', 'scenarios-supply', 'needs']);
  });
});

describe('what is sent', () => {
  it('is only what was changed, and passes the form of the server whole', () => {
    const full = aDraft() as Values;
    const units = ['visitedOn', 'answers.q1', 'answers.scenarios.quality', 'figures.q2', 'evidence', 'proofs.q2', 'findings.design', 'problems', 'needs', 'scheme', 'path', 'notApplicable'];
    const { input, sent, held } = parcelOf(full, units, form);
    expect(held).toEqual({});
    expect(sent).toEqual(units);
    expect(saveForm.parse(input)).toEqual(input);
    expect(Object.keys(input['answers'] as object)).toEqual(['q1', 'scenarios']);
    expect(input).not.toHaveProperty('visitors');
  });

  it('takes back with null what was emptied, and an empty list says that there are none', () => {
    const { input } = parcelOf({ answers: { q1: [] }, findings: { design: ' ' }, scheme: '', problems: [], figures: { q2: {} } }, ['answers.q1', 'findings.design', 'scheme', 'problems', 'figures.q2'], form);
    expect(input).toEqual({ answers: { q1: null }, findings: { design: null }, scheme: null, problems: [], figures: { q2: null } });
    expect(() => saveForm.parse(input)).not.toThrow();
  });

  it('keeps back what is not whole, with the reason at its place, and sends the rest', () => {
    const values = changed({ scheme: '太短', problems: [{ text: '车间报工靠纸质单据' }], hosts: '赵主任' }, [figured({}, 'q2', '生产设备数量（台）', '一百')]);
    const { input, held } = parcelOf(values, ['scheme', 'problems', 'hosts', 'figures.q2'], form);
    expect(input).toEqual({ hosts: '赵主任' });
    expect(Object.keys(held).sort()).toEqual(['figures.q2.生产设备数量（台）', 'problems.0.area', 'problems.0.urgency', 'scheme']);
  });

  it.each([['answers.q1', 'answers.q1'], ['answers.scenarios.quality', 'answers.scenarios.quality'], ['figures.q2.具体数据', 'figures.q2'], ['problems.3.text', 'problems'], ['findings.design', 'findings.design'], ['scheme', 'scheme']])('%s belongs to %s', (path, unit) => {
    expect(unitOf(path)).toBe(unit);
  });
  it.each([['12', 12], [' 12.5 ', 12.5], ['-3', -3], ['', undefined], ['12.', '12.'], ['１２', '１２'], ['12万', '12万']])('the figure %p is %p', (text, figure) => { expect(figureOf(text)).toBe(figure); });

  it('changes of this phone stand above what a colleague saved, and touch nothing else', () => {
    expect(withChanges({ answers: { q1: ['B'], q2: 'C' }, scheme: '同事写的' }, { answers: { q1: ['D'], q2: 'A' } }, ['answers.q1'])).toEqual({ answers: { q1: ['D'], q2: 'C' }, scheme: '同事写的' });
  });
});

describe('keeping the sheet', () => {
  function aKeeper(send: (input: Values) => Promise<unknown>, kept: Kept | null = null) {
    const sent: Values[] = [];
    const states: Saving[] = [];
    let memory: Kept | null = kept;
    const keeper = new Keeper({
      form, send: (input) => { sent.push(input); return send(input); }, keep: (now) => { memory = now; }, show: (state) => { states.push(state); },
    }, { answers: { q1: ['B'] } }, kept);
    return { keeper, sent, states, memory: () => memory };
  }

  it('saves, and the phone forgets what the server has', async () => {
    const { keeper, sent, states, memory } = aKeeper(async () => undefined);
    keeper.change([{ path: 'answers.q2', value: 'C' }]);
    keeper.keep();
    expect(memory()?.units).toEqual(['answers.q2']);
    await keeper.save();
    expect(sent).toEqual([{ answers: { q2: 'C' } }]);
    expect(memory()).toBeNull();
    expect(states).toEqual(['unsaved', 'saving', 'saved']);
  });

  it('without a network everything stays on the phone, and goes when there is one', async () => {
    let online = false;
    const { keeper, sent, states, memory } = aKeeper(async () => { if (!online) throw new Unreachable(); });
    keeper.change([{ path: 'answers.q2', value: 'C' }]);
    await keeper.save();
    expect(states.at(-1)).toBe('offline');
    expect(memory()).toMatchObject({ units: ['answers.q2'] });
    const { keeper: later } = aKeeper(async () => undefined, memory());
    expect(later.values).toEqual({ answers: { q1: ['B'], q2: 'C' } });
    online = true;
    await keeper.save();
    expect(sent).toHaveLength(2);
    expect(keeper.isWhole).toBe(true);
  });

  it('what is changed while it is under way is sent next', async () => {
    let arrive: () => void = () => undefined;
    const { keeper, sent } = aKeeper(() => new Promise((resolve) => { arrive = () => resolve(undefined); }));
    keeper.change([{ path: 'answers.q2', value: 'C' }]);
    const first = keeper.save();
    keeper.change([{ path: 'answers.q2', value: 'D' }]);
    const second = keeper.save();
    arrive();
    await first;
    expect(keeper.isWhole).toBe(false);
    await Promise.resolve();
    arrive();
    await second;
    expect(sent).toEqual([{ answers: { q2: 'C' } }, { answers: { q2: 'D' } }]);
    expect(keeper.isWhole).toBe(true);
  });

  it('what the server refuses is kept back with its words; the rest is saved', async () => {
    const { keeper, sent, states } = aKeeper(async (input) => {
      if ('needs' in input) throw new Problem(422, 'INVALID', '内容有误', [{ field: 'needs.1.scenario', message: '“质量管理”已经列过' }]);
    });
    const [need] = aDraft().needs!;
    keeper.change([{ path: 'needs', value: [need, need] }, { path: 'hosts', value: '赵主任' }]);
    await keeper.save();
    expect(sent.at(-1)).toEqual({ hosts: '赵主任' });
    expect(keeper.faults).toEqual({ 'needs.1.scenario': '“质量管理”已经列过' });
    expect(states.at(-1)).toBe('held');
    keeper.change([{ path: 'needs', value: [need] }]);
    expect(keeper.faults).toEqual({});
  });

  it('a case that has gone on takes nothing more, and the phone keeps what was written', async () => {
    const { keeper, states, memory } = aKeeper(async () => { throw new Problem(409, 'ILLEGAL_MOVE', '当前状态“已撤回”不能填写评测内容'); });
    keeper.change([{ path: 'hosts', value: '赵主任' }]);
    await keeper.save();
    expect(states.at(-1)).toBe('closed');
    expect(memory()?.units).toEqual(['hosts']);
  });
});

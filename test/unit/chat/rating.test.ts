import type { Reply } from '../../../src/chat/replies';
import type { Context, Step } from '../../../src/chat/context';
import { wantKey } from '../../../src/chat/context';
import { turn } from '../../../src/chat/dialogue';
import { newSession, type Message, type Session } from '../../../src/chat/session';
import { moveView, type CaseView } from '../../../src/kernel/view';
import { rateForm } from '../../../src/procedures/rating/forms';
import { SURVEY } from '../../../src/rulebook/forms';
import { rating } from '../../../src/procedures/rating/procedure';

const SURVEY_ITEMS = Object.keys(SURVEY.items);
const NO = 'PJ20260302-7K8M9N';
const view: CaseView = {
  no: NO, procedure: 'rating', title: '满意度评价', article: '14', state: { name: 'open', title: '评价中', end: false }, version: 1, rulebook: 1, as: 'enterprise',
  parties: [{ party: 'provider', title: '服务商', name: '华信智造' }], fields: [], timeline: [], clock: null, waitsFor: '企业', waitsForMe: true, task: null, links: [], data: {},
  moves: [moveView(rating.moves['rate']!)], openedAt: '', updatedAt: '', closedAt: null, head: '',
};

function told(session: Session, message: Message, channel: Context['channel'] = 'page', seen = view): Exclude<Step, { wants: unknown }> {
  const found = new Map<string, unknown>();
  for (let i = 0; i < 10; i += 1) {
    const context: Context = { now: new Date(0), channel, role: 'enterprise', openings: [], procedures: new Map([['rating', rating]]), found };
    const step = turn(session, message, context);
    if (!('wants' in step)) return step;
    for (const want of step.wants) found.set(wantKey(want), want.look === 'case' ? seen : want.look === 'procedure' ? [view] : []);
  }
  throw new Error('asks in circles');
}

function rate(overall: string, items: string) {
  let step = told(newSession('s'), { text: '我要评价服务商' });
  const questions: string[] = [];
  for (const text of [overall, `其余都选${items}`, '跳过', '确认']) {
    questions.push(step.replies.at(-1)!.type);
    step = told(step.session, { text });
  }
  return { questions, effect: step.effect };
}

describe('14, E4: an enterprise rates in the chat', () => {
  it('all items of the survey reach the form, valid and as they were said', () => {
    const { effect } = rate('满意', '较好');
    expect(effect).toMatchObject({ kind: 'act', no: NO, move: 'rate', input: { overall: 'satisfied', items: { diagnosis: 4, conduct: 4 } } });
    expect(() => rateForm.parse(effect!.input)).not.toThrow();
  });

  it('15.4: 不满意 takes exactly as many steps as 非常满意', () => {
    const [bad, good] = [rate('不满意', '很差'), rate('非常满意', '很好')];
    expect(bad.questions).toEqual(good.questions);
    expect(bad.effect!.input).toMatchObject({ overall: 'dissatisfied', items: { team: 1 } });
    expect(good.effect!.input).toMatchObject({ overall: 'very_satisfied', items: { team: 5 } });
  });

  it('its card is shown when the chat is opened, and begins nothing until it is filled in', () => {
    const before = newSession('s');
    const invited = told(before, { pick: `invite:${NO}` });
    expect(invited.replies).toMatchObject([{ type: 'ask', form: `invite:rating:rate:${NO}`, survey: { fields: [{ name: 'overall' }, { name: 'items' }, { name: 'comment' }] } }]);
    expect(invited.session).toEqual(before);

    const items = Object.fromEntries(SURVEY_ITEMS.map((name) => [name, 2]));
    const filled = told(invited.session, { values: { overall: 'dissatisfied', items, comment: '' }, form: `invite:rating:rate:${NO}` });
    expect(filled.replies.at(-1)).toMatchObject({ type: 'summary', title: '评价服务商' });
    expect(told(filled.session, { text: '确认' }).effect).toMatchObject({ no: NO, input: { overall: 'dissatisfied', items } });
  });

  it('nothing is offered unasked in the middle of a form, to whom it does not wait for, or in a channel without cards', () => {
    const asked = told(newSession('s'), { text: '我要评价服务商' });
    const again = told(asked.session, { pick: `invite:${NO}` });
    expect([again.replies, again.session.form]).toEqual([[], asked.session.form]);
    expect(told(newSession('s'), { pick: `invite:${NO}` }, 'wechat').replies).toEqual([]);
    expect(told(newSession('s'), { pick: `invite:${NO}` }, 'page', { ...view, waitsForMe: false }).replies).toEqual([]);
  });

  it('items can be rated one by one', () => {
    let step = told(newSession('s'), { text: '我要评价服务商' });
    step = told(step.session, { text: '不满意' });
    step = told(step.session, { text: '很差' });
    expect(step.session.form!.values).toMatchObject({ 'items.diagnosis': 1 });
    expect(step.replies.at(-1)).toMatchObject({ type: 'ask', field: { name: 'items.plan_fit' } });
  });

  const items = (score: number) => Object.fromEntries(SURVEY_ITEMS.map((name) => [name, score]));

  it('on the page all of it stands on one card, and is confirmed as it was filled in', () => {
    const asked = told(newSession('s'), { text: '我要评价服务商' });
    const card = asked.replies.at(-1)! as Extract<Reply, { type: 'ask' }>;
    expect(card.survey).toMatchObject({ fields: rateForm.describe(), values: {}, rows: [{ label: '服务商', value: '华信智造' }] });
    const summary = told(asked.session, { values: { overall: 'dissatisfied', items: items(1), comment: '' }, form: card.form });
    expect(summary.replies.map(({ type }) => type)).toEqual(['summary']);
    const { effect } = told(summary.session, { pick: summary.replies[0]!.quick![0]!.pick });
    expect(effect!.input).toEqual({ overall: 'dissatisfied', items: items(1) });
  });

  it('what was said before stands on the card; what is missing there is asked, with the card', () => {
    let step = told(newSession('s'), { text: '我要评价服务商' });
    step = told(step.session, { text: '不满意' });
    expect(step.replies.at(-1)).toMatchObject({ survey: { values: { overall: 'dissatisfied' } } });
    const { team: _, ...rest } = items(2);
    step = told(step.session, { values: { items: rest } });
    expect(step.replies.at(-1)).toMatchObject({ field: { name: 'items.team' }, survey: { values: { overall: 'dissatisfied', items: rest } } });
  });

  it('where there are no cards it is asked one by one', () => {
    expect(told(newSession('s'), { text: '我要评价服务商' }, 'wechat').replies.at(-1)).toMatchObject({ text: '请选择总体评价' });
  });
});

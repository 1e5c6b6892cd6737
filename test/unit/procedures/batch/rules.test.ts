import { mayClose, publish, servesAcceptance } from '../../../../src/procedures/batch/rules';
import { loadRulebook } from '../../../../src/rulebook/rulebook';
import { official, owner } from '../../../support/kernel';

const rulebook = loadRulebook();
const notice = { title: '第一批验收', notice: '通知正文', documents: ['invoices'], conditions: ['finished'] };
const published = (at: string, workingDays?: number, actor = official('a', ['reviewer'], ['acceptance'])) =>
  publish({ input: { ...notice, ...(workingDays ? { workingDays } : {}) }, actor, now: new Date(at), rulebook } as never);

it.each([
  ['over a weekend', '2026-03-05T02:00:00Z', 3, '2026-03-10'],
  ['over the spring festival and the working Saturday before it (调休)', '2026-02-12T02:00:00Z', 3, '2026-02-24'],
  ['late at night in Beijing, already the next day', '2026-03-05T17:00:00Z', 3, '2026-03-11'],
])('12.4: a window %s ends on its last working day', (_, at, days, until) => {
  const { data, due } = published(at, days);
  expect(data.until).toBe(until);
  expect(due!.toISOString()).toBe(`${until}T15:59:59.999Z`);
});

it.each([
  ['a reviewer at the desk', official('a', ['reviewer'], ['acceptance'])],
  ['a director', official('a', ['director'])],
])('12.4: %s publishes and closes', (_, actor) => {
  expect([servesAcceptance(actor), mayClose({} as never, actor)]).toEqual([true, true]);
  expect(published('2026-03-02T02:00:00Z', 5, actor).data.workingDays).toBe(5);
});
it.each([
  ['a reviewer elsewhere', official('a', ['reviewer'], ['plan'])],
  ['an auditor', official('a', ['auditor'])],
  ['an agency', official('a', ['agency'])],
  ['an enterprise', owner('a', 'e')],
])('12.4: %s neither publishes nor closes', (_, actor) => {
  expect([servesAcceptance(actor), mayClose({} as never, actor)]).toEqual([false, false]);
});

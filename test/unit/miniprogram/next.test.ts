import { isFollowed, nextAfter, standsOn, takenFrom } from '../../../miniprogram/utils/next';
import type { Opening } from '../../../miniprogram/services/types';
import { openForm as contractForm } from '../../../src/procedures/contract/forms';
import { openForm as planForm } from '../../../src/procedures/plan/forms';
import { applyForm } from '../../../src/procedures/acceptance/forms';

const opening = (procedure: string, move: string, title: string, form: { describe(): unknown }): Opening =>
  ({ procedure, procedureTitle: '', move, title, article: '12', confirm: true, form: form.describe() as Opening['form'] });
const openings = [opening('plan', 'open', '编制改造方案', planForm), opening('contract', 'open', '拟定改造合同', contractForm), opening('acceptance', 'apply', '申请验收', applyForm)];
const at = (procedure: string, state: string) => ({ no: 'XX20261122-000000', procedure, state: { name: state, title: '', end: true } });

it('what comes after a case is begun from it: a plan after the diagnosis, a contract after the plan, acceptance after delivery', () => {
  expect(nextAfter(openings, at('diagnosis', 'confirmed'), [])).toEqual([{ title: '编制改造方案', address: '/pages/form/index?procedure=plan&move=open&from=XX20261122-000000' }]);
  expect(nextAfter(openings, at('plan', 'approved'), []).map(({ title }) => title)).toEqual(['拟定改造合同']);
  expect(nextAfter(openings, at('contract', 'delivered'), []).map(({ title }) => title)).toEqual(['申请验收']);
  expect(nextAfter(openings, at('diagnosis', 'withdrawn'), [])).toEqual([]);
});

it('one at a time: again only when the one before was given up', () => {
  const plan = (state: string) => [{ procedure: 'plan', state: { name: state, title: '', end: true } }];
  expect(nextAfter(openings, at('diagnosis', 'confirmed'), plan('approved'))).toEqual([]);
  expect(nextAfter(openings, at('diagnosis', 'confirmed'), plan('withdrawn'))).toHaveLength(1);
});

it('12.3: a contract takes over the figures of the plan in force, never an earlier one', () => {
  const filed = (totalFen: number) => ({ totalFen, split: { enterpriseFen: totalFen, providerConcessionFen: 0, governmentFen: 0 }, start: '2026-04-01', finish: '2026-09-30' });
  expect(takenFrom('contract.open', { data: { approved: filed(100), current: filed(200) } }, '2026-05-05')).toEqual({ amountFen: 200, split: filed(200).split, start: '2026-05-05', finish: '2026-09-30' });
  expect(takenFrom('plan.open', { data: {} }, '2026-05-05')).toEqual({});
});

it('what comes next is told until something follows that was not given up', () => {
  const line = (state: string) => ({ state: { name: state, title: '', end: false } });
  expect([[], [line('withdrawn')], [line('withdrawn'), line('drafting')]].map(isFollowed)).toEqual([false, false, true]);
});

it('12.2: a form that stands on a case says what must have happened to it', () => {
  expect(standsOn(openings[0]!)).toEqual({ procedure: 'diagnosis', state: 'confirmed', words: '企业确认诊断报告后办理' });
});

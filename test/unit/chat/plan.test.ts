import type { Context, Step } from '../../../src/chat/context';
import { wantKey } from '../../../src/chat/context';
import { settle, turn } from '../../../src/chat/dialogue';
import { newSession, type Session } from '../../../src/chat/session';
import type { CaseView } from '../../../src/kernel/view';
import { moveView } from '../../../src/kernel/view';
import { plan } from '../../../src/procedures/plan/procedure';

const HASH = 'a'.repeat(64);
const NO = 'FA20260302-7K8M9N';
const aPlan = (planHash: string, no = 2): CaseView => ({
  no: NO, procedure: 'plan', title: '改造方案备案', article: '12.2', state: { name: 'proposed', title: '待企业确认方案', end: false }, version: 5, rulebook: 1, as: 'enterprise',
  parties: [{ party: 'provider', title: '服务商', name: '华信智造' }], fields: [], timeline: [], clock: null, waitsFor: '企业', waitsForMe: true, task: null, links: [],
  data: { planHash, versions: [{ no, hash: planHash, totalFen: 120_000_00, content: { targetGrade: 2, start: '2026-04-01', finish: '2026-09-30' } }] },
  moves: [moveView(plan.moves['confirm']!), moveView(plan.moves['sendBack']!)], openedAt: '', updatedAt: '', closedAt: null, head: '',
});

function told(session: Session, text: string, view: CaseView): Exclude<Step, { wants: unknown }> {
  const found = new Map<string, unknown>();
  for (let i = 0; i < 10; i += 1) {
    const context: Context = { now: new Date(0), channel: 'page', role: 'enterprise', openings: [], procedures: new Map([['plan', plan]]), found };
    const step = turn(session, { text }, context);
    if (!('wants' in step)) return step;
    for (const want of step.wants) found.set(wantKey(want), want.look === 'case' ? view : want.look === 'procedure' ? [view] : []);
  }
  throw new Error('asks in circles');
}

describe('12.2: a plan is confirmed in the chat', () => {
  it('the summary names version, amount, grade and schedule; the confirmation carries the fingerprint of exactly that version', () => {
    const shown = told(newSession('s'), '方案没问题，确认方案', aPlan(HASH));
    const summary = shown.replies.at(-1)!;
    expect(summary.type).toBe('summary');
    for (const fact of [NO, '第 2 版', '120,000元', '二级', '2026年4月1日 至 2026年9月30日', '华信智造']) expect(summary.text).toContain(fact);
    expect(told(shown.session, '确认', aPlan(HASH)).effect).toMatchObject({ kind: 'act', no: NO, move: 'confirm', input: { planHash: HASH } });
  });

  it('a version put forward between summary and confirmation is not confirmed unseen', () => {
    const shown = told(newSession('s'), '确认方案', aPlan(HASH));
    const later = told(shown.session, '确认', aPlan('b'.repeat(64), 3));
    expect(later.effect).toBeUndefined();
    expect(later.replies.at(-1)!.text).toContain('第 3 版');
  });

  it('with nothing to confirm it says so', () => {
    const step = told(newSession('s'), '确认方案', { ...aPlan(HASH), moves: [] });
    expect(step.effect).toBeUndefined();
    expect(step.replies[0]!.text).toContain('没有需要您');
  });

  it('a refusal of the kernel is told with its article, and the form is left', () => {
    const shown = told(newSession('s'), '确认方案', aPlan(HASH));
    const { session, effect } = told(shown.session, '确认', aPlan(HASH));
    const step = settle(session, effect!, { refusal: { code: 'ILLEGAL_MOVE', detail: '方案已有新版本', faults: [], article: '12.2' } },
      { now: new Date(0), channel: 'page', openings: [], procedures: new Map([['plan', plan]]), found: new Map([[`case:${NO}`, aPlan(HASH)]]) });
    if ('wants' in step) throw new Error('wants more');
    expect(step.replies[0]!.text).toContain('方案已有新版本');
    expect(step.replies[0]!.text).toContain('第十二条（二）');
    expect(step.session.form).toBeNull();
  });
});

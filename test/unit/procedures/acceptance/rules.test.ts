import type { Case } from '../../../../src/kernel/case';
import { Refusal } from '../../../../src/kernel/refusal';
import { CONDITIONS, DOCUMENTS, ON_SITE, type Document } from '../../../../src/procedures/acceptance-documents';
import { missingPapers } from '../../../../src/procedures/acceptance/applying';
import { confirm, eligible, find, inviteRating, type Acceptance } from '../../../../src/procedures/acceptance/rules';
import { loadRulebook } from '../../../../src/rulebook/rulebook';

const rulebook = loadRulebook();
const now = new Date('2026-03-10T02:00:00Z');
const anAcceptance = (data: Partial<Acceptance> = {}, more: object = {}) => ({
  no: 'YS', state: 'inspecting', parties: { enterprise: ['org:e'], provider: ['org:p'], agency: ['person:a'] }, barred: [], timeline: [],
  data: { contract: 'HT', batch: 'YP', gradeBefore: 1, targetGrade: 2, conditions: Object.keys(CONDITIONS), round: 1, rounds: [{ round: 1, batch: 'YP', appliedOn: '2026-03-02' }], agencies: [], rectifications: [], ...data },
  ...more,
}) as unknown as Case<Acceptance>;
const finding = (more: object = {}) => ({
  noConflict: true, visitedOn: '2026-03-05', onSite: Object.keys(ON_SITE), result: 'passed', gradeAfter: 2, conditions: Object.keys(CONDITIONS), problems: [], opinion: '改造内容与合同一致', photos: [], ...more,
});
const faults = (more: object, data: Partial<Acceptance> = {}): string[] => {
  try {
    find({ case: anAcceptance(data), input: finding(more), now, rulebook } as never);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.faults.map(({ field }) => field);
  }
};

describe('12.4: pass needs the target grade', () => {
  const table = [1, 2, 3, 4].flatMap((target) => [0, 1, 2, 3, 4].map((after) => [target, after, after >= target] as const));
  it.each(table)('12.4: target %i, after %i: may pass is %s', (targetGrade, gradeAfter, ok) => {
    expect(faults({ gradeAfter }, { targetGrade })).toEqual(ok ? [] : ['gradeAfter']);
  });
  it.each(table)('12.4: target %i, after %i: may always fail, with its problems', (targetGrade, gradeAfter) => {
    expect(faults({ gradeAfter, result: 'failed', conditions: [], onSite: ['heard'], problems: [{ text: '问题一条', advice: '整改一条' }] }, { targetGrade })).toEqual([]);
  });
});

it.each(Object.keys(CONDITIONS))('12.4: without %s nothing passes, unless the notice does not ask for it', (key) => {
  const rest = Object.keys(CONDITIONS).filter((one) => one !== key) as Acceptance['conditions'];
  expect(faults({ conditions: rest })).toEqual(['conditions']);
  expect(faults({ conditions: rest }, { conditions: rest })).toEqual([]);
});

it.each([['2026-03-01', ['visitedOn']], ['2026-03-02', []], ['2026-03-10', []], ['2026-03-11', ['visitedOn']]])('12.4: a visit on %s', (visitedOn, wrong) => {
  expect(faults({ visitedOn })).toEqual(wrong);
});

it.each([
  ['no relation', { person: 'x', conflicts: ['other'] }, true],
  ['a relation to the enterprise', { person: 'x', conflicts: ['e'] }, false],
  ['a relation to the provider', { person: 'x', conflicts: ['other', 'p'] }, false],
  ['a hand in the matter', { person: 'did', conflicts: [] }, false],
  ['stepped aside before', { person: 'barred', conflicts: [] }, false],
  ['inspected an earlier round', { person: 'inspected', conflicts: [] }, true],
])('12.4: an agency with %s', (_, expert, ok) => {
  const c = anAcceptance({}, { barred: ['person:barred'], timeline: [{ by: { person: 'did', role: 'reviewer' } }, { by: { person: 'inspected', role: 'agency' } }] });
  expect(eligible(c, [{ login: expert.person, sectors: [], ...expert }]).length).toBe(ok ? 1 : 0);
});

it.each([['passed', 'passed', 1], ['failed', 'rectifying', 0]] as const)('12.4: a finding %s leads to %s and %i invitations to rate', (result, state, invitations) => {
  const c = anAcceptance({ reported: { ...finding({ result }), round: 1 } as never });
  const outcome = confirm({ case: c, now } as never);
  expect(outcome.to).toBe(state);
  expect(inviteRating({ ...c, state: outcome.to! })).toHaveLength(invitations);
});

it('12.4: papers missing are those required and empty, in the order of the notice', () => {
  const all = Object.keys(DOCUMENTS) as Document[];
  expect(missingPapers({}, all).map(({ field }) => field)).toEqual(all);
  expect(missingPapers({ invoices: ['f'], summary: [] }, ['summary', 'invoices', 'archive']).map(({ field }) => field)).toEqual(['summary', 'archive']);
});

import { cached, couldMove, declaredConflict, hasSkill, isAbsent, servesDesk, servesRegion, type RoutedCase } from '../../../src/review/reviewers';
import { DESKS, deskOf } from '../../../src/review/desks';
import { whyClaimed, whyWaiting } from '../../../src/review/why';
import { aReviewer, matter } from '../../api/review/support';

const aTask = (desk = 'intake', more: Partial<RoutedCase> = {}): RoutedCase => ({
  no: 'SX1', version: 1, procedure: 'matter', state: 'filed', region: '410702', sector: 'lifting', parties: {}, names: {}, disclosed: [], handlers: [], barred: [], timeline: [], links: [], access: [],
  task: { desk, seq: 1, since: new Date(0), priority: 0 }, ...more,
});
const did = (move: string, person: string) => ({ seq: 1, at: new Date(0), move, from: null, to: '', by: { person, role: 'reviewer' as const }, article: '18' as const, stateHash: '', prev: '', hash: '' });

it.each([
  ['on the desk', true, aReviewer('a')],
  ['on another desk', false, aReviewer('a', { desks: ['plan'] })],
  ['deactivated', false, aReviewer('a', { active: false })],
])('a reviewer %s serves it: %s', (_, serves, reviewer) => {
  expect(servesDesk(reviewer, aTask())).toBe(serves);
});

it.each([
  ['city-wide at a city desk', [], 'plan', '410702', true],
  ['city-wide at the county desk', [], 'county', '410702', false],
  ['of the region at the county desk', ['410702'], 'county', '410702', true],
  ['of another region at the county desk', ['410703'], 'county', '410702', false],
  ['of a region at a city desk, case of another', ['410703'], 'plan', '410702', false],
  ['of a region, case of none', ['410703'], 'plan', undefined, false],
])('9: %s', (_, regions, desk, region, serves) => {
  expect(servesRegion(aReviewer('a', { regions }), aTask(desk, { region }))).toBe(serves);
});

it.each([
  [[], [], 'matter', 'lifting', true],
  [['matter'], ['lifting'], 'matter', 'lifting', true],
  [['plan'], [], 'matter', 'lifting', false],
  [[], ['medical'], 'matter', 'lifting', false],
  [[], ['medical'], 'matter', undefined, true],
])('skills %j %j for %s %s: %s', (procedures, sectors, procedure, sector, skilled) => {
  expect(hasSkill(aReviewer('a', { skills: { procedures, sectors } }), aTask('intake', { procedure, sector }))).toBe(skilled);
});

it.each([
  ['2026-03-01T15:59:59Z', false], // 23:59 on 1 March in Shanghai
  ['2026-03-01T16:00:00Z', true],
  ['2026-03-03T15:59:59Z', true],
  ['2026-03-03T16:00:00Z', false],
])('leave from 2 to 3 March, at %s: %s', (at, absent) => {
  expect(isAbsent(aReviewer('a', { absences: [{ from: '2026-03-02', to: '2026-03-03' }] }), new Date(at))).toBe(absent);
});

it('relations declared, own cases and recusals keep a reviewer away', () => {
  expect(declaredConflict(aReviewer('a'), aTask())).toBeNull();
  expect(declaredConflict(aReviewer('a', { conflicts: ['o1'] }), aTask('intake', { parties: { accused: ['org:o1'] } }))).toBe('已申报与本案当事方存在关联关系');
  expect(declaredConflict(aReviewer('a'), aTask('intake', { parties: { filer: ['person:a'] } }))).toBe('本人为本案当事方');
  expect(declaredConflict(aReviewer('a'), aTask('intake', { barred: ['person:a'] }))).toBe('已回避本案');
});

it('18: whoever found cannot cosign, and so is of no use at that desk; pausing alone is no way on', () => {
  const found = aTask('report', { state: 'found', timeline: [did('find', 'a')] });
  expect(couldMove(aReviewer('a', { desks: ['report'] }), found, matter)).toBe(false);
  expect(couldMove(aReviewer('b', { desks: ['report'] }), found, matter)).toBe(true);
});

describe('the directory', () => {
  it('is asked once a second, and again after a failure', async () => {
    let at = 0;
    let asked = 0;
    let broken = false;
    const directory = cached(async () => { asked += 1; if (broken) throw new Error('away'); return [aReviewer(`p${asked}`)]; }, () => at);
    await Promise.all([directory(), directory()]);
    at = 999;
    expect((await directory())[0]!.person).toBe('p1');
    at = 1000;
    expect((await directory())[0]!.person).toBe('p2');
    at = 2000;
    broken = true;
    await expect(directory()).rejects.toThrow('away');
    broken = false;
    expect((await directory())[0]!.person).toBe('p4');
  });
});

it('every desk has its Chinese title and people; only the county desk is bound to regions', () => {
  expect([...DESKS.values()].filter(({ byRegion }) => byRegion).map(({ name }) => name)).toEqual(['county']);
  for (const { title, roles } of DESKS.values()) {
    expect(title).toMatch(/^\p{Script=Han}+$/u);
    expect(roles.length).toBeGreaterThan(0);
  }
  expect(deskOf('unheard')).toMatchObject({ name: 'unheard', byRegion: false, mode: 'offer' });
});

it('says why: the filter that left nobody, a full desk, offers let pass, or the choice', () => {
  const steps = { desk: 3, region: 3, skill: 2, duty: 2, recusal: 1 };
  expect(whyWaiting('plan', { ...steps, duty: 0, recusal: 0 }, null)).toContain('没有符合“在岗”条件的人员');
  expect(whyWaiting('plan', steps, 0)).toContain('均已达在办上限');
  expect(whyWaiting('plan', steps, 1)).toContain('未在派单时限内领取');
  expect(whyWaiting('service', steps, 1)).toBe('“人工服务”队列由在岗人员自行领取。');
  expect(whyClaimed('plan', { from: 'pool', load: 0, free: 0 })).toBe('本人从“备案审核”队列领取。');
  expect(whyClaimed('plan', { from: 'offer', steps, load: 1, free: 2 })).toContain('未达在办上限 2 人；派单时本人在办 1 件，在其中最少，空闲最久。');
  expect(whyClaimed('plan', { from: 'offer', steps, load: 1, free: 1 })).toContain('未达在办上限 1 人；符合条件的只有本人。');
});

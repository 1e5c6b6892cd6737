import {
  acceptanceStory, contractStory, diagnosisStory, planChangeStory, planStory, ratingInput, ratingStory, signInStory,
} from '../../scripts/demo/stories';
import { ApiProblem } from '../../scripts/client/http';
import { journey, type Journey } from '../support/journey';

let j: Journey;
let diagnosis: string;
let plan: string;
let contract: string;
let acceptance: string;
let rating: string;

beforeAll(async () => { j = await journey(); }, 60_000);
afterAll(() => j.close());

const code = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'accepted', (error: unknown) => (error instanceof ApiProblem ? error.problem.code! : String(error)));

/** One pilot enterprise from the first message to the rating, each step as its users make it. The tests build on each other. */
describe('journey of a project', () => {
  it('2: everybody signs in and acts for the organisation they claimed', async () => {
    await signInStory(j.city);
    expect(j.city.steps).toHaveLength(5);
  });

  it('12.1: a diagnosis, asked for in chat, pushed to the provider\'s phone, issued with grade and scores, confirmed', async () => {
    diagnosis = await diagnosisStory(j.city);
    const view = await j.city.read((await j.city.phone('owner')).api, diagnosis);
    expect(view.state).toMatchObject({ name: 'confirmed', end: true });
    expect(view.data.result).toMatchObject({ grade: 1 });
    expect(view.timeline.map((line: { title: string; article: string }) => [line.title, line.article])).toEqual([
      ['申请数字化诊断', '12.1'], ['接受诊断任务', '12.1'], ['保存评测内容', '12.1'], ['出具诊断报告', '12.1'], ['确认诊断报告', '12.1'],
    ]);
    await j.check(diagnosis);
  }, 60_000);

  it('12.3: no contract without an approved plan', async () => {
    const provider = await j.city.phone('provider');
    expect(await code(provider.api.post('/api/v1/contract', { plan: 'FA20260302-000000' }))).toBe('INVALID');
  });

  it('7, 12.2: a plan is agreed to the letter, reviewed blind by an odd panel, approved', async () => {
    plan = await planStory(j.city, diagnosis);
    const c = (await j.app.services.cases.findOne({ no: plan }))!;
    expect(c.data.sheets).toHaveLength(3);
    expect(c.data.approved).toMatchObject({ hash: c.data.planHash, targetGrade: 2, totalFen: 48_000_000 });
    await j.check(plan);
  }, 60_000);

  it('12.2: another version than the one shown cannot be confirmed', async () => {
    const owner = await j.city.phone('owner');
    expect(await code(owner.api.post(`/api/v1/cases/${plan}/confirm`, { planHash: '0'.repeat(64) }))).toBe('ILLEGAL_MOVE');
  });

  it('12.3: a small change is noted, one that raises the investment is filed anew', async () => {
    await planChangeStory(j.city, plan);
    const c = (await j.app.services.cases.findOne({ no: plan }))!;
    expect(c.data.noted).toHaveLength(1);
    expect(c.data.approved.totalFen).toBe(58_000_000);
    expect(c.timeline.filter((entry) => entry.move === 'confirmChange').map((entry) => entry.to)).toEqual(['approved', 'filed']);
    await j.check(plan);
  }, 60_000);

  it('11, 12.3: the contract is on the approved plan, signed by both sides on the same file', async () => {
    contract = await contractStory(j.city, plan);
    const c = (await j.app.services.cases.findOne({ no: contract }))!;
    expect(c.data.agreements[0]).toMatchObject({ fileHash: c.data.fileHash, planHash: c.data.planHash, amountFen: 58_000_000 });
    await j.check(contract);
  }, 60_000);

  it('12.4: failing acceptance means rectification and the next batch', async () => {
    acceptance = await acceptanceStory(j.city, contract);
    const c = (await j.app.services.cases.findOne({ no: acceptance }))!;
    expect(c.state).toBe('passed');
    expect(c.data.rounds.map((round: { result: string }) => round.result)).toEqual(['failed', 'passed']);
    await j.check(acceptance);
  }, 60_000);

  it('14: the rating is sealed from the provider until the window closes', async () => {
    const provider = await j.city.phone('provider');
    const before = await provider.api.get('/api/v1/cases?limit=100');
    rating = await ratingStory(j.city, 'very_satisfied');
    // Changed as long as the window is open; only the last counts.
    const owner = await j.city.phone('owner');
    await owner.api.post(`/api/v1/cases/${rating}/rate`, ratingInput('dissatisfied'));
    await j.app.settle();
    expect(await provider.api.get('/api/v1/cases?limit=100')).toEqual(before);
    expect(await code(provider.api.get(`/api/v1/cases/${rating}`))).toBe('NOT_FOUND');
    expect(await j.app.services.cases.countDocuments({ procedure: 'rating', 'data.contract': contract })).toBe(1);
  });

  it('15.4: 不满意 leaves a ground for a warning when the window has closed; 17.2: the provider is told and may object', async () => {
    await j.pass({ days: 20 });
    const c = (await j.app.services.cases.findOne({ no: rating }))!;
    expect(c).toMatchObject({ state: 'counted', data: { result: { overall: 'dissatisfied' }, warningGround: 'W4c' } });
    const provider = await j.city.phone('provider');
    const told = await j.city.waiting(provider.api, 'ratingResult');
    const view = await j.city.read(provider.api, told);
    expect(view.data).toMatchObject({ overall: 'dissatisfied', warningGround: 'W4c' });
    expect(view.moves.map((move: { move: string }) => move.move)).toContain('object');
    await j.check(rating, told);
  }, 60_000);
});

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
      ['申请数字化诊断', '12.1'], ['接受诊断任务', '12.1'], ['填写评测内容', '12.1'], ['出具诊断报告', '12.1'], ['确认诊断报告', '12.1'],
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
    await (await j.city.phone('owner')).consent('TPL_TASK');
    acceptance = await acceptanceStory(j.city, contract);
    const c = (await j.app.services.cases.findOne({ no: acceptance }))!;
    expect(c.state).toBe('passed');
    expect(c.data.rounds.map((round: { result: string }) => round.result)).toEqual(['failed', 'passed']);
    await j.check(acceptance);
  }, 60_000);

  it('the public sees how much a provider has carried through, of no enterprise by name', async () => {
    const { record } = await j.app.must(null, 'GET', `/api/v1/providers/${j.city.org('provider')}`);
    const done = await j.app.services.cases.countDocuments({ procedure: 'acceptance', state: 'passed' });
    expect(record).toEqual(expect.arrayContaining([{ procedure: 'diagnosis', label: '完成数字化诊断', count: 1 }, { procedure: 'acceptance', label: '项目通过验收', count: done }]));
    expect(done).toBeGreaterThan(0);
    expect((await j.app.ask(null, 'GET', `/api/v1/providers/${j.city.org('owner')}`)).status).toBe(404);
  });

  it('12.4: each batch was published to everybody, and its enterprise told by message and card', async () => {
    const batches = (await j.app.services.cases.find({ procedure: 'batch' }).sort({ openedAt: 1 }).toArray()).map(({ no }) => no);
    const { items } = await j.app.must(null, 'GET', '/api/v1/notices?kind=batch');
    // The test's clock stands still, so their order says nothing. The first was also closed by hand.
    expect(items.map((item: { subject: { id: string } }) => item.subject.id).toSorted()).toEqual([batches[0], ...batches].toSorted());
    const owner = await j.city.phone('owner');
    const told = (await owner.api.get('/api/v1/inbox?limit=100')).items.filter((item: { no?: string }) => batches.includes(item.no!));
    // The first as a notice that concerns it; the second as news of the project that waited for it.
    expect(told.map((item: { no: string; task: boolean }) => [item.no, item.task])).toEqual([[batches[0], false]]);
    const { timeline } = (await j.app.services.cases.findOne({ no: acceptance }))!;
    expect(timeline.find(({ move }) => move === 'nextBatch')).toMatchObject({ note: expect.stringMatching(/^可在“.*第二批改造项目验收”申请，截止2026年\d+月\d+日$/) });
    expect(told[0].text).toMatch(/^发布验收通知，截止2026年\d+月\d+日。/);
    const everybodyTold = (await j.app.services.stores.connection.collection('inbox').find({ no: { $in: batches } }).toArray()).map(({ person }) => person);
    expect(new Set(everybodyTold)).toEqual(new Set([(await owner.api.get('/api/v1/me')).person.id]));
    const cards = (await owner.cards()).map(({ lines }) => lines.map(({ value }) => value).join(' '));
    expect(batches.filter((no) => cards.some((card) => card.includes(no)))).toHaveLength(1);
  });

  it('a search over HTTP finds by a number\'s front and by a part of a name, each within what one may read', async () => {
    const [owner, provider2, clerk] = [(await j.city.phone('owner')).api, (await j.city.phone('provider2')).api, await j.city.staff('reviewer')];
    const { name } = (await j.app.services.register.organisations.get(j.city.org('provider')))!;
    const found = async (api: typeof owner, q: string, more = ''): Promise<string[]> =>
      (await api.get(`/api/v1/cases?q=${encodeURIComponent(q)}${more}`)).items.map((line: { no: string }) => line.no);
    expect(await found(owner, contract.slice(0, -2))).toEqual([contract]);
    expect(await found(owner, `${name.slice(1, 5)} HT`)).toEqual([contract]);
    expect(await found(clerk, name.slice(1, 5), '&procedure=contract')).toEqual([contract]);
    expect(await found(provider2, name.slice(1, 5))).toEqual([]);
    expect(await found(provider2, contract)).toEqual([]);
    expect(await code(owner.get('/api/v1/cases?desk=plan'))).toBe('FORBIDDEN');
    expect(await code(clerk.get('/api/v1/cases?overdue=yes'))).toBe('INVALID');
    expect((await clerk.get('/api/v1/cases?overdue=true&desk=plan')).items).toEqual([]);
  });

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

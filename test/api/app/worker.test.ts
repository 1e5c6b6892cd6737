import { testApp, type TestApp } from '../../support/app';

let app: TestApp;
beforeAll(async () => { app = await testApp(); }, 60_000);
afterAll(() => app.close());

const complaint = () => ({ provider: app.provider[0].org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });

it('15.2: web, queues, worker, clock and pushes work together in one process', async () => {
  const [owner] = app.enterprise;
  const clerk = await app.staff('intake', ['intake'], ['intake']);
  const { no } = await app.open(owner, 'complaint', complaint());
  await app.take(no, clerk);
  await app.act(clerk, no, 'accept');
  await app.settle();
  expect((await app.must(app.provider[0], 'GET', '/api/v1/inbox')).items).toEqual(expect.arrayContaining([expect.objectContaining({ no })]));
  await app.advance({ days: 20 });
  expect((await app.must(owner, 'GET', `/api/v1/cases/${no}`)).state.name).toBe('replied');
});

it('a worker that is closed leaves nothing running behind', async () => {
  const running = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = running();
  const other = await testApp();
  expect(running()).toBeGreaterThan(before);
  await other.close();
  expect(running()).toBeLessThanOrEqual(before + 1);
}, 30_000);

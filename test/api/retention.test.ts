import { photo } from '../../scripts/demo/papers';
import { firstBreak } from '../../src/kernel/chain';
import { createRetention } from '../../src/retention';
import { testApp, type TestApp, type User } from '../support/app';

const TRUE = { name: '何独特', idNumber: '410702199003078515', phone: '13912345670' };
let app: TestApp;
let reporter: User;
beforeAll(async () => {
  app = await testApp();
  reporter = await app.citizen('举报人');
  await app.staff('supervisor', ['supervisor']);
}, 60_000);
afterAll(() => app.close());

async function withdrawn(): Promise<string> {
  const evidence = await app.upload(reporter, '照片.jpg', await photo(), 'image/jpeg');
  const { no } = await app.open(reporter, 'report', {
    provider: app.provider[0].org, matters: ['staff'], text: '该公司申报的技术团队名单与社保缴纳人员不符，多人从未在该公司任职。', evidence: [evidence], ...TRUE, truthful: true, informed: true,
  });
  await app.act(reporter, no, 'withdraw');
  await app.settle();
  return no;
}
const isSealed = (no: string) => app.services.vault.mentions(no, TRUE.name);
const filesOf = async (no: string) => (await app.services.evidence.ofCase(no, '')).length;
const chunks = () => app.database.connection.collection('evidence.chunks').countDocuments({});

it('keep.*: an identity and its evidence go when the period after closing is over, not a day before; the case and its chain stay', async () => {
  const [no, held, open] = [await withdrawn(), await withdrawn(), await withdrawn()];
  // A case that follows from it and is still open, as an appeal would be; and one that was taken up again.
  const { no: follower } = await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });
  await app.services.cases.updateOne({ no: follower }, { $push: { links: { no: held, relation: '申诉' } } } as never);
  await app.services.cases.updateOne({ no: open }, { $unset: { closedAt: '' } } as never);

  await app.advance('2029-03-02T15:00:00Z');
  expect(await app.services.retention.overdue()).toMatchObject({ identities: [], files: [] });
  expect(await isSealed(no)).toBe(true);
  const before = app.logs.length;
  const bytes = await chunks();

  await app.advance('2029-03-02T16:00:01Z');
  expect([await isSealed(no), await filesOf(no)]).toEqual([false, 0]);
  expect(await chunks()).toBeLessThan(bytes);
  for (const kept of [held, open]) expect([await isSealed(kept), await filesOf(kept)]).toEqual([true, 1]);
  const c = (await app.services.cases.findOne({ no }))!;
  expect(firstBreak(c)).toBeNull();
  expect([c.state, c.names['reporter'], c.timeline.at(-1)!.move]).toEqual(['withdrawn', expect.stringMatching(/^举报人-/), 'identityErased']);
  expect(await app.services.vault.verifyLog()).toBeNull();
  const said = app.logs.slice(before).map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('retention'));
  expect(said.map(({ msg, identities }) => [msg, identities])).toEqual([['retention: due', 1], ['retention: erased', 1]]);
  expect(JSON.stringify(said)).not.toContain(no);
  expect(await app.services.retention.overdue()).toMatchObject({ identities: [], files: [], messages: 0, deliveries: 0 });

  await app.services.cases.updateOne({ no: follower }, { $set: { closedAt: app.clock() } });
  expect((await app.services.retention.overdue()).identities).toEqual([held]);
}, 60_000);

it('a director keeps the records of a case from erasure, with a reason, and lets them go; its parties see nothing of it', async () => {
  const no = await withdrawn();
  const director = await app.staff('director', ['director'], ['director']);
  const reviewer = await app.staff('reviewer', ['reviewer'], ['report']);
  const seen = async () => { const { version: _, ...view } = await app.must(reporter, 'GET', `/api/v1/cases/${no}`); return view; };
  const before = await seen();
  for (const who of [reviewer, reporter]) expect((await app.ask(who, 'POST', `/api/v1/cases/${no}/keepRecords`, { reason: '行政复议期间' })).status).toBeGreaterThanOrEqual(403);
  expect((await app.ask(director, 'POST', `/api/v1/cases/${no}/releaseRecords`, { reason: '复议已办结' })).json.code).toBe('ILLEGAL_MOVE');
  expect((await app.ask(director, 'POST', `/api/v1/cases/${no}/keepRecords`, {})).json.errors[0].field).toBe('reason');
  await app.act(director, no, 'keepRecords', { reason: '行政复议期间，材料不得销毁' });
  expect((await app.must(director, 'GET', `/api/v1/cases/${no}`)).timeline.at(-1)).toMatchObject({ title: '暂缓销毁材料', note: '行政复议期间，材料不得销毁' });
  expect(await seen()).toEqual(before);
  await app.advance('2034-01-05T02:00:00Z');
  expect([await isSealed(no), await filesOf(no)]).toEqual([true, 1]);
  await app.act(director, no, 'releaseRecords', { reason: '行政复议已办结' });
  await app.services.retention.run();
  expect([await isSealed(no), await filesOf(no)]).toEqual([false, 0]);
  expect(firstBreak((await app.services.cases.findOne({ no }))!)).toBeNull();
}, 60_000);

it('keep.messages: old messages and cards go, one that still waits for somebody stays', async () => {
  const inbox = app.database.connection.collection('inbox');
  const deliveries = app.database.connection.collection('deliveries');
  const old = new Date('2020-01-01T00:00:00Z');
  const item = (key: string, more: object) => ({ city: 'xinxiang', key, person: 'p', createdAt: old, ...more });
  await inbox.insertMany([item('a', {}), item('b', { flagAt: old }), item('c', { createdAt: app.clock() })]);
  await deliveries.insertMany([{ city: 'xinxiang', key: 'a', at: old }, { city: 'xinxiang', key: 'c', at: app.clock() }]);
  expect(await app.services.retention.overdue()).toMatchObject({ messages: 1, deliveries: 1 });
  await app.services.retention.run();
  expect(await inbox.distinct('key', { person: 'p' })).toEqual(['b', 'c']);
  expect(await deliveries.countDocuments({ key: { $in: ['a', 'c'] } })).toBe(1);
});

it('keep.case_file: evidence of any closed case goes with its file, the rulebook says when', async () => {
  const files = app.database.connection.collection('files');
  const erased: string[] = [];
  const closedAt = new Date('2026-03-02T02:00:00Z');
  const { cases, rulebooks, log } = app.services;
  await cases.insertOne({ city: 'xinxiang', no: 'FA-OLD', procedure: 'plan', closedAt, openKey: 'old', timeline: [], links: [] } as never);
  await files.insertOne({ city: 'xinxiang', id: 'old-file', state: 'ready', caseNo: 'FA-OLD', createdAt: closedAt });
  const at = (now: string) => createRetention({
    connection: app.database.connection, city: 'xinxiang', cases, rulebook: rulebooks.current, clock: () => new Date(now), log,
    eraseIdentity: async () => false, eraseEvidence: async (no) => { erased.push(no); return 1; },
  });
  expect((await at('2036-03-02T15:00:00Z').overdue()).files).toEqual([]);
  expect((await at('2036-03-02T16:00:00Z').run()).files).toEqual(['FA-OLD']);
  expect(erased).toContain('FA-OLD');
});

import type { CommandStartedEvent, MongoClient } from 'mongodb';
import sharp from 'sharp';
import { acceptanceStory, contractStory, diagnosisStory, planChangeStory, planStory, ratingStory } from '../../../scripts/demo/stories';
import { AREA_ROUTES } from '../../../src/http/areas';
import { testApp, type TestApp, type User } from '../../support/app';
import { inputFor } from '../../support/given';
import { journey } from '../../support/journey';

interface Query { collection: string; command: string; filter: Record<string, unknown>; sort?: Record<string, 1 | -1>; hint?: unknown }

/** Reads without an index, each with the reason why it may. */
const EXCEPTIONS: readonly { collection: string; filter: string; why: string }[] = [
  { collection: 'keyChecks', filter: '{}', why: 'once at start, one small document for each vault key: all of them are wanted' },
  { collection: 'evidence.files', filter: '{}', why: 'the driver\'s own look, with limit 1, whether GridFS has anything yet' },
];

const asked = new Map<string, Query>();
let app: TestApp;

/** The question a command asks, whatever it then does with what it finds. */
function queriesOf({ commandName, command }: CommandStartedEvent): Query[] {
  const collection = command[commandName] as string;
  switch (commandName) {
    case 'find': return [{ collection, command: commandName, filter: command['filter'] ?? {}, sort: command['sort'] }];
    case 'findAndModify': return [{ collection, command: commandName, filter: command['query'] ?? {}, sort: command['sort'] }];
    case 'count': case 'distinct': return [{ collection, command: commandName, filter: command['query'] ?? {} }];
    case 'update': return (command['updates'] as { q: Record<string, unknown> }[]).map(({ q }) => ({ collection, command: commandName, filter: q }));
    case 'delete': return (command['deletes'] as { q: Record<string, unknown> }[]).map(({ q }) => ({ collection, command: commandName, filter: q }));
    case 'aggregate': {
      const [first, second] = command['pipeline'] as Record<string, any>[];
      return [{ collection, command: commandName, filter: first?.['$match'] ?? {}, ...(second?.['$sort'] ? { sort: second['$sort'] } : {}) }];
    }
    default: return [];
  }
}

/** Two filters of one shape are answered by one plan; an array counts by the shapes in it, whatever its length. */
const shapeOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].toSorted().join('|')}]`;
  if (value === null || typeof value !== 'object' || value instanceof Date || '_bsontype' in value) return typeof value;
  return `{${Object.entries(value).map(([key, member]) => `${key}:${shapeOf(member)}`).join(',')}}`;
};

const onMongo = (client: MongoClient): void => {
  client.on('commandStarted', (event: CommandStartedEvent) => {
    for (const query of queriesOf(event)) asked.set(`${query.collection} ${query.command} ${shapeOf(query.filter)} ${JSON.stringify(query.sort ?? null)}`, query);
  });
};

beforeAll(async () => { app = await testApp({ onMongo }); }, 60_000);
afterAll(() => app.close());

async function everyRoute(users: (User | null)[], nos: string[], file: string): Promise<void> {
  for (const user of users) {
    for (const [method, path] of AREA_ROUTES) {
      if (path.endsWith('/live') || path.startsWith('/wechat') || method === 'delete' || path.includes('/session')) continue;
      for (const fill of path.includes('{') ? [path.includes('file') ? file : path.includes('organisations') ? app.enterprise[0].org! : path.includes('providers') ? app.provider[0].org! : nos[0]!] : ['']) {
        await app.ask(user, method.toUpperCase(), path.replaceAll(/\{\w+\}/g, fill), method === 'get' ? undefined : {});
      }
    }
    const lists = ['', '?waiting=me', '?procedure=complaint', '?state=filed', '?procedure=report&state=filed&limit=1', `?linked=${nos[0]}`];
    for (const list of lists) {
      const page = (await app.ask(user, 'GET', `/api/v1/cases${list}`)).json;
      if (page?.next) await app.ask(user, 'GET', `/api/v1/cases${list}${list ? '&' : '?'}after=${page.next}`);
    }
    const inbox = (await app.ask(user, 'GET', '/api/v1/inbox?limit=1')).json;
    if (inbox?.next) await app.ask(user, 'GET', `/api/v1/inbox?limit=1&after=${inbox.next}`);
    for (const no of nos) await app.ask(user, 'GET', `/api/v1/cases/${no}`);
  }
}

/** The questions asked so far that no index answers, and that are not excused. */
async function scansOf({ database }: TestApp): Promise<object[]> {
  const scans: object[] = [];
  for (const query of asked.values()) {
    const { collection, filter, sort, command } = query;
    const plan = await database.connection.db!.collection(collection).find(filter, sort ? { sort } : {}).explain('queryPlanner');
    const winning = JSON.stringify((plan['queryPlanner'] as { winningPlan: unknown }).winningPlan);
    const excused = EXCEPTIONS.some((one) => one.collection === collection && one.filter === shapeOf(filter));
    if (winning.includes('COLLSCAN') && !excused) scans.push({ collection, command, filter: shapeOf(filter), sort });
  }
  return scans;
}

it('every query the product makes is answered by an index', async () => {
  const [owner] = app.enterprise;
  const [provider] = app.provider;
  const clerk = await app.staff('intake', ['intake'], ['intake', 'service']);
  const reviewers = [await app.staff('first', ['reviewer'], ['supervision', 'report', 'plan']), await app.staff('second', ['reviewer'], ['supervision', 'report', 'plan'])];
  const director = await app.staff('director', ['director'], ['director']);
  const supervisor = await app.staff('supervisor', ['supervisor'], []);
  const county = await app.staff('county', ['county'], ['county'], { regions: ['410702'] });
  const citizen = await app.citizen();
  await app.colleague(owner, ['view']);
  const photo = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).jpeg().toBuffer();
  const file = await app.upload(citizen, '照片.jpg', photo, 'image/jpeg');

  const { no: complaint } = await app.open(owner, 'complaint', { provider: provider.org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });
  const { no: withdrawn } = await app.open(owner, 'complaint', { provider: provider.org, matters: ['delay'], text: '响应迟缓，多次联系没有人处理', wish: '尽快安排人员' });
  await app.open(owner, 'diagnosis', { provider: provider.org, need: '想做一次数字化诊断，了解生产管理的问题', contact: '工作日均可' });
  const { procedures } = app.services.kernel;
  const { no: report } = await app.open(citizen, 'report', { ...inputFor(procedures.get('report')!, procedures.get('report')!.moves['file']!), provider: provider.org, evidence: [file] });
  await app.act(owner, withdrawn, 'withdraw');
  await app.settle();
  await app.take(complaint, clerk);
  await app.act(clerk, complaint, 'accept');
  const handler = await app.take(report, ...reviewers);
  await app.act(handler, report, 'verify', { identityCheck: '电话核对一致，身份信息完整' });
  await app.act(handler, report, 'accept');
  await app.act(handler, report, 'inquire', { summary: '请说明申报材料中所列业绩的实施情况', questions: '请逐项说明并提供材料', knownTo: 40 });
  await app.settle();
  await everyRoute([owner, provider, citizen, clerk, handler, director, supervisor, county, app.admin, null], [complaint, report, withdrawn], file);
  await app.must(clerk, 'POST', '/api/v1/queue/next');
  await app.ask(handler, 'POST', `/api/v1/queue/${report}/return`, { reason: 'workload' });
  await app.ask(supervisor, 'POST', `/api/v1/queue/${report}/reassign`, { to: reviewers[0]!.person, reason: '另有任务' });
  await app.must(owner, 'POST', '/api/v1/chat', { text: '我要投诉服务商' });
  await app.advance({ days: 30 });
  await app.services.review.rebuild();
  await app.services.review.check();

  expect(await scansOf(app)).toEqual([]);
  expect(asked.size).toBeGreaterThan(60);
}, 120_000);

it('so are those of a whole project: diagnosis, plan and its change, contract, two batches of acceptance, rating', async () => {
  asked.clear();
  const j = await journey({ onMongo });
  try {
    const plan = await planStory(j.city, await diagnosisStory(j.city));
    await planChangeStory(j.city, plan);
    const contract = await contractStory(j.city, plan);
    await acceptanceStory(j.city, contract);
    await ratingStory(j.city);
    const [owner, clerk, supervisor] = [(await j.city.phone('owner')).api, await j.city.staff('reviewer'), await j.city.staff('supervisor')];
    for (const query of ['q=HT', `q=${contract}`, `q=${encodeURIComponent('中原')}`, `q=${encodeURIComponent('公司 HT')}`, 'waiting=me&q=PJ', `linked=${contract}&q=YS`]) {
      for (const api of [owner, clerk]) await api.get(`/api/v1/cases?${query}`);
    }
    for (const query of ['desk=plan', 'overdue=true', 'overdue=true&desk=acceptance', `desk=plan&q=${encodeURIComponent('中原')}`]) await supervisor.get(`/api/v1/cases?${query}`);
    await supervisor.get('/api/v1/queue/board');
    for (const query of ['', '?kind=batch&limit=1', `?subject=${j.city.org('provider')}`]) {
      const { items, next } = await j.city.api.get(`/api/v1/notices${query}`);
      for (const { id } of items) await j.city.api.get(`/api/v1/notices/${id}`);
      if (next) await j.city.api.get(`/api/v1/notices${query}&after=${next}`);
    }
    await j.pass({ days: 20 });
    expect([...asked.keys()].filter((key) => key.startsWith('notices ')).length).toBeGreaterThan(2);
    expect(asked.size).toBeGreaterThan(60);
    expect(await scansOf(j.app)).toEqual([]);
  } finally {
    await j.close();
  }
}, 300_000);

it('the proof can fail: a question without an index is seen', async () => {
  const plan = await app.database.connection.db!.collection('cases').find({ 'data.wish': 'x' }).explain('queryPlanner');
  expect(JSON.stringify(plan)).toContain('COLLSCAN');
});

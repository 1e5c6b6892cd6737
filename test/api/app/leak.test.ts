import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { residentId } from '../../../scripts/client/codes';
import { PRODUCT_TEMPLATES } from '../../../scripts/wechat-simulator';
import { AREA_ROUTES } from '../../../src/http/areas';
import { testApp, type TestApp, type User } from '../../support/app';
import { inputFor } from '../../support/given';

/** How many reports are planted; `LEAK_REPORTS=10000` for the whole of it. */
const REPORTS = Number(process.env['LEAK_REPORTS'] ?? 10);
const SURNAMES = [...'欧阳司徒诸葛慕容端木'];

interface Canary { name: string; idNumber: string; phone: string; phrase: string; device: string; fileName: string }

let app: TestApp;
let accused: User;
let colleague: User;
let handlers: [User, User];
let director: User;
const reporters: { user: User; canary: Canary; no: string; file: string }[] = [];

beforeAll(async () => {
  app = await testApp();
  [accused] = app.provider;
  colleague = await app.colleague(accused, ['view', 'handle']);
  handlers = [await app.staff('first', ['reviewer'], ['report']), await app.staff('second', ['reviewer'], ['report'])];
  director = await app.staff('director', ['director'], ['director']);
  for (const { id } of Object.values(PRODUCT_TEMPLATES)) for (let i = 0; i < 5; i += 1) app.simulator.answerConsents(accused.openid!, { [id]: 'accept' });
  await app.simulator.settled();
}, 120_000);
afterAll(() => app.close());

const canaryOf = (n: number): Canary => ({
  name: `${SURNAMES[n % SURNAMES.length]}${String.fromCodePoint(0x9f00 + (n % 80))}${String.fromCodePoint(0x8d00 + Math.floor(n / 80))}`,
  idNumber: residentId('410728', `19${String(60 + (n % 39))}0${1 + (n % 9)}1${n % 9}`, 300 + (n % 600)),
  phone: `166${String(71_234_567 + n * 7919).padStart(8, '0')}`,
  phrase: `麒麟焙茶坞${n}号檐角的铜铃`,
  device: `CanaryPhone-${(n * 2654435761 % 2 ** 32).toString(36)}`,
  fileName: `崆峒旧账-${n}.jpg`,
});

/** A value as it stands and as it might slip out: encoded, escaped, full-width, masked so that it can be guessed, or as a plain digest. */
function spellings(value: string): string[] {
  const bytes = Buffer.from(value);
  const digits = /^\d{6,}/.test(value);
  return [
    value, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(value),
    [...value].map((char) => `&#${char.codePointAt(0)};`).join(''), JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).slice(1, -1),
    createHash('sha256').update(value).digest('hex'), createHash('md5').update(value).digest('hex'), createHash('sha1').update(value).digest('hex'),
    ...(digits ? [[...value].map((char) => String.fromCodePoint(char.codePointAt(0)! + 0xfee0)).join(''), `${value.slice(0, 3)}****${value.slice(-4)}`, value.slice(-8), [...value].reverse().join('')] : []),
  ].filter((one) => one.length > 3 || one === value);
}

/** Which identities a text holds, and in which spelling. */
function hits(text: string, canaries: readonly Canary[], only: readonly (keyof Canary)[] = ['name', 'idNumber', 'phone', 'phrase', 'device', 'fileName']): string[] {
  return canaries.flatMap((canary) => only.flatMap((key) => spellings(canary[key]).filter((spelling) => text.includes(spelling)).map((spelling) => `${key}: ${spelling}`)));
}

async function plant(n: number): Promise<void> {
  const canary = canaryOf(n);
  const user = await app.phoneUser('匿名', canary.phone);
  const photo = await sharp({ create: { width: 32, height: 32, channels: 3, background: { r: n, g: 20, b: 30 } } })
    .withExif({ IFD0: { Make: canary.device, Artist: canary.name } }).jpeg().toBuffer();
  const file = await app.upload(user, canary.fileName, photo, 'image/jpeg');
  const { receipt: { no } } = await app.must(user, 'POST', '/api/v1/report', {
    ...inputFor(app.services.kernel.procedures.get('report')!, app.services.kernel.procedures.get('report')!.moves['file']!),
    provider: accused.org, matters: ['cases'], text: `该服务商申报材料中的案例并不存在，见附件照片，${canary.phrase}可以作证。`, evidence: [file],
    name: canary.name, idNumber: canary.idNumber, phone: canary.phone,
  }, { 'idempotency-key': `report-${n}-aaaaaaaa` });
  reporters.push({ user, canary, no, file });
}

/** Everything a provider can get hold of: each page, list and filter, the register, its inbox, pushes, files and refusals. */
async function everythingOf(provider: User): Promise<string> {
  const seen: string[] = [];
  const keep = async (method: string, path: string, body?: unknown, shownAs = path): Promise<any> => { // any: as the answer
    const { status, text, bytes, json, headers } = await app.ask(provider, method, path, body);
    const shown = text.replaceAll(/"requestId":"[\w-]+"/g, '');
    seen.push(`${method} ${shownAs} ${status} ${headers.get('location') ?? ''}${headers.get('content-disposition') ?? ''}\n${shown}\n${bytes.toString('latin1').length}`);
    return json;
  };
  const { procedures } = app.services.kernel;
  const lists = ['', '?waiting=me', ...[...procedures.values()].flatMap((p) => [`?procedure=${p.name}`, ...Object.keys(p.states).map((state) => `?procedure=${p.name}&state=${state}`)]),
    ...reporters.map(({ no }) => `?linked=${no}`)];
  const mine = new Set<string>();
  for (const list of lists) for (const line of (await keep('GET', `/api/v1/cases${list}`))?.items ?? []) mine.add(line.no);
  const numbers = [...mine, ...reporters.slice(0, 10).map(({ no }) => no)];
  for (const [method, path] of AREA_ROUTES) {
    if (method !== 'get' || path === '/metrics' || path.endsWith('/live')) continue;
    const fills = path.includes('{') ? (path.includes('files') ? reporters.slice(0, 10).map(({ file }) => file) : path.includes('organisations') ? [provider.org!] : numbers) : [''];
    for (const fill of fills) await keep('GET', path.replaceAll(/\{(id|no|name)\}/g, fill));
  }
  for (const no of numbers) {
    const view = await keep('GET', `/api/v1/cases/${no}`);
    await keep('GET', `/api/v1/receipts/${no}/${view?.head ?? 'a'.repeat(64)}`);
    const evidence = Object.values(view?.data ?? {}).flat().filter((value): value is string => typeof value === 'string' && /^[\w-]{20,64}$/.test(value));
    for (const id of evidence) await keep('GET', (await keep('GET', `/api/v1/files/${id}`))?.url ?? '/');
    for (const move of new Set([...procedures.values()].flatMap((p) => Object.keys(p.moves)))) {
      // Refused by the form at the latest: what is asked for is the wording of the refusal.
      await keep('POST', `/api/v1/cases/${no}/${move}`, { noSuchField: 1 });
    }
  }
  for (const p of procedures.values()) await keep('POST', `/api/v1/${p.name}`, { noSuchField: 1 });
  // What it can search for: itself, its own cases, and whatever it may know of a reporter.
  for (const q of SEARCHES()) for (const more of ['', '&waiting=me', '&procedure=report']) await keep('GET', `/api/v1/cases?q=${encodeURIComponent(q)}${more}`, undefined, `search${more}`);
  for (const query of ['?desk=report', '?overdue=true']) await keep('GET', `/api/v1/cases${query}`);
  for (const { id } of (await keep('GET', `/api/v1/notices?subject=${provider.org}`)).items) await keep('GET', `/api/v1/notices/${id}`);
  await keep('GET', `/api/v1/providers/${provider.org}`);
  for (const kind of EXPORTS) await keep('POST', '/api/v1/exports', kind);
  seen.push(await streamed(provider));
  const phone = app.simulator.phone(provider.openid!);
  seen.push(JSON.stringify(phone.cards), JSON.stringify(phone.chat));
  return seen.join('\n\n');
}

const SEARCHES = (): string[] => ['中原', 'JB', `JB${app.clock().toISOString().slice(0, 4)}`, 'HC', ...canaries().slice(0, 3).flatMap(({ name, phone }) => [name, phone]), '举报人'];
const EXPORTS = [{ kind: 'cases', filter: {}, reason: '内部核对' }, { kind: 'cases', filter: { procedure: 'report' }, reason: '内部核对' }, { kind: 'register', reason: '内部核对' }];

/** What the live stream says to this person: to nobody outside the bureau anything but a refusal. */
async function streamed(who: User): Promise<string> {
  const { status, text } = await app.ask(who, 'GET', '/api/v1/queue/live');
  return `GET live ${status} ${text.replaceAll(/"requestId":"[\w-]+"/g, '')}`;
}

/** What the chat-bot answers somebody of the accused, asked straight out. */
async function spokenTo(person: User): Promise<string> {
  const { no } = reporters[0] ?? {};
  const said: string[] = [];
  for (const text of ['取消', '有人举报我们吗', '谁举报了我们公司', '举报人是谁', '查一下我的办件', '我的待办', ...(no ? [no, `${no}办到哪一步了`] : []), '取消']) {
    said.push(`CHAT ${text}\n${JSON.stringify((await app.must(person, 'POST', '/api/v1/chat', { text })).replies)}`);
  }
  return said.join('\n\n');
}

const canaries = (): Canary[] => reporters.map(({ canary }) => canary);

it('18: until it is asked, nothing the accused provider can see has changed by a byte', async () => {
  await app.settle();
  // Another person of the accused, so that their talk is not in what the first one is shown.
  const before = [await everythingOf(accused), await spokenTo(colleague)];
  await plant(0);
  await app.settle();
  // The number of the report is asked for in the second round only; it is not among what is compared.
  const known = reporters.splice(0);
  const after = [await everythingOf(accused), await spokenTo(colleague)];
  reporters.push(...known);
  expect(after).toEqual(before);
}, 120_000);

it('18: of all the reports nothing of an identity reaches the accused, through inquiry, reply, hearing and removal', async () => {
  for (let n = reporters.length; n < REPORTS; n += 1) await plant(n);
  const [{ user, no }] = reporters as [(typeof reporters)[number]];
  await inquired(no);
  const { items } = await app.must(accused, 'GET', '/api/v1/cases?procedure=inquiry');
  expect(items).toHaveLength(1);
  await app.act(accused, items[0].no, 'reply', { reply: '相关案例均已按合同交付并通过验收，证明材料可随时提供查验' });
  await app.settle();
  const finder = await app.take(no, ...handlers);
  await app.act(finder, no, 'find', { result: 'falsified', finding: '经核查申报的两个案例没有实施记录', feedback: '经核查反映的问题属实', intended: '拟认定存在弄虚作假，退出服务商库' });
  const other = handlers.find(({ person }) => person !== finder.person)!;
  await app.settle();
  await app.take(no, other);
  await app.act(other, no, 'agree', { secondOpinion: '同意核查意见' });
  await app.settle();
  await app.act(accused, items[0].no, 'state', { statement: '请求再次核实案例的实施记录' });
  await app.settle();
  await app.take(no, director);
  await app.act(director, no, 'decide', { result: 'falsified', decision: '认定存在弄虚作假，退出服务商库', feedback: '反映的问题属实，已作处理' });
  await app.settle();
  expect((await app.must(user, 'GET', `/api/v1/cases/${no}`)).state.name).toBe('substantiated');
  expect((await app.must(accused, 'GET', `/api/v1/cases/${items[0].no}`)).state.name).toBe('concluded');
  const everything = [await everythingOf(accused), await spokenTo(colleague)].join('\n\n');
  expect(everything).toContain('拟认定存在弄虚作假');
  // What there is to see was looked at: the notice of its removal, and no stream, export or other desk's list.
  expect(everything).toContain('退出服务商库的公告');
  for (const closed of [/^GET live 403/m, /^POST \/api\/v1\/exports 403/m, /^GET \/api\/v1\/cases\?desk=report 403/m, /^GET \/api\/v1\/statistics\S* 403/m]) expect(everything).toMatch(closed);
  expect(hits(everything, canaries())).toEqual([]);
  for (const { no: report } of reporters) {
    // Its number is in the addresses and answers to addresses that were asked; never in what came by itself.
    const unasked = everything.split('\n\n').filter((part) => !part.split('\n')[0]!.includes(report)).join('\n');
    expect(unasked.includes(report)).toBe(false);
  }
}, 120_000 + REPORTS * 200);

/** From filing to the question put to the provider. */
async function inquired(no: string): Promise<void> {
  await app.settle();
  const handler = await app.take(no, ...handlers);
  await app.act(handler, no, 'verify', { identityCheck: '已通过电话与平台信息核对一致' });
  await app.act(handler, no, 'accept');
  await app.act(handler, no, 'inquire', { summary: '请说明申报材料中所列业绩的实施情况', questions: '请逐项说明并提供合同和验收材料', knownTo: 40 });
  await app.settle();
}

it('9.1, H1: no identity in a log line, a Redis key or value, or any collection but the vault\'s and the sealed files', async () => {
  await app.must(handlers[0], 'GET', '/api/v1/queue');
  await app.ask(null, 'POST', '/api/v1/session/wechat', { code: reporters[0]!.canary.phone });
  const known = canaries();
  const logged = app.logs.join('');
  expect(logged.length).toBeGreaterThan(1000);
  expect(hits(logged, known)).toEqual([]);

  const { redis, prefix } = app.database;
  const held: string[] = [];
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 }) as AsyncIterable<string[]>) {
    for (const key of keys) held.push(key, JSON.stringify(await valueOf(key)));
  }
  expect(held.length).toBeGreaterThan(10);
  expect(hits(held.join('\n'), known)).toEqual([]);

  async function valueOf(key: string): Promise<unknown> {
    switch (await redis.type(key)) {
      case 'string': return redis.get(key);
      case 'hash': return redis.hgetall(key);
      case 'list': return redis.lrange(key, 0, -1);
      case 'set': return redis.smembers(key);
      case 'zset': return redis.zrange(key, '0', '-1');
      case 'stream': return redis.xrange(key, '-', '+');
      default: return null;
    }
  }

  const db = app.database.connection.db!;
  const collections = (await db.listCollections().toArray()).map(({ name }) => name);
  expect(collections).toEqual(expect.arrayContaining(['cases', 'identities', 'identityKeys', 'openings']));
  for (const name of collections) {
    const text = JSON.stringify(await db.collection(name).find({}).toArray());
    // The report's own words and the name of its file belong to the case and the file; who said them belongs to the vault alone.
    const found = hits(text, known, ['name', 'idNumber', 'phone', 'device']);
    expect([name, found]).toEqual([name, []]);
  }
}, 120_000);

it('the search itself finds an identity in any of its spellings', () => {
  const [canary] = canaries() as [Canary];
  for (const spelling of spellings(canary.phone)) expect(hits(`{"a":"…${spelling}…"}`, [canary])).not.toEqual([]);
  for (const spelling of spellings(canary.name)) expect(hits(`… ${spelling} …`, [canary])).not.toEqual([]);
});

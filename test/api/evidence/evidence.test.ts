import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import Koa from 'koa';
import { pino } from 'pino';
import sharp from 'sharp';
import { createEvidence, REATTACH_AFTER_MS, type Evidence, type EvidenceDeps } from '../../../src/evidence/evidence';
import { LINK_FOR_MS } from '../../../src/evidence/links';
import { evidenceRoutes } from '../../../src/evidence/routes';
import { UNUSED_AFTER_MS } from '../../../src/evidence/sweep';
import { makeActor, type Actor } from '../../../src/kernel/actor';
import { problems } from '../../../src/http/problems';
import { keyRing } from '../../../src/vault/crypto';
import { rotate } from '../../../src/vault/rotation';
import { testDatabase, type TestDatabase } from '../../support/engines';
import { CANARY, docx, pdf, photo, png, repack, xlsx } from './corpora';

const K1 = Buffer.alloc(32, 1).toString('base64');
const keys = keyRing({ current: 'k1', keys: { k1: K1 } });
const virus = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let db: TestDatabase;
let now = new Date('2026-03-02T01:00:00Z');
const later = (ms: number) => { now = new Date(now.getTime() + ms); };
const logged: string[] = [];
const log = pino({}, { write: (line: string) => { logged.push(line); } });
const storedCases = new Set(['JB-1', 'JB-2']);
const make = (more: Partial<EvidenceDeps> = {}): Evidence =>
  createEvidence({ connection: db.connection, keys, clock: () => now, city: 'xinxiang', log, caseExists: async (no) => storedCases.has(no), limits: { maxBytes: 200_000 }, ...more });
let evidence: Evidence;
let server: Server;
let base: string;
/** Who reads which case; the kernel's part. */
const readers: Record<string, string[]> = { 'JB-1': ['reviewer'], 'JB-2': [] };

beforeAll(async () => {
  db = await testDatabase();
  evidence = make();
  await evidence.prepare();
  const app = new Koa();
  app.use(problems(log));
  app.use(async (ctx, next) => {
    const [person = 'nobody', session = 's1'] = ctx.get('x-test-actor').split('/');
    ctx.state.actor = makeActor({ person, session, kind: 'wechat', roles: ['citizen'], powers: [], desks: [], regions: [] });
    await next();
  });
  const mayRead = async (actor: Actor, file: { caseNo?: string }) => readers[file.caseNo ?? '']?.includes(actor.person) ?? false;
  app.use(evidenceRoutes({ evidence, mayRead }).routes());
  server = createServer(app.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => { server.close(resolve); });
  await db.close();
});

const as = (actor: string) => ({ headers: { 'x-test-actor': actor } });
async function post(bytes: Buffer, name = 'a.jpg', actor = 'reporter/s1'): Promise<{ status: number; body: any }> {
  const form = new FormData();
  form.append('file', new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
  const response = await fetch(`${base}/api/v1/files`, { method: 'POST', body: form, ...as(actor) });
  return { status: response.status, body: await response.json() };
}
const code = (expected: string) => expect.objectContaining({ code: expected });
const tamper = async (which: 'originalId' | 'servedId', id: string) => {
  const file = await db.connection.collection('files').findOne({ id });
  const chunk = await db.connection.collection('evidence.chunks').findOne({ files_id: file![which] });
  const data = Buffer.from(chunk!.data.buffer);
  data[data.length >> 1]! ^= 1;
  await db.connection.collection('evidence.chunks').updateOne({ _id: chunk!._id }, { $set: { data } });
};

describe('D8, F4: what goes in and what comes out', () => {
  it.each<[string, () => Promise<Buffer>, string]>([['photo', photo, 'image/jpeg'], ['png', png, 'image/png'], ['pdf', pdf, 'application/pdf'], ['docx', docx, 'wordprocessingml'], ['xlsx', xlsx, 'spreadsheetml']])(
    'a %s: hash of the original kept, copy without canary, safe headers', async (_kind, corpus, mime) => {
      const original = await corpus();
      const { status, body } = await post(original, `${CANARY}的合同.exe`, 'giver/s1');
      expect(status).toBe(201);
      expect(body).toMatchObject({ id: expect.stringMatching(/^[\w-]{22}$/), size: original.length, sha256: sha256(original), scan: 'unscanned', mime: expect.stringContaining(mime) });
      expect(Object.keys(body).sort()).toEqual(['createdAt', 'expiresAt', 'id', 'mime', 'name', 'scan', 'sha256', 'size', 'url']);
      const response = await fetch(base + body.url, as('giver/s1'));
      expect(response.status).toBe(200);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-disposition': expect.stringMatching(/^attachment; .*filename\*=UTF-8''/), 'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store', 'content-security-policy': expect.stringContaining('sandbox'), 'content-type': expect.stringContaining(mime),
      });
      expect(Buffer.from(await response.arrayBuffer()).includes(CANARY)).toBe(false);
      expect(await evidence.verify(body.id)).toEqual({ original: true, served: true });
    });

  it('nothing of it lies readable in the database: bytes, names, hashes of served copies apart (D9)', async () => {
    const names = (await db.connection.db!.listCollections().toArray()).map(({ name }) => name);
    for (const name of names) {
      for await (const record of db.connection.db!.collection(name).find({}, { raw: true })) {
        expect(Buffer.from(record as never).includes(CANARY)).toBe(false);
      }
    }
  });

  it.each(['originalId', 'servedId'] as const)('F4: one bit changed in the %s is found, and nothing is served', async (which) => {
    const file = await evidence.upload(await photo(), { name: 'a.jpg', uploader: `owner-${which}` });
    await tamper(which, file.id);
    expect(await evidence.verify(file.id)).toEqual({ original: which !== 'originalId', served: which !== 'servedId' });
    expect(logged.at(-1)).toContain(file.id);
    if (which === 'originalId') return;
    const { url } = evidence.linkFor(file.id, 's1');
    const response = await fetch(base + url, as(`owner-${which}/s1`));
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'DAMAGED' });
  });

  it('F4: a hash changed in the record is found as well: neither side can be moved alone', async () => {
    const { id } = await evidence.upload(await photo(), { name: 'a.jpg', uploader: 'u' });
    await db.connection.collection('files').updateOne({ id }, { $set: { sha256: '0'.repeat(64), servedSha256: '0'.repeat(64) } });
    expect(await evidence.verify(id)).toEqual({ original: false, served: false });
  });

  it('survives a key rotation', async () => {
    const file = await evidence.upload(await photo(), { name: '轮换.jpg', uploader: 'rotator' });
    const both = keyRing({ current: 'k2', index: 'k1', keys: { k1: K1, k2: Buffer.alloc(32, 2).toString('base64') } });
    const rotated = (await rotate(db.connection, both)).find(({ collection }) => collection === 'files')!;
    expect(rotated).toMatchObject({ failed: [], resealed: 2 * rotated.read });
    const after = make({ keys: keyRing({ current: 'k2', keys: { k2: Buffer.alloc(32, 2).toString('base64') } }) });
    expect(await after.verify(file.id)).toEqual({ original: true, served: true });
    expect((await after.get(file.id, 'rotator'))?.name).toBe('轮换.jpg');
    await rotate(db.connection, keyRing({ current: 'k1', keys: { k1: K1, k2: Buffer.alloc(32, 2).toString('base64') } }));
  });
});

describe('F1-F3: what is refused, in Chinese', () => {
  it.each<[string, () => Buffer | Promise<Buffer>, number, string]>([
    ['HTML called PNG', () => Buffer.from('<html><script>alert(1)</script>'), 415, 'UNSUPPORTED_TYPE'],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 415, 'UNSUPPORTED_TYPE'],
    ['the test virus', () => Buffer.from(virus), 422, 'INFECTED'],
    ['the test virus behind a photo', async () => Buffer.concat([await photo(), Buffer.from(virus)]), 422, 'INFECTED'],
    ['the test virus inside a docx', async () => repack(await docx(), (parts) => { parts['word/note.txt'] = new Uint8Array(Buffer.from(virus)); }), 422, 'INFECTED'],
    ['one byte too many', async () => Buffer.concat([await photo(), Buffer.alloc(200_001 - (await photo()).length)]), 413, 'TOO_LARGE'],
    ['far too many bytes', () => Buffer.alloc(900_000), 413, 'TOO_LARGE'],
  ])('%s', async (_what, content, status, expected) => {
    const before = await db.connection.collection('files').countDocuments();
    const answer = await post(await content());
    expect(answer).toMatchObject({ status, body: { code: expected, detail: expect.stringMatching(/[\u4e00-\u9fff]/) } });
    expect(await db.connection.collection('files').countDocuments()).toBe(before);
  });

  it('takes a file of exactly the limit, and the next one after a refusal', async () => {
    const jpeg = await photo();
    expect((await post(Buffer.concat([jpeg, Buffer.alloc(200_000 - jpeg.length)]))).status).toBe(201);
  });

  it('limits a body of unknown length while it streams', async () => {
    async function* endless() {
      const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n';
      yield Buffer.from(head);
      for (let i = 0; i < 2000; i += 1) yield Buffer.alloc(1024);
    }
    const response = await fetch(`${base}/api/v1/files`, {
      method: 'POST', body: Readable.toWeb(Readable.from(endless())) as never, duplex: 'half',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'x-test-actor': 'reporter/s1' },
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  it.each([
    ['JSON', '{"a":1}', 'application/json'], ['no file', '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--b--\r\n', 'multipart/form-data; boundary=b'],
    ['no boundary', 'x', 'multipart/form-data'], ['a cut body', '--b\r\nContent-Disposition: form-data; name="f"; filename="a.jpg"\r\n\r\nabc', 'multipart/form-data; boundary=b'],
    ['two files', ['a', 'b'].map((n) => `--b\r\nContent-Disposition: form-data; name="${n}"; filename="a.jpg"\r\n\r\nabc\r\n`).join('') + '--b--\r\n', 'multipart/form-data; boundary=b'],
  ])('a malformed upload: %s', async (_what, body, type) => {
    const response = await fetch(`${base}/api/v1/files`, { method: 'POST', body, headers: { 'content-type': type, 'x-test-actor': 'clumsy/s1' } });
    expect([400, 415]).toContain(response.status);
    expect(await db.connection.collection('files').countDocuments({ uploader: 'clumsy' })).toBe(0);
  });

  it('limits how many unused files one person can pile up', async () => {
    const small = make({ limits: { maxPending: 2 } });
    for (let i = 0; i < 2; i += 1) await small.upload(await photo(), { name: 'a', uploader: 'hoarder' });
    await expect(small.upload(await photo(), { name: 'a', uploader: 'hoarder' })).rejects.toEqual(code('TOO_MANY'));
  });

  it('stores names cleaned and sends them encoded', async () => {
    const { body } = await post(await photo(), '../发票\u202Egpj.exe', 'namer/s1');
    expect(body.name).toBe('发票gpj.jpg');
  });
});

describe('C9: links', () => {
  it('serve one file to one session for five minutes', async () => {
    const { body } = await post(await photo(), 'a.jpg', 'linked/s1');
    const other = await post(await photo(), 'b.jpg', 'linked/s1');
    const token = new URL(body.url, base).searchParams.get('token')!;
    expect((await fetch(base + body.url, as('linked/s1'))).status).toBe(200);
    const refused = async (url: string, actor = 'linked/s1') => {
      const response = await fetch(base + url, as(actor));
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'LINK_EXPIRED' });
    };
    await refused(body.url, 'linked/s2');
    await refused(`/files/${other.body.id}?token=${token}`);
    await refused(`/files/${body.id}`);
    await refused(`/files/${body.id}?token=${token}&token=${token}`);
    await refused(`/files/${body.id}?token=${token.replace('k1.', 'k9.')}`);
    const [, expiry, mac] = token.split('.');
    await refused(`/files/${body.id}?token=k1.${(Number.parseInt(expiry!, 36) + 60_000).toString(36)}.${mac}`);
    for (let i = 0; i < token.length; i += 1) {
      const flipped = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1);
      // The last letter of base64url holds bits that mean nothing to a decoder; we compare text, so it counts too.
      await expect(evidence.serve(body.id, flipped, 's1', 'linked')).rejects.toEqual(code('LINK_EXPIRED'));
    }
    later(LINK_FOR_MS);
    await refused(body.url);
    const fresh = await (await fetch(`${base}/api/v1/files/${body.id}`, as('linked/s1'))).json() as { url: string };
    expect((await fetch(base + fresh.url, as('linked/s1'))).status).toBe(200);
  });

  it('end with the permission, even when the link is still good', async () => {
    const { id } = await evidence.upload(await photo(), { name: 'a.jpg', uploader: 'reporter-c9' });
    await evidence.attach([id], { caseNo: 'JB-1', uploader: 'reporter-c9' });
    const { url } = await (await fetch(`${base}/api/v1/files/${id}`, as('reviewer/r1'))).json() as { url: string };
    expect((await fetch(base + url, as('reviewer/r1'))).status).toBe(200);
    readers['JB-1'] = [];
    expect((await fetch(base + url, as('reviewer/r1'))).status).toBe(404);
    readers['JB-1'] = ['reviewer'];
  });

  it('a stranger gets the very same answer for a file that is there and one that is not', async () => {
    const { body } = await post(await photo(), 'a.jpg', 'private/s1');
    const answers = await Promise.all([body.id, 'A'.repeat(22), '$ne', 'x'].flatMap((id: string) =>
      [`/api/v1/files/${id}`, `/files/${id}?token=x`].map(async (path) => {
        const response = await fetch(base + path, as('stranger/s9'));
        return `${response.status} ${await response.text()}`;
      })));
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^404 .*NOT_FOUND/);
  });
});

describe('attaching', () => {
  const upload = async (uploader: string) => (await evidence.upload(await photo(), { name: `${CANARY}.jpg`, uploader })).id;

  it('gives a file to one case, again and again, and to no other', async () => {
    const id = await upload('a1');
    expect(await evidence.mayAttach('a1', id)).toBe(true);
    await evidence.attach([id], { caseNo: 'JB-1', uploader: 'a1', field: 'evidence' });
    const [again] = await evidence.attach([id], { caseNo: 'JB-1', uploader: 'a1', field: 'evidence' });
    expect(again).toMatchObject({ id, caseNo: 'JB-1', field: 'evidence' });
    expect(await evidence.mayAttach('a1', id)).toBe(false);
    later(2 * REATTACH_AFTER_MS);
    await expect(evidence.attach([id], { caseNo: 'JB-2', uploader: 'a1' })).rejects.toEqual(code('INVALID'));
  });

  it('names every file it refuses, with one sentence for foreign, used and missing ones, and takes none', async () => {
    const [own, foreign, used] = [await upload('a2'), await upload('somebody'), await upload('a2')];
    await evidence.attach([used], { caseNo: 'JB-2', uploader: 'a2' });
    const refused = evidence.attach([own, foreign, used, 'A'.repeat(22), { $ne: null } as never], { caseNo: 'JB-1', uploader: 'a2', field: 'evidence' });
    await expect(refused).rejects.toMatchObject({ code: 'INVALID', faults: ['evidence.1', 'evidence.2', 'evidence.3', 'evidence.4'].map((field) => expect.objectContaining({ field })) });
    const faults = await refused.catch(({ faults: list }: { faults: { message: string }[] }) => list);
    expect(new Set((faults as { message: string }[]).map(({ message }) => message)).size).toBe(1);
    expect(await evidence.mayAttach('a2', own)).toBe(true);
  });

  it('lets one of many cases win a file at the same moment, whole lists or nothing', async () => {
    const ids = [await upload('racer'), await upload('racer')];
    const cases = Array.from({ length: 12 }, (_, i) => `R-${i}`);
    const tries = await Promise.allSettled(cases.map((caseNo, i) => evidence.attach(i % 2 ? ids : ids.toReversed(), { caseNo, uploader: 'racer' })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const stored = await db.connection.collection('files').find({ id: { $in: ids } }).toArray();
    expect(new Set(stored.map(({ caseNo }) => caseNo)).size).toBe(1);
  });

  it('a file given to a case that never came to be can be given again, after a moment', async () => {
    const id = await upload('retrier');
    await evidence.attach([id], { caseNo: 'JB-lost', uploader: 'retrier' });
    await expect(evidence.attach([id], { caseNo: 'JB-1', uploader: 'retrier' })).rejects.toEqual(code('INVALID'));
    later(REATTACH_AFTER_MS + 1);
    await expect(evidence.attach([id], { caseNo: 'JB-1', uploader: 'retrier' })).resolves.toHaveLength(1);
  });

  it('D1: other readers see a neutral name unless told otherwise, and never the uploader', async () => {
    const [hidden, shown] = [await upload('d1'), await upload('d1')];
    await evidence.attach([hidden], { caseNo: 'JB-1', uploader: 'd1' });
    await evidence.attach([shown], { caseNo: 'JB-1', uploader: 'd1', showsName: true });
    const seen = async (id: string, actor: string) => (await fetch(`${base}/api/v1/files/${id}`, as(actor))).text();
    expect(await seen(hidden, 'd1/s1')).toContain(CANARY);
    expect(await seen(hidden, 'reviewer/s1')).not.toMatch(new RegExp(`${CANARY}|"d1"|JB-1`));
    expect(await seen(shown, 'reviewer/s1')).toContain(CANARY);
    const { url } = JSON.parse(await seen(hidden, 'reviewer/s1'));
    const response = await fetch(base + url, as('reviewer/s1'));
    expect(response.headers.get('content-disposition')).not.toContain(CANARY);
    expect((await evidence.ofCase('JB-1', 'reviewer')).map(({ id }) => id)).toEqual(expect.arrayContaining([hidden, shown]));
  });
});

describe('the sweep, scanning, erasure', () => {
  const chunksOf = async (id: string) => {
    const file = await db.connection.collection('files').findOne({ id });
    return file ? [file.originalId, file.servedId] : [];
  };

  it('removes what nobody used for a day, bytes included, also what a crash left; keeps what a case holds', async () => {
    const own = make({ city: 'sweep-city' });
    const [unused, used] = await Promise.all(['u', 'u'].map(async (uploader) => (await own.upload(await photo(), { name: 'a', uploader })).id)) as [string, string];
    const half = (await own.upload(await photo(), { name: 'a', uploader: 'u' })).id;
    const orphan = (await own.upload(await photo(), { name: 'a', uploader: 'u' })).id;
    await own.attach([used], { caseNo: 'JB-1', uploader: 'u' });
    await own.attach([orphan], { caseNo: 'JB-lost', uploader: 'u' });
    await db.connection.collection('files').updateOne({ id: half }, { $set: { state: 'storing' } });
    const bytes = [...await chunksOf(unused), ...await chunksOf(half), ...await chunksOf(orphan)];
    later(UNUSED_AFTER_MS);
    expect(await own.sweep()).toMatchObject({ removed: 0 });
    later(1);
    expect(await own.sweep()).toMatchObject({ removed: 3 });
    expect(await own.sweep()).toMatchObject({ removed: 0 });
    expect(await db.connection.collection('evidence.chunks').countDocuments({ files_id: { $in: bytes } })).toBe(0);
    expect(await db.connection.collection('evidence.files').countDocuments({ _id: { $in: bytes } as never })).toBe(0);
    expect(await own.verify(used)).toEqual({ original: true, served: true });
  });

  it('erases all files of a case', async () => {
    const own = make({ city: 'erase-city' });
    const { id } = await own.upload(await photo(), { name: 'a', uploader: 'u' });
    await own.attach([id], { caseNo: 'JB-2', uploader: 'u' });
    expect(await own.eraseCase('JB-2')).toBe(1);
    expect(await own.get(id, 'u')).toBeNull();
    expect(await own.eraseCase('JB-2')).toBe(0);
  });

  it('marks what a scanner says, refuses what it finds, and asks again about what it could not tell', async () => {
    let verdict: 'clean' | 'infected' | 'away' = 'clean';
    const scanner = async () => {
      if (verdict === 'away') throw new Error('scanner: ECONNREFUSED');
      return verdict;
    };
    const own = make({ city: 'scan-city', scanner });
    expect((await own.upload(await photo(), { name: 'a', uploader: 'u' })).scan).toBe('clean');
    verdict = 'infected';
    await expect(own.upload(await photo(), { name: 'a', uploader: 'u' })).rejects.toEqual(code('INFECTED'));
    verdict = 'away';
    const { id, scan } = await own.upload(await photo(), { name: 'a', uploader: 'u' });
    expect(scan).toBe('unscanned');
    expect(await own.sweep()).toEqual({ removed: 0, rescanned: 0, infected: 0 });
    verdict = 'infected';
    expect(await own.sweep()).toEqual({ removed: 0, rescanned: 1, infected: 1 });
    const token = own.linkFor(id, 's').url.split('token=')[1]!;
    await expect(own.serve(id, token, 's', 'u')).rejects.toEqual(code('INFECTED'));
    await expect(own.attach([id], { caseNo: 'JB-1', uploader: 'u' })).rejects.toEqual(code('INVALID'));
  });

  it('many uploads at once neither fail nor mix', async () => {
    const colours = ['#ff0000', '#00ff00', '#0000ff', '#ffff00', '#00ffff', '#ff00ff'];
    const answers = await Promise.all(colours.map(async (background, i) =>
      post(await sharp({ create: { width: 20 + i, height: 20, channels: 3, background } }).png().toBuffer(), 'c.png', 'many/s1')));
    for (const [i, { body }] of answers.entries()) {
      const bytes = Buffer.from(await (await fetch(base + body.url, as('many/s1'))).arrayBuffer());
      expect((await sharp(bytes).metadata()).width).toBe(20 + i);
    }
  });
});

it('H1: no log line holds a file name or content', () => {
  expect(logged.length).toBeGreaterThan(0);
  expect(logged.join('\n')).not.toMatch(new RegExp(`${CANARY}|合同|EICAR`));
});

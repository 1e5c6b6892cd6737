import { strFromU8, unzipSync } from 'fflate';
import { Workbook } from 'exceljs';
import { EXPORTS } from '../../../src/exports/exports';
import { exportLog } from '../../../src/exports/log';
import { testApp, type TestApp, type User } from '../../support/app';
import { inputFor } from '../../support/given';

let app: TestApp;
let clerk: User;
let supervisor: User;
let director: User;
let complaint: string;
beforeAll(async () => {
  app = await testApp();
  clerk = await app.staff('intake', ['intake'], ['intake']);
  supervisor = await app.staff('supervisor', ['supervisor']);
  director = await app.staff('director', ['director'], ['director']);
  ({ no: complaint } = await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: '=HYPERLINK("http://evil.example","点我")，实施人员多次更换', wish: '更换项目经理' }));
}, 60_000);
afterAll(() => app.close());

const take = (who: User | null, body: object) => app.ask(who, 'POST', '/api/v1/exports', body);
const REASON = '季度检查底稿';

async function sheet(bytes: Buffer): Promise<string[][]> {
  const book = new Workbook();
  await book.xlsx.load(bytes as never);
  const rows: string[][] = [];
  book.worksheets[0]!.eachRow((row) => rows.push((row.values as unknown[]).slice(1).map((value) => {
    if (value !== null && typeof value === 'object') throw new Error(`no plain text: ${JSON.stringify(value)}`); // a formula, a link
    return String(value ?? '');
  })));
  return rows;
}
const words = (bytes: Buffer): string => Object.entries(unzipSync(new Uint8Array(bytes)))
  .filter(([name]) => name.endsWith('.xml')).map(([, part]) => strFromU8(part)).join(' ');

describe('a list as xlsx', () => {
  it('holds the lines the reader has on the page, and says who took it and what for', async () => {
    const { status, bytes, headers } = await take(supervisor, { kind: 'cases', filter: { procedure: 'complaint' }, reason: REASON });
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'private, no-store']);
    const [title, note, head, ...rows] = await sheet(bytes);
    expect(title![0]).toBe('案件清单（1 件）');
    expect(note![0]).toMatch(new RegExp(`^工作人员supervisor 于 2026-03-02 10:00 导出，编号 ${headers.get('x-export-id')}；用途：${REASON}$`));
    expect(head).toEqual(expect.arrayContaining(['办理时限', '提交时间']));
    const { items } = await app.must(supervisor, 'GET', '/api/v1/cases?procedure=complaint');
    expect(rows.map(([no]) => no)).toEqual(items.map(({ no }: { no: string }) => no));
  });

  it('18: a report is in nobody\'s list who may not read it', async () => {
    const citizen = await app.citizen();
    const { procedures } = app.services.kernel;
    const photo = await app.upload(citizen, '照片.png', Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'), 'image/png');
    const { no } = await app.open(citizen, 'report', { ...inputFor(procedures.get('report')!, procedures.get('report')!.moves['file']!), provider: app.provider[0].org, evidence: [photo] });
    const all = await take(supervisor, { kind: 'cases', reason: REASON });
    expect((await sheet(all.bytes)).flat()).not.toContain(no);
    expect((await take(supervisor, { kind: 'case', no, reason: REASON })).status).toBe(404);
    expect((await sheet((await take(director, { kind: 'cases', reason: REASON })).bytes)).flat()).toContain(no);
  });

  it('the register; a name that begins like a formula is text in every program', async () => {
    const [first] = await app.services.register.models.organisations.find({ kind: 'provider' }).sort({ name: 1 });
    await app.services.register.models.organisations.updateOne({ _id: first!._id }, { $set: { name: '=1+1 科技' } });
    const { bytes, status } = await take(clerk, { kind: 'register', reason: REASON });
    await app.services.register.models.organisations.updateOne({ _id: first!._id }, { $set: { name: first!.name } });
    expect(status).toBe(200);
    const rows = await sheet(bytes);
    expect(rows.flat()).toContain('\'=1+1 科技');
    expect(words(bytes)).not.toContain('<f>');
    expect(rows).toHaveLength(3 + 2);
  });
});

describe('a case as docx', () => {
  it('holds the reader\'s view and nothing of another\'s', async () => {
    const { status, bytes, headers } = await take(supervisor, { kind: 'case', no: complaint, reason: REASON });
    expect(status).toBe(200);
    expect(decodeURIComponent(headers.get('content-disposition')!)).toContain(`企业投诉-${complaint}.docx`);
    const text = words(bytes);
    for (const word of [complaint, '更换项目经理', '提交投诉', '第十五条（二）', REASON, headers.get('x-export-id')!]) expect(text).toContain(word);
    const view = await app.must(supervisor, 'GET', `/api/v1/cases/${complaint}`);
    const stored = await app.services.cases.findOne({ no: complaint });
    const hidden = Object.entries(stored!.data as Record<string, unknown>).filter(([name, value]) => !(name in view.data) && typeof value === 'string' && value.length > 3);
    for (const [, value] of hidden) expect(text).not.toContain(value as string);
    for (const tag of [app.enterprise[0].person, clerk.person]) expect(text).not.toContain(tag);
  });
});

describe('who took what', () => {
  it('every file stands in the log, sealed; overseers see all lines, others their own', async () => {
    const { headers } = await take(clerk, { kind: 'cases', filter: { state: 'filed' }, reason: '核对收件情况' });
    const { items } = await app.must(supervisor, 'GET', '/api/v1/exports?limit=100');
    expect(items[0]).toMatchObject({ id: headers.get('x-export-id'), kind: 'cases', by: '工作人员intake', reason: '核对收件情况', of: { state: 'filed' }, rows: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(new Set(items.map(({ by }: { by: string }) => by)).size).toBeGreaterThan(1);
    const own = await app.must(clerk, 'GET', '/api/v1/exports');
    expect(new Set(own.items.map(({ by }: { by: string }) => by))).toEqual(new Set(['工作人员intake']));
    const paged = await app.must(supervisor, 'GET', '/api/v1/exports?limit=1');
    expect((await app.must(supervisor, 'GET', `/api/v1/exports?limit=1&before=${paged.next}`)).items[0].seq).toBe(paged.next - 1);

    const log = exportLog(app.database.connection as never, app.config.city);
    expect(await log.firstBreak()).toBeNull();
    await app.database.connection.collection('exports').updateOne({ seq: 2 }, { $set: { reason: '别的用途' } });
    expect(await log.firstBreak()).toEqual({ seq: 2, reason: 'line' });
  });

  it('many at once each have a line of their own', async () => {
    const [before] = (await app.must(supervisor, 'GET', '/api/v1/exports?limit=1')).items;
    await Promise.all(Array.from({ length: 6 }, () => take(director, { kind: 'register', reason: REASON })));
    const { items } = await app.must(supervisor, 'GET', '/api/v1/exports?limit=6');
    expect(items.map(({ seq }: { seq: number }) => seq)).toEqual([6, 5, 4, 3, 2, 1].map((n) => before.seq + n));
  });
});

describe('refusals', () => {
  it('nobody outside the bureau, and nothing without a purpose', async () => {
    for (const who of [app.enterprise[0], app.provider[0], await app.staff('expert', ['expert']), await app.staff('agency', ['agency'])]) {
      expect((await take(who, { kind: 'register', reason: REASON })).status).toBe(403);
    }
    expect((await take(null, { kind: 'register', reason: REASON })).status).toBe(401);
    const count = async () => app.database.connection.collection('exports').countDocuments();
    const before = await count();
    const wrong = await take(clerk, { kind: 'cases', filter: { procedure: '$ne', colour: 'red' } });
    expect([wrong.status, wrong.json.errors.map(({ field }: { field: string }) => field).toSorted()]).toEqual([422, ['filter.colour', 'filter.procedure', 'reason']]);
    expect((await take(clerk, { kind: 'everything', reason: REASON })).status).toBe(422);
    expect((await take(clerk, { kind: 'case', no: 'JB20260101-000000', reason: REASON })).status).toBe(404);
    expect(await count()).toBe(before);
  });

  it('H10: not more than so many in an hour', async () => {
    const busy = await app.staff('busy', ['supervisor']);
    const answers = [];
    for (let i = 0; i <= EXPORTS.limit; i += 1) answers.push((await take(busy, { kind: 'register', reason: REASON })).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(EXPORTS.limit);
    expect(answers.at(-1)).toBe(429);
  });
});

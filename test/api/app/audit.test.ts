import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { testApp, type TestApp } from '../../support/app';

let app: TestApp;
let built: string;
const exec = promisify(execFile);

beforeAll(async () => {
  app = await testApp();
  await mkdir('.cache', { recursive: true });
  built = await mkdtemp(path.resolve('.cache', 'audit-'));
  await exec('node_modules/.bin/swc', ['src', 'scripts/audit-verify.ts', 'scripts/rebuild.ts', 'scripts/docs.ts', 'scripts/environment.ts', '-d', built, '--copy-files', '--quiet']);
}, 120_000);
afterAll(async () => {
  await rm(built, { recursive: true, force: true });
  await app.close();
});

async function run(script: string, words: string[] = [], environment: Record<string, string> = {}): Promise<{ code: number; stdout: string; stderr: string }> {
  const { mongodbUri, dbName, redisUrl, prefix } = app.database;
  const env = { ...process.env, DATA_DIR: built, MONGODB_URI: mongodbUri, MONGODB_NAME: dbName, REDIS_URL: redisUrl, REDIS_PREFIX: prefix, ...environment };
  return exec(process.execPath, [path.join(built, 'scripts', script), ...words], { env, maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  );
}
const verified = async (...words: string[]) => {
  const { code, stdout } = await run('audit-verify.js', ['--json', ...words]);
  return { code, ...JSON.parse(stdout) };
};

it('H4: the audit command counts whole chains, and names the first broken link of cases and of the opening log', async () => {
  const numbers: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    numbers.push((await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: `实施人员多次更换，无法解决现场问题${i}`, wish: '更换项目经理' })).no);
  }
  await app.settle();
  const whole = await verified();
  expect(whole).toMatchObject({ code: 0, cases: 3, lines: 3, openingLines: 0, brokenChains: 0, firstBroken: null });

  const { cases } = app.services;
  const [first, second] = numbers.sort() as [string, string];
  const before = (await cases.findOne({ no: second }))!;
  await cases.updateOne({ no: second }, { $set: { 'data.wish': '赔偿' } });
  expect(await verified()).toMatchObject({ code: 1, brokenChains: 1, firstBroken: { where: second, seq: 1, reason: 'data' } });
  await cases.updateOne({ no: first }, { $set: { 'timeline.0.by.person': 'somebody else' } });
  expect(await verified()).toMatchObject({ code: 1, brokenChains: 2, firstBroken: { where: first, seq: 1, reason: 'line' } });
  const said = await run('audit-verify.js');
  expect(said).toMatchObject({ code: 1, stdout: expect.stringContaining(`BROKEN: 2 chains; first ${first}, line 1: line`) });
  await cases.deleteOne({ no: first });
  await cases.replaceOne({ no: second }, before);
  expect(await verified()).toMatchObject({ code: 0, cases: 2 });

  expect(await verified('--head', `1:${'a'.repeat(64)}`)).toMatchObject({ code: 1, firstBroken: { where: 'openings', seq: 1, reason: 'truncated' } });
}, 60_000);

it('the rebuild command brings flushed queues back, with every open task in one place', async () => {
  const { redis, prefix } = app.database;
  await app.services.review.check();
  const { code, stdout } = await run('rebuild.js');
  expect(JSON.parse(stdout)).toMatchObject({ missing: [], doubled: [], stray: [] });
  expect(code).toBe(0);
  expect((await redis.keys(`${prefix}*`)).length).toBeGreaterThan(0);
});

it('a command that is told no address says so, and finds a system started here by itself', async () => {
  expect(await run('audit-verify.js', [], { MONGODB_URI: '' })).toMatchObject({ code: 1, stderr: expect.stringContaining('needs MONGODB_URI') });
  const { mongodbUri, redisUrl, dbName } = app.database;
  await writeFile(path.join(built, 'run.json'), JSON.stringify({ mongodbUri, redisUrl, env: {} }));
  expect(await run('audit-verify.js', [], { MONGODB_URI: '', MONGODB_NAME: dbName })).toMatchObject({ code: 0, stdout: expect.stringContaining('2 cases') });
});

it('the documents are printed from the declarations', async () => {
  const { stdout } = await run('docs.js', ['openapi', app.url]);
  expect(JSON.parse(stdout)).toEqual(await app.must(null, 'GET', '/openapi.json'));
  expect((await run('docs.js', ['diagrams', 'complaint'])).stdout).toContain('stateDiagram');
  expect((await run('docs.js')).code).toBe(1);
});

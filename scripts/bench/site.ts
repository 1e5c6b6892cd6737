import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { staffOnly } from '../../src/register/register';
import type { Case } from '../../src/kernel/case';
import type { CaseCollection } from '../../src/kernel/cases';
import { connectMongo } from '../../src/store/mongo';
import { parseKeyRing } from '../../src/vault/crypto';
import { settle, type Person } from '../chaos/people';
import { startSystem, type System } from '../chaos/system';
import { LEAN_ENV, LEAN_FLAGS } from '../lean';
import { freePort, type Engines } from '../engines';
import { stock } from './stock';

/** The product with so many stored cases, and the bare handlers beside it on the same database. */
export interface Site {
  name: string;
  size: number;
  system: System;
  bareUrl: string;
  barePid: number;
  owner: Person;
  provider: Person;
  citizen: Person;
  reviewer: Person;
  /** Numbers of the owner's open complaints that nobody has touched; taken from the end. */
  open: string[];
  /** Numbers of the owner's cases, for reading. */
  own: string[];
  redis: Redis;
  loadedSeconds: number;
  stop(): Promise<void>;
}

export interface SiteOptions { name: string; size: number; open: number; dir: string; engines: Engines; say(text: string): void }

const READ_SAMPLE = 500;

export async function startSite({ name, size, open, dir, engines, say }: SiteOptions): Promise<Site> {
  const system = await startSystem({ dir: path.join(dir, name), engines, name });
  const connection = await connectMongo(engines.mongodbUri, name, { poolSize: 5 });
  const { staff } = staffOnly({ connection, keys: parseKeyRing(system.env['VAULT_KEYS']!), city: 'xinxiang', clock: () => new Date() });
  const people = await settle(system, { login: 'admin', code: (await staff.firstAdmin('admin')).code }, { enterprises: 1, providers: 1, citizens: 1, intake: 1, reviewers: 2, directors: 1, experts: 1, agencies: 1, capacity: 20 });
  const one = (kind: Person['kind'], key?: string): Person => people.find((person) => person.kind === kind && (!key || person.key === key))!;
  const [owner, provider, citizen, reviewer] = [one('enterprise'), one('provider'), one('citizen'), one('staff', 'intake1')];

  const cases = connection.collection<Case<any>>('cases') as unknown as CaseCollection;
  const from = Date.now();
  const openNos = await stock(cases, size, { enterprise: { org: owner.org!, person: owner.id }, provider: { org: provider.org!, person: provider.id } }, open);
  const loadedSeconds = (Date.now() - from) / 1000;
  say(`${name}: ${size} cases stored in ${loadedSeconds.toFixed(1)} s`);
  const own = (await cases.find({ city: 'xinxiang', access: `org:${owner.org}` }, { projection: { no: 1 } }).sort({ openedAt: -1, no: -1 }).limit(READ_SAMPLE).toArray()).map(({ no }) => no);
  await connection.close();

  // The worker finds what was stored behind its back when it starts.
  const redis = new Redis(engines.redisUrl);
  const mark = `{${name}}:review:ready`;
  const before = await redis.get(mark);
  await system.workers[0]!.kill(0);
  while ((await redis.get(mark)) === before) await sleep(100);
  say(`${name}: queues rebuilt`);

  const port = await freePort();
  const bare = await startBare({
    ...system.env, BENCH_PORT: String(port), BENCH_ORG: owner.org!, BENCH_PERSON: owner.id, BENCH_REVIEWER: reviewer.id, BENCH_DESKS: 'intake,service',
  });
  return {
    name, size, system, bareUrl: `http://127.0.0.1:${port}`, barePid: bare.pid!, owner, provider, citizen, reviewer, open: openNos, own, redis, loadedSeconds,
    async stop() {
      bare.kill('SIGKILL');
      redis.disconnect();
      await system.stop();
    },
  };
}

async function startBare(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...LEAN_FLAGS, path.join(__dirname, 'bare.js')], { env: { ...LEAN_ENV, ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the bare handlers ended')));
  });
  return child;
}

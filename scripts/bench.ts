import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEngines } from './engines';
import { faces } from './bench/faces';
import { ACTS, compare, filedToQueued, PLANS, WARM_UP, type Compared } from './bench/measure';
import { startAndRest } from './bench/start';
import { startSite, type Site } from './bench/site';

/**
 * `npm run bench -- --json --cases 100000`: the product against bare Koa handlers that make the same driver calls, on the same engines
 * in one run, with 1,000 and with so many stored cases. Ratios are what counts: rounds are taken in turn.
 *
 * --cases   the larger store (default 100000; a million on demand)    --rounds  of each kind (default 5)
 * --only    a part of: start, read, act, filed, faces (by comma; faces, in Chromium, only when asked for)
 */
const SMALL = 1000;
const AIMS = { ratio: 0.8, filedP95Ms: 500, growth: 1.2, readySeconds: 30, memoryMb: 400 };

const say = (text: string): void => console.error(text);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cases: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' }, json: { type: 'boolean', default: false }, only: { type: 'string', default: 'start,read,act,filed' } } });
  const rounds = Number(values.rounds);
  const parts = new Set(values.only.split(','));
  const dir = mkdtempSync(path.join(tmpdir(), 'szt-bench-'));
  const started = parts.has('start') ? await startAndRest(path.join(dir, 'start')) : null;
  if (started) say(`npm start: ready in ${started.readySeconds} s, entry page in ${started.entrySeconds} s; web ${started.webMb} MB, worker ${started.workerMb} MB`);

  const seen = parts.has('faces') ? await faces() : null;
  if (seen) say(`chat usable in ${seen.chatMs} ms; a turn shown in ${seen.turnMs.median} ms, p95 ${seen.turnMs.p95} ms; console: sign-in in ${seen.consoleMs.signIn} ms, queue in ${seen.consoleMs.queue} ms`);
  if (parts.size === 1 && seen) {
    if (values.json) console.log(JSON.stringify({ faces: seen }));
    return;
  }

  const engines = await startEngines({ dir, env: {} });
  const sites: Site[] = [];
  const compared: Compared[] = [];
  try {
    const open = parts.has('act') ? ACTS * 2 * (rounds + WARM_UP) : 0;
    for (const size of [SMALL, Number(values.cases)]) sites.push(await startSite({ name: `bench${size}`, size, open, dir, engines, say }));
    const filed = parts.has('filed') ? await filedToQueued(sites, 40) : [];
    for (const { cases, medianMs, p95Ms } of filed) say(`report filed -> in the queue, ${cases} cases: median ${medianMs} ms, p95 ${p95Ms} ms`);
    for (const plan of PLANS.filter(({ what }) => parts.has(what === 'act' ? 'act' : 'read'))) {
      // The follow-up work of a move is another process's; it is stopped while the handlers themselves are compared.
      const frozen = plan.what === 'act' ? sites.flatMap(({ system }) => system.workers) : [];
      for (const worker of frozen) process.kill(worker.pid!, 'SIGSTOP');
      const results = await compare(plan, sites, rounds);
      for (const worker of frozen) process.kill(worker.pid!, 'SIGCONT');
      compared.push(...results);
      for (const one of results) say(`${one.what}, ${one.cases} cases: ${one.productPerSecond}/s against ${one.barePerSecond}/s bare = ${one.ratio}; processor time ${one.productCpuMs} against ${one.bareCpuMs} ms; p50 ${one.productP50Ms} ms, p99 ${one.productP99Ms} ms${one.errors ? `, ${one.errors} ERRORS` : ''}`);
    }
    const growth = growthOf(compared, filed.map(({ cases, medianMs }) => ({ what: 'filed to queued', cases, cost: medianMs })));
    const aims = {
      ratios: compared.every(({ ratio }) => ratio >= AIMS.ratio), filed: filed.every(({ p95Ms }) => p95Ms < AIMS.filedP95Ms), growth: Object.values(growth).every((times) => times < AIMS.growth),
      ...(started ? { ready: started.readySeconds < AIMS.readySeconds, memory: started.webMb + started.workerMb < AIMS.memoryMb } : {}),
    };
    const errors = compared.reduce((sum, one) => sum + one.errors, 0);
    const result = { machine: `${cpus().length} cores, ${cpus()[0]?.model ?? ''}, shared`, rounds, started, faces: seen, compared, filed, growth, aims, errors, stored: sites.map(({ size, loadedSeconds }) => ({ size, loadedSeconds })) };
    if (values.json) console.log(JSON.stringify(result));
    else {
      console.log(`\ngrowth from ${SMALL} to ${values.cases} cases (cost): ${Object.entries(growth).map(([what, times]) => `${what} ${times}x`).join(', ')}`);
      console.log(`aims: ${Object.entries(aims).map(([what, met]) => `${what} ${met ? 'met' : 'MISSED'}`).join(', ')} (${result.machine})`);
    }
    process.exitCode = errors === 0 ? 0 : 1;
  } finally {
    await Promise.all(sites.map((site) => site.stop()));
    await engines.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** How many times dearer a thing is with the larger store. */
function growthOf(compared: readonly Compared[], more: readonly { what: string; cases: number; cost: number }[]): Record<string, number> {
  const all = [...compared.map(({ what, cases, productPerSecond }) => ({ what, cases, cost: 1 / productPerSecond })), ...more];
  return Object.fromEntries([...new Set(all.map(({ what }) => what))].map((what) => {
    const [small, large] = all.filter((one) => one.what === what).toSorted((a, b) => a.cases - b.cases);
    return [what, Number((large!.cost / small!.cost).toFixed(2))];
  }));
}

main().then(() => process.exit(), (error: unknown) => {
  console.error(error);
  process.exit(1);
});

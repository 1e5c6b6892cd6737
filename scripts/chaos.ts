import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos/run';
import { FAULTS } from './chaos/evidence';

/**
 * `npm run chaos -- --operations 2000 --seed 7 --json`: drives the main job under load on a system of its own while killing, freezing
 * and flushing its parts, then judges the database and the virtual phones. Exits 1 unless nothing is lost, doubled or misplaced.
 *
 * --operations  acknowledged moves and openings (default 2000)     --every  about so many of them for each stroke (default 30)
 * --seed        of all choices (default: the clock)                 --no-strokes  traffic alone      --keep  leave the data folder
 */
const say = (text: string): void => console.error(text);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      operations: { type: 'string', default: '2000' }, seed: { type: 'string' }, every: { type: 'string' }, json: { type: 'boolean', default: false },
      'no-strokes': { type: 'boolean', default: false }, keep: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const dir = mkdtempSync(path.join(tmpdir(), 'szt-chaos-'));
  say(`seed ${seed}`);
  const chaos = await runChaos({
    operations: Number(values.operations), seed, dir, say, strokes: !values['no-strokes'], ...(values.every ? { every: Number(values.every) } : {}),
  });
  const { result, verdict, journal } = chaos;
  await chaos.close();
  const bad = FAULTS.reduce((sum, kind) => sum + result.faults[kind], 0);
  const reached = result.acknowledged >= Number(values.operations);
  for (const kind of FAULTS) for (const example of verdict.faults[kind].slice(0, 8)) say(`${kind}: ${example}`);
  if (values.json) console.log(JSON.stringify({ seed, ...result, ok: bad === 0 && reached }));
  else {
    console.log(`\n${result.acknowledged} acknowledged writes of ${result.requests} requests (${result.retries} repeated) in ${result.seconds} s, seed ${seed}`);
    console.log(`strokes: ${Object.entries(result.strokes).map(([name, count]) => `${name} ${count}`).join(', ')}; quiet after ${result.quietAfterSeconds} s`);
    console.log(`checked: ${Object.entries(result.counts).map(([name, count]) => `${name} ${count}`).join(', ')}`);
    console.log(FAULTS.map((kind) => `${kind} ${result.faults[kind]}`).join(', '));
    console.log(bad === 0 && reached ? 'nothing lost, nothing doubled' : 'FAILED');
  }
  if (process.env['CHAOS_REFUSALS']) for (const [what, example] of journal.examples) say(`${result.refusals[what] ?? ''} ${what} ${example}`);
  if (values.keep || bad > 0) say(`data and logs are kept in ${dir}`);
  else rmSync(dir, { recursive: true, force: true });
  process.exit(bad === 0 && reached ? 0 : 1);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

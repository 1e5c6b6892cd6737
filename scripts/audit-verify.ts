/**
 * Verifies every hash chain: each case's timeline with the data it vouches for, the log of opened identities, and the log of exports. Prints counts;
 * names the first broken link and exits with 1 if there is one. Reads only; safe beside a running service.
 *
 *   npm run audit:verify -- [--json] [--head SEQ:HASH]
 *
 * `--head` is a head of the opening log noted outside earlier (this command prints it): a log cut short or rewritten since is
 * found by it. A person's receipt does the same for a case.
 */
import type { Case } from '../src/kernel/case';
import { firstBreak } from '../src/kernel/chain';
import { exportLog } from '../src/exports/log';
import { connectMongo } from '../src/store/mongo';
import { openingLog } from '../src/vault/openings';
import { operatorEnvironment } from './environment';

interface Broken { where: string; seq: number; reason: string }

async function main(): Promise<void> {
  const { MONGODB_URI, MONGODB_NAME, CITY } = operatorEnvironment(['MONGODB_URI']);
  const known = headOf(process.argv);
  const connection = await connectMongo(MONGODB_URI, MONGODB_NAME, { poolSize: 2 });
  try {
    let cases = 0;
    let lines = 0;
    let broken: Broken | null = null;
    let brokenChains = 0;
    // In the order of the index on (city, no), one at a time: memory does not grow with the city.
    for await (const c of connection.collection<Case>('cases').find({ city: CITY }).sort({ city: 1, no: 1 })) {
      cases += 1;
      lines += c.timeline.length;
      const found = firstBreak(c as unknown as Case);
      if (found) {
        brokenChains += 1;
        broken ??= { where: c.no, ...found };
      }
    }
    const log = openingLog(connection, CITY);
    const head = await log.head();
    const openings = await log.firstBreak(known);
    if (openings) {
      brokenChains += 1;
      broken ??= { where: 'openings', ...openings };
    }
    const exported = await exportLog(connection, CITY).firstBreak();
    if (exported) {
      brokenChains += 1;
      broken ??= { where: 'exports', ...exported };
    }
    report({ cases, lines, openingLines: head.seq, openingHead: `${head.seq}:${head.hash}`, brokenChains, firstBroken: broken });
    if (broken) process.exitCode = 1;
  } finally {
    await connection.close();
  }
}

function headOf(words: readonly string[]): { seq: number; hash: string } | undefined {
  if (!words.includes('--head')) return undefined;
  const match = /^(\d+):([0-9a-f]{64})$/.exec(words[words.indexOf('--head') + 1] ?? '');
  if (!match) throw new Error('--head needs SEQ:HASH as this command prints it');
  return { seq: Number(match[1]), hash: match[2]! };
}

function report(result: { cases: number; lines: number; openingLines: number; openingHead: string; brokenChains: number; firstBroken: Broken | null }): void {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(result));
    return;
  }
  const { cases, lines, openingLines, openingHead, brokenChains, firstBroken } = result;
  console.log(`${cases} cases with ${lines} lines, ${openingLines} lines of the opening log (head ${openingHead})`);
  console.log(firstBroken ? `BROKEN: ${brokenChains} chains; first ${firstBroken.where}, line ${firstBroken.seq}: ${firstBroken.reason}` : 'every chain verifies');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

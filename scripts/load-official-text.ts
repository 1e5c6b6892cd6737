/**
 * Loads the official text of the measures, so that answers can quote it: a UTF-8 or GB18030 text file, 第一条 to 第二十条.
 * Refuses a file with missing or unknown articles and names them.
 *
 *   node dist/scripts/load-official-text.js FILE                          into the embedded engine's .data (system stopped)
 *   MONGODB_URI=… MONGODB_DB=… node dist/scripts/load-official-text.js FILE   into a server, or a system that is running
 */
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { Refusal } from '../src/kernel/refusal';
import { createOfficialTextStore } from '../src/rulebook/official-text';
import { CITY } from '../src/rulebook/places';
import { connectMongo } from '../src/store/mongo';
import { startEngines } from './engines';

async function main(): Promise<void> {
  const file = process.argv[2];
  if (!file) throw new Error('usage: load-official-text FILE');
  const bytes = await readFile(file);
  const engines = await startEngines({ dir: process.env.DATA_DIR ?? '.data', redis: false });
  try {
    const connection = await connectMongo(engines.mongodbUri, process.env.MONGODB_DB ?? 'shuzhuantong', { poolSize: 2 });
    try {
      const store = createOfficialTextStore({ connection, city: process.env.CITY ?? CITY.code, clock: () => new Date() });
      const loaded = await store.load({ name: basename(file), bytes }, { person: `operator:${userInfo().username}` });
      console.log(JSON.stringify(loaded));
    } finally {
      await connection.close();
    }
  } finally {
    await engines.stop();
  }
}

main().catch((error: Error) => {
  console.error(error instanceof Refusal ? error.detail : error.message);
  process.exitCode = 1;
});

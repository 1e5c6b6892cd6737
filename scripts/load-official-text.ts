/**
 * Loads the official text of the measures, so that answers can quote it: a UTF-8 or GB18030 text file, 第一条 to 第二十条.
 * Refuses a file with missing or unknown articles and names them. The service quotes it within seconds, without a restart.
 *
 *   node dist/scripts/load-official-text.js FILE
 *
 * into the system running from DATA_DIR (`npm start`), or its embedded engine when it is stopped; MONGODB_URI, MONGODB_NAME and
 * CITY name a server as for the service itself.
 */
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { Refusal } from '../src/kernel/refusal';
import { createOfficialTextStore } from '../src/rulebook/official-text';
import { openDatabase } from './database';

async function main(): Promise<void> {
  const file = process.argv[2];
  if (!file) throw new Error('usage: load-official-text FILE');
  const bytes = await readFile(file);
  const database = await openDatabase();
  try {
    const store = createOfficialTextStore({ connection: database.connection, city: database.city, clock: () => new Date() });
    console.log(JSON.stringify(await store.load({ name: basename(file), bytes }, { person: `operator:${userInfo().username}` })));
  } finally {
    await database.close();
  }
}

main().catch((error: Error) => {
  console.error(error instanceof Refusal ? error.detail : error.message);
  process.exitCode = 1;
});

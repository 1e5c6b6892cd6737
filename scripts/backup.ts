/**
 * Copies the whole database, evidence included, into a new folder. Safe beside a running service.
 *
 *   npm run backup -- DIR [--keys KEYSDIR]
 *
 * Which database: MONGODB_URI and MONGODB_NAME, or the system of DATA_DIR. The identities' data keys go to KEYSDIR (default
 * DIR-keys) and are overwritten there: keep that folder elsewhere, and only its latest state, so that an erased identity stays
 * erased in every older backup. The vault's own key ring (VAULT_KEYS) is in neither; without it nothing sealed can be opened.
 */
import path from 'node:path';
import { dump } from './backup/dump';
import { openDatabase } from './database';

async function main(): Promise<void> {
  const [dir, flag, keysDir] = process.argv.slice(2);
  if (!dir || dir.startsWith('--') || (flag !== undefined && (flag !== '--keys' || !keysDir))) throw new Error('usage: backup DIR [--keys KEYSDIR]');
  const database = await openDatabase();
  try {
    const manifest = await dump(database.connection, { dir: path.resolve(dir), keysDir: path.resolve(keysDir ?? `${dir}-keys`), clock: () => new Date() });
    const documents = Object.fromEntries(Object.entries(manifest.collections).map(([name, { count }]) => [name, count]));
    console.log(JSON.stringify({ dir, consistent: manifest.consistent, newest: manifest.newest, documents }));
    if (!manifest.consistent) throw new Error('the cases never stood still while they were read: take the backup again at a quieter hour');
  } finally {
    await database.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

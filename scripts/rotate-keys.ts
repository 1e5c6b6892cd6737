/**
 * Seals every vault and people field anew under the current key of the ring; safe beside a running service, may be stopped
 * and started again. Prints one JSON line of counts for each collection.
 *
 *   VAULT_KEYS='{"current":"k2","index":"k1","keys":{"k1":"…","k2":"…"}}' MONGODB_URI=… node dist/scripts/rotate-keys.js [--retire k1]
 *
 * `--retire` afterwards lets the named key leave the ring, where nothing is left under it. The index key stays: blind
 * indexes do not rotate.
 */
import { parseKeyRing } from '../src/vault/crypto';
import { checkKeys, retireKey } from '../src/vault/check';
import { rotate } from '../src/vault/rotation';
import { connectMongo } from '../src/store/mongo';

async function main(): Promise<void> {
  const { MONGODB_URI, MONGODB_NAME, VAULT_KEYS } = process.env;
  if (!MONGODB_URI || !MONGODB_NAME || !VAULT_KEYS) throw new Error('needs MONGODB_URI, MONGODB_NAME and VAULT_KEYS');
  const retired = process.argv.includes('--retire') ? process.argv[process.argv.indexOf('--retire') + 1] : undefined;
  const keys = parseKeyRing(VAULT_KEYS);
  if (retired !== undefined && (retired === keys.currentId || retired === keys.indexId)) {
    throw new Error(`"${retired}" is in use as the current or the index key`);
  }
  const connection = await connectMongo(MONGODB_URI, MONGODB_NAME, { poolSize: 2 });
  try {
    await checkKeys(connection, keys);
    const counts = await rotate(connection, keys);
    for (const count of counts) console.log(JSON.stringify(count));
    const unfinished = counts.some(({ skipped, failed }) => skipped > 0 || failed.length > 0);
    if (unfinished) throw new Error('some fields were not sealed anew: run again, look at those that failed');
    if (retired !== undefined) await retireKey(connection, retired);
  } finally {
    await connection.close();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});

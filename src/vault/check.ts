import { createHmac } from 'node:crypto';
import type { Connection } from 'mongoose';
import { sameSecret, type KeyRing } from './crypto';

interface KeyCheck {
  /** A key's id, or 'index' for the root of the blind indexes. */
  _id: string;
  fingerprint: string;
}

const checks = (connection: Connection) => connection.collection<KeyCheck>('keyChecks');

/** Says nothing about the key, and differs for every other key. */
const fingerprint = (keys: KeyRing, keyId: string): string =>
  createHmac('sha256', keys.derive('key-check', keyId)).update('szt').digest('base64url');

/**
 * Compares the ring with the keys this database was written with, and notes new ones. Without it a wrong key would show
 * only when the first identity fails to open, and a moved index key as look-ups that silently find nothing.
 * @throws Error at start: a key is missing, differs, or the index key changed
 */
export async function checkKeys(connection: Connection, keys: KeyRing): Promise<void> {
  const expected = new Map(keys.ids.map((id) => [`key:${id}`, fingerprint(keys, id)]));
  expected.set('index', fingerprint(keys, keys.indexId));
  for (const known of await checks(connection).find({}).toArray()) {
    const found = expected.get(known._id);
    const name = known._id.replace(/^key:/, '');
    if (found === undefined) throw new Error(`vault keys: "${name}" is missing but this database still uses it (rotate first, then retire it)`);
    if (!sameSecret(found, known.fingerprint)) throw new Error(`vault keys: "${name}" is not the key this database was written with`);
    expected.delete(known._id);
  }
  for (const [_id, value] of expected) {
    // Several processes start at once; the first one's note stands.
    const kept = await checks(connection).findOneAndUpdate({ _id }, { $setOnInsert: { fingerprint: value } }, { upsert: true, returnDocument: 'after' });
    if (kept && !sameSecret(kept.fingerprint, value)) throw new Error(`vault keys: "${_id}" is not the key this database was written with`);
  }
}

/** Forgets a key that nothing is sealed under any more, so that it may leave the ring. */
export async function retireKey(connection: Connection, keyId: string): Promise<void> {
  await checks(connection).deleteOne({ _id: `key:${keyId}` });
}

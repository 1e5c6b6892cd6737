import type { Connection } from 'mongoose';
import { contextOf, SEALED, type KeyRing } from './crypto';

/** Collections with sealed fields. Each value was sealed for `collection.field.id`: a dotted path, and the record's id. */
export const SEALED_COLLECTIONS = ['identityKeys', 'files', 'people', 'invitations', 'pilotEntries'] as const;

export interface RotationCount {
  collection: string;
  read: number;
  resealed: number;
  /** Changed by somebody else in the meantime; the next run takes them. */
  skipped: number;
  /** Sealed for another place or under a key that is not in the ring. Nothing is changed; the ids are printed. */
  failed: string[];
}

/**
 * Seals every field anew under the current key. Safe beside a running service, and to stop and start again at any point:
 * what is done shows in the values themselves, each write is guarded by the value it replaces.
 */
export async function rotate(
  connection: Connection, keys: KeyRing, collections: readonly string[] = SEALED_COLLECTIONS,
): Promise<RotationCount[]> {
  const counts: RotationCount[] = [];
  for (const name of collections) counts.push(await rotateCollection(connection, keys, name));
  return counts;
}

async function rotateCollection(connection: Connection, keys: KeyRing, name: string): Promise<RotationCount> {
  const collection = connection.collection(name);
  const count: RotationCount = { collection: name, read: 0, resealed: 0, skipped: 0, failed: [] };
  for await (const record of collection.find({}).sort({ _id: 1 })) {
    count.read += 1;
    const id = String(record.id ?? record._id);
    for (const [field, value] of sealedFields(record, keys)) {
      if (!keys.isStale(value)) continue;
      let fresh: string;
      try {
        fresh = keys.reseal(value, contextOf(name, field, id));
      } catch {
        count.failed.push(`${field} of ${id}`);
        continue;
      }
      const { modifiedCount } = await collection.updateOne({ _id: record._id, [field]: value }, { $set: { [field]: fresh } });
      if (modifiedCount === 1) count.resealed += 1;
      else count.skipped += 1;
    }
  }
  return count;
}

/** All sealed values of a record by dotted path. Values under a data key of their own name no key of the ring: left alone. */
function sealedFields(record: object, keys: KeyRing, path = ''): [field: string, value: string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    const at = path ? `${path}.${name}` : name;
    if (typeof value === 'string') {
      const keyId = SEALED.exec(value)?.[1];
      return keyId !== undefined && keys.ids.includes(keyId) ? [[at, value]] : [];
    }
    const isPlain = Array.isArray(value) || (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
    return isPlain ? sealedFields(value, keys, at) : [];
  });
}

import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import mongoose, { type Connection } from 'mongoose';
import type { Case } from '../../src/kernel/case';
import { firstBreak } from '../../src/kernel/chain';
import { APART, FORMAT, KEYS_MANIFEST, MANIFEST, type FileNote, type KeysManifest, type Manifest } from './format';

const { EJSON } = mongoose.mongo.BSON;
/** Documents at once; chunks of files are a quarter of a megabyte each. */
const BATCH = 100;

export interface Restored {
  collections: Record<string, number>;
  /** When the last case of the backup changed: everything after it has to be looked for elsewhere. */
  newest: Date | null;
  gapSeconds: number | null;
  cases: number;
  /** Numbers of cases whose chain does not hold, with the place. */
  broken: { no: string; seq: number; reason: string }[];
  pending: number;
  /** Identities without a key: erased since the backup, or restored without keys. */
  sealedForGood: number;
}

/**
 * Brings a backup into an empty database. Hashes are checked before anything is written; afterwards counts and every case's chain.
 * @param keysDir the latest keys, which may be younger than the backup; null leaves the identities sealed for good
 */
export async function load(connection: Connection, { dir, keysDir, clock }: { dir: string; keysDir: string | null; clock: () => Date }): Promise<Restored> {
  const db = connection.db!;
  const manifest = await manifestOf<Manifest>(path.join(dir, MANIFEST));
  const keys = keysDir === null ? null : await manifestOf<KeysManifest>(path.join(keysDir, KEYS_MANIFEST));
  await refuseUnlessEmpty();
  const sources = [
    ...Object.entries(manifest.collections).map(([name, note]) => ({ name, note, file: path.join(dir, `${name}.jsonl`) })),
    ...Object.entries(keys?.collections ?? {}).map(([name, note]) => ({ name, note, file: path.join(keysDir!, `${name}.jsonl`) })),
  ];
  for (const { file, note } of sources) await check(file, note);

  const collections: Record<string, number> = {};
  for (const { name, note, file } of sources) collections[name] = await fill(name, note, file);
  const { broken, cases, newest } = await audit();
  return {
    collections, newest, cases, broken, gapSeconds: newest && Math.round((clock().getTime() - newest.getTime()) / 1000),
    pending: await db.collection('cases').countDocuments({ 'outbox.at': { $gt: new Date(0) } }),
    sealedForGood: await withoutKey(),
  };

  async function refuseUnlessEmpty(): Promise<void> {
    for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
      if (!name.startsWith('system.') && (await db.collection(name).findOne({}, { projection: { _id: 1 } }))) {
        throw new Error(`the database ${db.databaseName} is not empty (${name}): a backup is restored into an empty one only, with the service stopped`);
      }
    }
  }

  async function fill(name: string, note: FileNote, file: string): Promise<number> {
    const collection = db.collection(name);
    for (const { key, ...options } of note.indexes) await collection.createIndex(key as Record<string, 1>, options);
    let batch: object[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      // By id, so that a case's last line holds.
      await collection.bulkWrite(batch.map((doc) => ({ replaceOne: { filter: { _id: (doc as { _id: never })._id }, replacement: doc, upsert: true } })), { ordered: true });
      batch = [];
    };
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      batch.push(EJSON.parse(line, { relaxed: false }) as object);
      if (batch.length >= BATCH) await flush();
    }
    await flush();
    const count = await collection.countDocuments({});
    if (name === 'cases' ? count > note.count : count !== note.count) throw new Error(`${name}: ${count} documents after restoring ${note.count}`);
    return count;
  }

  async function audit(): Promise<Pick<Restored, 'broken' | 'cases' | 'newest'>> {
    const broken: Restored['broken'] = [];
    let cases = 0;
    let newest: Date | null = null;
    for await (const c of db.collection<Case>('cases').find({})) {
      cases += 1;
      if (!newest || c.updatedAt > newest) newest = c.updatedAt;
      const found = firstBreak(c);
      if (found) broken.push({ no: c.no, ...found });
    }
    return { broken, cases, newest };
  }

  async function withoutKey(): Promise<number> {
    let count = 0;
    for await (const { id } of db.collection<{ id: string }>('identities').find({ sealed: { $exists: true } }, { projection: { id: 1 } })) {
      if (!(await db.collection<{ _id: string }>(APART[0]!).findOne({ _id: id }, { projection: { _id: 1 } }))) count += 1;
    }
    return count;
  }
}

async function manifestOf<T extends { format: string }>(file: string): Promise<T> {
  if (!existsSync(file)) throw new Error(`${file} is missing: no backup, or one that was stopped half-way`);
  const manifest = JSON.parse(await readFile(file, 'utf8')) as T;
  if (manifest.format !== FORMAT) throw new Error(`${file} is of another format: ${manifest.format}`);
  return manifest;
}

async function check(file: string, { sha256 }: FileNote): Promise<void> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  if (hash.digest('hex') !== sha256) throw new Error(`${file} was altered or cut off: its hash is not the manifest's. Nothing was restored.`);
}

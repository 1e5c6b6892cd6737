import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import mongoose, { type Connection } from 'mongoose';
import { APART, FORMAT, KEYS_MANIFEST, LEFT_OUT, MANIFEST, type FileNote, type Manifest } from './format';

const { EJSON } = mongoose.mongo.BSON;
/** Exact types: a date, a 64-bit number or a byte string comes back as what it was. */
const AS_STORED = { promoteValues: false, promoteLongs: false, promoteBuffers: false } as const;
/** Reading the cases takes a while, in which they go on. Each pass takes what changed since the one before. */
const PASSES = 5;
/** Clocks of processes differ; a change is looked for from this much earlier. */
const MARGIN_MS = 10_000;

interface Dumping {
  dir: string;
  keysDir: string;
  clock: () => Date;
  /** Between two passes, so that the next finds less. */
  rest?: () => Promise<void>;
}

const restAWhile = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, MARGIN_MS + 1000); });

/**
 * Writes every collection, GridFS included, to a new folder as lines of canonical EJSON with a manifest of counts, hashes and
 * indexes. Cases first and then anew until none changed meanwhile: what they name (files, identities) is then in the later
 * collections, and follow-up work noted as pending is at worst done twice, which changes nothing.
 * @param keysDir where the identities' data keys go; without them no identity of the backup can be opened
 */
export async function dump(connection: Connection, { dir, keysDir, clock, rest = restAWhile }: Dumping): Promise<Manifest> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty: a backup goes into a folder of its own`);
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  const db = connection.db!;
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name).filter((name) => !name.startsWith('system.') && !LEFT_OUT.includes(name));
  const order = [...names.filter((name) => name === 'cases'), ...names.filter((name) => name !== 'cases').toSorted()];

  const startedAt = clock();
  const files: Record<string, FileNote> = {};
  const keyFiles: Record<string, FileNote> = {};
  let consistent = true;
  for (const name of order) {
    const apart = APART.includes(name);
    const out = lines(path.join(apart ? keysDir : dir, `${name}.jsonl`));
    await copy(name, {}, out);
    if (name === 'cases') consistent = await catchUp(out);
    (apart ? keyFiles : files)[name] = { ...await out.end(), indexes: await indexesOf(name) };
  }
  const manifest: Manifest = { format: FORMAT, database: db.databaseName, startedAt, endedAt: clock(), newest: await newest(), consistent, collections: files };
  await writeFile(path.join(keysDir, KEYS_MANIFEST), JSON.stringify({ format: FORMAT, takenAt: clock(), collections: keyFiles }, null, 2), { mode: 0o600 });
  // Last: a folder without a manifest is no backup.
  await writeFile(path.join(dir, MANIFEST), JSON.stringify(manifest, null, 2), { mode: 0o600 });
  return manifest;

  async function copy(name: string, filter: object, out: Lines): Promise<number> {
    let count = 0;
    for await (const doc of db.collection(name).find(filter, AS_STORED)) {
      await out.write(EJSON.stringify(doc, undefined, 0, { relaxed: false }));
      count += 1;
    }
    return count;
  }

  /** Later lines of the same case win. @returns whether a pass found nothing new */
  async function catchUp(out: Lines): Promise<boolean> {
    let since = startedAt;
    for (let pass = 1; ; pass += 1) {
      const from = new Date(since.getTime() - MARGIN_MS);
      since = clock();
      if ((await copy('cases', { updatedAt: { $gte: from } }, out)) === 0) return true;
      if (pass === PASSES) return false;
      await rest();
    }
  }

  async function indexesOf(name: string): Promise<Record<string, unknown>[]> {
    const found = await db.collection(name).listIndexes().toArray();
    return found.filter((index) => index['name'] !== '_id_').map(({ v: _v, ns: _ns, ...index }) => index);
  }

  /** When the last thing happened that is in the backup. */
  async function newest(): Promise<Date | null> {
    const last = await db.collection('cases').findOne({}, { sort: { updatedAt: -1 }, projection: { updatedAt: 1 } });
    return (last?.['updatedAt'] as Date | undefined) ?? null;
  }
}

interface Lines {
  write(line: string): Promise<void>;
  end(): Promise<{ count: number; sha256: string }>;
}

function lines(file: string): Lines {
  const stream: WriteStream = createWriteStream(file, { mode: 0o600 });
  const failed = once(stream, 'error').then(([error]) => { throw error as Error; });
  failed.catch(() => undefined);
  const hash = createHash('sha256');
  let count = 0;
  return {
    async write(line) {
      hash.update(line).update('\n');
      count += 1;
      if (!stream.write(`${line}\n`)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async end() {
      stream.end();
      await Promise.race([once(stream, 'finish'), failed]);
      return { count, sha256: hash.digest('hex') };
    },
  };
}

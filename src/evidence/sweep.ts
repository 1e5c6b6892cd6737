import type { Connection } from 'mongoose';
import type { blobStore } from './blobs';
import type { ScanState, StoredFile } from './record';

/** A file nobody attached to a case, or that never arrived whole, is removed after this. */
export const UNUSED_AFTER_MS = 24 * 60 * 60_000;
const BATCH = 500;
const RESCANS = 20;

interface SweepDeps {
  files: ReturnType<typeof collectionOf>;
  blobs: ReturnType<typeof blobStore>;
  clock: () => Date;
  city: string;
  caseExists?: (caseNo: string) => Promise<boolean>;
  rescan?: (file: StoredFile) => Promise<ScanState>;
}

const collectionOf = (connection: Connection) => connection.collection<StoredFile>('files');

/** Removal: by neglect, by half-way crashes, and of a whole case when its time is over. */
export function sweeper({ files, blobs, clock, city, caseExists, rescan }: SweepDeps) {
  /** Marks first, then bytes, then entry: stopped anywhere, the next sweep goes on. Nobody attaches a marked file. */
  async function remove(file: StoredFile, guard: Partial<Pick<StoredFile, 'caseNo' | 'state'>>): Promise<boolean> {
    const marked = await files.findOneAndUpdate({ city, id: file.id, ...guard }, { $set: { state: 'removing' }, $unset: { dataKey: '', name: '' } });
    if (!marked) return false;
    await blobs.remove(file.originalId);
    await blobs.remove(file.servedId);
    await files.deleteOne({ city, id: file.id, state: 'removing' });
    return true;
  }

  /** Every hour or so. Bounded work; what is left over is for the next time. */
  async function sweep(): Promise<{ removed: number; rescanned: number; infected: number }> {
    const before = { $lt: new Date(clock().getTime() - UNUSED_AFTER_MS) };
    let removed = 0;
    for (const state of ['removing', 'storing'] as const) {
      for (const file of await files.find({ city, state, createdAt: before }).limit(BATCH).toArray()) removed += Number(await remove(file, { state }));
    }
    for (const file of await files.find({ city, caseNo: null, createdAt: before }).limit(BATCH).toArray()) removed += Number(await remove(file, { caseNo: null }));
    if (caseExists) removed += await removeOrphans(caseExists);
    const { rescanned, infected } = rescan ? await scanAgain(rescan) : { rescanned: 0, infected: 0 };
    return { removed, rescanned, infected };
  }

  /** Files given to a case that never came to be; looked for among those one to three days old. */
  async function removeOrphans(exists: (caseNo: string) => Promise<boolean>): Promise<number> {
    const now = clock().getTime();
    const window = { $gte: new Date(now - 3 * UNUSED_AFTER_MS), $lt: new Date(now - UNUSED_AFTER_MS) };
    let removed = 0;
    for await (const file of files.find({ city, state: 'ready', createdAt: window })) {
      if (file.caseNo !== null && !(await exists(file.caseNo))) removed += Number(await remove(file, { caseNo: file.caseNo }));
    }
    return removed;
  }

  async function scanAgain(again: (file: StoredFile) => Promise<ScanState>): Promise<{ rescanned: number; infected: number }> {
    const count = { rescanned: 0, infected: 0 };
    for (const file of await files.find({ city, scan: 'unscanned', state: 'ready' }).sort({ createdAt: 1 }).limit(RESCANS).toArray()) {
      const scan = await again(file);
      if (scan === 'unscanned') continue;
      await files.updateOne({ city, id: file.id }, { $set: { scan } });
      count.rescanned += 1;
      count.infected += Number(scan === 'infected');
    }
    return count;
  }

  /** Erases all files of a case (retention); the data keys go first. @returns how many */
  async function eraseCase(caseNo: string): Promise<number> {
    let erased = 0;
    for (const file of await files.find({ city, caseNo }).toArray()) erased += Number(await remove(file, { caseNo }));
    return erased;
  }

  return { sweep, eraseCase };
}

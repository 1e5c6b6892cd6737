import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Connection } from 'mongoose';
import { within } from '../kernel/patience';
import { Refusal } from '../kernel/refusal';
import { contextOf, type KeyRing } from '../vault/crypto';
import { blobStore, newBlobId, sha256 } from './blobs';
import { gate } from './gate';
import { KINDS, LIMITS, type Limits } from './kinds';
import { linkSigner } from './links';
import { attachment, shownName } from './names';
import type { FileRecord, ScanState, StoredFile } from './record';
import { holdsTestVirus, type Scanner } from './scanner';
import { sniff } from './sniff';
import { servedCopy } from './strip';
import { sweeper } from './sweep';
import { readZip } from './zip';

/** Files cleaned at the same time in one process. */
const AT_ONCE = 2;
/** An answer the database lost must not keep everybody else's files waiting; what was given up is swept as half-stored. */
const STORE_MS = 30_000;
/** A file attached to a case that never came to be (a crash, a refusal later on) may be attached again after this. */
export const REATTACH_AFTER_MS = 60_000;
export const FILE_ID = /^[A-Za-z0-9_-]{22}$/;

export interface EvidenceDeps {
  connection: Connection;
  keys: KeyRing;
  clock: () => Date;
  city: string;
  limits?: Partial<Limits>;
  /** Absent: files are marked `unscanned`. */
  scanner?: Scanner;
  log: { warn(data: object, message: string): void; error(data: object, message: string): void };
  /** Whether a case with this number is stored; without it, what is attached once stays attached. */
  caseExists?: (caseNo: string) => Promise<boolean>;
}

/** What a served file is sent with. */
export interface Served {
  headers: Record<string, string>;
  body: Buffer;
}

/**
 * Evidence files. What comes in is known by its content, limited, hashed and kept sealed as it was; what goes out is a copy
 * made anew without metadata, checked against its hash each time, under links for one session.
 */
export function createEvidence(deps: EvidenceDeps) {
  const { connection, keys, clock, city, scanner, log, caseExists } = deps;
  const limits: Limits = { ...LIMITS, ...deps.limits };
  const files = connection.collection<StoredFile>('files');
  const blobs = blobStore(connection);
  const links = linkSigner(keys, clock);
  const through = gate(AT_ONCE);

  /** Indexes; call once at start. */
  async function prepare(): Promise<void> {
    await files.createIndex({ city: 1, id: 1 }, { unique: true });
    // What does a case hold? What has this person not used yet? What did nobody use?
    await files.createIndex({ city: 1, caseNo: 1, createdAt: 1 });
    await files.createIndex({ city: 1, uploader: 1, caseNo: 1 });
    // What was left half-way? What is still to be scanned?
    await files.createIndex({ city: 1, state: 1, createdAt: 1 });
    await files.createIndex({ city: 1, scan: 1, createdAt: 1 });
  }

  /**
   * Takes a file in. It belongs to its uploader until it is attached to a case, for 24 hours.
   * @param uploader the person, as in `actor.person`
   * @throws Refusal TOO_LARGE, UNSUPPORTED_TYPE, INFECTED, TOO_MANY
   */
  async function upload(content: Readable | Buffer, { name, uploader }: { name: string; uploader: string }): Promise<FileRecord> {
    const pending = await files.countDocuments({ city, uploader, caseNo: null });
    if (pending >= limits.maxPending) throw new Refusal('TOO_MANY', { detail: `最多可有${limits.maxPending}个未提交的文件，请先提交已上传的材料` });
    const bytes = Buffer.isBuffer(content) ? content : await collect(content, limits.maxBytes);
    if (bytes.length > limits.maxBytes) throw tooLarge(limits.maxBytes);
    return through(() => within(STORE_MS, 'storing a file', store(bytes, name, uploader)));
  }

  async function store(bytes: Buffer, name: string, uploader: string): Promise<FileRecord> {
    if (holdsTestVirus(bytes)) throw infected(uploader);
    const kind = await sniff(bytes);
    const isArchive = kind === 'docx' || kind === 'xlsx';
    if (isArchive && [...readZip(bytes, limits).values()].some(holdsTestVirus)) throw infected(uploader);
    const served = await servedCopy(bytes, kind, limits);
    const scan = await scanned(bytes);
    if (scan === 'infected') throw infected(uploader);

    const id = randomBytes(16).toString('base64url');
    const dataKey = randomBytes(32);
    const file: StoredFile = {
      id, city, kind, scan, uploader, state: 'storing', caseNo: null, showsName: false, createdAt: clock(),
      name: keys.encrypt(shownName(name, KINDS[kind].extension), contextOf('files', 'name', id)),
      dataKey: keys.encrypt(dataKey, contextOf('files', 'dataKey', id)),
      size: bytes.length, sha256: sha256(bytes), servedSize: served.length, servedSha256: sha256(served),
      originalId: newBlobId(), servedId: newBlobId(),
    };
    // The entry first: whatever a crash leaves of the bytes is then found by the sweep.
    await files.insertOne({ ...file });
    await blobs.put(file.originalId, bytes, dataKey, contextOf('files', 'original', id));
    await blobs.put(file.servedId, served, dataKey, contextOf('files', 'served', id));
    await files.updateOne({ city, id, state: 'storing' }, { $set: { state: 'ready' } });
    return recordOf(file, uploader);
  }

  async function scanned(bytes: Buffer): Promise<ScanState> {
    if (!scanner) return 'unscanned';
    try {
      return await scanner(bytes);
    } catch (error) {
      // Evidence must not be lost because a scanner is away; the sweep asks again.
      log.warn({ error: (error as Error).message }, 'evidence: scanner gave no verdict');
      return 'unscanned';
    }
  }

  function infected(uploader: string): Refusal {
    log.warn({ uploader }, 'evidence: malicious file refused');
    return new Refusal('INFECTED');
  }

  const find = (id: unknown) =>
    (typeof id === 'string' && FILE_ID.test(id) ? files.findOne({ city, id, state: 'ready' }) : Promise.resolve(null));

  /**
   * Gives the uploader's own files to one case. Repeating it changes nothing; a file goes to one case only.
   * @param field the form's field, named in the refusal with the position in the list
   * @param showsName other readers of the case see the uploader's file name; not for reports, where it may tell who they are
   * @throws Refusal INVALID naming each file that is not there, not theirs, or given to another case: one sentence for all
   */
  async function attach(
    fileIds: readonly string[], { caseNo, uploader, field = 'files', showsName = false }: { caseNo: string; uploader: string; field?: string; showsName?: boolean },
  ): Promise<FileRecord[]> {
    const found = await Promise.all(fileIds.map(find));
    const usable = await Promise.all(found.map(async (file) => file?.uploader === uploader && file.scan !== 'infected' && (await isFree(file, caseNo))));
    refuseUnless(usable, field);
    const now = clock();
    const taken: StoredFile[] = [];
    // One order for everybody: of two cases that want the same files, the one with the first gets all.
    for (const file of (found as StoredFile[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const free = { city, id: file.id, state: 'ready' as const, uploader, caseNo: { $in: [file.caseNo, caseNo] } };
      const given = await files.findOneAndUpdate(free, { $set: { caseNo, attachedAt: now, field, showsName } }, { returnDocument: 'after' });
      if (!given) break;
      taken.push(given);
    }
    // Another case took one in between: what this call took goes back.
    if (taken.length < found.length) {
      const mine = taken.filter(({ id }) => found.some((file) => file!.id === id && file!.caseNo !== caseNo)).map(({ id }) => id);
      await files.updateMany({ city, id: { $in: mine }, caseNo, attachedAt: now }, { $set: { caseNo: null } });
      refuseUnless(found.map((file) => taken.some(({ id }) => id === file!.id)), field);
    }
    return fileIds.map((id) => recordOf(taken.find((file) => file.id === id)!, uploader));
  }

  async function isFree(file: StoredFile, caseNo: string): Promise<boolean> {
    if (file.caseNo === null || file.caseNo === caseNo) return true;
    const rests = clock().getTime() - (file.attachedAt?.getTime() ?? 0) > REATTACH_AFTER_MS;
    return rests && caseExists !== undefined && !(await caseExists(file.caseNo));
  }

  /** Whether a file exists, is this person's own, and belongs to no case yet. */
  async function mayAttach(person: string, id: string): Promise<boolean> {
    const file = await find(id);
    return file?.uploader === person && file.caseNo === null && file.scan !== 'infected';
  }

  /** A file's metadata as a viewer sees it, or null. Whether they may is the caller's to ask. */
  async function get(id: string, viewer: string): Promise<FileRecord | null> {
    const file = await find(id);
    return file && recordOf(file, viewer);
  }

  /** What a case holds, oldest first. */
  async function ofCase(caseNo: string, viewer: string): Promise<FileRecord[]> {
    const held = await files.find({ city, caseNo, state: 'ready' }).sort({ createdAt: 1 }).toArray();
    return held.map((file) => recordOf(file, viewer));
  }

  /** A link for five minutes, good for this file and this session only. */
  function linkFor(fileId: string, session: string): { url: string; expiresAt: Date } {
    const { token, expiresAt } = links.sign(fileId, session);
    return { url: `/files/${fileId}?token=${token}`, expiresAt };
  }

  /**
   * The served copy, checked against its hash.
   * @throws Refusal LINK_EXPIRED (wrong in any way), NOT_FOUND, INFECTED, DAMAGED
   */
  async function serve(fileId: string, token: string, session: string, viewer: string): Promise<Served> {
    if (!links.isValid(token, fileId, session)) throw new Refusal('LINK_EXPIRED');
    const file = await find(fileId);
    if (!file) throw new Refusal('NOT_FOUND');
    if (file.scan === 'infected') throw new Refusal('INFECTED');
    const body = await blobs.get(file.servedId, dataKeyOf(file), contextOf('files', 'served', file.id), file.servedSha256);
    if (!body) throw damaged(file, 'served');
    return { headers: headersFor(recordOf(file, viewer)), body };
  }

  function damaged(file: StoredFile, which: string): Refusal {
    log.error({ file: file.id, caseNo: file.caseNo, which }, 'evidence: stored bytes do not match their hash');
    return new Refusal('DAMAGED');
  }

  /** Whether original and served copy are still what they were when handed in. The original itself never leaves. */
  async function verify(fileId: string): Promise<{ original: boolean; served: boolean }> {
    const file = await find(fileId);
    if (!file) throw new Refusal('NOT_FOUND');
    const key = dataKeyOf(file);
    const original = await blobs.get(file.originalId, key, contextOf('files', 'original', file.id), file.sha256);
    const served = await blobs.get(file.servedId, key, contextOf('files', 'served', file.id), file.servedSha256);
    if (!original) damaged(file, 'original');
    if (!served) damaged(file, 'served');
    return { original: original !== null, served: served !== null };
  }

  const dataKeyOf = (file: StoredFile): Buffer => keys.decryptBytes(file.dataKey, contextOf('files', 'dataKey', file.id));

  function recordOf(file: StoredFile, viewer: string): FileRecord {
    const { id, uploader, size, sha256: hash, scan, createdAt, caseNo, field, kind } = file;
    const isOpen = viewer === uploader || file.showsName;
    const neutral = `材料-${sha256(Buffer.from(id)).slice(0, 6).toUpperCase()}.${KINDS[kind].extension}`;
    return {
      id, city, size, sha256: hash, uploader, scan, createdAt, mime: KINDS[kind].mime,
      name: isOpen ? keys.decrypt(file.name, contextOf('files', 'name', id)) : neutral,
      ...(caseNo !== null ? { caseNo } : {}), ...(field !== undefined ? { field } : {}),
    };
  }

  const { sweep, eraseCase } = sweeper({ files, blobs, clock, city, caseExists, rescan: scanner && (async (file) => {
    const original = await blobs.get(file.originalId, dataKeyOf(file), contextOf('files', 'original', file.id), file.sha256);
    return original ? scanned(original) : 'unscanned';
  }) });

  return { limits, prepare, upload, attach, mayAttach, get, ofCase, linkFor, serve, verify, sweep, eraseCase };
}

export type Evidence = ReturnType<typeof createEvidence>;

const headersFor = ({ name, mime }: FileRecord): Record<string, string> => ({
  'Content-Type': mime,
  'Content-Disposition': attachment(name),
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private, no-store',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-site',
  // The address holds a token.
  'Referrer-Policy': 'no-referrer',
});

function refuseUnless(usable: readonly boolean[], field: string): void {
  const message = '该文件不存在、已被使用或不属于您，请重新上传';
  const faults = usable.flatMap((ok, index) => (ok ? [] : [{ field: `${field}.${index}`, message }]));
  if (faults.length > 0) throw new Refusal('INVALID', { detail: message, faults });
}

export const tooLarge = (maxBytes: number): Refusal =>
  new Refusal('TOO_LARGE', { detail: `单个文件不能超过${Math.floor(maxBytes / 1024 / 1024)}MB，请压缩或分开提交` });

async function collect(stream: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

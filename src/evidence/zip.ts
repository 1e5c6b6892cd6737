import { crc32, inflateRawSync } from 'node:zlib';
import { zipSync, type Zippable } from 'fflate';
import { unsupported, type Limits } from './kinds';

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const END_BYTES = 22;
const STORED = 0;
const DEFLATED = 8;
const RATIO_FREE_BYTES = 1024 * 1024;

type ZipLimits = Pick<Limits, 'maxEntries' | 'maxUnpackedBytes' | 'maxRatio'>;

/** Offset of the end record of an archive that ends exactly at the end of the bytes, else -1. */
export function endOfArchive(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - 0xffff); at -= 1) {
    if (bytes.readUInt32LE(at) === END && at + END_BYTES + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  return -1;
}

/**
 * Reads an archive strictly: one that starts at the first byte, ends at the last, hides nothing before its directory, is
 * not encrypted, names no path outside itself, and unpacks within the limits (measured while unpacking, not as declared).
 * @throws Refusal UNSUPPORTED_TYPE
 */
export function readZip(bytes: Buffer, limits: ZipLimits): Map<string, Buffer> {
  try {
    return read(bytes, limits);
  } catch (error) {
    if (error instanceof RangeError) throw unsupported('文件已损坏');
    throw error;
  }
}

function read(bytes: Buffer, limits: ZipLimits): Map<string, Buffer> {
  const end = endOfArchive(bytes);
  if (end < 0 || bytes.readUInt32LE(0) !== LOCAL) throw unsupported('文件已损坏或夹带其他内容');
  const count = bytes.readUInt16LE(end + 10);
  const size = bytes.readUInt32LE(end + 12);
  const start = bytes.readUInt32LE(end + 16);
  if (count > limits.maxEntries) throw unsupported('文件内的条目过多');
  // No zip64: our limits are far below it. A directory that does not join its end hides bytes between them.
  if (start + size !== end) throw unsupported('文件已损坏或夹带其他内容');

  const entries = new Map<string, Buffer>();
  let unpacked = 0;
  let at = start;
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw unsupported('文件已损坏');
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const crc = bytes.readUInt32LE(at + 16);
    const packedSize = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const unixMode = bytes.readUInt32LE(at + 38) >>> 16;
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);

    if ((flags & 0x2041) !== 0) throw unsupported('加密的文件无法检查');
    if ((unixMode & 0xf000) === 0xa000 || isUnsafePath(name) || entries.has(name)) throw unsupported('文件内含有不安全的路径');
    if (bytes.readUInt32LE(local) !== LOCAL) throw unsupported('文件已损坏');
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    if (from + packedSize > start) throw unsupported('文件已损坏');
    const content = unpack(bytes.subarray(from, from + packedSize), method, limits.maxUnpackedBytes - unpacked);
    if (content.length > RATIO_FREE_BYTES && content.length > packedSize * limits.maxRatio) throw unsupported('文件的压缩比异常');
    if (crc32(content) !== crc) throw unsupported('文件已损坏');
    unpacked += content.length;
    entries.set(name, content);
  }
  return entries;
}

/** The same entries, and nothing else: no times, no comments, no attributes, no bytes between. */
export function writeZip(entries: ReadonlyMap<string, Uint8Array>): Buffer {
  const zippable: Zippable = {};
  for (const [name, content] of entries) zippable[name] = [content, { level: 6, mtime: new Date(1980, 0, 1) }];
  return Buffer.from(zipSync(zippable));
}

function unpack(packed: Buffer, method: number, budget: number): Buffer {
  if (budget <= 0) throw unsupported('文件解压后过大');
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw unsupported('文件的压缩方式不受支持');
  try {
    return inflateRawSync(packed, { maxOutputLength: budget });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw unsupported('文件解压后过大');
    throw unsupported('文件已损坏');
  }
}

const isUnsafePath = (name: string): boolean =>
  name === '' || name.startsWith('/') || /[\\:\0]/.test(name) || name.split('/').includes('..');

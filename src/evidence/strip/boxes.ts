import { unsupported } from '../kinds';

const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf', 'moof', 'traf', 'mvex', 'mfra']);
/** Places, names, devices, cover pictures, camera makers' own boxes, and leftovers of editing. */
const BLANKED = new Set(['udta', 'meta', 'uuid', 'free', 'skip', 'wide', 'xml ', 'bxml', 'uinf', 'ID32', 'pnot', 'pdin', 'name', 'iods', 'thmb', 'id  ']);
const TOP_LEVEL = new Set(['ftyp', 'styp', 'moov', 'moof', 'mdat', 'mfra', 'sidx']);
const TRACKS = new Set(['vide', 'soun']);
const MAX_DEPTH = 8;

/**
 * An MP4 without its metadata boxes. Boxes are overwritten with an empty `free` box of the same length, so that the
 * offsets into picture and sound stay true; times of recording become zero.
 * Not reached: what is inside picture and sound themselves. Tracks of anything else (GPS of cameras, text) are refused,
 * since their data lie among the pictures.
 */
export function withoutMp4Metadata(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  clean(copy, 0, copy.length, 0);
  return copy;
}

/** A JPEG 2000 picture (inside a PDF) without its XMP, UUID and copyright boxes. A bare code stream has none. */
export function withoutJp2Metadata(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.toString('latin1', 4, 8) !== 'jP  ') return copy;
  for (const { name, at, body, end } of boxes(copy, 0, copy.length)) {
    if (['uuid', 'xml ', 'uinf', 'jp2i'].includes(name)) blank(copy, at, body, end);
  }
  return copy;
}

interface Box {
  name: string;
  at: number;
  body: number;
  end: number;
}

function boxes(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at < to;) {
    // A few zero bytes end some containers (QuickTime's habit).
    if (to - at < 8) {
      bytes.fill(0, at, to);
      break;
    }
    let size = bytes.readUInt32BE(at);
    let body = at + 8;
    if (size === 1) {
      if (to - at < 16) throw unsupported('视频已损坏');
      size = Number(bytes.readBigUInt64BE(at + 8));
      body = at + 16;
    } else if (size === 0) size = to - at;
    if (size < body - at || at + size > to) throw unsupported('视频已损坏');
    found.push({ name: bytes.toString('latin1', at + 4, at + 8), at, body, end: at + size });
    at += size;
  }
  return found;
}

function clean(bytes: Buffer, from: number, to: number, depth: number): void {
  if (depth > MAX_DEPTH) throw unsupported('视频已损坏');
  for (const { name, at, body, end } of boxes(bytes, from, to)) {
    if (BLANKED.has(name) || (depth === 0 && !TOP_LEVEL.has(name))) blank(bytes, at, body, end);
    else if (CONTAINERS.has(name)) clean(bytes, body, end, depth + 1);
    else if (name === 'mvhd' || name === 'tkhd' || name === 'mdhd') clearTimes(bytes, body, end);
    else if (name === 'hdlr') clearHandler(bytes, body, end, depth);
  }
}

function blank(bytes: Buffer, at: number, body: number, end: number): void {
  bytes.write('free', at + 4, 'latin1');
  bytes.fill(0, body, end);
}

/** Creation and modification time: 4 bytes each, or 8 in version 1. */
function clearTimes(bytes: Buffer, body: number, end: number): void {
  const length = bytes[body] === 1 ? 16 : 8;
  bytes.fill(0, body + 4, Math.min(body + 4 + length, end));
}

/** The handler's kind decides; its free name (a device, an application) goes. `dhlr` in minf describes data, not a track. */
function clearHandler(bytes: Buffer, body: number, end: number, depth: number): void {
  const kind = bytes.toString('latin1', body + 8, body + 12);
  const isTrack = depth === 3;
  if (isTrack && !TRACKS.has(kind)) throw unsupported('视频含有无法清除的附加信息（如定位轨道），请转换为普通MP4后提交');
  bytes.fill(0, body + 12, end);
}

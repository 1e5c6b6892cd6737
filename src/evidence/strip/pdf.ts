import { inflateSync } from 'node:zlib';
import {
  EncryptedPDFError, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFString,
  type PDFContext, type PDFObject,
} from '@cantoo/pdf-lib';
import { Refusal } from '../../kernel/refusal';
import { unsupported, type Limits } from '../kinds';
import { withoutJp2Metadata } from './boxes';
import { withoutJpegSegments } from './image';

const MAX_INFLATED_BYTES = 32 * 1024 * 1024;
const MAX_OBJECTS = 200_000;
/** Where programs, people, paths, embedded files and active content live, whatever object they hang on. */
const DROPPED_KEYS = [
  'Metadata', 'PieceInfo', 'LastModified', 'Thumb', 'OpenAction', 'AA', 'JS', 'JavaScript', 'EF', 'AF', 'OPI', 'Alternates',
  'PTEX.FileName', 'PTEX.InfoDict',
];
/** On pages only: elsewhere such short keys may be a glyph's or a picture's name. */
const DROPPED_PAGE_KEYS = ['B', 'ID', 'PZ', 'PresSteps', 'SpiderInfo'];
/** Of notes: author, times, names, subject and the second copy of the text. */
const NOTE_KEYS = ['T', 'M', 'CreationDate', 'NM', 'Subj', 'RC', 'IRT', 'Popup', 'Parent', 'P'];
/** Notes that carry files, sound or programs; and form fields, whose looks are kept as pictures of themselves. */
const DROPPED_NOTES = ['FileAttachment', 'Sound', 'Movie', 'Screen', 'RichMedia', '3D', 'Popup', 'PrinterMark', 'TrapNet'];
const name = (text: string): PDFName => PDFName.of(text);

/**
 * Takes the pages into a new document. Document information, XMP, scripts, actions, embedded files, note authors, earlier
 * revisions and objects no page needs stay behind; pictures inside lose their EXIF.
 * Not reached: what is drawn on the pages themselves.
 */
export async function rebuildPdf(bytes: Buffer, limits: Limits): Promise<Buffer> {
  try {
    checkPackedObjects(bytes);
    const source = await PDFDocument.load(bytes, { updateMetadata: false, capNumbers: true });
    if (source.getPageCount() === 0) throw unsupported('PDF没有可读的页面');
    if (source.getPageCount() > limits.maxPages) throw unsupported('PDF的页数过多');
    cleanObjects(source.context);
    const target = await PDFDocument.create({ updateMetadata: false });
    for (const page of await target.copyPages(source, source.getPageIndices())) target.addPage(page);
    return Buffer.from(await target.save({ useObjectStreams: true, updateFieldAppearances: false }));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof EncryptedPDFError) throw unsupported('加密的PDF无法检查，请取消密码后提交');
    throw unsupported('PDF已损坏');
  }
}

/**
 * The library unpacks object and cross-reference streams without a limit, so each is unpacked here first, with one. Names
 * may be written with #xx escapes; packings other than plain Flate are never used for these streams and refused.
 */
function checkPackedObjects(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  let inflated = 0;
  let objects = 0;
  for (const { index } of text.matchAll(/stream\r?\n/g)) {
    if (text.startsWith('end', index - 3)) continue;
    if ((objects += 1) > MAX_OBJECTS) throw unsupported('PDF过于复杂');
    const from = Math.max(text.lastIndexOf('obj', index), index - 4096, 0);
    const dict = text.slice(from, index).replace(/#([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (!/ObjStm|XRef/.test(dict)) continue;
    const filter = /\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(dict)?.[1]?.replace(/[[\]\s]/g, '');
    if (filter === undefined) continue;
    if (filter !== '/FlateDecode') throw unsupported('PDF的压缩方式不受支持');
    const start = index + (text[index + 6] === '\r' ? 8 : 7);
    try {
      inflated += inflateSync(bytes.subarray(start), { maxOutputLength: MAX_INFLATED_BYTES }).length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw unsupported('PDF解压后过大');
    }
    if (inflated > MAX_INFLATED_BYTES) throw unsupported('PDF解压后过大');
  }
}

function cleanObjects(context: PDFContext): void {
  const objects = context.enumerateIndirectObjects();
  if (objects.length > MAX_OBJECTS) throw unsupported('PDF过于复杂');
  for (const [ref, object] of objects) {
    const cleaned = object instanceof PDFRawStream ? cleanStream(object) : object;
    if (cleaned !== object) context.assign(ref, cleaned);
    cleanTree(cleaned, context);
  }
}

/** An object and what it holds directly; what it refers to is an object of its own. */
function cleanTree(object: PDFObject, context: PDFContext): void {
  if (object instanceof PDFRawStream) cleanTree(object.dict, context);
  else if (object instanceof PDFArray) for (const item of object.asArray()) cleanTree(item, context);
  else if (object instanceof PDFDict) {
    cleanDict(object, context);
    for (const value of object.values()) cleanTree(value, context);
  }
}

function cleanDict(dict: PDFDict, context: PDFContext): void {
  for (const key of DROPPED_KEYS) dict.delete(name(key));
  if (text(dict.lookup(name('Type'))) === 'Page') for (const key of DROPPED_PAGE_KEYS) dict.delete(name(key));
  const subtype = text(dict.lookup(name('Subtype')));
  const isNote = dict.has(name('Rect')) && subtype !== undefined && !dict.has(name('BBox'));
  if (isNote) for (const key of NOTE_KEYS) dict.delete(name(key));
  const notes = dict.lookup(name('Annots'));
  if (notes instanceof PDFArray) {
    const kept = notes.asArray().filter((note) => !isDroppedNote(context.lookup(note)));
    dict.set(name('Annots'), context.obj(kept));
  }
  for (const key of ['A', 'PA', 'Next']) {
    const action = dict.lookup(name(key));
    if (action instanceof PDFDict && action.has(name('S')) && !isHarmless(action)) dict.delete(name(key));
  }
}

function isDroppedNote(note: PDFObject | undefined): boolean {
  return !(note instanceof PDFDict) || DROPPED_NOTES.includes(text(note.lookup(name('Subtype'))) ?? '');
}

/** A jump inside the document, or a web address; no programs, files, forms sent, or paths on somebody's disk. */
function isHarmless(action: PDFDict): boolean {
  const kind = text(action.lookup(name('S')));
  if (kind === 'GoTo') return true;
  const address = action.lookup(name('URI'));
  return kind === 'URI' && address instanceof PDFString && /^https?:/i.test(address.asString());
}

/** Pictures keep their EXIF inside a PDF: it goes. Pictures packed in other ways than usual cannot be cleaned. */
function cleanStream(stream: PDFRawStream): PDFRawStream {
  const filters = filtersOf(stream.dict);
  const last = filters.at(-1);
  if (last !== 'DCTDecode' && last !== 'DCT' && last !== 'JPXDecode') return stream;
  let contents = Buffer.from(stream.contents);
  if (filters.length === 2 && filters[0] === 'FlateDecode') contents = inflateSync(contents, { maxOutputLength: MAX_INFLATED_BYTES });
  else if (filters.length !== 1) throw unsupported('PDF内图片的编码方式不受支持');
  const clean = last === 'JPXDecode' ? withoutJp2Metadata(contents) : withoutJpegSegments(contents);
  stream.dict.set(name('Filter'), name(last));
  if (filters.length === 2) stream.dict.delete(name('DecodeParms'));
  stream.dict.delete(name('Length'));
  return PDFRawStream.of(stream.dict, clean);
}

function filtersOf(dict: PDFDict): string[] {
  const filter = dict.lookup(name('Filter'));
  if (filter instanceof PDFName) return [text(filter)!];
  if (filter instanceof PDFArray) return Array.from({ length: filter.size() }, (_, i) => text(filter.lookup(i)) ?? '');
  return [];
}

const text = (object: PDFObject | undefined): string | undefined => (object instanceof PDFName ? object.decodeText() : undefined);

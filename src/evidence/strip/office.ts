import { posix } from 'node:path';
import type { SaxesTagNS } from 'saxes';
import { Refusal } from '../../kernel/refusal';
import { unsupported, type Limits } from '../kinds';
import { readZip, writeZip } from '../zip';
import { redraw, type PictureKind } from './image';
import { attributesOf, rewriteXml, type Fate } from './xml';

/** Programs and files inside files: not taken, since neither can be checked nor cleaned. */
const REFUSED_PARTS: [RegExp, string][] = [
  [/vbaProject|vbaData|macrosheets\/|dialogsheets\/|activeX\/|customUI\/|\.(?:bat|cmd|dll|exe|hta|jar|js|lnk|ps1|vbs)$/i, '不接收含宏或程序的文件'],
  [/embeddings\/|oleObject/i, '文件内嵌有其他文件，请取出后逐个提交'],
];
/** Who, where, with what and for whom a file was made: properties, people, printers, revisions, data sources, add-ins. */
const DROPPED_PARTS =
  /^(?:docProps|customXml|docMetadata|_xmlsignatures|package)\/|(?:printerSettings|revisions|persons|threadedComments|webextensions|queryTables|userNames|ctrlProps|fonts)\/|\/(?:people|commentsExtended|commentsIds|commentsExtensible|connections|userNames|recipientData|attachedToolbars|documenttasks\/.*)\.(?:xml|bin)$|\.rels\.rels$/i;
const PICTURES: Record<string, PictureKind> = { jpg: 'jpeg', jpeg: 'jpeg', jfif: 'jpeg', png: 'png', webp: 'webp', gif: 'gif', tif: 'tiff', tiff: 'tiff' };
const MACRO_TYPE = /macroEnabled|vbaProject|activeX/i;

/** Tracked changes: what was deleted or moved away goes, what was inserted stays without its author. */
const CHANGES_DROPPED = new Set([
  'del', 'moveFrom', 'delText', 'delInstrText', 'rPrChange', 'pPrChange', 'sectPrChange', 'tblPrChange', 'tblPrExChange', 'tblGridChange',
  'tcPrChange', 'trPrChange', 'numberingChange', 'cellIns', 'cellDel', 'cellMerge', 'moveFromRangeStart', 'moveFromRangeEnd',
  'moveToRangeStart', 'moveToRangeEnd', 'customXmlInsRangeStart', 'customXmlInsRangeEnd', 'customXmlDelRangeStart', 'customXmlDelRangeEnd',
]);
const CHANGES_UNWRAPPED = new Set(['ins', 'moveTo']);
/** Editing sessions, templates on somebody's disk, mail merge sources, program variables, paths of the saving program. */
const ELEMENTS_DROPPED = new Set([
  'rsids', 'attachedTemplate', 'mailMerge', 'docVars', 'smartTagType', 'fileSharing', 'absPath', 'revisionPtr', 'coauthVersionMax',
  'saveThroughXslt', 'hdrShapeDefaults', 'docId', 'creationId', 'oleLink', 'oleObjects', 'controls', 'externalData',
]);
const ATTRIBUTES_DROPPED = /^(?:rsid\w*|initials|paraId|textId|userName|lastModifiedBy|refreshedBy|refreshedDate|dT|personId|uid|codeName|documentId|embed_src)$/;
const ANONYMOUS = '-';

/**
 * Writes a docx or xlsx anew, part by part, from an allow-list: XML is parsed and written again, pictures are drawn anew,
 * anything unknown is left out. Gone are properties, authors, revision ids, tracked deletions, printers, paths,
 * thumbnails, custom data and outside links other than web addresses.
 * Not reached: what the text itself says, hidden text, rows and sheets included.
 */
export async function rebuildOffice(bytes: Buffer, limits: Limits): Promise<Buffer> {
  const parts = readZip(bytes, limits);
  const workbooks = chartWorkbooks(parts);
  for (const name of parts.keys()) {
    if (workbooks.has(name)) continue;
    for (const [pattern, why] of REFUSED_PARTS) if (pattern.test(name)) throw unsupported(why);
  }
  const kept = new Map<string, Buffer>();
  for (const [name, content] of parts) {
    if (name === '[Content_Types].xml' || name.endsWith('/') || DROPPED_PARTS.test(name) || isRels(name)) continue;
    const cleaned = await cleanPart(name, content, limits);
    if (cleaned) kept.set(name, cleaned);
  }
  // Whom a part refers to can be told once it is known what is left.
  const written = new Map<string, Buffer>([['[Content_Types].xml', contentTypes(parts.get('[Content_Types].xml'), kept)]]);
  for (const [name, content] of parts) {
    if (isRels(name) && (name === '_rels/.rels' || kept.has(ownerOf(name)))) written.set(name, relationships(name, content, kept));
  }
  for (const [name, content] of kept) written.set(name, content);
  return writeZip(written);
}

/** Workbooks behind charts: what a chart shows lies in the chart itself, so these may be left out. */
function chartWorkbooks(parts: ReadonlyMap<string, Buffer>): Set<string> {
  const found = new Set<string>();
  for (const [name, content] of parts) {
    if (!/\/charts\/_rels\/[^/]+\.rels$/.test(name)) continue;
    for (const [, target] of content.toString('utf8').matchAll(/Target="([^"]+\.xlsx)"/g)) found.add(posix.join(posix.dirname(ownerOf(name)), target!));
  }
  return found;
}

async function cleanPart(name: string, content: Buffer, limits: Limits): Promise<Buffer | undefined> {
  const extension = posix.extname(name).slice(1).toLowerCase();
  if (extension === 'xml') return cleanXml(name, content);
  if (extension === 'vml') return cleanDrawing(content);
  const picture = PICTURES[extension];
  return picture ? redraw(content, picture, limits) : undefined;
}

function cleanXml(name: string, content: Buffer): Buffer {
  // Excel writes the author's name into the note's text as well.
  const authors = /\/comments[^/]*\.xml$/i.test(name) ? authorsOf(content) : [];
  const text = (value: string, inside: string): string => {
    if (inside === 'author') return ANONYMOUS;
    return authors.reduce((rest, author) => rest.replaceAll(author, ANONYMOUS), value);
  };
  return rewriteXml(content, { element: fateOf, text });
}

/** Old drawings (note boxes) are not always well-formed XML; a note box does without. */
function cleanDrawing(content: Buffer): Buffer {
  try {
    return rewriteXml(content, { element: fateOf });
  } catch (error) {
    if (error instanceof Refusal) return Buffer.from('<xml xmlns:v="urn:schemas-microsoft-com:vml"/>');
    throw error;
  }
}

function fateOf(tag: SaxesTagNS): Fate {
  const isWord = /wordprocessingml/.test(tag.uri);
  if (ELEMENTS_DROPPED.has(tag.local) || (isWord && CHANGES_DROPPED.has(tag.local))) return 'drop';
  if (isWord && CHANGES_UNWRAPPED.has(tag.local)) return 'unwrap';
  const isShape = tag.local === 'docPr' || tag.local === 'cNvPr';
  const keep = attributesOf(tag, ({ local, prefix }) =>
    prefix === 'xmlns' || !(
      ATTRIBUTES_DROPPED.test(local)
      || (isWord && local === 'date')
      || (isShape && (local === 'descr' || local === 'title'))
      // Points to the printer's settings, which are gone.
      || (tag.local === 'pageSetup' && local === 'id')
      || (prefix === 'o' && (local === 'title' || local === 'href'))
    ));
  for (const attribute of Object.values(tag.attributes)) {
    if (attribute.prefix === 'xmlns') continue;
    if (attribute.local === 'author') keep[attribute.name] = ANONYMOUS;
    // Word puts the picture's file name, at times its path, here.
    if (isShape && attribute.local === 'name') keep[attribute.name] = '';
  }
  return { keep };
}

function authorsOf(content: Buffer): string[] {
  const found = new Set<string>();
  rewriteXml(content, {
    element: (tag) => ({ keep: attributesOf(tag) }),
    text: (value, inside) => {
      if (inside === 'author' && value.trim().length > 1) found.add(value.trim());
      return value;
    },
  });
  // The longest first: one name may be part of another.
  return [...found].toSorted((a, b) => b.length - a.length);
}

const isRels = (name: string): boolean => /(?:^|\/)_rels\/[^/]*\.rels$/.test(name);
/** `word/_rels/document.xml.rels` belongs to `word/document.xml`. */
const ownerOf = (rels: string): string => posix.join(posix.dirname(posix.dirname(rels)), posix.basename(rels, '.rels'));

function relationships(name: string, content: Buffer, kept: ReadonlyMap<string, Buffer>): Buffer {
  const base = name === '_rels/.rels' ? '' : posix.dirname(ownerOf(name));
  return rewriteXml(content, {
    element: (tag) => {
      if (tag.local !== 'Relationship') return { keep: attributesOf(tag) };
      const keep = attributesOf(tag);
      const target = keep.Target ?? '';
      if (keep.TargetMode === 'External') {
        const isWebLink = keep.Type?.endsWith('/hyperlink') && /^https?:/i.test(target);
        return { keep: isWebLink ? keep : { ...keep, Target: 'about:blank' } };
      }
      const part = target.startsWith('/') ? target.slice(1) : posix.join(base, target);
      return kept.has(part) ? { keep } : 'drop';
    },
  });
}

function contentTypes(content: Buffer | undefined, kept: ReadonlyMap<string, Buffer>): Buffer {
  if (!content) throw unsupported('文件已损坏');
  return rewriteXml(content, {
    element: (tag) => {
      const keep = attributesOf(tag);
      if (MACRO_TYPE.test(keep.ContentType ?? '')) throw unsupported('不接收含宏或程序的文件');
      if (tag.local === 'Override' && !kept.has((keep.PartName ?? '').replace(/^\//, ''))) return 'drop';
      return { keep };
    },
  });
}

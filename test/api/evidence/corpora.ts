import { crc32, deflateRawSync } from 'node:zlib';
import { PDFDocument, PDFHexString, PDFName, PDFString } from '@cantoo/pdf-lib';
import { CommentRangeEnd, CommentRangeStart, CommentReference, DeletedTextRun, Document, ImageRun, InsertedTextRun, Packer, Paragraph, TextRun } from 'docx';
import ExcelJS from 'exceljs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import sharp from 'sharp';

/** A distinctive string; `served` must hold it in no encoding, packed or not. */
export const CANARY = 'CANARYzhangsan8848';
export const VISIBLE = 'VISIBLEtext';

/** A photo with place, author, comment and thumbnail-like luggage. */
export async function photo({ width = 64, height = 48, format = 'jpeg' as 'jpeg' | 'webp' | 'png' } = {}): Promise<Buffer> {
  const base = sharp({ create: { width, height, channels: 3, background: '#c02020' } })
    .withExif({
      IFD0: { Artist: CANARY, Make: CANARY, Model: CANARY, Copyright: CANARY },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '35/1 18/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '113/1 55/1 0/1' },
    })
    .withXmp(`<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${CANARY}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`);
  const bytes = await base.toFormat(format).toBuffer();
  if (format !== 'jpeg') return bytes;
  const comment = Buffer.from(CANARY);
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
  // A comment after the start, and luggage after the end.
  return Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2), Buffer.from(`\n${CANARY}`)]);
}

export const pngChunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** A PNG with tEXt, zTXt-like and time chunks. */
export async function png(): Promise<Buffer> {
  const bytes = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#20c020' } }).png().toBuffer();
  const text = pngChunk('tEXt', Buffer.from(`Author\0${CANARY}`, 'latin1'));
  const international = pngChunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${CANARY}`, 'utf8'));
  return Buffer.concat([bytes.subarray(0, 33), text, international, bytes.subarray(33), Buffer.from(CANARY)]);
}

/** A PDF with information, XMP, a note by an author, scripts, an embedded file, a photo with EXIF, and an earlier revision. */
export async function pdf(): Promise<Buffer> {
  const document = await PDFDocument.create();
  for (const set of ['setAuthor', 'setTitle', 'setSubject', 'setCreator', 'setProducer'] as const) document[set](CANARY);
  document.setKeywords([CANARY]);
  document.addJavaScript('main', `app.alert("${CANARY}")`);
  await document.attach(Buffer.from(CANARY), `${CANARY}.txt`, { mimeType: 'text/plain', description: CANARY });
  const page = document.addPage([300, 300]);
  page.drawText(VISIBLE, { x: 20, y: 200, size: 20 });
  page.drawImage(await document.embedJpg(await photo()), { x: 20, y: 20, width: 64, height: 48 });
  const { context } = document;
  document.catalog.set(PDFName.of('Metadata'), context.register(context.stream(`<x:xmpmeta>${CANARY}</x:xmpmeta>`, { Type: 'Metadata', Subtype: 'XML' })));
  page.node.set(PDFName.of('PieceInfo'), context.obj({ Word: { Private: PDFString.of(CANARY) } }));
  const note = context.register(context.obj({
    Type: 'Annot', Subtype: 'Text', Rect: [10, 10, 30, 30], Contents: PDFString.of('shown note'),
    T: PDFHexString.fromText(CANARY), NM: PDFString.of(CANARY), M: PDFString.of(CANARY),
  }));
  const link = context.register(context.obj({
    Type: 'Annot', Subtype: 'Link', Rect: [10, 40, 30, 60], A: { S: 'Launch', F: PDFString.of(`C:\\Users\\${CANARY}\\a.exe`) },
  }));
  page.node.set(PDFName.of('Annots'), context.obj([note, link]));
  // Needed by nothing: what an editor leaves of an earlier revision.
  context.register(context.obj({ Old: PDFString.of(CANARY) }));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

export const repack = (bytes: Buffer, change: (parts: Record<string, Uint8Array>) => void): Buffer => {
  const parts = { ...unzipSync(bytes) };
  change(parts);
  return Buffer.from(zipSync(parts));
};
const patch = (parts: Record<string, Uint8Array>, name: string, from: string | RegExp, to: string) => {
  const before = Buffer.from(parts[name]!).toString('utf8');
  const after = before.replace(from, to);
  if (before === after) throw new Error(`corpus: nothing to patch in ${name}`);
  parts[name] = strToU8(after);
};

/** A docx with properties, a comment, tracked changes, a photo with EXIF, revision ids, a template path and custom data. */
export async function docx(): Promise<Buffer> {
  const by = { author: CANARY, date: '2026-01-01T00:00:00Z' };
  const document = new Document({
    creator: CANARY, lastModifiedBy: CANARY, title: CANARY, subject: CANARY, description: CANARY, keywords: CANARY,
    customProperties: [{ name: 'Owner', value: CANARY }],
    comments: { children: [{ id: 0, ...by, date: new Date(by.date), initials: CANARY, children: [new Paragraph('shown comment')] }] },
    sections: [{
      children: [
        new Paragraph({
          children: [
            new CommentRangeStart(0), new TextRun(VISIBLE), new CommentRangeEnd(0), new TextRun({ children: [new CommentReference(0)] }),
            new InsertedTextRun({ id: 1, ...by, text: 'inserted text' }), new DeletedTextRun({ id: 2, ...by, text: CANARY }),
          ],
        }),
        new Paragraph({ children: [new ImageRun({ type: 'jpg', data: await photo(), transformation: { width: 64, height: 48 }, altText: { name: CANARY, description: `C:\\Users\\${CANARY}`, title: CANARY } })] }),
      ],
    }],
  });
  return repack(Buffer.from(await Packer.toBuffer(document)), (parts) => {
    patch(parts, 'word/document.xml', '<w:body>', `<!-- ${CANARY} --><w:body>`);
    patch(parts, 'word/document.xml', '<w:p>', `<w:p w:rsidR="00CA4A88" w:rsidRDefault="00CA4A88">`);
    patch(parts, 'word/settings.xml', /<\/w:settings>/, `<w:rsids><w:rsidRoot w:val="00CA4A88"/></w:rsids><w:docVars><w:docVar w:name="x" w:val="${CANARY}"/></w:docVars></w:settings>`);
    parts['customXml/item1.xml'] = strToU8(`<x>${CANARY}</x>`);
    parts['word/_rels/settings.xml.rels'] = strToU8(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="file:///C:/Users/${CANARY}/Normal.dotm" TargetMode="External"/></Relationships>`);
    parts['word/people.xml'] = strToU8(`<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="${CANARY}"/></w15:people>`);
  });
}

/** An xlsx with properties, a note by an author, a picture with EXIF, a path, the last user and printer settings. */
export async function xlsx(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  Object.assign(book, { creator: CANARY, lastModifiedBy: CANARY, company: CANARY, manager: CANARY, title: CANARY, description: CANARY });
  const sheet = book.addWorksheet('报价');
  sheet.getCell('A1').value = VISIBLE;
  sheet.getCell('B1').value = 4200;
  sheet.getCell('B1').note = { texts: [{ text: `${CANARY}:\nshown note` }] };
  sheet.addImage(book.addImage({ buffer: await photo() as never, extension: 'jpeg' }), 'C3:D6');
  return repack(Buffer.from(await book.xlsx.writeBuffer()), (parts) => {
    patch(parts, 'xl/comments1.xml', /<author>[^<]*<\/author>/, `<author>${CANARY}</author>`);
    patch(parts, 'xl/workbook.xml', /<sheets>/, `<fileSharing userName="${CANARY}"/><sheets>`);
    parts['xl/printerSettings/printerSettings1.bin'] = strToU8(CANARY);
    parts['xl/persons/person.xml'] = strToU8(`<personList xmlns="x"><person displayName="${CANARY}"/></personList>`);
  });
}

export const box = (name: string, ...content: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, body]);
};

/** An MP4's skeleton with a place, a device, times, a cover, editing leftovers, and a track of the given handler. */
export function mp4(handler = 'vide'): Buffer {
  const times = Buffer.from([0, 0, 0, 0, 0xe3, 0x11, 0x22, 0x33, 0xe3, 0x11, 0x22, 0x33]);
  const hdlr = box('hdlr', Buffer.alloc(8), handler, Buffer.alloc(12), `${CANARY}\0`);
  const minf = box('minf', box('vmhd', Buffer.alloc(12)), box('stbl', box('stco', Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 40]))));
  const trak = box('trak', box('tkhd', times, Buffer.alloc(72)), box('mdia', box('mdhd', times, Buffer.alloc(12)), hdlr, minf), box('udta', box('name', CANARY)));
  const place = box('udta', box('\xa9xyz', `+35.3000+113.9167/${CANARY}`), box('meta', Buffer.alloc(4), box('ilst', CANARY)));
  const moov = box('moov', box('mvhd', times, Buffer.alloc(88)), trak, place);
  return Buffer.concat([box('ftyp', 'isom', Buffer.alloc(4), 'isommp42'), moov, box('uuid', Buffer.alloc(16), CANARY), box('free', CANARY), box('mdat', 'PICTUREDATA')]);
}

/** An archive whose entries need not be what they claim. */
export function rawZip(entries: { name: string; content: Buffer; flags?: number; mode?: number; crc?: number }[], { before = '', after = '', comment = '' } = {}): Buffer {
  const locals: Buffer[] = [Buffer.from(before)];
  const central: Buffer[] = [];
  let at = before.length;
  for (const { name, content, flags = 0, mode = 0, crc = crc32(content) } of entries) {
    const packed = deflateRawSync(content);
    const bytes = Buffer.from(name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(bytes.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 0x10000, 6);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, bytes);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, bytes, packed]);
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment), Buffer.from(after)]);
}

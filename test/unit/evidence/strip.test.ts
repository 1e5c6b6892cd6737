import { inflateSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import ExcelJS from 'exceljs';
import { strToU8, unzipSync } from 'fflate';
import sharp from 'sharp';
import { KINDS, LIMITS, type Kind } from '../../../src/evidence/kinds';
import { sniff } from '../../../src/evidence/sniff';
import { servedCopy } from '../../../src/evidence/strip';
import { withoutJpegSegments } from '../../../src/evidence/strip/image';
import { CANARY, docx, mp4, pdf, photo, png, repack, VISIBLE, xlsx } from '../../api/evidence/corpora';

const CORPORA: [Kind, () => Buffer | Promise<Buffer>][] = [
  ['jpeg', () => photo()], ['webp', () => photo({ format: 'webp' })], ['png', png], ['pdf', pdf], ['docx', docx], ['xlsx', xlsx], ['mp4', () => mp4()],
];

/** A file's bytes and, after them, everything packed inside: archive entries, Flate streams, pictures in both. */
function unpacked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [bytes];
  if (bytes.toString('latin1', 0, 2) === 'PK') for (const [name, part] of Object.entries(unzipSync(bytes))) parts.push(Buffer.from(name), Buffer.from(part));
  for (const { index } of bytes.toString('latin1').matchAll(/stream\r?\n/g)) {
    for (const start of [index + 7, index + 8]) {
      try {
        parts.push(inflateSync(bytes.subarray(start)));
      } catch { /* not a Flate stream */ }
    }
  }
  return Buffer.concat(parts);
}

/** The canary as it may be written: plain, UTF-16, hex, base64 (at each of the three offsets). */
const FORMS = [
  CANARY, Buffer.from(CANARY, 'utf16le'), Buffer.from(CANARY, 'utf16le').swap16(),
  Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('hex').toUpperCase(),
  Buffer.from(CANARY, 'utf16le').swap16().toString('hex').toUpperCase(),
  ...['', 'x', 'xx'].map((pad) => Buffer.from(pad + CANARY).toString('base64').slice(4, -4)),
];
const leaks = (bytes: Buffer): number => FORMS.filter((form) => unpacked(bytes).includes(form)).length;

describe('D8: a served copy carries none of the planted metadata', () => {
  it.each(CORPORA)('%s', async (kind, make) => {
    const original = await make();
    expect(leaks(original)).toBeGreaterThan(0);
    expect(await sniff(original)).toBe(kind);
    const served = await servedCopy(original, kind, LIMITS);
    expect(leaks(served)).toBe(0);
    // And it is still that kind of file.
    expect(await sniff(served)).toBe(kind);
  });

  it('keeps a photo upright and visible, without any metadata block', async () => {
    const sideways = await sharp(await photo({ width: 64, height: 48 })).withExif({ IFD0: { Orientation: '6', Artist: CANARY } }).toBuffer();
    const turned = await sharp(sideways).keepExif().withMetadata({ orientation: 6 }).toBuffer();
    expect((await sharp(turned).metadata()).orientation).toBe(6);
    const metadata = await sharp(await servedCopy(turned, 'jpeg', LIMITS)).metadata();
    expect(metadata).toMatchObject({ width: 48, height: 64 });
    expect([metadata.exif, metadata.xmp, metadata.icc, metadata.iptc, metadata.comments]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('keeps what a PDF shows: page, text, note, picture; its scripts and actions are gone', async () => {
    const served = await servedCopy(await pdf(), 'pdf', LIMITS);
    const document = await PDFDocument.load(served, { updateMetadata: false });
    expect(document.getPageCount()).toBe(1);
    expect(document.getAuthor() ?? document.getProducer() ?? document.getTitle()).toBeUndefined();
    const all = unpacked(served).toString('latin1');
    expect(all).toContain(Buffer.from(VISIBLE).toString('hex').toUpperCase());
    expect(all).toContain('shown note');
    expect(all).toContain('DCTDecode');
    expect(all).not.toMatch(/JavaScript|Launch|EmbeddedFile|PieceInfo|xmpmeta/);
  });

  it('keeps what a docx says, inserted text included; deleted text, authors and revision ids are gone', async () => {
    const parts = unzipSync(await servedCopy(await docx(), 'docx', LIMITS));
    const text = Buffer.from(parts['word/document.xml']!).toString();
    expect(text).toContain(VISIBLE);
    expect(text).toContain('inserted text');
    expect(text).not.toMatch(/rsid|w:del[ >]|w:ins[ >]/);
    expect(Buffer.from(parts['word/comments.xml']!).toString()).toContain('shown comment');
    expect(Object.keys(parts).filter((name) => /docProps|customXml|people/.test(name))).toEqual([]);
    expect(Object.keys(parts).filter((name) => name.startsWith('word/media/')).length).toBe(1);
    expect(Buffer.from(parts['[Content_Types].xml']!).toString()).not.toMatch(/docProps/);
  });

  it('leaves out the workbook behind a chart, and keeps the chart', async () => {
    const chart = `<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><c:v>42</c:v><c:externalData r:id="rId1"/></c:chartSpace>`;
    const rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" Target="../embeddings/Microsoft_Excel_Sheet1.xlsx"/></Relationships>';
    const original = repack(await docx(), (p) => {
      p['word/charts/chart1.xml'] = strToU8(chart);
      p['word/charts/_rels/chart1.xml.rels'] = strToU8(rels);
      p['word/embeddings/Microsoft_Excel_Sheet1.xlsx'] = strToU8(CANARY);
    });
    const parts = unzipSync(await servedCopy(original, 'docx', LIMITS));
    expect(Buffer.from(parts['word/charts/chart1.xml']!).toString()).toMatch(/<c:v>42<\/c:v><\/c:chartSpace>/);
    expect(Buffer.from(parts['word/charts/_rels/chart1.xml.rels']!).toString()).not.toContain('embeddings');
    expect(Object.keys(parts).some((name) => name.includes('embeddings'))).toBe(false);
  });

  it('keeps what an xlsx says; a program reads it again', async () => {
    const served = await servedCopy(await xlsx(), 'xlsx', LIMITS);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(served as never);
    expect(book.getWorksheet('报价')?.getCell('A1').value).toBe(VISIBLE);
    expect(book.getWorksheet('报价')?.getCell('B1').value).toBe(4200);
    expect(JSON.stringify(book.getWorksheet('报价')?.getCell('B1').note)).toContain('shown note');
    expect(book.creator).not.toBe(CANARY);
  });

  it('keeps a video\'s length and sample offsets, clears place, times and names', async () => {
    const original = mp4();
    const served = await servedCopy(original, 'mp4', LIMITS);
    expect(served.length).toBe(original.length);
    expect(served.indexOf('PICTUREDATA')).toBe(original.indexOf('PICTUREDATA'));
    expect(served.includes(Buffer.from([0xe3, 0x11, 0x22, 0x33]))).toBe(false);
    expect(served.includes('+35.3000')).toBe(false);
  });

  it('refuses a video with a track that cannot be cleaned', async () => {
    await expect(servedCopy(mp4('gpmd'), 'mp4', LIMITS)).rejects.toMatchObject({ code: 'UNSUPPORTED_TYPE' });
  });

  it('leaves the picture data of a JPEG inside a PDF as it is, progressive ones too', async () => {
    const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
    for (const progressive of [false, true]) {
      const bytes = await sharp({ create: { width: 80, height: 80, channels: 3, background: '#102030', noise: { type: 'gaussian', mean: 120, sigma: 40 } } })
        .withExif({ IFD0: { Artist: CANARY } }).jpeg({ progressive }).toBuffer();
      const clean = withoutJpegSegments(bytes);
      expect(clean.includes(CANARY)).toBe(false);
      expect(await pixels(clean)).toEqual(await pixels(bytes));
    }
  });
});

it('every kind taken has a sentence, a mime and an ending', () => {
  expect(Object.keys(KINDS).sort()).toEqual(CORPORA.map(([kind]) => kind).sort());
});

import { createServer, type AddressInfo, type Server } from 'node:net';
import { deflateSync } from 'node:zlib';
import { strToU8 } from 'fflate';
import { LIMITS } from '../../../src/evidence/kinds';
import { attachment, shownName } from '../../../src/evidence/names';
import { clamd, holdsTestVirus } from '../../../src/evidence/scanner';
import { sniff } from '../../../src/evidence/sniff';
import { servedCopy } from '../../../src/evidence/strip';
import { endOfArchive, readZip } from '../../../src/evidence/zip';
import { docx, pdf, photo, png, pngChunk, rawZip, repack, xlsx } from '../../api/evidence/corpora';

const take = async (bytes: Buffer): Promise<Buffer> => servedCopy(bytes, await sniff(bytes), LIMITS);
const REFUSED = { code: 'UNSUPPORTED_TYPE', detail: expect.stringMatching(/[\u4e00-\u9fff]/) };
const text = (content: string) => Buffer.from(content);
const part = (parts: Record<string, Uint8Array>, name: string, content: string) => { parts[name] = strToU8(content); };

describe('F1: files that run, and files that are two things at once, are refused', () => {
  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['a Windows program', () => Buffer.concat([text('MZ'), Buffer.alloc(200), text('PE\0\0')])],
    ['a Linux program', () => Buffer.concat([Buffer.from('7f454c46020101', 'hex'), Buffer.alloc(100)])],
    ['a shell script', () => text('#!/bin/sh\nrm -rf /')],
    ['a shortcut (LNK)', () => Buffer.concat([Buffer.from('4c0000000114020000000000c000000000000046', 'hex'), Buffer.alloc(100)])],
    ['SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['HTML', () => text('<!doctype html><script>alert(1)</script>')],
    ['HTML named PNG', () => text('<html><body>PNG')],
    ['plain text', () => text('你好')],
    ['nothing', () => Buffer.alloc(0)],
    ['an archive', () => rawZip([{ name: 'a.txt', content: text('a') }])],
    ['an encrypted docx (an OLE container)', () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])],
    ['a docx with macros', async () => repack(await docx(), (p) => part(p, 'word/vbaProject.bin', 'x'))],
    ['a docm', async () => repack(await docx(), (p) => part(p, '[Content_Types].xml', Buffer.from(p['[Content_Types].xml']!).toString().replaceAll('wordprocessingml.document.main+xml', 'x').replace('application/vnd.openxmlformats-officedocument.x', 'application/vnd.ms-word.document.macroEnabled.main+xml')))],
    ['an xlsx with macro sheets', async () => repack(await xlsx(), (p) => part(p, 'xl/macrosheets/sheet1.xml', '<x/>'))],
    ['a docx with a file inside', async () => repack(await docx(), (p) => part(p, 'word/embeddings/oleObject1.bin', 'x'))],
    ['a JPEG that is also an archive', async () => Buffer.concat([await photo(), rawZip([{ name: 'a', content: text('a') }], { before: ' '.repeat((await photo()).length) }).subarray((await photo()).length)])],
    ['a PNG with a script at its head', async () => Buffer.concat([(await png()).subarray(0, 33), pngChunk('tEXt', text('c\0<script>alert(1)</script>')), (await png()).subarray(33)])],
    ['a JPEG that is also a PDF', async () => Buffer.concat([(await photo()).subarray(0, 2), Buffer.from([0xff, 0xfe, 0, 12]), text('%PDF-1.4\n\n'), (await photo()).subarray(2)])],
    ['a PDF behind other bytes', async () => Buffer.concat([text('GIF89a'), await pdf()])],
    ['a PDF that is also an archive', async () => Buffer.concat([await pdf(), rawZip([{ name: 'a', content: text('a') }])])],
    ['a docx with bytes before it', async () => Buffer.concat([text('#!/bin/sh\n'), await docx()])],
    ['a docx with bytes behind it', async () => Buffer.concat([await docx(), text('\n<script>')])],
  ])('%s', async (_what, make) => {
    await expect(take(await make())).rejects.toMatchObject(REFUSED);
  });

  it('an encrypted PDF', async () => {
    const bytes = (await pdf()).toString('latin1').replace(/trailer\s*<</, 'trailer\n<< /Encrypt 1 0 R ');
    await expect(take(Buffer.from(bytes, 'latin1'))).rejects.toMatchObject({ ...REFUSED, detail: expect.stringContaining('密码') });
  });

  it('EICAR is known without a scanner', () => {
    const virus = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
    expect(holdsTestVirus(text(`xx${virus}yy`))).toBe(true);
    expect(holdsTestVirus(text(virus.slice(1)))).toBe(false);
  });
});

describe('F2: bombs and paths', () => {
  const zeros = Buffer.alloc(30 * 1024 * 1024);
  it.each<[string, () => Buffer, RegExp]>([
    ['a ratio far from any document', () => rawZip([{ name: 'a', content: zeros }]), /压缩比/],
    ['more than the whole budget, entry by entry', () => rawZip(Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, content: zeros }))), /压缩比|过大/],
    ['too many entries', () => rawZip(Array.from({ length: LIMITS.maxEntries + 1 }, (_, i) => ({ name: `${i}`, content: text('') }))), /过多/],
    ['a path outside', () => rawZip([{ name: '../../etc/passwd', content: text('a') }]), /路径/],
    ['an absolute path', () => rawZip([{ name: '/etc/passwd', content: text('a') }]), /路径/],
    ['a Windows path', () => rawZip([{ name: 'C:\\a', content: text('a') }]), /路径/],
    ['a symbolic link', () => rawZip([{ name: 'a', content: text('/etc/passwd'), mode: 0o120777 }]), /路径/],
    ['one name twice', () => rawZip([{ name: 'a', content: text('a') }, { name: 'a', content: text('b') }]), /路径/],
    ['an encrypted entry', () => rawZip([{ name: 'a', content: text('a'), flags: 1 }]), /加密/],
    ['a wrong checksum', () => rawZip([{ name: 'a', content: text('a'), crc: 1 }]), /损坏/],
    ['a cut end', () => rawZip([{ name: 'a', content: text('abc') }]).subarray(0, -3), /损坏/],
  ])('an archive with %s', (_what, make, sentence) => {
    expect(() => readZip(make(), LIMITS)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_TYPE', detail: expect.stringMatching(sentence) }));
  });

  it('an entry that unpacks to more than declared is measured, not believed', () => {
    const bomb = rawZip([{ name: 'a', content: Buffer.alloc(3_000_000) }]);
    // The declared size, in both headers, says 10 bytes.
    for (const at of [22, bomb.indexOf('PK\x01\x02', 0, 'latin1') + 24]) bomb.writeUInt32LE(10, at);
    expect(() => readZip(bomb, { ...LIMITS, maxUnpackedBytes: 1_000_000 })).toThrow(expect.objectContaining({ detail: expect.stringContaining('过大') }));
  });

  it('finds the end of an archive with and without a comment, and only at the very end', () => {
    const zip = rawZip([{ name: 'a', content: text('a') }], { comment: 'hello' });
    expect(endOfArchive(zip)).toBe(zip.length - 27);
    expect(endOfArchive(Buffer.concat([zip, text('x')]))).toBe(-1);
  });

  it('a picture with more pixels than allowed is refused before it is drawn, and the next one is taken', async () => {
    // 40,000 × 40,000 pixels in a few hundred kilobytes.
    const header = Buffer.alloc(13);
    header.writeUInt32BE(40_000, 0);
    header.writeUInt32BE(40_000, 4);
    header.set([1, 0, 0, 0, 0], 8);
    const bomb = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(Buffer.alloc(40_000 * 100))), pngChunk('IEND', Buffer.alloc(0))]);
    const before = process.memoryUsage().rss;
    await expect(take(bomb)).rejects.toMatchObject({ ...REFUSED, detail: expect.stringContaining('像素') });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    await expect(take(await png())).resolves.toBeInstanceOf(Buffer);
  });

  it('a PDF whose object stream unpacks without end is refused, its names escaped or not', async () => {
    const packed = deflateSync(Buffer.alloc(64 * 1024 * 1024));
    for (const type of ['ObjStm', 'Obj#53tm', 'XRef']) {
      const bomb = Buffer.concat([text(`%PDF-1.5\n1 0 obj\n<< /Type /${type} /N 1 /First 5 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`), packed, text('\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF')]);
      await expect(take(bomb)).rejects.toMatchObject({ ...REFUSED, detail: expect.stringContaining('过大') });
    }
  });

  it('a document part with entities (billion laughs) or endless nesting is refused', async () => {
    const laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>';
    await expect(take(await repack(await docx(), (p) => part(p, 'word/footer9.xml', laughs)))).rejects.toMatchObject(REFUSED);
    const deep = '<x>'.repeat(100_000) + '</x>'.repeat(100_000);
    await expect(take(await repack(await docx(), (p) => part(p, 'word/footer9.xml', deep)))).rejects.toMatchObject(REFUSED);
  });

  it('files cut at random places are refused or taken, but never fail otherwise', async () => {
    for (const make of [photo, png, pdf, docx, xlsx]) {
      const bytes = await make();
      for (let i = 1; i < 12; i += 1) {
        const outcome = await take(bytes.subarray(0, Math.floor((bytes.length * i) / 12))).then(() => 'taken', (error: { code?: string }) => error.code);
        expect(['taken', 'UNSUPPORTED_TYPE']).toContain(outcome);
      }
    }
  });
});

describe('F3: names', () => {
  it.each([
    ['合同.pdf', 'pdf', '合同.pdf'], ['../../etc/passwd', 'png', 'passwd.png'], ['C:\\Users\\张三\\照片.jpg', 'jpg', '照片.jpg'],
    ['发票\u202Egpj.exe', 'jpg', '发票gpj.jpg'], ['a\0b\r\nc.pdf', 'pdf', 'abc.pdf'], ['照片.pdf.exe', 'jpg', '照片.pdf.jpg'],
    ['', 'png', '未命名.png'], ['...', 'png', '未命名.png'], ['a"b<c>.png', 'png', 'a_b_c_.png'], ['\u2066隐\u200b藏.png', 'png', '隐藏.png'],
  ])('%j is shown as a %s', (given, extension, shown) => {
    expect(shownName(given, extension)).toBe(shown);
  });

  it('are cut to 120 characters without splitting one, the ending kept', () => {
    const shown = shownName(`${'𠮷'.repeat(300)}.docx`, 'docx');
    expect([...shown]).toHaveLength(120);
    expect(shown.endsWith('𠮷.docx')).toBe(true);
  });

  it('reach the header encoded, so that nothing in them ends it', () => {
    const header = attachment("合同 (终).pdf'\"; x=\r\n.pdf");
    expect(header).toBe("attachment; filename=\"__ (_).pdf'_; x=__.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C%20%28%E7%BB%88%29.pdf%27%22%3B%20x%3D%0D%0A.pdf");
    expect(header).not.toMatch(/[^\x20-\x7e]/);
  });
});

describe('the scanner hook (clamd, INSTREAM)', () => {
  let server: Server;
  let verdict = 'stream: OK\0';
  let received = Buffer.alloc(0);
  let greeting = '';
  beforeAll(async () => {
    server = createServer((socket) => {
      let bytes = Buffer.alloc(0);
      socket.on('data', (data) => {
        bytes = Buffer.concat([bytes, data]);
        if (!bytes.subarray(-4).equals(Buffer.alloc(4))) return;
        const content: Buffer[] = [];
        greeting = bytes.toString('latin1', 0, 10);
        for (let at = 10; bytes.readUInt32BE(at) > 0;) {
          const size = bytes.readUInt32BE(at);
          content.push(bytes.subarray(at + 4, at + 4 + size));
          at += 4 + size;
        }
        received = Buffer.concat(content);
        socket.end(verdict);
      });
    });
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  });
  afterAll(() => new Promise((resolve) => { server.close(resolve); }));
  const scan = (bytes: Buffer) => clamd({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, timeoutMs: 2000 })(bytes);

  it('sends the bytes in chunks and reads the verdict', async () => {
    const bytes = Buffer.alloc(200_001, 7);
    expect(await scan(bytes)).toBe('clean');
    expect(received.equals(bytes)).toBe(true);
    expect(greeting).toBe('zINSTREAM\0');
    verdict = 'stream: Win.Test.EICAR_HDB-1 FOUND\0';
    expect(await scan(text('x'))).toBe('infected');
  });

  it('says so when it cannot tell', async () => {
    verdict = 'INSTREAM size limit exceeded. ERROR\0';
    await expect(scan(text('x'))).rejects.toThrow(/no verdict/);
    await expect(clamd({ host: '127.0.0.1', port: 1 })(text('x'))).rejects.toThrow(/scanner/);
  });
});

import sharp from 'sharp';
import { unsupported, type Limits } from '../kinds';

export type PictureKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff';
const SECONDS = 20;

/**
 * Draws a picture anew: only its pixels survive, upright and in sRGB. EXIF, GPS, XMP, IPTC, colour profile texts,
 * comments, thumbnails and anything behind the picture stay out; of a moving picture the first frame is kept.
 */
export async function redraw(bytes: Buffer, kind: PictureKind, limits: Pick<Limits, 'maxPixels'>): Promise<Buffer> {
  try {
    const picture = sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error', pages: 1 })
      .timeout({ seconds: SECONDS })
      .autoOrient()
      .toColourspace('srgb');
    if (kind === 'jpeg') return await picture.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
    if (kind === 'png') return await picture.png().toBuffer();
    if (kind === 'webp') return await picture.webp({ quality: 92 }).toBuffer();
    if (kind === 'gif') return await picture.gif().toBuffer();
    return await picture.tiff({ compression: 'lzw' }).toBuffer();
  } catch (error) {
    // Sharp tells causes apart by text only; the sentence serves both.
    const tooLarge = (error as Error).message.includes('pixel limit');
    throw unsupported(tooLarge ? '图片的像素过大' : '图片已损坏');
  }
}

/**
 * A JPEG without its application segments and comments, its picture data untouched: for pictures inside a PDF, whose
 * colour handling depends on the data as it is. Kept: APP14 (Adobe), which says how colours are coded.
 */
export function withoutJpegSegments(bytes: Buffer): Buffer {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw unsupported('文件内的图片已损坏');
  const kept: Buffer[] = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw unsupported('文件内的图片已损坏');
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) return Buffer.concat([...kept, scan(bytes, at)]);
    const next = at + 2 + bytes.readUInt16BE(at + 2);
    const isMetadata = (marker >= 0xe0 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
    if (!isMetadata) kept.push(bytes.subarray(at, next));
    // Adobe's segment is 12 bytes of payload; more is somebody's luggage.
    if (marker === 0xee && next - at > 16) kept.pop();
    at = next;
  }
  throw unsupported('文件内的图片已损坏');
}

/** Picture data from the first scan to the end marker, later segments of a progressive picture included, metadata not. */
function scan(bytes: Buffer, from: number): Buffer {
  const kept: Buffer[] = [];
  let start = from;
  let at = from;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    const isData = bytes[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7);
    if (isData) {
      at += 1;
      continue;
    }
    if (marker === 0xd9) {
      kept.push(bytes.subarray(start, at + 2));
      return Buffer.concat(kept);
    }
    if (at + 4 > bytes.length) break;
    const next = at + 2 + bytes.readUInt16BE(at + 2);
    if ((marker >= 0xe0 && marker <= 0xef) || marker === 0xfe) {
      kept.push(bytes.subarray(start, at));
      start = next;
    }
    at = next;
  }
  // Cut short: common in PDFs, readers show what is there.
  kept.push(bytes.subarray(start), Buffer.from([0xff, 0xd9]));
  return Buffer.concat(kept);
}

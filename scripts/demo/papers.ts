import sharp from 'sharp';
import { PDFDocument } from '@cantoo/pdf-lib';

/** A photo as a phone takes it, with the traces a phone leaves in it. */
export const photo = (): Promise<Buffer> =>
  sharp({ create: { width: 640, height: 480, channels: 3, background: { r: 120, g: 150, b: 180 } } })
    .withExif({ IFD0: { Make: 'DemoPhone', Artist: 'demo' }, IFD3: { GPSLatitude: '35/1 18/1 0/1', GPSLatitudeRef: 'N' } }).jpeg().toBuffer();

/** A one-page PDF with a title. */
export async function pdf(title: string): Promise<Buffer> {
  const document = await PDFDocument.create();
  document.addPage([595, 842]).drawText(title, { x: 60, y: 760, size: 18 });
  return Buffer.from(await document.save());
}

const BINDING = 2;

/** Complete answers to the 15 questions and 16 scenarios (评测指标 2024), a middling enterprise before its transformation. */
export function answers(metrics: { questions: Record<string, { choice: string; options: { code: string }[] }>; scenarios: Record<string, unknown> }, level = 1): Record<string, unknown> {
  const at = (options: { code: string }[]) => options[Math.min(level + 1, options.length - 1)]!.code;
  return {
    ...Object.fromEntries(Object.entries(metrics.questions).map(([id, { choice, options }]) =>
      [id, choice === 'one' ? at(options) : options.slice(1, 1 + level + BINDING).map(({ code }) => code)])),
    scenarios: Object.fromEntries(Object.keys(metrics.scenarios).map((key) => [key, level])),
  };
}

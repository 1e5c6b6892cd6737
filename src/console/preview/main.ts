import { getDocument } from 'pdfjs-dist';
import * as worker from 'pdfjs-dist/build/pdf.worker.mjs';

/**
 * The inside of the frame in which a PDF is looked at. The browser's own viewer refuses to run in a sandbox; so it is drawn here, as
 * pictures, by a script without an origin: no cookies, no network, no way to the page around it but the one message in and out.
 */
const PAGES_AT_MOST = 60;
const SHARPNESS = Math.min(Math.max(window.devicePixelRatio, 1), 2);

// A frame without an origin may start no worker: the work is done here.
(globalThis as { pdfjsWorker?: unknown }).pdfjsWorker = worker;

const say = (text: string): void => {
  const line = document.createElement('p');
  line.textContent = text;
  document.body.append(line);
};

async function show(bytes: ArrayBuffer): Promise<number> {
  const pdf = await getDocument({ data: new Uint8Array(bytes), isEvalSupported: false, enableXfa: false, useWasm: false, useSystemFonts: true, stopAtErrors: false, verbosity: 0 }).promise;
  for (let no = 1; no <= Math.min(pdf.numPages, PAGES_AT_MOST); no += 1) {
    const page = await pdf.getPage(no);
    const whole = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: (document.body.clientWidth / whole.width) * SHARPNESS });
    const canvas = document.createElement('canvas');
    canvas.width = viewport.width;
    canvas.height = viewport.height;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `第 ${no} 页，共 ${pdf.numPages} 页`);
    document.body.append(canvas);
    await page.render({ canvas, viewport, annotationMode: 0 }).promise;
    page.cleanup();
  }
  if (pdf.numPages > PAGES_AT_MOST) say(`共 ${pdf.numPages} 页，这里显示前 ${PAGES_AT_MOST} 页；其余请下载查看。`);
  return pdf.numPages;
}

addEventListener('message', ({ data, source }: MessageEvent<unknown>) => {
  if (source !== parent || !(data instanceof ArrayBuffer)) return;
  show(data).then((pages) => parent.postMessage({ pages }, '*'), (error: unknown) => parent.postMessage({ failed: String(error) }, '*'));
}, { once: true });
parent.postMessage({ ready: true }, '*');

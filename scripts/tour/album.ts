import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

interface Picture { file: string; part: string; name: string; note: string; wide: boolean }

const TALL_AT_MOST = 4000;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const fileName = (text: string): string => text.replaceAll(/[^\p{L}\d]+/gu, '-').replaceAll(/^-|-$/g, '');

/** The pictures of one tour, in a folder with a page that shows them, and what a person would complain about that a program can see. */
export class Album {
  readonly complaints: string[] = [];
  private readonly pictures: Picture[] = [];
  private readonly taken = new Set<string>();

  constructor(readonly folder: string) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  get count(): number { return this.pictures.length; }
  has(part: string, name: string): boolean { return this.taken.has(`${part}/${name}`); }

  /** Takes the screen as it stands, once for each name; where more lies below, the whole of it too. */
  async take(page: Page, part: string, name: string): Promise<void> {
    if (this.has(part, name)) return;
    this.taken.add(`${part}/${name}`);
    await page.evaluate('document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))');
    const size = page.viewportSize()!;
    await this.keep(page, part, name, '', size.width > 500);
    const height = Math.min(await heightOf(page), TALL_AT_MOST);
    if (height > size.height + 20) {
      await page.setViewportSize({ ...size, height });
      await this.keep(page, part, name, '全页', size.width > 500);
      await page.setViewportSize(size);
    }
    const over = await page.evaluate('Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll(".wxw-page:not([hidden]) .wxw-body")].map((body) => body.scrollWidth)) - innerWidth') as number;
    if (over > 1) this.complaints.push(`${part} · ${name}: ${over} px wider than the screen`);
  }

  private async keep(page: Page, part: string, name: string, note: string, wide: boolean): Promise<void> {
    const file = `${fileName(`${part}-${name}${note ? '-whole' : ''}`)}.png`;
    await page.screenshot({ path: path.join(this.folder, file) });
    this.pictures.push({ file, part, name, note, wide });
  }

  /** Writes the page that shows them. Answers its path. */
  bind(): string {
    const parts = [...new Set(this.pictures.map(({ part }) => part))];
    const complaints = this.complaints.map((text) => `<li>${escape(text)}</li>`).join('');
    const index = path.join(this.folder, 'index.html');
    writeFileSync(index, `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>数转通 · 全部页面</title><style>
body{font:15px/1.6 system-ui,sans-serif;margin:1.5rem;background:#f4f6f9;color:#1f2329}h2{margin-top:2rem}.album{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
figure{margin:0;background:#fff;padding:8px;border-radius:6px;width:220px}figure.wide{width:440px}img{width:100%;border:1px solid #e1e4ea}figcaption{font-size:13px}nav a{margin-right:1em}.bad{color:#b42318}
</style></head><body><h1>数转通 · 全部页面</h1><p>${this.pictures.length} 张</p>${complaints ? `<ul class="bad">${complaints}</ul>` : '<p>没有发现问题</p>'}
<nav>${parts.map((part) => `<a href="#${encodeURIComponent(part)}">${escape(part)}</a>`).join('')}</nav>
${parts.map((part) => `<h2 id="${encodeURIComponent(part)}">${escape(part)}</h2><div class="album">${this.pictures.filter((one) => one.part === part).map((one) =>
    `<figure${one.wide ? ' class="wide"' : ''}><a href="${encodeURIComponent(one.file)}"><img loading="lazy" src="${encodeURIComponent(one.file)}" alt=""></a><figcaption>${escape(one.name)}${one.note ? `（${one.note}）` : ''}</figcaption></figure>`).join('')}</div>`).join('')}
</body></html>`);
    return index;
  }
}

/** A phone's page scrolls within itself, a desk's with the window. */
const heightOf = (page: Page): Promise<number> => page.evaluate(`(() => {
  const body = [...document.querySelectorAll('.wxw-page:not([hidden]) .wxw-body')].at(-1);
  return body ? innerHeight + body.scrollHeight - body.clientHeight : document.documentElement.scrollHeight;
})()`);

import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Which pages there are, from the sources of both faces, and which of them were seen: so that a new page cannot be forgotten. */
export class Visits {
  private readonly phonePages: string[];
  private readonly deskPages: string[];
  private readonly seen = new Set<string>();

  constructor(root: string) {
    const app = JSON.parse(readFileSync(path.join(root, 'miniprogram', 'app.json'), 'utf8')) as { pages: string[]; subPackages?: { root: string; pages: string[] }[] };
    this.phonePages = [...app.pages, ...(app.subPackages ?? []).flatMap(({ root: folder, pages }) => pages.map((page) => `${folder}/${page}`))];
    const router = readFileSync(path.join(root, 'src', 'console', 'router.ts'), 'utf8');
    this.deskPages = [...router.matchAll(/path: '(\/[^']*)', (?:component|redirect)/g)].map(([, page]) => page!).filter((page) => page !== '/');
    if (this.phonePages.length === 0 || this.deskPages.length === 0) throw new Error('the lists of pages could not be read');
  }

  /** Pages of the menu and others that need nothing but their address. */
  get plainDeskPages(): string[] { return this.deskPages.filter((page) => !page.includes(':')); }

  /** `url` of a phone's screen (`…#/pages/home/index?…`) or of the console. */
  note(url: string): void {
    const { pathname, hash } = new URL(url);
    if (hash.startsWith('#/')) {
      this.seen.add(hash.slice(2).split('?')[0]!);
      return;
    }
    const at = pathname.replace(/^\/console/, '') || '/';
    const exact = this.deskPages.find((page) => page === at);
    const found = exact ?? this.deskPages.find((page) => new RegExp(`^${page.replace(/\/:rest.*$/, '/.*').replaceAll(/:\w+/g, '[^/]+')}$`).test(at));
    if (found) this.seen.add(found);
  }

  get missed(): string[] { return [...this.phonePages, ...this.deskPages].filter((page) => !this.seen.has(page)); }
}

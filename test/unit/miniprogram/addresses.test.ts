import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pagesOf, readJson, type AppConfig } from '../../../scripts/miniprogram-web/builder/sources';

const ROOT = path.join(__dirname, '..', '..', '..');
const app = readJson<AppConfig>(path.join(ROOT, 'miniprogram', 'app.json'));
const pages = new Set(pagesOf(app));

/** Addresses of pages as they are written in code: '/public/register/index', 'pages/case/index?no=…'. */
function addressesIn(folder: string): { file: string; address: string }[] {
  const roots = ['pages', ...(app.subPackages ?? []).map(({ root }) => root)].join('|');
  const address = new RegExp(`["'\`]/?((?:${roots})/[\\w-]+/[\\w-]+)[?"'\`]`, 'g');
  return (readdirSync(path.join(ROOT, folder), { recursive: true }) as string[])
    .filter((name) => /\.(ts|wxml|json)$/.test(name) && !name.includes('node_modules') && name !== 'app.json')
    .flatMap((name) => [...readFileSync(path.join(ROOT, folder, name), 'utf8').matchAll(address)].map(([, found]) => ({ file: `${folder}/${name}`, address: found! })));
}

describe('addresses of the mini-program\'s pages', () => {
  it('each one that a page, the chat-bot or a pushed card names leads to a page', () => {
    const named = [...addressesIn('miniprogram'), ...addressesIn('src')];
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter(({ address }) => !pages.has(address))).toEqual([]);
  });

  it('each subpackage has pages, and the tabs lie in the main package', () => {
    for (const { root, pages: own } of app.subPackages ?? []) expect([root, own.length > 0]).toEqual([root, true]);
    for (const { pagePath } of app.tabBar!.list) expect(app.pages).toContain(pagePath);
  });
});

describe('every page', () => {
  const missing = (has: (page: string) => boolean): string[] => [...pages].filter((page) => !has(page));
  const text = (page: string, end: string): string => readFileSync(path.join(ROOT, 'miniprogram', `${page}${end}`), 'utf8');

  it('follows the size of text that was chosen', () => {
    expect(missing((page) => text(page, '.wxml').startsWith('<page-meta page-style="{{look}}" />') && text(page, '.ts').includes('behaviors: [inTextSize'))).toEqual([]);
  });

  it('has the shared states: waiting, failed, not allowed, without a network', () => {
    expect(missing((page) => text(page, '.wxml').includes('<page-state '))).toEqual([]);
  });
});

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildMiniProgram } from '../../../scripts/miniprogram-web/builder/index';

const places = { runtime: path.resolve('scripts/miniprogram-web/runtime'), modules: path.resolve('node_modules') };
let folder = '';
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'szt-web-')); });
afterEach(() => rmSync(folder, { recursive: true }));

/** A mini-program of one page with this template. */
function aProgram(wxml: string): string {
  const source = path.join(folder, 'source');
  mkdirSync(source, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(path.join(source, name), text);
  write('app.json', '{ "pages": ["page"] }');
  write('app.ts', 'App({});');
  write('app.wxss', 'page { color: red; }');
  write('page.json', '{}');
  write('page.ts', 'Page({});');
  write('page.wxml', wxml);
  return source;
}

it('the mini-program as it is shipped builds for browsers, without a fault in any template', async () => {
  const built = await buildMiniProgram({ ...places, source: path.resolve('miniprogram'), out: path.join(folder, 'out') });
  expect(built.pages).toBeGreaterThanOrEqual(9);
});

it.each([
  ['an expression left unfinished', '<view>{{rows +}}</view>'],
  ['a tag left open', '<view><text>是</view>'],
])('%s fails the build', async (_what, wxml) => {
  await expect(buildMiniProgram({ ...places, source: aProgram(wxml), out: path.join(folder, 'out') })).rejects.toThrow('page.wxml');
});

it('a whole template passes', async () => {
  await expect(buildMiniProgram({ ...places, source: aProgram('<view bindtap="go">{{rows}}</view>'), out: path.join(folder, 'out') })).resolves.toMatchObject({ pages: 1 });
});

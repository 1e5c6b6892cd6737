import { wx } from './api/index';
import { backend, codeSpace, componentCaller, runScript } from './framework';
import { configurePages, current, open, openPages } from './pages';
import { Query } from './queries';
import { defineContainers } from './tags/containers';
import { defineDisplay } from './tags/display';
import { defineFields } from './tags/fields';

/** A mini-program as the builder hands it over. */
export interface Program {
  app: { pages: string[]; window?: Record<string, unknown>; tabBar?: { list: { pagePath: string; text: string; iconPath?: string; selectedIconPath?: string }[] } };
  pages: string[];
  templates: Record<string, unknown>;
  /** Of app.wxss. */
  styles: string;
  run: () => void;
  components: { id: string; config: object; scope?: string; styles: string; run: () => void }[];
}

/** Starts the mini-program in this page: first page, or the one the address names. */
export function boot({ app, pages, templates, styles, run, components }: Program): void {
  let instance: Record<string, any> = {};
  Object.assign(globalThis, {
    wx, App: (definition: typeof instance) => { instance = definition; }, getApp: () => instance, getCurrentPages: openPages, requirePlugin: () => ({}),
  });
  componentCaller.createSelectorQuery = function createSelectorQuery(this: unknown) { return new Query().in(this); };
  componentCaller.getTabBar = () => undefined;
  componentCaller.getPageId = () => current()?.route;
  componentCaller.animate = (_selector: unknown, _frames: unknown, ms: number, done?: () => void) => { if (done) setTimeout(done, ms); };
  componentCaller.clearAnimation = () => undefined;
  defineFields();
  defineDisplay();
  defineContainers();

  backend.registerStyleSheetContent('app', styles);
  codeSpace.addStyleSheet('app', 'app');
  for (const { id, config, scope, styles: own } of components) {
    codeSpace.addComponentStaticConfig(id, config);
    codeSpace.addCompiledTemplate(id, { groupList: templates, content: templates[id] });
    backend.registerStyleSheetContent(id, own);
    codeSpace.addStyleSheet(id, id, scope);
  }
  configurePages({ pages, window: app.window ?? {}, tabs: app.tabBar?.list ?? [] });
  run();
  for (const { id, run: runComponent } of components) runScript(id, runComponent);
  instance['onLaunch']?.({ path: pages[0], query: {}, scene: 1001 });
  instance['onShow']?.({});
  const asked = location.hash.length > 2 ? location.hash.slice(1) : `/${pages[0]}`;
  open(pages.includes(asked.slice(1).split('?')[0]!) ? asked : `/${pages[0]}`);
}

import { associated, codeSpace } from './framework';
import { make, role, setAttribute } from './dom';
import { call } from './api/call';

/** One open page of the stack. */
export interface Page {
  route: string;
  query: Record<string, string>;
  element: HTMLElement;
  body: HTMLElement;
  title: HTMLElement;
  root: any;
  component: any;
  caller: any;
  /** The height of the content when its end was last told; 0 while away from it. */
  toldAt: number;
}

interface Settings {
  pages: string[];
  window: Record<string, unknown>;
  tabs: { pagePath: string; text: string; iconPath?: string; selectedIconPath?: string }[];
}

const settings: Settings = { pages: [], window: {}, tabs: [] };
const stack: Page[] = [];
const badges = new Map<number, string>();

export const configurePages = (given: Settings): void => { Object.assign(settings, given); };
export const current = (): Page | undefined => stack.at(-1);
export const openPages = (): unknown[] => stack.map(({ caller }) => caller);

function parse(url: string): [route: string, query: Record<string, string>] {
  const [path = '', search = ''] = url.split('?');
  const route = path.startsWith('/') ? path.slice(1) : new URL(path, `http://x/${current()?.route ?? ''}`).pathname.slice(1);
  // As in WeChat, values arrive as they stand in the address: not decoded.
  const query = Object.fromEntries(search.split('&').filter(Boolean).map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
  return [route, query];
}

const isTab = (route: string): boolean => settings.tabs.some(({ pagePath }) => pagePath === route);

export function open(url: string): void {
  const [route, query] = parse(url);
  if (!settings.pages.includes(route)) throw new Error(`page "${route}" is not found`);
  const before = current();
  if (before) {
    before.element.hidden = true;
    before.caller.onHide?.();
    before.component.triggerPageLifetime('hide', []);
  }
  const config = { ...settings.window, ...codeSpace.getComponentStaticConfig(route) } as Record<string, string>;
  const element = make('div', 'wxw-page');
  const title = make('span', '', config['navigationBarTitleText'] ?? '');
  const body = make('main', 'wxw-body');
  if (config['navigationStyle'] !== 'custom') element.append(bar(title));
  if (config['backgroundColor']) body.style.background = config['backgroundColor'];
  const place = make('span');
  body.append(place);
  element.append(body);
  document.body.append(element);

  const root = associated.createRoot('wx-page', codeSpace, `/${route}`);
  const page: Page = { route, query, element, body, title, root, component: root.getComponent(), caller: root.get(), toldAt: 0 };
  Object.assign(page.caller, { route, options: query, getOpenerEventChannel: () => ({ on() {}, emit() {} }) });
  stack.push(page);
  root.attach(body, place);
  if (isTab(route)) element.append(tabBar(route));
  body.addEventListener('scroll', () => {
    page.caller.onPageScroll?.({ scrollTop: body.scrollTop });
    const low = body.scrollHeight - body.clientHeight - body.scrollTop < Number(config['onReachBottomDistance'] ?? 50);
    // Told once for each end: a list that has grown has another.
    if (low && page.toldAt !== body.scrollHeight) page.caller.onReachBottom?.();
    page.toldAt = low ? body.scrollHeight : 0;
  });
  page.caller.onLoad?.(query);
  show();
  requestAnimationFrame(() => page.caller.onReady?.());
}

function bar(title: HTMLElement): HTMLElement {
  const header = make('header', 'wxw-nav');
  if (stack.length > 0) {
    const back = make('button', '', '‹');
    setAttribute.call(back, 'aria-label', '返回');
    back.addEventListener('click', () => goBack(1));
    header.append(back);
  }
  header.append(title);
  return header;
}

function tabBar(route: string): HTMLElement {
  const tabs = make('nav', 'wxw-tabs');
  for (const [index, { pagePath, text, iconPath, selectedIconPath }] of settings.tabs.entries()) {
    const tab = make('button', '', text);
    const drawing = pagePath === route ? selectedIconPath : iconPath;
    if (drawing) {
      const icon = make('img');
      icon.src = drawing;
      icon.alt = '';
      tab.prepend(icon);
    }
    const badge = make('i', 'wxw-badge', badges.get(index) ?? '');
    badge.dataset['tab'] = String(index);
    tab.append(badge);
    if (pagePath === route) setAttribute.call(tab, 'aria-current', 'page');
    tab.addEventListener('click', () => { if (current()?.route !== pagePath) startAnew(`/${pagePath}`); });
    tabs.append(tab);
  }
  role(tabs, 'navigation', '主导航');
  return tabs;
}

function show(): void {
  const page = current()!;
  page.element.hidden = false;
  const search = Object.entries(page.query).map(([name, value]) => `${name}=${value}`).join('&');
  history.replaceState(null, '', `#/${page.route}${search ? `?${search}` : ''}`);
  document.title = page.title.textContent ?? '';
  page.caller.onShow?.();
  page.component.triggerPageLifetime('show', []);
}

function close(count: number): void {
  for (let left = count; left > 0 && stack.length > 0; left -= 1) {
    const page = stack.pop()!;
    page.caller.onUnload?.();
    page.root.release();
    page.element.remove();
  }
}

function goBack(delta: number): void {
  if (stack.length < 2) return;
  close(Math.min(delta, stack.length - 1));
  show();
}

function startAnew(url: string): void {
  close(stack.length);
  open(url);
}

function setBadge(index: number, text: string): void {
  badges.set(index, text);
  for (const badge of document.querySelectorAll<HTMLElement>(`.wxw-badge[data-tab="${index}"]`)) badge.textContent = text;
}

/** The browser's own way back is the phone's. */
window.addEventListener('popstate', () => { if (stack.length > 1) goBack(1); });

export const navigation = {
  navigateTo: call('navigateTo', ({ url }) => {
    if (isTab(parse(url)[0])) throw new Error('can not navigateTo a tabbar page');
    if (stack.length >= 10) throw new Error('webview count limit exceed');
    open(url);
  }),
  redirectTo: call('redirectTo', ({ url }) => {
    if (isTab(parse(url)[0])) throw new Error('can not redirectTo a tabbar page');
    close(1);
    open(url);
  }),
  navigateBack: call('navigateBack', ({ delta = 1 }) => goBack(delta)),
  reLaunch: call('reLaunch', ({ url }) => startAnew(url)),
  switchTab: call('switchTab', ({ url }) => {
    if (!isTab(parse(url)[0])) throw new Error('can not switch to no-tabBar page');
    startAnew(url);
  }),
  setNavigationBarTitle: call('setNavigationBarTitle', ({ title }) => { current()!.title.textContent = title; document.title = title; }),
  setTabBarBadge: call('setTabBarBadge', ({ index, text }) => setBadge(index, text)),
  removeTabBarBadge: call('removeTabBarBadge', ({ index }) => setBadge(index, '')),
  stopPullDownRefresh: call('stopPullDownRefresh', () => undefined),
  pageScrollTo: call('pageScrollTo', ({ scrollTop, selector }) => {
    const { body, caller } = current()!;
    if (scrollTop !== undefined) body.scrollTop = scrollTop;
    // `a >>> b` reaches into the component that `a` is.
    else if (selector) selector.split('>>>').reduce((at: any, part: string) => at?.getShadowRoot()?.querySelector(part.trim()), caller._$)?.$$?.scrollIntoView({ block: 'center' });
  }),
  enableAlertBeforeUnload: call('enableAlertBeforeUnload', () => undefined),
  disableAlertBeforeUnload: call('disableAlertBeforeUnload', () => undefined),
};

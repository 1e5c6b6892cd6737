import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const read = (file: string): string => readFileSync(file, 'utf8');
export const readJson = <T>(file: string): T => JSON.parse(read(file).replace(/^\uFEFF/, '')) as T;

/** `app.json`, as far as a browser has use for it. */
export interface AppConfig {
  pages: string[];
  subPackages?: { root: string; pages: string[] }[];
  usingComponents?: Record<string, string>;
  window?: Record<string, unknown>;
  tabBar?: { list: { pagePath: string; text: string; iconPath?: string; selectedIconPath?: string }[] };
}

/** The `.json` beside a component or page. */
export interface ComponentConfig {
  component?: boolean;
  styleIsolation?: string;
  usingComponents?: Record<string, string>;
  componentGenerics?: Record<string, { default?: string } | boolean>;
  [setting: string]: unknown;
}

export const pagesOf = (app: AppConfig): string[] =>
  [...app.pages, ...(app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => `${root.replace(/\/?$/, '/')}${page}`))];

export type Sources = ReturnType<typeof createSources>;

/** Finds files the WeChat way: beside the one that asks, from the project's root, or in a package's `miniprogram` folder. */
export function createSources(root: string, modules: string) {
  /** A path within a package of npm; null for a path of our own. */
  function inPackage(wanted: string): string | null {
    if (/^[./]/.test(wanted)) return null;
    const parts = wanted.split('/');
    const name = parts.splice(0, wanted.startsWith('@') ? 2 : 1).join('/');
    const folder = path.join(modules, name);
    if (!existsSync(folder)) return null;
    const { miniprogram = '' } = readJson<{ miniprogram?: string }>(path.join(folder, 'package.json'));
    return path.join(folder, miniprogram, ...parts);
  }

  const beside = (wanted: string, from: string): string =>
    wanted.startsWith('/') ? path.join(root, wanted) : path.resolve(path.dirname(from), wanted);

  /** A component by what `usingComponents` calls it, without extension. */
  function component(wanted: string, from: string): string {
    const found = [beside(wanted, from), inPackage(wanted)].flatMap((place) => (place ? [place, path.join(place, 'index')] : []))
      .find((place) => existsSync(`${place}.json`) && existsSync(`${place}.wxml`));
    if (!found) throw new Error(`component not found: ${wanted} (asked for by ${from})`);
    return found;
  }

  /** A script by what `import` calls it; undefined where the bundler knows better. */
  function script(wanted: string): string | undefined {
    const place = inPackage(wanted);
    return place ? [`${place}.js`, path.join(place, 'index.js'), place].find((file) => existsSync(file) && path.extname(file) !== '') : undefined;
  }

  const isOurs = (file: string): boolean => file.startsWith(`${root}${path.sep}`);
  const idOf = (file: string): string => (isOurs(file) ? path.relative(root, file) : `npm/${path.relative(modules, file)}`).split(path.sep).join('/');
  const codeOf = (place: string): string => {
    const file = [`${place}.ts`, `${place}.js`].find((one) => existsSync(one));
    if (!file) throw new Error(`no script beside ${place}.json`);
    return file;
  };

  return { root, beside, inPackage, component, script, isOurs, idOf, codeOf };
}

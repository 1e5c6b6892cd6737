import { existsSync } from 'node:fs';
import { read, type Sources } from './sources';
import { isBuiltIn, withoutRpx } from './words';

/** WXSS as CSS: imports drawn in, rpx reckoned, tags renamed, classes kept apart by component. */
export function createStyles(sources: Sources) {
  return function styleOf(file: string, scope?: string, seen = new Set<string>()): string {
    if (!existsSync(file) || seen.has(file)) return '';
    seen.add(file);
    let imported = '';
    const css = read(file).replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/@import\s+(?:url\()?['"]([^'"]+)['"]\)?\s*;?/g, (_, wanted: string) => {
        const near = sources.beside(wanted, file);
        imported += styleOf(existsSync(near) ? near : sources.inPackage(wanted) ?? near, scope, seen);
        return '';
      })
      .replace(/(^|[{};])([^{}@;]+)\{/g, (rule, before: string, selectors: string) =>
        /^\s*(from|to|[\d.]+%)/.test(selectors) ? rule : `${before}${selectorOf(selectors, scope)}{`);
    return imported + withoutRpx(css);
  };
}

function selectorOf(selectors: string, scope: string | undefined): string {
  return selectors.split(/(\[[^\]]*\])/).map((part, index) => index % 2 === 1 ? part : part
    .replace(/:host(\(([^)]*)\))?/g, (_, _all: string, inner?: string) => `[wx-host="${scope}"]${inner ?? ''}`)
    .replace(/\.(-?[_a-zA-Z][\w-]*)/g, (_, name: string) => scope ? `.${scope}--${name}` : `.${name}`)
    .replace(/(^|[\s>+~,(])([a-z][a-z-]*)(?![\w-]*\()(?=[\s>+~,:.#[)]|$)/g, (whole, before: string, tag: string) =>
      tag === 'page' || isBuiltIn(tag) ? `${before}wx-${tag}` : whole)).join('');
}

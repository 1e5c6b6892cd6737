import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { read } from './sources';

/**
 * TDesign's icon font lies on a CDN, which a browser without internet shows as boxes; here the same icons are drawn from their SVGs.
 * Only those that some file of the used components names.
 */
export function iconStyles(modules: string, componentFolders: readonly string[]): string {
  const drawings = path.join(modules, 'tdesign-icons-svg', 'src');
  if (!existsSync(drawings)) return '';
  const text = componentFolders.flatMap((folder) => readdirSync(folder)
    .filter((name) => /\.(wxml|wxs|js|ts|json)$/.test(name)).map((name) => read(path.join(folder, name)))).join('\n');
  return readdirSync(drawings).filter((name) => text.includes(name.replace(/\.svg$/, ''))).map((name) => {
    const svg = read(path.join(drawings, name)).replace('view-box', 'viewBox').replaceAll('currentColor', '#000');
    return `.t-icon-${name.replace(/\.svg$/, '')}:before{content:""!important;display:inline-block;width:1em;height:1em;background:currentColor;`
      + `-webkit-mask:url("data:image/svg+xml,${encodeURIComponent(svg)}") center/contain no-repeat}`;
  }).join('\n');
}

import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { createSources, pagesOf, read, readJson, type AppConfig, type ComponentConfig } from './sources';
import { createStyles } from './styles';
import { createTemplates } from './templates';
import { iconStyles } from './icons';
import { withoutRpx } from './words';

export interface BuildPlaces {
  /** The mini-program: the folder of app.json. */
  source: string;
  /** The web runtime's sources. */
  runtime: string;
  /** node_modules. */
  modules: string;
  /** Where app.js, app.css and index.html go. */
  out: string;
}

export interface Built { pages: number; components: number; bytes: number }

interface Component { id: string; place: string; config: ComponentConfig; scope?: string }

/** Compiles a native mini-program, components of npm included, into one bundle for a browser. Throws on a fault in its templates. */
export async function buildMiniProgram({ source, runtime, modules, out }: BuildPlaces): Promise<Built> {
  const sources = createSources(source, modules);
  const templates = createTemplates(sources);
  const styleOf = createStyles(sources);
  const app = readJson<AppConfig>(path.join(source, 'app.json'));
  const pages = pagesOf(app);
  for (const tab of app.tabBar?.list ?? []) {
    for (const icon of ['iconPath', 'selectedIconPath'] as const) if (tab[icon]) tab[icon] = `data:image/png;base64,${readFileSync(path.join(source, tab[icon])).toString('base64')}`;
  }
  const components = new Map<string, Component>();

  function add(place: string): string {
    const id = sources.idOf(place);
    if (components.has(id)) return id;
    const config = readJson<ComponentConfig>(`${place}.json`);
    const isShared = config.styleIsolation ? config.styleIsolation.endsWith('shared') && !config.styleIsolation.includes('apply') : !config.component;
    const component: Component = { id, place, config, ...(isShared ? {} : { scope: `s${components.size.toString(36)}` }) };
    components.set(id, component);
    templates.add(place);
    const using: Record<string, string> = {};
    for (const [tag, wanted] of Object.entries(app.usingComponents ?? {})) using[tag] = `/${add(sources.component(wanted, path.join(source, 'app')))}`;
    for (const [tag, wanted] of Object.entries(config.usingComponents ?? {})) using[tag] = `/${add(sources.component(wanted, place))}`;
    for (const generic of Object.values(config.componentGenerics ?? {})) {
      if (typeof generic === 'object' && generic.default) generic.default = `/${add(sources.component(generic.default, place))}`;
    }
    component.config = { ...config, usingComponents: using };
    return id;
  }

  for (const page of pages) add(path.join(source, page));
  if (templates.faults.length > 0) throw new Error(`faults in templates:\n${templates.faults.join('\n')}`);

  const list = [...components.values()];
  const entry = [
    `import { boot } from ${JSON.stringify(path.join(runtime, 'main.ts'))};`,
    "import templates from 'miniprogram:templates';",
    'boot({',
    `  app: ${JSON.stringify(app)}, pages: ${JSON.stringify(pages)}, templates,`,
    `  styles: ${JSON.stringify(styleOf(path.join(source, 'app.wxss')))},`,
    `  run: () => require(${JSON.stringify(sources.codeOf(path.join(source, 'app')))}),`,
    `  components: [${list.map(({ id, place, config, scope }) =>
      `{ id: ${JSON.stringify(id)}, config: ${JSON.stringify(config)}, scope: ${JSON.stringify(scope)}, styles: ${JSON.stringify(styleOf(`${place}.wxss`, scope))}, run: () => require(${JSON.stringify(sources.codeOf(place))}) }`).join(',\n')}],`,
    '});',
  ].join('\n');

  mkdirSync(out, { recursive: true });
  const bundle = path.join(out, 'app.js');
  await esbuild.build({
    stdin: { contents: entry, resolveDir: runtime, loader: 'ts', sourcefile: 'entry.ts' },
    bundle: true, outfile: bundle, format: 'iife', sourcemap: 'linked', target: 'es2020', logLevel: 'silent',
    alias: { 'glass-easel': path.join(modules, 'glass-easel', 'dist', 'glass_easel.dev.all.es.js') },
    plugins: [{
      name: 'miniprogram',
      setup(build) {
        build.onResolve({ filter: /^miniprogram:templates$/ }, () => ({ path: 'templates', namespace: 'miniprogram' }));
        build.onLoad({ filter: /.*/, namespace: 'miniprogram' }, () => ({ contents: `export default ${templates.code()}`, loader: 'js' }));
        build.onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer }) => {
          const found = importer && !importer.startsWith(runtime) ? sources.script(wanted) : undefined;
          return found ? { path: found } : undefined;
        });
      },
    }],
  });
  writeFileSync(path.join(out, 'app.css'), withoutRpx(`${read(path.join(runtime, 'base.css'))}\n${iconStyles(modules, [...new Set(list.map(({ place }) => path.dirname(place)))])}`));
  return { pages: pages.length, components: list.length, bytes: statSync(bundle).size };
}

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../../src/config';
import { LEAN_FLAGS } from '../../../scripts/lean';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true });
const dockerfile = read('Dockerfile').replaceAll(/\\\n\s*/g, ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => { const [instruction = '', ...words] = line.split(' '); return { instruction, words, rest: words.join(' ') }; });
const said = (instruction: string) => dockerfile.filter((line) => line.instruction === instruction);
const { scripts, engines } = JSON.parse(read('package.json'));

/** What src/config.ts reads, from its schema. */
const variables = [...read('src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): Joi\./gm)].map(([, name]) => name!);
const example = Object.fromEntries(read('.env.example').split('\n').filter((line) => /^[A-Z]/.test(line)).map((line) => {
  const [name = '', ...value] = line.split('=');
  return [name, value.join('=')];
}));
/** As compose puts it into what it starts. */
const withDomain = (environment: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{DOMAIN:\?[^}]*\}/, 'szt.example.gov.cn')]));

describe('Dockerfile', () => {
  it('copies only what exists, and what .dockerignore lets through', () => {
    const open = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = said('COPY').filter(({ words }) => !words[0]!.startsWith('--from=')).flatMap(({ words }) => words.slice(0, -1));
    expect(copied).toEqual(expect.arrayContaining(['src', 'scripts', 'package-lock.json']));
    for (const name of copied) {
      expect([name, existsSync(path.join(ROOT, name))]).toEqual([name, true]);
      expect(open).toContain(name);
    }
    for (const name of open) expect([name, existsSync(path.join(ROOT, name))]).toEqual([name, true]);
  });

  it('takes from its stages only what they make', () => {
    const stages = new Map<string, string[]>();
    let stage = '';
    for (const { instruction, words, rest } of dockerfile) {
      if (instruction === 'FROM') stages.set(stage = words[2] ?? 'last', []);
      else stages.get(stage)!.push(`${instruction} ${rest}`);
    }
    expect([...stages.keys()]).toEqual(['build', 'dependencies', 'last']);
    expect(stages.get('build')).toEqual(expect.arrayContaining(['COPY src src', 'COPY scripts scripts', 'RUN npm run build']));
    expect(stages.get('dependencies')!.some((line) => line.startsWith('RUN npm ci --omit=dev'))).toBe(true);
    expect(stages.get('last')).toEqual(expect.arrayContaining(['COPY --from=dependencies /app/node_modules node_modules', 'COPY --from=build /app/dist dist']));
  });

  it('what the build runs lies in what is copied, and makes what is started', () => {
    for (const [file] of scripts.build.matchAll(/(?:src|scripts)\/[\w.-]+\.mjs/g)) expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
    expect(scripts.build).toMatch(/^swc src scripts -d dist/);
    const command = JSON.parse(said('CMD').at(-1)!.rest) as string[];
    expect(command.slice(0, -1)).toEqual(['node', ...LEAN_FLAGS, '--enable-source-maps']);
    expect(existsSync(path.join(ROOT, command.at(-1)!.replace(/^dist\//, '').replace(/\.js$/, '.ts')))).toBe(true);
  });

  it('runs a Node that the product supports, as nobody special, and asks for its health where it listens', () => {
    const major = Number(/^node:(\d+)-/.exec(said('FROM')[0]!.words[0]!)![1]);
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)![0]));
    expect(new Set(said('FROM').map(({ words }) => words[0])).size).toBe(1);
    expect(said('USER').map(({ rest }) => rest)).toEqual(['node']);
    const { PORT } = Object.fromEntries(said('ENV').flatMap(({ words }) => words.map((pair) => pair.split('='))));
    expect(said('EXPOSE').map(({ rest }) => rest)).toEqual([PORT]);
    expect(said('HEALTHCHECK')[0]!.rest).toContain('/healthz');
    expect(read('src/app.ts')).toContain("'/healthz'");
  });
});

describe('compose.yaml', () => {
  const app = ['web', 'worker'].map((name) => compose.services[name]);

  it('web and worker twice each, in their roles, on the image of this folder', () => {
    expect(app.map(({ environment, deploy, build }) => [environment.ROLES, deploy.replicas, build])).toEqual([['web', 2, '.'], ['worker', 2, '.']]);
    expect(compose.services.worker.healthcheck).toEqual({ disable: true });
  });

  it('sets only variables that the configuration reads, and together with .env it is a configuration that starts', () => {
    for (const { environment, env_file: file } of app) {
      expect(file).toBe('.env');
      expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
      expect(readConfig({ ...example, ...withDomain(environment) })).toMatchObject({ env: 'production', port: 3000, trustProxy: true, publicUrl: 'https://szt.example.gov.cn' });
    }
  });

  it('names in addresses are services; each waits for what it needs', () => {
    const { environment } = app[0];
    const [, hosts, set] = /^mongodb:\/\/([\w,]+)\/\?replicaSet=(\w+)$/.exec(environment.MONGODB_URI)!;
    for (const host of hosts!.split(',')) {
      expect(compose.services[host]!.command).toEqual(expect.arrayContaining(['--replSet', set]));
      expect(compose.services[host]!.volumes).toEqual([`${host}:/data/db`]);
      expect(compose.volumes).toHaveProperty(host);
      expect(compose.services['mongo-init'].depends_on[host]).toEqual({ condition: 'service_healthy' });
      expect(compose.configs['replica-set'].content).toContain(`'${host}'`);
    }
    expect(hosts!.split(',')).toHaveLength(3);
    expect(compose.services).toHaveProperty(new URL(environment.REDIS_URL).hostname);
    for (const { depends_on: needs } of app) for (const name of Object.keys(needs)) expect(compose.services).toHaveProperty(name);
    expect(compose.configs['replica-set'].content).toContain(`_id: '${set}'`);
  });

  it('Redis never drops a key and keeps nothing on disk', () => {
    const { command } = compose.services.redis;
    const valueOf = (name: string) => command[command.indexOf(name) + 1];
    expect(['--maxmemory-policy', '--appendonly', '--save'].map(valueOf)).toEqual(['noeviction', 'no', '']);
  });

  it('databases are reached from inside only; people reach the proxy, and the proxy the web, without the operator\'s pages', () => {
    expect(compose.networks.inside).toEqual({ internal: true });
    for (const [name, service] of Object.entries<any>(compose.services)) {
      expect([name, service.ports !== undefined]).toEqual([name, name === 'proxy']);
      if (/^mongo|^redis/.test(name)) expect(service.networks).toEqual(['inside']);
    }
    const caddyfile: string = compose.configs.caddyfile.content;
    expect(caddyfile).toContain(`dynamic a web ${app[0].environment.PORT}`);
    expect(caddyfile).toMatch(/@inside path \/metrics \/readyz/);
    for (const service of Object.values<any>(compose.services)) for (const { source } of service.configs ?? []) expect(compose.configs).toHaveProperty(source);
  });

  it('a container is given longer to stop than the service takes', () => {
    const graceMs = Number(/GRACE_MS = ([\d_]+)/.exec(read('src/main.ts'))![1]!.replaceAll('_', ''));
    for (const { stop_grace_period: period, init } of app) {
      expect(Number.parseInt(period, 10) * 1000).toBeGreaterThan(graceMs);
      expect(init).toBe(true);
    }
  });

  it('commands it names exist', () => {
    for (const [, name] of read('compose.yaml').matchAll(/dist\/(scripts\/[\w-]+)\.js/g)) expect(statSync(path.join(ROOT, `${name}.ts`)).isFile()).toBe(true);
  });
});

it.each(['backup', 'restore'])('npm run %s is there', (name) => {
  expect(scripts[name]).toBe(`node scripts/run.mjs ${name}`);
  expect(existsSync(path.join(ROOT, 'scripts', `${name}.ts`))).toBe(true);
});

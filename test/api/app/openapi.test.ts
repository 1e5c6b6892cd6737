import { testApp, type TestApp, type User } from '../../support/app';

let app: TestApp;
let document: any; // any: a JSON document looked into freely
beforeAll(async () => {
  app = await testApp();
  document = await app.must(null, 'GET', '/openapi.json');
}, 60_000);
afterAll(() => app.close());

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

interface Layer { methods: string[]; path: string }
/** Every route the app answers to, as the routers have them. */
const mounted = (): string[] => (app.koa.middleware as unknown as { areas?: { stack: Layer[] }[] }[])
  .flatMap(({ areas = [] }) => areas.flatMap(({ stack }) => stack))
  .flatMap(({ methods, path }) => methods.filter((method) => method !== 'HEAD').map((method) => `${method.toLowerCase()} ${path.replaceAll(/[:*](\w+)/g, '{$1}')}`))
  .sort();
const DOCUMENTS_THEMSELVES = ['get /docs', 'get /docs/draw.js', 'get /docs/mermaid.js', 'get /openapi.json'];

it('H11: the routes mounted are the routes described, no more and no less', () => {
  const described = Object.entries<object>(document.paths).flatMap(([path, item]) => Object.keys(item).filter((key) => METHODS.includes(key)).map((method) => `${method} ${path}`)).sort();
  expect([...new Set(mounted())].filter((route) => !DOCUMENTS_THEMSELVES.includes(route))).toEqual(described);
});

describe('the description is OpenAPI 3.1', () => {
  it('head, tags, security, unique operation ids', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    for (const server of document.servers) expect(new URL(server.url).href).toContain(app.url);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = new Set(document.tags.map(({ name }: { name: string }) => name));
    const schemes = new Set(Object.keys(document.components.securitySchemes));
    for (const { operation } of operations()) {
      for (const tag of operation.tags ?? []) expect(tags.has(tag)).toBe(true);
      for (const need of operation.security ?? document.security) for (const name of Object.keys(need)) expect(schemes.has(name)).toBe(true);
    }
  });

  it('each path\'s placeholders are its path parameters, each operation has responses with descriptions', () => {
    for (const { path, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters = (operation.parameters ?? []) as { name: string; in: string; required?: boolean; schema: unknown }[];
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name).sort()).toEqual(named.sort());
      for (const parameter of parameters) {
        expect(['path', 'query', 'header', 'cookie']).toContain(parameter.in);
        expect(parameter.schema).toBeDefined();
        if (parameter.in === 'path') expect(parameter.required).toBe(true);
      }
      expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
      for (const [status, response] of Object.entries<any>(operation.responses)) {
        expect(status).toMatch(/^([1-5]\d\d|default)$/);
        expect(response.description.length).toBeGreaterThan(0);
      }
    }
  });

  it('every reference leads somewhere and every schema is JSON Schema as 3.1 uses it', () => {
    const walk = (node: any, visit: (node: any) => void): void => {
      if (node === null || typeof node !== 'object') return;
      visit(node);
      for (const member of Object.values(node)) walk(member, visit);
    };
    walk(document, ({ $ref }) => {
      if (typeof $ref === 'string') expect([$ref, $ref.slice(2).split('/').reduce((at: any, key: string) => at?.[key], document)]).toEqual([$ref, expect.any(Object)]);
    });
    walk(document.components.schemas, (node) => {
      if (typeof node.type === 'string') expect(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']).toContain(node.type);
      if (Array.isArray(node.required)) for (const name of node.required) expect(Object.keys(node.properties)).toContain(name);
      if (node.enum !== undefined && typeof node.title === 'string') expect(new Set(node.enum).size).toBe(node.enum.length);
      expect(node.nullable).toBeUndefined();
    });
  });

  const operations = (): { path: string; method: string; operation: any }[] => Object.entries<any>(document.paths)
    .flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })));
});

describe('C1: to a stranger what is not theirs is not there', () => {
  const NOWHERE = { no: 'TS20260302-000000', id: 'a'.repeat(22), head: 'a'.repeat(64) };
  let strangers: User[];
  let there: Record<string, string>;

  beforeAll(async () => {
    const [owner, otherOwner] = app.enterprise;
    const { no } = await app.open(owner, 'complaint', { provider: app.provider[0].org, matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' });
    await app.settle();
    const clerk = await app.staff('intake', ['intake'], ['intake']);
    await app.take(no, clerk);
    await app.act(clerk, no, 'accept');
    await app.settle();
    const { items } = await app.must(app.provider[0], 'GET', '/api/v1/inbox');
    const invited = await app.must(owner, 'POST', `/api/v1/organisations/${owner.org}/members`, { phone: '13712345678', powers: ['view'] });
    there = { no, person: owner.person, invitation: invited.id, message: items[0].id, org: owner.org! };
    strangers = [otherOwner, app.provider[1], await app.citizen(), await app.staff('far', ['county'], ['county'], { regions: ['410783'] }), await app.staff('expert', ['expert'])];
  }, 60_000);

  const plain = (text: string, ...words: string[]): string => words.reduce((all, word) => all.replaceAll(word, '…'), text.replaceAll(/"requestId":"[\w-]+"/g, ''));

  it('every case route answers alike for a case of others and for none', async () => {
    const moves = [...new Set([...app.services.kernel.procedures.values()].flatMap((p) => Object.keys(p.moves)))];
    const before = await app.services.cases.findOne({ no: there['no'] });
    const routes: [string, string][] = [
      ['GET', '/api/v1/cases/{no}'], ['GET', '/api/v1/cases/{no}/documents/report'], ['GET', '/api/v1/cases?linked={no}'],
      ['POST', '/api/v1/queue/{no}/claim'], ['POST', '/api/v1/queue/{no}/return'], ['GET', '/api/v1/queue/{no}/why'],
      ...moves.map((move): [string, string] => ['POST', `/api/v1/cases/{no}/${move}`]),
    ];
    for (const stranger of strangers) {
      for (const [method, route] of routes) {
        const body = method === 'POST' ? (route.endsWith('return') ? { reason: 'workload' } : {}) : undefined;
        const [theirs, none] = await Promise.all([there['no']!, NOWHERE.no].map((no) => app.ask(stranger, method, route.replace('{no}', no), body)));
        expect([stranger.name, route, theirs!.status, plain(theirs!.text, there['no']!)]).toEqual([stranger.name, route, none!.status, plain(none!.text, NOWHERE.no)]);
      }
    }
    expect(await app.services.cases.findOne({ no: there['no'] })).toEqual(before);
  }, 60_000);

  it('every other route with an id in it answers alike for one of others and for none', async () => {
    const routes: [string, string, string, unknown?][] = [
      ['GET', '/api/v1/organisations/{x}/members', 'org'], ['POST', '/api/v1/organisations/{x}/members', 'org', { phone: '13712345679', powers: ['view'] }],
      ['POST', '/api/v1/inbox/{x}/seen', 'message'], ['POST', '/api/v1/invitations/{x}/accept', 'invitation'],
    ];
    for (const stranger of strangers) {
      for (const [method, route, key, body] of routes) {
        const missing = there[key]!.length === 24 && /^[0-9a-f]+$/.test(there[key]!) ? 'a'.repeat(24) : NOWHERE.id;
        const [theirs, none] = await Promise.all([there[key]!, missing].map((id) => app.ask(stranger, method, route.replace('{x}', id), body ?? (method === 'POST' ? {} : undefined))));
        expect([stranger.name, route, theirs!.status, plain(theirs!.text, there[key]!)]).toEqual([stranger.name, route, none!.status, plain(none!.text, missing)]);
      }
    }
  });

  it('C2: counts and lists of others do not move when a foreign case is added', async () => {
    const look = async () => Promise.all(strangers.map(async (stranger) => (await app.ask(stranger, 'GET', '/api/v1/cases?limit=100')).text + (await app.ask(stranger, 'GET', '/api/v1/inbox/count')).text));
    const before = await look();
    await app.open(app.enterprise[0], 'complaint', { provider: app.provider[0].org, matters: ['delay'], text: '响应迟缓，多次联系没有人处理', wish: '尽快安排' });
    await app.settle();
    expect(await look()).toEqual(before);
  });

  it('every described route that needs a session refuses whoever has none, whatever they send', async () => {
    for (const [path, item] of Object.entries<any>(document.paths)) {
      for (const method of METHODS.filter((one) => item[one] && item[one].security === undefined)) {
        const { status, json } = await app.ask(null, method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x'.repeat(22)), method === 'get' ? undefined : {});
        expect([method, path, status, json?.code]).toEqual([method, path, 401, 'UNAUTHENTICATED']);
      }
    }
  });
});

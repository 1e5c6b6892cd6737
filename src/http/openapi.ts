import { rolesOf, type Move, type Procedure } from '../kernel/procedure';
import { REFUSALS } from '../kernel/refusal';
import { schemaOf } from '../kernel/schema';
import { articleInWords } from '../rulebook/articles';

type Json = Record<string, unknown>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Json, description: string): Json => ({ description, content: { 'application/json': { schema } } });
const problem = (description: string): Json => ({ description, content: { 'application/problem+json': { schema: ref('Problem') } } });
const PROBLEMS: Json = {
  401: problem('未登录或登录过期'), 403: problem('没有权限'), 404: problem('不存在，或与您无关'), 409: problem('状态不允许或已被他人更新'), 422: problem('填写有误，逐项列出'), 429: problem('过于频繁'),
};
const KEY: Json = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', minLength: 8, maxLength: 128 }, description: '重复提交同一键返回首次结果' };
const NO: Json = { name: 'no', in: 'path', required: true, schema: { type: 'string' }, description: '案件编号' };

/**
 * OpenAPI 3.1 of the whole product: the procedures' part is generated from their declarations, the rest is described by its
 * area (`extra`). A test compares it with the router, so that no route is missing and none is invented.
 */
export function openApi(procedures: readonly Procedure[], extra: Json, publicUrl: string): Json {
  return {
    openapi: '3.1.0',
    info: { title: '数转通', version: '1', description: '新乡市中小企业数字化转型城市试点 数字化服务商管理' },
    servers: [{ url: publicUrl }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths: { ...extra, ...casePaths(procedures), ...Object.assign({}, ...procedures.map(openingPaths)) },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, cookie: { type: 'apiKey', in: 'cookie', name: 'session' } },
      schemas: { Problem: problemSchema(), Receipt: receiptSchema(), ...Object.fromEntries(procedures.flatMap(formSchemas)) },
    },
    tags: procedures.map((p) => ({ name: p.name, description: `${p.title}（${articleInWords(p.article)}）` })),
  };
}

const formName = (p: Procedure, move: Move): string => `${p.name}.${move.name}`;
const formSchemas = (p: Procedure): [string, Json][] => Object.values(p.moves).map((move) => [formName(p, move), schemaOf(move.form.describe())]);

const body = (p: Procedure, move: Move): Json => ({ required: true, content: { 'application/json': { schema: ref(formName(p, move)) } } });
const describe = (p: Procedure, move: Move): string =>
  `${articleInWords(move.article)}。${move.from.length > 0 ? `从：${move.from.map((state) => p.states[state]?.title).join('、')}。` : ''}由：${rolesOf(p, move).join('、') || '当事人或经办人'}。`;

function openingPaths(p: Procedure): Json {
  const openings = Object.values(p.moves).filter((move) => move.from.length === 0);
  const operation = (move: Move): Json => ({
    post: { tags: [p.name], operationId: formName(p, move), summary: move.title, description: describe(p, move), parameters: [KEY], requestBody: body(p, move), responses: { 201: json(ref('Receipt'), '回执'), ...PROBLEMS } },
  });
  return Object.fromEntries(openings.flatMap((move, index) => [
    ...(index === 0 ? [[`/api/v1/${p.name}`, operation(move)] as const] : []),
    [`/api/v1/${p.name}/${move.name}`, { post: { ...(operation(move)['post'] as Json), operationId: `${formName(p, move)}.named` } }] as const,
  ]));
}

function casePaths(procedures: readonly Procedure[]): Json {
  const moves = procedures.flatMap((p) => Object.values(p.moves).filter((move) => move.from.length > 0).map((move) => ({ p, move })));
  return {
    '/api/v1/cases': {
      get: {
        operationId: 'listCases', summary: '我可见的案件', responses: { 200: json({ type: 'object' }, '一页'), ...PROBLEMS },
        parameters: ['procedure', 'state', 'waiting', 'linked', 'relation', 'limit', 'after'].map((name) => ({ name, in: 'query', schema: { type: name === 'limit' ? 'integer' : 'string' } })),
      },
    },
    '/api/v1/openings': { get: { operationId: 'listOpenings', summary: '我可发起的事项及其表单', responses: { 200: json({ type: 'object' }, '事项'), ...PROBLEMS } } },
    '/api/v1/cases/{no}': { get: { operationId: 'readCase', summary: '案件', parameters: [NO], responses: { 200: json({ type: 'object' }, '按您的身份可见的内容与可办理的操作'), ...PROBLEMS } } },
    '/api/v1/cases/{no}/linked': { get: { operationId: 'countLinked', summary: '由本案而起的案件，按事项和状态计数', parameters: [NO], responses: { 200: json({ type: 'object' }, '您有权查看的件数'), ...PROBLEMS } } },
    '/api/v1/cases/{no}/{move}/options': { get: { operationId: 'offers', summary: '表单中随案件而定的可选项，按字段', parameters: [NO, { name: 'move', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: json({ type: 'object' }, '可选项'), ...PROBLEMS } } },
    '/api/v1/cases/{no}/{move}': {
      post: {
        operationId: 'act', summary: '办理', parameters: [NO, { name: 'move', in: 'path', required: true, schema: { enum: [...new Set(moves.map(({ move }) => move.name))] } }, KEY],
        description: moves.map(({ p, move }) => `- ${p.title} · ${move.name} ${move.title}（${describe(p, move)}）`).join('\n'),
        requestBody: { required: true, content: { 'application/json': { schema: { anyOf: moves.map(({ p, move }) => ref(formName(p, move))) } } } },
        responses: { 200: json(ref('Receipt'), '回执'), ...PROBLEMS },
      },
    },
    '/api/v1/receipts/{no}/{head}': { get: { operationId: 'checkReceipt', security: [], summary: '核对回执', parameters: [NO, { name: 'head', in: 'path', required: true, schema: { type: 'string' } }], responses: { 200: json({ type: 'object' }, '是否真实') } } },
  };
}

const problemSchema = (): Json => ({
  type: 'object', required: ['type', 'title', 'status', 'code', 'detail', 'errors', 'requestId'],
  properties: {
    type: { type: 'string' }, title: { type: 'string' }, status: { type: 'integer' }, code: { enum: [...Object.keys(REFUSALS), 'INTERNAL'] }, detail: { type: 'string' },
    errors: { type: 'array', items: { type: 'object', required: ['field', 'message'], properties: { field: { type: 'string' }, message: { type: 'string' } } } },
    article: { type: 'string' }, requestId: { type: 'string' },
  },
});

const receiptSchema = (): Json => ({
  type: 'object', required: ['receipt'],
  properties: { receipt: { type: 'object', required: ['no', 'procedure', 'move', 'state', 'seq', 'at', 'article', 'head'], properties: Object.fromEntries(['no', 'procedure', 'move', 'state', 'at', 'article', 'head'].map((name) => [name, { type: 'string' }]).concat([['seq', { type: 'integer' }]])) } },
});

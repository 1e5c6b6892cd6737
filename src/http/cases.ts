import Router from '@koa/router';
import Joi from 'joi';
import { validate } from '../kernel/fields';
import type { Kernel } from '../kernel/kernel';
import { dayInWords } from '../kernel/numbers';
import type { ListQuery } from '../kernel/list';
import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';

const KEY = /^[\x21-\x7e]{8,128}$/;

/** What a list can be narrowed by; an export takes the same. */
export const caseFilter = Joi.object({
  procedure: Joi.string().pattern(/^[a-zA-Z]{1,30}$/).label('流程'),
  state: Joi.string().pattern(/^[a-zA-Z]{1,30}$/).label('状态'),
  waiting: Joi.string().valid('me').label('待办'),
  linked: Joi.string().max(40).label('相关案件'),
  relation: Joi.string().max(20).label('与相关案件的关系'),
  q: Joi.string().trim().max(40).allow('').empty('').label('搜索'),
  desk: Joi.string().pattern(/^[a-zA-Z]{1,30}$/).label('队列'),
  overdue: Joi.boolean().valid(true).label('超期'),
}).with('relation', 'linked').label('查询条件');
const listQuery = caseFilter.keys({
  limit: Joi.number().integer().min(1).max(100).label('每页条数'),
  after: Joi.string().max(200).label('翻页参数'),
});

interface State { actor: Actor }

/**
 * The routes of every procedure: open, list, read, move. `POST /api/v1/{procedure}` opens a case, `POST /api/v1/cases/{no}/{move}`
 * makes a move; both answer 201/200 with a receipt, and repeat it for a repeated `Idempotency-Key`.
 */
export function caseRoutes(kernel: Kernel, { touch }: { touch?: (person: string, no: string) => Promise<unknown> } = {}): Router<State> {
  const router = new Router<State>({ prefix: '/api/v1' });

  router.get('/cases', async (ctx) => {
    ctx.body = await kernel.list(ctx.state.actor, validate<ListQuery>(listQuery, ctx.query));
  });

  router.get('/cases/:no', async (ctx) => {
    const view = await kernel.read(ctx.state.actor, ctx.params['no']!);
    // Looking at it is working on it: the reviewer's lease goes on.
    if (view.task?.mine) await touch?.(ctx.state.actor.person, view.no);
    ctx.body = view;
  });

  router.get('/cases/:no/linked', async (ctx) => {
    ctx.body = { items: await kernel.tally(ctx.state.actor, ctx.params['no']!) };
  });

  router.get('/cases/:no/:move/options', async (ctx) => {
    ctx.body = await kernel.options(ctx.state.actor, ctx.params['no']!, ctx.params['move']!);
  });

  router.post('/cases/:no/:move', async (ctx) => {
    const { actor } = ctx.state;
    const no = ctx.params['no']!;
    const expect = ctx.get('If-Match');
    const receipt = await kernel.act(actor, no, ctx.params['move']!, ctx.request.body ?? {}, {
      key: keyOf(ctx.get('Idempotency-Key')), ...(/^"?\d+"?$/.test(expect) ? { expect: Number(expect.replaceAll('"', '')) } : {}),
    });
    ctx.body = { receipt };
  });

  /** What the actor may open, with its forms. */
  router.get('/openings', (ctx) => {
    ctx.body = { items: kernel.openings(ctx.state.actor) };
  });

  for (const procedure of kernel.procedures.values()) {
    for (const move of Object.values(procedure.moves).filter((candidate) => candidate.from.length === 0)) {
      const isFirst = Object.values(procedure.moves).find((candidate) => candidate.from.length === 0) === move;
      router.post(isFirst ? [`/${procedure.name}`, `/${procedure.name}/${move.name}`] : `/${procedure.name}/${move.name}`, async (ctx) => {
        const receipt = await kernel.open(ctx.state.actor, procedure.name, move.name, ctx.request.body ?? {}, { key: keyOf(ctx.get('Idempotency-Key')) });
        ctx.status = 201;
        ctx.set('Location', `/api/v1/cases/${receipt.no}`);
        ctx.body = { receipt };
      });
    }
  }
  return router;
}

/** Anybody who holds a receipt may ask whether it is genuine; it says nothing else about the case. A camera that reads its code opens the answer in words. */
export function receiptRoutes(kernel: Kernel): Router {
  return new Router({ prefix: '/api/v1' }).get('/receipts/:no/:head', async (ctx) => {
    const answer = await kernel.checkReceipt(ctx.params['no']!, ctx.params['head']!);
    if (ctx.accepts('json', 'html') !== 'html') { ctx.body = answer; return; }
    ctx.type = 'html';
    ctx.body = answer.at
      ? page('回执真实', `这一步在${dayInWords(new Date(answer.at))}记入案件，此后案件记录没有被改动过。`)
      : page('对不上', '没有与这份回执相符的记录。确认无误仍对不上的，请与市工信局联系。');
  });
}

const page = (title: string, words: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>核对回执</title><h1>${title}</h1><p>${words}</p></html>`;

function keyOf(header: string): string | undefined {
  if (header === '') return undefined;
  if (!KEY.test(header)) throw new Refusal('MALFORMED', { detail: 'Idempotency-Key 应为 8 至 128 个可见字符' });
  return header;
}

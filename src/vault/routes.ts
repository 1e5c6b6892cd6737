import { Router } from '@koa/router';
import Joi from 'joi';
import type { Context } from 'koa';
import type { Actor } from '../kernel/actor';
import type { Case } from '../kernel/case';
import { validate } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { chineseNumber } from '../rulebook/articles';
import type { Limit, Throttle } from '../register/throttle';
import type { Step } from './openings';
import type { OpeningRecord } from './record';
import type { OpeningStatus, OpeningView, Vault } from './vault';

export interface VaultRouteDeps {
  vault: Pick<Vault, 'requestOpening' | 'approveOpening' | 'open' | 'opening' | 'openingsOf' | 'openingsAwaiting' | 'openingsFor'>;
  record: Pick<OpeningRecord, 'ofOpening'>;
  throttle: Throttle;
  /** Names of colleagues by id: handlers of one case know who else handles it. */
  namesOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The case itself; NOT_FOUND for a stranger. */
  find(actor: Actor, no: string): Promise<Case<any>>;
}

/** Looking at identities is rare; a handful an hour is work, more is a search. */
const REQUESTS: Limit = { name: 'identity-requests', limit: 10, windowSeconds: 3600 };
const LOOKS: Limit = { name: 'identity-looks', limit: 20, windowSeconds: 3600 };

// The length is the vault's rule; here only that it is text of a size.
const requestBody = Joi.object({ reason: Joi.string().max(1000).required().label('理由') });
export const STEP_WORDS: Record<Step, string> = { requested: '申请查看', approved: '批准查看', opened: '查看', erased: '保存期满，已销毁' };

interface State { actor: Actor }

/**
 * Opening a reporter's identity (第十八条): a named handler says why, a second person agrees (another handler of the same case; while
 * it has none, a colleague of its desks), the first one looks within 15 minutes. To everybody else neither case nor opening exists. Needs `ctx.state.actor` and a parsed body.
 * `GET, POST /api/v1/cases/{no}/identity/openings` · `GET /api/v1/identity/openings` (what waits for my agreement) · `GET …/{id}` ·
 * `POST …/{id}/approve` · `POST …/{id}/open` · `GET /api/v1/me/identity-openings` for the reporter.
 */
export function vaultRoutes({ vault, record, throttle, namesOf, find }: VaultRouteDeps): Router<State> {
  const router = new Router<State>({ prefix: '/api/v1' });

  async function views(openings: readonly OpeningStatus[], viewer: string) {
    const names = await namesOf(openings.flatMap(({ requestedBy, approvedBy }) => [requestedBy, ...(approvedBy ? [approvedBy] : [])]));
    return openings.map((opening) => statusView(opening, viewer, names));
  }
  const one = async (openingId: string, viewer: string) => (await views([await vault.opening(openingId, viewer)], viewer))[0]!;

  router
    .get('/cases/:no/identity/openings', async (ctx) => {
      const { person } = handlerOf(ctx);
      const items = await vault.openingsOf(String(ctx.params['no']), person);
      ctx.body = { items: await views(items, person) };
    })
    .post('/cases/:no/identity/openings', async (ctx) => {
      const actor = handlerOf(ctx);
      await throttle.take([[REQUESTS, actor.person]]);
      const no = String(ctx.params['no']);
      const { reason } = validate<{ reason: string }>(requestBody, ctx.request.body ?? {});
      const { identity } = (await find(actor, no)).data as { identity?: unknown };
      if (typeof identity !== 'string') throw new Refusal('NOT_FOUND');
      const { openingId } = await vault.requestOpening({ id: identity, caseNo: no, by: actor.person, reason });
      await record.ofOpening(openingId);
      ctx.status = 201;
      ctx.body = await one(openingId, actor.person);
    })
    .get('/identity/openings', async (ctx) => {
      const { person } = handlerOf(ctx);
      ctx.body = { items: await views(await vault.openingsAwaiting(person), person) };
    })
    .get('/identity/openings/:id', async (ctx) => {
      const { person } = handlerOf(ctx);
      ctx.body = await one(String(ctx.params['id']), person);
    })
    .post('/identity/openings/:id/approve', async (ctx) => {
      const { person } = handlerOf(ctx);
      const openingId = String(ctx.params['id']);
      await vault.approveOpening({ openingId, by: person });
      await record.ofOpening(openingId);
      ctx.body = await one(openingId, person);
    })
    .post('/identity/openings/:id/open', async (ctx) => {
      const { person } = handlerOf(ctx);
      await throttle.take([[LOOKS, person]]);
      const openingId = String(ctx.params['id']);
      const { name, idNumber, phone } = await vault.open({ openingId, by: person });
      // Both logs have the look before anybody sees anything.
      await record.ofOpening(openingId);
      ctx.set('Cache-Control', 'private, no-store');
      ctx.body = { name, idNumber, phone };
    })
    .get('/me/identity-openings', async (ctx) => {
      ctx.body = { items: forReporter(await vault.openingsFor(ctx.state.actor.person)) };
    });
  return router;
}

/** Whoever does not work for the bureau gets the answer of a stranger. */
function handlerOf(ctx: Context & { state: State }): Actor {
  const { actor } = ctx.state;
  if (actor.kind !== 'staff') throw new Refusal('NOT_FOUND');
  return actor;
}

/** As a handler of the case sees an opening. */
export type OpeningStatusView = ReturnType<typeof statusView>;

const statusView = ({ openingId, caseNo, reason, state, until, requestedAt, requestedBy, approvedAt, approvedBy, looks }: OpeningStatus, viewer: string, names: ReadonlyMap<string, string>) => ({
  id: openingId, no: caseNo, reason, state, until: until?.toISOString() ?? null,
  requestedAt: requestedAt.toISOString(), requestedBy: names.get(requestedBy) ?? '', requestedByMe: requestedBy === viewer,
  approvedAt: approvedAt?.toISOString() ?? null, approvedBy: approvedBy ? names.get(approvedBy) ?? '' : null, approvedByMe: approvedBy === viewer, looks,
  /** What this handler may do now, for buttons. */
  mayApprove: state === 'waiting' && requestedBy !== viewer, mayOpen: state === 'open' && requestedBy === viewer,
});

/** The reporter sees that two different people acted, when and why; not who they are. */
function forReporter(lines: readonly OpeningView[]) {
  const known = new Map<string, string[]>();
  return lines.map(({ at, step, caseNo, openingId, by, reason }) => {
    const handlers = known.get(caseNo) ?? [];
    if (!handlers.includes(by)) handlers.push(by);
    known.set(caseNo, handlers);
    return {
      at: at.toISOString(), step, inWords: STEP_WORDS[step], no: caseNo, opening: openingId,
      by: step === 'erased' ? '系统' : `承办人员${chineseNumber(handlers.indexOf(by) + 1)}`, reason: reason ?? null,
    };
  }).toReversed();
}

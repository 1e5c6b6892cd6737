import { randomUUID } from 'node:crypto';
import { Router } from '@koa/router';
import Joi from 'joi';
import type { Actor } from '../kernel/actor';
import { validate } from '../kernel/fields';
import { articleInWords } from '../rulebook/articles';
import type { Rulebook } from '../rulebook/rulebook';
import type { ConsentReport } from './desk';
import type { InboxItem, InboxQuery } from './inbox';
import type { Notify } from './notify';

export interface InboxRouteDeps {
  notify: Pick<Notify, 'inbox' | 'consents'>;
  rulebook(version?: number): Promise<Rulebook>;
  now: () => Date;
}

const listQuery = Joi.object({
  limit: Joi.number().integer().min(1).max(100).label('条数'),
  after: Joi.string().max(200).label('翻页位置'),
  unseen: Joi.boolean().truthy('1').falsy('0').label('仅未读'),
});
const seenBody = Joi.object({ upTo: Joi.string().hex().length(24).label('最新一条') });
const consentBody = Joi.object({
  template: Joi.string().max(128).required().label('消息模板'),
  result: Joi.string().valid('accept', 'reject', 'ban').required().label('选择结果'),
  times: Joi.number().integer().min(1).max(20).default(1).label('次数'),
  key: Joi.string().max(128).label('点击标识'),
});

interface State { actor: Actor }

/**
 * The inbox and the consent ledger over HTTP. Expects `ctx.state.actor` and a parsed body.
 * `GET /api/v1/inbox` · `GET /api/v1/inbox/count` · `POST /api/v1/inbox/seen` · `POST /api/v1/inbox/:id/seen` ·
 * `POST /api/v1/consents` · `GET /api/v1/consents/wanted`
 */
export function inboxRoutes({ notify: { inbox, consents }, rulebook, now }: InboxRouteDeps): Router<State> {
  return new Router<State>({ prefix: '/api/v1' })
    .get('/inbox', async (ctx) => {
      const { items, next } = await inbox.list(ctx.state.actor.person, validate<InboxQuery>(listQuery, ctx.query));
      const view = viewWith(await rulebook(), now());
      ctx.body = { items: items.map(view), next };
    })
    .get('/inbox/count', async (ctx) => {
      ctx.body = await inbox.count(ctx.state.actor.person);
    })
    .post('/inbox/seen', async (ctx) => {
      const { upTo } = validate<{ upTo?: string }>(seenBody, ctx.request.body ?? {});
      ctx.body = { seen: await inbox.seeAll(ctx.state.actor.person, upTo) };
    })
    .post('/inbox/:id/seen', async (ctx) => {
      await inbox.see(ctx.state.actor.person, String(ctx.params['id']));
      ctx.status = 204;
    })
    .post('/consents', async (ctx) => {
      const { key, ...report } = validate<Omit<ConsentReport, 'key'> & { key?: string }>(consentBody, ctx.request.body ?? {});
      await consents.report(ctx.state.actor, { ...report, key: key ?? (ctx.get('idempotency-key') || randomUUID()) });
      ctx.status = 204;
    })
    .get('/consents/wanted', async (ctx) => {
      ctx.body = { items: await consents.wanted(ctx.state.actor) };
    });
}

export interface InboxView {
  id: string;
  /** The case to open, for the link only; null where the reader must not know which it is. */
  no: string | null;
  /** Null for a discreet message: the list shows nothing that tells the kind of case. */
  procedure: string | null;
  title: string;
  text: string;
  article: string | null;
  articleInWords: string | null;
  /** Still waits for this person. */
  task: boolean;
  /** Was a task and waits no more. */
  settled: boolean;
  due: string | null;
  inWords: string | null;
  /** The organisation the person must act for to open the case; null for themselves. */
  org: string | null;
  createdAt: string;
  seenAt: string | null;
  outcome: InboxItem['outcome'] | null;
}

const viewWith = ({ calendar }: Rulebook, now: Date) => ({ _id: id, ...item }: InboxItem): InboxView => ({
  id, no: item.no ?? null, procedure: item.discreet ? null : item.procedure, title: item.title, text: item.text,
  article: item.discreet ? null : item.article, articleInWords: item.discreet ? null : articleInWords(item.article),
  task: item.task && !item.doneAt, settled: item.task && item.doneAt !== undefined, due: item.due && !item.doneAt ? item.due.toISOString() : null, inWords: item.due && !item.doneAt ? calendar.remainingInWords(item.due, now) : null,
  org: item.tag.startsWith('org:') ? item.tag.slice(4) : null,
  createdAt: item.createdAt.toISOString(), seenAt: item.seenAt?.toISOString() ?? null, outcome: item.outcome ?? null,
});

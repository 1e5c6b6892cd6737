import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import * as forms from './forms';
import type { Register } from './register';
import type { PersonDoc } from './documents';
import { maskPhone } from './people';
import { authenticate, carrier, csrfFor, readAccess, readRefresh, type CookieOptions, type SignedIn } from './sign-in';
import type { ActingParty } from './sessions';
import { pilotListTemplate } from './pilot-list';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const LIST_AT_MOST_BYTES = 2 * 1024 * 1024;
const PAGE_AT_MOST = 100;

/** What a client sent as JSON; the body parser runs before. */
const body = (ctx: Context): unknown => (ctx.request as { body?: unknown }).body ?? {};
const param = (ctx: { params: Record<string, string | undefined> }, name: string): string => ctx.params[name] ?? '';

/** Sign-in, sessions and oneself: `/api/v1/session`, `/api/v1/me`, `/api/v1/invitations`. */
export function sessionRoutes(register: Register, cookies: CookieOptions): Router<SignedIn> {
  const { people, sessions, memberships, signIn, staff } = register;
  const tokens = carrier(cookies);
  const signedIn = authenticate(sessions);
  const router = new Router<SignedIn>({ prefix: '/api/v1' });

  /** Who one is and whom one may act for. Phones are masked even to their owner: a borrowed phone shows no more. */
  async function me(person: PersonDoc, actor: Actor) {
    const phone = people.phoneOf(person);
    return {
      person: { id: person._id, kind: actor.kind, phone: phone ? maskPhone(phone) : null, name: person.staff ? people.nameOf(person) ?? null : null },
      acting: { roles: actor.roles, org: actor.org ?? null, powers: actor.powers },
      organisations: await memberships.of(person._id),
      invitations: await memberships.invitationsFor(person),
      ...(person.staff ? { staff: staff.view(person) } : {}),
    };
  }

  async function openSession(ctx: Context, person: PersonDoc, kind: 'wechat' | 'staff', byCookie = false): Promise<void> {
    const opened = await sessions.open(person, kind);
    ctx.status = 201;
    ctx.set('cache-control', 'no-store');
    ctx.body = { ...tokens.give(ctx, opened, byCookie), ...await me(person, await sessions.actorOf(opened.access)) };
  }

  router
    .post('/session/wechat', async (ctx) => {
      const { code } = forms.code.parse(body(ctx));
      await openSession(ctx, await people.byWechatCode(code), 'wechat');
    })
    .post('/session/staff', async (ctx) => {
      const { cookie, ...credentials } = forms.staffSignIn.parse(body(ctx));
      await openSession(ctx, await signIn.signIn(credentials, ctx.ip), 'staff', cookie);
    })
    .post('/session/enrolment', async (ctx) => {
      ctx.set('cache-control', 'no-store');
      ctx.body = await signIn.beginEnrolment(forms.enrolment.parse(body(ctx)), ctx.ip);
    })
    .post('/session/enrolment/complete', async (ctx) => {
      const { cookie, ...input } = forms.enrolmentDone.parse(body(ctx));
      await openSession(ctx, await signIn.completeEnrolment(input, ctx.ip), 'staff', cookie);
    })
    .post('/session/refresh', async (ctx) => {
      const { refresh, byCookie } = readRefresh(ctx, forms.refresh.parse(body(ctx)).refresh);
      ctx.set('cache-control', 'no-store');
      ctx.body = tokens.give(ctx, await sessions.refresh(refresh), byCookie);
    })
    .post('/session/phone', signedIn, async (ctx) => {
      const { code } = forms.code.parse(body(ctx));
      const person = await people.bindPhone(ctx.state.actor.person, code);
      ctx.body = await me(person, ctx.state.actor);
    })
    .post('/session/acting', signedIn, async (ctx) => {
      await sessions.act(ctx.state.actor, forms.acting.parse(body(ctx)) as ActingParty);
      ctx.body = await meAgain(ctx);
    })
    .delete('/session', signedIn, async (ctx) => {
      const { person, session } = ctx.state.actor;
      await (ctx.query['everywhere'] === 'true' ? sessions.endAll(person) : sessions.end(session));
      tokens.takeAway(ctx);
      ctx.status = 204;
    })
    .get('/me', signedIn, async (ctx) => {
      ctx.set('cache-control', 'no-store');
      const csrf = csrfFor(ctx);
      ctx.body = { ...await meAgain(ctx), ...(csrf ? { csrf } : {}) };
    })
    .patch('/me/duty', signedIn, async (ctx) => {
      ctx.body = await staff.updateOwn(ctx.state.actor, forms.ownDuty.parse(body(ctx)));
    })
    .post('/invitations/:id/accept', signedIn, async (ctx) => {
      ctx.body = await memberships.accept(ctx.state.actor, param(ctx, 'id'));
    });

  async function meAgain(ctx: Context) {
    // Read anew: the acting party may just have changed.
    const actor = await sessions.actorOf(readAccess(ctx)?.access ?? '');
    const person = await people.get(actor.person);
    if (!person) throw new Refusal('UNAUTHENTICATED');
    return me(person, actor);
  }

  return router;
}

/** Claims, members and the bureau's list: `/api/v1/organisations`. */
export function organisationRoutes(register: Register): Router<SignedIn> {
  const { claims, memberships, pilotList, sessions } = register;
  const router = new Router<SignedIn>({ prefix: '/api/v1/organisations' });
  router.use(authenticate(sessions));

  router
    .post('/claims', async (ctx) => {
      const claim = await claims.file(ctx.state.actor, forms.claim.parse(body(ctx)));
      ctx.status = claim.status === 'bound' ? 201 : 202;
      ctx.body = claim;
    })
    .get('/claims', async (ctx) => {
      ctx.body = await claims.list(ctx.state.actor, page(ctx));
    })
    .post('/claims/:id/decide', async (ctx) => {
      ctx.body = await claims.decide(ctx.state.actor, param(ctx, 'id'), forms.decision.parse(body(ctx)));
    })
    .get('/pilot-list/template', async (ctx) => {
      ctx.type = XLSX;
      ctx.attachment('名单模板.xlsx');
      ctx.body = await pilotListTemplate();
    })
    .post('/pilot-list', async (ctx) => {
      mustKeepList(ctx.state.actor);
      const { kind } = ctx.query;
      if (kind !== 'enterprise' && kind !== 'provider') {
        throw new Refusal('INVALID', { faults: [{ field: 'kind', message: '单位类型应为 enterprise 或 provider' }] });
      }
      if (!ctx.is(XLSX)) throw new Refusal('UNSUPPORTED_TYPE', { detail: '请上传 xlsx 表格' });
      ctx.body = await pilotList.importPilotList(await readFile(ctx), { kind });
    })
    .get('/:id/members', async (ctx) => {
      ctx.body = await memberships.list(ctx.state.actor, param(ctx, 'id'));
    })
    .post('/:id/members', async (ctx) => {
      ctx.body = await memberships.invite(ctx.state.actor, param(ctx, 'id'), forms.invitation.parse(body(ctx)));
      ctx.status = 201;
    })
    .delete('/:id/members/:person', async (ctx) => {
      await memberships.remove(ctx.state.actor, param(ctx, 'id'), param(ctx, 'person'));
      ctx.status = 204;
    })
    .delete('/:id/invitations/:invitation', async (ctx) => {
      await memberships.withdraw(ctx.state.actor, param(ctx, 'id'), param(ctx, 'invitation'));
      ctx.status = 204;
    });
  return router;
}

/** Accounts of the bureau, the counties, experts and agencies: `/api/v1/staff`. */
export function staffRoutes({ sessions, staff }: Register): Router<SignedIn> {
  const router = new Router<SignedIn>({ prefix: '/api/v1/staff' });
  router.use(authenticate(sessions));
  router
    .get('/', async (ctx) => {
      ctx.body = { items: await staff.list(ctx.state.actor), next: null };
    })
    .post('/', async (ctx) => {
      const { conflicts = [], ...input } = forms.staffEntry.parse(body(ctx));
      ctx.set('cache-control', 'no-store');
      ctx.body = await staff.create(ctx.state.actor, { ...input, conflicts } as Parameters<typeof staff.create>[1]);
      ctx.status = 201;
    })
    .patch('/:id', async (ctx) => {
      ctx.body = await staff.update(ctx.state.actor, param(ctx, 'id'), forms.staffChange.parse(body(ctx)));
    })
    .post('/:id/reset', async (ctx) => {
      ctx.set('cache-control', 'no-store');
      ctx.body = await staff.reset(ctx.state.actor, param(ctx, 'id'));
    });
  return router;
}

function mustKeepList(actor: Actor): void {
  const mayKeep = actor.kind === 'staff' && actor.regions.length === 0 && actor.roles.some((role) => role === 'intake' || role === 'admin');
  if (!mayKeep) throw new Refusal('FORBIDDEN');
}

function page(ctx: Context): { limit: number; after?: string } {
  const { limit = '50', after } = ctx.query;
  const number = Number(limit);
  if (!Number.isInteger(number) || number < 1 || number > PAGE_AT_MOST || Array.isArray(after)) {
    throw new Refusal('INVALID', { faults: [{ field: 'limit', message: `每页 1 至 ${PAGE_AT_MOST} 条` }] });
  }
  return { limit: number, ...(after ? { after } : {}) };
}

/** The request's bytes, up to the limit; the rest is never read into memory. */
async function readFile(ctx: Context): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of ctx.req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LIST_AT_MOST_BYTES) throw new Refusal('TOO_LARGE', { detail: '表格文件不能超过 2 MB' });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

import path from 'node:path';
import Koa from 'koa';
import Router from '@koa/router';
import type { Redis } from 'ioredis';
import { createAudit } from './audit/audit';
import { auditRoutes } from './audit/routes';
import { chatRoutes } from './chat/routes';
import { evidenceRoutes } from './evidence/routes';
import { exportRoutes } from './exports/routes';
import { jsonBody } from './http/body';
import { caseRoutes, receiptRoutes } from './http/cases';
import { consoleRoutes } from './http/console';
import { docsRoutes } from './http/docs';
import { documentRoutes } from './http/documents';
import { gate } from './http/gate';
import { hygiene } from './http/hygiene';
import { problems } from './http/problems';
import { procedureRoutes } from './http/procedures';
import { rateLimit } from './http/rate-limit';
import type { FileRecord } from './evidence/record';
import type { Actor } from './kernel/actor';
import { DOCUMENTS } from './procedures';
import { trackRecord } from './procedures/track-record';
import { inboxRoutes } from './notify/routes';
import { claimIdIn } from './register/claims';
import { noticeRoutes } from './register/notice-routes';
import { providerRoutes, providerStaffRoutes } from './register/provider-routes';
import { organisationRoutes, sessionRoutes, staffRoutes } from './register/routes';
import { authenticate } from './register/sign-in';
import { throttle } from './register/throttle';
import { createLive } from './review/live';
import { reviewRoutes } from './review/routes';
import { rulebookRoutes, rulebookStaffRoutes } from './rulebook/routes';
import type { Services } from './services';
import { statisticsRoutes } from './statistics/routes';
import { vaultRoutes } from './vault/routes';
import type { PushMessage } from './wechat/push';
import { pushRoutes } from './wechat/routes';

/** The Koa app without listening. What is mounted here, in this order, is everything the product answers to. */
export async function buildApp(services: Services, subscriber: Redis): Promise<Koa> {
  const { config, log, registry, kernel, register, review, notify, evidence, people, rulebook, rulebooks, officialText, vault, openings, clock, pushes, chat, inbound } = services;
  const app = new Koa({ proxy: config.trustProxy, proxyIpHeader: 'X-Forwarded-For', maxIpsCount: 1 });
  app.on('error', (error: Error) => log.error({ err: error }, 'koa'));
  const live = await createLive({ subscriber, prefix: config.redisPrefix, log });
  const signedIn = authenticate(register.sessions);
  const cookies = { secure: config.publicUrl.startsWith('https:') };

  app.use(hygiene({ log, registry }));
  app.use(problems(log));
  app.use(gate(
    healthRoutes(services),
    docsRoutes(services),
    consoleRoutes(path.join(__dirname, '..', 'console')),
    // In front of the body parser: WeChat's signatures are over bytes.
    pushRoutes({
      settings: { appId: config.wechat.appId, keys: [{ token: config.wechat.pushToken, encodingAesKey: config.wechat.pushAesKey }], mode: 'secure' },
      ledger: pushes, onMessage: onPush, log, clock,
    }),
  ));
  for (const middleware of jsonBody()) app.use(middleware);
  app.use(rateLimit(config.requestLimits));
  app.use(gate(
    sessionRoutes(register, cookies),
    receiptRoutes(kernel),
    procedureRoutes(kernel.procedures.values()),
    providerRoutes(people, trackRecord({ cases: services.cases, city: config.city })),
    noticeRoutes(register.notices),
    rulebookRoutes({ rulebooks, officialText }),
  ));

  app.use(signedIn);
  app.use(gate(
    // First, as the busiest: what it does not answer goes on to those that share its address.
    caseRoutes(kernel, { touch: review.touch }),
    organisationRoutes(register),
    providerStaffRoutes(people, kernel.find),
    staffRoutes(register),
    rulebookStaffRoutes({ rulebooks, namesOf: register.staff.namesOf }),
    vaultRoutes({ vault, record: openings, find: kernel.find, namesOf: register.staff.namesOf, throttle: throttle({ redis: services.stores.redis, prefix: config.redisPrefix }) }),
    auditRoutes({ audit: createAudit({ cases: services.cases, city: config.city }), vault, find: kernel.find, seesAll: kernel.seesAll, namesOf: register.staff.namesOf, now: clock }),
    inboxRoutes({ notify, rulebook, now: clock }),
    reviewRoutes({ review, live, log, current: (actor) => register.sessions.current(actor) }),
    evidenceRoutes({ evidence, mayRead: mayReadFile }),
    chatRoutes(chat),
    statisticsRoutes(services.statistics),
    exportRoutes(services.exporting),
    documentRoutes(kernel, DOCUMENTS),
  ));

  /** Consents are counted at once; words are stored first and answered afterwards. */
  async function onPush(message: PushMessage): Promise<void> {
    await notify.onSubscribeEvent(message);
    if (await inbound.onPush(message)) {
      inbound.handleInbound(message.openid).catch((error: unknown) => log.warn({ err: error }, 'chat: a message waits for the sweep'));
    }
  }

  /** A file belongs to a case, or is the licence of a claim. */
  function mayReadFile(actor: Actor, file: FileRecord): Promise<boolean> {
    const claim = claimIdIn(file.caseNo ?? '');
    return claim ? register.claims.mayRead(actor, claim) : kernel.mayReadFile(actor, file);
  }

  return app;
}

/** `/healthz` alive · `/readyz` engines reachable and queues rebuilt · `/metrics` for Prometheus. */
function healthRoutes({ stores, registry, review }: Services): Router {
  return new Router()
    .get('/healthz', (ctx) => { ctx.body = { status: 'ok' }; })
    .get('/readyz', async (ctx) => {
      const [mongo, redis, queues] = await Promise.all([
        stores.connection.db!.command({ ping: 1 }).then(() => true, () => false),
        stores.redis.ping().then(() => true, () => false),
        review.isReady().catch(() => false),
      ]);
      ctx.status = mongo && redis && queues ? 200 : 503;
      ctx.body = { mongo, redis, queues };
    })
    .get('/metrics', async (ctx) => {
      ctx.type = registry.contentType;
      ctx.body = await registry.metrics();
    });
}

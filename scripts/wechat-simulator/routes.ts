import { PassThrough } from 'node:stream';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Control } from './control';
import type { Fault } from './faults';
import type { Pusher, PushFields } from './push';
import type { Phone, PushOptions, Template } from './types';
import type { World } from './world';

type Body = Record<string, unknown>;

/** `/sim/...`: the control of the simulator over HTTP, for the demo, for browsers and for the page of virtual phones. */
export function controlRoutes(world: World, control: Control, pusher: Pusher): Router {
  const router = new Router({ prefix: '/sim' });

  router
    .get('/phones', (ctx) => (ctx.body = control.phones().map((phone) => shown(world, phone))))
    .post('/phones', (ctx) => (ctx.body = shown(world, control.addPhone(body(ctx) as Partial<Phone>))))
    .get('/phones/:openid', (ctx) => (ctx.body = shown(world, control.phone(whose(ctx)))))
    .post('/phones/:openid/login-code', (ctx) => (ctx.body = { code: control.loginCode(whose(ctx)) }))
    .post('/phones/:openid/phone-code', (ctx) => (ctx.body = { code: control.phoneCode(whose(ctx)) }))
    .post('/phones/:openid/touch', (ctx) => done(ctx, control.touch(whose(ctx))))
    .post('/phones/:openid/high-risk', (ctx) => done(ctx, control.setHighRisk(whose(ctx), body(ctx)['isHighRisk'] === true)))
    .post('/phones/:openid/consents', (ctx) => {
      const answers = body(ctx)['answers'] as Record<string, 'accept' | 'reject'>;
      ctx.body = { consents: control.answerConsents(whose(ctx), answers) };
    })
    .post('/phones/:openid/refusals', (ctx) => {
      ctx.body = { consents: control.refuseInSettings(whose(ctx), body(ctx)['templateIds'] as string[]) };
    })
    .post('/phones/:openid/sent-report', (ctx) => {
      const { templateId, errorCode, status } = body(ctx) as { templateId: string; errorCode?: number; status?: string };
      done(ctx, control.reportSent(whose(ctx), templateId, errorCode, status));
    })
    .get('/phones/:openid/subscribe-messages', (ctx) => (ctx.body = control.cards(whose(ctx))))
    .get('/phones/:openid/customer-messages', (ctx) => (ctx.body = control.chat(whose(ctx))))
    .post('/phones/:openid/customer/text', (ctx) => {
      ctx.body = { messageId: control.sendText(whose(ctx), text(ctx, 'content')) };
    })
    .post('/phones/:openid/customer/image', (ctx) => {
      const picture = text(ctx, 'pictureUrl') || `http://${ctx.host}/sample.png`;
      ctx.body = { messageId: control.sendImage(whose(ctx), picture) };
    })
    .post('/phones/:openid/customer/card', (ctx) => {
      ctx.body = { messageId: control.sendCard(whose(ctx), text(ctx, 'title'), text(ctx, 'page')) };
    })
    .post('/phones/:openid/customer/enter', (ctx) => done(ctx, control.enterChat(whose(ctx), text(ctx, 'from'))));

  router
    .get('/about', (ctx) => (ctx.body = { miniProgramUrl: world.options.miniProgramUrl ?? null }))
    .get('/templates', (ctx) => (ctx.body = control.templates()))
    .put('/templates', (ctx) => {
      world.templates.clear();
      for (const template of ctx.state['body'] as Template[]) world.templates.set(template.id, template);
      ctx.body = control.templates();
    })
    .post('/templates/:id/ban', (ctx) => done(ctx, control.banTemplate(ctx.params['id']!)))
    .get('/faults', (ctx) => (ctx.body = control.faults()))
    .post('/faults', (ctx) => done(ctx, control.addFault(body(ctx) as unknown as Fault)))
    .delete('/faults', (ctx) => done(ctx, control.clearFaults()))
    .post('/tokens/kill', (ctx) => {
      const as = body(ctx)['errcode'];
      done(ctx, control.killTokens(as === 42001 || as === 40014 ? as : 40001));
    })
    .post('/clock', (ctx) => done(ctx, control.advance(Number(body(ctx)['advanceSeconds']) || 0)))
    .post('/reset', (ctx) => done(ctx, control.reset()))
    .get('/calls', (ctx) => (ctx.body = control.calls(String(ctx.query['path'] ?? ''))))
    .get('/deliveries', (ctx) => (ctx.body = control.deliveries()))
    .post('/deliver', async (ctx) => (ctx.body = await pusher.deliver(body(ctx) as PushFields)))
    .get('/push', (ctx) => (ctx.body = { url: pusher.url ?? null, ...pusher.options }))
    .put('/push', (ctx) => {
      const { url, ...options } = body(ctx) as Partial<PushOptions> & { url?: string };
      if (url !== undefined) pusher.url = url;
      pusher.options = { ...pusher.options, ...options };
      ctx.body = { url: pusher.url ?? null, ...pusher.options };
    })
    .post('/push/verify', async (ctx) => (ctx.body = { isVerified: await pusher.verifyUrl() }))
    .get('/events', (ctx) => streamChanges(ctx, world));

  return router;
}

const body = (ctx: Context) => (ctx.state['body'] ?? {}) as Body;
const text = (ctx: Context, name: string) => String(body(ctx)[name] ?? '');
const whose = (ctx: { params: Record<string, string> }) => String(ctx.params['openid']);

/** A phone as the page sees it: without its session key, and with the window only while it is open. */
function shown(world: World, phone: Phone) {
  const { sessionKey: _kept, ...rest } = phone;
  const isOpen = phone.window !== null && phone.window.until > world.now();
  return { ...rest, window: isOpen ? phone.window : null, isTyping: phone.typingUntil > world.now() };
}

function done(ctx: Context, _result: unknown): void {
  ctx.body = { ok: true };
}

/** Server-sent events: one `change` with the openid whenever a phone changes. */
function streamChanges(ctx: Context, world: World): void {
  const stream = new PassThrough();
  const tell = (openid: string | null) => stream.write(`event: change\ndata: ${JSON.stringify({ openid })}\n\n`);
  const pulse = setInterval(() => stream.write(': pulse\n\n'), 15_000);
  const end = () => {
    world.changes.off('change', tell);
    clearInterval(pulse);
    stream.end();
  };
  world.changes.on('change', tell);
  world.changes.once('stop', end);
  ctx.req.once('close', end);
  ctx.set({ 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
  ctx.type = 'text/event-stream';
  stream.write(': hello\n\n');
  ctx.body = stream;
}

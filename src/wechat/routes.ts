import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { Log } from './client';
import type { PushLedger } from './ledger';
import { receivePush, verifyUrl, type PushMessage, type PushSettings } from './push';

export interface PushRouteDeps {
  settings: PushSettings;
  ledger: PushLedger;
  /**
   * Puts the message where it will be worked off. Called once per message, and again only when it threw or the process
   * died meanwhile: enqueue under `message.key`, so that even then it is there once.
   */
  onMessage: (message: PushMessage) => Promise<unknown>;
  log: Log;
  clock: () => Date;
}

/** WeChat waits five seconds; we answer well within one. */
const ANSWER_WITHIN_MS = 900;
const POLL_MS = 50;
const MAX_BODY_BYTES = 128 * 1024;

/**
 * `GET|POST /wechat/push`, the address entered in WeChat's console under 消息推送. Mount it in front of any body parser:
 * signatures are over bytes. A refused push gets 403 whatever its fault; a push that could not be taken over gets 503,
 * and WeChat delivers it again (three times in all).
 */
export function pushRoutes({ settings, ledger, onMessage, log, clock }: PushRouteDeps): Router {
  return new Router()
    .get('/wechat/push', (ctx) => {
      const verified = verifyUrl(ctx.query, settings, clock());
      if ('refusal' in verified) refuse(ctx, verified.refusal);
      else answer(ctx, 200, verified.echo);
    })
    .post('/wechat/push', async (ctx) => {
      const rawBody = await readBody(ctx);
      if (rawBody === undefined) {
        // The rest of the body is still on its way and will not be read.
        ctx.set('connection', 'close');
        return answer(ctx, 413, '');
      }
      const receipt = receivePush({ query: ctx.query, rawBody, settings, now: clock() });
      if ('refusal' in receipt) return refuse(ctx, receipt.refusal);
      const isTaken = await takenInTime(receipt.message);
      return isTaken ? answer(ctx, 200, 'success') : answer(ctx, 503, '');
    });

  function refuse(ctx: Context, refusal: string): void {
    log.warn({ refusal }, 'wechat push refused');
    answer(ctx, 403, '');
  }

  async function takenInTime(message: PushMessage): Promise<boolean> {
    const patience = new AbortController();
    try {
      return await Promise.race([
        take(message, patience.signal),
        sleep(ANSWER_WITHIN_MS, false, { signal: patience.signal }),
      ]);
    } catch (error) {
      log.error({ key: message.key, kind: message.kind, error: nameOf(error) }, 'wechat push could not be taken over');
      return false;
    } finally {
      patience.abort();
    }
  }

  /** True once the message is safely handed over, by this delivery or by another of the same message. */
  async function take(message: PushMessage, waiting: AbortSignal): Promise<boolean> {
    let claim = await ledger.claim(message.key);
    while (claim === 'another' && !waiting.aborted) {
      await sleep(POLL_MS);
      claim = await ledger.claim(message.key);
    }
    if (claim === 'mine') await handOver(message);
    return claim !== 'another';
  }

  /** Goes on after the answer, if need be: a slow hand-over keeps its claim and is confirmed when it is through. */
  async function handOver(message: PushMessage): Promise<void> {
    const alive = setInterval(() => {
      ledger.renew(message.key).catch(() => undefined);
    }, ledger.leaseMs / 3);
    try {
      await onMessage(message);
    } catch (error) {
      await ledger.release(message.key);
      throw error;
    } finally {
      clearInterval(alive);
    }
    await ledger.confirm(message.key);
  }
}

function answer(ctx: Context, status: number, body: string): void {
  ctx.status = status;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.set('x-content-type-options', 'nosniff');
  ctx.body = body;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

async function readBody(ctx: Context): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left standing when we stop early: a destroyed request takes the connection, and our answer, with it.
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

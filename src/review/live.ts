import type { Redis } from 'ioredis';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';

/** What an open page is told: that something changed, never what is in the case. */
export interface Change {
  no: string;
  kind: 'waiting' | 'offered' | 'claimed' | 'ended' | 'reminded' | 'overdue' | 'escalated';
  desk: string;
}

/** Tells everybody who holds one of the access tags `to`, once each. Never throws. */
export type Publish = (to: readonly string[], change: Change) => void;

interface Message { to: readonly string[]; change: Change }
type Listener = (change: Change) => void;

const channelOf = (prefix: string): string => `${prefix}:review:live`;

/** Publishing needs no more than a connection: this is the worker's half. */
export const createPublish = (redis: Redis, prefix: string, log: Logger): Publish => (to, change) => {
  redis.publish(channelOf(prefix), JSON.stringify({ to, change } satisfies Message))
    .catch((error: unknown) => log.warn({ err: error }, 'live: not told, pages find out at their next look'));
};

/** The web process's half: one subscription, handed on to the pages open here by the tags of who looks at them. */
export async function createLive({ subscriber, prefix, log }: { subscriber: Redis; prefix: string; log: Logger }) {
  const listeners = new Map<string, Set<Listener>>();
  const channel = channelOf(prefix);

  subscriber.on('message', (from: string, text: string) => {
    if (from !== channel) return;
    const { to, change } = JSON.parse(text) as Message;
    const reached = new Set(to.flatMap((tag) => [...(listeners.get(tag) ?? [])]));
    for (const listener of reached) {
      try {
        listener(change);
      } catch (error) {
        log.warn({ err: error }, 'live: a page could not be told');
      }
    }
  });
  await subscriber.subscribe(channel);

  function listen(tags: readonly string[], listener: Listener): () => void {
    for (const tag of tags) {
      const set = listeners.get(tag) ?? new Set();
      listeners.set(tag, set.add(listener));
    }
    return () => {
      for (const tag of tags) {
        const set = listeners.get(tag);
        set?.delete(listener);
        if (set?.size === 0) listeners.delete(tag);
      }
    };
  }

  return { listen, listening: () => listeners.size, close: () => subscriber.unsubscribe(channel) };
}

export type Live = Awaited<ReturnType<typeof createLive>>;

const BEAT_MS = 15_000;
const BELIEVE_MS = 1_000;
const UNREAD_MAX_BYTES = 256 * 1024;

export interface LiveRouteDeps {
  live: Live;
  /** The actor as the session stands now; null once it has ended. */
  current: (actor: Actor) => Promise<Actor | null>;
  log: Logger;
  beatMs?: number;
}

/**
 * Server-sent events: `change` with a JSON `Change`, a comment as heartbeat. Before each line the session is asked for (at most
 * once a second): it ends with the session, and whoever lost a desk hears no more of it.
 */
export function liveRoute({ live, current, log, beatMs = BEAT_MS }: LiveRouteDeps): Middleware {
  return async (ctx) => {
    const actor = ctx['state'].actor as Actor | undefined;
    if (!actor) throw new Refusal('UNAUTHENTICATED');
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const { res } = ctx;
    ctx.req.socket.setTimeout(0);
    ctx.set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    // Koa would report every page that is closed as a failed answer.
    ctx.respond = false;
    res.statusCode = 200;
    res.write('retry: 2000\n\n');

    let known = { at: performance.now(), tags: [...actor.tags].toSorted().join() };
    let stopListening = live.listen(actor.tags, (change) => { void say(`event: change\ndata: ${JSON.stringify(change)}\n\n`); });
    const beat = setInterval(() => { void say(': beat\n\n'); }, beatMs);

    async function say(text: string): Promise<void> {
      // A page that no longer reads may begin anew; its lines are not kept for it.
      if (res.writableLength > UNREAD_MAX_BYTES || !(await isStillAllowed())) { end(); return; }
      if (!res.writableEnded) res.write(text);
    }

    async function isStillAllowed(): Promise<boolean> {
      if (performance.now() - known.at < BELIEVE_MS) return true;
      try {
        const now = await current(actor!);
        // With other desks the page has to begin anew, which its browser does by itself.
        if (!now || [...now.tags].toSorted().join() !== known.tags) return false;
        known = { ...known, at: performance.now() };
        return true;
      } catch (error) {
        log.warn({ err: error }, 'live: session could not be checked');
        return false;
      }
    }

    function end(): void {
      clearInterval(beat);
      stopListening();
      stopListening = () => undefined;
      res.end();
    }
    res.on('close', end);
  };
}

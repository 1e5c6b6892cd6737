import { setTimeout as sleep } from 'node:timers/promises';
import type { Middleware } from 'koa';

export interface Fault {
  /** Start of the path it strikes; without it, every API call. */
  path?: string;
  kind: 'latency' | 'http502' | 'busy' | 'empty' | 'notJson' | 'hang';
  /** Strikes this many calls, then is over; without it, until taken away. */
  times?: number;
  /** For `latency`. */
  ms?: number;
  /** For `http502`, `busy`, `empty`, `notJson`: the call takes effect first and only its answer is lost. */
  isAfter?: boolean;
}

export class Faults {
  private active: Fault[] = [];

  list(): Fault[] {
    return this.active;
  }

  add(fault: Fault): void {
    this.active.push({ ...fault });
  }

  clear(): void {
    this.active = [];
  }

  private take(path: string): Fault | undefined {
    const fault = this.active.find((one) => path.startsWith(one.path ?? '/'));
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) this.active = this.active.filter((one) => one !== fault);
    }
    return fault;
  }

  /** The last middleware before the API itself: it decides what becomes of the call. */
  middleware(): Middleware {
    return async (ctx, next) => {
      const fault = this.take(ctx.path);
      if (!fault) return next();
      if (fault.kind === 'latency') {
        await sleep(fault.ms ?? 1000);
        return next();
      }
      if (fault.kind === 'hang') {
        ctx.respond = false;
        return undefined;
      }
      if (fault.isAfter) await next();
      ctx.status = fault.kind === 'http502' ? 502 : 200;
      ctx.type = 'text/html';
      if (fault.kind === 'http502') ctx.body = '<html><body><h1>502 Bad Gateway</h1></body></html>';
      if (fault.kind === 'notJson') ctx.body = '<html>maintenance</html>';
      if (fault.kind === 'empty') ctx.body = '';
      if (fault.kind === 'busy') ctx.body = JSON.stringify({ errcode: -1, errmsg: 'system error rid: busy' });
      return undefined;
    };
  }
}

import Router from '@koa/router';
import type { Actor } from '../kernel/actor';
import type { Kernel } from '../kernel/kernel';
import { Refusal } from '../kernel/refusal';
import type { CaseView } from '../kernel/view';

/** A file drawn from what the reader may see of a case, never from the case itself. */
export interface CaseDocument {
  title: string;
  mime: string;
  extension: string;
  write: (view: CaseView) => Promise<Buffer>;
}

/** `GET /api/v1/cases/{no}/documents/{name}`: exports a case's document for this reader. */
export function documentRoutes(kernel: Kernel, documents: Record<string, Record<string, CaseDocument>>): Router<{ actor: Actor }> {
  return new Router<{ actor: Actor }>({ prefix: '/api/v1' }).get('/cases/:no/documents/:name', async (ctx) => {
    const view = await kernel.read(ctx.state.actor, ctx.params['no']!);
    const ofProcedure = documents[view.procedure] ?? {};
    const name = ctx.params['name']!;
    const document = Object.hasOwn(ofProcedure, name) ? ofProcedure[name] : undefined;
    if (!document) throw new Refusal('NOT_FOUND');
    ctx.body = await document.write(view);
    ctx.type = document.mime;
    ctx.set('Cache-Control', 'private, no-store');
    ctx.set('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${document.title}-${view.no}.${document.extension}`)}`);
  });
}

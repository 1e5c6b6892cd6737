import { Readable } from 'node:stream';
import { Router } from '@koa/router';
import busboy from 'busboy';
import type { Context, DefaultState } from 'koa';
import type { Actor } from '../kernel/actor';
import { Refusal } from '../kernel/refusal';
import { tooLarge, type Evidence } from './evidence';
import type { FileRecord } from './record';


interface Deps {
  evidence: Evidence;
  /** Whether the actor may read the case a file belongs to. Files of no case are their uploader's alone and never asked about. */
  mayRead: (actor: Actor, file: FileRecord) => Promise<boolean>;
}

/** Boundaries, part headers, and the client's idle words around one file. */
const ENVELOPE_BYTES = 64 * 1024;

/**
 * `POST /api/v1/files` takes one file as multipart/form-data (field name free); `GET /api/v1/files/:id` answers metadata and
 * a fresh link; `GET /files/:id?token=` the bytes. Signing in comes before: `ctx.state.actor`.
 */
export function evidenceRoutes({ evidence, mayRead }: Deps) {
  /** A stranger gets the same answer for a file that is there and one that is not. */
  async function readable(actor: Actor, id: string): Promise<FileRecord> {
    const file = await evidence.get(id, actor.person);
    const may = file && (file.uploader === actor.person || (file.caseNo !== undefined && (await mayRead(actor, file))));
    if (!may) throw new Refusal('NOT_FOUND');
    return file;
  }

  return new Router<DefaultState & { actor: Actor }>()
    .post('/api/v1/files', async (ctx) => {
      const { person, session } = ctx.state.actor;
      const file = await receive(ctx, evidence.limits.maxBytes, (stream, name) => evidence.upload(stream, { name, uploader: person }));
      ctx.status = 201;
      ctx.body = view(file, evidence.linkFor(file.id, session));
    })
    .get('/api/v1/files/:id', async (ctx) => {
      const file = await readable(ctx.state.actor, ctx.params.id!);
      ctx.set('Cache-Control', 'private, no-store');
      ctx.body = view(file, evidence.linkFor(file.id, ctx.state.actor.session));
    })
    .get('/files/:id', async (ctx) => {
      const { actor } = ctx.state;
      // Asked again at each download: a link does not outlive the permission.
      const { id } = await readable(actor, ctx.params.id!);
      const token = typeof ctx.query.token === 'string' ? ctx.query.token : '';
      const { headers, body } = await evidence.serve(id, token, actor.session, actor.person);
      ctx.set(headers);
      ctx.body = body;
    });
}

/** What leaves: no uploader, no case. */
const view = ({ id, name, mime, size, sha256, scan, createdAt }: FileRecord, link: { url: string; expiresAt: Date }) =>
  ({ id, name, mime, size, sha256, scan, createdAt, ...link });

/** Reads the one file of a multipart body as it comes in; the size is limited while it streams. */
async function receive<T>(ctx: Context, maxBytes: number, take: (stream: Readable, name: string) => Promise<T>): Promise<T> {
  if (!ctx.is('multipart/form-data')) throw new Refusal('MALFORMED', { detail: '请以表单文件（multipart/form-data）方式上传' });
  if ((ctx.request.length ?? 0) > maxBytes + ENVELOPE_BYTES) {
    // Not read to its end: the connection closes instead.
    ctx.set('Connection', 'close');
    throw tooLarge(maxBytes);
  }
  const parser = parserOf(ctx, maxBytes);
  let taken: Promise<T> | undefined;
  let isExtra = false;
  const broken = new Refusal('MALFORMED', { detail: '上传的内容不完整' });
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on('file', (_field, stream, { filename }) => {
      // A body cut short fails here too, perhaps while nobody reads: told by the parser below.
      stream.on('error', () => reject(broken));
      taken = take(stream, filename ?? '');
      // Refused before its end: the rest is read past, so that the answer arrives.
      taken.catch((error: unknown) => {
        stream.resume();
        reject(error);
      });
    });
    parser.on('filesLimit', () => { isExtra = true; });
    parser.on('error', () => reject(broken));
    parser.once('close', () => (taken ? resolve() : reject(new Refusal('MALFORMED', { detail: '未收到文件' }))));
    ctx.req.once('close', () => {
      if (!ctx.req.complete) parser.destroy(broken);
    });
  });
  ctx.req.pipe(parser);
  try {
    await parsed;
    if (isExtra) throw new Refusal('MALFORMED', { detail: '每次只能上传一个文件' });
    return await taken!;
  } finally {
    ctx.req.unpipe(parser);
    ctx.req.resume();
  }
}

function parserOf(ctx: Context, maxBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: ctx.req.headers,
      // A file of exactly the limit is still taken: the event comes at the byte that would be one too many.
      limits: { files: 1, fileSize: maxBytes + 1, fields: 10, fieldSize: 1024, parts: 12, headerPairs: 20 },
      // Browsers and WeChat send Chinese names as UTF-8.
      defParamCharset: 'utf8',
    });
  } catch {
    throw new Refusal('MALFORMED', { detail: '上传的内容不完整' });
  }
}

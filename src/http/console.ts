import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import Router from '@koa/router';
import type { Context } from 'koa';
import { Refusal } from '../kernel/refusal';

/** Scripts and styles come from files of ours alone; what a reviewer looks at stays in this page. */
const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self' data:", "connect-src 'self'",
  "frame-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

/** The page that draws a PDF has no origin, wherever it is opened: neither cookies nor network, and only our pages may frame it. */
const PREVIEW = 'preview.html';
const PREVIEW_POLICY = [
  'sandbox allow-scripts', "default-src 'none'", "script-src 'self'", "style-src 'self'", 'img-src data: blob:', 'font-src data: blob:', "frame-ancestors 'self'",
].join('; ');

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
};
const COMPRESSED = new Set(['.html', '.js', '.css', '.svg']);
const A_YEAR = 'public, max-age=31536000, immutable';

interface Asset { body: Buffer; compressed?: Buffer; type: string; etag: string; cache: string }

/**
 * The reviewers' console at `/console`: the built files, held in memory. Every path that is no file is a page of the application,
 * so that a case's address can be bookmarked and sent to a colleague.
 * @param folder where the build put index.html and its assets; without a build the paths do not exist
 */
export function consoleRoutes(folder: string): Router {
  const assets = load(folder);
  const router = new Router();
  router.get('/console', (ctx) => { answer(ctx, 'index.html'); });
  router.get('/console/*path', (ctx) => {
    const name = ctx.path.slice('/console/'.length);
    answer(ctx, name.startsWith('assets/') || name === PREVIEW ? name : 'index.html');
  });

  function answer(ctx: Context, name: string): void {
    const asset = assets.get(name);
    if (!asset) throw new Refusal('NOT_FOUND');
    ctx.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': asset.cache, ETag: asset.etag, Vary: 'Accept-Encoding' });
    if (name === PREVIEW) ctx.set({ 'Content-Security-Policy': PREVIEW_POLICY, 'X-Frame-Options': 'SAMEORIGIN' });
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=()');
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.type = asset.type;
    const compressed = ctx.acceptsEncodings('br', 'identity') === 'br' ? asset.compressed : undefined;
    if (compressed) ctx.set('Content-Encoding', 'br');
    ctx.body = compressed ?? asset.body;
  }
  return router;
}

function load(folder: string): Map<string, Asset> {
  if (!existsSync(folder)) return new Map();
  return new Map(readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const body = readFileSync(file);
    const extension = path.extname(file);
    const name = path.relative(folder, file).replaceAll(path.sep, '/');
    const asset: Asset = {
      body, type: TYPES[extension] ?? 'application/octet-stream', etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
      // Names of assets carry their content's hash; the page that names them is asked for anew.
      cache: name.startsWith('assets/') ? A_YEAR : 'no-cache',
    };
    if (COMPRESSED.has(extension)) asset.compressed = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    return [name, asset];
  }));
}

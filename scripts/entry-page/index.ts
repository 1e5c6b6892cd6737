import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { page, type Codes, type EntryFacts } from './page';

const STEP_MS = 30_000;
const FILES: Record<string, string> = { '/entry.js': 'text/javascript; charset=utf-8', '/entry.css': 'text/css; charset=utf-8' };

/** The page `npm start` prints: where each persona enters. Demo only: it shows demo passwords and live dynamic codes. */
export function entryPage(request: IncomingMessage, response: ServerResponse, facts: EntryFacts): void {
  const { pathname } = new URL(request.url ?? '/', 'http://entry');
  response.setHeader('Cache-Control', 'no-store');
  const type = FILES[pathname];
  if (type) {
    response.setHeader('Content-Type', type);
    createReadStream(path.join(__dirname, 'static', pathname)).pipe(response);
  } else if (pathname === '/codes') {
    response.setHeader('Content-Type', 'application/json');
    // Milliseconds since 1970: until when these codes are good.
    response.end(JSON.stringify({ codes: codesOf(facts), until: (Math.floor(Date.now() / STEP_MS) + 1) * STEP_MS }));
  } else if (pathname === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:");
    response.end(page(facts, codesOf(facts)));
  } else {
    response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>没有这个页面</title><p>没有这个页面。<a href="/">回到入口</a></p></html>');
  }
}

const codesOf = ({ personas }: EntryFacts): Codes => Object.fromEntries(Object.values(personas.staff).map(({ credentials: { login, totpSecret } }) =>
  [login, new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate()]));

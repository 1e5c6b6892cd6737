import { createReadStream } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { deskPage, screenPage } from './pages';

const OPENID = /^[\w-]{20,40}$/;
/** The host of the product as the mini-program's development build names it (`miniprogram/config.ts`). */
const DEVELOPMENT_HOST = 'http://localhost:3000';

export interface PhoneDesk {
  personas: { phones: Record<string, { title: string; openid: string }> };
  webUrl: string;
  simulatorUrl: string;
  /** Where the built mini-program lies. */
  folder: string;
}

const ASSETS: Record<string, string> = { 'app.js': 'text/javascript; charset=utf-8', 'app.js.map': 'application/json', 'app.css': 'text/css; charset=utf-8' };

/**
 * Serves the mini-program on the phones of the demo's personas and on any other of the simulator's: `/phone/<persona or openid>` a phone on
 * a desk, with `?at=` at a page; `/phone/…/screen` its screen alone, `/phone/host/…` the product itself (a browser may not call another origin; a real phone may). Answers whether the request was its.
 */
export function servePhones(request: IncomingMessage, response: ServerResponse, { personas, webUrl, simulatorUrl, folder }: PhoneDesk): boolean {
  const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://phone');
  const [, area, name = '', more, ...rest] = pathname.split('/');
  if (area !== 'phone') return false;
  if (name === 'host') {
    pass(request, response, webUrl + pathname.slice('/phone/host'.length) + search);
    return true;
  }
  response.setHeader('Cache-Control', 'no-cache');
  const asset = more === undefined ? ASSETS[name] : undefined;
  if (asset) {
    response.setHeader('Content-Type', asset);
    createReadStream(path.join(folder, name)).once('error', () => response.writeHead(404).end()).pipe(response);
    return true;
  }
  const phone = phoneOf(personas, name);
  if (!phone || rest.length > 0 || (more !== undefined && more !== 'screen')) {
    response.writeHead(404).end();
    return true;
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(more === 'screen'
    ? screenPage({ openid: phone.openid, simulator: simulatorUrl, hosts: { [DEVELOPMENT_HOST]: '/phone/host' } })
    : deskPage({
      title: phone.title, screenUrl: `/phone/${encodeURIComponent(name)}/screen${searchParams.has('at') ? `#/${searchParams.get('at')!.replace(/^\//, '')}` : ''}`,
      messagesUrl: `${simulatorUrl}/?openid=${encodeURIComponent(phone.openid)}`,
    }));
  return true;
}

/** A persona's phone; or one added by hand, which only WeChat knows. */
function phoneOf({ phones }: PhoneDesk['personas'], name: string): { title: string; openid: string } | undefined {
  if (Object.hasOwn(phones, name)) return phones[name];
  return Object.values(phones).find(({ openid }) => openid === name) ?? (OPENID.test(name) ? { title: '虚拟手机', openid: name } : undefined);
}

/** Hands a request on to the product as it is, and its answer back. */
function pass(request: IncomingMessage, response: ServerResponse, url: string): void {
  const { host: _ours, ...headers } = request.headers;
  const onward = http.request(url, { method: request.method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => { if (!response.headersSent) response.writeHead(502); response.end(); });
  request.pipe(onward);
}

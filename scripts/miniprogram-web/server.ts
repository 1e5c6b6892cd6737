import { createReadStream } from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { deskPage, screenPage } from './pages';

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
 * Serves the mini-program on the phones of the demo's personas: `/phone/<persona>` a phone on a desk, `/phone/<persona>/screen` its screen
 * alone, `/phone/host/…` the product itself (a browser may not call another origin; a real phone may). Answers whether the request was its.
 */
export function servePhones(request: IncomingMessage, response: ServerResponse, { personas, webUrl, simulatorUrl, folder }: PhoneDesk): boolean {
  const { pathname, search } = new URL(request.url ?? '/', 'http://phone');
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
  const phone = Object.hasOwn(personas.phones, name) ? personas.phones[name] : undefined;
  if (!phone || rest.length > 0 || (more !== undefined && more !== 'screen')) {
    response.writeHead(404).end();
    return true;
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(more === 'screen'
    ? screenPage({ openid: phone.openid, simulator: simulatorUrl, hosts: { [DEVELOPMENT_HOST]: '/phone/host' } })
    : deskPage({ title: phone.title, persona: name, messagesUrl: `${simulatorUrl}/#${phone.openid}` }));
  return true;
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

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase } from '../database';
import { City } from '../demo/city';
import { freePort } from '../engines';
import type { Personas } from '../seed';

const UP_WITHIN_MS = 120_000;

/** A whole product of its own, as `npm start` brings it up: own data, own ports, the demo's people. */
export interface Product {
  /** Where web, the entry page with the phones, and the virtual WeChat answer. */
  url: string;
  entryUrl: string;
  simulatorUrl: string;
  personas: Personas;
  /** The same people over HTTP, to prepare what a story is not about. */
  city: City;
  /** The time limit of a case runs out, which no story can wait for; the product notices by itself. */
  runOut(no: string): Promise<void>;
  stop(): Promise<void>;
}

/** Between looking for free ports and taking them, somebody else may have: then others are tried. */
export async function startProduct(tries = 3): Promise<Product> {
  try {
    return await startOnFreePorts();
  } catch (error) {
    if (tries === 1 || !String(error).includes('EADDRINUSE')) throw error;
    return startProduct(tries - 1);
  }
}

async function startOnFreePorts(): Promise<Product> {
  const data = mkdtempSync(path.join(tmpdir(), 'szt-pages-'));
  const [web, entry, simulator] = await Promise.all([freePort(), freePort(), freePort()]);
  const child = spawn(process.execPath, ['--enable-source-maps', path.join('dist', 'scripts', 'start.js')], {
    cwd: root(), stdio: ['ignore', 'pipe', 'pipe'],
    // It must not know that it is looked at.
    env: { ...process.env, NODE_ENV: 'development', DATA_DIR: data, PORT: String(web), ENTRY_PORT: String(entry), WECHAT_SIM_PORT: String(simulator) },
  });
  await isUp(child);
  const personas = JSON.parse(readFileSync(path.join(data, 'personas.json'), 'utf8')) as Personas;
  const url = `http://localhost:${web}`;
  const simulatorUrl = `http://127.0.0.1:${simulator}`;
  return {
    url, entryUrl: `http://localhost:${entry}`, simulatorUrl, personas, city: new City(url, simulatorUrl, personas),
    runOut: async (no) => {
      const { connection, close } = await openDatabase({ DATA_DIR: data });
      const past = new Date(Date.now() - 1000);
      await connection.collection('cases').updateOne({ no }, { $set: { 'clock.due': past, 'clock.next': past } });
      await close();
    },
    stop: async () => {
      await new Promise<void>((resolve) => { child.once('exit', () => resolve()); if (!child.kill('SIGTERM')) resolve(); });
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** This file runs from its source in tests and from `dist` in commands. */
export function root(from = __dirname): string {
  return existsSync(path.join(from, 'package.json')) ? from : root(path.dirname(from));
}

function isUp(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => { child.kill('SIGTERM'); reject(new Error(`the product did not come up in ${UP_WITHIN_MS / 1000} s:\n${said}`)); }, UP_WITHIN_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes('is running')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', (code) => { clearTimeout(timer); reject(new Error(`the product ended (${code}):\n${said}`)); });
  });
}

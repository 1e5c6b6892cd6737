import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { City } from '../../../scripts/demo/city';
import type { Personas } from '../../../scripts/seed';

const ROOT = path.resolve(__dirname, '..', '..', '..');
const UP_WITHIN_MS = 90_000;
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const STEP_MS = 30_000;

/** A whole product of its own, as `npm start` brings it up, and a browser. */
export interface World {
  url: string;
  city: City;
  personas: Personas;
  /** A fresh browser profile; `problems` gathers what went wrong in its pages. */
  desk(size?: { width: number; height: number }): Promise<Desk>;
  stop(): Promise<void>;
}
export interface Desk { context: BrowserContext; page: Page; problems: string[] }

export async function startWorld(): Promise<World> {
  const data = mkdtempSync(path.join(tmpdir(), 'szt-e2e-'));
  const [web, entry, simulator] = await freePorts(3);
  const child = spawn(process.execPath, [path.join(ROOT, 'dist/scripts/start.js')], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATA_DIR: data, PORT: String(web), ENTRY_PORT: String(entry), WECHAT_SIM_PORT: String(simulator) },
  });
  await isUp(child);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  const personas = JSON.parse(readFileSync(path.join(data, 'personas.json'), 'utf8')) as Personas;
  const url = `http://localhost:${web}`;
  return {
    url, personas, city: new City(url, `http://127.0.0.1:${simulator}`, personas),
    desk: (size) => openDesk(browser, url, size),
    stop: async () => {
      await browser.close();
      await new Promise<void>((resolve) => { child.once('exit', () => resolve()); child.kill('SIGTERM'); });
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function openDesk(browser: Browser, url: string, viewport = { width: 1280, height: 800 }): Promise<Desk> {
  const context = await browser.newContext({ viewport, baseURL: url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is an answer like any other; the browser logs it all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(`console: ${message.text()}`);
  });
  return { context, page, problems };
}

/** The dynamic code of now; a code is good once, so who signs in again waits for the next. */
const usedSteps = new Map<string, number>();
export async function codeOf(secret: string): Promise<string> {
  const step = (): number => Math.floor(Date.now() / STEP_MS);
  while ((usedSteps.get(secret) ?? -1) >= step()) await new Promise((resolve) => { setTimeout(resolve, 250); });
  usedSteps.set(secret, step());
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate();
}

export async function signIn(world: World, page: Page, who: string, at = '/console'): Promise<void> {
  await page.goto(at);
  await enter(world, page, who);
}

/** From the sign-in page that is open to the page that was asked for. */
export async function enter({ personas }: World, page: Page, who: string): Promise<void> {
  const { login, password, totpSecret } = personas.staff[who]!.credentials;
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码').fill(password);
  const menu = page.getByRole('navigation', { name: '主菜单' });
  const refusal = page.getByText('动态口令不正确');
  // The code of this half minute may have been used where the account was set up; then the next one does.
  for (let attempt = 0; attempt < 2 && !(await menu.isVisible()); attempt += 1) {
    await page.getByLabel('动态口令').fill(await codeOf(totpSecret));
    await page.getByRole('button', { name: '登录' }).click();
    await menu.or(refusal).waitFor({ timeout: 10_000 });
  }
  await menu.waitFor();
}

function isUp(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the product did not come up in ${UP_WITHIN_MS / 1000} s:\n${said}`)), UP_WITHIN_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (!said.includes('is running')) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the product ended (${code}):\n${said}`)));
  });
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => new Promise<net.Server>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => { server.close(resolve); })));
  return ports;
}

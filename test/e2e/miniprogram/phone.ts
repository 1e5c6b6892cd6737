import { deepEqual } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** The framework's development build remarks on what TDesign does; no word about our own pages. */
const REMARKS = /is not a valid property|"class" is not a valid event binding|Use number as for-list|Some keys are not unique while list updates: ""/;

export async function aBrowser(): Promise<Browser> {
  const executablePath = CHROMIUM.find((one) => existsSync(one));
  if (!executablePath) throw new Error('These tests need Chromium: apt-get install chromium fonts-noto-cjk');
  return chromium.launch({ executablePath, args: QUIET });
}

/** Somebody's phone with the mini-program open, and everything that went wrong on it. */
export class PhoneInHand {
  readonly troubles: string[] = [];
  /** Statuses a test provokes on purpose. */
  readonly expected = new Set<number>();

  private constructor(readonly context: BrowserContext, readonly page: Page, private readonly base: string) {
    page.on('pageerror', (error) => this.troubles.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // Failed requests are judged by their status, below.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) this.troubles.push(`console: ${message.text()}`);
      if (message.type() === 'warning' && !REMARKS.test(message.text())) this.troubles.push(`warning: ${message.text()}`);
    });
    page.on('response', (response) => { if (response.status() >= 400 && !this.expected.has(response.status())) this.troubles.push(`${response.status()} ${response.url()}`); });
  }

  static async of(browser: Browser, persona: string): Promise<PhoneInHand> {
    const context = await browser.newContext({ viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true, locale: 'zh-CN' });
    return new PhoneInHand(context, await context.newPage(), `${process.env['E2E_PHONES']}/${persona}/screen`);
  }

  /** Opens the mini-program at a page, as a scanned code or a tapped card would. */
  async open(route = ''): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(route ? `${this.base}#/${route}` : this.base);
  }

  button(name: string | RegExp) { return this.page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true }); }
  field(name: string | RegExp) { return this.page.getByRole('textbox', { name }).filter({ visible: true }); }
  text(text: string | RegExp) { return this.page.getByText(text).filter({ visible: true }).first(); }

  /** Taps 提交 and goes through WeChat's sheets, as they come. */
  async submit(): Promise<void> {
    await this.button('提交').tap();
    await this.submitRest();
  }

  async submitRest(): Promise<void> {
    for (;;) {
      const yes = this.button('允许');
      const sure = this.page.getByRole('dialog', { name: '确认提交' }).getByRole('button', { name: '提交' });
      const done = this.text('已提交');
      await yes.or(sure).or(done).first().waitFor();
      if (await done.isVisible()) return;
      const next = await yes.isVisible() ? yes : sure;
      await next.tap();
      await next.waitFor({ state: 'detached' });
    }
  }

  /** Nothing went wrong that a person would not see, and the runtime lacked nothing. */
  async endsWell(): Promise<void> {
    const missing = await this.page.evaluate('[...window.__wxMissing]');
    const { troubles } = this;
    await this.context.close();
    deepEqual({ troubles, missing }, { troubles: [], missing: [] });
  }
}

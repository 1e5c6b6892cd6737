import { deepEqual } from 'node:assert/strict';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Product } from './product';
import type { Handed } from './papers';
import { watch } from './troubles';

export const DESK_SIZE = { width: 1280, height: 800 };
const STEP_MS = 30_000;

/** What is put into a form: texts by label, options by their words, files by label. */
export interface Filled { typed?: Record<string, string>; chosen?: string[]; files?: Record<string, Handed[]> }

/** The colleague at whose desk a case arrives takes it; nobody touches the page before. */
export async function taker(no: string, ...desks: Desk[]): Promise<Desk> {
  await Promise.all(desks.map(({ page }) => page.goto('/console/queue')));
  const desk = await Promise.any(desks.map(async (one) => {
    await one.page.getByRole('row', { name: no }).first().waitFor();
    return one;
  }));
  const row = desk.page.getByRole('row', { name: no }).first();
  await row.getByRole('button').click();
  await desk.page.locator('.case-head', { hasText: no }).waitFor();
  return desk;
}

/** A colleague's browser: a fresh profile, and everything that went wrong in it. */
export class Desk {
  readonly troubles: string[] = [];

  private constructor(readonly context: BrowserContext, readonly page: Page, private readonly product: Product) {
    watch(page, this.troubles);
  }

  static async of(browser: Browser, product: Product, viewport = DESK_SIZE): Promise<Desk> {
    const context = await browser.newContext({ viewport, baseURL: product.url, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    return new Desk(context, await context.newPage(), product);
  }

  /** Opens a page of the console as somebody who first signs in. */
  async signIn(who: string, at = '/console'): Promise<void> {
    await this.page.goto(at);
    await this.enter(who);
  }

  /** From the sign-in page that is open to the page that was asked for. */
  async enter(who: string): Promise<void> {
    const { page } = this;
    const { login, password, totpSecret } = this.product.personas.staff[who]!.credentials;
    await page.getByLabel('登录名').fill(login);
    await page.getByLabel('密码').fill(password);
    const menu = page.getByRole('navigation', { name: '主菜单' });
    const refusal = page.getByText('动态口令不正确');
    // The code of this half minute may have been used where the account was set up; then the next one does.
    for (let attempt = 0; attempt < 3 && !(await menu.isVisible()); attempt += 1) {
      await page.getByLabel('动态口令').fill(await codeOf(totpSecret));
      await page.getByRole('button', { name: '登录' }).click();
      await menu.or(refusal).first().waitFor();
    }
    await menu.waitFor();
  }

  text(text: string | RegExp): Locator { return this.page.getByText(text).filter({ visible: true }).first(); }
  button(name: string | RegExp): Locator { return this.page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true }); }

  async openCase(no: string): Promise<void> {
    await this.page.goto(`/console/cases/${no}`);
    await this.page.locator('.case-head', { hasText: no }).waitFor();
  }

  /** Where it stands, as the head of the open case says. */
  async stands(state: string): Promise<void> {
    await this.page.locator('.case-head .tag', { hasText: state }).first().waitFor();
  }

  /** Makes a move on the open case: its button, the form, the question before it is final. */
  async move(title: string, form: Filled = {}): Promise<void> {
    const { page } = this;
    // Its key stands on the button too, and whether a draft waits.
    const button = page.locator('.move-button').and(page.getByRole('button', { name: new RegExp(`^${title}(有草稿)?( \\d)?$`) }));
    const shown = page.getByRole('form', { name: title, exact: true });
    await button.waitFor();
    if (!(await shown.isVisible())) await button.click();
    await this.fill(shown, form);
    await shown.getByRole('button', { name: title, exact: true }).click();
    const sure = this.button('确认提交');
    const noted = page.getByText(`${title}：已记入第`);
    const fault = shown.locator('.fault, .note-error').first();
    await sure.or(noted).or(fault).first().waitFor();
    if (await sure.isVisible()) await sure.click();
    await noted.or(fault).first().waitFor();
    if (await fault.isVisible()) throw new Error(`${title}: ${await fault.innerText()}`);
    await shown.waitFor({ state: 'detached' });
  }

  async fill(form: Locator, { typed = {}, chosen = [], files = {} }: Filled): Promise<void> {
    for (const [label, value] of Object.entries(typed)) await form.getByLabel(label).fill(value);
    for (const label of chosen) await form.getByLabel(label, { exact: true }).check();
    for (const [label, handed] of Object.entries(files)) {
      const field = form.locator('fieldset', { has: this.page.locator('legend', { hasText: label }) });
      await field.locator('input[type=file]').setInputFiles(handed);
      for (const { name } of handed) await field.getByText(name).waitFor();
    }
  }

  async endsWell(): Promise<void> {
    await this.context.close();
    deepEqual(this.troubles, []);
  }
}

const usedSteps = new Map<string, number>();

/**
 * A dynamic code that was not given before. A code is good once, and good half a minute before its time (RFC 6238, 5.2: clocks differ), so
 * the next one serves at once where this half minute's is used up; only the third in a minute has to wait.
 */
export async function codeOf(secret: string): Promise<string> {
  const now = (): number => Math.floor(Date.now() / STEP_MS);
  while ((usedSteps.get(secret) ?? -1) > now()) await new Promise((resolve) => { setTimeout(resolve, 250); });
  const step = Math.max(now(), (usedSteps.get(secret) ?? -1) + 1);
  usedSteps.set(secret, step);
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: step * STEP_MS });
}

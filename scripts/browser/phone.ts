import { deepEqual } from 'node:assert/strict';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Handed } from './papers';
import { watch } from './troubles';

const LOOKS = 4;
const LOOK_MS = 10_000;
export const PHONE_SIZE = { width: 375, height: 812 };

/** Somebody's phone with the mini-program open, and everything that went wrong on it. */
export class PhoneInHand {
  readonly troubles: string[] = [];
  /** Statuses a test provokes on purpose. */
  readonly expected = new Set<number>();

  private constructor(readonly context: BrowserContext, readonly page: Page, private readonly screenUrl: string) {
    watch(page, this.troubles, { expected: this.expected });
  }

  /** `who`: a persona, or the openid of a phone that was added by hand. */
  static async of(browser: Browser, entryUrl: string, who: string): Promise<PhoneInHand> {
    const context = await browser.newContext({ viewport: PHONE_SIZE, isMobile: true, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    return new PhoneInHand(context, await context.newPage(), `${entryUrl}/phone/${who}/screen`);
  }

  /** Opens the mini-program at a page, as a scanned code or a tapped card would. */
  async open(route = ''): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(route ? `${this.screenUrl}#/${route}` : this.screenUrl);
  }

  button(name: string | RegExp): Locator { return this.page.getByRole('button', { name, exact: typeof name === 'string' }).filter({ visible: true }); }
  field(name: string | RegExp): Locator { return this.page.getByRole('textbox', { name }).filter({ visible: true }); }
  text(text: string | RegExp): Locator { return this.page.getByText(text).filter({ visible: true }).first(); }
  dialog(name?: string | RegExp): Locator { return this.page.getByRole('dialog', name === undefined ? {} : { name }).filter({ visible: true }); }
  choice(name: string): Locator { return this.page.getByRole('checkbox', { name }).or(this.page.getByRole('radio', { name, exact: true })).filter({ visible: true }).first(); }

  /** One of the pages at the foot of the screen. */
  async tab(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: '主导航' }).filter({ visible: true }).getByRole('button', { name }).tap();
  }

  /** Says something to the chat-bot. */
  async say(text: string): Promise<void> {
    await this.field('输入消息').fill(text);
    await this.button('发送').tap();
    await this.text(text).waitFor();
  }

  async back(): Promise<void> {
    await this.button('返回').tap();
  }

  /** Hands files of the phone to a field, the only one of the page where none is named; consent to the privacy terms is given when it is asked for. */
  async hand(field: string, ...files: Handed[]): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.button(field ? `添加文件：${field}` : /^添加文件：/).tap();
    await this.page.getByRole('option', { name: '从微信聊天中选择文件' }).tap();
    const agree = this.button('同意并继续');
    await Promise.race([chooser, agree.waitFor().then(() => agree.tap())]);
    await (await chooser).setFiles(files);
  }

  /** The same, until they are stored. */
  async attach(field: string, ...files: Handed[]): Promise<void> {
    await this.hand(field, ...files);
    for (const { name } of files) await this.button(`移除${name}`).first().waitFor();
  }

  /** Taps 提交 and goes through WeChat's sheets, as they come. */
  async submit(button = '提交'): Promise<void> {
    await this.button(button).tap();
    await this.submitRest();
  }

  async submitRest(): Promise<void> {
    await this.goThrough(/./, /^(提交|确定)$/, '已提交');
  }

  /** Through WeChat's sheets and the page's question, until its outcome is said; answers how many taps that took. */
  async goThrough(question: string | RegExp, yes: string | RegExp, outcome: string | RegExp): Promise<number> {
    const sure = this.page.getByRole('dialog', { name: question }).getByRole('button', { name: yes });
    for (let taps = 0; ; taps += 1) {
      await this.button('允许').or(sure).or(this.text(outcome)).first().waitFor();
      if (await this.text(outcome).isVisible()) return taps;
      const next = await this.button('允许').isVisible() ? this.button('允许') : sure;
      await next.tap();
      await next.waitFor({ state: 'detached' });
    }
  }

  /** Opens what waits for this person, from the page of to-dos; what follows from somebody else's move takes a moment to arrive there. */
  async todo(name: string | RegExp): Promise<void> {
    const line = this.button(name).first();
    for (let look = 1; ; look += 1) {
      await this.open('pages/home/index');
      try {
        await line.waitFor({ timeout: LOOK_MS });
        break;
      } catch (error) {
        if (look === LOOKS) throw error;
      }
    }
    await line.tap();
  }

  async openCase(no: string): Promise<void> {
    await this.open(`pages/case/index?no=${no}`);
    await this.text(no).waitFor();
  }

  /** Makes a move of the open case that has no form. */
  async move(title: string): Promise<void> {
    await this.button(title).tap();
    await this.dialog(title).getByRole('button', { name: '确定' }).tap();
    await this.dialog(title).waitFor({ state: 'detached' });
  }

  async fill(typed: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(typed)) await this.field(label).fill(value);
  }

  /** Of a long list at the foot of the screen, or of what lies open on the form. */
  async choose(label: string, option: string): Promise<void> {
    const opener = this.button(new RegExp(`^选择${label}(，已选：|$)`));
    const open = this.page.getByRole('group', { name: label }).getByRole('radio', { name: option, exact: true }).filter({ visible: true });
    await opener.or(open).first().waitFor();
    if (await opener.isVisible()) {
      await opener.tap();
      await this.page.getByRole('option', { name: option, exact: true }).tap();
    } else {
      await open.tap();
    }
  }

  async chooseDay(label: string, day: string): Promise<void> {
    await this.button(new RegExp(`^选择${label}(，已选：|$)`)).tap();
    const calendar = this.dialog('选择日期');
    await calendar.getByRole('textbox', { name: '日期' }).fill(day);
    await calendar.getByRole('button', { name: '确定' }).tap();
  }

  /** Taps a button that asks WeChat for the number of this phone; consent to the privacy terms is given when it is asked for. */
  async bindNumber(shownAfterwards: string | RegExp): Promise<void> {
    await this.button('用微信手机号绑定').tap();
    const agree = this.button('同意并继续');
    const bound = this.text(shownAfterwards);
    await agree.or(bound).first().waitFor();
    if (await agree.isVisible()) await agree.tap();
    await bound.waitFor();
  }

  /** Waits until the phone has kept this in a draft. */
  async keeps(text: string): Promise<void> {
    await this.page.waitForFunction(`JSON.stringify(localStorage).includes(${JSON.stringify(text)})`);
  }

  /** The number on the receipt that stands on the screen. */
  async receiptNo(): Promise<string> {
    return /[A-Z]{2}\d{8}-[0-9A-Z]+/.exec(await this.text(/^[A-Z]{2}\d{8}-[0-9A-Z]+$/).innerText())![0];
  }

  /** Nothing went wrong that a person would not see, and the runtime lacked nothing. */
  async endsWell(): Promise<void> {
    const missing = await this.page.evaluate('[...window.__wxMissing]');
    const { troubles } = this;
    await this.context.close();
    deepEqual({ troubles, missing }, { troubles: [], missing: [] });
  }
}

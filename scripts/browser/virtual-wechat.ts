import type { BrowserContext, Page } from 'playwright-core';

/** WeChat itself on somebody's phone: its messages and consents, on the page of virtual phones. */
export class VirtualWechat {
  constructor(private readonly context: BrowserContext, private readonly simulatorUrl: string, private readonly openid: string) {}

  async open(): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(`${this.simulatorUrl}/?openid=${this.openid}`);
    await page.locator('.phone[aria-pressed=true]').waitFor();
    return page;
  }

  /** Yes to a message of every kind, as somebody answers the sheet. */
  async consent(): Promise<void> {
    const page = await this.open();
    for (const row of await page.locator('#consents tr').all()) await row.getByRole('button', { name: '允许' }).click();
    await page.close();
  }

  /** The newest card of a kind, as it reads on the phone. */
  async newest(title: string): Promise<string> {
    const page = await this.open();
    const card = page.locator('#cards .message', { hasText: title }).first();
    await card.waitFor();
    const text = await card.innerText();
    await page.close();
    return text;
  }
}

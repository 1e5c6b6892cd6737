import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium';
import { Desk } from './desk';
import { PhoneInHand } from './phone';
import { startProduct, type Product } from './product';

/** A product of its own and a browser: phones for those who use WeChat, desks for staff. */
export interface World extends Product {
  browser: Browser;
  phone(who: string): Promise<PhoneInHand>;
  /** Signed in when somebody is named. */
  desk(who?: string, at?: string, size?: { width: number; height: number }): Promise<Desk>;
}

export async function startWorld(): Promise<World> {
  const browser = await launchChromium();
  const product = await startProduct().catch(async (error: unknown) => { await browser.close(); throw error; });
  return {
    ...product, browser,
    phone: (who) => PhoneInHand.of(browser, product.entryUrl, who),
    desk: async (who, at, size) => {
      const desk = await Desk.of(browser, product, size);
      if (who) await desk.signIn(who, at);
      return desk;
    },
    stop: async () => {
      await keepPictures(browser);
      await browser.close();
      await product.stop();
    },
  };
}

/** What stands on the screens in the end; a story that came to its end has closed them all. SCREENS names the folder. */
async function keepPictures(browser: Browser): Promise<void> {
  const folder = process.env['SCREENS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const [at, page] of browser.contexts().flatMap((context) => context.pages()).entries()) {
    await page.screenshot({ path: path.join(folder, `${at}-${(await page.title()).replaceAll(/[^\p{L}\d]+/gu, '-')}.png`) });
  }
}

import type { Page } from 'playwright-core';
import type { Desk } from '../browser/desk';
import type { PhoneInHand } from '../browser/phone';
import type { World } from '../browser/world';
import { root } from '../browser/product';
import { Album } from './album';
import { Visits } from './visits';

/** How tight it gets: the narrowest desk that the console is for, and the largest text on the phones. */
const TIGHT_DESK = { width: 1024, height: 768 };

/** Goes round with a phone or a desk for each persona, opened once and kept. */
export class Guide {
  readonly album: Album;
  readonly visits = new Visits(root());
  private readonly phones = new Map<string, Promise<PhoneInHand>>();
  private readonly desks = new Map<string, Promise<Desk>>();

  constructor(readonly world: World, folder: string, private readonly tight = false) {
    this.album = new Album(folder);
  }

  async phone(who: string): Promise<PhoneInHand> {
    const known = this.phones.get(who) ?? this.newPhone(who);
    this.phones.set(who, known);
    return known;
  }

  async desk(who: string): Promise<Desk> {
    const known = this.desks.get(who) ?? this.world.desk(who, undefined, this.tight ? TIGHT_DESK : undefined);
    this.desks.set(who, known);
    return known;
  }

  private async newPhone(who: string): Promise<PhoneInHand> {
    const phone = await this.world.phone(who);
    if (this.tight) {
      await phone.open('pages/me/index');
      await phone.choice('特大').tap();
      await phone.page.getByRole('radio', { name: '特大', checked: true }).waitFor();
    }
    return phone;
  }

  /** The page as it stands, once it has loaded. */
  async shoot(page: Page, part: string, name: string): Promise<void> {
    this.visits.note(page.url());
    await settled(page);
    await this.album.take(page, part, name);
  }

  async openOnPhone(who: string, route: string, part: string, name: string): Promise<PhoneInHand> {
    const phone = await this.phone(who);
    await phone.open(route);
    await this.shoot(phone.page, part, name);
    return phone;
  }

  async openAtDesk(who: string, at: string, part: string, name: string): Promise<Desk> {
    const desk = await this.desk(who);
    await desk.page.goto(`/console${at}`);
    await desk.page.locator('h1, h2, .state').first().waitFor();
    await this.shoot(desk.page, part, name);
    return desk;
  }

  /** What went wrong unseen, and what was not seen. */
  async judge(): Promise<string[]> {
    const found = [...this.album.complaints];
    for (const [who, phone] of this.phones) {
      const { page, troubles } = await phone;
      const missing = await page.evaluate('[...(window.__wxMissing ?? [])]') as string[];
      found.push(...troubles.map((text) => `${who}: ${text}`), ...missing.map((name) => `${who}: the runtime lacks ${name}`));
    }
    for (const [who, desk] of this.desks) found.push(...(await desk).troubles.map((text) => `${who}: ${text}`));
    found.push(...this.visits.missed.map((page) => `not visited: ${page}`));
    return [...new Set(found)];
  }
}

const STILL_LOADING = `[...document.querySelectorAll('[aria-label="正在加载"], .t-loading')].some((mark) => mark.getClientRects().length > 0)`;

/** Nothing on the screen says any more that it is loading. */
export async function settled(page: Page): Promise<void> {
  // Whatever loads says so within a moment.
  await page.waitForTimeout(200);
  // Looked at again and again from outside: the console's pages allow no waiting code of ours within.
  for (let left = 75; await page.evaluate(STILL_LOADING); left -= 1) {
    if (left === 0) throw new Error(`${page.url()} still says that it is loading`);
    await page.waitForTimeout(200);
  }
  await page.waitForTimeout(100);
}

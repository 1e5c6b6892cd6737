import type { PhoneInHand } from '../../../scripts/browser/phone';

/** Through WeChat's sheets and the page's question, until its outcome is said; answers how many taps that took. */
export async function goThrough(phone: PhoneInHand, question: string, yes: string, outcome: RegExp): Promise<number> {
  const sure = phone.page.getByRole('dialog', { name: question }).getByRole('button', { name: yes });
  for (let taps = 0; ; taps += 1) {
    await phone.button('允许').or(sure).or(phone.text(outcome)).first().waitFor();
    if (await phone.text(outcome).isVisible()) return taps;
    const next = await phone.button('允许').isVisible() ? phone.button('允许') : sure;
    await next.tap();
    await next.waitFor({ state: 'detached' });
  }
}

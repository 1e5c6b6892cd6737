import type { Page, Route } from 'playwright-core';

/** Requests to these addresses wait from now on; what is answered lets them go. */
export async function hold(page: Page, addresses: string): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => { letGo = resolve; });
  const keep = async (route: Route): Promise<void> => {
    await held;
    await route.continue().catch(() => undefined);
  };
  await page.route(addresses, keep);
  return async () => {
    letGo();
    await page.unroute(addresses, keep);
  };
}

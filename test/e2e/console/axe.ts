import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of axe on the page as it stands; it cannot speak with the frame of a PDF, which has no origin. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE};0`);
  const found = await page.evaluate('axe.run({ iframes: false }).then((result) => result.violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html })))') as { id: string; impact: string; html: string }[];
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, html }) => `${id}: ${html.slice(0, 200)}`);
}

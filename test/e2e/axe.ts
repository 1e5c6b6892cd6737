import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Violation { id: string; impact: string; nodes: { html: string }[] }

/** Serious and critical findings of axe, by all its rules, on the page as it stands; it cannot speak with the frame of a PDF, which has no origin. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(`${AXE};0`);
  // A colour on its way from one to another is judged where it arrives.
  await page.evaluate('document.getAnimations().forEach((one) => { if (one instanceof CSSTransition) one.finish(); })');
  const { violations } = await page.evaluate('axe.run({ iframes: false }).then(({ violations }) => ({ violations }))') as { violations: Violation[] };
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

import type { Page } from 'playwright-core';

/** The mini-program framework's development build remarks on what TDesign does; no word about our own pages. */
const REMARKS = /is not a valid property|"class" is not a valid event binding|Use number as for-list|Some keys are not unique while list updates: ""/;

/** What goes wrong in a page without a person seeing it. Failed requests are judged by status, and only where the caller says which are expected. */
export function watch(page: Page, troubles: string[], { expected }: { expected?: Set<number> } = {}): void {
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused request is an answer like any other; the browser logs it all the same.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) troubles.push(`console: ${message.text()}`);
    if (message.type() === 'warning' && !REMARKS.test(message.text())) troubles.push(`warning: ${message.text()}`);
  });
  if (expected) page.on('response', (response) => { if (response.status() >= 400 && !expected.has(response.status())) troubles.push(`${response.status()} ${response.url()}`); });
}

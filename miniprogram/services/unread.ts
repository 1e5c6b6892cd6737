import { api } from './api';
import type { CaseLine } from './types';

const TODO_TAB = 1;
const MOST = 50;

/** What waits for me, most urgent first. */
export const waitingForMe = (): Promise<CaseLine[]> => api.cases({ waiting: 'me', limit: MOST }).then(({ items }) => items);

/** The number on the tab is what waits for me, as its page lists it; messages are counted where they are read. */
export async function markTodo(waiting: readonly CaseLine[]): Promise<void> {
  const text = waiting.length < MOST ? String(waiting.length) : `${MOST - 1}+`;
  // The tab bar belongs to tab pages only; elsewhere WeChat refuses, which is no fault.
  await (waiting.length > 0 ? wx.setTabBarBadge({ index: TODO_TAB, text }) : wx.removeTabBarBadge({ index: TODO_TAB })).catch(() => undefined);
}

/** The same for a page that does not list it; what waits. */
export async function lookTodo(): Promise<CaseLine[]> {
  const waiting = await waitingForMe().catch(() => null);
  if (waiting) await markTodo(waiting);
  return waiting ?? [];
}

export const unreadMessages = (): Promise<number> => api.inboxCount().then(({ unseen }) => unseen, () => 0);

import { api } from './api';

const INBOX_TAB = 1;

/** The number of unread messages on the tab; how many there are. */
export async function unreadBadge(): Promise<number> {
  const { unseen } = await api.inboxCount().catch(() => ({ unseen: 0 }));
  // The tab bar belongs to tab pages only; elsewhere WeChat refuses, which is no fault.
  if (unseen > 0) await wx.setTabBarBadge({ index: INBOX_TAB, text: unseen > 99 ? '99+' : String(unseen) }).catch(() => undefined);
  else await wx.removeTabBarBadge({ index: INBOX_TAB }).catch(() => undefined);
  return unseen;
}

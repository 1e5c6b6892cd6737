import type { Receipt } from './types';

/** Receipts given on this phone, newest first: kept here too, so that one may be checked without having noted it down. */
export interface KeptReceipt { no: string; head: string; title: string; at: string }

const KEPT_AS = 'receipts';
const AT_MOST = 50;

export const keptReceipts = (): KeptReceipt[] => (wx.getStorageSync(KEPT_AS) as KeptReceipt[] | '') || [];

export function keepReceipt({ no, head, at }: Receipt, title: string): void {
  wx.setStorageSync(KEPT_AS, [{ no, head, title, at }, ...keptReceipts().filter((one) => one.head !== head)].slice(0, AT_MOST));
}

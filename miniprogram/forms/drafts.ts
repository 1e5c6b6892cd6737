import type { Values } from './model';

/** What was typed and not yet sent, with the key under which it will be sent: leaving, closing or a lost network loses nothing. */
export interface Draft {
  values: Values;
  key: string;
  savedAt: string;
  /** Version of the case it was begun on, where others may write the same. */
  base?: number;
}

const PREFIX = 'draft:';
const KEPT_DAYS = 30;

export const draftName = (party: string, procedure: string, move: string, no = ''): string => `${PREFIX}${party}:${procedure}:${move}:${no}`;

export function loadDraft(name: string): Draft | null {
  const draft = wx.getStorageSync(name) as Draft | '';
  return draft === '' ? null : draft;
}

export const saveDraft = (name: string, draft: Draft): void => wx.setStorageSync(name, draft);
export const dropDraft = (name: string): void => wx.removeStorageSync(name);

const SAVE_AFTER_MS = 400;
/** Keeps a page's draft once nobody has typed for a moment. */
export function keepSoon(page: { timer: number; keep(): void }): void {
  clearTimeout(page.timer);
  page.timer = setTimeout(() => page.keep(), SAVE_AFTER_MS);
}

/** Old drafts go, so that a phone does not fill up. */
export function sweepDrafts(now: Date): void {
  for (const name of wx.getStorageInfoSync().keys.filter((key) => key.startsWith(PREFIX))) {
    const draft = loadDraft(name);
    if (!draft || now.getTime() - new Date(draft.savedAt).getTime() > KEPT_DAYS * 86_400_000) dropDraft(name);
  }
}

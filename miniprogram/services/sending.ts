import { wordsOf } from '../utils/page';
import { Problem } from './client';
import { askConsents } from './consents';
import { isUploading, STILL_UPLOADING } from './files';
import { newKey } from './wechat';

/** A page that submits something. */
export interface SendingPage {
  setData(data: { trouble?: string; sending?: boolean }): void;
  /** Under which it is sent, see `keyAfter`. */
  key: string;
  /** Consents to ask for at the next tap. */
  templates: string[];
  /** From the tap to the answer, sheets and questions included. */
  isSubmitting: boolean;
  /** Says a refusal where it belongs; false: its words are enough, and stand at the foot of the page. */
  refused?(problem: Problem): boolean | Promise<boolean>;
}

/** Whatever a page submits or goes on to: one at a time, so that a second tap is none, and not while a file is on its way, which would be left behind. */
export async function once(page: SendingPage, work: () => Promise<void>): Promise<void> {
  if (page.isSubmitting) return;
  page.setData({ trouble: isUploading() ? STILL_UPLOADING : '' });
  if (isUploading()) return;
  page.isSubmitting = true;
  try {
    await work();
  } catch (error) {
    page.key = keyAfter(page.key, error);
    const isSaid = error instanceof Problem && await page.refused?.(error);
    if (!isSaid) page.setData({ trouble: wordsOf(error) });
  } finally {
    page.isSubmitting = false;
    page.setData({ sending: false });
  }
}

/** WeChat's consents first, since its sheet opens only straight from the tap; then the question, where there is one; after a yes it is being sent. */
export async function isSure(page: SendingPage, question: { title: string; content: string; confirmText: string; confirmColor?: string } | null): Promise<boolean> {
  await askConsents(page.templates);
  page.templates = [];
  const isYes = !question || (await wx.showModal(question)).confirm;
  if (isYes) page.setData({ sending: true });
  return isYes;
}

/**
 * The key for what is sent after `error`: a refusal did nothing under its key, so what follows is another request; after a lost
 * network nobody knows, and the same key makes trying again safe.
 */
const keyAfter = (key: string, error: unknown): string =>
  (error instanceof Problem && error.status >= 400 && error.status < 500 && error.code !== 'KEY_REUSED' ? newKey() : key);

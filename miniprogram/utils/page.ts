import { Problem } from '../services/client';

/** How a page stands: waiting for the server, showing, unable to; `nothing`: there is nothing to do here now, and trying again would not help. */
export interface Standing { status: 'loading' | 'ready' | 'error' | 'denied' | 'nothing'; problem: string }

export const LOADING: Standing = { status: 'loading', problem: '' };
export const READY: Standing = { status: 'ready', problem: '' };
export const nothingToDo = (why: string): Standing => ({ status: 'nothing', problem: why });

export const wordsOf = (error: unknown): string => (error instanceof Problem ? error.detail : '出现了意外的问题，请稍后再试。');

export function standingOf(error: unknown): Standing {
  const denied = error instanceof Problem && (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN');
  return { status: denied ? 'denied' : 'error', problem: wordsOf(error) };
}

/** A tapped element's `data-*`. */
export const dataOf = <T>(event: { currentTarget: { dataset: object } }): T => event.currentTarget.dataset as T;
export const detailOf = <T>(event: { detail: unknown }): T => event.detail as T;

export const say = (title: string): void => { void wx.showToast({ title, icon: 'none', duration: 2500 }); };

/** To the case: back where one came from it, otherwise in place of this page. */
export function toCase(no: string): void {
  const pages = getCurrentPages();
  if (pages[pages.length - 2]?.route === 'pages/case/index') void wx.navigateBack({});
  else void wx.redirectTo({ url: `/pages/case/index?no=${no}` });
}

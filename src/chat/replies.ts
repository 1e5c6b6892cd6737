import type { FieldDescription } from '../kernel/fields';
import type { Receipt } from '../kernel/case';
import type { PublicProvider } from '../register/directory';

export interface QuickReply { label: string; pick: string }
export interface Row { label: string; value: string }

/** Where in the mini-program a matter is dealt with that a dialogue is not made for. */
export interface PageTarget { path: string; title: string }

/** A survey on one card: the form's fields as the page draws them, with what was said so far; `rows` is what it is about. */
export interface Survey { fields: FieldDescription[]; values: Record<string, unknown>; rows: Row[] }

/** What the bot says. Every kind carries its whole meaning in `text`; the rest is for pages that can draw more. */
export type Reply =
  | { type: 'text'; text: string; quick?: QuickReply[] }
  | { type: 'ask'; text: string; form: string; title: string; field: FieldDescription; quick?: QuickReply[]; /** Where all of it can be answered on one card. */ survey?: Survey }
  | { type: 'answer'; text: string; article: string; articleInWords: string; regulated: boolean; quote?: string; quick?: QuickReply[] }
  | { type: 'summary'; text: string; title: string; rows: Row[]; hash: string; /** Who one is, to be given with the confirmation. */ sealed?: FieldDescription[]; quick?: QuickReply[] }
  | { type: 'receipt'; text: string; receipt: Receipt; title: string; quick?: QuickReply[] }
  | { type: 'case'; text: string; no: string; title: string; state: string; rows: Row[]; quick?: QuickReply[] }
  | { type: 'providers'; text: string; /** The line above the cards; `text` says what the cards say too. */ title: string; providers: PublicProvider[]; page: PageTarget; quick?: QuickReply[] }
  | { type: 'page'; text: string; page: PageTarget; quick?: QuickReply[] };

export const say = (text: string, quick?: QuickReply[]): Reply => ({ type: 'text', text, ...(quick && quick.length > 0 ? { quick } : {}) });

export const formPage = (title: string, procedure: string, move: string, no?: string): PageTarget => ({
  path: no ? `/pages/case/index?no=${no}&move=${move}` : `/pages/form/index?procedure=${procedure}&move=${move}`, title,
});

/** Picks that a bare number may stand for; a confirmation must be said or tapped. */
export const isNumbered = ({ pick }: QuickReply): boolean => !pick.startsWith('confirm:');

/** The same replies as plain text, for a channel without buttons. Quick replies are numbered in the order of `session.offered`. */
export function inPlainText(replies: readonly Reply[]): string {
  let number = 0;
  return replies.map((reply) => {
    const choices = (reply.quick ?? []).filter(isNumbered).map(({ label }) => {
      number += 1;
      return `${number}. ${label}`;
    });
    const page = 'page' in reply ? `\n（请打开小程序“${reply.page.title}”页面）` : '';
    return `${reply.text}${page}${choices.length > 0 ? `\n${choices.join('\n')}` : ''}`;
  }).join('\n\n');
}

import { aboutOf } from './cards';
import { isSurvey, known, targetOf, type Turn } from './context';
import { start } from './filling';
import type { FormState } from './session';

const INVITATION = '这件等您评价：在下面的卡片上选好后提交即可，也可以以后再办。';
/** What a card that was shown unasked is about, in the place of a form's id. */
const INVITED = 'invite:';

export const isInvitation = (formId: string): boolean => formId.startsWith(INVITED);

/**
 * A survey that waits for this person, shown on its card when the chat is opened. It begins nothing: whoever says something else has
 * nothing to leave or to cancel. Silent while a form is under way, and where nothing waits that a card could answer.
 */
export function invite(t: Turn, no: string): void {
  if (t.session.form || t.context.channel !== 'page') return;
  const view = known(t.context, 'case', no);
  const move = view?.waitsForMe ? view.moves.find(({ form }) => isSurvey(form)) : undefined;
  if (!view || !move) return;
  t.replies.push({
    type: 'ask', text: INVITATION, form: `${INVITED}${view.procedure}:${move.move}:${no}`, title: move.title, field: move.form[0]!,
    survey: { fields: move.form, values: {}, rows: aboutOf(view) },
  });
}

/** Begins what such a card is about, once it is filled in; null where that is no longer open. */
export function takeInvitation(t: Turn, formId: string): FormState | null {
  const [procedure = '', move = '', no = ''] = formId.slice(INVITED.length).split(':');
  const target = targetOf(t.context, { procedure, move, no });
  return target && isSurvey(target.move.form.describe()) ? start(t, { procedure, move, no }, target.title) : null;
}

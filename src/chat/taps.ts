import { flat, known, targetOf, type Turn } from './context';
import { again, cancelled, confirmed, stale } from './ending';
import { ask, begin, proceed } from './filling';
import { follow } from './following';
import { invite, isInvitation, takeInvitation } from './inviting';
import type { Intent } from './intents';
import { say } from './replies';
import type { FormState } from './session';
import { fillRest, isAskable, put } from './slots';
import { article, handOver, menu, progress } from './talk';

/** Taps on quick replies and values of form cards. Each names the form it belongs to; one of an earlier form does nothing. */

export function takePick(t: Turn, pick: string, sealed?: Record<string, string>): void {
  const { session } = t;
  const [kind, ...rest] = pick.split(':') as [string, ...string[]];
  if (kind === 'confirm') return confirmed(t, rest[0] ?? '', sealed);
  // Nobody tapped this: the page was opened, which takes nothing back.
  if (kind === 'invite') return invite(t, rest[0] ?? '');
  if (session.form) session.form.confirm = null;
  session.misses = 0;
  switch (kind) {
    case 'cancel': return cancelled(t);
    case 'human': return handOver(t, '');
    case 'menu': { t.replies.push(menu(t)); return again(t); }
    case 'progress': { progress(t, ''); return again(t); }
    case 'case': { progress(t, rest[0] ?? ''); return again(t); }
    case 'faq': { article(t, rest[0] ?? ''); return again(t); }
    case 'start': return begin(t, { procedure: rest[0] ?? '', move: rest[1] ?? '', ...(rest[2] ? { no: rest[2] } : {}) });
    case 'intent': return follow(t, rest[0] as Intent, session.lately.at(-1) ?? '');
    case 'set': case 'said': case 'rest': case 'skip': case 'edit': return onField(t, kind, rest[0] ?? '', rest[1] ?? '', rest.slice(2).join(':'));
    default: return stale(t);
  }
}

export function onField(t: Turn, kind: 'set' | 'said' | 'skip' | 'edit' | 'rest', formId: string, name: string, value: string): void {
  const { form } = t.session;
  const target = form && form.id === formId ? targetOf(t.context, form) : null;
  const field = target?.fields.find((one) => one.name === name && isAskable(one, t.context));
  if (!form || !target || !field) return stale(t);
  if (kind === 'edit') return ask(t, form, field);
  if (kind === 'skip') {
    if (field.required) return ask(t, form, field);
    skip(form, name);
    return proceed(t);
  }
  if (kind === 'rest') {
    fillRest(form, target, field, `其余都选${field.options?.find((option) => String(option.value) === value)?.label ?? ''}`);
    return proceed(t);
  }
  const given = kind === 'said' ? form.said : valueOf(field.kind, value, field.options);
  const words = field.kind === 'organisation' ? known(t.context, 'organisations', `#${value}`)[0]?.name : undefined;
  const fault = field.kind === 'organisation' && !words ? '没有找到这家服务商' : put(form, target, field, given, words);
  if (fault === null) return proceed(t);
  t.replies.push(say(`${fault}。`));
  return ask(t, form, field);
}

/** Left out on purpose: not asked for again. */
function skip(form: FormState, name: string): void {
  delete form.values[name];
  form.skipped = [...new Set([...form.skipped, name])];
}

function valueOf(kind: string, text: string, options: { value: string | number }[] = []): unknown {
  const option = options.find(({ value }) => String(value) === text)?.value ?? text;
  return kind === 'choices' ? [option] : kind === 'choice' ? option : kind === 'yesNo' || kind === 'agreed' ? text === 'true' : text;
}

/** Values of a form card. Every fault is told at once; nothing is taken from a card of another form. */
export function takeValues(t: Turn, values: Record<string, unknown>, formId?: string): void {
  const isInvited = formId !== undefined && isInvitation(formId);
  const form = isInvited ? takeInvitation(t, formId) : t.session.form;
  const target = form ? targetOf(t.context, form) : null;
  if (!form || !target || (formId !== undefined && !isInvited && formId !== form.id)) return stale(t);
  form.confirm = null;
  const faults: string[] = [];
  for (const [name, value] of Object.entries(flat(values, target.fields))) {
    const field = target.fields.find((one) => one.name === name && isAskable(one, t.context));
    if (!field) { faults.push('有不认识的字段'); continue; }
    if (value === '' && !field.required) { skip(form, name); continue; }
    const words = field.kind === 'organisation' ? known(t.context, 'organisations', `#${String(value)}`)[0]?.name : undefined;
    const fault = field.kind === 'organisation' && !words ? '没有找到这家服务商' : put(form, target, field, value, words);
    if (fault !== null) faults.push(fault);
  }
  if (faults.length > 0) t.replies.push(say(`${faults.join('；')}。`));
  proceed(t);
}

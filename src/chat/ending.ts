import { articleInWords } from '../rulebook/articles';
import { targetOf, type Turn } from './context';
import { commit, leave, proceed } from './filling';
import { say } from './replies';
import type { FormState, Outcome } from './session';
import { isAskable, isSealed } from './slots';
import { HUMAN } from './talk';

/** Confirming, cancelling, and what the kernel refused: how a form ends, or comes back. */

/** Comes back to the form under way, if there is one. */
export function again(t: Turn): void {
  if (t.session.form) proceed(t);
}

export const stale = (t: Turn): void => {
  t.replies.push(say('这个选项已经失效了。'));
  again(t);
};

/** `sealed`: who one is, where the form asks for it; looked at and passed on, never remembered. */
export function confirmed(t: Turn, hash: string, sealed: Record<string, string> = {}): void {
  const { form, done } = t.session;
  if (form?.confirm && hash === form.confirm) {
    const faults = sealedFaults(t, form, sealed);
    if (faults.length === 0) return commit(t);
    t.replies.push(say(`${faults.join('；')}。`));
    return proceed(t);
  }
  if (done?.hash === hash) {
    t.replies.push(say(`这一件已经提交过了，案件编号 ${done.no}。`, [{ label: '查看这件', pick: `case:${done.no}` }]));
    return again(t);
  }
  t.replies.push(say('这份确认单已经失效，内容可能改过了，请按最新的核对。'));
  return again(t);
}

function sealedFaults(t: Turn, form: FormState, sealed: Record<string, string>): string[] {
  const target = targetOf(t.context, form);
  const fields = target?.fields.filter(isSealed) ?? [];
  if (fields.length > 0 && fields.every(({ name }) => !sealed[name])) return [`请在核对单下面填写${fields.map(({ label }) => label).join('、')}再提交`];
  return fields.flatMap(({ name, label }) => {
    const parsed = target!.move.form.parseField(name, sealed[name] ?? '');
    return 'fault' in parsed ? [sealed[name] ? parsed.fault.message : `请填写${label}`] : [];
  });
}

export function cancelled(t: Turn): void {
  const { form } = t.session;
  t.session.misses = 0;
  if (!form) { t.replies.push(say('好的。现在没有正在填写的事项。')); return; }
  t.replies.push(say(`已取消“${form.title}”，没有提交任何内容。`));
  leave(t);
}

export function refused(t: Turn, { detail, faults, article: no }: Extract<Outcome, { refusal: unknown }>['refusal']): void {
  const form = t.session.form;
  const words = faults.length > 0 ? faults.map(({ message }) => message).join('；') : detail;
  t.replies.push(say(`没有提交成功：${words}。${no ? `（${articleInWords(no)}）` : ''}`, [HUMAN]));
  if (!form) return;
  form.confirm = null;
  const target = targetOf(t.context, form);
  const faulty = target?.fields.filter((field) => isAskable(field, t.context) && faults.some((fault) => fault.field === field.name || fault.field.startsWith(`${field.name}.`))) ?? [];
  if (faulty.length > 0) {
    for (const { name } of faulty) delete form.values[name];
    proceed(t, faulty.map(({ name }) => name));
  } else if (target?.fields.some(isSealed) && faults.length > 0) proceed(t);
  else leave(t);
}

import { idNumberFault, mobileFault, nameFault } from '../../forms/identity';
import type { Faults, Values } from '../../forms/model';
import type { FieldDescription } from '../../services/types';

/** A report is made in four steps: what happens to my identity, what it is about, who I am, look it over and send. */
export const STEP_TITLES = ['举报前须知', '举报内容', '您的身份', '核对并提交'] as const;
export const [NOTICE, CONTENT, IDENTITY, CONFIRM] = [0, 1, 2, 3] as const;

/** Agreed to by the button below the notice, not by a tick among the fields. */
const INFORMED = 'informed';
const WIDGETS: Record<string, string> = { idNumber: 'idcard', phone: 'phone' };

export function stepOf({ name, kind }: FieldDescription): number {
  if (name === INFORMED) return NOTICE;
  if (kind === 'sensitive') return IDENTITY;
  return kind === 'agreed' ? CONFIRM : CONTENT;
}

export const fieldsOf = (form: readonly FieldDescription[], step: number): FieldDescription[] =>
  form.filter((field) => stepOf(field) === step).map((field) => ({ ...field, ...(WIDGETS[field.name] ? { widget: WIDGETS[field.name] } : {}) }));

/** What can be known on the spot of who somebody says they are; nothing is said of what is still empty. */
export function identityFaults(values: Values, now: Date): Faults {
  const checks: Record<string, (text: string) => string> = { name: nameFault, idNumber: (text) => idNumberFault(text, now), phone: mobileFault };
  const faults: Faults = {};
  for (const [name, check] of Object.entries(checks)) {
    const text = String(values[name] ?? '').trim();
    const fault = text === '' ? '' : check(text);
    if (fault) faults[name] = fault;
  }
  return faults;
}

/** 张三 as 张*, 410702…0011 as 410***********0011: enough to see that it is one's own, with others looking on. */
export function masked(name: string, value: string): string {
  if (name === 'name') return value.slice(0, 1) + '*'.repeat(Math.max(0, [...value].length - 1));
  return `${value.slice(0, 3)}${'*'.repeat(Math.max(0, value.length - 7))}${value.slice(-4)}`;
}

/** How long each step may take, as the rulebook says today. */
export function termsIn(parameters: readonly { id: string; inWords: string }[]): Record<'identity' | 'accept' | 'verify' | 'review' | 'hear' | 'decide' | 'keep', string> {
  const of = (id: string): string => parameters.find((one) => one.id === id)?.inWords ?? '';
  return { identity: of('report.identity'), accept: of('report.accept'), verify: of('report.verify'), review: of('report.cosign'), hear: of('report.statement'), decide: of('report.decide'), keep: of('keep.reporter_identity') };
}

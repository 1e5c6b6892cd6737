import type { FieldDescription, Kind } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { known, type Context, type Organisation, type Target } from './context';
import type { FormState } from './session';
import { normalise } from './text';
import { caseNoIn, dayIn, moneyIn, numberIn, optionsIn, yesNoIn } from './values';

type Channel = Pick<Context, 'channel'>;
/** Filled in on a page of its own, never in a dialogue. */
const ON_PAGE: readonly Kind[] = ['list', 'group', 'structure'];
/** Who one is: given with the confirmation and never kept by the dialogue. */
export const isSealed = (field: FieldDescription): boolean => field.kind === 'sensitive';
/** Files can be handed over where the chat is a page of ours. */
export const isAskable = (field: FieldDescription, { channel }: Channel): boolean =>
  !ON_PAGE.includes(field.kind) && !isSealed(field) && (field.kind !== 'files' || channel === 'page');
export const isText = (field: FieldDescription): boolean => field.kind === 'text' || field.kind === 'longText';
/** A form the dialogue cannot complete: it needs a structure with a page of its own, or, in plain text, identity or files. */
export const needsPage = (fields: readonly FieldDescription[], opens: boolean, context: Channel): boolean =>
  fields.some((field) => (isSealed(field) ? !opens || context.channel !== 'page' : field.kind === 'files' ? field.required && !isAskable(field, context) : !isAskable(field, context)));

/** A fingerprint of what the case holds, such as that of a plan's version: taken from what was shown, never asked for. */
export function echoed(field: FieldDescription, target: Target): string | undefined {
  const value = target.view?.data[field.name];
  return field.kind === 'text' && typeof value === 'string' && /^[0-9a-f]{16,64}$/.test(value) ? value : undefined;
}

/** What the words hold for a field: a value, several organisations to choose from, or a fault to tell. */
export type Read = { value: unknown; words?: string } | { among: Organisation[] } | { fault: string } | undefined;

/** `asked`: the words answer a question about this very field; otherwise only what is unmistakable counts. */
export function read(field: FieldDescription, text: string, asked: boolean, context: Context): Read {
  switch (field.kind) {
    case 'text':
    case 'longText': return asked ? { value: text } : undefined;
    case 'money': return wrap(moneyIn(text, asked));
    case 'day': return wrap(dayIn(text, context.now));
    case 'case': return wrap(caseNoIn(text));
    case 'yesNo':
    case 'agreed': return asked ? wrap(yesNoIn(text)) : undefined;
    case 'number': return asked ? wrap(numberOf(text)) : undefined;
    case 'choices': {
      const options = optionsIn(text, field, asked);
      return options.length > 0 ? { value: options } : undefined;
    }
    case 'choice': {
      const options = optionsIn(text, field, asked);
      if (options.length === 1) return { value: options[0] };
      return asked && options.length > 1 ? { fault: `${field.label}只能选一项` } : undefined;
    }
    case 'files': return asked ? { fault: '文件请用下面的按钮添加' } : undefined;
    case 'organisation': return organisationIn(text, asked, context);
    default: return undefined;
  }
}

const wrap = (value: unknown): Read => (value === undefined ? undefined : { value });

function numberOf(text: string): number | undefined {
  const match = /-?\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万]+/u.exec(normalise(text));
  return match ? numberIn(match[0].replace('-', '')) : undefined;
}

function organisationIn(text: string, asked: boolean, context: Context): Read {
  const found = known(context, 'organisations', text.slice(0, 200));
  if (found.length === 1) return { value: found[0]!.id, words: found[0]!.name };
  if (!asked) return undefined;
  return found.length > 1 ? { among: found.slice(0, 6) } : { fault: '服务商库中没有找到这个名称，请核对后再说一遍，或说出名称中的几个字' };
}

/** Short ways to name a field: its label, and the end or beginning of a longer one. */
export const namesOf = ({ label }: FieldDescription): string[] =>
  label.length > 2 ? [label, ...(label.length > 4 ? [label.slice(-4), label.slice(-3)] : []), label.slice(-2)] : [label];

/** The field of a form that words such as «改一下诉求» mean; null when none or more than one could be meant. */
export function fieldNamed(text: string, fields: readonly FieldDescription[]): FieldDescription | null {
  const scored = fields.map((field) => ({ field, length: Math.max(0, ...[...namesOf(field), field.label.slice(0, 2)].filter((name) => text.includes(name)).map((name) => name.length)) }))
    .filter(({ length }) => length >= 2).toSorted((a, b) => b.length - a.length);
  const [best, next] = scored;
  return best && best.length > (next?.length ?? 0) ? best.field : null;
}

/** «诉求是更换项目经理»: the value behind a field's name, up to the next name or the end of the sentence. */
export function labelled(field: FieldDescription, text: string, fields: readonly FieldDescription[]): string | undefined {
  const others = fields.filter((other) => other !== field).flatMap(namesOf).map(escaped).join('|');
  const stop = others ? `(?=[,，。；;\\n\\s](?:我的|我们的)?(?:${others})\\s*(?:是|为|:|：)|[；;\\n]|$)` : '(?=[；;\\n]|$)';
  for (const name of namesOf(field)) {
    const match = new RegExp(`${escaped(name)}\\s*(?:就是|是|为|:|：)\\s*(.{1,2000}?)${stop}`, 'su').exec(text);
    if (match) return match[1]!.trim();
  }
  return undefined;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A member of a group is checked within it: only what is said of that member counts, the others may still be open. */
function parse(target: Target, { name }: FieldDescription, value: unknown): { value: unknown } | { fault: string } {
  const [group, member] = name.split('.') as [string, string?];
  if (member === undefined) {
    const parsed = target.move.form.parseField(name, value);
    return 'fault' in parsed ? { fault: parsed.fault.message } : parsed;
  }
  try {
    target.move.form.parse({ [group]: { [member]: value } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fault = error.faults.find(({ field }) => field === name);
    if (fault) return { fault: fault.message };
  }
  return { value };
}

/** «其余都选很好»: the same answer for all members of the group that are still open. */
export function fillRest(form: FormState, target: Target, asked: FieldDescription, text: string): boolean {
  const [group, member] = asked.name.split('.');
  if (member === undefined || !/其余|剩下|后面|全部|全都|都/u.test(text)) return false;
  const options = optionsIn(text.replaceAll(/其余|剩下|后面|的|全部|全都|都|选|是/gu, ' '), asked, true);
  if (options.length !== 1) return false;
  for (const field of target.fields) if (field.name.startsWith(`${group}.`) && !(field.name in form.values)) put(form, target, field, options[0]);
  return true;
}

/** Puts a value where it belongs after the form's own check; the fault otherwise. */
export function put(form: FormState, target: Target, field: FieldDescription, value: unknown, words?: string): string | null {
  const parsed = parse(target, field, value);
  if ('fault' in parsed) return parsed.fault;
  form.values[field.name] = parsed.value;
  if (words !== undefined) form.words[field.name] = words;
  form.filled = [...form.filled.filter((name) => name !== field.name), field.name];
  form.skipped = form.skipped.filter((name) => name !== field.name);
  return null;
}

/** Takes what one sentence says about fields that are still open. Of two fields of one kind it can tell apart only named ones. */
export function extract(form: FormState, target: Target, text: string, context: Context, except?: string): void {
  const open = target.fields.filter((field) => isAskable(field, context) && field.name !== except && !(field.name in form.values) && echoed(field, target) === undefined);
  for (const field of open) {
    const part = labelled(field, text, target.fields.filter((one) => isAskable(one, context)));
    if (part !== undefined) {
      const found = read(field, part, true, context);
      if (found && 'value' in found) put(form, target, field, found.value, found.words);
      continue;
    }
    const isOnlyOne = open.filter((other) => other.kind === field.kind).length === 1;
    if (!isOnlyOne || isText(field)) continue;
    const found = read(field, text, false, context);
    if (found && 'value' in found) put(form, target, field, found.value, found.words);
  }
}

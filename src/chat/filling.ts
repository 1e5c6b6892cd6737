import { createHash } from 'node:crypto';
import type { FieldDescription } from '../kernel/fields';
import { Refusal } from '../kernel/refusal';
import { articleInWords } from '../rulebook/articles';
import { aboutOf, factsOf } from './cards';
import { isSurvey, nested, targetOf, type Context, type Target, type Turn } from './context';
import { formPage, say, type QuickReply, type Row, type Survey } from './replies';
import type { FormState } from './session';
import { echoed, extract, fillRest, isAskable, isSealed, isText, needsPage, put, read } from './slots';
import { inWords } from './values';

/** Interrupted forms kept at most; an older one is told to be dropped. */
const STACK_MAX = 3;
const SAID_MAX = 500;

export interface Start { procedure: string; move: string; no?: string; said?: string; values?: Record<string, unknown> }

/** Begins a form, interrupting the one under way. Where a dialogue cannot do it, names the page that can. */
export function begin(t: Turn, { procedure, move, no, said = '', values = {} }: Start): void {
  const { context } = t;
  const target = targetOf(context, { procedure, move, ...(no ? { no } : {}) });
  if (!target) {
    t.replies.push(say('这项操作现在不能办理，可能已经办过或状态已变化。', [{ label: '查进度', pick: 'progress' }]));
    return;
  }
  if (needsPage(target.fields, no === undefined, context)) {
    const identity = target.fields.some(isSealed);
    const why = identity ? '需要填写身份信息并上传材料。为保护您的个人信息，请不要在对话中发送姓名、证件号或证据' : '需要填写表格或上传材料，对话中办不了';
    t.replies.push({ type: 'page', text: `“${target.title}”${why}，请在小程序页面办理。（${articleInWords(target.move.article)}）`, page: formPage(target.title, procedure, move, no) });
    return;
  }
  const form = start(t, { procedure, move, no, said }, target.title);
  for (const [name, value] of Object.entries(values)) {
    const field = target.fields.find((one) => one.name === name);
    if (field) put(form, target, field, value);
  }
  if (said) extract(form, target, said, context);
  t.replies.push(say(`好的，为您办理“${target.title}”。随时可以说“取消”“人工”，或问办法里的规定。${target.fields.some(isSealed) ? '请不要在对话里写姓名、证件号和电话：这些最后在核对单下面填写，单独加密保存，不进入对话记录。' : ''}`));
  proceed(t);
}

/** A form with nothing in it yet. */
export function start(t: Turn, { procedure, move, no, said = '' }: Start, title: string): FormState {
  const { session } = t;
  suspend(t);
  session.count += 1;
  session.form = {
    id: `f${session.count}`, procedure, move, ...(no ? { no } : {}), title,
    values: {}, words: {}, filled: [], skipped: [], asking: null, confirm: null, said: said.slice(0, SAID_MAX),
  };
  return session.form;
}

/** Sets the form under way aside. */
export function suspend({ session }: Turn): void {
  if (!session.form) return;
  session.stack = [...session.stack, { ...session.form, confirm: null }].slice(-STACK_MAX);
  session.form = null;
}

/** Leaves the form under way and goes back to the one it interrupted. */
export function leave(t: Turn): void {
  t.session.form = t.session.stack.pop() ?? null;
  if (!t.session.form) return;
  t.replies.push(say(`接着办理“${t.session.form.title}”。`));
  proceed(t);
}

/** Asks for the next open field, or shows everything for confirmation. */
export function proceed(t: Turn, faulty?: readonly string[]): void {
  const { session, context } = t;
  const form = session.form!;
  form.confirm = null;
  const target = targetOf(context, form);
  if (!target) {
    t.replies.push(say(`“${form.title}”现在不能办理了，可能已经办过或状态已变化，已填内容不会提交。`, [{ label: '查进度', pick: 'progress' }]));
    leave(t);
    return;
  }
  const next = target.fields.find((field) => faulty?.includes(field.name) && isAskable(field, context)) ?? target.fields.find((field) => isOpen(form, target, field, context));
  if (next) ask(t, form, next);
  else summarise(t, form, target);
}

const isOpen = (form: FormState, target: Target, field: FieldDescription, context: Context): boolean =>
  isAskable(field, context) && !(field.name in form.values) && !form.skipped.includes(field.name) && echoed(field, target) === undefined;

export function ask(t: Turn, form: FormState, field: FieldDescription, among?: { id: string; name: string }[]): void {
  form.asking = field.name;
  const set = (label: string, value: string): QuickReply => ({ label, pick: `set:${form.id}:${field.name}:${value}` });
  const canUseSaid = field.kind === 'longText' && form.said.length >= Math.max(field.min ?? 1, 6);
  const quick = [
    ...(among ?? []).map(({ id, name }) => set(name, id)),
    ...(field.kind === 'choice' || field.kind === 'choices' ? (field.options ?? []).map(({ value, label }) => set(label, String(value))) : []),
    ...(field.name.includes('.') ? (field.options ?? []).map(({ value, label }) => ({ label: `其余都选“${label}”`, pick: `rest:${form.id}:${field.name}:${value}` })) : []),
    ...(field.kind === 'yesNo' ? [set('是', 'true'), set('否', 'false')] : []),
    ...(field.kind === 'agreed' ? [set('确认', 'true')] : []),
    ...(canUseSaid ? [{ label: `用刚才说的：${form.said.length > 24 ? `${form.said.slice(0, 24)}…` : form.said}`, pick: `said:${form.id}:${field.name}` }] : []),
    ...(field.required ? [] : [{ label: '跳过', pick: `skip:${form.id}:${field.name}` }]),
  ];
  const survey = surveyOf(t, form);
  t.replies.push({ type: 'ask', text: survey ? SURVEY : question(field), form: form.id, title: form.title, field, ...(quick.length > 0 ? { quick } : {}), ...(survey ? { survey } : {}) });
}

const SURVEY = '请在下面的卡片上选好后提交，也可以直接说，一项一项回答。';

/** A survey is shown whole where the chat is a page of ours; what was said so far stands on it. */
function surveyOf({ context }: Turn, form: FormState): Survey | undefined {
  const target = targetOf(context, form);
  const fields = target?.move.form.describe() ?? [];
  return context.channel === 'page' && target?.view && isSurvey(fields) ? { fields, values: nested(form.values), rows: aboutOf(target.view) } : undefined;
}

function question(field: FieldDescription): string {
  const hint = field.hint ? `（${field.hint}）` : '';
  const optional = field.required ? '' : '（选填，可回复“跳过”）';
  switch (field.kind) {
    case 'choice': return `请选择${field.label}${hint}${optional}`;
    case 'choices': return `请选择${field.label}（可以多选，用顿号隔开）${hint}${optional}`;
    case 'money': return `${field.label}是多少？如“12万元”${hint}${optional}`;
    case 'day': return `${field.label}是哪一天？如“3月5日”“下周一”${hint}${optional}`;
    case 'number': return `${field.label}是多少${field.unit ? `（${field.unit}）` : ''}？${hint}${optional}`;
    case 'yesNo': return `${field.label}，是还是否？${hint}${optional}`;
    case 'agreed': return `请确认：${field.label}${hint}`;
    case 'organisation': return `请告诉我${field.label}的名称${hint}${optional}`;
    case 'files': return `请上传${field.label}${hint}${optional}`;
    case 'case': return `请提供${field.label}${hint}${optional}`;
    default: return `请填写${field.label}${hint}${optional}`;
  }
}

/** Takes the words as the answer to the question asked, and anything else they say about open fields; or says why they are none. */
export function answerField(t: Turn, text: string): { fault: string | null } | 'taken' {
  const form = t.session.form!;
  const target = targetOf(t.context, form);
  const field = target?.fields.find((one) => one.name === form.asking);
  if (!target || !field) { proceed(t); return 'taken'; }
  if (fillRest(form, target, field, text)) {
    proceed(t);
    return 'taken';
  }
  const found = read(field, text, true, t.context);
  if (!found) return { fault: null };
  if ('among' in found) {
    t.replies.push(say('找到几家，请选择是哪一家：'));
    ask(t, form, field, found.among);
    return 'taken';
  }
  const fault = 'fault' in found ? found.fault : put(form, target, field, found.value, found.words);
  if (fault !== null) return { fault };
  // A text that was asked for belongs to that field alone; from an answer of any other kind more can be told.
  if (!isText(field)) extract(form, target, text, t.context, field.name);
  t.session.misses = 0;
  proceed(t);
  return 'taken';
}

/** Shows all of it, and binds the confirmation to exactly this. */
function summarise(t: Turn, form: FormState, target: Target): void {
  const input = inputOf(form, target);
  try {
    target.move.form.parse(nested(input));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // Who one is comes with the confirmation.
    const faults = error.faults.filter((fault) => !target.fields.some((field) => isSealed(field) && field.name === fault.field));
    if (faults.length > 0 || error.faults.length === 0) return amend(t, form, target, error, faults);
  }
  show(t, form, target, input);
}

/** What the form's own check found is asked again. */
function amend(t: Turn, form: FormState, target: Target, error: Refusal, faults: Refusal['faults']): void {
  t.replies.push(say(faults.map(({ message }) => message).join('；') || error.detail));
  const faulty = target.fields.find((field) => isAskable(field, t.context) && faults.some((fault) => fault.field === field.name || fault.field.startsWith(`${field.name}.`)));
  if (faulty) delete form.values[faulty.name];
  if (faulty) ask(t, form, faulty);
  else drop(t);
}

function show(t: Turn, form: FormState, target: Target, input: Record<string, unknown>): void {
  const { session, context } = t;
  form.asking = null;
  session.count += 1;
  const rows = rowsOf(form, target, input);
  form.confirm = sealOf(t, form, rows, input);
  const unfilled = target.fields.filter((field) => field.kind === 'files' && !isAskable(field, context));
  const sealed = target.fields.filter(isSealed);
  const edits = form.filled.slice(-6).flatMap((name) => {
    const field = target.fields.find((one) => one.name === name);
    // A declaration is agreed to or not; there is nothing to change about it.
    return field && isAskable(field, context) && field.kind !== 'agreed' ? [{ label: `改${field.label.replace(/^选择/u, '')}`, pick: `edit:${form.id}:${name}` }] : [];
  });
  const lines = [
    `请核对“${form.title}”：`, ...rows.map(({ label, value }) => `${label}：${value}`),
    ...(unfilled.length > 0 ? [`（${unfilled.map(({ label }) => label).join('、')}须在小程序页面上传，对话中不能上传）`] : []),
    `无误请${sealed.length > 0 ? '在下面填写身份信息后提交' : '回复“确认”提交'}；${edits.length > 0 ? '要改哪一项请直接说，如“改一下××”；' : ''}不办了请说“取消”。`,
  ];
  t.replies.push({
    type: 'summary', text: lines.join('\n'), title: form.title, rows, hash: form.confirm,
    ...(sealed.length > 0 ? { sealed } : {}),
    quick: [{ label: '确认提交', pick: `confirm:${form.confirm}` }, ...edits, { label: '取消', pick: 'cancel' }],
  });
}

/** Stands for one summary as it was shown, and for no other. */
const sealOf = ({ session }: Turn, form: FormState, rows: readonly Row[], input: Record<string, unknown>): string =>
  createHash('sha256').update(JSON.stringify([session.id, form.id, session.count, form.procedure, form.move, form.no ?? '', rows, input])).digest('hex').slice(0, 24);

function inputOf(form: FormState, target: Target): Record<string, unknown> {
  const echoes = target.fields.flatMap((field) => { const value = echoed(field, target); return value === undefined ? [] : [[field.name, value]]; });
  return { ...form.values, ...Object.fromEntries(echoes) as Record<string, unknown> };
}

/** Stands for a file or a version to the letter; people compare its first digits, the confirmation all of them. */
const isHash = (name: string): boolean => name.endsWith('Hash');

function rowsOf(form: FormState, target: Target, input: Record<string, unknown>): Row[] {
  const about = target.view ? [{ label: '案件', value: `${target.view.title} ${target.view.no}` }, ...factsOf(target.view)] : [];
  const values = target.fields.filter((field) => field.name in input).map((field) => ({ label: field.label, value: isHash(field.name) ? `${String(input[field.name]).slice(0, 8)}…` : inWords(field, input[field.name], form.words) }));
  const follows = target.follows ? [{ label: '办理后', value: target.follows }] : [];
  return [...about, ...values, ...follows, { label: '依据', value: articleInWords(target.move.article) }];
}

/** The confirmed form as what the service is to do. Its key is the form's own: however often it is confirmed, it happens once. */
export function commit(t: Turn): void {
  const { session, context } = t;
  const form = session.form!;
  const target = targetOf(context, form);
  if (!target) { proceed(t); return; }
  const input = inputOf(form, target);
  if (sealOf(t, form, rowsOf(form, target, input), input) !== form.confirm) {
    // The case moved on between summary and confirmation, such as to another version of a plan.
    t.replies.push(say('在您确认之前内容有了变化，请按最新的核对。'));
    proceed(t);
    return;
  }
  t.effect = {
    kind: form.no ? 'act' : 'open', procedure: form.procedure, move: form.move, ...(form.no ? { no: form.no } : {}), input: nested(input),
    key: `chat-${createHash('sha256').update(`${session.id}:${form.id}`).digest('hex').slice(0, 40)}`, hash: form.confirm!,
  };
}

/** Gives the form up, with the page as the other way. */
export function drop(t: Turn): void {
  const form = t.session.form!;
  t.replies.push({ type: 'page', text: '这项在对话中填不完整，请在小程序页面办理。', page: formPage(form.title, form.procedure, form.move, form.no) });
  leave(t);
}

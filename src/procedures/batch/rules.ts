import { roleTag, type Actor } from '../../kernel/actor';
import type { Case, Effect, Entry } from '../../kernel/case';
import type { Concerned } from '../../kernel/concerned';
import type { Values } from '../../kernel/fields';
import { dayInWords, wordsOfDay } from '../../kernel/numbers';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import { CONDITIONS, DOCUMENTS } from '../acceptance-documents';
import type { closeForm, data, publishForm } from './forms';

/** Acceptances after which a contract needs no other. */
const UNDER_WAY_OR_PASSED = ['applied', 'supplementing', 'inspecting', 'assigning', 'confirming', 'rectifying', 'rectified', 'passed'];

export type Batch = Values<typeof data>;
type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

/** Those who serve the acceptance desk, and directors. */
export const servesAcceptance = (actor: Actor): boolean => actor.roles.includes('director') || actor.desks.includes('acceptance');
export const mayClose = (_: Case<Batch>, actor: Actor): boolean => actor.kind === 'system' || servesAcceptance(actor);

/** 12.4 项目竣工验收通知: the notice names the papers, the conditions and the window; its end is the clock's end. */
export function publish({ input, actor, now, rulebook }: BeginCtx<Input<typeof publishForm>>): Opening<Batch> {
  if (!servesAcceptance(actor)) throw new Refusal('FORBIDDEN', { detail: '由验收岗位或负责人发布验收通知', article: '12.4' });
  const workingDays = input.workingDays ?? rulebook.param('accept.window');
  const { due } = rulebook.calendar.addWorkingDays(now, workingDays);
  const until = beijingDate(due);
  return { data: { ...input, workingDays, until }, parties: {}, subject: input.title, due, note: `${input.title}，申请截止${dayInWords(due)}` };
}

export const close = ({ input, actor }: Ctx<Batch, Input<typeof closeForm>>): Outcome<Batch> =>
  ({ ...(input.closing ? { set: { closing: input.closing } } : {}), note: actor.kind === 'system' ? '申请期届满' : '停止接受申请' });

/** A notice is for everybody: the enterprises it addresses, the providers who help them (5.7), the public. */
export const everybody = (): string[] =>
  (['enterprise', 'provider', 'citizen', 'intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency'] as const).map(roleTag);

const noticed = (after: Case<Batch>, { article }: Entry, effect: string, title: string, body: string): Effect =>
  ({ effect, kind: 'call', service: 'notices.publish', input: { kind: 'batch', title, body, article, subject: { kind: 'case', id: after.no, name: after.data.title } } });

const listed = (words: Record<string, string>, keys: readonly string[]): string => keys.map((key) => words[key]).join('；');

/** The public reads the notice, and the enterprises it concerns are told: delivered and not yet applied, or failed and to come again (12.4). */
export function announce(after: Case<Batch>, entry: Entry): Effect[] {
  const { title, notice, until, documents, conditions } = after.data;
  const body = [notice, `申请截止：${wordsOfDay(until)}`, `申报材料：${listed(DOCUMENTS, documents)}`, `验收条件：${listed(CONDITIONS, conditions)}`].join('\n');
  const invite = (effect: string, input: Concerned): Effect => ({ effect, kind: 'call', service: 'notify.invite', input: { ...input } });
  return [
    noticed(after, entry, 'notice', `验收通知：${title}`, body),
    invite('invite', { procedure: 'contract', party: 'enterprise', states: ['submitted', 'delivered'], unless: { procedure: 'acceptance', states: UNDER_WAY_OR_PASSED } }),
    invite('inviteAgain', { procedure: 'acceptance', party: 'enterprise', states: ['rectifying', 'rectified'] }),
  ];
}

/** Closed by hand before its day: the public learned of another end. The last day itself was announced. */
export const announceClose = (after: Case<Batch>, entry: Entry): Effect[] => (entry.by.role === 'system' ? [] : [
  noticed(after, entry, 'closed', `${after.data.title}停止接受申请`, ['本批次已停止接受申请，尚未申请的请在下一批次申请。', ...(after.data.closing ? [after.data.closing] : [])].join('\n')),
]);

import { roleTag, type Actor } from '../../kernel/actor';
import type { Case, Effect, Entry } from '../../kernel/case';
import type { Concerned } from '../../kernel/concerned';
import type { Values } from '../../kernel/fields';
import { dayInWords, wordsOfDay } from '../../kernel/numbers';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { beijingDate } from '../../rulebook/calendar';
import { CONDITIONS, DOCUMENTS } from '../acceptance-documents';
import type { closeForm, data, publishForm } from './forms';

/** Acceptances after which a contract needs no other. */
const UNDER_WAY_OR_PASSED = ['applied', 'supplementing', 'inspecting', 'assigning', 'confirming', 'rectifying', 'rectified', 'passed'];

export type Batch = Values<typeof data>;
type Input<F extends { parse(input: unknown): unknown }> = ReturnType<F['parse']>;

/** Those who serve the acceptance desk, and directors. */
export const servesAcceptance = (actor: Actor): boolean => actor.roles.includes('director') || actor.desks.includes('acceptance');
export const mayClose = (_: Case<Batch>, actor: Actor): boolean => servesAcceptance(actor);

/** 12.4 项目竣工验收通知: the notice names the papers, the conditions and the window; its end is the clock's end. */
export function publish({ input, now, rulebook }: BeginCtx<Input<typeof publishForm>>): Opening<Batch> {
  const workingDays = input.workingDays ?? rulebook.param('accept.window');
  const { due } = rulebook.calendar.addWorkingDays(now, workingDays);
  const until = beijingDate(due);
  return { data: { ...input, workingDays, until }, parties: {}, subject: input.title, due, note: `申请截止${dayInWords(due)}` };
}

/** Closed before the day it was published with: from now on its last day is today, and the day planned is kept beside it. */
export function close({ case: c, input, now }: Ctx<Batch, Input<typeof closeForm>>): Outcome<Batch> {
  const planned = c.data.until;
  return { set: { closing: input.closing, until: beijingDate(now), plannedUntil: planned }, note: `原定${wordsOfDay(planned)}截止。原因：${input.closing}` };
}

/** A notice is for everybody: the enterprises it addresses, the providers who help them (5.7), the public. */
export const everybody = (): string[] =>
  (['enterprise', 'provider', 'citizen', 'intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency'] as const).map(roleTag);

const noticed = (after: Case<Batch>, { article }: Entry, effect: string, title: string, body: string): Effect =>
  ({ effect, kind: 'call', service: 'notices.publish', input: { kind: 'batch', title, body, article, subject: { kind: 'case', id: after.no, name: after.data.title } } });

const listed = (words: Record<string, string>, keys: readonly string[]): string => keys.map((key, index) => `${index + 1}. ${words[key]}`).join('\n');

/** The public reads the notice, and the enterprises it concerns are told: delivered and not yet applied, or failed and to come again (12.4). */
export function announce(after: Case<Batch>, entry: Entry): Effect[] {
  const { title, notice, until, documents, conditions } = after.data;
  const body = [notice, `申请截止日期：${wordsOfDay(until)}。`, '申报材料：', listed(DOCUMENTS, documents), '验收条件：', listed(CONDITIONS, conditions)].join('\n');
  const invite = (effect: string, input: Concerned): Effect => ({ effect, kind: 'call', service: 'notify.invite', input: { ...input } });
  return [
    noticed(after, entry, 'notice', `验收通知：${title}`, body),
    invite('invite', { procedure: 'contract', party: 'enterprise', states: ['submitted', 'delivered'], unless: { procedure: 'acceptance', states: UNDER_WAY_OR_PASSED } }),
    invite('inviteAgain', { procedure: 'acceptance', party: 'enterprise', states: ['rectifying'] }),
    // 可顺延至下一批次: this is the next batch of those who wait for one.
    { effect: 'next', kind: 'each', procedure: 'acceptance', states: ['rectified'], move: 'nextBatch', input: { batch: after.no } },
  ];
}

/** The public learned of another end, and those who were to apply in this batch wait for the next. */
export const closedEarly = (after: Case<Batch>, entry: Entry): Effect[] => {
  const { title, until, plannedUntil, closing } = after.data;
  const body = `“${title}”原定受理申请至${wordsOfDay(plannedUntil!)}，现于${wordsOfDay(until)}提前截止。\n原因：${closing}\n尚未申请的，请在下一批次申请。`;
  return [
    noticed(after, entry, 'closed', `关于提前截止“${title}”申请的公告`, body),
    { effect: 'gone', kind: 'each', procedure: 'acceptance', states: ['rectified'], move: 'batchGone', input: { batch: after.no } },
  ];
};

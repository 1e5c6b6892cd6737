import { roleTag, type Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Values } from '../../kernel/fields';
import type { BeginCtx, Ctx, Opening, Outcome } from '../../kernel/procedure';
import { Refusal } from '../../kernel/refusal';
import { beijingDate } from '../../rulebook/calendar';
import type { closeForm, data, publishForm } from './forms';

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
  return { data: { ...input, workingDays, until }, parties: {}, due, note: `${input.title}，申请截止 ${until}` };
}

export const close = ({ input, actor }: Ctx<Batch, Input<typeof closeForm>>): Outcome<Batch> =>
  ({ ...(input.closing ? { set: { closing: input.closing } } : {}), note: actor.kind === 'system' ? '申请期届满' : '停止接受申请' });

/** A notice is for everybody: the enterprises it addresses, the providers who help them (5.7), the public. */
export const everybody = (): string[] =>
  (['enterprise', 'provider', 'citizen', 'intake', 'reviewer', 'director', 'supervisor', 'auditor', 'admin', 'county', 'expert', 'agency'] as const).map(roleTag);

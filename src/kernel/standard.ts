import { personTag } from './actor';
import { choice, form, line } from './fields';
import { shanghaiDay } from './numbers';
import { handler, system } from './policy';
import type { Ctx, Outcome, UnnamedMove } from './procedure';
import { recounted } from './recount';
import { Refusal } from './refusal';

/** The listed reasons for which a clock may stand still (design: deadlines). Shown to both sides with the clock. */
export const PAUSE_REASONS = {
  supplement: '等待当事人补充材料',
  expert: '委托专家评审或检测鉴定',
  otherAuthority: '等待其他机关的处理结果',
  forceMajeure: '不可抗力',
} as const;

const STANDARD = new Set(['pause', 'resume', 'recuse', 'recount']);
export const isStandard = (move: string): boolean => STANDARD.has(move);

const pauseForm = form({ reason: choice('中止原因', PAUSE_REASONS) });
const recuseForm = form({ reason: line('回避原因', { max: 200, hint: '如与当事人有亲属、任职、经济等利害关系' }) });

type Stay = Omit<UnnamedMove, 'to' | 'from' | 'article' | 'tells' | 'discloses' | 'confirm' | 'stays'> & { from: readonly string[]; tells?: readonly string[] };

interface Standing { deskStates: readonly string[]; timedStates: readonly string[]; parties: readonly string[] }

/**
 * Moves every procedure has. With a desk: the handler stops and restarts the clock for a listed reason, or steps aside. With a
 * deadline: the product counts it anew when a year's holidays are published.
 */
export function standardMoves({ deskStates, timedStates, parties }: Standing, finish: (move: Stay) => UnnamedMove): Record<string, UnnamedMove> {
  return { ...(timedStates.length > 0 ? { recount: finish(recountMove(timedStates, parties)) } : {}), ...deskMoves(deskStates, finish) };
}

const recountMove = (from: readonly string[], parties: readonly string[]): Stay => ({
  title: '按公布的节假日安排重新计算时限', from, by: system(), form: form({}), tells: [...parties, 'desk'],
  when: (c) => Boolean(c.clock?.provisional),
  decide: ({ case: c, now, rulebook }: Ctx<unknown, object>): Outcome<unknown> => {
    const day = shanghaiDay(recounted(c.clock!, { now, rulebook }).due);
    return { clock: 'recount', note: `办理时限由${shanghaiDay(c.clock!.due)}调整为${day}` };
  },
});

function deskMoves(deskStates: readonly string[], finish: (move: Stay) => UnnamedMove): Record<string, UnnamedMove> {
  if (deskStates.length === 0) return {};
  return {
    pause: finish({
      title: '中止计时', from: deskStates, by: handler(), form: pauseForm,
      when: (c) => Boolean(c.clock && !c.clock.pausedAt),
      decide: ({ input }: Ctx<unknown, { reason: keyof typeof PAUSE_REASONS }>): Outcome<unknown> =>
        ({ clock: 'pause', pauseReason: PAUSE_REASONS[input.reason], note: PAUSE_REASONS[input.reason] }),
    }),
    resume: finish({
      title: '恢复计时', from: deskStates, by: handler(), form: form({}),
      when: (c) => Boolean(c.clock?.pausedAt),
      decide: (): Outcome<unknown> => ({ clock: 'resume' }),
    }),
    recuse: finish({
      title: '申请回避', from: deskStates, by: handler(), form: recuseForm,
      decide: ({ actor, case: c }: Ctx<unknown, { reason: string }>): Outcome<unknown> => {
        if (c.barred.includes(personTag(actor.person))) throw new Refusal('CONFLICT');
        return { barred: [personTag(actor.person)] };
      },
    }),
  };
}

import { personTag } from './actor';
import type { Case } from './case';
import { choice, form, longText } from './fields';
import { shanghaiDay } from './numbers';
import { handler, staff, system } from './policy';
import type { Ctx, Outcome, UnnamedMove } from './procedure';
import { recounted } from './recount';
import { Refusal } from './refusal';
import type { ArticleNo } from '../rulebook/rulebook';

/** The listed reasons for which a clock may stand still (design: deadlines). Shown to both sides with the clock. */
export const PAUSE_REASONS = {
  supplement: '等待当事人补充材料',
  expert: '委托专家评审或检测鉴定',
  otherAuthority: '等待其他机关的处理结果',
  forceMajeure: '不可抗力',
} as const;

/** 暂缓销毁: set and lifted by a director, with a reason; the bureau's own matter, of which parties see nothing. */
const KEEP = 'keepRecords';
const RELEASE = 'releaseRecords';
/** Lines that only staff see, whatever their reader's timeline says. */
export const isBureauOnly = (move: string): boolean => move === KEEP || move === RELEASE;
/** Whether the records of a case must not be erased now: its last such line says so. */
export const isKept = (c: Pick<Case, 'timeline'>): boolean => c.timeline.findLast(({ move }) => isBureauOnly(move))?.move === KEEP;

export const RECOUNT = 'recount';
const STANDARD = new Set(['pause', 'resume', 'recuse', RECOUNT, KEEP, RELEASE]);
export const isStandard = (move: string): boolean => STANDARD.has(move);

const pauseForm = form({ reason: choice('中止原因', PAUSE_REASONS) });
const keepForm = form({ reason: longText('暂缓销毁的原因', { min: 5, max: 200, hint: '如涉及诉讼、复议、审计或调查；请勿填写个人信息' }) });
const releaseForm = form({ reason: longText('解除暂缓的原因', { min: 5, max: 200, hint: '请勿填写个人信息' }) });
const recuseForm = form({ reason: longText('回避原因', { max: 200, hint: '如与当事人有亲属、任职、经济等利害关系' }) });

/** The measures say nothing of these; they belong to the daily management that 第四条（六） gives the bureau. */
const ARTICLE = '4.6';

type Stay = Omit<UnnamedMove, 'to' | 'from' | 'article' | 'tells' | 'discloses' | 'confirm' | 'stays'> & { from: readonly string[]; tells?: readonly string[]; confirm?: true };

interface Standing { states: readonly string[]; deskStates: readonly string[]; timedStates: readonly string[]; parties: readonly string[] }

/**
 * Moves every procedure has. With a desk: the handler stops and restarts the clock for a listed reason, or steps aside. With a
 * deadline: the product counts it anew when a year's holidays are published. In every state: its records are kept from erasure.
 */
export function standardMoves({ states, deskStates, timedStates, parties }: Standing, make: (move: Stay & { article: ArticleNo }) => UnnamedMove): Record<string, UnnamedMove> {
  const finish = (move: Stay): UnnamedMove => make({ ...move, article: ARTICLE });
  return { ...keepMoves(states, finish), ...(timedStates.length > 0 ? { [RECOUNT]: finish(recountMove(timedStates, parties)) } : {}), ...deskMoves(deskStates, parties, finish) };
}

/** As long as a dispute, an audit or an inquiry by others needs them, records outlive their period (个人信息保护法第四十七条第二款). */
const keepMoves = (from: readonly string[], finish: (move: Stay) => UnnamedMove): Record<string, UnnamedMove> => {
  const noted = ({ input }: Ctx<unknown, { reason: string }>): Outcome<unknown> => ({ note: input.reason });
  return {
    [KEEP]: finish({ title: '暂缓销毁材料', from, by: staff('director'), form: keepForm, when: (c) => !isKept(c), decide: noted, follows: '保存期满后也不销毁本案材料，直到负责人解除；只有工信局内部可见。' }),
    [RELEASE]: finish({ title: '解除暂缓销毁', from, by: staff('director'), form: releaseForm, when: isKept, decide: noted, follows: '本案材料恢复按保存期限销毁；期限已过的，将随即销毁。' }),
  };
};

const recountMove = (from: readonly string[], parties: readonly string[]): Stay => ({
  title: '按公布的节假日安排重新计算时限', from, by: system(), form: form({}), tells: [...parties, 'desk'],
  when: (c) => Boolean(c.clock?.provisional),
  decide: ({ case: c, now, rulebook }: Ctx<unknown, object>): Outcome<unknown> => {
    const day = shanghaiDay(recounted(c.clock!, { now, rulebook }).due);
    return { clock: 'recount', note: `办理时限由${shanghaiDay(c.clock!.due)}调整为${day}` };
  },
});

function deskMoves(deskStates: readonly string[], parties: readonly string[], finish: (move: Stay) => UnnamedMove): Record<string, UnnamedMove> {
  if (deskStates.length === 0) return {};
  return {
    pause: finish({
      title: '中止计时', from: deskStates, by: handler(), form: pauseForm, tells: [...parties],
      follows: '时限自现在起停止计算，恢复后顺延；原因会告知可查看本案的当事人。事由消除后，请由您恢复计时。',
      when: (c) => Boolean(c.clock && !c.clock.pausedAt),
      decide: ({ input }: Ctx<unknown, { reason: keyof typeof PAUSE_REASONS }>): Outcome<unknown> =>
        ({ clock: 'pause', pauseReason: PAUSE_REASONS[input.reason], note: PAUSE_REASONS[input.reason] }),
    }),
    resume: finish({
      title: '恢复计时', from: deskStates, by: handler(), form: form({}), tells: [...parties],
      when: (c) => Boolean(c.clock?.pausedAt),
      decide: (): Outcome<unknown> => ({ clock: 'resume' }),
    }),
    recuse: finish({
      title: '回避本案', from: deskStates, by: handler(), form: recuseForm, confirm: true,
      follows: '提交后您不能再查看和办理本案，本案退回队列由他人办理。回避原因只有工信局内部可见。',
      decide: ({ actor, case: c, input }: Ctx<unknown, { reason: string }>): Outcome<unknown> => {
        if (c.barred.includes(personTag(actor.person))) throw new Refusal('CONFLICT');
        return { barred: [personTag(actor.person)], bureauNote: input.reason };
      },
    }),
  };
}

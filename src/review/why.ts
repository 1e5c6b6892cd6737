import { deskOf } from './desks';
import type { Steps } from './places';

/** The filters in words: what each number of people is left of. */
export const STEP_TITLES: Readonly<Record<keyof Steps | 'capacity', string>> = {
  desk: '本队列人员', region: '辖区相符', skill: '专业相符', duty: '在岗', recusal: '无须回避', capacity: '未达在办上限',
};

const listed = (steps: Steps, free: number | null): string =>
  [...Object.entries(steps), ...(free === null ? [] : [['capacity', free] as const])]
    .map(([step, left]) => `${STEP_TITLES[step as keyof typeof STEP_TITLES]} ${left} 人`).join('，');

/** Why this reviewer: written on the case when the task is claimed. */
export function whyClaimed(desk: string, { from, steps, load, free }: { from: string; steps?: Steps; load: number | null; free: number | null }): string {
  const title = deskOf(desk).title;
  if (from !== 'offer' || !steps) return `本人从“${title}”队列领取。`;
  const why = (free ?? steps.recusal) === 1 ? '符合条件的只有本人' : `派单时本人在办 ${load ?? 0} 件，在其中最少，空闲最久`;
  return `“${title}”队列派单：${listed(steps, free)}；${why}。`;
}

/** Why nobody yet: the first filter that left nobody, or that all are busy or have let the offer pass. */
export function whyWaiting(desk: string, steps: Steps | undefined, free: number | null): string {
  const { title, mode } = deskOf(desk);
  if (mode === 'pool') return `“${title}”队列由在岗人员自行领取。`;
  if (!steps) return `在“${title}”队列待领取。`;
  const empty = (Object.keys(steps) as (keyof Steps)[]).find((step) => steps[step] === 0);
  const reason = empty ? `没有符合“${STEP_TITLES[empty]}”条件的人员` : free === 0 ? '合适人员均已达在办上限' : '合适人员未在派单时限内领取';
  return `在“${title}”队列待领取：${reason}（${listed(steps, free)}）。`;
}

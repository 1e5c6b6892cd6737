import { yuan } from '../../kernel/fields';
import { wordsOfDay } from '../../kernel/numbers';
import type { Fault } from '../../kernel/refusal';
import type { reviseForm } from './forms';

type Draft = ReturnType<(typeof reviseForm)['parse']>;
type Text = Pick<Draft, 'amountFen' | 'split' | 'milestones' | 'start' | 'finish'>;

/** An approved plan as the contract copies it. Money in fen, days 'YYYY-MM-DD'. */
export interface FiledPlan {
  hash: string;
  totalFen: number;
  split: Draft['split'];
  targetGrade: number;
  start: string;
  finish: string;
}

/** What is paid: the whole less what the provider gives up (服务商让一点, 7). */
export const payableFen = ({ amountFen, split }: Pick<Text, 'amountFen' | 'split'>): number => amountFen - split.providerConcessionFen;

const SHARES = { enterpriseFen: '企业承担', providerConcessionFen: '服务商让利', governmentFen: '政府补助' } as const;

/** Where a text departs from the plan that was filed, all faults at once: 按照通过备案审核的改造方案签订 (12.3). */
export function textFaults(text: Text, plan: FiledPlan, earliestStart: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (text.amountFen !== plan.totalFen) fault('amountFen', `合同金额应与通过备案的方案一致：${yuan(plan.totalFen)}`);
  for (const [share, name] of Object.entries(SHARES) as [keyof typeof SHARES, string][]) {
    if (text.split[share] !== plan.split[share]) fault(`split.${share}`, `${name}应与通过备案的方案一致：${yuan(plan.split[share])}`);
  }
  const [sum, payable] = [text.milestones.reduce((all, { amountFen }) => all + amountFen, 0), payableFen(text)];
  if (sum !== payable) fault('milestones', `付款节点合计 ${yuan(sum)}，应为合同金额减去服务商让利：${yuan(payable)}`);
  if (text.start < earliestStart) fault('start', `开工日期不能早于${wordsOfDay(earliestStart)}：签订合同后、在备案的实施时间内开工`);
  if (text.finish <= text.start) fault('finish', '完成日期应晚于开工日期');
  else if (text.finish > plan.finish) fault('finish', `完成日期不能晚于备案的${wordsOfDay(plan.finish)}；需要延期的，请先变更方案`);
  return faults;
}

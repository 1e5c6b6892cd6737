import type { FieldDescription } from '../services/types';
import type { Faults, Values } from '../forms/model';

/** The survey as it is called on the form (第十四条); a test holds it against the server's. */
export const OVERALL: Readonly<Record<string, string>> = { very_satisfied: '非常满意', satisfied: '满意', fair: '基本满意', dissatisfied: '不满意' };
export const SCALE: Readonly<Record<number, string>> = { 1: '很差', 2: '较差', 3: '一般', 4: '较好', 5: '很好' };
export const ITEMS: Readonly<Record<string, string>> = {
  diagnosis: '诊断是否客观，问题与需求清单是否准确', plan_fit: '方案是否符合企业实际', delivery: '交付内容与合同是否一致', schedule: '实施进度', team: '人员能力与现场响应',
  training: '培训与售后', price: '价格合理、清单透明、无捆绑', effect: '改造成效', conduct: '廉洁守法，无提前收费、转包', documents: '协助整理上报材料',
};
const FULL = 5;

export const stars = (score: number): string => '★'.repeat(score) + '☆'.repeat(FULL - score);

/** One item to be scored: five stars, whatever their number said by its word. */
export interface Scored { name: string; label: string; score: number; word: string; stars: { score: number; word: string; on: boolean }[] }

export const scored = (fields: readonly FieldDescription[], items: Values): Scored[] => fields.map(({ name, label, options = [] }) => {
  const score = typeof items[name] === 'number' ? items[name] : 0;
  return {
    name, label, score, word: options.find(({ value }) => value === score)?.label ?? '',
    stars: options.map((option) => ({ score: Number(option.value), word: option.label, on: Number(option.value) <= score })).sort((a, b) => a.score - b.score),
  };
});

/** All items given one score: as quick for 很差 as for 很好. */
export const allAt = (fields: readonly FieldDescription[], score: number): Values => Object.fromEntries(fields.map(({ name }) => [name, score]));

/** What is still missing, in one sentence. */
export function missingWords(faults: Faults): string {
  const items = Object.keys(faults).filter((path) => path.startsWith('items')).length;
  return faults[''] ?? (faults['overall'] ? '请先选择总体评价' : items > 0 ? `还有 ${items} 项没有评分` : Object.values(faults)[0] ?? '');
}

interface Opinion { overall: string; items: Record<string, number>; comment?: string }
export interface RatingReading {
  overall: string;
  rows: { label: string; stars: string; word: string }[];
  comment: string;
  /** What this means and what comes next, in sentences. */
  notes: string[];
}

const readOpinion = ({ overall, items, comment = '' }: Opinion): Omit<RatingReading, 'notes'> => ({
  overall: OVERALL[overall] ?? '',
  rows: Object.entries(ITEMS).flatMap(([name, label]) => (items[name] ? [{ label, stars: stars(items[name]), word: SCALE[items[name]] ?? '' }] : [])), comment,
});

/** The enterprise's own rating: the last one given counts, and is sealed until the window closes. Null where none was given. */
export function ownRating(data: Values, isClosed: boolean): RatingReading | null {
  const ballots = (data['ballots'] ?? []) as Opinion[];
  const last = (data['result'] as Opinion | undefined) ?? ballots[ballots.length - 1];
  if (!last) return null;
  return {
    ...readOpinion(last),
    notes: [
      isClosed ? '评价期已结束，以上结果已计入。' : '评价期结束前一直密封，服务商和工信局都看不到；您可以随时修改，以最后一次为准。',
      ...(data['excluded'] ? [`服务商的异议成立，这次评价不计入评级：${String(data['excluded'])}`] : []),
    ],
  };
}

/** What the provider is told once the window has closed. */
export function toldRating(data: Values): RatingReading {
  if (!data['rated']) return { overall: '企业未评价', rows: [], comment: '', notes: ['评价期内企业没有评价，不计入满意度。'] };
  return {
    ...readOpinion(data as unknown as Opinion),
    notes: [
      '企业的补充说明、评价人和评价时间不向服务商显示。',
      ...(data['warningGround'] ? ['通过验收但评价为“不满意”，属于警告情形（第十五条（四））。有异议的，可以在期限内提出（第十七条（二）），须写明事项、理由和目的，并附佐证材料。'] : []),
    ],
  };
}

import type { Differences } from '../../procedures/plan/differences';
import type { Item, MaterialReason, Version } from '../../procedures/plan/forms';
import { memberWord, valueWord } from '../../procedures/structure-words';
import { money } from '../format';

/** As the server tells of a plan: what its latest version changes, and whether that has to be filed anew (12.3). */
export type Changes = Differences & { from: number; to: number };
export interface Refiling { material: boolean; reasons: MaterialReason[] }

export interface Line { what: string; from: string; to: string; by?: string }

const SHARES: [keyof Differences['money'], string][] = [['totalFen', '总金额'], ['enterpriseFen', '企业承担'], ['providerConcessionFen', '服务商让利'], ['governmentFen', '政府补助']];
const OTHERS: Record<Differences['others'][number], string> = { effects: '预期成效', providerDuties: '服务商的权利义务', enterpriseDuties: '企业的权利义务', unmet: '未纳入的需求', attachments: '附件' };

const costOf = ({ unitPriceFen, quantity }: Item): string => money(unitPriceFen * quantity);
const byMoney = (fen: number): string => `${fen > 0 ? '增加' : '减少'} ${money(Math.abs(fen))}`;
const byDays = (days: number): string => (days > 0 ? `推迟 ${days} 天` : `提前 ${-days} 天`);

function inWords(member: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => valueWord(member, one as string) ?? String(one)).join('、') || '无';
  if (typeof value === 'number' && member.endsWith('Fen')) return money(value);
  return valueWord(member, value as string) ?? String(value);
}

function effectsIn(content: Version['content'] | undefined, name: Differences['others'][number]): string {
  const value = content?.[name];
  if (value === undefined) return '无';
  if (typeof value === 'string') return value;
  return value.map((one) => (typeof one === 'string' ? '' : 'indicator' in one ? `${one.indicator}：${one.before} → ${one.after}` : `${valueWord('scenario', one.scenario)}：${one.reason}`)).filter(Boolean).join('\n') || `${value.length} 份`;
}

/** Line by line; the versions themselves are read where the server only says that a part reads differently. */
export function linesOf({ money: sums, items, scenarios, targetGrade, schedule, others, from, to }: Changes, versions: readonly Version[]): Line[] {
  const contentOf = (no: number): Version['content'] | undefined => versions.find((one) => one.no === no)?.content;
  const [before, after] = [contentOf(from), contentOf(to)];
  return [
    ...SHARES.flatMap(([name, what]): Line[] => (sums[name] ? [{ what, from: money(sums[name].from), to: money(sums[name].to), by: byMoney(sums[name].to - sums[name].from) }] : [])),
    ...items.added.map((item): Line => ({ what: `新增 ${item.name}`, from: '—', to: `${item.product}，${costOf(item)}` })),
    ...items.removed.map((item): Line => ({ what: `减去 ${item.name}`, from: `${item.product}，${costOf(item)}`, to: '—' })),
    ...items.changed.flatMap(({ name, fields }) => fields.map((field): Line => ({ what: `${name}　${memberWord(field.field, 'plan-versions') ?? ''}`, from: inWords(field.field, field.from), to: inWords(field.field, field.to) }))),
    ...(scenarios.added.length > 0 ? [{ what: '新增覆盖场景', from: '—', to: inWords('scenarios', scenarios.added) }] : []),
    ...(scenarios.removed.length > 0 ? [{ what: '不再覆盖场景', from: inWords('scenarios', scenarios.removed), to: '—' }] : []),
    ...(targetGrade ? [{ what: '目标等级', from: inWords('targetGrade', targetGrade.from), to: inWords('targetGrade', targetGrade.to) }] : []),
    ...([['start', '开工日期'], ['finish', '完成日期']] as const).flatMap(([name, what]): Line[] => (schedule[name] ? [{ what, from: schedule[name].from, to: schedule[name].to, by: byDays(schedule[name].days) }] : [])),
    ...others.map((name): Line => ({ what: OTHERS[name], from: effectsIn(before, name), to: effectsIn(after, name) })),
  ];
}

import type { Values } from '../forms/model';
import { gradeName, scenarioName } from './described';
import { fenToYuan } from './format';

/** A plan as it is drafted on the phone: anything may still be missing, or be text that is no amount yet. Money is fen. */
export interface Need { scenario: string; need: string; targetLevel: number }
interface DraftItem { name?: unknown; scenarios?: unknown; unitPriceFen?: unknown; quantity?: unknown }
interface Unmet { scenario: string; reason: string }

export const SHARES = { enterpriseFen: '企业承担', providerConcessionFen: '服务商让利', governmentFen: '政府补助' } as const;
export type Share = keyof typeof SHARES;
const SHARE_NAMES = Object.keys(SHARES) as Share[];

const itemsOf = (values: Values): DraftItem[] => (Array.isArray(values['items']) ? values['items'] as DraftItem[] : []);
const isNumber = (value: unknown): value is number => typeof value === 'number';
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Unit price times quantity; null until both are there. */
export const amountOf = ({ unitPriceFen, quantity }: DraftItem): number | null =>
  (isNumber(unitPriceFen) && isNumber(quantity) ? unitPriceFen * quantity : null);

/** In percent of the whole, one decimal at most: 62.5%. */
export const shareOf = (fen: number, totalFen: number): string => (totalFen > 0 ? `${Math.round((fen / totalFen) * 1000) / 10}%` : '');

/** 企业出一点、服务商让一点、政府补一点 (7): what the items cost, and whether the three shares make exactly that. */
export interface Ledger {
  /** Of each item, null where price or quantity is not there yet. */
  amounts: (number | null)[];
  totalFen: number;
  splitFen: number;
  state: 'empty' | 'short' | 'over' | 'even';
  /** What is missing or too much, in words. */
  words: string;
  percents: Record<Share, string>;
}

export function ledgerOf(values: Values): Ledger {
  const amounts = itemsOf(values).map(amountOf);
  const totalFen = amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0);
  const split = (values['split'] ?? {}) as Partial<Record<Share, unknown>>;
  const given = SHARE_NAMES.filter((name) => isNumber(split[name]));
  const splitFen = given.reduce((sum, name) => sum + (split[name] as number), 0);
  const percents = Object.fromEntries(SHARE_NAMES.map((name) => [name, isNumber(split[name]) ? shareOf(split[name], totalFen) : ''])) as Record<Share, string>;
  const difference = splitFen - totalFen;
  const open = SHARE_NAMES.filter((name) => !given.includes(name)).map((name) => SHARES[name]);
  const unknown = amounts.filter((amount) => amount === null).length;
  const state = amounts.length === 0 || totalFen === 0 ? 'empty' : difference < 0 || (difference === 0 && open.length > 0) ? 'short' : difference > 0 ? 'over' : 'even';
  const words = state === 'empty' ? '填好单价和数量后在此核对'
    : difference < 0 ? `三方分担还差 ${fenToYuan(-difference)} 元${open.length > 0 ? `（${open.join('、')}未填）` : ''}`
      : difference > 0 ? `三方分担多出 ${fenToYuan(difference)} 元`
        : open.length > 0 ? `请填写${open.join('、')}，没有的填 0` : '三方分担合计等于清单合计';
  return { amounts, totalFen, splitFen, state, words: unknown > 0 && state !== 'empty' ? `${words}；另有 ${unknown} 项未定价` : words, percents };
}

/** The shares with one of them taking what the others leave; null where the others are too much already. */
export function withRest(values: Values, share: Share): number | null {
  const { totalFen } = ledgerOf(values);
  const split = (values['split'] ?? {}) as Partial<Record<Share, unknown>>;
  const others = SHARE_NAMES.filter((name) => name !== share).reduce((sum, name) => sum + (isNumber(split[name]) ? split[name] : 0), 0);
  return totalFen > 0 && others <= totalFen ? totalFen - others : null;
}

/** What becomes of each scenario that the diagnosis named: the items that cover it, or why not. */
export interface Covered { scenario: string; label: string; need: string; level: string; by: string; reason: string; state: 'covered' | 'explained' | 'open' }
export interface Coverage { needs: Covered[]; beyond: string; open: number }

export function coverageOf(values: Values, needs: readonly Need[]): Coverage {
  const items = itemsOf(values);
  const covers = (item: DraftItem, scenario: string): boolean => Array.isArray(item.scenarios) && item.scenarios.includes(scenario);
  const unmet = (values['unmet'] ?? []) as Unmet[];
  const rows = needs.map(({ scenario, need, targetLevel }): Covered => {
    const by = items.flatMap((item, index) => (covers(item, scenario) ? [text(item.name) || `第 ${index + 1} 项`] : [])).join('、');
    const reason = unmet.find((one) => one.scenario === scenario)?.reason ?? '';
    return { scenario, label: scenarioName(scenario), need, level: gradeName(targetLevel), by, reason, state: by ? 'covered' : text(reason).length >= 5 ? 'explained' : 'open' };
  });
  const named = new Set(needs.map(({ scenario }) => scenario));
  const beyond = [...new Set(items.flatMap(({ scenarios }) => (Array.isArray(scenarios) ? scenarios as string[] : [])))].filter((key) => !named.has(key));
  return { needs: rows, beyond: beyond.map(scenarioName).join('、'), open: rows.filter(({ state }) => state === 'open').length };
}

/** The reason for one scenario written down, or taken back with an empty text. */
export const withReason = (values: Values, scenario: string, reason: string): Values => {
  const others = ((values['unmet'] ?? []) as Unmet[]).filter((one) => one.scenario !== scenario);
  return { ...values, unmet: reason === '' ? others : [...others, { scenario, reason }] };
};

/** Reasons are only given for what the items leave out; one written before an item covered its scenario is left aside. */
export function withoutNeedlessReasons(values: Values, needs: readonly Need[]): Values {
  const open = new Set(coverageOf(values, needs).needs.filter(({ by }) => by === '').map(({ scenario }) => scenario));
  const unmet = ((values['unmet'] ?? []) as Unmet[]).filter(({ scenario, reason }) => open.has(scenario) && text(reason) !== '');
  return { ...values, unmet };
}

/** What is still missing before the plan can go to the enterprise, each with the section it belongs to. The server checks all of it again, and more. */
export interface Gap { section: string; words: string }

export function gapsOf(values: Values, { needs, gradeBefore }: { needs: readonly Need[]; gradeBefore: number }): Gap[] {
  const gaps: Gap[] = [];
  const gap = (section: string, words: string) => gaps.push({ section, words });
  const ledger = ledgerOf(values);
  const coverage = coverageOf(values, needs);
  const list = (name: string): unknown[] => (Array.isArray(values[name]) ? values[name] as unknown[] : []);
  if (ledger.amounts.length === 0) gap('items', '改造清单');
  else if (ledger.amounts.includes(null)) gap('items', `${ledger.amounts.filter((amount) => amount === null).length} 项的单价或数量`);
  if (ledger.state === 'short' || ledger.state === 'over') gap('split', ledger.words.split('；')[0]!);
  else if (ledger.state === 'empty' && ledger.amounts.length > 0 && !ledger.amounts.includes(null)) gap('items', '清单合计不能为 0');
  else if (ledger.state === 'empty') gap('split', '费用分担');
  if (coverage.open > 0) gap('scenarios', `${coverage.open} 个场景的覆盖或说明`);
  const grade = values['targetGrade'];
  if (!isNumber(grade)) gap('target', '目标等级');
  else if (grade <= gradeBefore) gap('target', '目标等级应高于改造前');
  if (list('effects').length === 0) gap('effects', '预期成效');
  const [start, finish] = [text(values['start']), text(values['finish'])];
  if (!start || !finish) gap('schedule', '实施时间');
  else if (finish <= start) gap('schedule', '完成日期应晚于开工日期');
  if (text(values['providerDuties']).length < 10 || text(values['enterpriseDuties']).length < 10) gap('duties', '双方权利义务');
  return gaps;
}

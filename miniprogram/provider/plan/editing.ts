import { faultsByPath, isEmpty, toInput, type Faults, type Values } from '../../forms/model';
import type { Fault, FieldDescription } from '../../services/types';
import { dayInWords, fenToYuan } from '../../utils/format';
import { coverageOf, gapsOf, ledgerOf, SHARES, withoutNeedlessReasons, type Coverage, type Gap, type Ledger, type Share } from '../../utils/plan';
import { daysIn, type PlanData } from '../../utils/plan-reading';

/** What the editor shows beside the fields; computed anew at every key. */
export interface Summary {
  ledger: Ledger;
  total: string;
  rows: { title: string; amount: string; note: string }[];
  coverage: Coverage;
  gaps: Gap[];
  days: string;
}

export function summaryOf(values: Values, { needs, gradeBefore }: Pick<PlanData, 'needs' | 'gradeBefore'>): Summary {
  const ledger = ledgerOf(values);
  const items = (values['items'] ?? []) as { name?: unknown; unitPriceFen?: unknown; quantity?: unknown; scenarios?: unknown[] }[];
  const [start, finish] = [values['start'], values['finish']];
  return {
    ledger, total: fenToYuan(ledger.totalFen), coverage: coverageOf(values, needs), gaps: gapsOf(values, { needs, gradeBefore }),
    rows: items.map(({ name, unitPriceFen, quantity, scenarios }, index) => ({
      title: typeof name === 'string' && name.trim() !== '' ? name : `第 ${index + 1} 项`,
      amount: ledger.amounts[index] === null ? '未定价' : fenToYuan(ledger.amounts[index]!),
      note: [
        ...(typeof unitPriceFen === 'number' && typeof quantity === 'number' ? [`${fenToYuan(unitPriceFen)} × ${quantity}`] : []),
        ...(scenarios && scenarios.length > 0 ? [`覆盖 ${scenarios.length} 个场景`] : []),
      ].join(' · '),
    })),
    days: typeof start === 'string' && typeof finish === 'string' && finish > start ? `共 ${daysIn(start, finish)} 天` : '',
  };
}

/** What is saved: the draft as a whole, so that what was emptied here is emptied there (null); reasons only where they are needed. */
export function toSave(fields: readonly FieldDescription[], values: Values, needs: PlanData['needs']): Values {
  const input = toInput(fields, withoutNeedlessReasons(values, needs));
  return Object.fromEntries(fields.map(({ name }) => [name, isEmpty(input[name]) ? null : input[name]]));
}

/** Shares as they stand in their fields: typed text stays as typed. */
export const shareTexts = (values: Values): Record<Share, string> => {
  const split = (values['split'] ?? {}) as Partial<Record<Share, unknown>>;
  return Object.fromEntries((Object.keys(SHARES) as Share[]).map((share) => {
    const value = split[share];
    return [share, typeof value === 'number' ? fenToYuan(value).replace(/\.00$/, '').replace(/,/g, '') : String(value ?? '')];
  })) as Record<Share, string>;
};

/** Faults at the place on the page they belong to: one about a reason stands at its scenario. */
export function placed(fields: readonly FieldDescription[], faults: readonly Fault[], sent: Values): Faults {
  const unmet = (sent['unmet'] ?? []) as { scenario: string }[];
  return Object.fromEntries(Object.entries(faultsByPath(fields, faults)).map(([path, message]) => {
    const at = /^unmet\.(\d+)\./.exec(path);
    return [at ? `unmet.${unmet[Number(at[1])]?.scenario ?? ''}` : path, message];
  }));
}

const SECTION_OF: Record<string, string> = {
  items: 'items', split: 'split', unmet: 'scenarios', targetGrade: 'target', effects: 'effects', start: 'schedule', finish: 'schedule',
  providerDuties: 'duties', enterpriseDuties: 'duties', attachments: 'attachments', reason: 'reason',
};
export const sectionOf = (path: string): string => SECTION_OF[path.split('.')[0] ?? ''] ?? '';

/** What the other side or the bureau last asked for: it stands above the editor until the plan goes out again. */
export function askedOf({ remarks = [], missing = [], decisions = [] }: PlanData, state: string): { title: string; text: string } | null {
  const remark = remarks[remarks.length - 1];
  const decision = decisions[decisions.length - 1];
  if (state === 'supplementing') return { title: '工信局请贵单位一次补正', text: missing.map((one, index) => `${index + 1}. ${one}`).join('\n') };
  if (state === 'returned' && decision) return { title: `工信局${decision.result}（${dayInWords(decision.on)}）`, text: decision.reasons ?? '' };
  if (state === 'drafting' && remark) return { title: `企业对第 ${remark.version} 版的意见（${dayInWords(remark.on)}）`, text: remark.text };
  return null;
}


/** From where on more money, or a later end, is filed anew (12.3). */
export const limitsOf = ({ refilingLimits: limits }: PlanData): string =>
  (limits ? `投资增加超过 ${limits.investmentPercent}%、完成时间推迟超过 ${limits.delayDays} 天` : '投资增加、明显推迟');

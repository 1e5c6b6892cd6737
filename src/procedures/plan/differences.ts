import { canonical } from '../../kernel/chain';
import type { ScenarioKey } from '../../rulebook/metrics';
import { amountFen } from './content';
import type { Item, Version } from './forms';

export interface FromTo<T> { from: T; to: T }
export interface ItemChange { name: string; fields: { field: keyof Item; from: Item[keyof Item]; to: Item[keyof Item] }[]; amountFen: FromTo<number> | null }

/** What a later version changes; null or empty where nothing does. Items are the same when they bear the same name. */
export interface Differences {
  same: boolean;
  items: { added: Item[]; removed: Item[]; changed: ItemChange[] };
  money: {
    totalFen: FromTo<number> | null;
    enterpriseFen: FromTo<number> | null;
    providerConcessionFen: FromTo<number> | null;
    governmentFen: FromTo<number> | null;
  };
  scenarios: { added: ScenarioKey[]; removed: ScenarioKey[] };
  targetGrade: FromTo<number> | null;
  /** `days`: natural days later; negative for earlier. */
  schedule: { start: (FromTo<string> & { days: number }) | null; finish: (FromTo<string> & { days: number }) | null };
  /** Other parts that read differently: effects, rights and duties, explanations, attachments. */
  others: ('effects' | 'providerDuties' | 'enterpriseDuties' | 'unmet' | 'attachments')[];
}

const DAY = 86_400_000;
export const daysBetween = (from: string, to: string): number => (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY;
const equal = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);
const fromTo = <T>(from: T, to: T): FromTo<T> | null => (from === to ? null : { from, to });
const moved = (from: string, to: string) => (from === to ? null : { from, to, days: daysBetween(from, to) });

const ITEM_FIELDS = ['kind', 'product', 'function', 'purpose', 'scenarios', 'unitPriceFen', 'quantity'] as const;
function itemChange(before: Item, after: Item): ItemChange | null {
  const fields = ITEM_FIELDS.filter((field) => !equal(before[field], after[field])).map((field) => ({ field, from: before[field], to: after[field] }));
  return fields.length === 0 ? null : { name: after.name, fields, amountFen: fromTo(amountFen(before), amountFen(after)) };
}

const named = (items: readonly Item[], name: string): Item | undefined => items.find((item) => item.name === name);

export function differences(a: Version, b: Version): Differences {
  const [before, after] = [a.content, b.content];
  return {
    same: a.hash === b.hash,
    items: {
      added: after.items.filter(({ name }) => !named(before.items, name)),
      removed: before.items.filter(({ name }) => !named(after.items, name)),
      changed: after.items.flatMap((item) => {
        const earlier = named(before.items, item.name);
        return (earlier && itemChange(earlier, item)) ?? [];
      }),
    },
    money: {
      totalFen: fromTo(a.totalFen, b.totalFen),
      enterpriseFen: fromTo(before.split.enterpriseFen, after.split.enterpriseFen),
      providerConcessionFen: fromTo(before.split.providerConcessionFen, after.split.providerConcessionFen),
      governmentFen: fromTo(before.split.governmentFen, after.split.governmentFen),
    },
    scenarios: {
      added: b.scenarios.filter((key) => !a.scenarios.includes(key)),
      removed: a.scenarios.filter((key) => !b.scenarios.includes(key)),
    },
    targetGrade: fromTo(before.targetGrade, after.targetGrade),
    schedule: { start: moved(before.start, after.start), finish: moved(before.finish, after.finish) },
    others: (['effects', 'providerDuties', 'enterpriseDuties', 'unmet', 'attachments'] as const).filter((name) => !equal(before[name] ?? [], after[name] ?? [])),
  };
}

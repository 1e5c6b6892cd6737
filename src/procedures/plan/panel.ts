import { sha256 } from '../../kernel/chain';
import type { ExpertFacts } from '../../kernel/look';
import type { Draw } from './forms';

/** Relations that keep an expert off a panel. */
export interface Conflicts {
  /** Organisations of the parties; an expert who declared a relation to one of them is left out. */
  organisations: readonly string[];
  /** Persons who took part in the matter, are seated already or stepped aside. */
  persons: readonly string[];
}

type Lot = Draw['eligible'][number];

/** By lot: experts of the sub-sector first, within each by SHA-256 of seed and person. */
function byLot(eligible: readonly Lot[], seed: string, size: number): string[] {
  const lot = new Map(eligible.map(({ person }) => [person, sha256(`${seed}:${person}`)]));
  return eligible
    .toSorted((a, b) => Number(b.near) - Number(a.near) || (lot.get(a.person)! < lot.get(b.person)! ? -1 : 1))
    .slice(0, size)
    .map(({ person }) => person);
}

/**
 * Draws `size` experts without choice of anybody: the seed was fixed in the case's chain before the draw, and the same
 * candidates, seed and conflicts always give the same panel. Fewer than `size` are drawn where no more are eligible.
 */
export function drawPanel(
  candidates: readonly ExpertFacts[], seed: string, size: number, conflicts: Conflicts, sector?: string,
): Omit<Draw, 'on'> {
  const related = ({ person, conflicts: declared }: ExpertFacts): boolean =>
    conflicts.persons.includes(person) || conflicts.organisations.some((org) => declared.includes(org));
  const everybody = candidates.toSorted((a, b) => (a.person < b.person ? -1 : 1));
  const eligible = everybody.filter((expert) => !related(expert))
    .map(({ person, sectors }) => ({ person, near: sector !== undefined && sectors.includes(sector) }));
  return { seed, size, eligible, excluded: everybody.filter(related).map(({ person }) => person), drawn: byLot(eligible, seed, size) };
}

/** Whether a recorded draw comes out the same again. */
export const isGenuine = ({ eligible, seed, size, drawn }: Omit<Draw, 'on'>): boolean =>
  JSON.stringify(byLot(eligible, seed, size)) === JSON.stringify(drawn);

import { standsOn } from '../utils/next';
import { api } from './api';
import type { Opening } from './types';

/** What I can begin, and what must come before it where that is not there yet; asking a person is offered last. */
export interface Offered extends Opening { before: string }

export async function offeredOpenings(): Promise<Offered[]> {
  const { items } = await api.openings();
  const offered = await Promise.all(items.map(async (opening): Promise<Offered> => {
    const of = standsOn(opening);
    const isThere = !of || (await api.cases({ procedure: of.procedure, ...(of.state ? { state: of.state } : {}), limit: 1 })).items.length > 0;
    return { ...opening, before: isThere ? '' : of.words };
  }));
  const isLast = ({ procedure }: Opening): boolean => procedure === 'service';
  return [...offered.filter((one) => !isLast(one)), ...offered.filter(isLast)];
}

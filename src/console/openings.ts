import type { MoveView } from '../kernel/view';
import { get } from './api';

/** What this colleague may begin on their own, such as a batch of acceptances. The server decides and lists it. */
export type Opening = MoveView & { procedure: string; procedureTitle: string };
export const openings = async (): Promise<Opening[]> => (await get<{ items: Opening[] }>('/api/v1/openings')).items;
export const mayOpen = async (procedure: string): Promise<boolean> => (await openings()).some((one) => one.procedure === procedure);

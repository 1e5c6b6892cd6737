import type { ProcedureView } from '../http/procedures';
import { get } from './api';

let known: Promise<ProcedureView[]> | null = null;

/** All procedures in words; asked for once. */
export async function procedures(): Promise<ProcedureView[]> {
  known ??= get<{ items: ProcedureView[] }>('/api/v1/procedures').then(({ items }) => items).catch((error: unknown) => { known = null; throw error; });
  return known;
}

import { api } from '../../services/api';
import { openBatchNos } from '../../services/batches';
import type { CaseLine, CaseView } from '../../services/types';
import { dayInWords } from '../../utils/format';

/** A batch that takes applications, as its notice says it (12.4). */
export interface Batch { no: string; title: string; until: string; notice: string; required: string[]; conditions: string[] }

/** Batches open now, the newest first; `except`: those applied in before, since who failed comes back in a later one. */
export async function openBatches(except: readonly string[]): Promise<Batch[]> {
  return (await Promise.all((await openBatchNos(except)).map(api.case))).map(batchOf);
}

function batchOf({ no, data, fields }: CaseView): Batch {
  const labels = fields.find(({ name }) => name === 'conditions')?.options ?? [];
  return {
    no, title: String(data['title']), until: dayInWords(String(data['until'])), notice: String(data['notice']), required: (data['documents'] ?? []) as string[],
    conditions: ((data['conditions'] ?? []) as string[]).map((key) => labels.find(({ value }) => value === key)?.label ?? key),
  };
}

/** Contracts whose delivery the enterprise has confirmed. */
export async function deliveredContracts(): Promise<{ no: string; label: string }[]> {
  const { items } = await api.cases({ procedure: 'contract', state: 'delivered', limit: 100 });
  return items.map((line: CaseLine) => ({ no: line.no, label: `${line.no} ${line.parties.find(({ party }) => party === 'provider')?.name ?? ''}` }));
}

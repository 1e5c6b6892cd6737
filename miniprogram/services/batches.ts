import type { CaseView, Opening } from './types';
import { addressOf } from '../utils/own-pages';
import { isFollowed, type Next } from '../utils/next';
import { api } from './api';

/** Numbers of the batches that take applications now (12.4), without those somebody applied in before: who failed comes back in a later one. */
export async function openBatchNos(except: readonly string[] = []): Promise<string[]> {
  const { items } = await api.cases({ procedure: 'batch', state: 'open', limit: 20 });
  return items.map(({ no }) => no).filter((no) => !except.includes(no));
}

export const batchesBefore = ({ data }: Pick<CaseView, 'data'>): string[] => ((data['rounds'] ?? []) as { batch: string }[]).map(({ batch }) => batch);

/** What whoever reads a batch's notice can do about it: apply with a contract that was delivered, or again after rectifying. */
export async function applyingFor(openings: readonly Opening[]): Promise<Next[]> {
  const apply = openings.find(({ procedure, move }) => procedure === 'acceptance' && move === 'apply');
  if (!apply) return [];
  const [rectified, delivered] = await Promise.all([api.cases({ procedure: 'acceptance', state: 'rectified', limit: 1 }), api.cases({ procedure: 'contract', state: 'delivered', limit: 5 })]);
  const fresh = await Promise.all(delivered.items.map(({ no }) => api.cases({ linked: no, procedure: 'acceptance', limit: 20 }).then(({ items }) => !isFollowed(items))));
  return [
    ...rectified.items.map(({ no }) => ({ title: '整改后重新申请', address: addressOf({ procedure: 'acceptance', move: 'reapply', no }) })),
    ...(fresh.some(Boolean) ? [{ title: apply.title, address: addressOf(apply) }] : []),
  ];
}

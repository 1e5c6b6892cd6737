import { api } from './api';

/** From a diagnosis the way leads to the acceptance by what follows from what. */
const WAY = ['plan', 'contract', 'acceptance'] as const;

/** The score an acceptance found after the transformation this diagnosis led to; null where there is none yet, or none was reckoned. */
export async function scoreAfter(diagnosis: string): Promise<object | null> {
  let no: string | undefined = diagnosis;
  for (const procedure of WAY) {
    // The newest comes first: an acceptance tried again stands for the one before.
    const { items } = await api.cases({ linked: no, procedure, limit: 1 });
    no = items[0]?.no;
    if (!no) return null;
  }
  const { data } = await api.case(no);
  return (data['finding'] as { score?: object } | undefined)?.score ?? null;
}

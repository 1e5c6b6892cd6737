import { dropDraft, draftName, loadDraft, saveDraft } from '../../forms/drafts';
import type { CaseView } from '../../services/types';

/** The questionnaire as the server last gave it, so that one can go on in a workshop without a network; `draft` names what was filled in since. */
export interface Sheet { view: CaseView; draft: string }

/** Found by the case alone: without a network nobody can say who acts for whom. */
const nameOf = (no: string): string => draftName('', 'diagnosis', 'sheet', no);

export const keepSheet = (no: string, sheet: Sheet, now: Date): void => saveDraft(nameOf(no), { values: { ...sheet }, key: '', savedAt: now.toISOString() });
export const dropSheet = (no: string): void => dropDraft(nameOf(no));
/** `savedAt`: when it was fetched; null where this phone never showed the questionnaire. */
export function keptSheet(no: string): Sheet & { savedAt: string } | null {
  const kept = loadDraft(nameOf(no));
  return kept ? { ...(kept.values as unknown as Sheet), savedAt: kept.savedAt } : null;
}

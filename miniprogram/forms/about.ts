import type { CaseView, FieldDescription } from '../services/types';
import { acceptanceReading } from '../utils/acceptance';
import { factsOf, type Fact } from './model';

/** Procedures of which the facts are told on pages of their own. */
const TOLD_ELSEWHERE = new Set(['diagnosis', 'plan', 'contract', 'rating', 'ratingResult', 'service']);

/** What a form answers, to be read above it: the complaint, the questions of an inquiry, what an inspection found wanting. */
export function answered(view: CaseView, form: readonly FieldDescription[]): Fact[] {
  if (view.procedure === 'acceptance') {
    const { finding } = acceptanceReading(view, new Date());
    return (finding?.problems ?? []).map(({ text, advice }, index) => ({ label: `问题 ${index + 1}`, text: `${text}\n整改要求：${advice}`, files: [], rows: [] }));
  }
  const asked = new Set(form.map(({ name }) => name));
  return TOLD_ELSEWHERE.has(view.procedure) ? [] : factsOf(view.fields.filter(({ name }) => !asked.has(name)), view.data, view.parties);
}

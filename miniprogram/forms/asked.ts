import type { CaseView, FieldDescription } from '../services/types';

/** Fields that only make sense at times, by procedure, move and name. */
const WHEN: Readonly<Record<string, (view: CaseView | null) => boolean>> = {
  // The chat-bot hands this over when somebody asks for a person there.
  'service.open.transcript': () => false,
  // The first report answers no objection (12.1).
  'diagnosis.issue.reply': (view) => ((view?.data['disputes'] ?? []) as { reply?: string }[]).some(({ reply }) => reply === undefined),
};

/** Who takes a diagnosis on must be listed; not again who has it now, or did not take it on (12.1). */
function narrowed(field: FieldDescription, view: CaseView | null): FieldDescription {
  return { ...field, listed: true, except: (view?.data['passedOver'] ?? []) as string[] };
}

/** Of a move's form what a person is asked on a page. */
export const asked = (form: readonly FieldDescription[], move: string, view: CaseView | null): FieldDescription[] =>
  form.filter(({ name }) => WHEN[`${move}.${name}`]?.(view) ?? true)
    .map((field) => (field.kind === 'organisation' && move.startsWith('diagnosis.') ? narrowed(field, view) : field));

import type { FunctionalComponent } from 'vue';
import type { CaseLine } from '../../kernel/view';
import { namedParties } from '../words';

/** What a case of a list is about: its own name where it has one, and its parties. */
export const Whose: FunctionalComponent<{ line: Pick<CaseLine, 'subject' | 'parties'> }> = ({ line: { subject, parties } }) => {
  const named = namedParties(parties);
  if (!subject && named.length === 0) return <>—</>;
  return (
    <>
      {subject}
      {named.map(({ party, title, name }) => <span key={party} class="party"><span class="quiet">{title}</span> {name}</span>)}
    </>
  );
};
Whose.props = ['line'];

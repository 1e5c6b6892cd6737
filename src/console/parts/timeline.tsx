import type { FunctionalComponent } from 'vue';
import type { CaseView } from '../../kernel/view';
import { moment } from '../format';

/** What happened, newest first; each line with the article it rests on and the head of the chain after it. */
export const Timeline: FunctionalComponent<{ lines: CaseView['timeline'] }> = ({ lines }) => (
  <ol class="timeline" reversed>
    {lines.toReversed().map(({ seq, at, title, by, articleInWords, note, head }) => (
      <li key={seq}>
        <p class="timeline-line"><strong>{title}</strong><span>{by}</span><time datetime={at}>{moment(at)}</time></p>
        {note ? <p class="timeline-note">{note}</p> : null}
        <p class="quiet">依据{articleInWords}　链首 <code class="head" title={head}>{head.slice(0, 12)}</code></p>
      </li>
    ))}
  </ol>
);
Timeline.props = ['lines'];

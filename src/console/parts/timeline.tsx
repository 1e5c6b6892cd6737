import type { FunctionalComponent } from 'vue';
import { chaptersOf, savedInWords } from '../../kernel/story';
import type { CaseView } from '../../kernel/view';
import { moment } from '../format';

type Line = CaseView['timeline'][number];

const Head: FunctionalComponent<{ head: string }> = ({ head }) => <span class="timeline-head quiet">校验码 <code class="head" title={head}>{head.slice(0, 12)}</code></span>;
Head.props = ['head'];

/**
 * What happened, newest first; with its article where a line rests on another than the case itself, and on demand with the head of
 * the chain after it. Repeated saving is folded.
 */
export const Timeline: FunctionalComponent<{ lines: readonly Line[]; article: string; heads: boolean }> = ({ lines, article, heads }) => (
  <ol class="timeline" reversed>
    {chaptersOf(lines).map((chapter) => {
      const { latest: { at, title, by, article: own, articleInWords, note, head } } = chapter;
      const saved = savedInWords(chapter, moment(at));
      return (
        <li key={chapter.lines.at(-1)!.seq}>
          <p class="timeline-line"><strong>{title}</strong><span>{by}</span>{saved ? null : <time datetime={at}>{moment(at)}</time>}</p>
          {note ? <p class="timeline-note">{note}</p> : null}
          {saved ? (
            <details class="timeline-saved">
              <summary>{saved}</summary>
              <ul>{chapter.lines.map((line) => <li key={line.seq} class="quiet"><time datetime={line.at}>{moment(line.at)}</time>{heads ? <>　<Head head={line.head} /></> : null}</li>)}</ul>
            </details>
          ) : null}
          {own !== article ? <p class="quiet">依据{articleInWords}</p> : null}
          {heads && !saved ? <p><Head head={head} /></p> : null}
        </li>
      );
    })}
  </ol>
);
Timeline.props = ['lines', 'article', 'heads'];

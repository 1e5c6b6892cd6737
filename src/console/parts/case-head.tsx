import type { FunctionalComponent } from 'vue';
import { useRouter } from 'vue-router';
import type { CaseView } from '../../kernel/view';
import { moment } from '../format';
import { has } from '../session';
import { begunWord, deskName, endedWord, namedParties } from '../words';
import { Due } from './states';

/** Whose turn it is. The bureau's own people want to know at which desk it lies and whether somebody has it. */
function turn({ task, waitsFor, waitsForMe, moves, state }: CaseView): string {
  if (waitsForMe) return moves.some(({ standard }) => !standard) ? '等您办理' : '由您承办';
  if (!task || has('expert', 'agency')) return waitsFor ? `等待：${waitsFor}` : '';
  return state.end ? '' : task.claimed ? `“${deskName(task.desk)}”队列人员办理中` : `待“${deskName(task.desk)}”队列领取`;
}

/** What it is, whom it concerns, how it stands. */
export const CaseHead: FunctionalComponent<{ view: CaseView }> = ({ view: c }) => {
  const router = useRouter();
  // Back to the list one came from, with its filters; home where the page was opened by its address.
  const back = (): void => { if (history.state?.back) router.back(); else void router.push('/'); };
  const waits = turn(c);
  return (
    <header class="case-head">
      <p class="back"><button type="button" class="link plain" onClick={back}>‹ 返回</button></p>
      <div class="case-title">
        <h1>{c.title}</h1>
        <span class="no">{c.no}</span>
        <span class={['tag', c.state.end ? 'tag-quiet' : 'tag-primary']}>{c.state.title}</span>
        {c.task?.mine ? <span class="tag tag-success">我在办</span> : null}
      </div>
      {c.subject ? <p class="case-subject">{c.subject}</p> : null}
      <p class="case-parties">{namedParties(c.parties).map(({ party, title, name }) => <span key={party}><span class="quiet">{title}</span> {name || '—'}</span>)}</p>
      <p class="case-sub">
        {c.clock ? <span>{c.clock.label}：<Due due={c.clock.due} inWords={c.clock.inWords} paused={c.clock.paused} />{c.clock.paused ? <span class="quiet">（{c.clock.pauseReason}）</span> : <span class="quiet">　至 {moment(c.clock.due)}{c.clock.provisional ? '（节假日安排未公布，暂定）' : ''}</span>}</span> : null}
        {waits ? <span>{waits}</span> : null}
        <span class="quiet">{begunWord(c.procedure)}于 {moment(c.openedAt)}{c.closedAt ? `　${endedWord(c.procedure)}于 ${moment(c.closedAt)}` : ''}</span>
      </p>
    </header>
  );
};
CaseHead.props = ['view'];

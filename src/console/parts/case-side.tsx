import { defineComponent, ref, type PropType } from 'vue';
import { RouterLink } from 'vue-router';
import type { CaseLine, CaseView } from '../../kernel/view';
import { ask, download } from '../api';
import type { Loaded } from '../load';
import { has } from '../session';
import { articleInWords, deskName, namedParties } from '../words';
import { ChainCard } from './chain';
import { ExportDialog } from './export-dialog';
import { Reassign } from './reassign';
import { complain, Due } from './states';

/** Documents that can be written from a case, by procedure. */
const DOCUMENTS: Record<string, { name: string; title: string; needs: string }[]> = {
  diagnosis: [{ name: 'report', title: '数字化诊断报告（docx）', needs: 'report' }],
};

/** Beside the case: who is in it, who has it and why, what belongs to it. */
export const CaseSide = defineComponent({
  name: 'CaseSide',
  props: {
    view: { type: Object as PropType<CaseView>, required: true },
    related: { type: Object as PropType<Loaded<{ items: CaseLine[] }>>, required: true },
  },
  emits: { changed: () => true },
  setup(props, { emit }) {
    const reassigning = ref(false);
    const exporting = ref(false);
    const write = (name: string, title: string): void => {
      ask<Blob>(`/api/v1/cases/${props.view.no}/documents/${name}`).then((blob) => download(blob, `${title.replace(/（.*/, '')}-${props.view.no}.docx`), complain);
    };
    return () => {
      const { view: c, related } = props;
      const documents = (DOCUMENTS[c.procedure] ?? []).filter(({ needs }) => needs in c.data);
      const following = (related.value?.items ?? []).filter(({ no }) => no !== c.no);
      const known = new Set(following.map(({ no }) => no));
      const linked = c.links.filter(({ no }) => !known.has(no));
      const parties = namedParties(c.parties);
      return (
        <>
          {parties.length > 0 ? (
            <section class="card" aria-labelledby="case-parties">
              <h2 id="case-parties" class="card-title">当事人</h2>
              <dl class="facts">{parties.map(({ party, title, name }) => <><dt key={party}>{title}</dt><dd>{name || '—'}</dd></>)}</dl>
            </section>
          ) : null}
          {c.task ? (
            <section class="card" aria-labelledby="case-task">
              <h2 id="case-task" class="card-title">任务</h2>
              <dl class="facts"><dt>队列</dt><dd>{deskName(c.task.desk)}</dd><dt>承办</dt><dd>{c.task.mine ? '本人' : c.task.claimed ? '其他人员' : '待领取'}</dd></dl>
              {c.task.why ? <><h3>为何是我</h3><p class="why">{c.task.why}</p></> : null}
              {has('supervisor') ? <p class="move-foot"><button type="button" class="link" onClick={() => { reassigning.value = true; }}>改派给其他人员</button></p> : null}
            </section>
          ) : null}
          {following.length + linked.length > 0 ? (
            <section class="card" aria-labelledby="case-related">
              <h2 id="case-related" class="card-title">相关案件</h2>
              <ul class="related">
                {following.map(({ no, title, state, due, inWords }) => <li key={no}><RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink><span>{title}</span><span class="quiet">{state.title}</span>{state.end ? null : <Due due={due} inWords={inWords} />}</li>)}
                {linked.map(({ no, relation }) => <li key={no}><RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink><span class="quiet">{relation}</span></li>)}
              </ul>
            </section>
          ) : null}
          <section class="card" aria-labelledby="case-chain">
            <h2 id="case-chain" class="card-title">依据与留痕</h2>
            <dl class="facts">
              <dt>依据</dt><dd>{articleInWords(c.article)}</dd>
              <dt>适用规则</dt><dd><RouterLink class="link" to={`/rulebook?view=history#v${c.rulebook}`}>规则库第 {c.rulebook} 版</RouterLink></dd>
            </dl>
            <ChainCard no={c.no} head={c.head} />
            {documents.map(({ name, title }) => <p key={name}><button type="button" class="link" onClick={() => write(name, title)}>导出{title}</button></p>)}
            {has('expert', 'agency') ? null : <p><button type="button" class="link" onClick={() => { exporting.value = true; }}>导出本案（docx）</button></p>}
          </section>
          {exporting.value ? <ExportDialog title={`导出 ${c.no}`} file={`${c.title}-${c.no}.docx`} of={{ kind: 'case', no: c.no }} onClose={() => { exporting.value = false; }} /> : null}
          {reassigning.value ? <Reassign no={c.no} onClose={() => { reassigning.value = false; }} onDone={() => { reassigning.value = false; emit('changed'); }} /> : null}
        </>
      );
    };
  },
});

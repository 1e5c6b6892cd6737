import { defineComponent, ref, type PropType } from 'vue';
import { RouterLink } from 'vue-router';
import type { CaseLine, CaseView } from '../../kernel/view';
import { ask, download } from '../api';
import type { Loaded } from '../load';
import { has } from '../session';
import { articleInWords, deskName } from '../words';
import { CaseNo } from './case-no';
import { ChainCard } from './chain';
import { ExportDialog } from './export-dialog';
import { Reassign } from './reassign';
import { complain, Due } from './states';
import { Whose } from './whose';

/** Documents that can be written from a case, by procedure. */
const DOCUMENTS: Record<string, { name: string; title: string; needs: string }[]> = {
  diagnosis: [{ name: 'report', title: '数字化诊断报告', needs: 'report' }],
};

/** Beside the case: who has it and why, what belongs to it, what it rests on. */
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
      ask<Blob>(`/api/v1/cases/${props.view.no}/documents/${name}`).then((blob) => download(blob, `${title}-${props.view.no}.docx`), complain);
    };

    const line = (one: CaseLine, relation?: string) => (
      <li key={one.no}>
        <p><CaseNo no={one.no} /><span>{one.title}</span>{relation && !one.title.includes(relation) ? <span class="quiet">{relation}</span> : null}</p>
        <p><span class={['tag', one.state.end ? 'tag-quiet' : 'tag-primary']}>{one.state.title}</span>{one.state.end ? null : <Due due={one.due} inWords={one.inWords} />}</p>
        {one.procedure === 'batch' || props.view.procedure === 'batch' ? <p class="quiet"><Whose line={one} /></p> : null}
      </li>
    );

    const task = ({ task: held }: CaseView) => (held ? (
      <section class="card" aria-labelledby="case-task">
        <h2 id="case-task" class="card-title">任务</h2>
        <dl class="facts"><dt>队列</dt><dd>{deskName(held.desk)}</dd><dt>承办</dt><dd>{held.mine ? '本人' : held.claimed ? '其他人员' : '待领取'}</dd></dl>
        {held.why ? <><h3>承办依据</h3><p class="why">{held.why}</p></> : null}
        {has('supervisor') ? <p class="move-foot"><button type="button" class="link" onClick={() => { reassigning.value = true; }}>改派给其他人员</button></p> : null}
      </section>
    ) : null);

    return () => {
      const { view: c, related } = props;
      const documents = (DOCUMENTS[c.procedure] ?? []).filter(({ needs }) => needs in c.data);
      const following = (related.value?.items ?? []).filter(({ no }) => no !== c.no);
      const known = new Set(following.map(({ no }) => no));
      const linked = c.links.filter(({ no }) => !known.has(no));
      return (
        <>
          {task(c)}
          {following.length + linked.length > 0 ? (
            <section class="card" aria-labelledby="case-related">
              <h2 id="case-related" class="card-title">相关案件</h2>
              <ul class="related">
                {following.map((one) => line(one))}
                {linked.map(({ no, relation, line: one }) => (one ? line(one, relation) : <li key={no}><p><CaseNo no={no} /><span class="quiet">{relation}</span></p></li>))}
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
            <p class="exits">
              {documents.map(({ name, title }) => <button key={name} type="button" class="link" onClick={() => write(name, title)}>导出{title}（Word）</button>)}
              {has('expert', 'agency') ? null : <button type="button" class="link" onClick={() => { exporting.value = true; }}>导出本案（Word）</button>}
            </p>
          </section>
          {exporting.value ? <ExportDialog title={`导出 ${c.no}`} file={`${c.title}-${c.no}.docx`} of={{ kind: 'case', no: c.no }} onClose={() => { exporting.value = false; }} /> : null}
          {reassigning.value ? <Reassign no={c.no} onClose={() => { reassigning.value = false; }} onDone={() => { reassigning.value = false; emit('changed'); }} /> : null}
        </>
      );
    };
  },
});

import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, nextTick, provide, ref, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { Receipt } from '../../kernel/case';
import type { CaseLine, CaseView, MoveView } from '../../kernel/view';
import type { Version } from '../../procedures/plan/forms';
import { get, post, query } from '../api';
import { hasDraft } from '../form/draft';
import { MoveForm } from '../form/move-form';
import { onLive, tellTabs } from '../live';
import { load } from '../load';
import { CaseHead } from '../parts/case-head';
import { CASE_DATA, CLOSED_CASES } from '../parts/case-context';
import { CaseSide } from '../parts/case-side';
import { FieldTable } from '../parts/field-value';
import { IdentityPanel } from '../parts/identity';
import { useKeys } from '../parts/keys';
import { PlanChanges } from '../parts/plan-changes';
import type { Changes, Refiling } from '../parts/plan-lines';
import { ReturnDialog } from '../parts/return-dialog';
import { complain, said, staleNote, standIn } from '../parts/states';
import { Timeline } from '../parts/timeline';
import { endedWord } from '../words';

/** Everything of one case in one view: what it is about, what happened, whose turn it is, and the moves open to this reader. */
export default defineComponent({
  name: 'CasePage',
  props: { no: { type: String, required: true } },
  setup(props) {
    const router = useRouter();
    const view = load(() => get<CaseView>(`/api/v1/cases/${props.no}`), () => props.no);
    const related = load(() => get<{ items: CaseLine[] }>(`/api/v1/cases${query({ linked: props.no, limit: 50 })}`), () => props.no);
    provide(CASE_DATA, computed(() => view.value?.data ?? {}));
    provide(CLOSED_CASES, computed(() => {
      const following = new Set((related.value?.items ?? []).map(({ no }) => no));
      return new Set((view.value?.links ?? []).filter(({ no, line }) => !line && !following.has(no)).map(({ no }) => no));
    }));
    /** Codes that prove the record stand in the way of reading it. */
    const withHeads = ref(false);
    const chosen = ref('');
    /** The page was renewed under a form in use: what changed should be read before it is submitted. */
    const isBehind = ref(false);
    /** The move whose form is open, kept although it may not be open to the reader any more: what was typed stays in sight. */
    const held = ref<MoveView | null>(null);
    const returning = ref(false);
    const isBusy = ref(false);

    const offered = computed<MoveView | undefined>(() => view.value?.moves.find((one) => one.move === chosen.value));
    const move = computed<MoveView | undefined>(() => offered.value ?? (held.value?.move === chosen.value ? held.value : undefined));
    watch(offered, (one) => { if (one) held.value = one; });
    const draftOf = (name: string): string => `${props.no}/${name}`;

    // A draft left behind is what the person was about to do.
    watch(() => view.value?.no, () => { chosen.value = view.value?.moves.find((one) => hasDraft(draftOf(one.move)))?.move ?? ''; });
    watch(() => props.no, () => {
      isBehind.value = false;
      held.value = null;
    });

    async function look(): Promise<void> {
      isBehind.value = false;
      await Promise.all([view.reload(), related.reload()]);
    }
    onLive((changes) => {
      if (isBusy.value || !changes.some((change) => change === null || change.no === props.no)) return;
      const before = view.value?.head;
      // A form in use stays as it is, with all that was typed; what stands around it is renewed.
      void Promise.all([view.reload(), related.reload()]).then(() => {
        if (before === undefined) return undefined; // nothing was shown yet that could be out of date
        if (chosen.value && view.value?.head !== before) isBehind.value = true;
        // What was done elsewhere may have ended one's own reading, such as stepping aside.
        if (view.error?.kind === 'missing') return router.replace('/');
        return undefined;
      });
    });

    async function make(input: Record<string, unknown>, key: string): Promise<void> {
      const { move: name, title } = move.value!;
      isBusy.value = true;
      try {
        const { receipt } = await post<{ receipt: Receipt }>(`/api/v1/cases/${props.no}/${name}`, input, { key, ...(view.value!.version === null ? {} : { headers: { 'If-Match': `"${view.value!.version}"` } }) });
        said(`${title}：已记入第 ${receipt.seq} 条`);
        chosen.value = '';
        tellTabs(props.no);
        await look();
        // Some moves end one's own reading, such as stepping aside.
        if (view.error?.kind === 'missing') await router.replace('/');
      } finally { isBusy.value = false; }
    }

    /** Only who sits at the desk may take from it. */
    const mayClaim = ({ task }: CaseView): boolean => task?.mayClaim ?? false;

    async function claim(): Promise<void> {
      isBusy.value = true;
      try {
        await post(`/api/v1/queue/${props.no}/claim`);
        tellTabs(props.no);
        await look();
      } catch (error) { complain(error); } finally { isBusy.value = false; }
    }

    async function choose(name: string): Promise<void> {
      chosen.value = chosen.value === name ? '' : name;
      await nextTick();
      (document.querySelector<HTMLElement>('.move-form input, .move-form textarea, .move-form select') ?? document.querySelector<HTMLElement>('.move-form button'))?.focus();
    }

    useKeys({
      c: () => { if (view.value && mayClaim(view.value)) void claim(); },
      r: () => { if (view.value?.task?.mine) returning.value = true; },
      ...Object.fromEntries(Array.from({ length: 9 }, (_, at) => [String(at + 1), () => { const wanted = view.value?.moves.filter(isOwn)[at]; if (wanted) void choose(wanted.move); }])),
      '/': () => document.getElementById('case-search')?.focus(),
    });

    const isOwn = ({ standard }: MoveView): boolean => !standard;
    const one = (name: string, title: string, key: number | null) => (
      <div key={name} class="move">
        <button type="button" class={['move-button', key === null && 'move-button-minor', chosen.value === name && 'move-button-on']} aria-expanded={chosen.value === name} onClick={() => void choose(name)}>
          <span>{title}{hasDraft(draftOf(name)) && chosen.value !== name ? <span class="tag tag-quiet">有草稿</span> : null}</span>{key !== null && key < 9 ? <kbd title={`快捷键 ${key + 1}`}>{key + 1}</kbd> : null}
        </button>
        {chosen.value === name && move.value ? (
          <div class="move-form"><MoveForm key={draftOf(name)} no={props.no} move={move.value} draft={draftOf(name)} submit={make} onCancel={() => { chosen.value = ''; }} onStale={() => void look()} /></div>
        ) : null}
      </div>
    );

    const deeds = (c: CaseView) => {
      const [own, others] = [c.moves.filter(isOwn), c.moves.filter((each) => !isOwn(each))];
      return (
        <section class="card" aria-labelledby="case-moves">
          <h2 id="case-moves" class="card-title">办理</h2>
          {isBehind.value && offered.value ? <p class="note note-warning" role="status">本案刚有新变化，页面已更新，请核对后再提交；填写的内容仍在。<button type="button" class="link" onClick={() => { isBehind.value = false; }}>知道了</button></p> : null}
          {c.says ? <p class="note">{c.says}</p> : null}
          {mayClaim(c) ? <Button loading={isBusy.value} onClick={() => void claim()}>领取 <kbd>C</kbd></Button> : null}
          {own.length === 0 && !mayClaim(c) && !c.says ? <p class="quiet">{c.state.end ? `${c.procedure === 'batch' ? '本批次' : '本案'}已${endedWord(c.procedure)}。` : '目前无需您办理。'}</p> : null}
          <div class="moves">
            {own.map(({ move: name, title }, at) => one(name, title, at))}
            {chosen.value && !offered.value && move.value ? (
              <div key={`gone ${chosen.value}`} class="move">
                <p class="note note-warning" role="alert">本案已在别处办理，现为“{c.state.title}”，不能再{move.value.title}。填写的内容仍在下面，可以复制。</p>
                <div class="move-form move-form-alone"><MoveForm key={draftOf(chosen.value)} no={props.no} move={move.value} draft={draftOf(chosen.value)} submit={make} ended onCancel={() => { chosen.value = ''; }} /></div>
              </div>
            ) : null}
          </div>
          {others.length > 0 || c.task?.mine ? (
            <div class="moves moves-minor" role="group" aria-label="其他操作">
              {others.map(({ move: name, title }) => one(name, title, null))}
              {c.task?.mine ? <button type="button" class="move-button move-button-minor" onClick={() => { returning.value = true; }}><span>退回队列</span></button> : null}
            </div>
          ) : null}
        </section>
      );
    };

    return () => (
      <div class="page">
        {standIn(view, view.value !== null, { title: '没有找到这个案件', hint: '编号可能有误，或者您无权查看。' }) ?? (view.value ? (
          <>
            {staleNote(view)}
            <CaseHead view={view.value} />
            <div class="with-aside with-aside-wide">
              <div class="column">
                {view.value.data['changes'] ? <PlanChanges changes={view.value.data['changes'] as Changes} versions={(view.value.data['versions'] ?? []) as Version[]} refiling={view.value.data['refiling'] as Refiling | undefined} /> : null}
                <section class="card" aria-labelledby="case-content">
                  <h2 id="case-content" class="card-title">内容与材料</h2>
                  {view.value.fields.length === 0 ? <p class="quiet">没有可向您显示的内容。</p> : <FieldTable fields={view.value.fields} data={view.value.data} parties={view.value.parties} />}
                </section>
                <section class="card" aria-labelledby="case-timeline">
                  <h2 id="case-timeline" class="card-title">经过<button type="button" class="link title-deed" aria-pressed={withHeads.value} onClick={() => { withHeads.value = !withHeads.value; }}>{withHeads.value ? '收起校验码' : '显示校验码'}</button></h2>
                  <Timeline lines={view.value.timeline} article={view.value.article} heads={withHeads.value} />
                </section>
              </div>
              <div class="column beside">
                {deeds(view.value)}
                {view.value.procedure === 'report' && view.value.as === 'handlers' ? <IdentityPanel no={props.no} onChange={() => void view.reload()} /> : null}
                <CaseSide view={view.value} related={related} onChanged={() => { tellTabs(props.no); void look(); }} />
              </div>
            </div>
            {returning.value ? <ReturnDialog no={props.no} claimed onClose={() => { returning.value = false; }} onDone={() => { returning.value = false; tellTabs(props.no); void router.push('/queue'); }} /> : null}
          </>
        ) : null)}
      </div>
    );
  },
});

import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import type { LinkedCount } from '../../kernel/kernel';
import type { CaseLine, CaseView } from '../../kernel/view';
import { get, query } from '../api';
import { moment } from '../format';
import { load, loadPages } from '../load';
import { mayOpen } from '../openings';
import { Due, Empty, staleNote, standIn } from '../parts/states';
import { has, me } from '../session';
import { Whose } from '../parts/whose';

const PAGE = 10;
const APPLICATIONS = 20;

/** What a batch is to an application: the one it stands in, or the one it failed in before it applied again. */
const CURRENT = '批次';
const EARLIER = '原批次';

interface Batch { view: CaseView; counts: LinkedCount[]; goneOn: number }

/** The applications that lie in one batch, those this reader may see. */
const Applications = defineComponent({
  name: 'BatchApplications',
  props: { no: { type: String, required: true } },
  setup(props) {
    const list = loadPages((after) => get<{ items: CaseLine[]; next: string | null }>(`/api/v1/cases${query({ linked: props.no, relation: CURRENT, procedure: 'acceptance', limit: APPLICATIONS, after })}`));
    return () => standIn(list, list.items.length > 0) ?? (list.items.length === 0 ? <p class="quiet">没有验收申请。</p> : (
      <>
        <table class="table table-inner">
          <thead><tr><th scope="col">案件编号</th><th scope="col">状态</th><th scope="col">当事人</th><th scope="col">时限</th></tr></thead>
          <tbody>
            {list.items.map((line) => (
              <tr key={line.no}>
                <td><RouterLink class="link no" to={`/cases/${line.no}`}>{line.no}</RouterLink></td>
                <td><span class={['tag', line.state.end ? 'tag-quiet' : 'tag-primary']}>{line.state.title}</span></td>
                <td><Whose line={line} /></td>
                <td class="nowrap">{line.state.end ? '—' : <Due due={line.due} inWords={line.inWords} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div> : null}
      </>
    ));
  },
});

/** 验收批次 (第十二条（四）): each with its window, what lies in it and how far that is. */
export default defineComponent({
  name: 'BatchesPage',
  setup() {
    const router = useRouter();
    const list = loadPages(async (after) => {
      const { items, next } = await get<{ items: CaseLine[]; next: string | null }>(`/api/v1/cases${query({ procedure: 'batch', limit: PAGE, after })}`);
      const batches = await Promise.all(items.map(async ({ no }): Promise<Batch> => {
        const [view, { items: counts }] = await Promise.all([get<CaseView>(`/api/v1/cases/${no}`), get<{ items: LinkedCount[] }>(`/api/v1/cases/${no}/linked`)]);
        const goneOn = counts.filter(({ relation }) => relation === EARLIER).reduce((sum, { count }) => sum + count, 0);
        return { view, counts: counts.filter(({ procedure, relation }) => procedure === 'acceptance' && relation === CURRENT), goneOn };
      }));
      return { items: batches, next };
    });
    const open = ref('');
    // Whether one may publish is the server's to say; it lists the openings.
    const mayPublish = load(() => mayOpen('batch'));

    const readsApplications = has('supervisor', 'director', 'auditor') || (me()?.desks.includes('acceptance') ?? false);
    const progress = (counts: LinkedCount[]) => {
      const total = counts.reduce((sum, { count }) => sum + count, 0);
      const done = counts.filter(({ end }) => end).reduce((sum, { count }) => sum + count, 0);
      if (total === 0) return <p class="quiet">{readsApplications ? '还没有验收申请。' : '验收申请只向验收岗位、负责人、督办和审计人员显示。'}</p>;
      return (
        <div class="batch-progress">
          <meter min={0} max={total} value={done} aria-label={`${total} 项申请，已办结 ${done} 项`} />
          <span>{total} 项申请，已办结 {done} 项</span>
          {counts.map(({ state, stateTitle, count, end }) => <span key={state} class={['tag', end ? 'tag-quiet' : 'tag-primary']}>{stateTitle} {count}</span>)}
        </div>
      );
    };

    const card = ({ view, counts, goneOn }: Batch) => {
      const { no, state, data, clock, openedAt, moves } = view;
      const until = String(data['until']);
      // Closed by hand before the announced day, `until` is the day it was closed.
      const planned = data['plannedUntil'];
      const deeds = moves.filter(({ standard }) => !standard);
      const isOpen = open.value === no;
      return (
        <section key={no} class="card" aria-label={String(data['title'])}>
          <h2 class="card-title">{String(data['title'])}<span class={['tag', state.end ? 'tag-quiet' : 'tag-primary']}>{state.title}</span></h2>
          <p class="case-sub">
            <RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink>
            <span class="quiet">发布于 {moment(openedAt)}</span>
            <span>{planned && planned !== until ? `已于 ${until} 提前截止，原定 ${String(planned)}` : `申请截止 ${until}`}{clock && !state.end ? <>　<Due due={clock.due} inWords={clock.inWords} /></> : null}</span>
          </p>
          {counts.length === 0 && goneOn > 0 ? null : progress(counts)}
          {goneOn > 0 ? <p class="quiet">{counts.length > 0 ? '另有' : '本批次的'} {goneOn} 项未通过，整改后已在后一批次重新申请。</p> : null}
          <p class="batch-deeds">
            {counts.length === 0 ? null : <button type="button" class="link" aria-expanded={isOpen} onClick={() => { open.value = isOpen ? '' : no; }}>{isOpen ? '收起申请' : '查看申请'}</button>}
            {deeds.length > 0 ? <RouterLink class="link" to={`/cases/${no}`}>办理：{deeds.map(({ title }) => title).join('、')}</RouterLink> : null}
          </p>
          {isOpen ? <Applications no={no} /> : null}
        </section>
      );
    };

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>验收批次</h1>
          {mayPublish.value ? <div class="page-deeds"><Button onClick={() => void router.push('/open?what=batch/publish')}>发布验收通知</Button></div> : null}
        </div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <>
            {list.items.length === 0 ? <section class="card"><Empty title="还没有验收批次" hint="由验收岗位或负责人发布验收通知，企业在申请期内提交验收申请，依据第十二条（四）" /></section> : list.items.map(card)}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更早的批次</Button></div> : null}
          </>
        )}
      </div>
    );
  },
});

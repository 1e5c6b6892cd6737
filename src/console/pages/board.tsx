import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, onScopeDispose, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { BoardView } from '../../review/queue';
import { get } from '../api';
import { shortly } from '../format';
import { onLive } from '../live';
import { load } from '../load';
import { Reassign } from '../parts/reassign';
import { staleNote, standIn } from '../parts/states';
import { has } from '../session';
import { deskName, regionName } from '../words';

const LOOK_EVERY_MS = 30_000;

/** Load and delay by desk, county and person; tasks given to somebody else by the supervisor. */
export default defineComponent({
  name: 'BoardPage',
  setup() {
    const board = load(() => get<BoardView>('/api/v1/queue/board'));
    const isReassigning = ref(false);
    onLive(() => void board.reload(), 1000);
    const timer = setInterval(() => { if (!document.hidden) void board.reload(); }, LOOK_EVERY_MS);
    onScopeDispose(() => clearInterval(timer));

    const total = computed(() => (board.value?.desks ?? []).reduce((sum, desk) => ({ waiting: sum.waiting + desk.waiting, claimed: sum.claimed + desk.claimed, overdue: sum.overdue + desk.overdue }), { waiting: 0, claimed: 0, overdue: 0 }));
    const nameOf = (person: string): string => board.value?.people.find((one) => one.person === person)?.name || `人员 ${person.slice(0, 6)}`;
    const people = computed(() => (board.value?.people ?? []).toSorted((a, b) => b.claimed - a.claimed || b.offered - a.offered));

    const figure = (title: string, value: number, tone = '') => <div class={['figure-card', tone]}><span class="figure-value">{value}</span><span class="figure-title">{title}</span></div>;
    /** A list one may not read would be empty: an administrator only sees how much there is, and of reports only the director reads any. */
    const readsCasesOf = (desk: string): boolean => has('director') || (has('supervisor', 'auditor') && desk !== 'report');
    const late = (count: number, desk?: string) => <td class={['right', count > 0 ? 'late' : '']}>{desk && count > 0 && readsCasesOf(desk) ? <RouterLink class="link late" to={{ path: '/cases', query: { desk, overdue: 'true' } }}>{count}<span class="unseen"> 件超期，查看</span></RouterLink> : count}</td>;

    const desks = ({ desks: all }: BoardView) => (
      <section class="card" aria-labelledby="board-desks">
        <h2 id="board-desks" class="card-title">各队列</h2>
        <table class="table">
          <thead><tr><th scope="col">队列</th><th scope="col" class="right">待领取</th><th scope="col" class="right">在办</th><th scope="col" class="right">超期</th><th scope="col">最早进入</th></tr></thead>
          <tbody>
            {all.map(({ desk, title, waiting, claimed, overdue, oldest, regions }) => (
              <>
                <tr key={desk}><th scope="row">{readsCasesOf(desk) ? <RouterLink class="link" to={{ path: '/cases', query: { desk } }}>{title}</RouterLink> : title}</th><td class="right">{waiting}</td><td class="right">{claimed}</td>{late(overdue, desk)}<td class="nowrap">{oldest ? shortly(oldest) : '—'}</td></tr>
                {regions.map((region) => <tr key={`${desk} ${region.region}`} class="row-sub"><th scope="row">{regionName(region.region)}</th><td class="right">{region.waiting}</td><td class="right">{region.claimed}</td>{late(region.overdue)}<td>—</td></tr>)}
              </>
            ))}
          </tbody>
        </table>
      </section>
    );

    const loadOf = ({ person, claimed, capacity }: BoardView['people'][number]) => (
      <div class="load" title={`${claimed} / ${capacity}`}>
        <meter min={0} max={Math.max(capacity, 1)} high={Math.max(capacity, 1) * 0.8} value={claimed} aria-label={`${nameOf(person)} 在办 ${claimed} 件，上限 ${capacity} 件`} />
        <span class="nowrap">{claimed} / {capacity}</span>
      </div>
    );

    const crew = () => (
      <section class="card" aria-labelledby="board-people">
        <h2 id="board-people" class="card-title">人员负荷</h2>
        {people.value.length === 0 ? <p class="quiet">没有在用的队列人员。</p> : (
          <table class="table">
            <thead><tr><th scope="col">人员</th><th scope="col">队列</th><th scope="col">在办 / 上限</th><th scope="col" class="right">派单未领</th><th scope="col">状态</th></tr></thead>
            <tbody>
              {people.value.map((one) => (
                <tr key={one.person}>
                  <th scope="row">{nameOf(one.person)}</th>
                  <td>{one.desks.map(deskName).join('、')}</td>
                  <td>{loadOf(one)}</td>
                  <td class="right">{one.offered}</td>
                  <td>{one.away ? <span class="tag tag-warning">请假</span> : one.onDuty ? <span class="tag tag-success">在岗</span> : <span class="tag tag-quiet">离岗</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    );

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>督办看板</h1>
          <div class="page-deeds">{has('supervisor') ? <Button onClick={() => { isReassigning.value = true; }}>改派任务</Button> : null}</div>
        </div>
        {staleNote(board)}
        {standIn(board, board.value !== null) ?? (board.value ? (
          <>
            <div class="figures">{figure('待领取', total.value.waiting)}{figure('在办', total.value.claimed)}{figure('超期', total.value.overdue, total.value.overdue > 0 ? 'figure-late' : '')}</div>
            <div class="halves">{desks(board.value)}{crew()}</div>
            {has('supervisor') ? <p class="quiet">案件超期或长时间无人领取时会发消息给您，见<RouterLink class="link" to="/inbox">消息</RouterLink>。</p> : null}
          </>
        ) : null)}
        {isReassigning.value ? <Reassign onClose={() => { isReassigning.value = false; }} onDone={() => { isReassigning.value = false; void board.reload(); }} /> : null}
      </div>
    );
  },
});

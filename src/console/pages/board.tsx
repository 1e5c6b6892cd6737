import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, onScopeDispose, ref } from 'vue';
import { RouterLink } from 'vue-router';
import type { BoardView, Explanation } from '../../review/queue';
import { get, isProblem, post, sentenceOf } from '../api';
import { shortly, todayInShanghai } from '../format';
import { onLive } from '../live';
import { load } from '../load';
import { Box } from '../parts/box';
import { Modal } from '../parts/modal';
import { said, staleNote, standIn } from '../parts/states';
import { has, type StaffView } from '../session';
import { deskName, regionName } from '../words';

const LOOK_EVERY_MS = 30_000;

/** The register of staff, for names; a director may see the board but not the register. */
async function names(): Promise<Map<string, StaffView>> {
  try {
    return new Map((await get<{ items: StaffView[] }>('/api/v1/staff')).items.map((one) => [one.id, one]));
  } catch (error) {
    if (isProblem(error, 'FORBIDDEN')) return new Map();
    throw error;
  }
}

/** Load and delay by desk, county and person; tasks given to somebody else by the supervisor. */
export default defineComponent({
  name: 'BoardPage',
  setup() {
    const board = load(() => get<BoardView>('/api/v1/queue/board'));
    const staff = load(names);
    const isReassigning = ref(false);
    onLive(() => void board.reload(), 1000);
    const timer = setInterval(() => { if (!document.hidden) void board.reload(); }, LOOK_EVERY_MS);
    onScopeDispose(() => clearInterval(timer));

    const total = computed(() => (board.value?.desks ?? []).reduce((sum, desk) => ({ waiting: sum.waiting + desk.waiting, claimed: sum.claimed + desk.claimed, overdue: sum.overdue + desk.overdue }), { waiting: 0, claimed: 0, overdue: 0 }));
    const nameOf = (person: string): string => staff.value?.get(person)?.name ?? `人员 ${person.slice(0, 6)}`;
    const isAway = (person: string): boolean => staff.value?.get(person)?.absences.some(({ from, to }) => from <= todayInShanghai() && todayInShanghai() <= to) ?? false;
    const people = computed(() => (board.value?.people ?? []).toSorted((a, b) => b.claimed - a.claimed || b.offered - a.offered));

    const figure = (title: string, value: number, tone = '') => <div class={['figure-card', tone]}><span class="figure-value">{value}</span><span class="figure-title">{title}</span></div>;
    const late = (count: number) => <td class={['right', count > 0 ? 'late' : '']}>{count}</td>;

    const desks = ({ desks: all }: BoardView) => (
      <section class="card" aria-labelledby="board-desks">
        <h2 id="board-desks" class="card-title">各队列</h2>
        <table class="table">
          <thead><tr><th scope="col">队列</th><th scope="col" class="right">待领取</th><th scope="col" class="right">在办</th><th scope="col" class="right">超期</th><th scope="col">最早进入</th></tr></thead>
          <tbody>
            {all.map(({ desk, title, waiting, claimed, overdue, oldest, regions }) => (
              <>
                <tr key={desk}><th scope="row">{title}</th><td class="right">{waiting}</td><td class="right">{claimed}</td>{late(overdue)}<td class="nowrap">{oldest ? shortly(oldest) : '—'}</td></tr>
                {regions.map((region) => <tr key={`${desk} ${region.region}`} class="row-sub"><th scope="row">{regionName(region.region)}</th><td class="right">{region.waiting}</td><td class="right">{region.claimed}</td>{late(region.overdue)}<td /></tr>)}
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
                  <td>{isAway(one.person) ? <span class="tag tag-warning">请假</span> : one.onDuty ? <span class="tag tag-success">在岗</span> : <span class="tag tag-quiet">离岗</span>}</td>
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
            <p class="quiet">超期和无人领取的案件会发消息给督办人员，编号见<RouterLink class="link" to="/inbox">消息</RouterLink>。</p>
          </>
        ) : null)}
        {isReassigning.value && staff.value ? <Reassign staff={[...staff.value.values()]} onClose={() => { isReassigning.value = false; }} onDone={() => { isReassigning.value = false; void board.reload(); }} /> : null}
      </div>
    );
  },
});

/** First which case, and who has it; then who shall. Whether they may is the server's to say. */
const Reassign = defineComponent({
  name: 'Reassign',
  props: { staff: { type: Array as () => StaffView[], required: true } },
  emits: { close: () => true, done: () => true },
  setup(props, { emit }) {
    const no = ref('');
    const found = ref<Explanation | null>(null);
    const to = ref('');
    const problem = ref('');
    const isBusy = ref(false);
    const nameOf = (person: string | undefined): string => props.staff.find(({ id }) => id === person)?.name ?? '';
    const fit = computed(() => props.staff.filter(({ active, desks, id }) => active && found.value && desks.includes(found.value.desk) && id !== found.value.person));

    async function run(work: () => Promise<void>): Promise<void> {
      isBusy.value = true;
      problem.value = '';
      try { await work(); } catch (error) { problem.value = sentenceOf(error); } finally { isBusy.value = false; }
    }
    const look = (event: Event): void => {
      event.preventDefault();
      void run(async () => {
        found.value = null;
        to.value = '';
        found.value = await get<Explanation>(`/api/v1/queue/${encodeURIComponent(no.value.trim().toUpperCase())}/why`);
      });
    };
    const give = (): Promise<void> => run(async () => {
      if (!to.value) {
        problem.value = '请选择承办人员';
        return;
      }
      await post(`/api/v1/queue/${found.value!.no}/reassign`, { to: to.value });
      said(`${found.value!.no} 已改派给${nameOf(to.value)}`);
      emit('done');
    });

    return () => (
      <Modal title="改派任务" onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={look}>
          <div class="field">
            <label for="reassign-no">案件编号</label>
            <div class="inline"><Box id="reassign-no" value={no.value} placeholder="如 JB20261122-7K3MQ9" onChange={(value: string) => { no.value = value; found.value = null; problem.value = ''; }} /><Button type="submit" theme="default" variant="outline" loading={isBusy.value && !found.value}>查找</Button></div>
          </div>
        </form>
        {found.value ? (
          <>
            <dl class="facts"><dt>队列</dt><dd>{deskName(found.value.desk)}</dd><dt>现况</dt><dd>{found.value.place === 'claim' ? `${nameOf(found.value.person)} 在办` : found.value.place === 'offer' ? `已派给 ${nameOf(found.value.person)}，待领取` : '在队列中待领取'}</dd></dl>
            <p class="why">{found.value.text}</p>
            <fieldset class="field">
              <legend>改派给</legend>
              <div class="options options-column">
                {fit.value.map(({ id, name, regions, onDuty }) => (
                  <label class="option" key={id}><input type="radio" name="to" checked={to.value === id} onChange={() => { to.value = id; problem.value = ''; }} /><span>{name}<span class="quiet">　{regions.map(regionName).join('、') || '全市'}{onDuty ? '' : '　离岗'}</span></span></label>
                ))}
              </div>
              {fit.value.length === 0 ? <p class="quiet">本队列没有其他人员。</p> : null}
            </fieldset>
          </>
        ) : null}
        {problem.value ? <p class="note note-error" role="alert">{problem.value}</p> : null}
        <div class="modal-foot">
          <Button disabled={!found.value || fit.value.length === 0} loading={isBusy.value && Boolean(found.value)} onClick={() => void give()}>改派</Button>
          <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
        </div>
      </Modal>
    );
  },
});

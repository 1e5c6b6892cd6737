import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, nextTick, onScopeDispose, ref, watch } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import type { Explanation, QueueLine as Line, QueueView } from '../../review/queue';
import type { Claimed } from '../../review/claims';
import type { CaseLine } from '../../kernel/view';
import { get, isProblem, post, query } from '../api';
import { moment, shortly } from '../format';
import { connected, onLive } from '../live';
import { load } from '../load';
import { useKeys } from '../parts/keys';
import { ReturnDialog } from '../parts/return-dialog';
import { complain, Due, Empty, said, staleNote, standIn } from '../parts/states';
import { Whose } from '../parts/whose';
import { me } from '../session';
import { deskName, regionName, sectorName } from '../words';

const PAGE = 30;
/** Words such as 还剩 3 个工作日 grow old by themselves. */
const LOOK_EVERY_MS = 60_000;

/** Whom it concerns, where one may read so before it is one's own; until when a dispatch is kept. */
type QueueLine = Line & { parties?: CaseLine['parties']; until?: string };
type Place = 'offered' | 'mine' | 'pool';
const PLACES: Record<Place, { title: string; empty: string }> = {
  mine: { title: '我在办的', empty: '名下没有在办任务' },
  offered: { title: '派给我的', empty: '暂无派单' },
  pool: { title: '队列待领取', empty: '队列中没有待领取的任务' },
};
const ORDER = Object.keys(PLACES) as Place[];

export default defineComponent({
  name: 'QueuePage',
  setup() {
    const router = useRouter();
    const desk = ref('');
    const view = load(() => get<QueueView>(`/api/v1/queue${query({ limit: PAGE, desk: desk.value })}`), () => desk.value);
    const further = ref<{ lines: QueueLine[]; next: string | null } | null>(null);
    const chosen = ref('');
    const busy = ref('');
    const returning = ref<QueueLine | null>(null);
    const helps = ref(false);

    const pool = computed(() => [...(view.value?.pool ?? []), ...(further.value?.lines ?? [])].filter(({ no }, at, all) => all.findIndex((line) => line.no === no) === at));
    const linesOf = (place: Place): QueueLine[] => (place === 'pool' ? pool.value : view.value?.[place] ?? []);
    const all = computed(() => ORDER.flatMap((place) => linesOf(place).map((line) => ({ place, line }))));
    const selected = computed(() => all.value.find(({ line }) => line.no === chosen.value));
    const isToTake = computed(() => linesOf('offered').length + pool.value.length > 0);
    const next = computed(() => (further.value ? further.value.next : view.value?.next) ?? null);

    const look = async (): Promise<void> => {
      further.value = null;
      await view.reload();
    };
    onLive((changes) => { if (!changes.every((change) => change?.kind === 'claimed' && change.no === busy.value)) void look(); });
    const timer = setInterval(() => { if (!document.hidden) void view.reload(); }, LOOK_EVERY_MS);
    onScopeDispose(() => clearInterval(timer));
    watch(all, (lines) => { if (!lines.some(({ line }) => line.no === chosen.value)) chosen.value = lines[0]?.line.no ?? ''; }, { immediate: true });

    async function more(): Promise<void> {
      const after = next.value;
      if (!after) return;
      try {
        const page = await get<QueueView>(`/api/v1/queue${query({ limit: PAGE, after, desk: desk.value })}`);
        further.value = { lines: [...(further.value?.lines ?? []), ...page.pool], next: page.next };
      } catch (error) { complain(error); }
    }

    async function claim(no: string): Promise<void> {
      if (busy.value) return;
      busy.value = no;
      try {
        await post<Claimed>(`/api/v1/queue/${no}/claim`);
        await router.push(`/cases/${no}`);
      } catch (error) {
        complain(error);
        if (isProblem(error)) await look();
      } finally { busy.value = ''; }
    }

    async function claimNext(): Promise<void> {
      if (busy.value) return;
      busy.value = 'next';
      try {
        const { claimed } = await post<{ claimed: Claimed | null }>('/api/v1/queue/next', desk.value ? { desk: desk.value } : {}, { key: crypto.randomUUID() });
        if (claimed) await router.push(`/cases/${claimed.no}`);
        else said('队列中没有可领取的任务');
      } catch (error) { complain(error); } finally { busy.value = ''; }
    }

    function step(by: number): void {
      const at = all.value.findIndex(({ line }) => line.no === chosen.value);
      const to = all.value[Math.min(Math.max(at + by, 0), all.value.length - 1)];
      if (!to) return;
      chosen.value = to.line.no;
      void nextTick(() => document.querySelector('.row-chosen')?.scrollIntoView({ block: 'nearest' }));
    }
    const open = (): void => {
      const { place, line } = selected.value ?? {};
      if (line && place === 'mine') void router.push(`/cases/${line.no}`);
      else if (line) void claim(line.no);
    };

    useKeys({
      j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
      c: () => { if (selected.value && selected.value.place !== 'mine') void claim(selected.value.line.no); },
      n: () => void claimNext(), Enter: open,
      r: () => { if (selected.value && selected.value.place !== 'pool') returning.value = selected.value.line; },
      '?': () => { helps.value = !helps.value; },
      '/': () => document.getElementById('case-search')?.focus(),
    });

    const row = (place: Place, line: QueueLine) => (
      <tr key={line.no} class={['row', chosen.value === line.no && 'row-chosen']} aria-selected={chosen.value === line.no} onClick={() => { chosen.value = line.no; }} onDblclick={open}>
        <td>{place === 'mine' ? <RouterLink class="link no" to={`/cases/${line.no}`}>{line.no}</RouterLink> : <span class="no">{line.no}</span>}</td>
        <td class="nowrap">{line.title}{line.priority > 0 ? <span class="tag tag-warning">优先</span> : null}</td>
        <td><span class="tag tag-primary">{line.state.title}</span></td>
        <td class="from-wide">{[regionName(line.region), sectorName(line.sector)].filter(Boolean).join(' · ') || '—'}</td>
        <td class="nowrap">{shortly(line.since)}</td>
        <td class="nowrap"><Due due={line.due} inWords={line.inWords} /></td>
        <td class="row-deeds">
          {place === 'mine'
            ? <Button size="small" theme="default" variant="outline" onClick={() => void router.push(`/cases/${line.no}`)}>办理</Button>
            : <Button size="small" variant={place === 'offered' ? 'base' : 'outline'} loading={busy.value === line.no} onClick={() => void claim(line.no)}>领取</Button>}
        </td>
      </tr>
    );

    const section = (place: Place) => (
      <section key={place} class="card" aria-labelledby={`queue-${place}`}>
        <h2 id={`queue-${place}`} class="card-title">{PLACES[place].title}<span class="count count-quiet">{linesOf(place).length}{place === 'pool' && next.value ? '+' : ''}</span></h2>
        {linesOf(place).length === 0 ? <p class="quiet card-empty">{PLACES[place].empty}</p> : (
          <table class="table">
            <thead><tr><th scope="col">案件编号</th><th scope="col">事项</th><th scope="col">状态</th><th scope="col" class="from-wide">区域与行业</th><th scope="col">进入队列</th><th scope="col">时限</th><th scope="col"><span class="unseen">操作</span></th></tr></thead>
            <tbody>{linesOf(place).map((line) => row(place, line))}</tbody>
          </table>
        )}
        {place === 'pool' && next.value ? <div class="more"><Button theme="default" variant="text" onClick={() => void more()}>更多</Button></div> : null}
      </section>
    );

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>我的队列</h1>
          <span class={['live', connected.value && 'live-on']} role="status">{connected.value ? '实时' : '正在连接…'}</span>
          {(me()?.desks.length ?? 0) > 1 ? <label class="unseen" for="queue-desk">队列</label> : null}
          {(me()?.desks.length ?? 0) > 1 ? <select id="queue-desk" class="box box-short" value={desk.value} onChange={(event) => { further.value = null; desk.value = (event.target as HTMLSelectElement).value; }}>
            <option value="">全部队列</option>
            {me()?.desks.map((name) => <option key={name} value={name}>{deskName(name)}</option>)}
          </select> : null}
          <div class="page-deeds">
            <Button theme="default" variant="text" aria-expanded={helps.value} onClick={() => { helps.value = !helps.value; }}>快捷键 <kbd>?</kbd></Button>
            <Button loading={busy.value === 'next'} disabled={!isToTake.value} onClick={() => void claimNext()}>领取下一件 <kbd>N</kbd></Button>
          </div>
        </div>
        {helps.value ? <p class="note keys"><kbd>j</kbd> <kbd>k</kbd> 上下选择　<kbd>c</kbd> 领取所选　<kbd>n</kbd> 领取下一件　<kbd>Enter</kbd> 打开　<kbd>r</kbd> 退回或谢绝　<kbd>/</kbd> 按编号查找</p> : null}
        {standIn(view, view.value !== null) ?? (all.value.length === 0 && !next.value ? (
          <section class="card" aria-label="任务">{staleNote(view)}<Empty title="现在没有任务" hint="有新任务会自动出现在这里" /></section>
        ) : (
          <div class="with-aside">
            <div class="column">{staleNote(view)}{ORDER.map(section)}</div>
            <Aside line={selected.value?.line ?? null} place={selected.value?.place ?? 'pool'} busy={busy.value === chosen.value} onClaim={() => void claim(chosen.value)} onReturn={() => { returning.value = selected.value?.line ?? null; }} />
          </div>
        ))}
        {returning.value ? <ReturnDialog no={returning.value.no} claimed={returning.value.claimed} onClose={() => { returning.value = null; }} onDone={() => { returning.value = null; void look(); }} /> : null}
      </div>
    );
  },
});

/** Of the chosen line: why it came here, and to whom it could have gone. */
const Aside = defineComponent({
  name: 'QueueAside',
  props: { line: { type: Object as () => QueueLine | null, default: null }, place: { type: String as () => Place, required: true }, busy: Boolean },
  emits: { return: () => true, claim: () => true },
  setup(props, { emit }) {
    const why = load(async () => (props.line ? get<Explanation>(`/api/v1/queue/${props.line.no}/why`) : null), () => `${props.line?.no} ${props.place}`);
    return () => (
      <aside class="card aside" aria-label="所选任务">
        {!props.line ? <p class="quiet">没有所选的任务。</p> : (
          <>
            <h2 class="card-title no">{props.line.no}</h2>
            <dl class="facts">
              <dt>事项</dt><dd>{props.line.title}，{props.line.state.title}</dd>
              <dt>队列</dt><dd>{deskName(props.line.desk)}</dd>
              <dt>进入队列</dt><dd>{moment(props.line.since)}</dd>
              <dt>时限</dt><dd><Due due={props.line.due} inWords={props.line.inWords} />{props.line.due ? <span class="quiet block">至 {moment(props.line.due)}</span> : null}</dd>
              {(props.line.parties ?? []).length > 0 ? <><dt>当事人</dt><dd><Whose line={{ parties: props.line.parties! }} /></dd></> : null}
              {props.line.until ? <><dt>派单保留</dt><dd>至 {moment(props.line.until)}<span class="quiet block">逾时未领取的，另行派单</span></dd></> : null}
            </dl>
            <h3>{props.place === 'pool' ? '为何待领取' : '派单依据'}</h3>
            {standIn(why, why.value !== null) ?? (why.value ? (
              <>
                <p class="why">{why.value.text}</p>
                {why.value.place !== 'claim' && why.value.steps.length > 0 ? <ol class="steps">{why.value.steps.map(({ step, title, left }) => <li key={step}><span>{title}</span><span class="steps-left">{left} 人</span></li>)}</ol> : null}
              </>
            ) : null)}
            {(props.line.parties ?? []).length > 0 || props.place === 'mine' ? null : <p class="quiet">领取后方可查看当事人和材料。</p>}
            <p class="aside-deeds">
              {props.place === 'mine' ? null : <Button loading={props.busy} onClick={() => emit('claim')}>领取 <kbd>C</kbd></Button>}
              {props.place === 'pool' ? null : <Button theme="default" variant="outline" onClick={() => emit('return')}>{props.place === 'mine' ? '退回队列' : '谢绝派单'} <kbd>R</kbd></Button>}
            </p>
          </>
        )}
      </aside>
    );
  },
});

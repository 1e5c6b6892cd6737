import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, ref, watch } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import type { CaseLine } from '../../kernel/view';
import { get, query } from '../api';
import { shortly } from '../format';
import { onLive } from '../live';
import { load, loadPages } from '../load';
import { Box } from '../parts/box';
import { ExportDialog } from '../parts/export-dialog';
import { useKeys } from '../parts/keys';
import { Due, Empty, staleNote, standIn } from '../parts/states';
import { procedures } from '../procedures';
import { has } from '../session';
import { Whose } from '../parts/whose';
import { DESK_NAMES, deskName } from '../words';

const PAGE = 30;

/** Cases this reader may see, by procedure and state, newest first; or only those that wait for them, most urgent first. */
export default defineComponent({
  name: 'CasesPage',
  props: { waiting: Boolean },
  setup(props) {
    const route = useRoute();
    const router = useRouter();
    const known = load(procedures);
    // The filters stand in the address, so that coming back from a case finds the same list.
    const procedure = computed(() => String(route.query['procedure'] ?? ''));
    const state = computed(() => String(route.query['state'] ?? ''));
    const q = computed(() => String(route.query['q'] ?? ''));
    const desk = computed(() => String(route.query['desk'] ?? ''));
    const isOverdue = computed(() => route.query['overdue'] === 'true');
    const asked = computed(() => ({ q: q.value, procedure: procedure.value, state: state.value, desk: desk.value, overdue: isOverdue.value ? true : '' }));
    const list = loadPages(
      (after) => get<{ items: CaseLine[]; next: string | null }>(`/api/v1/cases${query({ ...asked.value, waiting: props.waiting ? 'me' : '', limit: PAGE, after })}`),
      // Two pages of the menu are this one: going from one to the other asks anew.
      () => JSON.stringify([props.waiting, asked.value]),
    );
    const text = ref(q.value);
    watch(q, (value) => { text.value = value; });
    const exporting = ref(false);
    onLive(() => { if (props.waiting) void list.reload(); });
    const isOutside = has('expert', 'agency');

    /** The filters that are set, as an export takes them. */
    const wanted = () => Object.fromEntries(Object.entries(asked.value).filter(([, value]) => value !== ''));

    /** The row the keys have come to; none before one is pressed. */
    const at = ref(-1);
    const filter = (more: Record<string, string>): void => {
      at.value = -1;
      const kept = Object.fromEntries(Object.entries({ ...route.query, ...more }).filter(([, value]) => value));
      void router.replace({ path: route.path, query: kept });
    };
    const states = computed(() => known.value?.find(({ name }) => name === procedure.value)?.states ?? []);

    useKeys({
      j: () => { at.value = Math.min(at.value + 1, list.items.length - 1); }, k: () => { at.value = Math.max(at.value - 1, 0); },
      Enter: () => { const line = list.items[at.value]; if (line) void router.push(`/cases/${line.no}`); },
      '/': () => document.getElementById('case-search')?.focus(),
    });

    const place = ({ task }: CaseLine) => (task && !isOutside ? <span class="quiet block">{deskName(task.desk)}，{task.claimed ? '已领取' : '待领取'}</span> : null);

    const select = (id: string, label: string, value: string, all: string, options: [string, string][], set: (value: string) => void) => (
      <>
        <label for={id} class="filter-label">{label}</label>
        <select id={id} class="box box-short" value={value} disabled={options.length === 0} onChange={(event) => set((event.target as HTMLSelectElement).value)}>
          <option value="">{all}</option>
          {options.map(([key, title]) => <option key={key} value={key}>{title}</option>)}
        </select>
      </>
    );

    const table = () => (
      <table class="table">
        <thead><tr><th scope="col">案件编号</th><th scope="col">事项</th><th scope="col">状态</th><th scope="col">当事人</th><th scope="col">时限</th><th scope="col">提交</th><th scope="col" class="from-wide">最近变化</th></tr></thead>
        <tbody>
          {list.items.map((line, index) => (
            <tr key={line.no} class={['row', index === at.value && 'row-chosen']} onClick={() => { at.value = index; }} onDblclick={() => void router.push(`/cases/${line.no}`)}>
              <td><RouterLink class="link no" to={`/cases/${line.no}`}>{line.no}</RouterLink>{line.waitsForMe ? <span class="tag tag-warning">待我办</span> : null}</td>
              <td class="nowrap">{line.title}</td>
              <td><span class={['tag', line.state.end ? 'tag-quiet' : 'tag-primary']}>{line.state.title}</span>{place(line)}</td>
              <td><Whose line={line} /></td>
              <td class="nowrap">{line.state.end ? '—' : <Due due={line.due} inWords={line.inWords} />}</td>
              <td class="nowrap">{shortly(line.openedAt)}</td>
              <td class="nowrap from-wide">{shortly(line.updatedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );

    return () => (
      <div class="page">
        <div class="page-head page-head-full">
          <h1>{props.waiting ? '待我办理' : '案件查询'}</h1>
          {props.waiting ? null : (
            <div class="filters">
              <form class="inline" role="search" aria-label="查询案件" onSubmit={(event: Event) => { event.preventDefault(); filter({ q: text.value.trim() }); }}>
                <label class="unseen" for="cases-text">单位名称或案件编号</label>
                <Box id="cases-text" class="box box-search" value={text.value} maxlength={40} placeholder="单位名称或案件编号" onChange={(value: string) => { text.value = value; if (value === '') filter({ q: '' }); }} />
                <Button type="submit" theme="default" variant="outline">查询</Button>
              </form>
              {select('cases-procedure', '事项', procedure.value, '全部事项', (known.value ?? []).map(({ name, title }) => [name, title]), (value) => filter({ procedure: value, state: '' }))}
              {select('cases-state', '状态', state.value, procedure.value ? '全部状态' : '先选事项', states.value.map(({ name, title }) => [name, title]), (value) => filter({ state: value }))}
              {isOutside ? null : select('cases-desk', '队列', desk.value, '全部队列', DESK_NAMES, (value) => filter({ desk: value }))}
              <label class="option"><input type="checkbox" checked={isOverdue.value} onChange={() => filter({ overdue: isOverdue.value ? '' : 'true' })} /><span>只看超期</span></label>
            </div>
          )}
          {props.waiting || isOutside ? null : <div class="page-deeds"><Button theme="default" variant="outline" disabled={list.items.length === 0} onClick={() => { exporting.value = true; }}>导出清单</Button></div>}
        </div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <section class="card" aria-label="案件列表">
            {list.items.length === 0
              ? props.waiting ? <Empty title="没有等待您办理的案件" hint="有新的会自动出现，也会发消息给您" />
                : Object.keys(wanted()).length > 0 ? <Empty title="没有符合条件的案件" hint="只显示您有权查看的案件；可换一个条件，或按编号查找" />
                  : <Empty title="还没有您可以查看的案件" hint="有了会出现在这里" />
              : table()}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div>
              : list.items.length > 0 ? <p class="quiet more">共 {list.items.length} 件，已全部显示</p> : null}
          </section>
        )}
        {exporting.value ? <ExportDialog title="导出案件清单" file="案件清单.xlsx" of={{ kind: 'cases', filter: wanted() }} onClose={() => { exporting.value = false; }} /> : null}
      </div>
    );
  },
});

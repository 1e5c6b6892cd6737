import { Button } from 'tdesign-vue-next';
import { computed, defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import type { ExportView } from '../../exports/exports';
import { get, query } from '../api';
import { moment, number } from '../format';
import { load, loadPages } from '../load';
import { Empty, staleNote, standIn } from '../parts/states';
import { procedures } from '../procedures';
import { has } from '../session';

const PAGE = 30;
const KINDS: Record<string, string> = { cases: '案件清单', register: '服务商库', case: '案件' };
const FILTERS: Record<string, string> = { procedure: '事项', state: '状态', q: '文字', desk: '队列', overdue: '超期', waiting: '待办', linked: '相关案件' };

/** What was taken out of the house, by whom and what for. */
export default defineComponent({
  name: 'ExportsPage',
  setup() {
    const list = loadPages(async (before) => {
      const page = await get<{ items: ExportView[]; next: number | null }>(`/api/v1/exports${query({ limit: PAGE, before })}`);
      return { items: page.items, next: page.next === null ? null : String(page.next) };
    });
    const known = load(procedures);
    const isWhole = has('supervisor', 'director', 'auditor');
    const titles = computed(() => new Map((known.value ?? []).flatMap(({ name, title, states }) => [[name, title] as const, ...states.map((state) => [`${name} ${state.name}`, state.title] as const)])));

    const content = ({ kind, of }: ExportView) => {
      const { no, procedure, state, ...rest } = of;
      if (no) return <RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink>;
      const parts = [
        ...(procedure ? [titles.value.get(procedure) ?? procedure] : []), ...(state ? [titles.value.get(`${procedure} ${state}`) ?? state] : []),
        ...Object.entries(rest).map(([name, value]) => (value === 'true' || value === 'me' ? FILTERS[name] ?? name : `${FILTERS[name] ?? name}：${value}`)),
      ];
      return <span>{KINDS[kind] ?? kind}{parts.length > 0 ? <span class="quiet">　{parts.join('，')}</span> : null}</span>;
    };

    return () => (
      <div class="page">
        <div class="page-head">
          <h1>导出记录</h1>
          <span class="quiet">{isWhole ? '全部人员的导出' : '您本人的导出'}，逐条留痕，不能修改</span>
        </div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <section class="card" aria-label="导出记录">
            {list.items.length === 0 ? <Empty title="还没有导出" hint="在案件查询、服务商库和案件页可以导出；每次导出都记在这里" /> : (
              <table class="table">
                <thead><tr><th scope="col">时间</th><th scope="col">人员</th><th scope="col">内容</th><th scope="col" class="right">条数</th><th scope="col">用途</th><th scope="col">编号</th></tr></thead>
                <tbody>
                  {list.items.map((one) => (
                    <tr key={one.id}>
                      <td class="nowrap">{moment(one.at)}</td><td class="nowrap">{one.by}</td><td>{content(one)}</td><td class="right">{number(one.rows)}</td>
                      <td class="breakable">{one.reason}</td><td><code title={`文件校验 ${one.sha256}`}>{one.id}</code></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div> : null}
          </section>
        )}
      </div>
    );
  },
});

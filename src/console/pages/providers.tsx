import { Button } from 'tdesign-vue-next';
import { computed, defineComponent, onScopeDispose, ref } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import type { ProviderPage } from '../../register/directory';
import { get, query } from '../api';
import { day } from '../format';
import { loadPages } from '../load';
import { Box } from '../parts/box';
import { ExportDialog } from '../parts/export-dialog';
import { useKeys } from '../parts/keys';
import { Empty, staleNote, standIn } from '../parts/states';
import { has } from '../session';
import { articleInWords, regionName, SECTORS, sectorName } from '../words';

const PAGE = 30;
const TYPING_PAUSE_MS = 300;
export const STANDINGS: Record<string, [words: string, tone: string]> = { listed: ['在库', 'tag-success'], removed: ['已退出', 'tag-quiet'], candidate: ['待遴选', 'tag-quiet'] };
export const standingTag = (standing: string) => <span class={['tag', STANDINGS[standing]?.[1]]}>{STANDINGS[standing]?.[0] ?? standing}</span>;

/** The register of providers as the public sees it, found by a part of the name. */
export default defineComponent({
  name: 'ProvidersPage',
  setup() {
    const route = useRoute();
    const router = useRouter();
    const filters = computed(() => ({ name: String(route.query['name'] ?? ''), sector: String(route.query['sector'] ?? ''), standing: String(route.query['standing'] ?? '') }));
    const list = loadPages((after) => get<ProviderPage>(`/api/v1/providers${query({ ...filters.value, limit: PAGE, after })}`), () => JSON.stringify(filters.value));
    const text = ref(filters.value.name);
    /** The row the keys have come to; none before one is pressed. */
    const at = ref(-1);
    const exporting = ref(false);
    let timer: ReturnType<typeof setTimeout> | undefined;
    onScopeDispose(() => clearTimeout(timer));

    const filter = (more: Partial<typeof filters.value>): void => {
      at.value = -1;
      void router.replace({ path: route.path, query: Object.fromEntries(Object.entries({ ...filters.value, ...more }).filter(([, value]) => value)) });
    };
    const type = (value: string): void => {
      text.value = value;
      clearTimeout(timer);
      timer = setTimeout(() => filter({ name: value.trim() }), TYPING_PAUSE_MS);
    };
    useKeys({
      j: () => { at.value = Math.min(at.value + 1, list.items.length - 1); }, k: () => { at.value = Math.max(at.value - 1, 0); },
      Enter: () => { const one = list.items[at.value]; if (one) void router.push(`/providers/${one.id}`); },
      '/': () => document.getElementById('provider-name')?.focus(),
    });

    const select = (id: 'sector' | 'standing', label: string, options: [string, string][]) => (
      <>
        <label for={`provider-${id}`} class="filter-label">{label}</label>
        <select id={`provider-${id}`} class="box box-short" value={filters.value[id]} onChange={(event) => filter({ [id]: (event.target as HTMLSelectElement).value })}>
          <option value="">全部</option>
          {options.map(([key, words]) => <option key={key} value={key}>{words}</option>)}
        </select>
      </>
    );

    return () => (
      <div class="page">
        <div class="page-head page-head-full">
          <h1>服务商库</h1>
          <div class="filters">
            <label for="provider-name" class="filter-label">名称</label>
            <Box id="provider-name" class="box box-short" value={text.value} maxlength={40} placeholder="名称的一部分" onChange={type} />
            {select('sector', '细分行业', SECTORS)}
            {select('standing', '资格', [['listed', '在库'], ['removed', '已退出']])}
          </div>
          {has('intake', 'reviewer', 'county', 'supervisor', 'director', 'auditor', 'admin') ? <div class="page-deeds"><Button theme="default" variant="outline" onClick={() => { exporting.value = true; }}>导出服务商库</Button></div> : null}
        </div>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <section class="card" aria-label="服务商">
            {list.items.length === 0 ? <Empty title="没有符合条件的服务商" hint="可换一个名称或条件" /> : (
              <table class="table">
                <thead><tr><th scope="col">名称</th><th scope="col">资格</th><th scope="col">县（市、区）</th><th scope="col">细分行业</th><th scope="col">最近变动</th><th scope="col">依据</th></tr></thead>
                <tbody>
                  {list.items.map(({ id, name, standing, region, sector, since, article }, index) => (
                    <tr key={id} class={['row', index === at.value && 'row-chosen']} onClick={() => { at.value = index; }} onDblclick={() => void router.push(`/providers/${id}`)}>
                      <th scope="row" class="wrap"><RouterLink class="link" to={`/providers/${id}`}>{name}</RouterLink></th>
                      <td>{standingTag(standing)}</td>
                      <td class="nowrap">{regionName(region)}</td>
                      <td class="nowrap">{sectorName(sector) || '—'}</td>
                      <td class="nowrap">{since ? day(since) : '—'}</td>
                      <td class="nowrap">{article ? articleInWords(article) : '名单导入'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div>
              : list.items.length > 0 ? <p class="quiet more">共 {list.items.length} 家，已全部显示</p> : null}
          </section>
        )}
        {exporting.value ? <ExportDialog title="导出服务商库" file="服务商库.xlsx" of={{ kind: 'register' }} onClose={() => { exporting.value = false; }} /> : null}
      </div>
    );
  },
});

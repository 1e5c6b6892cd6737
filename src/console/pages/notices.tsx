import { Button } from 'tdesign-vue-next';
import { computed, defineComponent } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import type { PublicNotice } from '../../register/notices';
import { get, query } from '../api';
import { moment } from '../format';
import { load, loadPages } from '../load';
import { mayOpen } from '../openings';
import { Empty, staleNote, standIn } from '../parts/states';
import { articleInWords } from '../words';

const PAGE = 20;
const KINDS: Record<PublicNotice['kind'], string> = { standing: '入库和退出', batch: '验收通知' };

/** What was made public, newest first. Notices are effects of cases: nobody writes, alters or withdraws one by hand. */
export default defineComponent({
  name: 'NoticesPage',
  setup() {
    const route = useRoute();
    const router = useRouter();
    const filters = computed(() => ({ kind: String(route.query['kind'] ?? ''), subject: String(route.query['subject'] ?? '') }));
    const mayPublish = load(() => mayOpen('batch'));
    const list = loadPages((after) => get<{ items: PublicNotice[]; next: string | null }>(`/api/v1/notices${query({ ...filters.value, limit: PAGE, after })}`), () => JSON.stringify(filters.value));

    const about = ({ kind, id, name }: PublicNotice['subject']) =>
      (kind === 'provider' ? <RouterLink class="link" to={`/providers/${id}`}>{name}</RouterLink> : <RouterLink class="link no" to={`/cases/${id}`}>{id}</RouterLink>);

    const card = ({ id, kind, title, body, article, publishedAt, subject }: PublicNotice) => (
      <section key={id} class="card" aria-labelledby={`notice-${id}`}>
        <h2 id={`notice-${id}`} class="card-title">{title}<span class="tag tag-quiet">{KINDS[kind] ?? kind}</span></h2>
        <div class="prose">{body}</div>
        <p class="quiet notice-foot">发布于 {moment(publishedAt)}　依据{articleInWords(article)}　{subject.kind === 'provider' ? '服务商' : '案件'} {about(subject)}</p>
      </section>
    );

    return () => (
      <div class="page page-narrow">
        <div class="page-head">
          <h1>公告</h1>
          <div class="filters">
            <label for="notice-kind" class="filter-label">类别</label>
            <select id="notice-kind" class="box box-short" value={filters.value.kind} onChange={(event) => void router.replace({ path: route.path, query: { ...((event.target as HTMLSelectElement).value ? { kind: (event.target as HTMLSelectElement).value } : {}), ...(filters.value.subject ? { subject: filters.value.subject } : {}) } })}>
              <option value="">全部</option>
              {Object.entries(KINDS).map(([key, words]) => <option key={key} value={key}>{words}</option>)}
            </select>
            {filters.value.subject ? <RouterLink class="link" to="/notices">看全部公告</RouterLink> : null}
          </div>
        </div>
        <p class="quiet page-lead">公告随案件发布，公众在小程序可见：列入和退出服务商库、验收通知。{mayPublish.value ? <>要发布验收通知，请到<RouterLink class="link" to="/batches">验收批次</RouterLink>。</> : null}</p>
        {staleNote(list)}
        {standIn(list, list.items.length > 0) ?? (
          <>
            {list.items.length === 0 ? <section class="card"><Empty title="没有公告" hint="服务商列入、退出服务商库和发布验收通知后，会出现在这里" /></section> : list.items.map(card)}
            {list.more ? <div class="more"><Button theme="default" variant="text" loading={list.busy} onClick={() => void list.next()}>更多</Button></div> : null}
          </>
        )}
      </div>
    );
  },
});

import { defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import type { ProviderView } from '../../register/provider-routes';
import type { PublicNotice } from '../../register/notices';
import { get, query } from '../api';
import { day, moment } from '../format';
import { load } from '../load';
import { staleNote, standIn } from '../parts/states';
import { articleInWords, regionName, sectorName } from '../words';
import { standingTag } from './providers';

/** One provider: its standing and every change of it, with the article and the case behind it as far as this reader may see that case. */
export default defineComponent({
  name: 'ProviderPage',
  props: { id: { type: String, required: true } },
  setup(props) {
    const provider = load(() => get<ProviderView>(`/api/v1/providers/${props.id}/standing`), () => props.id);
    const notices = load(() => get<{ items: PublicNotice[] }>(`/api/v1/notices${query({ subject: props.id })}`), () => props.id);

    const behind = ({ no, imported }: ProviderView['history'][number]) =>
      (no ? <RouterLink class="link no" to={`/cases/${no}`}>{no}</RouterLink> : <span class="quiet">{imported ? '名单导入，无案件' : '所据案件您无权查看'}</span>);

    const page = ({ name, standing, uscc, region, sector, history }: ProviderView) => (
      <>
        <div class="page-head"><h1>{name}</h1>{standingTag(standing)}</div>
        <section class="card" aria-labelledby="provider-facts">
          <h2 id="provider-facts" class="card-title">基本情况</h2>
          <dl class="facts">
            <dt>统一社会信用代码</dt><dd class="no">{uscc}</dd>
            <dt>县（市、区）</dt><dd>{regionName(region)}</dd>
            <dt>细分行业</dt><dd>{sectorName(sector) || '—'}</dd>
          </dl>
        </section>
        <section class="card" aria-labelledby="provider-history">
          <h2 id="provider-history" class="card-title">资格变动</h2>
          {history.length === 0 ? <p class="quiet">没有变动记录。</p> : (
            <table class="table">
              <thead><tr><th scope="col">时间</th><th scope="col">资格</th><th scope="col">依据</th><th scope="col">所据案件</th></tr></thead>
              <tbody>{history.map((change) => <tr key={`${change.at} ${change.standing}`}><td class="nowrap">{moment(change.at)}</td><td>{standingTag(change.standing)}</td><td>{change.articleInWords ?? '—'}</td><td>{behind(change)}</td></tr>)}</tbody>
            </table>
          )}
          <p class="quiet">名单导入之后，资格只随案件变动（第九、十、十六、十八条）。</p>
        </section>
        <section class="card" aria-labelledby="provider-notices">
          <h2 id="provider-notices" class="card-title">公告</h2>
          {standIn(notices, notices.value !== null) ?? (notices.value!.items.length === 0 ? <p class="quiet">没有关于该单位的公告。</p> : (
            <ul class="related">{notices.value!.items.map(({ id, title, publishedAt, article }) => <li key={id}><RouterLink class="link" to={`/notices?subject=${props.id}`}>{title}</RouterLink><span class="quiet">{day(publishedAt)}　{articleInWords(article)}</span></li>)}</ul>
          ))}
        </section>
      </>
    );

    return () => (
      <div class="page page-narrow">
        <p class="back"><RouterLink class="link plain" to="/providers">‹ 服务商库</RouterLink></p>
        {staleNote(provider)}
        {standIn(provider, provider.value !== null) ?? page(provider.value!)}
      </div>
    );
  },
});

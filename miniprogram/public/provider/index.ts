import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { ProviderPage, PublicNotice } from '../../services/types';
import { dayInWords, dayOf } from '../../utils/format';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';
import { regionName, sectorName } from '../../utils/places';

interface Change { at: string; words: string; basis: string }

/** One provider of the register: its standing and how it changed, what it has carried through, what was published about it. Open to everybody. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, provider: null as ProviderPage | null, about: [] as { label: string; text: string }[], history: [] as Change[], notices: [] as (PublicNotice & { day: string })[] },
  id: '',

  onLoad({ id = '' }: { id?: string }) {
    this.id = id;
    void this.load();
  },
  async load() {
    this.setData(LOADING);
    try {
      const [provider, { items }] = await Promise.all([api.provider(this.id), api.notices({ subject: this.id, limit: 20 })]);
      const { region, sector, history } = provider;
      this.setData({
        ...READY, provider,
        about: [{ label: '所在地', text: regionName(region) }, { label: '细分行业', text: sectorName(sector) }].filter(({ text }) => text !== ''),
        history: history.filter(({ standing }) => standing !== 'candidate').map(({ standing, at, articleInWords }) => ({ at, words: `${dayInWords(dayOf(at))}${standing === 'listed' ? '列入服务商库' : '退出服务商库'}`, basis: articleInWords ? `依据《办法》${articleInWords}` : '' })),
        notices: items.map((notice) => ({ ...notice, day: dayInWords(dayOf(notice.publishedAt)) })),
      });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  notice(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/public/notice/index?id=${dataOf<{ id: string }>(event).id}` }); },
  report() { void wx.navigateTo({ url: `/public/report/index?provider=${this.id}` }); },
  onShareAppMessage() { return { title: this.data.provider?.name ?? '服务商库', path: `/public/provider/index?id=${this.id}` }; },
});

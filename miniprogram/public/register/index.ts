import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Provider } from '../../services/types';
import { dataOf, LOADING, READY, say, standingOf } from '../../utils/page';
import { SECTORS } from '../../utils/places';

/** The public register (第十条): providers listed now or removed. Open to everybody. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, sectors: [{ key: '', name: '全部' }, ...SECTORS.map(([key, name]) => ({ key, name }))], sector: '', items: [] as Provider[], more: false },
  next: null as string | null,

  onLoad() { void this.load(); },
  choose(event: WechatMiniprogram.TouchEvent) {
    this.setData({ sector: dataOf<{ key: string }>(event).key });
    void this.load();
  },
  open(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/public/provider/index?id=${dataOf<{ id: string }>(event).id}` }); },
  onShareAppMessage() { return { title: '数字化服务商库', path: '/public/register/index' }; },
  async load() {
    this.setData({ ...LOADING, items: [] });
    const { sector } = this.data;
    try {
      const { items, next } = await api.providers({ sector, limit: 50 });
      if (sector !== this.data.sector) return;
      this.next = next;
      this.setData({ ...READY, items, more: next !== null });
    } catch (error) {
      if (sector === this.data.sector) this.setData(standingOf(error));
    }
  },
  async onReachBottom() {
    if (this.next === null) return;
    const after = this.next;
    const { sector } = this.data;
    this.next = null;
    try {
      const page = await api.providers({ sector, after, limit: 50 });
      if (sector !== this.data.sector) return;
      this.next = page.next;
      this.setData({ items: [...this.data.items, ...page.items], more: page.next !== null });
    } catch {
      this.next = after;
      say('没有加载出来，请再上滑一次');
    }
  },
});

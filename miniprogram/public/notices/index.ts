import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { PublicNotice } from '../../services/types';
import { dayInWords, dayOf } from '../../utils/format';
import { dataOf, LOADING, READY, say, standingOf } from '../../utils/page';

type Shown = PublicNotice & { day: string; teaser: string; until: string };
const KINDS = [{ kind: '', title: '全部' }, { kind: 'standing', title: '服务商库变化' }, { kind: 'batch', title: '验收通知' }];
const UNTIL = '申请截止日期：';
/** Its first paragraph; of a batch also the line that says until when, whole. */
function shown(notice: PublicNotice): Shown {
  const lines = notice.body.split('\n').filter(Boolean);
  return { ...notice, day: dayInWords(dayOf(notice.publishedAt)), teaser: lines[0] ?? '', until: lines.find((line) => line.startsWith(UNTIL)) ?? '' };
}

/** Public notices (第九、十二、十六、十八条), newest first. Open to everybody. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, kinds: KINDS, kind: '', items: [] as Shown[], more: false },
  next: null as string | null,

  onLoad() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    this.setData({ kind: dataOf<{ kind: string }>(event).kind });
    void this.load();
  },
  async load() {
    this.setData({ ...LOADING, items: [] });
    const { kind } = this.data;
    try {
      const { items, next } = await api.notices({ kind, limit: 20 });
      if (kind !== this.data.kind) return;
      this.next = next;
      this.setData({ ...READY, items: items.map(shown), more: next !== null });
    } catch (error) {
      if (kind === this.data.kind) this.setData(standingOf(error));
    }
  },
  async onReachBottom() {
    if (this.next === null) return;
    const after = this.next;
    const { kind } = this.data;
    this.next = null;
    try {
      const page = await api.notices({ kind, after, limit: 20 });
      if (kind !== this.data.kind) return;
      this.next = page.next;
      this.setData({ items: [...this.data.items, ...page.items.map(shown)], more: page.next !== null });
    } catch {
      this.next = after;
      say('没有加载出来，请再上滑一次');
    }
  },
  open(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/public/notice/index?id=${dataOf<{ id: string }>(event).id}` }); },
  onShareAppMessage() { return { title: '公告', path: '/public/notices/index' }; },
});

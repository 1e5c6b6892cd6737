import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { remember, whoAmI } from '../../services/me';
import type { InboxMessage } from '../../services/types';
import { momentInWords } from '../../utils/format';
import { dataOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';

interface Shown extends InboxMessage { when: string }

/** What I was told, newest first; the truth, whatever WeChat did with its cards. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, items: [] as Shown[], more: false, anyUnseen: false },
  next: null as string | null,

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const { items, next } = await api.inbox();
      this.next = next;
      this.show(items);
      this.setData(READY);
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  show(items: readonly InboxMessage[]) {
    const now = new Date();
    this.setData({ items: items.map((item) => ({ ...item, when: momentInWords(item.createdAt, now) })), more: this.next !== null, anyUnseen: items.some(({ seenAt }) => seenAt === null) });
  },
  async onReachBottom() {
    if (this.next === null) return;
    const after = this.next;
    this.next = null;
    try {
      const page = await api.inbox(after);
      this.next = page.next;
      this.show([...this.data.items, ...page.items]);
    } catch {
      this.next = after;
      say('没有加载出来，请再上滑一次');
    }
  },
  async open(event: WechatMiniprogram.TouchEvent) {
    const item = this.data.items[dataOf<{ index: number }>(event).index]!;
    try {
      if (item.seenAt === null) await api.seen(item.id);
      if (item.no === null) { await this.load(); return; }
      // A message to an organisation is opened on its behalf.
      const me = await whoAmI();
      const org = me.organisations.find(({ id }) => id === item.org);
      if (org && me.acting.org !== org.id) {
        remember(await api.actFor(org.kind, org.id));
        say(`已切换为${org.name}`);
      }
      await wx.navigateTo({ url: `/pages/case/index?no=${item.no}` });
    } catch (error) {
      say(wordsOf(error));
    }
  },
  async all() {
    await api.allSeen().catch((error: unknown) => say(wordsOf(error)));
    await this.load();
  },
});

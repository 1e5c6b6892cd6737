import { api } from '../../services/api';
import { actingKey, whoAmI } from '../../services/me';
import { unreadBadge } from '../../services/unread';
import type { CaseLine } from '../../services/types';
import { dataOf, LOADING, READY, say, standingOf } from '../../utils/page';

interface Filter { key: string; label: string; procedure?: string; waiting?: 'me' }
const ALWAYS: Filter[] = [{ key: 'all', label: '全部' }, { key: 'waiting', label: '等我办理', waiting: 'me' }];
const NUMBER = /^[A-Z]{2}\d{8}-[0-9A-Z]{6}$/;

/** All cases I may see, newest first; by procedure, by what waits for me, or one by its number. */
Page({
  data: { ...LOADING, filters: ALWAYS, chosen: 'all', lines: [] as CaseLine[], more: false, loadingMore: false, wanted: '' },
  party: '',
  next: null as string | null,
  /** Which list is being loaded: an answer that comes after another was chosen is not shown. */
  turn: 0,

  async onShow() {
    void unreadBadge();
    const party = await whoAmI().then(actingKey, () => '');
    if (party !== this.party) {
      this.party = party;
      this.setData({ filters: ALWAYS, chosen: 'all' });
    }
    await this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    this.setData({ chosen: dataOf<{ key: string }>(event).key, ...LOADING, lines: [] });
    void this.load();
  },
  async load() {
    this.turn += 1;
    const { turn } = this;
    try {
      const page = await api.cases({ ...this.filter(), limit: 20 });
      if (turn !== this.turn) return;
      this.next = page.next;
      this.setData({ ...READY, lines: page.items, more: page.next !== null });
      this.learn(page.items);
    } catch (error) {
      if (turn === this.turn) this.setData(standingOf(error));
    }
  },
  filter(): { procedure?: string; waiting?: 'me' } {
    const { procedure, waiting } = this.data.filters.find(({ key }) => key === this.data.chosen) ?? ALWAYS[0]!;
    return { ...(procedure ? { procedure } : {}), ...(waiting ? { waiting } : {}) };
  },
  /** Filters for the procedures that are really there. */
  learn(lines: readonly CaseLine[]) {
    const known = new Set(this.data.filters.map(({ key }) => key));
    const added = lines.filter(({ procedure }) => !known.has(procedure) && known.add(procedure)).map(({ procedure, title }) => ({ key: procedure, label: title, procedure }));
    if (added.length > 0) this.setData({ filters: [...this.data.filters, ...added] });
  },
  async onReachBottom() {
    if (this.next === null || this.data.loadingMore) return;
    this.setData({ loadingMore: true });
    const { turn } = this;
    try {
      const page = await api.cases({ ...this.filter(), limit: 20, after: this.next });
      if (turn !== this.turn) return;
      this.next = page.next;
      this.setData({ lines: [...this.data.lines, ...page.items], more: page.next !== null });
      this.learn(page.items);
    } catch {
      say('没有加载出来，请再往下拉一次');
    } finally {
      this.setData({ loadingMore: false });
    }
  },
  type(event: WechatMiniprogram.Input) { this.data.wanted = event.detail.value; },
  search() {
    const no = this.data.wanted.trim().toUpperCase();
    if (!NUMBER.test(no)) { say('请输入完整的案件编号，如 ZD20260305-8K2M4Q'); return; }
    void wx.navigateTo({ url: `/pages/case/index?no=${no}` });
  },
});

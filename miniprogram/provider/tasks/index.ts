import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { actingName, actingRole, remember, whoAmI } from '../../services/me';
import type { CaseLine } from '../../services/types';
import { dataOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { kindsOf, sectionsOf, type Kind, type Section } from './model';

const MOST = 500;

/** Everything that waits for this provider, the most urgent first: each says what to do and until when, and a tap begins it. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, acting: '', isProvider: true, providers: [] as { id: string; name: string }[], kinds: [] as Kind[], kind: '', sections: [] as Section[], count: 0, isMore: false },
  lines: [] as CaseLine[],

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const me = await whoAmI();
      const isProvider = actingRole(me) === 'provider';
      const lines: CaseLine[] = [];
      let next: string | null = '';
      while (isProvider && next !== null && lines.length < MOST) {
        const page: { items: CaseLine[]; next: string | null } = await api.cases({ waiting: 'me', limit: 100, after: next });
        lines.push(...page.items);
        next = page.next;
      }
      this.lines = lines;
      this.setData({
        ...READY, isProvider, acting: actingName(me), count: lines.length, isMore: isProvider && next !== null, kinds: kindsOf(lines),
        providers: me.organisations.filter(({ kind }) => kind === 'provider').map(({ id, name }) => ({ id, name })),
      });
      this.draw(lines.some(({ procedure }) => procedure === this.data.kind) ? this.data.kind : '');
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  draw(kind: string) { this.setData({ kind, sections: sectionsOf(this.lines, new Date(), kind) }); },
  choose(event: WechatMiniprogram.TouchEvent) { this.draw(dataOf<{ key: string }>(event).key); },
  open(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: dataOf<{ url: string }>(event).url }); },
  async act(event: WechatMiniprogram.TouchEvent) {
    try {
      remember(await api.actFor('provider', dataOf<{ id: string }>(event).id));
      await this.load();
    } catch (error) {
      say(wordsOf(error));
    }
  },
});

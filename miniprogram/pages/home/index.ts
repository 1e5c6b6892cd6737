import { looksAgain } from '../../behaviors/looks-again';
import { inTextSize } from '../../behaviors/text-size';
import { actingName, actingRole, whoAmI } from '../../services/me';
import { offeredOpenings, type Offered } from '../../services/openings';
import { markTodo, unreadMessages, waitingForMe } from '../../services/unread';
import type { CaseLine } from '../../services/types';
import { addressOf } from '../../utils/own-pages';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';

/** What waits for me, most urgent first, and what I can begin. */
Page({
  behaviors: [inTextSize, looksAgain],
  data: { ...LOADING, acting: '', isCitizen: true, isProvider: false, waiting: [] as CaseLine[], openings: [] as Offered[], unseen: 0, removed: '' },

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const [me, waiting, openings, unseen] = await Promise.all([whoAmI(), waitingForMe(), offeredOpenings(), unreadMessages()]);
      this.setData({ ...READY, acting: actingName(me), isCitizen: me.acting.org === null, isProvider: actingRole(me) === 'provider', waiting, openings, unseen,
        removed: me.organisations.find(({ id, standing }) => id === me.acting.org && standing === 'removed')?.id ?? '' });
      await markTodo(waiting);
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async again() {
    if (this.data.status !== 'ready') return;
    const waiting = await waitingForMe().catch(() => null);
    if (!waiting) return;
    this.setData({ waiting, unseen: await unreadMessages() });
    await markTodo(waiting);
  },
  begin(event: WechatMiniprogram.TouchEvent) {
    const { procedure, move } = dataOf<{ procedure: string; move: string }>(event);
    void wx.navigateTo({ url: addressOf({ procedure, move }) });
  },
  removed() { void wx.navigateTo({ url: `/public/provider/index?id=${this.data.removed}` }); },
  tasks() { void wx.navigateTo({ url: '/provider/tasks/index' }); },
  inbox() { void wx.navigateTo({ url: '/pages/inbox/index' }); },
  claim() { void wx.navigateTo({ url: '/mine/claim/index' }); },
  notices() { void wx.navigateTo({ url: '/public/notices/index' }); },
  register() { void wx.navigateTo({ url: '/public/register/index' }); },
});

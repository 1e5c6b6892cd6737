import { api } from '../../services/api';
import { actingName, whoAmI } from '../../services/me';
import { unreadBadge } from '../../services/unread';
import type { CaseLine, Opening } from '../../services/types';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';

/** What waits for me, most urgent first, and what I can begin. */
Page({
  data: { ...LOADING, acting: '', isCitizen: true, waiting: [] as CaseLine[], openings: [] as Opening[], unseen: 0 },

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const [me, waiting, openings, unseen] = await Promise.all([whoAmI(), api.cases({ waiting: 'me', limit: 50 }), api.openings(), unreadBadge()]);
      this.setData({ ...READY, acting: actingName(me), isCitizen: me.acting.org === null, waiting: waiting.items, openings: openings.items, unseen });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  begin(event: WechatMiniprogram.TouchEvent) {
    const { procedure, move } = dataOf<{ procedure: string; move: string }>(event);
    void wx.navigateTo({ url: `/pages/form/index?procedure=${procedure}&move=${move}` });
  },
  inbox() { void wx.navigateTo({ url: '/pages/inbox/index' }); },
  claim() { void wx.navigateTo({ url: '/pages/claim/index' }); },
  register() { void wx.navigateTo({ url: '/pages/register/index' }); },
});

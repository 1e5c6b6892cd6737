import { looksAgain } from '../../behaviors/looks-again';
import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { actingName, actingRole, whoAmI } from '../../services/me';
import { unreadBadge } from '../../services/unread';
import type { CaseLine, Opening } from '../../services/types';
import { addressOf } from '../../utils/own-pages';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';

const waitingForMe = () => api.cases({ waiting: 'me', limit: 50 });

/** What waits for me, most urgent first, and what I can begin. */
Page({
  behaviors: [inTextSize, looksAgain],
  data: { ...LOADING, acting: '', isCitizen: true, isProvider: false, waiting: [] as CaseLine[], openings: [] as Opening[], unseen: 0 },

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const [me, waiting, openings, unseen] = await Promise.all([whoAmI(), waitingForMe(), api.openings(), unreadBadge()]);
      this.setData({ ...READY, acting: actingName(me), isCitizen: me.acting.org === null, isProvider: actingRole(me) === 'provider', waiting: waiting.items, openings: openings.items, unseen });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async again() {
    if (this.data.status !== 'ready') return;
    const waiting = await waitingForMe().catch(() => null);
    if (waiting) this.setData({ waiting: waiting.items, unseen: await unreadBadge() });
  },
  begin(event: WechatMiniprogram.TouchEvent) {
    const { procedure, move } = dataOf<{ procedure: string; move: string }>(event);
    void wx.navigateTo({ url: addressOf({ procedure, move }) });
  },
  tasks() { void wx.navigateTo({ url: '/provider/tasks/index' }); },
  inbox() { void wx.navigateTo({ url: '/pages/inbox/index' }); },
  claim() { void wx.navigateTo({ url: '/mine/claim/index' }); },
  notices() { void wx.navigateTo({ url: '/public/notices/index' }); },
  register() { void wx.navigateTo({ url: '/public/register/index' }); },
});

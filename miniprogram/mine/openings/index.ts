import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { IdentityOpening } from '../../services/types';
import { momentInWords } from '../../utils/format';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';

interface Line extends IdentityOpening { when: string }
interface Group { no: string; lines: Line[] }

/** Who asked for the identity behind my reports, who agreed, who looked, and why (第十八条). */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, groups: [] as Group[] },

  onShow() { void this.load(); },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  async load() {
    try {
      const { items } = await api.identityOpenings();
      const now = new Date();
      const groups: Group[] = [];
      for (const item of items) {
        const line = { ...item, when: momentInWords(item.at, now) };
        const group = groups.find(({ no }) => no === item.no);
        if (group) group.lines.push(line);
        else groups.push({ no: item.no, lines: [line] });
      }
      this.setData({ ...READY, groups });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  open(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/pages/case/index?no=${dataOf<{ no: string }>(event).no}` }); },
});

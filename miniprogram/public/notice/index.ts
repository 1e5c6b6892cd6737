import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { PublicNotice } from '../../services/types';
import { articleInWords, dayInWords, dayOf } from '../../utils/format';
import { LOADING, READY, standingOf } from '../../utils/page';

/** One public notice, whole. A batch's case is read by whoever is signed in, a provider's page by everybody. */
Page({
  behaviors: [inTextSize],
  data: { ...LOADING, notice: null as PublicNotice | null, day: '', basis: '' },
  id: '',

  onLoad({ id = '' }: { id?: string }) {
    this.id = id;
    void this.load();
  },
  async load() {
    this.setData(LOADING);
    try {
      const notice = await api.notice(this.id);
      this.setData({ ...READY, notice, day: dayInWords(dayOf(notice.publishedAt)), basis: articleInWords(notice.article) });
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  subject() {
    const { kind, id } = this.data.notice!.subject;
    void wx.navigateTo({ url: kind === 'provider' ? `/public/provider/index?id=${id}` : `/pages/case/index?no=${id}` });
  },
  onShareAppMessage() { return { title: this.data.notice?.title ?? '公告', path: `/public/notice/index?id=${this.id}` }; },
});

import type { CaseView } from '../../services/types';
import { differenceGroups, type DifferenceGroup } from '../../utils/plan-differences';
import { planDataOf, planReading, wordsAbout, type PlanReading, type Word } from '../../utils/plan-reading';
import { dataOf } from '../../utils/page';

/** A plan in full, as both sides and the experts read it: any of its versions, what the one under way changes, and what was said about it (12.2). */
Component({
  properties: {
    view: { type: Object, value: {} as CaseView },
    /** For who confirms: only the version under way. */
    onlyCurrent: { type: Boolean, value: false },
  },
  data: { reading: null as PlanReading | null, versions: [] as { no: number; label: string }[], differences: [] as DifferenceGroup[], from: 0, words: [] as Word[], unread: '' },
  observers: {
    view(view: CaseView | null) { if (view?.data) this.show(view); },
  },
  methods: {
    show(view: CaseView, wanted?: number) {
      const data = planDataOf(view.data);
      const under = data.versions.find(({ hash }) => hash === data.planHash) ?? data.versions[data.versions.length - 1];
      const version = data.versions.find(({ no }) => no === wanted) ?? under;
      const isUnder = version !== undefined && version === under;
      this.setData({
        reading: version ? planReading(version, data) : null,
        versions: this.data.onlyCurrent ? [] : data.versions.map(({ no, hash }) => ({ no, label: `第 ${no} 版${hash === data.planHash ? '（当前）' : ''}` })),
        differences: isUnder && data.changes ? differenceGroups(data.changes, data.versions) : [],
        from: data.changes?.from ?? 0,
        words: wordsAbout(data),
        unread: version ? '' : view.moves.some(({ move }) => move === 'save') ? '还没有送企业确认。填好方案内容后送企业确认，这里就显示送出的方案。' : '服务商还在编制，送出后在这里可以看到完整的方案。',
      });
    },
    choose(event: WechatMiniprogram.TouchEvent) { this.show(this.data.view, dataOf<{ no: number }>(event).no); },
  },
});

import type { CaseView } from '../../services/types';
import { differenceGroups, type DifferenceGroup } from '../../utils/plan-differences';
import { planDataOf, planReading, versionLabel, wordsAbout, type PlanReading, type Word } from '../../utils/plan-reading';
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
        versions: this.data.onlyCurrent ? [] : data.versions.map((one) => ({ no: one.no, label: versionLabel(one, data) })),
        differences: isUnder && data.changes ? differenceGroups(data.changes, data.versions) : [],
        from: data.changes?.from ?? 0,
        words: wordsAbout(data),
        unread: version ? '' : view.moves.some(({ move }) => move === 'save') ? '还没有送企业确认。填好送出后，可在此查看全文。' : '服务商编制中，送出后可在此查看全文。',
      });
    },
    choose(event: WechatMiniprogram.TouchEvent) { this.show(this.data.view, dataOf<{ no: number }>(event).no); },
  },
});

import type { CaseView } from '../../services/types';
import { contractReading, type ContractReading } from '../../utils/contract';

/** A contract in full: the plan it stands on, money, file and check code, who has signed, progress and delivery (11, 12.3). */
Component({
  properties: {
    view: { type: Object, value: {} as CaseView },
    /** For who signs: the text alone, not what came of it. */
    onlyText: { type: Boolean, value: false },
  },
  data: { reading: null as ContractReading | null },
  observers: {
    view(view: CaseView | null) {
      if (!view?.data) return;
      this.setData({ reading: contractReading(view, new Date()) });
    },
  },
  methods: {
    plan() { void wx.navigateTo({ url: `/pages/case/index?no=${this.data.reading!.plan}` }); },
  },
});

import type { CaseView } from '../../services/types';
import { acceptanceReading, type AcceptanceReading } from '../../utils/acceptance';

/** An acceptance in full: what was found, grade before and after, what failed and what to rectify by when, papers, earlier rounds (12.4). */
Component({
  properties: { view: { type: Object, value: {} as CaseView } },
  data: { reading: null as AcceptanceReading | null },
  observers: {
    view(view: CaseView | null) { if (view?.data) this.setData({ reading: acceptanceReading(view, new Date()) }); },
  },
});

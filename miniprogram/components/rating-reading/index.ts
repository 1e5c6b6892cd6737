import type { CaseView } from '../../services/types';
import { ownRating, toldRating, type RatingReading } from '../../utils/rating';

interface Objection { title: string; text: string }

/** A rating as the enterprise gave it, or as the provider is told of it, with the objection where there is one (14, 15.4, 17.2). */
Component({
  properties: { view: { type: Object, value: {} as CaseView } },
  data: { reading: null as RatingReading | null, objection: [] as Objection[], evidence: [] as string[] },
  observers: {
    view(view: CaseView | null) {
      if (!view?.data) return;
      const { data, procedure, state } = view;
      const said = (title: string, name: string): Objection[] => (data[name] ? [{ title, text: String(data[name]) }] : []);
      this.setData({
        reading: procedure === 'rating' ? ownRating(data, state.end) : toldRating(data),
        objection: procedure === 'rating' ? [] : [...said('异议事项', 'matter'), ...said('理由', 'reasons'), ...said('目的', 'purpose'), ...said('处理意见', 'decision')],
        evidence: procedure === 'rating' ? [] : (data['evidence'] ?? []) as string[],
      });
    },
  },
});

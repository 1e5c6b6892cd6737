import { areasOf, seriesOf, type Score } from '../diagnosis-report/drawing';
import type { Series } from '../radar-chart/drawing';

const GRADES = ['无等级', '一级', '二级', '三级', '四级'];

/** What a transformation brought, as the acceptance found it (12.4): grade and the eight areas before and after. */
Component({
  properties: {
    before: { type: Object, value: null as unknown as Score },
    after: { type: Object, value: null as unknown as Score },
    gradeBefore: { type: Number, value: 0 },
    gradeAfter: { type: Number, value: 0 },
    target: { type: Number, value: 0 },
  },
  data: { from: '', to: '', aim: '', isReached: false, axes: [] as string[], series: [] as Series[], areas: [] as { name: string; before: string; after: string }[] },
  observers: {
    'before, after, gradeBefore, gradeAfter, target'(before: Score | null, after: Score | null, from: number, to: number, target: number) {
      const found = before?.radar && after?.radar ? after : null;
      this.setData({
        from: GRADES[from] ?? '', to: GRADES[to] ?? '', aim: GRADES[target] ?? '', isReached: to >= target,
        axes: before?.radar?.map(({ name }) => name) ?? [], series: before?.radar ? seriesOf(before, found) : [], areas: before?.radar ? areasOf(before, found) : [],
      });
    },
  },
});

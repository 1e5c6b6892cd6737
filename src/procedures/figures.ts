import type { Figure } from '../statistics/figure';
import { GRADES } from './acceptance-documents';
import { complaint } from './complaint/procedure';
import { OVERALL } from './rating/forms';
import { report } from './report/procedure';

const endings = (states: Record<string, { title: string; end?: true }>): Record<string, string> =>
  Object.fromEntries(Object.entries(states).filter(([, { end }]) => end).map(([name, { title }]) => [name, title]));

const outcome = (name: string, title: string, procedure: typeof report): Figure => {
  const words = endings(procedure.states);
  return { name, title, procedure: procedure.name, states: Object.keys(words), by: [{ path: 'state', title: '结果', words }] };
};

/** What single procedures add to the statistics. */
export const FIGURES: readonly Figure[] = [
  outcome('reports', '实名举报办理结果', report),
  outcome('complaints', '企业投诉办理结果', complaint),
  // Counted when the window has closed, never before: until then the bureau does not learn how an enterprise rated.
  { name: 'ratings', title: '满意度评价结果', procedure: 'rating', states: ['counted'], by: [{ path: 'data.result.overall', title: '总体评价', words: OVERALL }] },
  { name: 'diagnosed', title: '诊断评定的改造前等级', procedure: 'diagnosis', states: ['confirmed'], by: [{ path: 'data.result.grade', title: '改造前', words: GRADES }] },
  {
    name: 'grades', title: '通过验收项目改造前后的等级', procedure: 'acceptance', states: ['passed'],
    by: [{ path: 'data.gradeBefore', title: '改造前', words: GRADES }, { path: 'data.finding.gradeAfter', title: '改造后', words: GRADES }],
  },
];

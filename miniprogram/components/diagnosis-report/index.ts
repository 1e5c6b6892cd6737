import type { Values } from '../../forms/model';
import { showDocument } from '../../services/files';
import { loadMetrics } from '../../services/metrics';
import { dayInWords } from '../../utils/format';
import { say, wordsOf } from '../../utils/page';
import { drawAnswers, drawReport, type DrawnAnswers, type DrawnReport, type Score } from './drawing';

/** A diagnosis report to be read: grade and why, the eight areas as a radar and as a table, problems, scenarios, scheme and path (12.1). */
Component({
  properties: {
    report: { type: Object, value: {} as Values },
    result: { type: Object, value: null as unknown as Score },
    /** The score after the transformation, once an acceptance found it. */
    after: { type: Object, value: null as unknown as Score },
    /** The case, for the document. */
    no: { type: String, value: '' },
    /** A draft shown to whoever writes it. */
    preview: { type: Boolean, value: false },
  },
  data: { drawn: null as DrawnReport | null, heading: '', answers: null as DrawnAnswers | null, isUnfolded: false, opening: false },
  observers: {
    'report, result, after, preview'(report: Values | null, result: Score | null, after: Score | null, preview: boolean) {
      if (!report || !result?.radar) { this.setData({ drawn: null }); return; }
      const { revision, issuedOn } = report as { revision?: number; issuedOn?: string };
      this.setData({
        drawn: drawReport(report, result, after?.radar ? after : null), answers: null, isUnfolded: false,
        heading: preview ? '报告预览' : `第 ${revision ?? 1} 版${issuedOn ? `，${dayInWords(issuedOn)}出具` : ''}`,
      });
    },
  },
  methods: {
    async unfold() {
      if (this.data.isUnfolded) { this.setData({ isUnfolded: false }); return; }
      try {
        if (!this.data.answers) this.setData({ answers: drawAnswers(await loadMetrics(), this.data.report, this.data.result) });
        this.setData({ isUnfolded: true });
      } catch (error) {
        say(wordsOf(error));
      }
    },
    async open() {
      this.setData({ opening: true });
      await showDocument(this.data.no, 'report').catch((error: unknown) => say(wordsOf(error)));
      this.setData({ opening: false });
    },
  },
});

import { showDocument } from '../../services/files';
import type { Reading } from '../../utils/reading';
import { say, wordsOf } from '../../utils/page';

/** A plan's version or a diagnosis report, whole, to be read before it is confirmed. */
Component({
  properties: {
    reading: { type: Object, value: { title: '', lead: [], facts: [], hasDocument: false } as Reading },
    no: { type: String, value: '' },
  },
  methods: {
    async open() { await showDocument(this.data.no, 'report').catch((error: unknown) => say(wordsOf(error))); },
  },
});

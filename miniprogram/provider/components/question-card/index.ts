import { dataOf, detailOf } from '../../../utils/page';
import type { DrawnQuestion } from '../../questionnaire/answering';

/** One question: options with their points, figures with their units, files. Tells `choose` {key, code}, `figure` {key, name, text}, `proofs` {key, value}, and `settle` when typing ends. */
Component({
  properties: {
    question: { type: Object, value: { key: '', options: [], figures: [], proofs: [], wanted: '' } as unknown as DrawnQuestion },
    evidence: { type: Array, value: [] as string[] },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) { this.triggerEvent('choose', { key: this.data.question.key, code: dataOf<{ code: string }>(event).code }); },
    type(event: WechatMiniprogram.Input) { this.triggerEvent('figure', { key: this.data.question.key, name: dataOf<{ name: string }>(event).name, text: event.detail.value }); },
    settle() { this.triggerEvent('settle'); },
    prove(event: WechatMiniprogram.CustomEvent) { this.triggerEvent('proofs', { key: this.data.question.key, value: detailOf<{ value: string[] }>(event).value }); },
  },
});

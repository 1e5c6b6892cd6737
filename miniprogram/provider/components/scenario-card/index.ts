import { dataOf, detailOf } from '../../../utils/page';
import type { DrawnScenario } from '../../questionnaire/answering';

/** One scenario: what each level asks for, or that it does not apply and why. Tells `level` {key, level | null}, `reason` {key, text}, `proofs` {key, value}, and `settle` when typing ends. */
Component({
  properties: {
    scenario: { type: Object, value: { key: '', levels: [], proofs: [] } as unknown as DrawnScenario },
    evidence: { type: Array, value: [] as string[] },
  },
  methods: {
    choose(event: WechatMiniprogram.TouchEvent) { this.triggerEvent('level', { key: this.data.scenario.key, level: dataOf<{ level: number }>(event).level }); },
    skip() { this.triggerEvent('level', { key: this.data.scenario.key, level: null }); },
    type(event: WechatMiniprogram.Input) { this.triggerEvent('reason', { key: this.data.scenario.key, text: event.detail.value }); },
    settle() { this.triggerEvent('settle'); },
    prove(event: WechatMiniprogram.CustomEvent) { this.triggerEvent('proofs', { key: this.data.scenario.key, value: detailOf<{ value: string[] }>(event).value }); },
  },
});

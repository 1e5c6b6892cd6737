import { api } from '../../../services/api';
import { dataOf, detailOf } from '../../../utils/page';

/** Files that prove one answer: uploaded here, or chosen among those the report has already. `change` tells the ids. */
Component({
  properties: {
    value: { type: Array, value: [] as string[] },
    /** All evidence of the report. */
    evidence: { type: Array, value: [] as string[] },
    label: { type: String, value: '' },
    /** What usually proves it. */
    wanted: { type: String, value: '' },
  },
  data: { others: 0, visible: false, choices: [] as { id: string; name: string; on: boolean }[] },
  observers: {
    'value, evidence'(value: string[], evidence: string[]) { this.setData({ others: evidence.filter((id) => !value.includes(id)).length }); },
  },
  methods: {
    pass(event: WechatMiniprogram.CustomEvent) { this.triggerEvent('change', { value: detailOf<{ value: string[] }>(event).value }); },
    async open() {
      const ids = this.data.evidence;
      const names = await Promise.all(ids.map((id) => api.file(id).then(({ name }) => name, () => '文件')));
      this.setData({ visible: true, choices: ids.map((id, index) => ({ id, name: names[index] ?? '文件', on: this.data.value.includes(id) })) });
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const { index } = dataOf<{ index: number }>(event);
      this.setData({ choices: this.data.choices.map((one, at) => (at === index ? { ...one, on: !one.on } : one)) });
    },
    done() {
      const known = new Set(this.data.evidence);
      const value = [...this.data.value.filter((id) => !known.has(id)), ...this.data.choices.filter(({ on }) => on).map(({ id }) => id)];
      this.setData({ visible: false });
      this.triggerEvent('change', { value });
    },
    close() { this.setData({ visible: false }); },
  },
});

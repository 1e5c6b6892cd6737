import type { FieldDescription } from '../../services/types';
import type { Faults, Values } from '../../forms/model';
import { dataOf } from '../../utils/page';
import { allAt, scored, type Scored } from '../../utils/rating';

/**
 * An opinion (14, 15.4): a word on the whole, stars by item, a comment for who wants to. Every opinion is given with the same taps: no
 * level asks for more, says more or is shown smaller. `change` tells `{ path, value, typed }`, as form-fields does.
 */
Component({
  properties: {
    fields: { type: Array, value: [] as FieldDescription[] },
    value: { type: Object, value: {} as Values },
    faults: { type: Object, value: {} as Faults },
    /** Single items only when they are asked for: where the card is one of many things on the screen. */
    compact: { type: Boolean, value: false },
  },
  data: { isUnfolded: false, scoredWords: '', overall: [] as { value: string | number; label: string }[], scale: [] as { score: number; word: string }[], rows: [] as Scored[] },
  observers: {
    'fields, value'(fields: FieldDescription[], value: Values | null) {
      const items = itemsOf(fields);
      const rows = scored(items, (value?.['items'] ?? {}) as Values);
      const words = [...new Set(rows.map(({ word }) => word))];
      this.setData({
        overall: fields.find(({ name }) => name === 'overall')?.options ?? [],
        scale: (items[0]?.options ?? []).map(({ value: score, label }) => ({ score: Number(score), word: label })).sort((a, b) => a.score - b.score),
        rows, scoredWords: words.length === 1 && words[0] ? `全部评为“${words[0]}”` : `已评 ${rows.filter(({ score }) => score > 0).length} / ${rows.length} 项`,
      });
    },
  },
  methods: {
    tell(path: string, value: unknown, typed = false) { this.triggerEvent('change', { path, value, typed }); },
    say(event: WechatMiniprogram.TouchEvent) { this.tell('overall', dataOf<{ value: string }>(event).value); },
    star(event: WechatMiniprogram.TouchEvent) {
      const { name, score } = dataOf<{ name: string; score: number }>(event);
      this.tell(`items.${name}`, score);
    },
    all(event: WechatMiniprogram.TouchEvent) { this.tell('items', allAt(itemsOf(this.data.fields), dataOf<{ score: number }>(event).score)); },
    unfold() { this.setData({ isUnfolded: true }); },
    type(event: WechatMiniprogram.Input) { this.tell('comment', event.detail.value, true); },
  },
});

const itemsOf = (fields: readonly FieldDescription[]): FieldDescription[] => fields.find(({ name }) => name === 'items')?.fields ?? [];

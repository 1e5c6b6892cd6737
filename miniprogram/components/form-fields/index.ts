import type { FieldDescription } from '../../services/types';
import type { Faults, Values } from '../../forms/model';
import { dayInWords, fenToYuan, yuanToFen } from '../../utils/format';
import { dataOf, detailOf } from '../../utils/page';

type Option = { value: string | number; label: string; on: boolean };

/** One field as the template draws it. */
interface Drawn extends FieldDescription {
  path: string;
  /** Shown text of inputs and pickers. */
  text: string;
  /** Chips, or rows of a picker where there are many. */
  chosen: Option[];
  isLong: boolean;
  index: number;
  value: unknown;
  items: { path: string; value: Values }[];
  fault: string;
  count: number;
}

const MANY = 8;

function drawn(field: FieldDescription, values: Values, faults: Faults, prefix: string): Drawn {
  const value = values[field.name];
  const path = prefix + field.name;
  const options = field.options ?? [];
  const chosen = options.map((option) => ({ ...option, on: Array.isArray(value) ? value.includes(option.value) : value === option.value }));
  return {
    ...field, path, value: value ?? null, chosen,
    text: textOf(field, value, chosen),
    isLong: field.kind === 'choice' && options.length > MANY,
    index: chosen.findIndex(({ on }) => on),
    items: field.kind === 'list' && Array.isArray(value) ? value.map((item, index) => ({ path: `${path}.${index}.`, value: item as Values })) : [],
    fault: faults[path] ?? '',
    count: [...String(value ?? '')].length,
  };
}

function textOf({ kind }: FieldDescription, value: unknown, chosen: readonly Option[]): string {
  if (kind === 'choice') return chosen.find(({ on }) => on)?.label ?? '';
  if (value === undefined || value === null) return '';
  if (kind === 'money') return typeof value === 'number' ? fenToYuan(value).replace(/\.00$/, '').replace(/,/g, '') : String(value);
  if (kind === 'day') return dayInWords(String(value));
  return String(value);
}

/**
 * Draws fields from their description, groups and lists within themselves. `change` tells `{ path, value, typed }`: while somebody types
 * (`typed`), the page keeps the value without drawing anew, so that the cursor stays where it is.
 */
Component({
  properties: {
    fields: { type: Array, value: [] as FieldDescription[] },
    value: { type: Object, value: {} as Values },
    faults: { type: Object, value: {} as Faults },
    path: { type: String, value: '' },
  },
  data: { drawn: [] as Drawn[] },
  observers: {
    'fields, value, faults, path'(fields: FieldDescription[], value: Values | null, faults: Faults | null, path: string) {
      this.setData({ drawn: (fields ?? []).filter(({ kind }) => kind !== 'structure').map((field) => drawn(field, value ?? {}, faults ?? {}, path)) });
    },
  },
  methods: {
    fieldOf(event: { currentTarget: { dataset: object } }): Drawn {
      return this.data.drawn[dataOf<{ at: number }>(event).at]!;
    },
    tell(path: string, value: unknown, typed = false) {
      this.triggerEvent('change', { path, value, typed });
    },
    /** From a group or list within: on to the page. */
    pass(event: WechatMiniprogram.CustomEvent) {
      this.triggerEvent('change', event.detail);
    },
    type(event: WechatMiniprogram.Input) {
      const { at } = dataOf<{ at: number }>(event);
      const { kind, path, max } = this.data.drawn[at]!;
      const text = event.detail.value;
      if (kind === 'longText' && max) this.setData({ [`drawn[${at}].count`]: [...text].length });
      const number = kind === 'money' ? yuanToFen(text) : kind === 'number' && /^-?\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : null;
      this.tell(path, number ?? text, true);
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const field = this.fieldOf(event);
      const { value } = field.chosen[dataOf<{ option: number }>(event).option]!;
      if (field.kind === 'choices') {
        const before = (field.value as unknown[] | null) ?? [];
        const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
        // In the order they are offered, whatever the order of taps.
        this.tell(field.path, field.chosen.map((option) => option.value).filter((one) => after.includes(one)));
      } else this.tell(field.path, field.value === value && !field.required ? undefined : value);
    },
    pick(event: WechatMiniprogram.PickerChange) {
      const field = this.fieldOf(event);
      const { value } = event.detail;
      this.tell(field.path, field.kind === 'day' ? String(value) : field.chosen[Number(value)]?.value);
    },
    answer(event: WechatMiniprogram.TouchEvent) {
      const field = this.fieldOf(event);
      const { yes } = dataOf<{ yes: boolean }>(event);
      this.tell(field.path, field.kind === 'agreed' ? (field.value === true ? undefined : true) : yes);
    },
    take(event: WechatMiniprogram.CustomEvent) {
      const { value } = detailOf<{ value: unknown }>(event);
      this.tell(this.fieldOf(event).path, value === '' ? undefined : value);
    },
    addItem(event: WechatMiniprogram.TouchEvent) {
      const { path, value } = this.fieldOf(event);
      this.tell(path, [...((value as Values[] | null) ?? []), {}]);
    },
    async removeItem(event: WechatMiniprogram.TouchEvent) {
      const field = this.fieldOf(event);
      const { item } = dataOf<{ item: number }>(event);
      const { confirm } = await wx.showModal({ title: `删除第 ${item + 1} 项？`, content: '这一项填写的内容会一并删除。', confirmText: '删除' });
      if (confirm) this.tell(field.path, (field.value as Values[]).filter((_, index) => index !== item));
    },
  },
});


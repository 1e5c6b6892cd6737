import { api } from '../../services/api';
import type { Provider } from '../../services/types';
import { dataOf, LOADING, READY, standingOf } from '../../utils/page';

/** Chooses a provider from the public register. `change` tells `{ value: id }`; an empty one takes the choice back. */
Component({
  properties: {
    value: { type: String, value: '' },
    label: { type: String, value: '单位' },
    required: { type: Boolean, value: true },
    /** Only who is listed now, and none of these: whoever may take something on. */
    listed: { type: Boolean, value: false },
    except: { type: Array, value: [] as string[] },
  },
  data: { ...LOADING, heading: '', visible: false, name: '', wanted: '', all: [] as Provider[], shown: [] as Provider[] },
  observers: {
    /** A label may already say 选择. */
    label(label: string) { this.setData({ heading: label.startsWith('选择') ? label : `选择${label}` }); },
    value(id: string) { void this.nameIt(id); },
  },
  methods: {
    async nameIt(id: string) {
      if (!id) { this.setData({ name: '' }); return; }
      if (this.data.all.length === 0) await this.load();
      this.setData({ name: this.data.all.find((one) => one.id === id)?.name ?? '已选单位' });
    },
    async load() {
      this.setData({ ...LOADING });
      try {
        const all: Provider[] = [];
        for (let after: string | undefined = ''; after !== undefined && all.length < 1000;) {
          const page: { items: Provider[]; next: string | null } = await api.providers({ after, limit: 100 });
          all.push(...page.items);
          after = page.next ?? undefined;
        }
        this.setData({ ...READY, all });
        this.narrow();
      } catch (error) {
        this.setData({ ...standingOf(error) });
      }
    },
    open() {
      this.setData({ visible: true });
      void this.load();
    },
    close() { this.setData({ visible: false }); },
    type(event: WechatMiniprogram.Input) {
      this.data.wanted = event.detail.value;
      this.narrow();
    },
    narrow() {
      const wanted = this.data.wanted.trim();
      const { all, listed, except } = this.data;
      this.setData({ shown: all.filter(({ id, name, standing }) => name.includes(wanted) && (!listed || standing === 'listed') && !except.includes(id)) });
    },
    choose(event: WechatMiniprogram.TouchEvent) {
      const { id, name } = dataOf<{ id: string; name: string }>(event);
      this.setData({ visible: false, name });
      this.triggerEvent('change', { value: id });
    },
    clear() {
      this.setData({ name: '' });
      this.triggerEvent('change', { value: '' });
    },
  },
});

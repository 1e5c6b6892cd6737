import { api } from '../../services/api';
import { ACCEPTED, MAX_MB, pick, show, upload, type Picked } from '../../services/files';
import type { StoredFile } from '../../services/types';
import { dataOf, say, wordsOf } from '../../utils/page';
import { sizeInWords } from '../../utils/format';

interface Item { id: string; name: string; size: string; state: 'stored' | 'sending' | 'failed' | 'refused'; path: string; problem: string; percent: number }

const stored = ({ id, name, size }: StoredFile): Item => ({ id, name, size: sizeInWords(size), state: 'stored', path: '', problem: '', percent: 0 });

/** Too large: it stays in sight with what to do about it, and goes nowhere. */
const refused = ({ path, size, name }: Picked): Item => ({
  id: '', name, size: sizeInWords(size), state: 'refused', path, percent: 0,
  problem: `有 ${sizeInWords(size)}，超过 ${MAX_MB} MB，没有上传。请压缩后重选；视频可截短，文档可拆成几个文件。`,
});

/** How a file stands, in words. */
const wordsFor = ({ state, percent, problem, size }: Item): string =>
  ({ stored: size, sending: percent > 0 ? `正在上传 ${percent}%` : '正在上传…', failed: `${problem} 点此重试`, refused: problem })[state];

/** Uploaded files: shown, and with `editable` also chosen, sent and taken away. `change` tells the ids of those that are stored. */
Component({
  properties: {
    value: { type: Array, value: [] as string[] },
    editable: { type: Boolean, value: false },
    max: { type: Number, value: 20 },
    label: { type: String, value: '文件' },
    /** Where the page says the limits once for several fields. */
    quiet: { type: Boolean, value: false },
  },
  data: { items: [] as Item[], words: [] as string[], mayAdd: true, limits: '' },
  observers: {
    value(ids: string[]) { void this.look(ids ?? []); },
    'items, max'(items: Item[], max: number) { this.setData({ limits: `${ACCEPTED}，每个不超过 ${MAX_MB} MB，最多 ${max} 个。`, words: items.map(wordsFor), mayAdd: items.filter(({ state }) => state !== 'refused').length < max }); },
  },
  methods: {
    /** Names and sizes of files only known by id: a draft reopened, or a case read. */
    async look(ids: string[]) {
      const known = this.data.items.filter((item) => item.state !== 'stored' || ids.includes(item.id));
      const wanted = ids.filter((id) => !known.some((item) => item.id === id));
      if (wanted.length === 0) {
        if (known.length !== this.data.items.length) this.setData({ items: known });
        return;
      }
      const found = await Promise.all(wanted.map((id) => api.file(id).then(stored, (): Item => ({ id, name: '文件', size: '', state: 'stored', path: '', problem: '', percent: 0 }))));
      this.setData({ items: [...this.data.items.filter((item) => item.state !== 'stored' || ids.includes(item.id)), ...found.filter(({ id }) => !this.data.items.some((item) => item.id === id))] });
    },
    async add() {
      const room = this.data.max - this.data.items.filter(({ state }) => state !== 'refused').length;
      if (room <= 0) { say(`最多 ${this.data.max} 个文件`); return; }
      try {
        const picked = await pick(room);
        const tooLarge = picked.filter(({ size }) => size > MAX_MB * 1024 * 1024);
        // What was refused before has been read by now.
        this.setData({ items: [...this.data.items.filter(({ state }) => state !== 'refused'), ...tooLarge.map(refused)] });
        for (const { path, size, name } of picked.filter((one) => !tooLarge.includes(one))) {
          this.setData({ items: [...this.data.items, { id: '', name, size: sizeInWords(size), state: 'sending', path, problem: '', percent: 0 }] });
          await this.send(path);
        }
      } catch (error) {
        say(wordsOf(error));
      }
    },
    async send(path: string) {
      const replace = (next: Item) => this.setData({ items: this.data.items.map((item) => (item.path === path && item.state !== 'stored' ? next : item)) });
      const item = this.data.items.find((one) => one.path === path)!;
      replace({ ...item, state: 'sending', problem: '', percent: 0 });
      try {
        const file = await upload(path, (percent) => replace({ ...item, state: 'sending', problem: '', percent }));
        // The phone names a photo only by its kind; the server by its content.
        replace(stored(file));
        this.tell();
      } catch (error) {
        replace({ ...item, state: 'failed', problem: wordsOf(error) });
      }
    },
    async open(event: WechatMiniprogram.TouchEvent) {
      const { index } = dataOf<{ index: number }>(event);
      const item = this.data.items[index]!;
      if (item.state === 'failed') { await this.send(item.path); return; }
      if (item.state !== 'stored') return;
      await show(item.id).catch((error: unknown) => say(wordsOf(error)));
    },
    remove(event: WechatMiniprogram.TouchEvent) {
      const { index } = dataOf<{ index: number }>(event);
      this.setData({ items: this.data.items.filter((_, at) => at !== index) });
      this.tell();
    },
    tell() {
      this.triggerEvent('change', { value: this.data.items.filter(({ state }) => state === 'stored').map(({ id }) => id) });
    },
  },
});

import { api } from '../../services/api';
import { actingKey, actingName, whoAmI } from '../../services/me';
import { newKey } from '../../services/wechat';
import { localFaults, put, type Faults, type Values } from '../../forms/model';
import type { Exchange, FieldDescription, Reply } from '../../services/types';
import { dataOf, detailOf, LOADING, READY, standingOf, wordsOf } from '../../utils/page';
import { unreadBadge } from '../../services/unread';

/** One bubble, or what stands in its place. */
interface Line { id: string; mine: boolean; text: string; reply: Reply | null; failed: boolean }
type Message = { text: string } | { pick: string } | { values: Values; form: string };

/** Fields that are answered better with a control than with words. */
const WITH_CONTROL = new Set(['files', 'day', 'organisation', 'choices', 'case']);
const LISTEN_MS = 10_000;

const lastOf = <T>(list: readonly T[]): T | undefined => list[list.length - 1];
const linesOf = ({ id, said, replies }: Exchange): Line[] => [
  ...(said ? [{ id: `${id}-said`, mine: true, text: said, reply: null, failed: false }] : []),
  ...replies.map((reply, index) => ({ id: `${id}-${index}`, mine: false, text: reply.text, reply, failed: false })),
];

/** The front door: says what one wants, and is led through it; everything here can also be done on the pages. */
Page({
  data: {
    ...LOADING, lines: [] as Line[], typed: '', waiting: false, last: '', acting: '', more: false,
    /** The field asked for, where it has a control; drawn under the last bubble. */
    field: [] as FieldDescription[], form: '', values: {} as Values, faults: {} as Faults,
    openQuote: '',
  },
  party: '',
  first: '',
  newest: '',
  unsent: null as { message: Message; key: string; line: Line } | null,
  timer: 0,

  async onShow() {
    void unreadBadge();
    try {
      const me = await whoAmI();
      if (this.party !== actingKey(me)) {
        this.party = actingKey(me);
        this.setData({ acting: actingName(me), lines: [], field: [] });
        await this.load();
      } else await this.listen();
    } catch (error) {
      this.setData(standingOf(error));
    }
    clearInterval(this.timer);
    this.timer = setInterval(() => void this.listen(), LISTEN_MS);
  },
  onHide() { clearInterval(this.timer); },
  onUnload() { clearInterval(this.timer); },

  async load() {
    this.setData(LOADING);
    try {
      const { items, next } = await api.history({ limit: 20 });
      this.newest = next ?? '';
      this.first = items[0]?.id ?? '';
      this.setData({ ...READY, lines: items.flatMap(linesOf), more: items.length === 20 });
      this.offer(lastOf(lastOf(items)?.replies ?? []));
      this.toEnd();
      if (items.length === 0) await this.send({ pick: 'menu' }, '');
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  async earlier() {
    const { items } = await api.history({ before: this.first, limit: 20 }).catch(() => ({ items: [] as Exchange[] }));
    this.first = items[0]?.id ?? this.first;
    this.setData({ lines: [...items.flatMap(linesOf), ...this.data.lines], more: items.length === 20 });
  },
  /** What a person at the bureau answered meanwhile. */
  async listen() {
    if (this.data.status !== 'ready' || this.data.waiting || !this.newest) return;
    const { items, next } = await api.history({ after: this.newest, limit: 20 }).catch(() => ({ items: [] as Exchange[], next: null }));
    const told = items.filter(({ from }) => from === 'agent');
    this.newest = next ?? this.newest;
    if (told.length === 0) return;
    this.setData({ lines: [...this.data.lines, ...told.flatMap(linesOf)] });
    this.toEnd();
  },

  type(event: WechatMiniprogram.Input) { this.data.typed = event.detail.value; },
  async submit() {
    const text = this.data.typed.trim();
    if (text === '' || this.data.waiting) return;
    this.setData({ typed: '' });
    await this.send({ text }, text);
  },
  async pick(event: WechatMiniprogram.TouchEvent) {
    const { pick, label } = dataOf<{ pick: string; label: string }>(event);
    if (!this.data.waiting) await this.send({ pick }, label);
  },
  async human() { if (!this.data.waiting) await this.send({ pick: 'human' }, '转人工'); },

  /** Says it, shows it at once, and what comes back when it comes. The same message keeps its key, so that a second try is not a second message. */
  async send(message: Message, words: string, key = newKey()) {
    const line: Line = { id: key, mine: true, text: words, reply: null, failed: false };
    const others = this.data.lines.filter(({ id }) => id !== key);
    this.setData({ lines: words ? [...others, line] : others, waiting: true, field: [] });
    this.toEnd();
    try {
      const { replies } = await api.say(message, key);
      this.unsent = null;
      this.setData({ lines: [...this.data.lines, ...replies.map((reply, index) => ({ id: `${key}-${index}`, mine: false, text: reply.text, reply, failed: false }))], waiting: false });
      this.offer(lastOf(replies));
      const { next } = await api.history({ limit: 1 }).catch(() => ({ next: null }));
      this.newest = next ?? this.newest;
    } catch (error) {
      this.unsent = { message, key, line };
      this.setData({ waiting: false, lines: [...this.data.lines.filter(({ id }) => id !== key), { ...line, text: words || '打招呼', failed: true }] });
      void wx.showToast({ title: wordsOf(error), icon: 'none', duration: 2500 });
    }
    this.toEnd();
  },
  async again() {
    const { unsent } = this;
    if (unsent && !this.data.waiting) await this.send(unsent.message, unsent.line.text, unsent.key);
  },

  /** A control under the last bubble, where the question wants one. */
  offer(reply: Reply | undefined) {
    const field = reply?.type === 'ask' && reply.field && WITH_CONTROL.has(reply.field.kind) ? reply.field : null;
    this.setData({ field: field ? [field] : [], form: reply?.form ?? '', values: {}, faults: {} });
    // What the control offers need not be offered twice.
    const { lines } = this.data;
    const last = lastOf(lines);
    const quick = last?.reply?.quick;
    if (field && quick) this.setData({ [`lines[${lines.length - 1}].reply.quick`]: quick.filter(({ pick }) => !pick.startsWith('set:')) });
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    if (typed) this.data.values = values;
    else this.setData({ values, faults: {} });
  },
  async give() {
    const faults = localFaults(this.data.field, this.data.values);
    if (Object.keys(faults).length > 0) { this.setData({ faults }); return; }
    await this.send({ values: this.data.values, form: this.data.form }, `已填写${this.data.field[0]!.label}`);
  },

  quote(event: WechatMiniprogram.TouchEvent) {
    const { id } = dataOf<{ id: string }>(event);
    this.setData({ openQuote: this.data.openQuote === id ? '' : id });
  },
  openCase(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/pages/case/index?no=${dataOf<{ no: string }>(event).no}` }); },
  openPage(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: dataOf<{ path: string }>(event).path }); },
  toEnd() {
    this.setData({ last: '' });
    this.setData({ last: 'end' });
  },
});

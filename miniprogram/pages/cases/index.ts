import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { actingKey, actingName, whoAmI } from '../../services/me';
import { lookTodo } from '../../services/unread';
import type { CaseLine, Page as PageOf, ProcedureWords } from '../../services/types';
import { dataOf, LOADING, READY, say, standingOf } from '../../utils/page';

interface Choice { key: string; label: string }
const EVERYTHING: Choice = { key: '', label: '全部' };
const WAITING: Choice = { key: 'waiting', label: '等我办理' };
const ANY_STATE: Choice = { key: '', label: '全部状态' };
const PAGE = 20;
const SEARCH_AFTER_MS = 400;
const ASK_AT_MOST = 10;

/** All cases I may see, newest first: those that wait for me, of one procedure, in one state, or that a word or number is found in. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, acting: '', kinds: [EVERYTHING, WAITING], kind: '', states: [] as Choice[], stateAt: 0, wanted: '', isSearching: false,
    pages: [] as CaseLine[][], count: 0, more: false, loadingMore: false, empty: '',
  },
  party: '',
  procedures: [] as ProcedureWords[],
  next: null as string | null,
  /** Which list is being loaded: an answer that comes after another was chosen is not shown. */
  turn: 0,
  timer: 0,

  async onShow() {
    void lookTodo();
    const me = await whoAmI().catch(() => null);
    const party = me ? actingKey(me) : '';
    if (party !== this.party) {
      this.party = party;
      this.setData({ acting: me ? actingName(me) : '', kinds: [EVERYTHING, WAITING], kind: '', states: [], stateAt: 0, wanted: '' });
    }
    if (this.procedures.length === 0) this.procedures = await api.procedures().then(({ items }) => items, () => []);
    await this.load();
  },
  async onPullDownRefresh() {
    await this.load();
    void wx.stopPullDownRefresh();
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    const { key } = dataOf<{ key: string }>(event);
    const states = this.procedures.find(({ name }) => name === key)?.states ?? [];
    this.setData({ kind: key, states: states.length > 0 ? [ANY_STATE, ...states.map(({ name, title }) => ({ key: name, label: title }))] : [], stateAt: 0 });
    this.anew();
  },
  chooseState(event: WechatMiniprogram.PickerChange) {
    this.setData({ stateAt: Number(event.detail.value) });
    this.anew();
  },
  /** While somebody types, only the last word is searched for. */
  type(event: WechatMiniprogram.Input) {
    this.data.wanted = event.detail.value;
    if (this.data.isSearching !== (event.detail.value !== '')) this.setData({ isSearching: event.detail.value !== '' });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.anew(), SEARCH_AFTER_MS);
  },
  search() {
    clearTimeout(this.timer);
    this.anew();
  },
  clear() {
    this.setData({ wanted: '', isSearching: false });
    this.search();
  },
  anew() {
    this.setData({ ...LOADING, pages: [], count: 0 });
    void this.load();
  },
  async load() {
    this.turn += 1;
    const { turn } = this;
    try {
      const { items, next } = await this.fetch();
      if (turn !== this.turn) return;
      this.next = next;
      this.setData({ ...READY, pages: items.length > 0 ? [items] : [], count: items.length, more: next !== null, empty: items.length === 0 && next === null ? this.nothing() : '' });
      this.learn(items);
    } catch (error) {
      if (turn === this.turn) this.setData(standingOf(error));
    }
  },
  /** The server may look through a part and find nothing in it: asked on until something is found, or a while has passed. */
  async fetch(after?: string): Promise<PageOf<CaseLine>> {
    for (let asked = 1; ; asked += 1) {
      const page = await api.cases({ ...this.filter(), limit: PAGE, ...(after ? { after } : {}) });
      if (page.items.length > 0 || page.next === null || asked === ASK_AT_MOST) return page;
      after = page.next;
    }
  },
  filter(): { procedure?: string; state?: string; q?: string; waiting?: 'me' } {
    const { kind, states, stateAt, wanted } = this.data;
    const state = states[stateAt]?.key;
    const q = wanted.trim();
    return { ...(kind === WAITING.key ? { waiting: 'me' as const } : kind ? { procedure: kind } : {}), ...(state ? { state } : {}), ...(q ? { q } : {}) };
  },
  nothing(): string {
    const { kind, stateAt, wanted } = this.data;
    if (wanted.trim() !== '') return `没有找到“${wanted.trim()}”。可以输入案件编号的开头，或单位名称中的几个字。`;
    if (stateAt > 0) return '没有这个状态的事项。';
    return kind === WAITING.key ? '现在没有等您办理的事项。' : '还没有事项。要办事，请到“待办”或问“助手”。';
  },
  /** Filters for the procedures that are really there. */
  learn(lines: readonly CaseLine[]) {
    const known = new Set(this.data.kinds.map(({ key }) => key));
    const added = lines.filter(({ procedure }) => !known.has(procedure) && known.add(procedure))
      .map(({ procedure, title }) => ({ key: procedure, label: this.procedures.find(({ name }) => name === procedure)?.title ?? title }));
    if (added.length > 0) this.setData({ kinds: [...this.data.kinds, ...added] });
  },
  /** Only what is new is handed to the page: a long list costs no more to lengthen than a short one. */
  async onReachBottom() {
    if (this.next === null || this.data.loadingMore) return;
    this.setData({ loadingMore: true });
    const { turn } = this;
    try {
      const { items, next } = await this.fetch(this.next);
      if (turn !== this.turn) return;
      this.next = next;
      this.setData({ [`pages[${this.data.pages.length}]`]: items, count: this.data.count + items.length, more: next !== null });
      this.learn(items);
    } catch {
      say('没有加载出来，请再上滑一次');
    } finally {
      this.setData({ loadingMore: false });
    }
  },
});

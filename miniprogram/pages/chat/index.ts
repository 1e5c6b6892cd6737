import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { isUploading, STILL_UPLOADING } from '../../services/files';
import { actingKey, actingName, whoAmI } from '../../services/me';
import { newKey } from '../../services/wechat';
import { localFaults, put, type Faults, type Values } from '../../forms/model';
import type { CaseLine, Exchange, FieldDescription, Reply } from '../../services/types';
import { dataOf, detailOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { missingWords } from '../../utils/rating';
import { lookTodo } from '../../services/unread';
import { answers, lastOf, linesOf, mine, type Line, type Message, type Unsent } from './lines';

/** Fields that are answered better with a control than with words. */
const WITH_CONTROL = new Set(['files', 'day', 'organisation', 'choices', 'case']);
const LISTEN_MS = 5000;
const PAGE = 20;

/** What may be left out was left out on purpose where everything was on one card. */
const emptied = (fields: readonly FieldDescription[]): Values => Object.fromEntries(fields.filter(({ required }) => !required).map(({ name }) => [name, '']));

/** The front door: says what one wants, and is led through it; everything here can also be done on the pages. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, lines: [] as Line[], typed: '', waiting: false, last: '', acting: '', more: false,
    /** Fields with a control under the last bubble: the one asked for, or who one is, to be given with a confirmation. */
    fields: [] as FieldDescription[], isSurvey: false, missing: '', form: '', hash: '', values: {} as Values, faults: {} as Faults,
    /** Articles opened under an answer, by bubble. */
    open: {} as Record<string, { title: string; text: string; official: boolean } | null>,
  },
  party: '',
  first: '',
  newest: '',
  unsent: [] as Unsent[],
  /** Cases whose card was put here in this visit. */
  invited: [] as string[],
  timer: 0,

  onLoad() {
    wx.onNetworkStatusChange(({ isConnected }) => { if (isConnected) void this.resend(); });
  },
  async onShow() {
    const waiting = lookTodo();
    clearInterval(this.timer);
    this.timer = setInterval(() => void this.listen(), LISTEN_MS);
    try {
      const me = await whoAmI();
      if (this.party !== actingKey(me)) {
        this.party = actingKey(me);
        this.unsent = [];
        this.invited = [];
        this.setData({ acting: actingName(me), lines: [], fields: [], isSurvey: false });
        await this.load();
      } else await this.listen();
      await this.invite(await waiting);
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  onHide() { clearInterval(this.timer); },
  onUnload() { clearInterval(this.timer); },

  async load() {
    this.setData(LOADING);
    try {
      const { items, next } = await api.history({ limit: PAGE });
      this.newest = next ?? '';
      this.first = items[0]?.id ?? '';
      this.setData({ ...READY, lines: items.flatMap(linesOf), more: items.length === PAGE });
      this.offer(lastOf(lastOf(items)?.replies ?? []));
      this.toEnd();
      if (items.length === 0) await this.send({ pick: 'menu' }, '');
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  /** What was said before, above; one goes on reading where one was. */
  async earlier() {
    if (!this.data.more) return;
    const before = this.data.lines[0]?.id;
    this.data.more = false;
    try {
      const { items } = await api.history({ before: this.first, limit: PAGE });
      this.first = items[0]?.id ?? this.first;
      this.setData({ lines: [...items.flatMap(linesOf), ...this.data.lines], more: items.length === PAGE });
      if (before) this.setData({ last: `m${before}` });
    } catch (error) {
      this.setData({ more: true });
      say(wordsOf(error));
    }
  },
  /** What a person at the bureau answered meanwhile. */
  async listen() {
    if (this.data.status !== 'ready' || this.data.waiting) return;
    const known = this.newest;
    const { items, next } = await api.history(known ? { after: known, limit: PAGE } : { limit: 1 }).catch(() => ({ items: [] as Exchange[], next: null }));
    // Another look came back first.
    if (this.newest !== known) return;
    this.newest = next ?? known;
    const told = known ? items.filter(({ from }) => from === 'agent') : [];
    if (told.length === 0) return;
    this.setData({ lines: [...this.data.lines, ...told.flatMap(linesOf)] });
    this.toEnd();
  },
  /** What waits to be rated is put here on its card, once a visit, and never into a talk under way. */
  async invite(waiting: readonly CaseLine[]) {
    const one = waiting.find(({ procedure, no }) => procedure === 'rating' && !this.invited.includes(no));
    if (!one || !this.isQuiet()) return;
    this.invited.push(one.no);
    const key = newKey();
    const replies = await api.say({ pick: `invite:${one.no}` }, key).then((said) => said.replies, () => []);
    if (replies.length === 0 || !this.isQuiet()) return;
    this.setData({ lines: [...this.data.lines, ...answers(key, replies)] });
    this.offer(lastOf(replies));
    this.toEnd();
  },
  isQuiet(): boolean {
    const { status, waiting, fields, typed } = this.data;
    return status === 'ready' && !waiting && fields.length === 0 && typed === '' && this.unsent.length === 0;
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
    const others = this.data.lines.filter(({ id }) => id !== key);
    this.setData({ lines: words ? [...others, mine(key, words)] : others, waiting: true, fields: [], isSurvey: false });
    this.toEnd();
    try {
      const { replies } = await api.say(message, key);
      this.unsent = this.unsent.filter((one) => one.key !== key);
      this.setData({ lines: [...this.data.lines, ...answers(key, replies)], waiting: false });
      this.offer(lastOf(replies));
      void this.listen();
    } catch (error) {
      if (!this.unsent.some((one) => one.key === key)) this.unsent.push({ message, key, words: words || '打招呼' });
      this.setData({ waiting: false, lines: [...this.data.lines.filter(({ id }) => id !== key), mine(key, words || '打招呼', true)] });
      say(wordsOf(error));
    }
    this.toEnd();
  },
  async again(event: WechatMiniprogram.TouchEvent) { await this.resend(dataOf<{ id: string }>(event).id); },
  /** What did not arrive, in the order it was said; the first that fails again ends it. */
  async resend(wanted?: string) {
    for (const { message, key, words } of this.unsent.filter((one) => wanted === undefined || one.key === wanted)) {
      if (this.data.waiting) return;
      await this.send(message, words, key);
      if (this.unsent.some((one) => one.key === key)) return;
    }
  },

  /** A control under the last bubble, where the question or the confirmation wants one. */
  offer(reply: Reply | undefined) {
    const sealed = reply?.type === 'summary' ? reply.sealed ?? [] : [];
    const survey = reply?.survey;
    const asked = reply?.type === 'ask' && reply.field && WITH_CONTROL.has(reply.field.kind) ? [reply.field] : [];
    const fields = survey?.fields ?? [...sealed, ...asked];
    this.setData({ fields, isSurvey: survey !== undefined, form: reply?.form ?? '', hash: sealed.length > 0 ? reply?.hash ?? '' : '', values: survey?.values ?? {}, faults: {}, missing: '' });
    // What the control offers need not be offered twice.
    const { lines } = this.data;
    const quick = lastOf(lines)?.reply?.quick;
    const isOffered = survey ? /^(?:set|rest|said|skip):/ : /^(?:set|confirm):/;
    if (fields.length > 0 && quick) this.setData({ [`lines[${lines.length - 1}].reply.quick`]: quick.filter(({ pick }) => !isOffered.test(pick)) });
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    if (typed) this.data.values = values;
    else this.setData({ values, faults: {}, missing: '' });
  },
  async give() {
    const { fields, isSurvey, values, form, hash } = this.data;
    const faults = localFaults(fields, values);
    if (Object.keys(faults).length > 0) { this.setData({ values, faults, missing: isSurvey ? missingWords(faults) : '' }); return; }
    if (this.data.waiting) return;
    if (isUploading()) { say(STILL_UPLOADING); return; }
    if (hash) await this.send({ pick: `confirm:${hash}`, sealed: values as Record<string, string> }, '确认提交');
    else if (isSurvey) await this.send({ values: { ...emptied(fields), ...values }, form }, '已填好');
    else await this.send({ values, form }, `已填写${fields[0]!.label}`);
  },

  /** The article under an answer: as published where that text is loaded, otherwise in the product's own words. */
  async article(event: WechatMiniprogram.TouchEvent) {
    const { id, no } = dataOf<{ id: string; no: string }>(event);
    if (this.data.open[id]) { this.setData({ [`open.${id}`]: null }); return; }
    try {
      const found = await api.article(no);
      this.setData({ [`open.${id}`]: { title: `${found.inWords} ${found.title}`, text: found.official?.text ?? found.summary, official: found.official !== null } });
    } catch (error) {
      say(wordsOf(error));
    }
  },
  openCase(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/pages/case/index?no=${dataOf<{ no: string }>(event).no}` }); },
  openProvider(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: `/public/provider/index?id=${dataOf<{ id: string }>(event).id}` }); },
  openPage(event: WechatMiniprogram.TouchEvent) { void wx.navigateTo({ url: dataOf<{ path: string }>(event).path }); },
  /** To what was said last; a card taller than the screen is read from its top. */
  toEnd() {
    const { isSurvey, lines } = this.data;
    this.setData({ last: '' });
    this.setData({ last: isSurvey ? `m${lastOf(lines)!.id}` : 'end' });
  },
});

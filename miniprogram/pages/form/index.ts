import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { actingKey, actingName, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import { newKey } from '../../services/wechat';
import { asked } from '../../forms/asked';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft, sweepDrafts } from '../../forms/drafts';
import { answered } from '../../forms/about';
import { faultsByPath, isEmpty, keepable, localFaults, put, toInput, type Fact, type Faults, type Values } from '../../forms/model';
import type { CaseLine, CaseView, FieldDescription, MoveView, Receipt } from '../../services/types';
import { articleInWords, dayOf, momentInWords } from '../../utils/format';
import { isGivingUp, isGrave, questionOf } from '../../utils/moves';
import { standsOn, takenFrom } from '../../utils/next';
import { ownPageOf } from '../../utils/own-pages';
import { detailOf, LOADING, nothingToDo, READY, say, standingOf, wordsOf } from '../../utils/page';

/** Moves that go on with what is there: their form starts with it. */
/** What is answered stands folded where it would push the form off the screen. */
const LONG = 600;
const GOES_ON = new Set(['save', 'revise']);

/** Any form of the product, drawn from its description: opens a case (`procedure`, `move`) or moves one (`no`, `move`). */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, title: '', article: '', about: '', follows: '', until: '', answered: [] as Fact[], isFolded: false, isGrave: false, form: [] as MoveView['form'], values: {} as Values, faults: {} as Faults,
    sending: false, draftFrom: '', receipt: null as Receipt | null, trouble: '', hasSecrets: false,
  },
  procedure: '',
  no: '',
  move: '',
  draft: '',
  key: '',
  isTouched: false,
  isSubmitting: false,
  /** The move as it is open now. */
  open: null as MoveView | null,
  /** The case it is begun on, where a case's page led here. */
  from: '',
  /** Taken over from it. */
  taken: {} as Values,
  /** Name of the organisation acted for. */
  me: '',
  templates: [] as string[],
  timer: 0,

  onLoad({ procedure = '', no = '', move = '', from = '' }: { procedure?: string; no?: string; move?: string; from?: string }) {
    Object.assign(this, { procedure, no: decodeURIComponent(no), move, from: decodeURIComponent(from) });
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },

  async load() {
    this.setData(LOADING);
    try {
      const [found, me] = await Promise.all([this.find(), whoAmI()]);
      if (!found) {
        this.setData(nothingToDo('这项现在不能办理，可能已经办过，或状态已变化。'));
        return;
      }
      const { move, view } = found;
      const own = ownPageOf({ procedure: view?.procedure ?? this.procedure, move: this.move, no: this.no });
      if (own) {
        await wx.redirectTo({ url: this.from ? `${own}&from=${this.from}` : own });
        return;
      }
      sweepDrafts(new Date());
      this.me = actingName(me);
      this.draft = draftName(actingKey(me), view?.procedure ?? this.procedure, this.move, this.no);
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? newKey();
      this.open = move;
      const goesOn = view ? Object.fromEntries(move.form.filter(({ name }) => GOES_ON.has(this.move) && view.data[name] !== undefined).map(({ name }) => [name, view.data[name]])) : {};
      // A declaration is made anew each time; it never stands there beforehand.
      const initial = Object.fromEntries(Object.entries({ ...goesOn, ...move.values }).filter(([name]) => move.form.some((field) => field.name === name && field.kind !== 'agreed')));
      void wx.setNavigationBarTitle({ title: move.title });
      const form = await this.withCases(asked(move.form, `${view?.procedure ?? this.procedure}.${this.move}`, view));
      if (!form) {
        this.setData(nothingToDo(`现在没有可以“${move.title}”的事项：${standsOn(move)?.words ?? '前一步办结后办理'}。`));
        return;
      }
      const named = this.only(form);
      // Before anything is shown: nothing moves under the fingers of who types.
      this.taken = await this.takenFrom(Object.values(named)[0]);
      const about = view && !isGivingUp(move) ? answered(view, move.form) : [];
      this.setData({
        ...READY, title: move.title, article: articleInWords(move.article), form,
        about: view ? `${view.title} ${view.no}` : '', follows: move.follows ?? '', isGrave: isGrave(move),
        until: view?.clock && view.waitsForMe ? `${momentInWords(view.clock.due, new Date())} 前（${view.clock.inWords}）` : '',
        answered: about, isFolded: about.reduce((length, { text }) => length + text.length, 0) > LONG, values: { ...initial, ...this.taken, ...draft?.values, ...named }, hasSecrets: move.form.some(({ kind }) => kind === 'sensitive'),
        draftFrom: draft ? momentInWords(draft.savedAt, new Date()) : '',
      });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  /** A field that names a case becomes a choice among one's own; null where a required one has none to offer. */
  async withCases(form: readonly FieldDescription[]): Promise<FieldDescription[] | null> {
    const fields = await Promise.all(form.map(async (field): Promise<FieldDescription | null> => {
      if (!field.of) return field;
      const { items } = await api.cases({ procedure: field.of.procedure, state: field.of.state, limit: 100 });
      const others = ({ subject, parties }: CaseLine): string => [subject, ...parties.map(({ name }) => name)].filter((name) => name && name !== this.me).join('、');
      const options = items.map((line) => ({ value: line.no, label: [others(line), line.no].filter(Boolean).join(' ') }));
      return field.required && options.length === 0 ? null : { ...field, kind: 'choice', label: field.label.replace(/编号$/, ''), options };
    }));
    return fields.every((field) => field !== null) ? fields : null;
  },
  /** The case one came from, or the only one there is. */
  only(form: readonly FieldDescription[]): Values {
    const field = form.find(({ of, required }) => of && required);
    const no = field?.options?.find(({ value }) => value === this.from)?.value ?? (field?.options?.length === 1 ? field.options[0]!.value : undefined);
    return field && no !== undefined ? { [field.name]: no } : {};
  },
  async takenFrom(no: unknown): Promise<Values> {
    return typeof no === 'string' ? takenFrom(`${this.procedure}.${this.move}`, await api.case(no), dayOf(new Date().toISOString())) : {};
  },
  /** Another case was chosen: its figures replace those of the one before; what was typed stays. */
  async take(no: unknown) {
    const before = this.taken;
    this.taken = await this.takenFrom(no);
    const { values } = this.data;
    const untouched = Object.entries(this.taken).filter(([name]) => isEmpty(values[name]) || JSON.stringify(values[name]) === JSON.stringify(before[name]));
    this.setData({ values: { ...values, ...Object.fromEntries(untouched) } });
  },
  async find(): Promise<{ move: MoveView; view: CaseView | null } | null> {
    if (this.no) {
      const view = await api.case(this.no);
      const move = view.moves.find((one) => one.move === this.move);
      return move ? { move, view } : null;
    }
    const { items } = await api.openings();
    const move = items.find((one) => one.procedure === this.procedure && one.move === this.move);
    return move ? { move, view: null } : null;
  },

  fold() { this.setData({ isFolded: !this.data.isFolded }); },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    this.isTouched = true;
    const { [path]: mended, ...faults } = this.data.faults;
    // While somebody types nothing is drawn anew, so that the cursor stays where it is.
    if (typed) this.data.values = values;
    const left = Object.keys(faults).length;
    if (!typed || mended) this.setData({ values, faults, ...(mended ? { trouble: left > 0 ? `有 ${left} 处需要修改` : '' } : {}) });
    if (!this.no && value && this.data.form.some(({ name, of }) => name === path && of)) void this.take(value).catch((error: unknown) => say(wordsOf(error)));
    keepSoon(this);
  },
  /** The draft, as it stands. */
  keep() {
    clearTimeout(this.timer);
    if (!this.isTouched || this.data.receipt || !this.draft) return;
    saveDraft(this.draft, { values: keepable(this.data.form, this.data.values), key: this.key, savedAt: new Date().toISOString() });
  },
  async startOver() {
    const { confirm } = await wx.showModal({ title: '清空重填？', content: '已填写的内容将被删除。', confirmText: '清空' });
    if (!confirm) return;
    dropDraft(this.draft);
    this.isTouched = false;
    await this.load();
  },

  async submit() {
    await once(this, async () => {
      const faults = localFaults(this.data.form, this.data.values);
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      if (!await isSure(this, this.open!.confirm ? questionOf(this.open!) : null)) return;
      this.keep();
      const input = toInput(this.data.form, this.data.values);
      const { receipt } = this.no ? await api.act(this.no, this.move, input, this.key) : await api.open(this.procedure, this.move, input, this.key);
      dropDraft(this.draft);
      this.setData({ receipt });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ code, faults }: Problem) {
    if (code === 'KEY_REUSED') this.setData({ trouble: '这份表单此前已经提交成功。请到“事项”中查看；要再办一件，请清空重填。' });
    else if (faults.length > 0) this.point(faultsByPath(this.data.form, faults));
    return code === 'KEY_REUSED' || faults.length > 0;
  },
  /** Says what is wrong where it is, and goes there. */
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    // With the values: what was typed since they were last drawn would otherwise be drawn over.
    this.setData({ values: this.data.values, faults, trouble: faults[''] ?? `有 ${Object.keys(faults).length} 处需要修改` });
    const { form } = this.data;
    const top = form.find(({ name }) => first.split('.')[0] === name);
    if (top) void wx.pageScrollTo({ selector: `#form >>> #field-${top.name}`, offsetTop: -80 });
  },

  openCase() {
    if (this.no) void wx.navigateBack({});
    else void wx.redirectTo({ url: `/pages/case/index?no=${this.data.receipt!.no}` });
  },
});

import { api } from '../../services/api';
import { Problem } from '../../services/client';
import { askConsents, wantedTemplates } from '../../services/consents';
import { actingKey, whoAmI } from '../../services/me';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, loadDraft, saveDraft, sweepDrafts } from '../../forms/drafts';
import { faultsByPath, keepable, localFaults, put, toInput, type Faults, type Values } from '../../forms/model';
import type { CaseView, MoveView, Receipt } from '../../services/types';
import { articleInWords, momentInWords } from '../../utils/format';
import { readingOf, type Reading } from '../../utils/reading';
import { detailOf, LOADING, READY, standingOf, wordsOf } from '../../utils/page';

/** Moves that go on with what is there: their form starts with it. */
const GOES_ON = new Set(['save']);
/** Stands for the version that was read; echoed, not typed. */
const ECHOED = 'planHash';
const SAVE_AFTER_MS = 400;

/** Any form of the product, drawn from its description: opens a case (`procedure`, `move`) or moves one (`no`, `move`). */
Page({
  data: {
    ...LOADING, title: '', article: '', about: '', form: [] as MoveView['form'], values: {} as Values, faults: {} as Faults,
    sending: false, draftFrom: '', receipt: null as Receipt | null, trouble: '', hasSecrets: false, reading: null as Reading | null,
  },
  procedure: '',
  no: '',
  move: '',
  draft: '',
  key: '',
  isTouched: false,
  /** From the tap to the answer, sheets and questions included: a second tap is none. */
  isSubmitting: false,
  confirm: false,
  templates: [] as string[],
  timer: 0,

  onLoad({ procedure = '', no = '', move = '' }: { procedure?: string; no?: string; move?: string }) {
    Object.assign(this, { procedure, no: decodeURIComponent(no), move });
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },

  async load() {
    this.setData(LOADING);
    try {
      const [found, me] = await Promise.all([this.find(), whoAmI()]);
      if (!found) {
        this.setData({ status: 'error', problem: '这项现在不能办理，可能已经办过，或状态已变化。' });
        return;
      }
      const { move, view } = found;
      sweepDrafts(new Date());
      this.draft = draftName(actingKey(me), view?.procedure ?? this.procedure, this.move, this.no);
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? newKey();
      this.confirm = move.confirm;
      const initial = view ? Object.fromEntries(move.form.filter(({ name }) => (GOES_ON.has(this.move) || name === ECHOED) && view.data[name] !== undefined).map(({ name }) => [name, view.data[name]])) : {};
      void wx.setNavigationBarTitle({ title: move.title });
      this.setData({
        ...READY, title: move.title, article: articleInWords(move.article), form: move.form.filter(({ name }) => name !== ECHOED || initial[name] === undefined),
        // What is echoed is what is shown here: the reading comes from the same answer as the check code.
        reading: view && initial[ECHOED] !== undefined ? readingOf(view) : null,
        about: view ? `${view.title} ${view.no}` : '', values: { ...initial, ...draft?.values }, hasSecrets: move.form.some(({ kind }) => kind === 'sensitive'),
        draftFrom: draft ? momentInWords(draft.savedAt, new Date()) : '',
      });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
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

  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    this.isTouched = true;
    const { [path]: mended, ...faults } = this.data.faults;
    // While somebody types nothing is drawn anew, so that the cursor stays where it is.
    if (typed) this.data.values = values;
    if (!typed || mended) this.setData({ values, faults });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), SAVE_AFTER_MS);
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

  /** The consent sheet comes first, since WeChat shows it only straight from the tap; then the question, then the sending. */
  async submit() {
    if (this.isSubmitting) return;
    this.isSubmitting = true;
    try {
      this.setData({ trouble: '' });
      const faults = localFaults(this.data.form, this.data.values);
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      await askConsents(this.templates);
      this.templates = [];
      if (this.confirm) {
        const { confirm } = await wx.showModal({ title: '确认提交', content: `提交“${this.data.title}”后不能自行修改，确定提交吗？`, confirmText: '提交' });
        if (!confirm) return;
      }
      await this.send();
    } finally {
      this.isSubmitting = false;
    }
  },
  async send() {
    this.setData({ sending: true });
    this.keep();
    // The whole form was described, so what was left out on the page (an echo) is sent with it.
    const input = { ...toInput(this.data.form, this.data.values), ...(this.data.values[ECHOED] === undefined ? {} : { [ECHOED]: this.data.values[ECHOED] }) };
    try {
      const { receipt } = this.no ? await api.act(this.no, this.move, input, this.key) : await api.open(this.procedure, this.move, input, this.key);
      dropDraft(this.draft);
      this.setData({ receipt, sending: false });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    } catch (error) {
      this.setData({ sending: false });
      this.refused(error);
    }
  },
  refused(error: unknown) {
    const problem = error instanceof Problem ? error : null;
    if (problem?.code === 'KEY_REUSED') this.setData({ trouble: '这份表单此前已经提交成功。请到“事项”中查看；要再办一件，请清空重填。' });
    else if (problem && problem.faults.length > 0) this.point(faultsByPath(this.data.form, problem.faults));
    else this.setData({ trouble: wordsOf(error) });
    // Refused, so nothing was done under this key; what is sent next is another request.
    if (problem && problem.status >= 400 && problem.status < 500 && problem.code !== 'KEY_REUSED') this.key = newKey();
  },
  /** Says what is wrong where it is, and goes there. */
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    this.setData({ faults, trouble: faults[''] ?? `有 ${Object.keys(faults).length} 处需要修改` });
    const { form } = this.data;
    const top = form.find(({ name }) => first.split('.')[0] === name);
    if (top) void wx.pageScrollTo({ selector: `#form >>> #field-${top.name}`, offsetTop: -80 });
  },

  openCase() {
    if (this.no) void wx.navigateBack({});
    else void wx.redirectTo({ url: `/pages/case/index?no=${this.data.receipt!.no}` });
  },
  copy() { void wx.setClipboardData({ data: `案件编号 ${this.data.receipt!.no}\n回执校验码 ${this.data.receipt!.head}` }); },
});

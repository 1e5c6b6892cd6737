import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { actingKey, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import type { CaseView, FieldDescription, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft, sweepDrafts } from '../../forms/drafts';
import { localFaults, put, type Faults, type Values } from '../../forms/model';
import { gradeName } from '../../utils/described';
import { momentInWords, yuanToFen } from '../../utils/format';
import { SHARES, withoutNeedlessReasons, withReason, withRest, type Share } from '../../utils/plan';
import { planDataOf, type PlanData } from '../../utils/plan-reading';
import { dataOf, detailOf, LOADING, nothingToDo, READY, say, standingOf, toCase } from '../../utils/page';
import { askedOf, limitsOf, placed, sectionOf, shareTexts, summaryOf, toSave, type Summary } from './editing';

const MIN_REASON = 5;
const HIGHEST = 4;
const MAY_BE_EMPTY = ['attachments', 'unmet'];

/** The provider's plan editor (12.2): items, shares that must make their sum, scenarios, target, schedule, duties; then to the enterprise. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, view: null as CaseView | null, isChange: false, limits: '', asked: null as ReturnType<typeof askedOf>, gradeBefore: '',
    values: { items: [] } as Values, faults: {} as Faults, summary: null as Summary | null, open: [] as boolean[], unfolded: false,
    itemFields: [] as FieldDescription[], effectFields: [] as FieldDescription[], dayFields: [] as FieldDescription[], dutyFields: [] as FieldDescription[], fileFields: [] as FieldDescription[],
    shares: Object.entries(SHARES).map(([name, label]) => ({ name, label })), shareTexts: {} as Record<string, string>,
    grades: [] as { value: number; label: string; possible: boolean }[], isHighest: false,
    reason: '', draftFrom: '', saved: '', trouble: '', sending: false, what: 'save' as 'save' | 'go', receipt: null as Receipt | null,
  },
  no: '',
  key: '',
  draft: '',
  base: 0,
  /** As the server has it, to tell whether there is anything to save. */
  stored: '',
  form: [] as FieldDescription[],
  plan: null as PlanData | null,
  templates: [] as string[],
  timer: 0,
  isTouched: false,
  isSubmitting: false,

  onLoad({ no = '' }: { no?: string }) {
    Object.assign(this, { no: decodeURIComponent(no), key: newKey() });
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },

  async load() {
    this.setData({ ...LOADING, trouble: '' });
    try {
      const [view, me] = await Promise.all([api.case(this.no), whoAmI()]);
      const save = view.moves.find(({ move }) => move === 'save');
      if (!save) {
        this.setData(nothingToDo('这份方案现在不能修改：可能已送企业确认，或正在审核。'));
        return;
      }
      sweepDrafts(new Date());
      this.draft = draftName(actingKey(me), 'plan', 'save', this.no);
      this.form = save.form;
      this.take(view);
      const draft = loadDraft(this.draft);
      let values = this.storedOf(view);
      let reason = '';
      if (draft && (draft.base === undefined || draft.base === view.version || await this.prefersDraft(draft.savedAt))) {
        ({ reason = '', ...values } = draft.values as { reason?: string });
        this.key = draft.key;
        this.isTouched = true;
        this.setData({ draftFrom: momentInWords(draft.savedAt, new Date()) });
      } else {
        if (draft) dropDraft(this.draft);
        this.isTouched = false;
        this.setData({ draftFrom: '' });
      }
      this.draw(values);
      this.setData({ ...READY, reason, open: [] });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  /** A colleague may have saved meanwhile, or the enterprise's remarks came in between. */
  async prefersDraft(savedAt: string): Promise<boolean> {
    const { confirm } = await wx.showModal({
      title: '有两份内容', content: `这部手机上有 ${momentInWords(savedAt, new Date())} 的草稿，平台上的方案此后又有变动。用哪一份？`, confirmText: '用草稿', cancelText: '用平台的',
    });
    return confirm;
  },
  storedOf(view: CaseView): Values {
    return { items: [], ...Object.fromEntries(this.form.map(({ name }) => [name, view.data[name]]).filter(([, value]) => value !== undefined)) };
  },
  take(view: CaseView) {
    const plan = planDataOf(view.data);
    // A draft may leave anything out, the plan that goes to the enterprise nothing but these.
    const field = (name: string) => this.form.filter((one) => one.name === name).map((one) => ({ ...one, required: !MAY_BE_EMPTY.includes(name) }));
    Object.assign(this, { plan, base: view.version, stored: JSON.stringify(toSave(this.form, this.storedOf(view), plan.needs)) });
    if (view.moves.some(({ move }) => move === 'change')) void wx.setNavigationBarTitle({ title: '提出变更' });
    this.setData({
      view, isChange: view.moves.some(({ move }) => move === 'change'), limits: limitsOf(plan), asked: askedOf(plan, view.state.name), gradeBefore: gradeName(plan.gradeBefore),
      itemFields: field('items')[0]?.fields ?? [], effectFields: field('effects'), dayFields: [...field('start').map((one) => (plan.approved ? { ...one, hint: '没有变动的，保留原日期' } : one)), ...field('finish')],
      dutyFields: [...field('providerDuties'), ...field('enterpriseDuties')], fileFields: field('attachments'),
      grades: (field('targetGrade')[0]?.options ?? []).map(({ value, label }) => ({ value: Number(value), label, possible: Number(value) > plan.gradeBefore })),
      isHighest: plan.gradeBefore >= HIGHEST,
    });
  },

  /** Everything anew, fields included: not while somebody types. */
  draw(values: Values) {
    this.setData({ values, summary: summaryOf(values, this.plan!), shareTexts: shareTexts(values) });
  },
  /** One value changed. While it is typed only the figures beside the fields are drawn, so that the cursor stays where it is. */
  set(values: Values, path: string, typed: boolean) {
    this.isTouched = true;
    const faults = Object.fromEntries(Object.entries(this.data.faults).filter(([name]) => name !== path && name !== path.split('.')[0]));
    const mended = Object.keys(faults).length !== Object.keys(this.data.faults).length;
    if (typed) {
      this.data.values = values;
      this.setData({ summary: summaryOf(values, this.plan!), ...(mended ? { values, faults } : {}) });
    } else {
      this.draw(values);
      if (mended) this.setData({ faults });
    }
    if (this.data.saved) this.setData({ saved: '' });
    keepSoon(this);
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    this.set(put(this.data.values, path, value) as Values, path, typed);
  },

  // ---- Items ------------------------------------------------------------------------------------------------------
  toggle(event: WechatMiniprogram.TouchEvent) {
    const { index } = dataOf<{ index: number }>(event);
    // What was typed meanwhile must reach the fields that are about to be drawn.
    this.setData({ values: this.data.values, open: this.items().map((_, at) => (at === index ? !this.data.open[at] : Boolean(this.data.open[at]))) });
  },
  items(): Values[] { return (this.data.values['items'] ?? []) as Values[]; },
  setItems(items: Values[], open: boolean[]) {
    this.setData({ open });
    this.set({ ...this.data.values, items }, 'items', false);
  },
  add() {
    const items = this.items();
    this.setItems([...items, { quantity: 1 }], [...items.map(() => false), true]);
  },
  copyItem(event: WechatMiniprogram.TouchEvent) {
    const { index } = dataOf<{ index: number }>(event);
    const items = this.items();
    const copy = { ...items[index], name: `${String(items[index]?.['name'] ?? '')}（2）` };
    this.setItems([...items.slice(0, index + 1), copy, ...items.slice(index + 1)], [...items.slice(0, index + 1).map(() => false), true]);
  },
  async removeItem(event: WechatMiniprogram.TouchEvent) {
    const { index } = dataOf<{ index: number }>(event);
    const { confirm } = await wx.showModal({ title: '删除这一项？', content: `“${this.data.summary!.rows[index]!.title}”填写的内容会一并删除。`, confirmText: '删除' });
    if (confirm) this.setItems(this.items().filter((_, at) => at !== index), this.data.open.filter((_, at) => at !== index));
  },

  // ---- Shares, scenarios, target ----------------------------------------------------------------------------------
  typeShare(event: WechatMiniprogram.Input) {
    const { share } = dataOf<{ share: Share }>(event);
    const { value } = event.detail;
    const path = `split.${share}`;
    this.set(put(this.data.values, path, yuanToFen(value) ?? (value === '' ? undefined : value)) as Values, path, true);
  },
  takeRest(event: WechatMiniprogram.TouchEvent) {
    const { share } = dataOf<{ share: Share }>(event);
    const rest = withRest(this.data.values, share);
    if (rest === null) { say(this.data.summary!.ledger.totalFen === 0 ? '请先填写清单的单价和数量' : '其他两方已超过清单合计，请先核对'); return; }
    this.set(put(this.data.values, `split.${share}`, rest) as Values, `split.${share}`, false);
  },
  typeReason(event: WechatMiniprogram.Input) {
    const { scenario } = dataOf<{ scenario: string }>(event);
    this.set(withReason(this.data.values, scenario, event.detail.value), `unmet.${scenario}`, true);
  },
  aim(event: WechatMiniprogram.TouchEvent) {
    const { value, possible } = dataOf<{ value: number; possible: boolean }>(event);
    if (!possible) { say(`改造前已是${this.data.gradeBefore}，目标须更高`); return; }
    this.set({ ...this.data.values, targetGrade: value }, 'targetGrade', false);
  },
  typeChangeReason(event: WechatMiniprogram.Input) {
    this.data.reason = event.detail.value;
    this.set(this.data.values, 'reason', true);
  },

  // ---- Keeping and sending ----------------------------------------------------------------------------------------
  /** On this phone, as it stands. */
  keep() {
    clearTimeout(this.timer);
    if (!this.isTouched || this.data.receipt || !this.draft || this.data.status !== 'ready') return;
    const { values, reason } = this.data;
    saveDraft(this.draft, { values: { ...values, ...(reason ? { reason } : {}) }, key: this.key, savedAt: new Date().toISOString(), base: this.base });
  },
  async save() {
    await once(this, async () => {
      this.keep();
      this.setData({ sending: true, what: 'save' });
      if (await this.store()) this.setData({ saved: `已保存到平台 ${momentInWords(new Date().toISOString(), new Date()).slice(-5)}`, draftFrom: '' });
    });
  },
  async send() {
    await once(this, async () => {
      const { isChange, summary, reason } = this.data;
      this.keep();
      this.setData({ what: 'go' });
      if (isChange && [...reason.trim()].length < MIN_REASON) { this.point({ reason: `请写明变更原因，至少 ${MIN_REASON} 个字` }); return; }
      const [gap] = summary!.gaps;
      if (gap) {
        this.setData({ unfolded: true, trouble: `还缺 ${summary!.gaps.length} 处，补齐后才能送出` });
        this.goTo(gap.section);
        return;
      }
      const isYes = await isSure(this, {
        title: isChange ? '提出变更' : '送企业确认', confirmText: '送出',
        content: `总金额 ${summary!.total} 元。送出后在企业答复之前不能修改${isChange ? '；变更经企业确认，较大变动还须重新备案后才能实施' : ''}。`,
      });
      if (!isYes || !await this.store()) return;
      const { receipt } = await api.act(this.no, isChange ? 'change' : 'propose', isChange ? { reason: reason.trim() } : {}, this.key);
      dropDraft(this.draft);
      this.isTouched = false;
      this.setData({ receipt });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ faults }: Problem) {
    if (faults.length > 0) this.point(placed([...this.form, { name: 'reason', label: '', kind: 'text', required: true }], faults, withoutNeedlessReasons(this.data.values, this.plan!.needs)));
    return faults.length > 0;
  },
  /** To the server, unless it has these very contents; false where something is surely wrong. */
  async store(): Promise<boolean> {
    const { needs } = this.plan!;
    const faults = localFaults(this.form, withoutNeedlessReasons(this.data.values, needs));
    if (Object.keys(faults).length > 0) { this.point(faults); return false; }
    const input = toSave(this.form, this.data.values, needs);
    if (JSON.stringify(input) !== this.stored) {
      await api.act(this.no, 'save', input, this.key);
      this.key = newKey();
      this.take(await api.case(this.no));
    }
    if (!this.data.reason) { dropDraft(this.draft); this.isTouched = false; }
    return true;
  },
  /** Says what is wrong where it is, opens what is folded, and goes there. */
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    const count = Object.keys(faults).length;
    this.setData({
      faults, values: this.data.values, trouble: faults[''] ?? `有 ${count} 处需要修改`,
      open: this.items().map((_, index) => Boolean(this.data.open[index]) || Object.keys(faults).some((path) => path.startsWith(`items.${index}.`))),
    });
    this.goTo(sectionOf(first));
  },
  toGap(event: WechatMiniprogram.TouchEvent) { this.goTo(dataOf<{ section: string }>(event).section); },
  unfold() { this.setData({ unfolded: !this.data.unfolded }); },
  goTo(section: string) { if (section) void wx.pageScrollTo({ selector: `#sec-${section}`, offsetTop: -20 }); },
  async startOver() {
    const { confirm } = await wx.showModal({ title: '放弃本机草稿？', content: '恢复到上次保存到平台的内容。', confirmText: '放弃' });
    if (!confirm) return;
    dropDraft(this.draft);
    this.isTouched = false;
    await this.load();
  },
  openCase() { toCase(this.no); },
});


import { inTextSize } from '../../behaviors/text-size';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft, sweepDrafts } from '../../forms/drafts';
import { factsOf, faultsByPath, keepable, localFaults, put, toInput, type Fact, type Faults, type Values } from '../../forms/model';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { actingKey, actingName, remember, whoAmI } from '../../services/me';
import type { FieldDescription, Party, Receipt } from '../../services/types';
import { isSure, once } from '../../services/sending';
import { newKey } from '../../services/wechat';
import { momentInWords } from '../../utils/format';
import { detailOf, LOADING, READY, say, standingOf, wordsOf } from '../../utils/page';
import { CONFIRM, CONTENT, fieldsOf, IDENTITY, identityFaults, masked, NOTICE, STEP_TITLES, stepOf, termsIn } from './steps';

const ID_LENGTH = 18;

/** 实名举报 (第十八条): first what happens to the reporter's identity, then fields; identity never goes into the phone's draft. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, step: NOTICE as number, titles: STEP_TITLES, wrongParty: '', terms: termsIn([]), fields: [] as FieldDescription[],
    values: {} as Values, faults: {} as Faults, trouble: '', draftFrom: '', summary: [] as Fact[], identity: [] as { label: string; text: string }[],
    sending: false, receipt: null as Receipt | null, title: '',
  },
  about: '',
  form: [] as FieldDescription[],
  draft: '',
  key: '',
  isTouched: false,
  isSubmitting: false,
  templates: [] as string[],
  timer: 0,
  /** The provider by name, to be read before it is sent. */
  accused: [] as Party[],

  /** `provider`: whose page led here. */
  onLoad({ provider = '' }: { provider?: string }) {
    this.about = provider;
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },

  async load() {
    this.setData(LOADING);
    try {
      const [{ items }, me, { parameters }] = await Promise.all([api.openings(), whoAmI(), api.article('18')]);
      const move = items.find((one) => one.procedure === 'report' && one.move === 'file');
      if (!move) {
        this.setData({ ...READY, wrongParty: actingName(me) });
        return;
      }
      sweepDrafts(new Date());
      this.form = move.form;
      this.draft = draftName(actingKey(me), 'report', 'file');
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? newKey();
      this.setData({
        ...READY, wrongParty: '', title: move.title, terms: termsIn(parameters), values: { ...(this.about ? { provider: this.about } : {}), ...draft?.values }, step: NOTICE,
        draftFrom: draft ? momentInWords(draft.savedAt, new Date()) : '',
      });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  /** A report is a person's own, whatever organisation they act for. */
  async asMyself() {
    await api.actFor('citizen').then(remember, (error: unknown) => say(wordsOf(error)));
    await this.load();
  },

  /** WeChat's privacy consent comes before the first field. */
  async begin() {
    await once(this, async () => {
      try {
        await wx.requirePrivacyAuthorize({});
      } catch {
        this.setData({ trouble: '需要您同意隐私保护指引，才能填写个人信息。不同意也可以继续使用其他功能。' });
        return;
      }
      this.data.values = { ...this.data.values, informed: true };
      this.isTouched = true;
      this.go(CONTENT);
    });
  },
  go(step: number) {
    const { values } = this.data;
    const summary = step === CONFIRM ? factsOf(fieldsOf(this.form, CONTENT), values, this.accused) : [];
    const identity = step === CONFIRM ? fieldsOf(this.form, IDENTITY).map(({ name, label }) => ({ label, text: masked(name, String(values[name] ?? '').trim()) })) : [];
    this.setData({ step, fields: fieldsOf(this.form, step), values, faults: {}, trouble: '', summary, identity });
    void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
  },
  async back() {
    await once(this, async () => {
      this.keep();
      this.go(this.data.step - 1);
    });
  },
  async next() {
    await once(this, async () => {
      this.keep();
      const faults = this.faultsNow();
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      if (this.data.step === CONTENT) {
        const name = await api.provider(String(this.data.values['provider'])).then((found) => found.name, () => '');
        this.accused = [{ party: 'provider', title: '', name }];
      }
      this.go(this.data.step + 1);
    });
  },
  faultsNow(): Faults {
    const { fields, values, step } = this.data;
    return { ...localFaults(fields, values), ...(step === IDENTITY ? identityFaults(values, new Date()) : {}) };
  },

  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    this.isTouched = true;
    const { [path]: mended, ...faults } = this.data.faults;
    // Once the last digit is typed, the number can be checked; before that it is only unfinished.
    const fault = path === 'idNumber' && String(value ?? '').trim().length >= ID_LENGTH ? identityFaults({ idNumber: value }, new Date())['idNumber'] : undefined;
    if (fault) faults[path] = fault;
    if (typed) this.data.values = values;
    const left = Object.keys(faults).length;
    if (!typed || mended || fault) this.setData({ values, faults, trouble: left > 0 ? `有 ${left} 处需要修改` : '' });
    keepSoon(this);
  },
  keep() {
    clearTimeout(this.timer);
    if (!this.isTouched || this.data.receipt || !this.draft) return;
    saveDraft(this.draft, { values: keepable(this.form, this.data.values), key: this.key, savedAt: new Date().toISOString() });
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
      const faults = this.faultsNow();
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      if (!await isSure(this, { title: '确认提交', content: '提交后不能自行修改，可以补充材料，受理前可以撤回。确定提交吗？', confirmText: '提交' })) return;
      this.keep();
      const { receipt } = await api.open('report', 'file', toInput(this.form, this.data.values), this.key);
      dropDraft(this.draft);
      // Nothing of who somebody is stays in the page once it has been sealed.
      this.setData({ receipt, values: {}, identity: [], summary: [] });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ code, faults }: Problem) {
    if (code === 'KEY_REUSED') this.setData({ trouble: '这份举报此前已经提交成功。请到“事项”中查看；要再举报一件，请清空重填。' });
    else if (faults.length > 0) this.point(faultsByPath(this.form, faults));
    return code === 'KEY_REUSED' || faults.length > 0;
  },
  /** Says what is wrong where it is, on whichever step that field lies. */
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    const field = this.form.find(({ name }) => name === first.split('.')[0]);
    const step = field ? stepOf(field) : this.data.step;
    if (step !== this.data.step) this.go(step);
    // With the values: what was typed since they were last drawn would otherwise be drawn over.
    this.setData({ values: this.data.values, faults, trouble: faults[''] ?? `有 ${Object.keys(faults).length} 处需要修改` });
    if (field) void wx.pageScrollTo({ selector: `#form >>> #field-${field.name}`, offsetTop: -80 });
  },

  openings() { void wx.navigateTo({ url: '/mine/openings/index' }); },
  openCase() { void wx.redirectTo({ url: `/pages/case/index?no=${this.data.receipt!.no}` }); },
});

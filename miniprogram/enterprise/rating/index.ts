import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { wantedTemplates } from '../../services/consents';
import { actingKey, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import type { CaseView, FieldDescription, MoveView, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft } from '../../forms/drafts';
import { faultsByPath, localFaults, toInput, type Faults, type Values } from '../../forms/model';
import type { Problem } from '../../services/client';
import { momentInWords } from '../../utils/format';
import { dataOf, LOADING, READY, standingOf, toCase } from '../../utils/page';
import { allAt, OVERALL, scored, type Scored } from '../../utils/rating';


/**
 * One rating (14, 15.4): a word on the whole, stars by item, a comment for who wants to. Every opinion is given with the same taps:
 * no level asks for more, says more or is shown smaller.
 */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, view: null as CaseView | null, provider: '', until: '', given: 0,
    overall: [] as { value: string; label: string }[], scale: [] as { score: number; word: string }[], rows: [] as Scored[],
    values: {} as Values, faults: {} as Faults, trouble: '', sending: false, receipt: null as Receipt | null, done: '', next: '',
  },
  no: '',
  key: '',
  draft: '',
  form: [] as FieldDescription[],
  items: [] as FieldDescription[],
  templates: [] as string[],
  timer: 0,
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
      const rate = view.moves.find(({ move }) => move === 'rate');
      if (!rate) {
        this.setData({ status: 'error', problem: view.state.end ? '评价期已结束，不能再评价或修改。' : '只有企业可以确认事项的人员能够评价。' });
        return;
      }
      this.begin(view, rate);
      this.draft = draftName(actingKey(me), 'rating', 'rate', this.no);
      const ballots = (view.data['ballots'] ?? []) as Values[];
      const last = ballots[ballots.length - 1];
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? this.key;
      this.draw(draft?.values ?? (last ? { overall: last['overall'], items: last['items'], comment: last['comment'] } : {}));
      this.setData({
        ...READY, view, given: ballots.length, provider: view.parties.find(({ party }) => party === 'provider')?.name ?? '',
        until: view.clock ? momentInWords(view.clock.due, new Date()) : '',
      });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  begin(_: CaseView, { form }: MoveView) {
    const field = (name: string) => form.find((one) => one.name === name);
    Object.assign(this, { form, items: field('items')?.fields ?? [] });
    this.setData({
      overall: (field('overall')?.options ?? []).map(({ value, label }) => ({ value: String(value), label })),
      scale: (this.items[0]?.options ?? []).map(({ value, label }) => ({ score: Number(value), word: label })).sort((a, b) => a.score - b.score),
    });
  },
  draw(values: Values) { this.setData({ values, rows: scored(this.items, (values['items'] ?? {}) as Values) }); },
  set(values: Values, field: string) {
    this.draw(values);
    const faults = Object.fromEntries(Object.entries(this.data.faults).filter(([path]) => path !== field));
    this.setData({ faults });
    keepSoon(this);
  },
  keep() {
    clearTimeout(this.timer);
    if (!this.draft || this.data.receipt || Object.keys(this.data.values).length === 0) return;
    saveDraft(this.draft, { values: this.data.values, key: this.key, savedAt: new Date().toISOString() });
  },
  say(event: WechatMiniprogram.TouchEvent) { this.set({ ...this.data.values, overall: dataOf<{ value: string }>(event).value }, 'overall'); },
  star(event: WechatMiniprogram.TouchEvent) {
    const { name, score } = dataOf<{ name: string; score: number }>(event);
    this.set({ ...this.data.values, items: { ...(this.data.values['items'] as Values | undefined), [name]: score } }, `items.${name}`);
  },
  all(event: WechatMiniprogram.TouchEvent) {
    this.setData({ faults: this.data.faults['overall'] ? { overall: this.data.faults['overall'] } : {} });
    this.set({ ...this.data.values, items: allAt(this.items, dataOf<{ score: number }>(event).score) }, 'items');
  },
  type(event: WechatMiniprogram.Input) {
    this.data.values = { ...this.data.values, comment: event.detail.value };
    keepSoon(this);
  },

  async submit() {
    await once(this, async () => {
      const faults = localFaults(this.form, this.data.values);
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      const overall = OVERALL[String(this.data.values['overall'])] ?? '';
      if (!await isSure(this, { title: '提交评价', content: `总体评价：${overall}。评价期结束前密封，您可以随时修改。`, confirmText: '提交' })) return;
      const { receipt } = await api.act(this.no, 'rate', toInput(this.form, this.data.values), this.key);
      dropDraft(this.draft);
      this.setData({
        receipt, done: this.data.given > 0 ? '评价已修改' : '评价已提交',
        next: `接下来：评价密封到 ${this.data.until}，在此之前可以随时修改。之后系统把总体评价和分项评价告知服务商，您的补充说明、姓名和评价时间不告知。`,
      });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ faults }: Problem) {
    if (faults.length > 0) this.point(faultsByPath(this.form, faults));
    return faults.length > 0;
  },
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    const items = Object.keys(faults).filter((path) => path.startsWith('items')).length;
    this.setData({ faults, trouble: faults[''] ?? (faults['overall'] ? '请先选择总体评价' : items > 0 ? `还有 ${items} 项没有评分` : faults[first] ?? '') });
    void wx.pageScrollTo({ selector: first.startsWith('items.') ? `#row-${first.slice('items.'.length)}` : `#${first.split('.')[0] || 'overall'}`, offsetTop: -40 });
  },
  openCase() { toCase(this.no); },
});

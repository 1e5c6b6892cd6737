import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { wantedTemplates } from '../../services/consents';
import { actingKey, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import type { CaseView, FieldDescription, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, keepSoon, loadDraft, saveDraft } from '../../forms/drafts';
import { faultsByPath, localFaults, put, toInput, type Faults, type Values } from '../../forms/model';
import type { Problem } from '../../services/client';
import { momentInWords } from '../../utils/format';
import { detailOf, LOADING, nothingToDo, READY, standingOf, toCase } from '../../utils/page';
import { missingWords, OVERALL } from '../../utils/rating';

/** One rating (14, 15.4), given on a card: what happens to it, a draft kept, and a receipt. */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, view: null as CaseView | null, provider: '', until: '', draftFrom: '', given: 0,
    fields: [] as FieldDescription[], values: {} as Values, faults: {} as Faults, trouble: '', sending: false, receipt: null as Receipt | null, done: '', next: '',
  },
  no: '',
  key: '',
  draft: '',
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
        this.setData(nothingToDo(view.state.end ? '评价期已结束，不能再评价或修改。' : '只有企业可以确认事项的人员能够评价。'));
        return;
      }
      this.draft = draftName(actingKey(me), 'rating', 'rate', this.no);
      const ballots = (view.data['ballots'] ?? []) as Values[];
      const last = ballots[ballots.length - 1];
      const draft = loadDraft(this.draft);
      this.key = draft?.key ?? this.key;
      this.setData({
        ...READY, view, fields: rate.form, values: draft?.values ?? (last ? { overall: last['overall'], items: last['items'], comment: last['comment'] } : {}),
        given: ballots.length, provider: view.parties.find(({ party }) => party === 'provider')?.name ?? '',
        draftFrom: draft ? momentInWords(draft.savedAt, new Date()) : '',
        until: view.clock ? momentInWords(view.clock.due, new Date()) : '',
      });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  change(event: WechatMiniprogram.CustomEvent) {
    const { path, value, typed } = detailOf<{ path: string; value: unknown; typed: boolean }>(event);
    const values = put(this.data.values, path, value) as Values;
    // While somebody types, nothing is drawn anew.
    if (typed) this.data.values = values;
    else this.setData({ values, faults: Object.fromEntries(Object.entries(this.data.faults).filter(([at]) => at !== path && !at.startsWith(`${path}.`))) });
    keepSoon(this);
  },
  keep() {
    clearTimeout(this.timer);
    if (!this.draft || this.data.receipt || Object.keys(this.data.values).length === 0) return;
    saveDraft(this.draft, { values: this.data.values, key: this.key, savedAt: new Date().toISOString() });
  },

  async submit() {
    await once(this, async () => {
      const faults = localFaults(this.data.fields, this.data.values);
      if (Object.keys(faults).length > 0) { this.point(faults); return; }
      const overall = OVERALL[String(this.data.values['overall'])] ?? '';
      if (!await isSure(this, { title: '提交评价', content: `总体评价：${overall}。评价期结束前密封，您可以随时修改。`, confirmText: '提交' })) return;
      const { receipt } = await api.act(this.no, 'rate', toInput(this.data.fields, this.data.values), this.key);
      dropDraft(this.draft);
      this.setData({
        receipt, done: this.data.given > 0 ? '评价已修改' : '评价已提交',
        next: `接下来：评价密封到 ${this.data.until}，在此之前可以随时修改。之后系统把总体评价和分项评价告知服务商，您的补充说明、姓名和评价时间不告知。`,
      });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  refused({ faults }: Problem) {
    if (faults.length > 0) this.point(faultsByPath(this.data.fields, faults));
    return faults.length > 0;
  },
  point(faults: Faults) {
    const [first = ''] = Object.keys(faults);
    this.setData({ faults, trouble: missingWords(faults) });
    void wx.pageScrollTo({ selector: `#survey >>> #${first.startsWith('items.') ? `row-${first.slice('items.'.length)}` : first.split('.')[0] || 'overall'}`, offsetTop: -40 });
  },
  openCase() { toCase(this.no); },
});

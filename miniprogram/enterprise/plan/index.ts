import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { actingKey, whoAmI } from '../../services/me';
import { isSure, once } from '../../services/sending';
import type { CaseView, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { dropDraft, draftName, loadDraft, saveDraft } from '../../forms/drafts';
import { fenToYuan } from '../../utils/format';
import { codeInWords, planDataOf, type PlanVersion } from '../../utils/plan-reading';
import { LOADING, nothingToDo, READY, standingOf, toCase } from '../../utils/page';

/** The two decisions on a version, before and after approval. */
const AGREE = ['confirm', 'confirmChange'];
const RETURN = ['sendBack', 'refuseChange'];
const MIN_REMARKS = 4;

/** The owner reads one version whole, sees what it changes, and confirms exactly that one or returns it with reasons (12.2, 12.3). */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, view: null as CaseView | null, version: 0, code: '', isChange: false, reason: '', refiling: '',
    agree: '', giveBack: '', isReturning: false, remarks: '', fault: '', trouble: '', sending: false,
    receipt: null as Receipt | null, done: '', next: '',
  },
  no: '',
  wanted: '',
  key: '',
  hash: '',
  draft: '',
  templates: [] as string[],
  isSubmitting: false,

  onLoad({ no = '', move = '' }: { no?: string; move?: string }) {
    Object.assign(this, { no: decodeURIComponent(no), wanted: move, key: newKey() });
    void this.load();
  },
  onHide() { this.keep(); },
  onUnload() { this.keep(); },
  async load() {
    this.setData({ ...LOADING, trouble: '' });
    try {
      const [view, me] = await Promise.all([api.case(this.no), whoAmI()]);
      const open = (names: readonly string[]): string => view.moves.find(({ move }) => names.includes(move))?.move ?? '';
      const data = planDataOf(view.data);
      const version = data.versions.find(({ hash }) => hash === data.planHash);
      if (!version || (!open(AGREE) && !open(RETURN))) {
        this.setData(nothingToDo('这份方案现在不需要确认，可能已经确认过，或服务商已撤回。'));
        return;
      }
      this.hash = version.hash;
      this.draft = draftName(actingKey(me), 'plan', 'remarks', this.no);
      const remarks = String(loadDraft(this.draft)?.values['remarks'] ?? '');
      this.setData({
        ...READY, view, version: version.no, code: codeInWords(version.hash), isChange: view.state.name === 'changing', reason: data.change?.reason ?? '',
        refiling: !data.refiling ? '' : data.refiling.material
          ? `属于较大变动：${data.refiling.reasons.map(({ text }) => text).join('；')}。确认后重新备案，备案期间合同暂停。` : '属于一般变更：确认后登记备查，不需要重新备案。',
        agree: open(AGREE), giveBack: open(RETURN), remarks, isReturning: RETURN.includes(this.wanted) || (!AGREE.includes(this.wanted) && remarks !== ''),
      });
      this.entitle();
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },

  /** The page is called by what is done on it. */
  entitle() {
    const { isReturning, isChange } = this.data;
    void wx.setNavigationBarTitle({ title: isReturning ? (isChange ? '不同意变更' : '退回修改') : isChange ? '核对并确认变更' : '核对并确认方案' });
  },
  startReturn() {
    this.setData({ isReturning: true });
    this.entitle();
    void wx.pageScrollTo({ selector: '#remarks', offsetTop: -20 });
  },
  stopReturn() {
    this.setData({ isReturning: false, fault: '', trouble: '' });
    this.entitle();
  },
  type(event: WechatMiniprogram.Input) {
    this.data.remarks = event.detail.value;
    if (this.data.fault) this.setData({ fault: '', trouble: '' });
  },
  keep() {
    if (!this.draft || this.data.receipt) return;
    if (this.data.remarks.trim() === '') dropDraft(this.draft);
    else saveDraft(this.draft, { values: { remarks: this.data.remarks }, key: this.key, savedAt: new Date().toISOString() });
  },

  async confirm() {
    const { version, isChange, agree } = this.data;
    const total = fenToYuan((planDataOf(this.data.view!.data).versions.find(({ hash }) => hash === this.hash) as PlanVersion).totalFen);
    await this.decide(agree, { planHash: this.hash }, {
      title: isChange ? '确认变更' : '确认方案', confirmText: '确认',
      content: `您确认的是第 ${version} 版，总金额 ${total} 元，校验码 ${this.data.code}。确认后代表企业同意全部内容。`,
    });
  },
  async giveBack() {
    const remarks = this.data.remarks.trim();
    if ([...remarks].length < MIN_REMARKS) {
      const fault = remarks !== '' ? `请再写具体一些，至少 ${MIN_REMARKS} 个字` : this.data.isChange ? '请写明不同意的原因' : '请写明要修改什么';
      this.setData({ fault, trouble: fault });
      void wx.pageScrollTo({ selector: '#remarks', offsetTop: -20 });
      return;
    }
    await this.decide(this.data.giveBack, { remarks }, {
      title: this.data.isChange ? '不同意变更' : '退回修改', confirmText: '确定', confirmColor: '#b42318', content: this.data.isChange ? '原方案继续有效，您的意见会转告服务商。' : '方案退回服务商修改，修改后会再送您确认。',
    });
  },
  async decide(move: string, input: object, question: Parameters<typeof isSure>[1]) {
    await once(this, async () => {
      if (!await isSure(this, question)) return;
      const { receipt } = await api.act(this.no, move, input, this.key);
      dropDraft(this.draft);
      this.setData({ receipt, ...this.outcome(move, receipt.state) });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  /** Another version came while this one was read: it must be read before it can be confirmed. */
  async refused({ code }: Problem) {
    if (code === 'STALE' || code === 'ILLEGAL_MOVE') await this.load();
    return false;
  },
  outcome(move: string, state: string): { done: string; next: string } {
    const { version } = this.data;
    if (RETURN.includes(move)) return { done: move === 'refuseChange' ? '已答复：不同意变更' : `第 ${version} 版已退回`, next: move === 'refuseChange' ? '原方案继续有效。您的意见已转告服务商。' : '接下来：服务商按您的意见修改，修改后的版本会再送您确认，届时可以看到改了哪些。' };
    if (state === 'approved') return { done: `第 ${version} 版已确认`, next: '这是一般变更，已登记备查，不需要重新备案。' };
    return {
      done: `第 ${version} 版已确认`,
      next: move === 'confirmChange' ? '这是较大变动，方案已重新报工信局备案；备案期间合同暂停，变更内容不得先行实施。' : '接下来：工信局核对材料，抽取专家审核，通过备案后双方才能签订合同。备案之前不需要向服务商支付任何费用。',
    };
  },
  openCase() { toCase(this.no); },
});

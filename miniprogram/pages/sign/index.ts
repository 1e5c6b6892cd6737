import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import type { Problem } from '../../services/client';
import { wantedTemplates } from '../../services/consents';
import { isSure, once } from '../../services/sending';
import type { CaseView, Receipt } from '../../services/types';
import { newKey } from '../../services/wechat';
import { SIGNING } from '../../utils/contract';
import { codeInWords } from '../../utils/plan-reading';
import { LOADING, nothingToDo, READY, standingOf, toCase } from '../../utils/page';

/** Signing a contract: the text, its file and check code, what signing means; bound to exactly this file (12.3). */
Page({
  behaviors: [inTextSize],
  data: {
    ...LOADING, view: null as CaseView | null, code: '', meaning: SIGNING, hasRead: false, fault: '', mayReturn: false,
    trouble: '', sending: false, receipt: null as Receipt | null, next: '',
  },
  no: '',
  key: '',
  hash: '',
  templates: [] as string[],
  isSubmitting: false,

  onLoad({ no = '' }: { no?: string }) {
    Object.assign(this, { no: decodeURIComponent(no), key: newKey() });
    void this.load();
  },
  async load() {
    this.setData({ ...LOADING, trouble: '' });
    try {
      const view = await api.case(this.no);
      if (!view.moves.some(({ move }) => move === 'sign')) {
        this.setData(nothingToDo('这份合同现在不能由您签订：可能已经签过，正在修改文本，或方案正在重新备案。'));
        return;
      }
      this.hash = String(view.data['fileHash']);
      this.setData({ ...READY, view, code: codeInWords(this.hash), hasRead: false, fault: '', mayReturn: view.moves.some(({ move }) => move === 'sendBack') });
      this.templates = await wantedTemplates();
    } catch (error) {
      this.setData(standingOf(error));
    }
  },
  tick() { this.setData({ hasRead: !this.data.hasRead, fault: '' }); },
  giveBack() { void wx.navigateTo({ url: `/pages/form/index?no=${this.no}&move=sendBack` }); },
  async sign() {
    await once(this, async () => {
      if (!this.data.hasRead) { this.setData({ fault: '请先打开合同文本通读，再勾选同意' }); return; }
      if (!await isSure(this, { title: '签订合同', content: `签订的是校验码为 ${this.data.code} 的这份文本，签订后不能撤销。`, confirmText: '签订' })) return;
      const { receipt } = await api.act(this.no, 'sign', { fileHash: this.hash }, this.key);
      this.setData({ receipt, next: receipt.state === 'inProgress' ? '双方都已签订，合同生效。接下来：服务商开工并登记进度，按付款节点付款。' : '接下来：等对方签订同一份文本。双方都签订后合同才生效，此前不得开工、不得收费。' });
      void wx.pageScrollTo({ scrollTop: 0, duration: 0 });
    });
  },
  /** Another text came while this one was read: it must be read before it can be signed. */
  async refused({ code }: Problem) {
    if (code === 'STALE') await this.load();
    return false;
  },
  openCase() { toCase(this.no); },
});

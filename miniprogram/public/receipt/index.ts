import { inTextSize } from '../../behaviors/text-size';
import { api } from '../../services/api';
import { keptReceipts, type KeptReceipt } from '../../services/receipts';
import { momentInWords } from '../../utils/format';
import { dataOf, READY, say, wordsOf } from '../../utils/page';
import { receiptIn, receiptText } from '../../utils/receipt-text';

interface Kept extends KeptReceipt { when: string }
type Verdict = { genuine: boolean; no: string; head: string; when: string } | null;

/** Whether a receipt is genuine: pasted, scanned, or kept on this phone. Open to everybody; it tells nothing else about the case. */
Page({
  behaviors: [inTextSize],
  data: { ...READY, text: '', fault: '', checking: false, verdict: null as Verdict, kept: [] as Kept[] },

  onLoad({ no = '', head = '' }: { no?: string; head?: string }) {
    const now = new Date();
    this.setData({ kept: keptReceipts().map((one) => ({ ...one, when: momentInWords(one.at, now) })) });
    const given = receiptIn(decodeURIComponent(`${no} ${head}`));
    if (given.no && given.head) void this.take(receiptText(given));
  },
  type(event: WechatMiniprogram.Input) {
    this.data.text = event.detail.value;
    if (this.data.fault || this.data.verdict) this.setData({ fault: '', verdict: null });
  },
  async scan() {
    const { result } = await wx.scanCode({ scanType: ['qrCode', 'barCode'] }).catch(() => ({ result: '' }));
    if (result) await this.take(result);
  },
  async choose(event: WechatMiniprogram.TouchEvent) {
    await this.take(receiptText(this.data.kept[dataOf<{ index: number }>(event).index]!));
    void wx.pageScrollTo({ scrollTop: 0, duration: 200 });
  },
  async take(text: string) {
    this.setData({ text });
    await this.check();
  },
  async check() {
    if (this.data.checking) return;
    const { no, head } = receiptIn(this.data.text);
    const fault = no && head ? '' : no ? '没有找到完整的校验码：它由 64 位数字和字母 a 至 f 组成' : head ? '没有找到案件编号，例如 JB20260305-8K2M4Q' : '请粘贴回执的全部内容，包括编号和校验码';
    this.setData({ fault, verdict: null });
    if (fault) return;
    this.setData({ checking: true });
    try {
      const { genuine, at } = await api.checkReceipt(no, head);
      this.setData({ verdict: { genuine, no, head, when: at ? momentInWords(at, new Date()) : '' } });
    } catch (error) {
      say(wordsOf(error));
    } finally {
      this.setData({ checking: false });
    }
  },
});

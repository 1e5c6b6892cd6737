import { keepReceipt } from '../../services/receipts';
import type { Receipt } from '../../services/types';
import { momentInWords } from '../../utils/format';
import { receiptText } from '../../utils/receipt-text';

/** Something was handed in: its number, when, what happens next, the code that proves it later, and the way to the case. Keeps the receipt on the phone. */
Component({
  properties: {
    receipt: { type: Object, value: {} as Receipt },
    title: { type: String, value: '' },
    heading: { type: String, value: '已提交' },
    next: { type: String, value: '' },
  },
  data: { when: '', groups: [] as string[] },
  observers: {
    'receipt, title'(receipt: Receipt, title: string) {
      if (!receipt?.head) return;
      keepReceipt(receipt, title);
      this.setData({ when: momentInWords(receipt.at, new Date()), groups: receipt.head.match(/.{1,8}/g) ?? [] });
    },
  },
  methods: {
    open() { this.triggerEvent('open'); },
    copy() { void wx.setClipboardData({ data: receiptText(this.data.receipt) }); },
    check() { void wx.navigateTo({ url: `/public/receipt/index?no=${this.data.receipt.no}&head=${this.data.receipt.head}` }); },
  },
});

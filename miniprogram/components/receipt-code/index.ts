import { receiptAddress } from '../../utils/receipt-text';
import { host } from '../../config';

/** A receipt as a code to be scanned: by another phone in the mini-program, by a reader at the desk, or by any camera, which opens the answer. */
Component({
  properties: {
    no: { type: String, value: '' },
    head: { type: String, value: '' },
  },
  data: { address: '' },
  observers: {
    'no, head'(no: string, head: string) { this.setData({ address: no && head ? receiptAddress(host(), { no, head }) : '' }); },
  },
});

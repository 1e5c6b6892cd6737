/** A receipt as text: what is copied, printed as a code, sent to oneself, and later pasted or scanned to be checked. */
export interface ReceiptText { no: string; head: string }

const NO = /[A-Z]{2}\d{8}-[0-9A-Z]{6}/;
const HEAD = /[0-9a-f]{64}/;

export const receiptText = ({ no, head }: ReceiptText): string => `案件编号 ${no}\n回执校验码 ${head}`;

/** Where a receipt can be checked without the mini-program: what its printed code holds. */
export const receiptAddress = (host: string, { no, head }: ReceiptText): string => `${host}/api/v1/receipts/${no}/${head}`;

/** Finds number and check code in whatever was pasted, however it was broken into lines; what is missing is ''. */
export function receiptIn(text: string): ReceiptText {
  const half = text.normalize('NFKC');
  // A check code copied by hand has blanks in it; a number never lies within one.
  const no = NO.exec(half.toUpperCase())?.[0] ?? '';
  const rest = half.toLowerCase().replace(no.toLowerCase(), ' | ');
  const head = HEAD.exec(rest)?.[0] ?? HEAD.exec(rest.replace(/\s+/g, ''))?.[0] ?? '';
  return { no, head };
}

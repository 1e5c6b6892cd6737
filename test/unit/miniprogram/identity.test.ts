import fc from 'fast-check';
import { idNumberFault, mobileFault, nameFault } from '../../../miniprogram/forms/identity';
import { receiptAddress, receiptIn, receiptText } from '../../../miniprogram/utils/receipt-text';
import { checkMobile, checkResidentId } from '../../../src/rulebook/id-checks';
import { fileForm } from '../../../src/procedures/report/forms';

const NOW = new Date('2026-11-22T10:00:00Z');
const faultOf = (checked: { ok: true } | { ok: false; message: string }): string => (checked.ok ? '' : checked.message);

describe('18: an identity number is judged on the phone as on the server', () => {
  it.each(['410702199001010011', '11010519491231002X', '11010519491231002x', ' 110105 19491231 002X', '１１０１０５１９４９１２３１００２Ｘ', '110105491231002', '990105194912310021', '110105194913310021', '110105203012310021', '123', ''])('%s', (text) => {
    expect(idNumberFault(text, NOW)).toBe(faultOf(checkResidentId(text, NOW)));
  });
  it('whatever is typed', () => {
    const digits = fc.tuple(fc.constantFrom('410702', '110105', '990000'), fc.integer({ min: 17000101, max: 21001331 }), fc.integer({ min: 0, max: 999 }), fc.constantFrom(...'0123456789Xx'))
      .map(([area, birth, seq, check]) => `${area}${birth}${String(seq).padStart(3, '0')}${check}`);
    fc.assert(fc.property(fc.oneof(digits, fc.string()), (text) => { expect(idNumberFault(text, NOW)).toBe(faultOf(checkResidentId(text, NOW))); }), { numRuns: 500 });
  });
  it.each(['13800030001', '+86 138-0003-0001', '0086 13800030001', '12800030001', '1380003000', ''])('a phone number too: %s', (text) => {
    expect(mobileFault(text)).toBe(faultOf(checkMobile(text)));
  });
  it.each(['张三', '阿依古丽·买买提', 'Li Lei', '张', '张三3', '𠮷野家', ''])('and a name: %s', (name) => {
    const refused = (() => { try { fileForm.parse({ name }); return ''; } catch (error) { return (error as { faults: { field: string; message: string }[] }).faults.find(({ field }) => field === 'name')?.message ?? ''; } })();
    expect(nameFault(name) === '').toBe(refused === '');
  });
});

describe('a receipt as text', () => {
  const receipt = { no: 'JB20261122-7K3MQ9', head: 'a1b2c3d4'.repeat(8) };
  it('is found again in what was copied', () => { expect(receiptIn(receiptText(receipt))).toEqual(receipt); });
  it('and in what its code holds: the address where any camera opens the answer', () => {
    expect(receiptIn(receiptAddress('https://szt.example.gov.cn', receipt))).toEqual(receipt);
  });
  it('also broken into groups and lines, in capitals, full-width', () => {
    expect(receiptIn(`回执：${receipt.no.toLowerCase()}\n${receipt.head.toUpperCase().match(/.{8}/g)!.join(' ')}\n谢谢`)).toEqual(receipt);
    expect(receiptIn(`ＪＢ20261122－7K3MQ9 ${receipt.head}`)).toEqual(receipt);
  });
  it('says what is missing', () => {
    expect(receiptIn('JB20261122-7K3MQ9')).toEqual({ no: receipt.no, head: '' });
    expect(receiptIn(receipt.head)).toEqual({ no: '', head: receipt.head });
    expect(receiptIn('你好')).toEqual({ no: '', head: '' });
  });
});

import * as fc from 'fast-check';
import { checkCreditCode, checkMobile, checkResidentId, maskMobile } from '../../../src/rulebook/id-checks';

const now = new Date('2026-11-22T04:00:00Z');
const residentId = (text: string) => checkResidentId(text, now);
const messageOf = (checked: { ok: boolean; message?: string }) => checked.message;

describe('18: resident ID numbers (GB 11643)', () => {
  // The first two are the standard's own examples; area 410799 is not issued, so the others belong to nobody.
  it.each(['11010519491231002X', '440524188001010014', '410799190001010013', '410799200002290025'])('%s is valid', (id) => {
    expect(residentId(id)).toMatchObject({ ok: true, value: id });
  });

  it('reads birth and area', () => {
    expect(residentId('11010519491231002X')).toEqual({ ok: true, value: '11010519491231002X', birth: '1949-12-31', area: '110105' });
  });

  it('takes full-width digits, small x and blanks for what they mean', () => {
    expect(residentId(' １１０１０５１９４９１２３１００２ｘ ')).toMatchObject({ ok: true, value: '11010519491231002X' });
    expect(residentId('110105 19491231 002x')).toMatchObject({ ok: true, value: '11010519491231002X' });
  });

  it.each([
    ['410799190001010010', '校验位'],
    ['410799200102290014', '出生日期'],
    ['410799202613010011', '出生日期'],
    ['110105491231002', '第一代'],
    ['1101051949123100', '18位'],
    ['11010519491231002Y', '18位'],
    ['990105194912310020', '地区代码'],
    ['', '18位'],
  ])('%s is refused: %s', (id, word) => {
    expect(messageOf(residentId(id))).toContain(word);
  });

  it('is not born tomorrow, by the clock of Beijing', () => {
    const born = withCheckDigit('41079920261123001');
    expect(messageOf(checkResidentId(born, new Date('2026-11-22T15:59:59Z')))).toContain('出生日期');
    expect(checkResidentId(born, new Date('2026-11-22T16:00:00Z')).ok).toBe(true);
  });

  it('finds every single wrong digit and every swap of neighbours', () => {
    const id = '410799200002290025';
    const wrongDigits = [...id].flatMap((right, i) => [...'0123456789'].filter((digit) => digit !== right).map((digit) => id.slice(0, i) + digit + id.slice(i + 1)));
    const swapped = [...id].flatMap((first, i) => (first === (id[i + 1] ?? first) ? [] : [id.slice(0, i) + id[i + 1] + first + id.slice(i + 2)]));
    expect([wrongDigits.length, swapped.length]).toEqual([18 * 9, 11]);
    expect([...wrongDigits, ...swapped].filter((slip) => residentId(slip).ok)).toEqual([]);
  });
});

/** The check digit by the other formula of the standard: a sum over 2^(18-i) that must leave 1. */
function withCheckDigit(seventeen: string): string {
  const sum = [...seventeen].reduce((all, digit, i) => all + Number(digit) * (2 ** (17 - i) % 11), 0);
  const check = [...Array(11).keys()].find((value) => (sum + value) % 11 === 1)!;
  return seventeen + (check === 10 ? 'X' : String(check));
}

it('accepts what another formula of the standard generates', () => {
  const births = fc.date({ min: new Date('1930-01-01'), max: new Date('2020-12-31'), noInvalidDate: true });
  fc.assert(fc.property(births, fc.integer({ min: 0, max: 999 }), (birth, sequence) => {
    const id = withCheckDigit(`410799${birth.toISOString().slice(0, 10).replaceAll('-', '')}${String(sequence).padStart(3, '0')}`);
    expect(residentId(id)).toMatchObject({ ok: true, birth: birth.toISOString().slice(0, 10) });
  }));
});

describe('unified social credit codes (GB 32100)', () => {
  it.each(['91350100M000100Y43', '914403001922038216', '91410700MA0000007F', '91410783MA00000A97'])('%s is valid', (code) => {
    expect(checkCreditCode(code)).toEqual({ ok: true, value: code, area: code.slice(2, 8) });
  });

  it('takes full-width characters and small letters for what they mean', () => {
    expect(checkCreditCode('９１４１０７００ma0000007f')).toMatchObject({ ok: true, value: '91410700MA0000007F' });
  });

  it.each([
    ['91350100M000100Y4Z', '不使用字母'],
    ['914403001922038215', '校验位'],
    ['9141070OMA0000007F', '不使用字母'],
    ['91410700MA000000', '18位'],
    ['914107A0MA0000007F', '格式'],
    ['91410700MA000000７一', '格式'],
  ])('%s is refused: %s', (code, word) => {
    expect(messageOf(checkCreditCode(code))).toContain(word);
  });
});

describe('mobile numbers', () => {
  it.each([
    ['13800138000', '13800138000'], ['+86 138 0013 8000', '13800138000'], ['0086-138-0013-8000', '13800138000'],
    ['１９９００００００００', '19900000000'], ['＋８６１３８００１３８０００', '13800138000'],
  ])('%s is %s', (text, value) => {
    expect(checkMobile(text)).toEqual({ ok: true, value });
  });
  it.each(['12800138000', '1380013800', '138001380001', '0373-3696120', '138001380OO', '+8513800138000', '一三八', ''])('%s is refused', (text) => {
    expect(messageOf(checkMobile(text))).toContain('手机号码');
  });
});

it('a mask keeps the ends only', () => {
  expect(maskMobile('13800138000')).toBe('138****8000');
});

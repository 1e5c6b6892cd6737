import * as fc from 'fast-check';
import { faultOf } from '../../../scripts/wechat-simulator/fields';
import { FIELD_TYPES, fieldTime, fieldTypeOf, fitField, isFitting } from '../../../src/wechat/fields';

describe('subscribe-message fields', () => {
  it('knows the type by the key', () => {
    expect(fieldTypeOf('thing1')).toBe('thing');
    expect(fieldTypeOf('character_string12')).toBe('character_string');
    expect([fieldTypeOf('thing'), fieldTypeOf('things1'), fieldTypeOf('__proto__1')]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['thing', '  请确认\n诊断报告 ', '请确认 诊断报告'],
    ['thing', '新乡市某某机械制造有限公司数字化改造方案备案申请', '新乡市某某机械制造有限公司数字化改造方…'],
    ['thing', '收到👍🏽了\u202E！', '收到了！'],
    ['thing', '一二三四五六七八九十一二三四五六七八𠮷𠮷', '一二三四五六七八九十一二三四五六七八…'],
    ['phrase', '已受理（补正）', '已受理补正'],
    ['phrase', '等待服务商答复', '等待服务商'],
    ['name', '新乡市数字化转型促进中心', '新乡市数字化转型促…'],
    ['name', 'Alexander von Humboldt', 'Alexander von Humbo…'],
    ['amount', '¥199.00', '¥199.00'],
    ['character_string', 'ZD202611220001', 'ZD202611220001'],
    ['time', '2026-11-22 14:05', '2026-11-22 14:05'],
    ['time', '09:00~18:00', '09:00~18:00'],
    ['date', '2026年11月22日', '2026年11月22日'],
  ] as const)('fits %s: %s', (type, text, value) => expect(fitField(type, text)).toBe(value));

  it.each([
    ['thing', ' \n\u200B'],
    ['phrase', 'OK'],
    ['number', '12,000'],
    ['number', '1'.repeat(33)],
    ['amount', '很多'],
    ['amount', '12345678901'],
    ['character_string', '编号1'],
    ['character_string', 'A'.repeat(33)],
    ['time', '2026-02-30 14:05'],
    ['time', '25:00'],
    ['date', '14:05'],
    ['phone_number', '无'],
    ['car_number', '豫G12345678'],
  ] as const)('has no value of %s for %j: it would say something else', (type, text) => expect(fitField(type, text)).toBeNull());

  it("makes only values that WeChat's rules take, whatever the text", () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('办', '理', '1', 'a', 'Z', '-', ':', '~', ' ', '\n', '\u2028', '👍', '¥', '元', '.', '·', '𠮷', '\uD800') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...FIELD_TYPES.filter((type) => type !== 'enum')), texts, (type, text) => {
        const value = fitField(type, text);
        if (value === null) return;
        expect(isFitting(type, value)).toBe(true);
        expect(faultOf(`${type}1`, value)).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  it("writes an instant in the city's time", () => {
    const value = fieldTime(new Date('2026-11-22T16:05:09Z'));
    expect(value).toBe('2026-11-23 00:05');
    expect([isFitting('time', value), isFitting('date', value)]).toEqual([true, true]);
  });
});

import { dayIn, caseNoIn, moneyIn, numberIn, optionsIn, yesNoIn } from '../../../src/chat/values';
import { organisationsIn } from '../../../src/chat/register';
import { blot } from '../../../src/chat/text';
import { choice, choices, describeFields } from '../../../src/kernel/fields';
import { MATTERS } from '../../../src/procedures/complaint/forms';

/** Monday, 2 March 2026, ten in the morning in Shanghai. */
const now = new Date('2026-03-02T02:00:00Z');

it.each([
  ['12万元', 12_000_000], ['3.5万', 3_500_000], ['八千块', 800_000], ['1,200元', 120_000], ['十二万', 12_000_000], ['一百二十万元', 120_000_000], ['两千三百元', 230_000], ['１２万元', 12_000_000], ['三百五', 35_000],
  ['一万二', 1_200_000], ['200', 20_000], ['没有数', undefined],
])('money asked for: %s', (text, fen) => { expect(moneyIn(text, true)).toBe(fen); });

it.each([['预算12万元左右', 12_000_000], ['有200台设备', undefined], ['来了3个人', undefined], ['大概20万吧', 20_000_000], ['2万人', undefined]])('money in passing: %s', (text, fen) => {
  expect(moneyIn(text, false)).toBe(fen);
});

it.each([
  ['2026-03-05', '2026-03-05'], ['2026年3月5日', '2026-03-05'], ['3月5号', '2026-03-05'], ['三月十五日', '2026-03-15'], ['明天', '2026-03-03'], ['大后天', '2026-03-05'], ['下周三', '2026-03-11'], ['周五', '2026-03-06'],
  ['三天后', '2026-03-05'], ['两周以后', '2026-03-16'], ['1月5日', '2027-01-05'], ['今年1月5日', '2026-01-05'], ['1月5日已经交了', '2026-01-05'], ['改天', undefined],
])('a day: %s', (text, day) => { expect(dayIn(text, now)).toBe(day); });

it('the day is the day in Shanghai: late in the evening UTC it is tomorrow there', () => {
  expect(dayIn('今天', new Date('2026-03-01T23:00:00Z'))).toBe('2026-03-02');
});

it.each([['十', 10], ['二十一', 21], ['一百零五', 105], ['3.5', 3.5], ['三点五', 3.5], ['两万三千', 23_000], ['好', undefined]])('a number: %s', (text, value) => {
  expect(numberIn(text)).toBe(value);
});

it.each([['是的', true], ['没有', false], ['不是', false], ['好', true], ['不好说', undefined], ['是不是', undefined]])('yes or no: %s', (text, value) => { expect(yesNoIn(text)).toBe(value); });

it.each([['查一下ts20260302-7k8m9n谢谢', 'TS20260302-7K8M9N'], ['编号是ＴＳ20260302－7K8M9N', 'TS20260302-7K8M9N'], ['20260302', undefined]])('a case number anywhere: %s', (text, no) => { expect(caseNoIn(text)).toBe(no); });

const [matters] = describeFields({ matters: choices('投诉事项', MATTERS) });
const [overall] = describeFields({ overall: choice('总体评价', { very: '非常满意', yes: '满意', fair: '基本满意', no: '不满意' }) });
it.each([['人员能力不足', ['staff']], ['人老换，还乱收费', ['team', 'charge']], ['1、3', ['staff', 'delay']], ['第一项', []], ['质量问题和收费问题', ['quality', 'charge']]])('choices by label, synonym or number: %s', (text, values) => {
  expect(optionsIn(text, matters!, true)).toEqual(values);
});
it.each([['不满意', ['no']], ['满意', ['yes']], ['我很不满意', ['no']], ['基本满意吧', ['fair']], ['非常满意', ['very']], ['差评', ['no']]])('不满意 is never read as 满意: %s', (text, values) => {
  expect(optionsIn(text, overall!, true)).toEqual(values);
});

const LISTED = [{ id: '1', name: '新乡华信智造科技有限公司' }, { id: '2', name: '河南中联数字科技有限公司' }, { id: '3', name: '华信云（新乡）信息技术有限公司' }, { id: '4', name: '中联数字科技（长垣）有限公司' }];
it.each([
  ['我要投诉新乡华信智造科技有限公司', ['1']], ['华信智造', ['1']], ['华信', ['1', '3']], ['没有的公司', []], ['', []],
])('a provider by name: %s', (text, ids) => { expect(organisationsIn(text, LISTED).map(({ id }) => id)).toEqual(ids); });

it('what is kept of words holds no identity or phone number', () => {
  expect(blot('我的电话13812345678，身份证11010519491231002x，合同20260302001')).toBe('我的电话138****5678,身份证［证件号已隐去］,合同20260302001');
});

import { textScale } from '../../../miniprogram/utils/text-scale';

describe('the size of text', () => {
  it.each([[0, 1], [16, 1], [17, 1], [20, 1.2], [24, 1.4]])('follows WeChat: %d px is %d', (px, scale) => {
    expect(textScale('wechat', px)).toBe(scale);
  });
  it('is as chosen, whatever WeChat says', () => {
    expect([textScale('standard', 24), textScale('large', 16), textScale('largest', 16)]).toEqual([1, 1.2, 1.4]);
  });
});

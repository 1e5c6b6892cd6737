/** How large text is drawn: as WeChat's own setting says, or as chosen here. */
export type TextSize = 'wechat' | 'standard' | 'large' | 'largest';

const SCALES = { standard: 1, large: 1.2, largest: 1.4 } as const;
/** WeChat's own setting, in px: 16 or 17 is its standard, 20 and more one of its large steps. */
const LARGE_FROM_PX = 19;
const LARGEST_FROM_PX = 22;

export const TEXT_SIZES: readonly { size: TextSize; title: string }[] = [
  { size: 'wechat', title: '跟随微信' }, { size: 'standard', title: '标准' }, { size: 'large', title: '大' }, { size: 'largest', title: '特大' },
];

export function textScale(chosen: TextSize, wechatPx: number): number {
  if (chosen !== 'wechat') return SCALES[chosen];
  return wechatPx >= LARGEST_FROM_PX ? SCALES.largest : wechatPx >= LARGE_FROM_PX ? SCALES.large : SCALES.standard;
}

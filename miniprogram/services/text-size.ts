import { TEXT_SIZES, textScale, type TextSize } from '../utils/text-scale';

const KEPT_AS = 'text-size';

/** Kept on the phone, applied to every page. */
export function chosenTextSize(): TextSize {
  const kept = wx.getStorageSync(KEPT_AS) as TextSize | '';
  return TEXT_SIZES.some(({ size }) => size === kept) ? kept as TextSize : 'wechat';
}

export const chooseTextSize = (size: TextSize): void => wx.setStorageSync(KEPT_AS, size);

/** For `page-meta`: the whole page grows, so that what is tapped grows with what is read, and lines break anew. */
export function pageLook(): string {
  const scale = textScale(chosenTextSize(), wx.getAppBaseInfo().fontSizeSetting ?? 0);
  return scale === 1 ? '' : `zoom: ${scale};`;
}

/** Tags that WeChat brings along. In a browser each becomes an element `wx-…`: a DOM `<input>` or `<button>` cannot host a component. */
export const BUILT_IN = [
  'view', 'text', 'image', 'button', 'input', 'textarea', 'scroll-view', 'swiper', 'swiper-item', 'picker', 'checkbox', 'checkbox-group', 'radio',
  'radio-group', 'switch', 'slider', 'progress', 'icon', 'navigator', 'label', 'form', 'rich-text', 'canvas', 'root-portal', 'page-meta',
] as const;

export const isBuiltIn = (tag: string): boolean => (BUILT_IN as readonly string[]).includes(tag);

const rpx = /(-?\d*\.?\d+)rpx\b/g;
/** 750 rpx are the width of the screen, whatever it is. */
export const withoutRpx = (css: string): string => css.replace(rpx, (_, size: string) => `calc(var(--rpx) * ${size})`);

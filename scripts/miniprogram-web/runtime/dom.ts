/** Element's own `setAttribute`; the framework's is bent to reckon rpx and to know ARIA by WeChat's names. */
export const setAttribute = Element.prototype.setAttribute;

const rpx = /(-?\d*\.?\d+)rpx\b/g;
const reckoned = (css: string): string => (css.includes('rpx') ? css.replace(rpx, (_, size: string) => `calc(var(--rpx) * ${size})`) : css);

/** Inline styles come at run time, so rpx in them is reckoned here; in style sheets the builder does it. */
export function bendSetAttribute(): void {
  Element.prototype.setAttribute = function bent(this: Element, name: string, value: string): void {
    setAttribute.call(this, name === 'aria-role' ? 'role' : name, name === 'style' && typeof value === 'string' ? reckoned(value) : value);
  };
}

export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text?: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function role(element: Element, name: string, label?: string): void {
  setAttribute.call(element, 'role', name);
  if (label) setAttribute.call(element, 'aria-label', label);
}

/** Keeps an inner control's own events from being taken for those of the tag around it. */
export function keepInside(node: Element, ...events: string[]): void {
  for (const event of events) node.addEventListener(event, (heard) => heard.stopPropagation());
}

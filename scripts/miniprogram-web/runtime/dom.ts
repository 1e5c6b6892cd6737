/** Element's own `setAttribute`; the framework's is bent to reckon rpx and to know ARIA by WeChat's names. */
export const setAttribute = Element.prototype.setAttribute;

const rpx = /(-?\d*\.?\d+)rpx\b/g;
const reckoned = (css: string): string => (css.includes('rpx') ? css.replace(rpx, (_, size: string) => `calc(var(--rpx) * ${size})`) : css);

/** What WeChat tells screen readers as true or false; a browser's attribute is there or not. */
const STATED = /^aria-(checked|selected|expanded|pressed|disabled)$/;
const BY_ROLE: Record<string, string> = { radio: 'aria-checked', checkbox: 'aria-checked', switch: 'aria-checked', tab: 'aria-selected', option: 'aria-selected' };

/** Inline styles come at run time, so rpx in them is reckoned here; in style sheets the builder does it. */
export function bendSetAttribute(): void {
  const { removeAttribute } = Element.prototype;
  Element.prototype.setAttribute = function bent(this: Element, name: string, value: string): void {
    if (name === 'aria-role') {
      setAttribute.call(this, 'role', value);
      const stated = BY_ROLE[value];
      if (stated && !this.hasAttribute(stated)) setAttribute.call(this, stated, 'false');
    } else if (STATED.test(name)) setAttribute.call(this, name, value === '' ? 'true' : String(value));
    else setAttribute.call(this, name, name === 'style' && typeof value === 'string' ? reckoned(value) : value);
  };
  Element.prototype.removeAttribute = function bent(this: Element, name: string): void {
    if (STATED.test(name) && this.hasAttribute(name)) setAttribute.call(this, name, 'false');
    else removeAttribute.call(this, name);
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

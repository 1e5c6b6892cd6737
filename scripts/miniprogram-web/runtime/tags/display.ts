import { make, role, setAttribute } from '../dom';
import { define, type Tag } from './define';

type RichNode = { type?: 'text' | 'node'; text?: string; name?: string; attrs?: Record<string, string>; children?: RichNode[] };

const drawn = (node: RichNode): Node => {
  if (node.type === 'text') return document.createTextNode(node.text ?? '');
  const element = document.createElement(node.name ?? 'span');
  for (const [name, value] of Object.entries(node.attrs ?? {})) setAttribute.call(element, name, value);
  element.append(...(node.children ?? []).map(drawn));
  return element;
};

export function defineDisplay(): void {
  define('wx-image', { src: String, mode: { type: String, value: 'scaleToFill' }, lazyLoad: Boolean, webp: Boolean, showMenuByLongpress: Boolean }, function setUp(this: Tag, element) {
    const image = new Image();
    this.image = image;
    image.alt = '';
    element.append(image);
    image.addEventListener('load', () => this.fire('load', { width: image.naturalWidth, height: image.naturalHeight }));
    image.addEventListener('error', () => this.fire('error', { errMsg: 'fail' }));
  }, {
    src(src) { if (src) this.image.src = src.startsWith('/') ? `.${src}` : src; else this.image.removeAttribute('src'); },
    mode(mode: string) {
      this.image.style.objectFit = { aspectFit: 'contain', aspectFill: 'cover' }[mode] ?? 'fill';
      if (mode === 'widthFix') { this.element.style.height = 'auto'; this.image.style.height = 'auto'; }
    },
    ariaLabel(label) { this.image.alt = label || ''; },
  });

  define('wx-rich-text', { nodes: null, space: String }, undefined, {
    nodes(nodes: RichNode[] | string | null) {
      if (Array.isArray(nodes)) this.element.replaceChildren(...nodes.map(drawn));
      else this.element.textContent = nodes ?? '';
    },
  });

  define('wx-canvas', { type: String, canvasId: String, disableScroll: Boolean }, function setUp(this: Tag, element) {
    const canvas = make('canvas');
    this.node = Object.assign(canvas, {
      requestAnimationFrame: (draw: FrameRequestCallback) => requestAnimationFrame(draw),
      cancelAnimationFrame: (handle: number) => cancelAnimationFrame(handle),
      createImage: () => new Image(),
    });
    element.append(canvas);
  });

  define('wx-progress', { percent: Number, strokeWidth: null, activeColor: String, backgroundColor: String }, function setUp(this: Tag, element) {
    const bar = make('progress');
    this.bar = bar;
    bar.max = 100;
    bar.style.width = '100%';
    element.append(bar);
  }, { percent(percent) { this.bar.value = percent; } });

  define('wx-icon', { type: String, size: null, color: String }, (element) => role(element, 'img'));
}

import { current } from './pages';

type Fields = { id?: boolean; dataset?: boolean; rect?: boolean; size?: boolean; scrollOffset?: boolean; node?: boolean; context?: boolean; properties?: string[]; computedStyle?: string[] };
type Found = Record<string, unknown>;
interface Asked { selector: string | null; all: boolean; fields: Fields; tell?: (found: unknown) => void; component: any }

/** `wx.createSelectorQuery`; the adapter's own cannot give a canvas node. */
export class Query {
  private readonly asked: Asked[] = [];
  private component: any = null;

  in(component: unknown): this {
    this.component = component;
    return this;
  }

  select(selector: string) { return this.reference(selector, false); }
  selectAll(selector: string) { return this.reference(selector, true); }
  selectViewport() { return this.reference(null, false); }

  private reference(selector: string | null, all: boolean) {
    const add = (fields: Fields, tell?: (found: unknown) => void): this => {
      this.asked.push({ selector, all, fields, component: this.component, ...(tell ? { tell } : {}) });
      return this;
    };
    return {
      fields: add,
      boundingClientRect: (tell?: (found: unknown) => void) => add({ id: true, dataset: true, rect: true, size: true }, tell),
      scrollOffset: (tell?: (found: unknown) => void) => add({ id: true, scrollOffset: true }, tell),
      node: (tell?: (found: unknown) => void) => add({ node: true }, tell),
      context: (tell?: (found: unknown) => void) => add({ context: true }, tell),
    };
  }

  exec(tell?: (found: unknown[]) => void): void {
    requestAnimationFrame(() => {
      const found = this.asked.map((one) => {
        const value = answer(one);
        one.tell?.(value);
        return value;
      });
      tell?.(found);
    });
  }
}

function answer({ selector, all, fields, component }: Asked): unknown {
  if (selector === null) {
    const body = current()!.body;
    return { id: '', dataset: {}, left: 0, top: 0, right: innerWidth, bottom: innerHeight, width: innerWidth, height: innerHeight, scrollTop: body.scrollTop, scrollLeft: 0, scrollHeight: body.scrollHeight };
  }
  const root = (component ?? current()?.caller)?._$.getShadowRoot();
  if (all) return root ? root.querySelectorAll(selector).map((element: unknown) => look(element, fields)) : [];
  const element = root?.querySelector(selector);
  return element ? look(element, fields) : null;
}

function look(element: any, fields: Fields): Found {
  const node: Element = element.$$ ?? element;
  const { left, top, right, bottom, width, height } = node.getBoundingClientRect?.() ?? new DOMRect();
  const found: Found = {};
  if (fields.id) found['id'] = element.id ?? '';
  if (fields.dataset) found['dataset'] = element.dataset ?? {};
  if (fields.rect) Object.assign(found, { left, top, right, bottom });
  if (fields.size) Object.assign(found, { width, height });
  if (fields.scrollOffset) Object.assign(found, { scrollTop: node.scrollTop, scrollLeft: node.scrollLeft, scrollWidth: node.scrollWidth, scrollHeight: node.scrollHeight });
  if (fields.node) found['node'] = element.getMethodCaller?.().node;
  for (const name of fields.properties ?? []) found[name] = element.data?.[name];
  for (const name of fields.computedStyle ?? []) found[name] = getComputedStyle(node)[name as never];
  return found;
}

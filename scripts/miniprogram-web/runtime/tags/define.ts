import { codeSpace } from '../framework';
import { setAttribute } from '../dom';

/** A built-in tag as its set-up sees it. */
export interface Tag {
  element: HTMLElement;
  data: any; // any: each tag has its own properties
  fire(event: string, detail?: object): void;
  [own: string]: any;
}

type Observers = Record<string, (this: Tag, ...values: any[]) => void>;

const common = { hidden: Boolean, ariaLabel: String, ariaRole: String, ariaHidden: null, disabled: Boolean, name: String, hoverClass: String };

/** Registers a built-in tag as a component around a plain element. */
export function define(tag: string, properties: object, setUp?: (this: Tag, element: HTMLElement) => void, observers: Observers = {}): void {
  const id = `builtin/${tag}`;
  codeSpace.addComponentStaticConfig(id, { component: true, styleIsolation: 'isolated' });
  const registered = codeSpace.component(id).definition({
    properties: { ...common, ...properties },
    lifetimes: {
      created(this: any) {
        this.element = this._$.$$;
        this.fire = (event: string, detail: object = {}) => this._$.triggerEvent(event, detail);
        setUp?.call(this as Tag, this.element);
      },
    },
    observers: {
      hidden(this: Tag, hidden: boolean) { this.element.hidden = Boolean(hidden); },
      ariaLabel(this: Tag, label: string) { if (label) setAttribute.call(this.element, 'aria-label', label); else this.element.removeAttribute('aria-label'); },
      ariaRole(this: Tag, name: string) { if (name) setAttribute.call(this.element, 'role', name); },
      disabled(this: Tag, disabled: boolean) { if (disabled) setAttribute.call(this.element, 'aria-disabled', 'true'); else this.element.removeAttribute('aria-disabled'); },
      ...observers,
    },
  }).register();
  codeSpace.getComponentSpace().setGlobalUsingComponent(tag, registered._$);
}

/** The tag of this name around an element. */
export const around = (element: Element, tag: string): Tag | undefined =>
  (element.closest(tag) as any)?.__wxElement?.getMethodCaller();

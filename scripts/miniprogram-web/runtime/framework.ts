import * as adapter from 'glass-easel-miniprogram-adapter';
import { bendSetAttribute } from './dom';

/** WeChat's component framework, dressed for a browser. Its inner types do not fit a host's needs, so the edges are loose. */
type Any = any; // any: the framework's objects are dynamic by nature

export const framework: Any = adapter.glassEasel;
framework.globalOptions.writeIdToDOM = true;
// Otherwise a property named `data` (TDesign's chat list has one) overwrites the component's data.
framework.globalOptions.writeFieldsToNode = false;
bendSetAttribute();

/** Appends each style sheet once, however often a page is opened. */
class Backend extends framework.CurrentWindowBackendContext {
  private readonly appended = new Set<string>();

  appendStyleSheetPath(path: string, scope?: number): number {
    if (this.appended.has(path)) return 0;
    this.appended.add(path);
    return super.appendStyleSheetPath(path, scope);
  }
}

const env = new adapter.MiniProgramEnv();
export const codeSpace: Any = env.createCodeSpace('', true);
export const backend: Any = new Backend();
export const associated: Any = env.associateBackend(backend);
export const componentCaller: Any = (adapter as Any).component.ComponentCaller.prototype;

const touchPoint = ({ identifier, clientX, clientY, pageX, pageY }: { identifier: number; clientX: number; clientY: number; pageX: number; pageY: number }) =>
  ({ identifier, clientX, clientY, pageX, pageY, force: 1 });

function touchesOf(event: unknown): object {
  if (event instanceof TouchEvent) return { touches: [...event.touches].map(touchPoint), changedTouches: [...event.changedTouches].map(touchPoint) };
  if (event instanceof MouseEvent) {
    const point = touchPoint({ identifier: 0, clientX: event.clientX, clientY: event.clientY, pageX: event.pageX, pageY: event.pageY });
    return { touches: [point], changedTouches: [point] };
  }
  return {};
}

backend.onEvent((target: Any, name: string, detail: unknown, options: { originalEvent?: unknown }) => {
  const event = new framework.Event(name, detail, { ...options, extraFields: touchesOf(options.originalEvent) });
  framework.Event.dispatchEvent(target, event);
  return event.defaultPrevented?.() ? 2 : 0;
});

/** The framework's element behind a node, or behind the nearest node around it. */
export function elementAt(node: Any): Any {
  let at = node;
  while (at && !at.__wxElement) at = at.parentNode;
  return at?.__wxElement;
}

/**
 * A tap belongs to what the finger was put on. The browser's click comes after it and lands on whatever lies there by then, which is something
 * else where the tap has drawn the page anew: such a click is nobody's.
 */
let touched: EventTarget | null = null;
document.addEventListener('touchstart', ({ target }) => { touched = target; }, true);
document.addEventListener('click', (event) => {
  const [began, ended] = [touched as Node | null, event.target as Node];
  touched = null;
  if (!event.isTrusted || !began || began.contains(ended) || ended.contains(began)) return;
  event.stopImmediatePropagation();
  event.preventDefault();
}, true);

const LONG_PRESS_MS = 350;
let pressing: ReturnType<typeof setTimeout> | undefined;
document.addEventListener('touchstart', (event) => {
  const element = elementAt(event.target);
  const touches = [...event.touches].map(touchPoint);
  clearTimeout(pressing);
  pressing = setTimeout(() => {
    if (!element) return;
    framework.Event.dispatchEvent(element, new framework.Event('longpress', { x: touches[0]?.clientX, y: touches[0]?.clientY },
      { bubbles: true, composed: true, capturePhase: true, extraFields: { touches, changedTouches: touches } }));
  }, LONG_PRESS_MS);
}, true);
for (const name of ['touchend', 'touchmove', 'touchcancel']) document.addEventListener(name, () => clearTimeout(pressing), true);

/** Behaviours that WeChat knows by name, and the properties they stand for. */
const NAMED_BEHAVIOURS: Record<string, object> = {
  'wx://form-field': { name: String, value: null }, 'wx://form-field-group': {}, 'wx://form-field-button': {}, 'wx://component-export': {},
};
/** The framework leaves the `ready` lifetime to its host; without it canvases and pickers stay empty. */
const readiness = codeSpace.behavior().definition({
  lifetimes: { attached(this: Any) { requestAnimationFrame(() => this._$.triggerLifetime('ready', [])); } },
}).register();

function fitted(definition: Any, isComponent = false): Any {
  if (!definition) return definition;
  const behaviours: Any[] = [...(isComponent ? [readiness] : []), ...(definition.behaviors ?? [])];
  const named = behaviours.filter((one) => typeof one === 'string');
  const properties = Object.assign({}, ...named.map((name: string) => NAMED_BEHAVIOURS[name] ?? {}), definition.properties ?? {});
  return { ...definition, behaviors: behaviours.filter((one) => typeof one !== 'string'), ...(named.length > 0 ? { properties } : {}) };
}

/** Runs the script of a component or page with `Page`, `Component` and `Behavior` at hand. */
export function runScript(id: string, run: () => void): void {
  const global = globalThis as Any;
  codeSpace.componentEnv(id, (given: Any) => {
    const before = { Page: global.Page, Component: global.Component, Behavior: global.Behavior };
    Object.assign(global, {
      Page: (definition: Any) => given.Page(fitted(definition)),
      Component: (definition: Any) => given.Component(fitted(definition, true)),
      Behavior: (definition: Any) => given.Behavior(fitted(definition)),
    });
    try {
      run();
    } finally {
      Object.assign(global, before);
    }
  });
}

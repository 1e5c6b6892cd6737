import { keepInside, make, role, setAttribute } from '../dom';
import { chooseFrom, over } from '../overlays';
import { around, define, type Tag } from './define';

const textProperties = {
  value: null, type: String, password: Boolean, placeholder: String, placeholderStyle: String, placeholderClass: String,
  maxlength: { type: Number, value: 140 }, focus: Boolean, autoFocus: Boolean, confirmType: String, confirmHold: Boolean, autoHeight: Boolean, cursor: Number,
  fixed: Boolean, showConfirmBar: Boolean, adjustPosition: Boolean, cursorSpacing: Number, disableDefaultPadding: Boolean, holdKeyboard: Boolean,
};

function textField(tag: 'wx-input' | 'wx-textarea'): void {
  define(tag, textProperties, function setUp(this: Tag, element) {
    const control = tag === 'wx-input' ? make('input') : make('textarea');
    this.control = control;
    element.append(control);
    keepInside(control, 'input', 'change');
    const grow = (): void => {
      if (!this.data.autoHeight) return;
      control.style.height = 'auto';
      control.style.height = `${control.scrollHeight}px`;
      element.style.height = 'auto';
    };
    this.grow = grow;
    control.addEventListener('input', () => {
      this._$.data.value = control.value;
      this.fire('input', { value: control.value, cursor: control.selectionStart });
      grow();
    });
    control.addEventListener('change', () => this.fire('change', { value: control.value }));
    control.addEventListener('focus', () => this.fire('focus', { value: control.value, height: 0 }));
    control.addEventListener('blur', () => this.fire('blur', { value: control.value }));
    control.addEventListener('keydown', (event) => {
      const key = event as KeyboardEvent;
      if (key.key === 'Enter' && !key.isComposing && (tag === 'wx-input' || this.data.confirmType === 'send')) {
        if (tag === 'wx-textarea') key.preventDefault();
        this.fire('confirm', { value: control.value });
      }
    });
  }, {
    value(value) {
      const text = value === null || value === undefined ? '' : String(value);
      if (this.control.value !== text) this.control.value = text;
      requestAnimationFrame(() => this.grow());
    },
    placeholder(text) { this.control.placeholder = text; },
    'type,password'(type: string, password: boolean) {
      if (tag !== 'wx-input') return;
      this.control.type = password ? 'password' : 'text';
      this.control.inputMode = { number: 'numeric', digit: 'decimal', idcard: 'text' }[type] ?? '';
    },
    maxlength(limit) { if (limit > 0) this.control.maxLength = limit; else this.control.removeAttribute('maxlength'); },
    disabled(disabled) { this.control.disabled = disabled; },
    focus(focus) { if (focus) this.control.focus(); },
    ariaLabel(label) { if (label) setAttribute.call(this.control, 'aria-label', label); },
  });
}

function tick(tag: 'wx-checkbox' | 'wx-radio', type: 'checkbox' | 'radio'): void {
  define(tag, { value: String, checked: Boolean, color: String }, function setUp(this: Tag, element) {
    const control = make('input');
    this.control = control;
    control.type = type;
    element.prepend(control);
    keepInside(control, 'input', 'change');
    control.addEventListener('change', () => {
      this._$.data.checked = control.checked;
      around(element, `${tag}-group`)?.changed(this);
    });
  }, {
    checked(checked) { this.control.checked = checked; },
    disabled(disabled) { this.control.disabled = disabled; },
    ariaLabel(label) { if (label) setAttribute.call(this.control, 'aria-label', label); },
  });
  define(`${tag}-group`, {}, function setUp(this: Tag, element) {
    if (type === 'radio') role(element, 'radiogroup');
    const all = (): Tag[] => [...element.querySelectorAll(tag)].map((one) => (one as any).__wxElement.getMethodCaller());
    this.changed = (ticked: Tag) => {
      if (type === 'radio') for (const one of all()) one.control.checked = one === ticked;
      this.fire('change', { value: type === 'radio' ? ticked.data.value : all().filter((one) => one.control.checked).map((one) => one.data.value) });
    };
  });
}

export function defineFields(): void {
  textField('wx-input');
  textField('wx-textarea');
  tick('wx-checkbox', 'checkbox');
  tick('wx-radio', 'radio');

  define('wx-switch', { checked: Boolean, color: String }, function setUp(this: Tag, element) {
    const control = make('input');
    this.control = control;
    control.type = 'checkbox';
    role(control, 'switch');
    element.append(control);
    keepInside(control, 'input', 'change');
    control.addEventListener('change', () => this.fire('change', { value: control.checked }));
  }, {
    checked(checked) { this.control.checked = checked; },
    ariaLabel(label) { if (label) setAttribute.call(this.control, 'aria-label', label); },
  });

  define('wx-slider', { min: Number, max: { type: Number, value: 100 }, step: { type: Number, value: 1 }, value: Number }, function setUp(this: Tag, element) {
    const control = make('input');
    this.control = control;
    control.type = 'range';
    element.append(control);
    keepInside(control, 'input', 'change');
    control.addEventListener('change', () => this.fire('change', { value: Number(control.value) }));
  }, { 'min,max,step,value'(min, max, step, value) { Object.assign(this.control, { min, max, step, value }); } });

  define('wx-picker', {
    mode: { type: String, value: 'selector' }, range: Array, rangeKey: String, value: null, start: String, end: String, fields: String, headerText: String,
  }, function setUp(this: Tag, element) {
    role(element, 'button');
    element.addEventListener('click', () => {
      const { mode, range, rangeKey, disabled } = this.data;
      if (disabled) return;
      if (mode === 'selector') {
        void chooseFrom(range.map((one: any) => (rangeKey ? one[rangeKey] : one))).then((index) => (index < 0 ? this.fire('cancel') : this.fire('change', { value: index })));
        return;
      }
      pickDay(this);
    });
  });
}

/** A calendar day or a time of day, with the browser's own control at the foot of the screen. */
function pickDay(tag: Tag): void {
  const { mode, fields, value, start, end } = tag.data;
  const back = over('wxw-low');
  const box = make('div', 'wxw-day');
  role(box, 'dialog', tag.data.headerText || '选择日期');
  const control = make('input');
  control.type = mode === 'time' ? 'time' : fields === 'month' ? 'month' : 'date';
  control.value = value || '';
  if (start) control.min = start;
  if (end) control.max = end;
  role(control, 'textbox', '日期');
  const done = make('button', '', '确定');
  done.addEventListener('click', () => {
    back.remove();
    if (control.value) tag.fire('change', { value: control.value });
  });
  back.addEventListener('click', (event) => { if (event.target === back) { back.remove(); tag.fire('cancel'); } });
  box.append(control, done);
  back.append(box);
  control.focus();
}

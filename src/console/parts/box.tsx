import type { FunctionalComponent, InputHTMLAttributes, TextareaHTMLAttributes } from 'vue';

/**
 * Text fields in TDesign's looks but the browser's own: TDesign puts ids and ARIA attributes on the element around its input, where
 * labels and screen readers do not find them.
 */
type Told<T> = Omit<T, 'onChange' | 'value'> & { value: string; suffix?: string };
type Tells = { change: (value: string) => void };

export const Box: FunctionalComponent<Told<InputHTMLAttributes>, Tells> = ({ value, suffix }, { emit, attrs }) => {
  const input = <input type="text" class="box" {...attrs} value={value} onInput={(event) => emit('change', (event.target as HTMLInputElement).value)} />;
  return suffix ? <span class="with-suffix">{input}<span>{suffix}</span></span> : input;
};
Box.props = ['value', 'suffix'];
Box.emits = ['change'];
Box.inheritAttrs = false;

export const TextBox: FunctionalComponent<Told<TextareaHTMLAttributes>, Tells> = ({ value }, { emit, attrs }) =>
  <textarea class="box box-long" {...attrs} value={value} onInput={(event) => emit('change', (event.target as HTMLTextAreaElement).value)} />;
TextBox.props = ['value'];
TextBox.emits = ['change'];
TextBox.inheritAttrs = false;

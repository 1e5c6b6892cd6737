import { defineComponent, useId } from 'vue';
import { Box } from './box';

/** A line of text with its label and fault, for pages with forms of their own. */
export const TextField = defineComponent({
  name: 'TextField',
  props: {
    label: { type: String, required: true }, value: { type: String, required: true }, name: { type: String, required: true },
    type: { type: String as () => 'text' | 'password', default: 'text' }, autocomplete: { type: String, default: 'off' },
    hint: { type: String, default: '' }, fault: { type: String, default: '' }, inputmode: { type: String as () => 'text' | 'numeric', default: 'text' }, maxlength: Number, autofocus: Boolean,
  },
  emits: { change: (_value: string) => true },
  setup(props, { emit }) {
    const id = useId();
    return () => (
      <div class="field">
        <label for={id}>{props.label}</label>
        <Box
          id={id} name={props.name} type={props.type} value={props.value} autocomplete={props.autocomplete} inputmode={props.inputmode}
          maxlength={props.maxlength} autofocus={props.autofocus} aria-invalid={Boolean(props.fault)}
          aria-describedby={`${id}-more`} onChange={(value: string) => emit('change', value)}
        />
        <div id={`${id}-more`}>
          {props.hint ? <p class="hint">{props.hint}</p> : null}
          {props.fault ? <p class="fault">{props.fault}</p> : null}
        </div>
      </div>
    );
  },
});

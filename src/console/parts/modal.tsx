import { defineComponent, onBeforeUnmount, onMounted, ref, useId } from 'vue';

/** The browser's own dialog: it keeps the focus inside, closes with Esc and gives the focus back. */
export const Modal = defineComponent({
  name: 'Modal',
  props: { title: { type: String, required: true }, wide: Boolean, /** Cannot be left without an answer. */ firm: Boolean },
  emits: { close: () => true },
  setup(props, { emit, slots }) {
    const element = ref<HTMLDialogElement>();
    const heading = useId();
    onMounted(() => element.value?.showModal());
    onBeforeUnmount(() => element.value?.close());
    return () => (
      <dialog
        ref={element} class={['modal', props.wide && 'modal-wide']} aria-labelledby={heading}
        onCancel={(event: Event) => { event.preventDefault(); if (!props.firm) emit('close'); }}
        onKeydown={(event: KeyboardEvent) => event.stopPropagation()}
      >
        <header class="modal-head">
          <h2 id={heading}>{props.title}</h2>
          {props.firm ? null : <button type="button" class="plain-button" aria-label="关闭" onClick={() => emit('close')}>✕</button>}
        </header>
        {slots.default?.()}
      </dialog>
    );
  },
});

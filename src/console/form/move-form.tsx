import { Button } from 'tdesign-vue-next';
import { defineComponent, nextTick, reactive, ref, useId, type PropType } from 'vue';
import type { Option } from '../../kernel/fields';
import type { MoveView } from '../../kernel/view';
import { get, isProblem, sentenceOf } from '../api';
import { load } from '../load';
import { Modal } from '../parts/modal';
import { articleInWords } from '../words';
import { useDraft } from './draft';
import { Fields } from './field';
import { pathsOf, toWire, type Faults } from './values';

/** A move with its form, drawn from the server's description. What was typed is lost only by being submitted. */
export const MoveForm = defineComponent({
  name: 'MoveForm',
  props: {
    move: { type: Object as PropType<MoveView>, required: true },
    /** Under which name the draft is kept. */
    draft: { type: String, required: true },
    /** The move cannot be made any more: what was typed is only shown. */
    ended: Boolean,
    submit: { type: Function as PropType<(input: Record<string, unknown>, key: string) => Promise<void>>, required: true },
    /** The case it is made on; an opening has none. */
    no: { type: String, default: '' },
  },
  emits: { cancel: () => true, stale: () => true },
  setup(props, { emit }) {
    const { values, restored, drop } = useDraft(props.draft, props.move.form, props.move.values);
    const id = useId();
    const form = ref<HTMLFormElement>();
    const faults = reactive<Faults>({});
    const stray = ref<string[]>([]);
    const isStale = ref(false);
    const isBusy = ref(false);
    const asks = ref(false);
    // The same key for the same content, however often the button is pressed or the network fails.
    let sent = { content: '', key: '' };

    function collect(): Record<string, unknown> | null {
      for (const path of Object.keys(faults)) delete faults[path];
      stray.value = [];
      const input = toWire(props.move.form, values, faults);
      if (Object.keys(faults).length === 0) return input;
      void showFirstFault();
      return null;
    }

    async function showFirstFault(): Promise<void> {
      await nextTick();
      const place = form.value?.querySelector('.fault')?.closest('.field');
      place?.scrollIntoView({ block: 'center', behavior: 'smooth' });
      place?.querySelector<HTMLElement>('input, textarea, select, button')?.focus({ preventScroll: true });
    }

    function press(event: Event): void {
      event.preventDefault();
      const input = isBusy.value || props.ended ? null : collect();
      if (!input) return;
      if (props.move.confirm) asks.value = true;
      else void send(input);
    }

    async function send(input: Record<string, unknown>): Promise<void> {
      asks.value = false;
      isBusy.value = true;
      const content = JSON.stringify(input);
      if (sent.content !== content) sent = { content, key: crypto.randomUUID() };
      try {
        await props.submit(input, sent.key);
        drop();
      } catch (error) {
        tell(error);
      } finally {
        isBusy.value = false;
      }
    }

    function tell(error: unknown): void {
      const places = new Set(pathsOf(props.move.form, values));
      const found = isProblem(error) ? error.errors : [];
      for (const { field, message } of found) if (places.has(field)) faults[field] = message;
      stray.value = [sentenceOf(error), ...found.filter(({ field }) => !places.has(field)).map(({ message }) => message)].filter((text, at, all) => all.indexOf(text) === at);
      isStale.value = isProblem(error, 'STALE', 'ILLEGAL_MOVE', 'TASK_GONE', 'TASK_NOT_HELD');
      void showFirstFault();
    }

    // What was prepared, such as a colleague's draft of the answer, is only a beginning.
    const isPrepared = !restored && props.move.form.some(({ name, offered }) => !offered && props.move.values?.[name] !== undefined);
    const scored = props.move.form.filter(({ kind, unit, max }) => kind === 'number' && unit === '分' && max !== undefined);
    /** The sum stands right below what is added up. */
    const ofScores = scored.length < 2 ? props.move.form.length : props.move.form.indexOf(scored.at(-1)!) + 1;
    /** Points given in parts are added up while they are typed. */
    const total = () => (scored.length < 2 || scored.every(({ name }) => values[name] === '') ? null : (
      <p class="total" role="status">合计 <strong>{scored.reduce((sum, { name }) => sum + (Number(values[name]) || 0), 0)}</strong> / {scored.reduce((sum, { max }) => sum + max!, 0)} 分</p>
    ));

    const follows = () => (props.move.follows ? <p class="note follows">{props.move.follows}</p> : null);

    const isOffering = props.move.form.some(({ offered }) => offered);
    const offers = load(async (): Promise<Record<string, Option[]>> => (isOffering ? get<Record<string, Option[]>>(`/api/v1/cases/${props.no}/${props.move.move}/options`) : {}));
    const fields = () => (isOffering ? props.move.form.map((field) => (field.offered ? { ...field, options: offers.value?.[field.name] ?? [] } : field)) : props.move.form);

    return () => (
      <form ref={form} class="form" novalidate onSubmit={press} aria-label={props.move.title}>
        {restored ? <p class="note">已恢复上次未提交的内容</p> : null}
        {isPrepared ? <p class="note">已填入前面环节拟好的内容，请核对修改。</p> : null}
        {props.move.form.length === 0 && !props.move.follows ? <p class="quiet">此操作无须填写内容。</p> : null}
        {offers.error ? <p class="note note-error" role="alert">可选项没有取到。<button type="button" class="link" onClick={() => void offers.reload()}>再试一次</button></p> : null}
        <Fields fields={fields().slice(0, ofScores)} within={values} formId={id} faults={faults} />
        {total()}
        <Fields fields={fields().slice(ofScores)} within={values} formId={id} faults={faults} />
        {follows()}
        {stray.value.length > 0 ? (
          <div class="note note-error" role="alert">
            {stray.value.map((text) => <p key={text}>{text}</p>)}
            {isStale.value ? <button type="button" class="link" onClick={() => { isStale.value = false; stray.value = []; emit('stale'); }}>查看最新内容（填写的内容保留）</button> : null}
          </div>
        ) : null}
        <div class="actions">
          {props.ended ? null : <Button type="submit" loading={isBusy.value}>{props.move.title}</Button>}
          <Button theme="default" variant="text" disabled={isBusy.value} onClick={() => emit('cancel')}>收起</Button>
        </div>
        <p class="quiet">依据{articleInWords(props.move.article)}</p>
        {asks.value ? (
          <Modal title={props.move.title.startsWith('确认') ? `${props.move.title}？` : `确认${props.move.title}？`} onClose={() => { asks.value = false; }}>
            {follows()}
            <p class="modal-text">提交后记入案件经过，不能撤回。</p>
            <div class="modal-foot">
              <Button onClick={() => { const input = collect(); if (input) void send(input); else asks.value = false; }}>确认提交</Button>
              <Button theme="default" variant="outline" onClick={() => { asks.value = false; }}>再看看</Button>
            </div>
          </Modal>
        ) : null}
      </form>
    );
  },
});

import { Button } from 'tdesign-vue-next';
import { defineComponent, ref, type PropType } from 'vue';
import type { ParameterView, RulebookView } from '../../rulebook/routes';
import { isProblem, post, sentenceOf } from '../api';
import { todayInShanghai } from '../format';
import { TextBox } from './box';
import { Modal } from './modal';
import { said } from './states';

export interface PlannedChange { parameter: ParameterView; value: number; from: string; to: string }

/** What will change, why and from which day; one new version. Nothing of it touches a case that is open already. */
export const RulebookSubmit = defineComponent({
  name: 'RulebookSubmit',
  props: { changes: { type: Array as PropType<PlannedChange[]>, required: true }, newest: { type: Number, required: true }, plannedFrom: String },
  emits: { close: () => true, done: () => true, faults: (_of: Record<string, string>) => true },
  setup(props, { emit }) {
    const when = ref<'now' | 'day'>(props.plannedFrom ? 'day' : 'now');
    const from = ref(props.plannedFrom ?? '');
    const reason = ref('');
    const faults = ref<{ from?: string; reason?: string; other?: string }>({});
    const isBusy = ref(false);

    async function send(event: Event): Promise<void> {
      event.preventDefault();
      faults.value = {
        ...(reason.value.trim().length < 4 ? { reason: '请写明修改理由，4 到 500 字' } : {}),
        ...(when.value === 'day' && from.value <= todayInShanghai() ? { from: from.value ? '施行日期应在今天之后' : '请选择施行日期' } : {}),
      };
      if (Object.keys(faults.value).length > 0) return;
      isBusy.value = true;
      try {
        const parameters = Object.fromEntries(props.changes.map(({ parameter, value }) => [parameter.id, value]));
        const { version } = await post<RulebookView>('/api/v1/rulebook', { parameters, reason: reason.value.trim(), on: props.newest, ...(when.value === 'day' ? { from: from.value } : {}) });
        // The answer is the new version, whichever is in force.
        said(when.value === 'day' ? `已提交，自 ${from.value} 起施行` : `第 ${version} 版已施行`);
        emit('done');
      } catch (error) {
        const told = isProblem(error) ? error.errors : [];
        const of = (field: string): string | undefined => told.find((fault) => fault.field === field)?.message;
        const [atFrom, atReason] = [of('from'), of('reason')];
        const atParameters = Object.fromEntries(told.filter(({ field }) => field.startsWith('parameters.')).map(({ field, message }) => [field.slice('parameters.'.length), message]));
        const others = Object.values(atParameters);
        faults.value = {
          ...(atFrom ? { from: atFrom } : {}), ...(atReason ? { reason: atReason } : {}),
          ...(others.length > 0 ? { other: others.join('；') } : atFrom || atReason ? {} : { other: sentenceOf(error) }),
        };
        emit('faults', atParameters);
      } finally { isBusy.value = false; }
    }

    return () => (
      <Modal title={`提交 ${props.changes.length} 项修改`} wide onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={(event) => void send(event)}>
          <table class="table table-inner">
            <thead><tr><th scope="col">参数</th><th scope="col">依据</th><th scope="col">现行</th><th scope="col">改为</th></tr></thead>
            <tbody>{props.changes.map(({ parameter, from: old, to }) => <tr key={parameter.id}><th scope="row" class="wrap">{parameter.label}</th><td>{parameter.articleInWords ?? '—'}</td><td class="nowrap">{old}</td><td class="nowrap"><strong>{to}</strong></td></tr>)}</tbody>
          </table>
          <fieldset class="field">
            <legend>施行</legend>
            <div class="options">
              <label class="option"><input type="radio" name="when" checked={when.value === 'now'} onChange={() => { when.value = 'now'; }} /><span>立即</span></label>
              <label class="option"><input type="radio" name="when" checked={when.value === 'day'} onChange={() => { when.value = 'day'; }} /><span>自指定日期起</span></label>
              {when.value === 'day' ? <input type="date" class="box box-day" aria-label="施行日期" aria-invalid={Boolean(faults.value.from)} value={from.value} onInput={(event) => { from.value = (event.target as HTMLInputElement).value; }} /> : null}
            </div>
            {faults.value.from ? <p class="fault" role="alert">{faults.value.from}</p> : null}
          </fieldset>
          <div class="field">
            <label for="rulebook-reason">修改理由</label>
            <TextBox id="rulebook-reason" rows={2} maxlength={500} value={reason.value} aria-invalid={Boolean(faults.value.reason)} onChange={(value: string) => { reason.value = value; }} />
            {faults.value.reason ? <p class="fault" role="alert">{faults.value.reason}</p> : null}
          </div>
          <p class="note">新版本只用于施行后提交的案件。已提交的案件沿用提交时的版本，正在计算的时限不变。修改人、时间和理由向全体工作人员公开，版本不能删除。</p>
          {faults.value.other ? <p class="note note-error" role="alert">{faults.value.other}</p> : null}
          <div class="modal-foot">
            <Button type="submit" loading={isBusy.value}>提交为新版本</Button>
            <Button theme="default" variant="outline" onClick={() => emit('close')}>返回修改</Button>
          </div>
        </form>
      </Modal>
    );
  },
});

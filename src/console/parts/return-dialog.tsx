import { Button } from 'tdesign-vue-next';
import { defineComponent, ref } from 'vue';
import { post } from '../api';
import { RETURN_REASONS } from '../words';
import { Modal } from './modal';
import { complain, said } from './states';

/** Gives a claimed task back, or declines an offered one, for a listed reason. */
export const ReturnDialog = defineComponent({
  name: 'ReturnDialog',
  props: { no: { type: String, required: true }, claimed: Boolean },
  emits: { close: () => true, done: (_barred: boolean) => true },
  setup(props, { emit }) {
    const reason = ref('');
    const isBusy = ref(false);
    const wanting = ref(false);

    async function send(): Promise<void> {
      wanting.value = !reason.value;
      if (wanting.value) return;
      isBusy.value = true;
      try {
        await post(`/api/v1/queue/${props.no}/return`, { reason: reason.value });
        said(props.claimed ? '已退回队列' : '已谢绝派单');
        emit('done', reason.value === 'conflict');
      } catch (error) {
        complain(error);
      } finally {
        isBusy.value = false;
      }
    }

    return () => (
      <Modal title={props.claimed ? `退回 ${props.no}` : `谢绝 ${props.no}`} onClose={() => emit('close')}>
        <fieldset class="field">
          <legend>原因</legend>
          <div class="options options-column">
            {Object.entries(RETURN_REASONS).map(([value, label]) => (
              <label class="option" key={value}><input type="radio" name="reason" value={value} checked={reason.value === value} onChange={() => { reason.value = value; wanting.value = false; }} /><span>{label}</span></label>
            ))}
          </div>
          {wanting.value ? <p class="fault" role="alert">请选择原因</p> : null}
          {reason.value === 'conflict' ? <p class="note note-warning">选择“须回避”后，您将不能再查看和办理本案。</p> : null}
        </fieldset>
        <div class="modal-foot">
          <Button theme={reason.value === 'conflict' ? 'danger' : 'primary'} loading={isBusy.value} onClick={() => void send()}>{props.claimed ? '退回' : '谢绝'}</Button>
          <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
        </div>
      </Modal>
    );
  },
});

import { Button } from 'tdesign-vue-next';
import { defineComponent, ref, type PropType } from 'vue';
import type { OpeningStatusView } from '../../vault/routes';
import { post } from '../api';
import { Modal } from './modal';
import { complain, said } from './states';

/** The second person's agreement: what it opens and to whom is said before it is given. */
export const ApproveOpening = defineComponent({
  name: 'ApproveOpening',
  props: { opening: { type: Object as PropType<OpeningStatusView>, required: true } },
  emits: { close: () => true, done: () => true },
  setup(props, { emit }) {
    const isBusy = ref(false);
    async function approve(): Promise<void> {
      isBusy.value = true;
      try {
        await post(`/api/v1/identity/openings/${props.opening.id}/approve`);
        said('已批准，申请人可在 15 分钟内查看');
      } catch (error) { complain(error); } finally {
        isBusy.value = false;
        emit('done');
      }
    }
    return () => (
      <Modal title={`批准${props.opening.requestedBy}查看身份`} onClose={() => emit('close')}>
        <p class="modal-text">理由：{props.opening.reason}</p>
        <p class="note note-warning">批准后，申请人可在 15 分钟内看到举报人的姓名、身份证号和手机号。您的批准记入 {props.opening.no} 并告知举报人。</p>
        <div class="modal-foot">
          <Button theme="danger" loading={isBusy.value} onClick={() => void approve()}>确认批准</Button>
          <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
        </div>
      </Modal>
    );
  },
});

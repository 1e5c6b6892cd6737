import { Button } from 'tdesign-vue-next';
import { defineComponent, onScopeDispose, ref, type PropType } from 'vue';
import { Modal } from './modal';

export interface Identity { name: string; idNumber: string; phone: string }

/** Long enough to note down what is needed, short enough that nobody leaves it standing. */
const SHOWN_FOR_SECONDS = 60;

/** An opened identity, shown once: it closes by itself, and with the page out of sight; afterwards nothing of it is left in the page. */
export const IdentityView = defineComponent({
  name: 'IdentityView',
  props: { identity: { type: Object as PropType<Identity>, required: true } },
  emits: { close: () => true },
  setup(props, { emit }) {
    const left = ref(SHOWN_FOR_SECONDS);
    const timer = setInterval(() => {
      left.value -= 1;
      if (left.value <= 0) emit('close');
    }, 1000);
    const onHidden = (): void => { if (document.hidden) emit('close'); };
    document.addEventListener('visibilitychange', onHidden);
    onScopeDispose(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onHidden);
    });
    return () => (
      <Modal title="举报人身份（保密）" onClose={() => emit('close')}>
        <p class="note note-error">保密信息，本次查看已留痕并告知举报人。不得摘录到案件、文书或向被举报方透露（第十八条）。</p>
        <dl class="facts identity">
          <dt>姓名</dt><dd>{props.identity.name}</dd>
          <dt>身份证号</dt><dd class="figure">{props.identity.idNumber}</dd>
          <dt>手机号</dt><dd class="figure">{props.identity.phone}</dd>
        </dl>
        <div class="modal-foot"><Button onClick={() => emit('close')}>看完了，关闭</Button><span class="quiet" role="timer">{left.value} 秒后自动关闭；离开本页即关闭</span></div>
      </Modal>
    );
  },
});

import { Button } from 'tdesign-vue-next';
import { defineComponent, ref, type PropType } from 'vue';
import type { ExportRequest } from '../../exports/exports';
import { ask, download, sentenceOf } from '../api';
import { Modal } from './modal';
import { said } from './states';
import { TextField } from './text-field';

type Wanted = ExportRequest extends infer R ? (R extends unknown ? Omit<R, 'reason'> : never) : never;

/** Asks what an export is for, and hands it over. The purpose stands in the file and in the log. */
export const ExportDialog = defineComponent({
  name: 'ExportDialog',
  props: { title: { type: String, required: true }, file: { type: String, required: true }, of: { type: Object as PropType<Wanted>, required: true } },
  emits: { close: () => true },
  setup(props, { emit }) {
    const reason = ref('');
    const fault = ref('');
    const isBusy = ref(false);

    async function make(event: Event): Promise<void> {
      event.preventDefault();
      fault.value = [...reason.value.trim()].length < 4 ? '请写明用途，至少 4 个字' : '';
      if (fault.value || isBusy.value) return;
      isBusy.value = true;
      try {
        download(await ask<Blob>('/api/v1/exports', { method: 'POST', body: { ...props.of, reason: reason.value } }), props.file);
        said('已导出，并已记入导出记录');
        emit('close');
      } catch (error) { fault.value = sentenceOf(error); } finally { isBusy.value = false; }
    }

    return () => (
      <Modal title={props.title} onClose={() => emit('close')}>
        <form class="form" novalidate onSubmit={(event: Event) => void make(event)}>
          <TextField label="用途" name="reason" value={reason.value} fault={fault.value} maxlength={200} autofocus hint="如：季度检查底稿。导出人、时间和用途写入文件，并记入导出记录" onChange={(value: string) => { reason.value = value; fault.value = ''; }} />
          <p class="quiet">文件只含您在页面上能看到的内容，请按规定保管。</p>
          <div class="modal-foot">
            <Button type="submit" loading={isBusy.value}>导出</Button>
            <Button theme="default" variant="outline" onClick={() => emit('close')}>取消</Button>
          </div>
        </form>
      </Modal>
    );
  },
});

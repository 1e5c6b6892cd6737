import { Loading } from 'tdesign-vue-next';
import { defineComponent, ref, useId, type PropType } from 'vue';
import { ask, sentenceOf } from '../api';
import { size } from '../format';
import type { FileTyped } from './values';

const ACCEPTED = '.jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.mp4';
const MAX_BYTES = 20 * 1024 * 1024;

/** Hands files over one by one as they are chosen; the form keeps their ids. What may not be handed in is said beforehand. */
export const FilePicker = defineComponent({
  name: 'FilePicker',
  props: {
    files: { type: Array as PropType<FileTyped[]>, required: true },
    max: { type: Number, required: true },
    label: { type: String, required: true },
  },
  emits: { change: (_files: FileTyped[]) => true },
  setup(props, { emit }) {
    const id = useId();
    const sending = ref('');
    const refused = ref<string[]>([]);

    async function take(event: Event): Promise<void> {
      const element = event.target as HTMLInputElement;
      const chosen = [...(element.files ?? [])];
      element.value = '';
      refused.value = [];
      let files = props.files;
      for (const file of chosen) {
        if (files.length >= props.max) {
          refused.value.push(`${file.name}：最多 ${props.max} 个文件`);
        } else if (file.size > MAX_BYTES) {
          refused.value.push(`${file.name}：${size(file.size)}，超过 20 MB`);
        } else {
          sending.value = file.name;
          try {
            const body = new FormData();
            body.append('file', file, file.name);
            const { id: fileId, name, size: bytes } = await ask<FileTyped>('/api/v1/files', { method: 'POST', raw: body });
            files = [...files, { id: fileId, name, size: bytes }];
            emit('change', files);
          } catch (error) {
            refused.value.push(`${file.name}：${sentenceOf(error)}`);
          }
        }
      }
      sending.value = '';
    }

    return () => (
      <div class="picker">
        <ul class="files" aria-label={`${props.label}：已上传`}>
          {props.files.map((file) => (
            <li key={file.id}>
              <span class="file-name">{file.name}</span><span class="quiet">{size(file.size)}</span>
              <button type="button" class="link" onClick={() => emit('change', props.files.filter((one) => one.id !== file.id))}>移除<span class="unseen">{file.name}</span></button>
            </li>
          ))}
        </ul>
        <input id={id} class="unseen-file" type="file" multiple accept={ACCEPTED} disabled={Boolean(sending.value) || props.files.length >= props.max} onChange={(event) => void take(event)} />
        <label for={id} class="file-button">选择文件</label>
        {sending.value ? <span role="status" class="sending"><Loading size="small" text={`正在上传 ${sending.value}`} /></span> : null}
        <p class="hint">JPG、PNG、WebP、PDF、docx、xlsx、MP4，每个不超过 20 MB，最多 {props.max} 个；位置、作者等附带信息会被清除</p>
        {refused.value.map((text) => <p key={text} class="fault" role="alert">{text}</p>)}
      </div>
    );
  },
});

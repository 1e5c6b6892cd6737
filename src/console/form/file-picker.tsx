import { defineComponent, onScopeDispose, reactive, ref, useId, type PropType } from 'vue';
import { isProblem, sentenceOf, upload } from '../api';
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
    const sending = reactive({ name: '', percent: 0 });
    let cancelling: AbortController | null = null;
    onScopeDispose(() => cancelling?.abort());
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
          cancelling = new AbortController();
          Object.assign(sending, { name: file.name, percent: 0 });
          try {
            const { id: fileId, name, size: bytes } = await upload<FileTyped>(file, {
              signal: cancelling.signal, onProgress: (share) => { sending.percent = Math.floor(share * 100); },
            });
            files = [...files, { id: fileId, name, size: bytes }];
            emit('change', files);
          } catch (error) {
            refused.value.push(`${file.name}：${sentenceOf(error)}`);
            // Cancelling means the rest of the heap too.
            if (isProblem(error, 'CANCELLED')) break;
          }
        }
      }
      cancelling = null;
      sending.name = '';
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
        <input id={id} class="unseen-file" type="file" multiple accept={ACCEPTED} disabled={Boolean(sending.name) || props.files.length >= props.max} onChange={(event) => void take(event)} />
        <label for={id} class="file-button">选择文件</label>
        {sending.name ? (
          <div class="uploading">
            <span class="file-name">{sending.name}</span>
            <progress max={100} value={sending.percent} aria-label={`正在上传 ${sending.name}`} />
            <span class="nowrap">{sending.percent < 100 ? `${sending.percent}%` : '正在检查…'}</span>
            <button type="button" class="link" onClick={() => cancelling?.abort()}>取消上传</button>
          </div>
        ) : null}
        <p class="hint">JPG、PNG、WebP、PDF、docx、xlsx、MP4，每个不超过 20 MB，最多 {props.max} 个；位置、作者等附带信息会被清除</p>
        {refused.value.map((text) => <p key={text} class="fault" role="alert">{text}</p>)}
      </div>
    );
  },
});

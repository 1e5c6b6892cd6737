import { defineComponent, onScopeDispose, ref, shallowRef, type PropType } from 'vue';
import { ask, download, get, isProblem, sentenceOf } from '../api';
import { moment, size } from '../format';
import { load } from '../load';
import { Modal } from './modal';
import { PdfFrame } from './pdf-frame';
import { complain } from './states';

interface FileView { id: string; name: string; mime: string; size: number; sha256: string; scan: string; createdAt: string; url: string }
type Line = FileView | { id: string; refused: string };

/** What a browser shows as a picture and nothing else, and PDFs, drawn in a sandbox; everything else is only handed over as a download. */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp']);
const PDF = 'application/pdf';

async function lineOf(id: string): Promise<Line> {
  try {
    return await get<FileView>(`/api/v1/files/${id}`);
  } catch (error) {
    if (isProblem(error)) return { id, refused: sentenceOf(error) };
    throw error;
  }
}

/** Files of a case with what is known of them. Links are short-lived: each look at a file asks for a new one. */
export const FileList = defineComponent({
  name: 'FileList',
  props: { ids: { type: Array as PropType<string[]>, required: true } },
  setup(props) {
    const files = load(() => Promise.all(props.ids.map(lineOf)), () => props.ids.join());
    const preview = shallowRef<{ name: string; url: string } | { name: string; pdf: Blob } | null>(null);
    const busy = ref('');
    const close = (): void => {
      if (preview.value && 'url' in preview.value) URL.revokeObjectURL(preview.value.url);
      preview.value = null;
    };
    onScopeDispose(close);

    async function fetched({ id }: FileView, use: (blob: Blob) => void): Promise<void> {
      if (busy.value) return;
      busy.value = id;
      try {
        const { url } = await get<FileView>(`/api/v1/files/${id}`);
        use(await ask<Blob>(url));
      } catch (error) { complain(error); } finally { busy.value = ''; }
    }

    return () => (
      <>
        {files.loading ? <p class="quiet" role="status">正在读取文件信息…</p> : null}
        {files.error ? <p class="fault" role="alert">{files.error.text} <button type="button" class="link" onClick={() => void files.reload()}>重试</button></p> : null}
        <ul class="files">
          {(files.value as Line[] | null)?.map((file) => ('refused' in file ? <li key={file.id} class="quiet">文件：{file.refused}</li> : (
            <li key={file.id}>
              <span class="file-name">{file.name}</span>
              <span class="quiet">{size(file.size)}　{moment(file.createdAt)}　{file.scan === 'clean' ? '已查毒　' : ''}校验码 <code title={file.sha256}>{file.sha256.slice(0, 8)}</code></span>
              <span class="file-deeds">
                {PICTURES.has(file.mime) || file.mime === PDF ? (
                  <button type="button" class="link" disabled={busy.value === file.id} onClick={() => void fetched(file, (blob) => { preview.value = file.mime === PDF ? { name: file.name, pdf: blob } : { name: file.name, url: URL.createObjectURL(blob) }; })}>预览<span class="unseen">{file.name}</span></button>
                ) : null}
                <button type="button" class="link" disabled={busy.value === file.id} onClick={() => void fetched(file, (blob) => download(blob, file.name))}>{busy.value === file.id ? '正在取回…' : '下载'}<span class="unseen">{file.name}</span></button>
              </span>
            </li>
          )))}
        </ul>
        {preview.value ? (
          <Modal title={preview.value.name} wide onClose={close}>
            {'url' in preview.value ? <img class="preview" src={preview.value.url} alt={preview.value.name} /> : <PdfFrame name={preview.value.name} blob={preview.value.pdf} />}
          </Modal>
        ) : null}
      </>
    );
  },
});

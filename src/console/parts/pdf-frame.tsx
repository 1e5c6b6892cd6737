import { defineComponent, onBeforeUnmount, onMounted, ref, type PropType } from 'vue';

/** A PDF drawn in a frame that has no origin, no cookies and no network; what is in the file can do nothing to this page. */
export const PdfFrame = defineComponent({
  name: 'PdfFrame',
  props: { blob: { type: Object as PropType<Blob>, required: true }, name: { type: String, required: true } },
  setup(props) {
    const frame = ref<HTMLIFrameElement>();
    const state = ref<'drawing' | 'drawn' | 'failed'>('drawing');
    const pages = ref(0);

    async function hear({ source, data }: MessageEvent<{ ready?: true; pages?: number; failed?: string }>): Promise<void> {
      if (!source || source !== frame.value?.contentWindow) return;
      if (data.ready) {
        const bytes = await props.blob.arrayBuffer();
        // The frame has no origin that could be named.
        frame.value.contentWindow.postMessage(bytes, '*', [bytes]);
      } else {
        pages.value = data.pages ?? 0;
        state.value = data.pages ? 'drawn' : 'failed';
      }
    }
    const listener = (event: Event): void => { void hear(event as MessageEvent); };
    onMounted(() => window.addEventListener('message', listener));
    onBeforeUnmount(() => window.removeEventListener('message', listener));

    return () => (
      <div class="pdf">
        <p class="quiet" role="status">{state.value === 'drawing' ? '正在打开…' : state.value === 'drawn' ? `共 ${pages.value} 页。文字不全的（未嵌入字体），请下载查看。` : '这份文件无法在此预览，请下载查看。'}</p>
        <iframe ref={frame} class="pdf-frame" title={`${props.name} 的预览`} src="/console/preview.html" sandbox="allow-scripts" referrerpolicy="no-referrer" />
      </div>
    );
  },
});

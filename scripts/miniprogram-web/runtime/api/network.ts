import { reachable } from '../phone';
import { call, type Options } from './call';
import { fileAt } from './files';

const headersOf = (headers: Headers): Record<string, string> => Object.fromEntries(headers.entries());

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A task that can be given up, as WeChat's are. */
function abortable(name: string, options: Options, work: (signal: AbortSignal) => Promise<object>): object {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('timeout')), options['timeout'] ?? 60_000);
  const promise = call(name, () => work(controller.signal).finally(() => clearTimeout(timer)))(options);
  return Object.assign(promise, { abort: () => controller.abort(new Error('abort')), onHeadersReceived() {}, onProgressUpdate() {} });
}

/** `fetch` cannot say how much of a body has gone; the older way can. */
function send(form: FormData, url: string, header: Record<string, string>, signal: AbortSignal, tell: (state: object) => void): Promise<object> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    for (const [name, value] of Object.entries(header)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => tell({ progress: Math.round((loaded * 100) / total), totalBytesSent: loaded, totalBytesExpectedToSend: total }));
    request.addEventListener('load', () => resolve({ data: request.responseText, statusCode: request.status }));
    request.addEventListener('error', () => reject(new Error('network error')));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}

export const network = {
  request: (options: Options) => abortable('request', options, async (signal) => {
    const { data, header = {}, responseType } = options;
    const method = String(options['method'] ?? 'GET').toUpperCase();
    const query = method === 'GET' && data ? `?${new URLSearchParams(data)}` : '';
    const body = method === 'GET' || data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data);
    const response = await fetch(reachable(options['url']) + query, {
      method, signal, headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...header }, ...(body === undefined ? {} : { body }),
    });
    const answer = responseType === 'arraybuffer' ? await response.arrayBuffer() : parsed(await response.text());
    return { data: answer, statusCode: response.status, header: headersOf(response.headers), cookies: [] };
  }),

  uploadFile: (options: Options) => {
    const listeners = new Set<(state: object) => void>();
    const task = abortable('uploadFile', options, async (signal) => {
      const { filePath, name, formData = {}, header = {} } = options;
      const file = fileAt(filePath);
      if (!file) throw new Error('file not found');
      const form = new FormData();
      for (const [key, value] of Object.entries(formData)) form.append(key, String(value));
      form.append(name, file, file.name);
      return send(form, reachable(options['url']), header, signal, (state) => { for (const tell of listeners) tell(state); });
    });
    return Object.assign(task, { onProgressUpdate: (tell: (state: object) => void) => { listeners.add(tell); }, offProgressUpdate: (tell: (state: object) => void) => { listeners.delete(tell); } });
  },

  downloadFile: (options: Options) => abortable('downloadFile', options, async (signal) => {
    const response = await fetch(reachable(options['url']), { headers: options['header'] ?? {}, signal });
    return { tempFilePath: URL.createObjectURL(await response.blob()), statusCode: response.status };
  }),
};

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

  uploadFile: (options: Options) => abortable('uploadFile', options, async (signal) => {
    const { filePath, name, formData = {}, header = {} } = options;
    const file = fileAt(filePath);
    if (!file) throw new Error('file not found');
    const form = new FormData();
    for (const [key, value] of Object.entries(formData)) form.append(key, String(value));
    form.append(name, file, file.name);
    const response = await fetch(reachable(options['url']), { method: 'POST', body: form, headers: header, signal });
    return { data: await response.text(), statusCode: response.status };
  }),

  downloadFile: (options: Options) => abortable('downloadFile', options, async (signal) => {
    const response = await fetch(reachable(options['url']), { headers: options['header'] ?? {}, signal });
    return { tempFilePath: URL.createObjectURL(await response.blob()), statusCode: response.status };
  }),
};

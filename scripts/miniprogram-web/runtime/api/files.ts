import { keepInside, make } from '../dom';
import { call } from './call';
import { privately } from './people';

const held = new Map<string, File>();

/** A file under the temporary path the mini-program was given for it. */
export const fileAt = (path: string): File | undefined => held.get(path);

function choose(accept: string, many: boolean): Promise<File[]> {
  return new Promise((resolve, reject) => {
    const input = make('input');
    input.type = 'file';
    input.accept = accept;
    input.multiple = many;
    input.style.display = 'none';
    document.body.append(input);
    keepInside(input, 'input');
    const end = (files: File[]): void => {
      input.remove();
      if (files.length > 0) resolve(files);
      else reject(new Error('cancel'));
    };
    input.addEventListener('change', (event) => { event.stopPropagation(); end([...(input.files ?? [])]); });
    input.addEventListener('cancel', () => end([]));
    input.click();
  });
}

function temporary(file: File): string {
  const path = URL.createObjectURL(file);
  held.set(path, file);
  return path;
}

export const files = {
  chooseMedia: call('chooseMedia', async ({ count = 9, mediaType = ['image', 'video'] }) => {
    await privately();
    const accept = (mediaType as string[]).flatMap((kind) => kind === 'mix' ? ['image/*', 'video/*'] : [`${kind}/*`]).join(',');
    const chosen = await choose(accept, count !== 1);
    return {
      type: 'image',
      tempFiles: chosen.slice(0, count).map((file) => ({ tempFilePath: temporary(file), size: file.size, fileType: file.type.startsWith('video') ? 'video' : 'image' })),
    };
  }),
  chooseMessageFile: call('chooseMessageFile', async ({ count = 9 }) => {
    await privately();
    const chosen = await choose('', count !== 1);
    return { tempFiles: chosen.slice(0, count).map((file) => ({ path: temporary(file), size: file.size, name: file.name, type: 'file' })) };
  }),
  previewImage: call('previewImage', ({ urls, current }) => { window.open(current ?? urls[0], '_blank', 'noopener'); }),
  openDocument: call('openDocument', ({ filePath }) => { window.open(filePath, '_blank', 'noopener'); }),
};

import { keepInside, make, role } from './dom';

/** WeChat's own sheets, dialogs and toasts. */

const SETTLE_MS = 300;

/**
 * Something drawn over the page. A tap is told when the finger leaves, and the browser's own click follows at the same place: for that
 * moment it still belongs to what was tapped, not to what has just appeared there.
 */
export function over(className = ''): HTMLElement {
  const back = make('div', `wxw-mask ${className}`.trim());
  back.style.pointerEvents = 'none';
  setTimeout(() => { back.style.pointerEvents = ''; }, SETTLE_MS);
  document.body.append(back);
  return back;
}

export function chooseFrom(items: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const back = over();
    const sheet = make('div', 'wxw-sheet');
    role(sheet, 'listbox');
    const end = (index: number): void => { back.remove(); resolve(index); };
    for (const [index, text] of items.entries()) {
      const item = make('button', '', text);
      role(item, 'option');
      item.addEventListener('click', () => end(index));
      sheet.append(item);
    }
    back.addEventListener('click', ({ target }) => { if (target === back) end(-1); });
    back.append(sheet);
  });
}

export interface Question { title?: string; content?: string; confirmText?: string; cancelText?: string; showCancel?: boolean; editable?: boolean; placeholderText?: string }

export function ask({ title = '', content = '', confirmText = '确定', cancelText = '取消', showCancel = true, editable = false, placeholderText = '' }: Question): Promise<{ confirm: boolean; cancel: boolean; content?: string }> {
  return new Promise((resolve) => {
    const back = over();
    const box = make('div', 'wxw-box');
    role(box, 'dialog', title || content);
    if (title) box.append(make('h2', '', title));
    if (content && !editable) box.append(make('p', '', content));
    const input = editable ? make('textarea') : null;
    if (input) {
      input.placeholder = placeholderText;
      input.value = content;
      keepInside(input, 'input', 'change');
      box.append(input);
    }
    const row = make('div');
    const end = (confirm: boolean): void => { back.remove(); resolve({ confirm, cancel: !confirm, ...(input ? { content: input.value } : {}) }); };
    const add = (text: string, confirm: boolean): void => {
      const button = make('button', '', text);
      button.addEventListener('click', () => end(confirm));
      row.append(button);
    };
    if (showCancel) add(cancelText, false);
    add(confirmText, true);
    box.append(row);
    back.append(box);
  });
}

let toast: HTMLElement | undefined;
let fading: ReturnType<typeof setTimeout> | undefined;

/** A short word in the middle of the screen; without an end (`ms` 0) it stays until it is taken away. */
export function showToast(text: string, ms: number): void {
  hideToast();
  toast = make('div', 'wxw-toast', text);
  role(toast, 'status');
  document.body.append(toast);
  if (ms > 0) fading = setTimeout(hideToast, ms);
}

export function hideToast(): void {
  clearTimeout(fading);
  toast?.remove();
  toast = undefined;
}

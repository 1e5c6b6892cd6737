import { onBeforeUnmount, onMounted } from 'vue';

const TYPING = 'input, textarea, select, [contenteditable], dialog';

/** Single-letter keys for a page; silent while somebody types, and beside modifier keys. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>): void {
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || (event.target as Element | null)?.closest?.(TYPING)) return;
    const run = keys[event.key];
    if (!run) return;
    // Enter on a button or link is that button's own.
    if (event.key === 'Enter' && (event.target as Element).closest('a, button')) return;
    event.preventDefault();
    run(event);
  };
  onMounted(() => document.addEventListener('keydown', hear));
  onBeforeUnmount(() => document.removeEventListener('keydown', hear));
}

import { onScopeDispose, reactive, watch } from 'vue';
import { isProblem, sentenceOf } from './api';

export interface Loaded<T> {
  value: T | null;
  /** Nothing to show yet. */
  loading: boolean;
  /** Looking again while the old value stays on the page. */
  busy: boolean;
  error: { kind: 'forbidden' | 'missing' | 'failed'; text: string } | null;
  reload(): Promise<void>;
}

/** What a page shows and how it stands with it. Looks again when `of` changes; an answer overtaken by a later question is dropped. */
export function load<T>(fetch: () => Promise<T>, of?: () => unknown): Loaded<T> {
  let latest = 0;
  const state = reactive({ value: null, loading: true, busy: false, error: null, reload }) as Loaded<T>;

  async function reload(): Promise<void> {
    const mine = ++latest;
    state.busy = true;
    try {
      const value = await fetch();
      if (mine === latest) Object.assign(state, { value, error: null });
    } catch (error) {
      if (mine === latest) {
        const kind = isProblem(error, 'FORBIDDEN') ? 'forbidden' : isProblem(error, 'NOT_FOUND') ? 'missing' : 'failed';
        state.error = { kind, text: sentenceOf(error) };
      }
    } finally {
      if (mine === latest) Object.assign(state, { loading: false, busy: false });
    }
  }

  if (of) watch(of, () => { Object.assign(state, { value: null, loading: true, error: null }); void reload(); });
  onScopeDispose(() => { latest = -1; });
  void reload();
  return state;
}

/** Key paging: the pages seen so far, and the next. */
export interface Paged<T> extends Omit<Loaded<T[]>, 'value'> {
  items: T[];
  more: boolean;
  next(): Promise<void>;
}

export function loadPages<T>(fetch: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>, of?: () => unknown): Paged<T> {
  let cursor: string | null = null;
  const first = load(async () => {
    const page = await fetch(undefined);
    cursor = page.next;
    return { items: page.items, more: page.next !== null };
  }, of);

  async function next(): Promise<void> {
    if (!cursor || first.busy || !first.value) return;
    first.busy = true;
    try {
      const page = await fetch(cursor);
      cursor = page.next;
      const known = first.value.items as T[];
      first.value = { items: [...known, ...page.items], more: page.next !== null } as typeof first.value;
    } catch (error) {
      first.error = { kind: 'failed', text: sentenceOf(error) };
    } finally {
      first.busy = false;
    }
  }

  return {
    get items() { return (first.value?.items ?? []) as T[]; },
    get more() { return first.value?.more ?? false; },
    get loading() { return first.loading; },
    get busy() { return first.busy; },
    get error() { return first.error; },
    reload: () => first.reload(), next,
  };
}

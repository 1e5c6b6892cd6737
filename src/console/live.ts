import { onScopeDispose, ref } from 'vue';
import type { Change } from '../review/live';
import { get } from './api';

/** What an open page hears: one change, or null when changes may have been missed and everything wants a fresh look. */
type Listener = (change: Change | null) => void;

const listeners = new Set<Listener>();
const AGAIN_AFTER_MS = 3_000;
let source: EventSource | null = null;
let again: ReturnType<typeof setTimeout> | undefined;
export const connected = ref(false);

const tell = (change: Change | null): void => { for (const listener of listeners) listener(change); };

/**
 * What one tab did, its neighbours of the same browser hear at once and without the server: a reviewer with two tabs open on a case
 * must not decide in one what the other shows as undecided.
 */
const tabs = new BroadcastChannel('szt-cases');
tabs.addEventListener('message', ({ data }: MessageEvent<Change>) => tell(data));
export const tellTabs = (no: string): void => tabs.postMessage({ no, kind: 'ended', desk: '' } satisfies Change);

/** One connection for the whole page, for as long as somebody listens. The server ends it with the session or after a change of desks. */
function connect(): void {
  if (source || listeners.size === 0) return;
  source = new EventSource('/api/v1/queue/live');
  source.addEventListener('open', () => {
    connected.value = true;
    // Something may have passed unheard, the first time too: between the page's first look and this moment.
    tell(null);
  });
  source.addEventListener('change', (event) => { tell(JSON.parse((event as MessageEvent<string>).data) as Change); });
  source.addEventListener('error', () => {
    connected.value = false;
    // The browser tries again by itself unless it was refused: then the token ran out, and any request renews it.
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    again = setTimeout(() => {
      void get('/api/v1/me').then(() => { connect(); tell(null); }, () => { again = setTimeout(connect, AGAIN_AFTER_MS); });
    }, AGAIN_AFTER_MS);
  });
}

/** Hears of changes while the component lives. Bursts are joined: a desk's rebuild announces every task. */
export function onLive(listener: (changes: readonly (Change | null)[]) => void, quietMs = 150): void {
  let waiting: (Change | null)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear: Listener = (change) => {
    waiting.push(change);
    timer ??= setTimeout(() => {
      timer = undefined;
      const changes = waiting;
      waiting = [];
      listener(changes);
    }, quietMs);
  };
  listeners.add(hear);
  connect();
  onScopeDispose(() => {
    listeners.delete(hear);
    clearTimeout(timer);
    if (listeners.size > 0) return;
    clearTimeout(again);
    source?.close();
    source = null;
    connected.value = false;
  });
}

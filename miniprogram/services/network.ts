/** Whether the phone has a network, for banners. Requests do not ask: they try, and say what came of it. */
let isOnline = true;
const listeners = new Set<(isOnline: boolean) => void>();

function tell(now: boolean): void {
  if (now === isOnline) return;
  isOnline = now;
  for (const listener of listeners) listener(now);
}

/** Once, when the app starts. */
export function watchNetwork(): void {
  wx.onNetworkStatusChange(({ isConnected }) => tell(isConnected));
  void wx.getNetworkType().then(({ networkType }) => tell(networkType !== 'none'), () => undefined);
}

/** Tells it now and whenever it changes; the answer ends the telling. */
export function onNetwork(listener: (isOnline: boolean) => void): () => void {
  listeners.add(listener);
  listener(isOnline);
  return () => { listeners.delete(listener); };
}

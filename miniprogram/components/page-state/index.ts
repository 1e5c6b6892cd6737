import { onNetwork } from '../../services/network';

const stop = new WeakMap<object, () => void>();

/** Waiting, failed, not allowed, nothing there, or without a network: the states every page shares. */
Component({
  properties: {
    status: { type: String, value: 'loading' },
    problem: { type: String, value: '' },
    /** Said when there is nothing to show; shown only when given and the page is ready. */
    empty: { type: String, value: '' },
  },
  data: { offline: false },
  lifetimes: {
    attached() {
      stop.set(this, onNetwork((isOnline) => {
        const wasOffline = this.data.offline;
        if (wasOffline === isOnline) this.setData({ offline: !isOnline });
        // What could not be shown for lack of a network is fetched as soon as there is one.
        if (isOnline && wasOffline && this.data.status === 'error') this.again();
      }));
    },
    detached() { stop.get(this)?.(); },
  },
  methods: {
    again() { this.triggerEvent('again'); },
    /** A page that a card opened by itself has nothing before it to go back to. */
    home() { void wx.switchTab({ url: '/pages/home/index' }); },
  },
});

import { Query } from '../queries';
import { ask, chooseFrom, hideToast, showToast } from '../overlays';
import { keyOf } from '../phone';
import { call } from './call';

const NAV_HEIGHT = 44;

/** Text, or the word that it is missing: storage of JSON values under the phone's own keys. */
const storage = {
  set: (key: string, value: unknown): void => localStorage.setItem(keyOf(key), JSON.stringify(value)),
  get: (key: string): unknown => {
    const text = localStorage.getItem(keyOf(key));
    return text === null ? '' : JSON.parse(text);
  },
  remove: (key: string): void => localStorage.removeItem(keyOf(key)),
  keys: (): string[] => Object.keys(localStorage).filter((key) => key.startsWith(keyOf(''))),
};

const windowInfo = () => ({
  windowWidth: innerWidth, windowHeight: innerHeight - NAV_HEIGHT, screenWidth: innerWidth, screenHeight: innerHeight, statusBarHeight: 0, pixelRatio: devicePixelRatio,
  safeArea: { left: 0, right: innerWidth, top: 0, bottom: innerHeight, width: innerWidth, height: innerHeight },
});
const baseInfo = () => ({ language: 'zh_CN', version: '8.0.50', SDKVersion: '3.8.0', theme: 'light', fontSizeSetting: 16, host: { env: 'WeChat' } });
const deviceInfo = () => ({ platform: 'devtools', system: 'web', brand: 'web', model: 'web' });
const systemInfo = () => ({ ...windowInfo(), ...baseInfo(), ...deviceInfo() });

/** Animations of the old kind are not drawn: components reach their end state at once. */
function stillAnimation(): object {
  const still: object = new Proxy({}, { get: (_, name) => name === 'export' ? () => ({ actions: [] }) : () => still });
  return still;
}

const networkListeners = new Set<(state: object) => void>();
for (const name of ['online', 'offline']) {
  window.addEventListener(name, () => { for (const tell of networkListeners) tell({ isConnected: navigator.onLine, networkType: navigator.onLine ? 'wifi' : 'none' }); });
}

export const device = {
  showToast: call('showToast', ({ title, duration = 1500 }) => showToast(title, duration)),
  hideToast: call('hideToast', hideToast),
  showLoading: call('showLoading', ({ title }) => showToast(title, 0)),
  hideLoading: call('hideLoading', hideToast),
  showModal: call('showModal', (options) => ask(options)),
  showActionSheet: call('showActionSheet', async ({ itemList }) => {
    const tapIndex = await chooseFrom(itemList);
    if (tapIndex < 0) throw new Error('cancel');
    return { tapIndex };
  }),
  setStorageSync: storage.set,
  getStorageSync: storage.get,
  removeStorageSync: storage.remove,
  clearStorageSync: () => { for (const key of storage.keys()) localStorage.removeItem(key); },
  getStorageInfoSync: () => ({ keys: storage.keys().map((key) => key.slice(keyOf('').length)), currentSize: 0, limitSize: 10_240 }),
  setStorage: call('setStorage', ({ key, data }) => storage.set(key, data)),
  removeStorage: call('removeStorage', ({ key }) => storage.remove(key)),

  getSystemInfoSync: systemInfo, getWindowInfo: windowInfo, getDeviceInfo: deviceInfo, getAppBaseInfo: baseInfo,
  getSystemInfo: call('getSystemInfo', systemInfo),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wx00sim00000000001', envVersion: 'develop', version: '' } }),
  getMenuButtonBoundingClientRect: () => ({ width: 87, height: 32, top: 6, bottom: 38, left: innerWidth - 94, right: innerWidth - 7 }),
  getNetworkType: call('getNetworkType', () => ({ networkType: navigator.onLine ? 'wifi' : 'none' })),
  onNetworkStatusChange: (tell: (state: object) => void) => { networkListeners.add(tell); },
  offNetworkStatusChange: (tell: (state: object) => void) => { networkListeners.delete(tell); },
  getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
  canIUse: () => true,
  nextTick: (next: () => void) => requestAnimationFrame(next),
  createSelectorQuery: () => new Query(),
  createIntersectionObserver: (component: any, options: object) => component.createIntersectionObserver(options),
  createAnimation: stillAnimation,
  setClipboardData: call('setClipboardData', async ({ data }) => { await navigator.clipboard?.writeText(data).catch(() => undefined); showToast('内容已复制', 1500); }),
  /** A browser has no camera for codes: what the code holds is typed in. */
  scanCode: call('scanCode', async () => {
    const { confirm, content = '' } = await ask({ title: '扫一扫', editable: true, placeholderText: '真机上会打开相机；这里填写码中的内容' });
    if (!confirm || content === '') throw new Error('cancel');
    return { result: content, scanType: 'QR_CODE', charSet: 'utf-8', path: '' };
  }),
  makePhoneCall: call('makePhoneCall', () => undefined),
  vibrateShort: call('vibrateShort', () => undefined),
  hideKeyboard: call('hideKeyboard', () => (document.activeElement as HTMLElement | null)?.blur()),
  getSetting: call('getSetting', () => ({ authSetting: {}, subscriptionsSetting: { mainSwitch: true } })),
};

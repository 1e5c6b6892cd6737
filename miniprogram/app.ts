import { watchNetwork } from './services/network';
import { watchPrivacy } from './services/privacy';

App({
  onLaunch() {
    watchPrivacy();
    watchNetwork();
  },
  /** An old link, or one mistyped: the front door instead of an empty screen. */
  onPageNotFound() { void wx.switchTab({ url: '/pages/chat/index' }); },
});

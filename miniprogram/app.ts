import { watchPrivacy } from './services/privacy';

App({
  onLaunch() {
    watchPrivacy();
  },
});

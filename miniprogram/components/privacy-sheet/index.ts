import { onPrivacyQuestion, type Resolve } from '../../services/privacy';

let answer: Resolve | null = null;

/** Asks for consent to the privacy terms before the first use of personal data, in plain words. Put one on each page that may need it. */
Component({
  data: { visible: false },
  pageLifetimes: {
    show() { this.listen(); },
  },
  lifetimes: {
    attached() { this.listen(); },
  },
  methods: {
    listen() {
      onPrivacyQuestion((resolve) => {
        answer = resolve;
        resolve({ event: 'exposureAuthorization' });
        this.setData({ visible: true });
      });
    },
    read() { void wx.openPrivacyContract({}); },
    agree() {
      this.setData({ visible: false });
      answer?.({ event: 'agree', buttonId: 'privacy-agree' });
      answer = null;
    },
    refuse() {
      this.setData({ visible: false });
      answer?.({ event: 'disagree' });
      answer = null;
    },
  },
});

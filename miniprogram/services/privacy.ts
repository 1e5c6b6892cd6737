/** WeChat's consent to the privacy terms: asked for at the first use of personal data, by the sheet of whatever page is open. */
type Resolve = (answer: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void;

let show: ((resolve: Resolve) => void) | null = null;

/** The open page's sheet takes the question; without one the call fails as if refused, and may be repeated. */
export function watchPrivacy(): void {
  // The typings give the callback another argument than WeChat does.
  const watch = wx.onNeedPrivacyAuthorization as unknown as ((listener: (resolve: Resolve) => void) => void) | undefined;
  watch?.((resolve) => {
    if (show) show(resolve);
    else resolve({ event: 'disagree' });
  });
}

export const onPrivacyQuestion = (sheet: typeof show): void => { show = sheet; };
export type { Resolve };

import { make, role } from '../dom';
import { ask, over } from '../overlays';
import { keyOf, phone, wechat } from '../phone';
import { call } from './call';

/** Sign-in, phone number, consents and privacy, as the person holding this phone gives them. */

const REFUSED = { errno: 104, message: 'user disagree privacy agreement' };
const agreedKey = keyOf('privacy-agreed');
const hasAgreed = (): boolean => localStorage.getItem(agreedKey) === 'yes';

type Resolve = (answer: { event: 'agree' | 'disagree' | 'exposureAuthorization'; buttonId?: string }) => void;
let onNeed: ((resolve: Resolve) => void) | undefined;
let lastAgreed: string | undefined;

export const onNeedPrivacyAuthorization = (listener: typeof onNeed): void => { onNeed = listener; };

/** The tap on the button `open-type="agreePrivacyAuthorization"`, which alone counts as consent. */
export function agreePrivacy(buttonId: string): void {
  lastAgreed = buttonId;
  localStorage.setItem(agreedKey, 'yes');
}

/** Lets a call on personal data through once the person has agreed to the privacy terms. */
export async function privately(): Promise<void> {
  if (hasAgreed()) return;
  const answer = await new Promise<Parameters<Resolve>[0]>((resolve) => {
    const decide: Resolve = (given) => { if (given.event !== 'exposureAuthorization') resolve(given); };
    if (onNeed) onNeed(decide);
    else resolve({ event: 'disagree' });
  });
  // WeChat believes the tap, not the word.
  if (answer.event !== 'agree' || lastAgreed === undefined) throw REFUSED;
}

export async function givePhoneNumber(): Promise<object> {
  try {
    await privately();
    const { code } = await wechat<{ code: string }>('phone-code');
    return { code, errMsg: 'getPhoneNumber:ok' };
  } catch (error) {
    return { errMsg: `getPhoneNumber:fail ${(error as Error).message}` };
  }
}

/** The sheet that asks for subscribe messages. */
function consentSheet(titles: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const back = over('wxw-low');
    const sheet = make('div', 'wxw-consent');
    role(sheet, 'dialog', '订阅消息');
    sheet.append(make('h2', '', '数转通 申请向您发送以下消息'), ...titles.map((title) => make('p', '', `☑ ${title}`)));
    const row = make('div');
    for (const [text, yes] of [['拒绝', false], ['允许', true]] as const) {
      const button = make('button', yes ? 'yes' : '', text);
      button.addEventListener('click', () => { back.remove(); resolve(yes); });
      row.append(button);
    }
    sheet.append(row);
    back.append(sheet);
  });
}

export const people = {
  login: call('login', () => wechat<{ code: string }>('login-code')),
  checkSession: call('checkSession', () => undefined),
  getPrivacySetting: call('getPrivacySetting', () => ({ needAuthorization: !hasAgreed(), privacyContractName: '《数转通用户隐私保护指引》' })),
  requirePrivacyAuthorize: call('requirePrivacyAuthorize', privately),
  openPrivacyContract: call('openPrivacyContract', () =>
    ask({ title: '《用户隐私保护指引》', content: '在真机上，微信在这里显示小程序后台填写的指引全文。', showCancel: false })),
  onNeedPrivacyAuthorization,
  requestSubscribeMessage: call('requestSubscribeMessage', async ({ tmplIds = [] }) => {
    if (tmplIds.length === 0) throw new Error('20001');
    const known = await fetch(`${phone.simulator}/sim/templates`).then((response) => response.json() as Promise<{ id: string; title: string }[]>);
    const yes = await consentSheet(tmplIds.map((id: string) => known.find((one) => one.id === id)?.title ?? id));
    const answers = Object.fromEntries(tmplIds.map((id: string) => [id, yes ? 'accept' : 'reject']));
    await wechat('consents', { answers });
    return answers;
  }),
};

import { api } from './api';
import { newKey } from './wechat';

/** Template ids to ask for at the next tap. Fetched beforehand: WeChat shows its sheet only straight from a tap, never after waiting. */
export const wantedTemplates = (): Promise<string[]> =>
  api.wantedConsents().then(({ items }) => items.map(({ template }) => template), () => []);

/** Call it first thing in a tap. Ends when the person has answered; a refusal or an old WeChat is as good as an answer. */
export async function askConsents(templates: readonly string[]): Promise<void> {
  if (templates.length === 0) return;
  try {
    const answers = await wx.requestSubscribeMessage({ tmplIds: [...templates] }) as unknown as Record<string, string>;
    const key = newKey();
    const counted = templates.filter((template) => ['accept', 'reject', 'ban'].includes(answers[template] ?? ''));
    await Promise.all(counted.map((template) => api.reportConsent(template, answers[template]!, `${key}-${template}`.slice(0, 128)).catch(() => undefined)));
  } catch {
    // No sheet, no consent: the inbox still tells everything.
  }
}

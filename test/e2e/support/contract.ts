import { aPdf } from '../../../scripts/browser/papers';
import type { PhoneInHand } from '../../../scripts/browser/phone';

/** The form of a contract, whose figures come from the plan: text, one payment, declarations. Answers its number. `yuan`: what the enterprise pays. */
export async function fillInContract(provider: PhoneInHand, yuan: string): Promise<string> {
  await provider.attach('合同文本', await aPdf('改造合同.pdf'));
  await provider.button('＋ 添加付款节点').tap();
  await provider.fill({ 节点: '全款' });
  await provider.page.getByRole('radio', { name: '验收通过后' }).tap();
  await provider.field('金额（元）').last().fill(yuan);
  await provider.choice('不擅自转包').tap();
  await provider.choice('没有向企业收取').tap();
  await provider.submit();
  return provider.receiptNo();
}

/** On the page of the contract: read, agreed, signed. */
export async function sign(phone: PhoneInHand, outcome: RegExp): Promise<void> {
  await phone.button('签订合同').tap();
  await phone.choice('我已通读合同文本并同意签订').tap();
  await phone.button('签订').tap();
  await phone.goThrough('签订合同', '签订', outcome);
}

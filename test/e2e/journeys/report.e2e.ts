import { taker, type Desk } from '../../../scripts/browser/desk';
import type { PhoneInHand } from '../../../scripts/browser/phone';
import { VirtualWechat } from '../../../scripts/browser/virtual-wechat';
import { startWorld, type World } from '../../../scripts/browser/world';
import { residentId } from '../../../scripts/client/codes';
import { pdf } from '../../../scripts/demo/papers';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

const ACCUSED = '豫北工业互联有限公司';
const STORY = '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。';
const NAME = '何真名';
const PHONE = '13800030001';

describe('18: a citizen reports with a true name', () => {
  it('through two handlers and the director, with the provider asked and heard, until the provider is out of the register', async () => {
    const [citizen, accused, first, second, director] = await Promise.all([
      world.phone('citizen'), world.phone('provider2'), world.desk('reviewer'), world.desk('reviewer2'), world.desk('director'),
    ]);
    const wechat = new VirtualWechat(accused.context, world.simulatorUrl, world.personas.phones['provider2']!.openid);
    await wechat.consent();

    const no = await file(citizen);
    const handler = await taker(no, first, second);
    const other = handler === first ? second : first;
    await expectNoIdentity(handler);
    await handler.move('身份核验通过', { typed: { 核验情况: '电话核验，与登记信息一致' } });
    await handler.move('受理举报');
    await handler.move('向服务商核实', {
      typed: { 需要核实的情况: '请对申报材料所列应用案例的真实情况予以说明', 请服务商说明: '请提供合同、验收和付款凭证', 知悉上述情况的大致人数: '40' },
    });

    // The push on the provider's virtual phone says that something is asked, and not what.
    const card = await wechat.newest('核实询问通知');
    expect(card).not.toContain('举报');
    expect(card).not.toContain(no);
    await accused.todo(/情况核实/);
    await accused.text('请对申报材料所列应用案例的真实情况予以说明').waitFor();
    expect(await accused.page.content()).not.toContain(no);
    expect(await accused.page.content()).not.toContain('举报');
    await accused.button('回复核实事项').tap();
    await accused.fill({ 回复: '案例材料由前员工整理，原始合同已遗失，无法提供。' });
    await accused.submit();

    await handler.openCase(no);
    await handler.text('原始合同已遗失').waitFor();
    await handler.move('提出核查意见', {
      chosen: ['属实，存在弄虚作假'],
      typed: { 核查意见: '三家甲方单位书面确认从未签约，案例虚构。', 对举报人的答复: '经核实举报属实，该单位已退出服务商库。', 拟处理意见: '拟认定提供虚假案例，退出服务商库。' },
    });
    await taker(no, other);
    await other.move('同意核查意见', { typed: { 复核意见: '证据充分，同意。' } });
    await other.stands('服务商陈述申辩中');

    await accused.todo(/情况核实，待陈述申辩/);
    await accused.text('拟认定提供虚假案例').waitFor();
    await accused.button('陈述申辩').tap();
    await accused.fill({ 陈述申辩: '承认整理不实，请求从轻处理。' });
    await accused.submit();

    await taker(no, director);
    await director.move('作出处理决定', {
      chosen: ['属实，存在弄虚作假'], typed: { 决定理由: '提供虚假案例属实，退出服务商库。', 对举报人的答复: '经核实举报属实，该单位已退出服务商库，感谢监督。' },
    });
    await director.stands('属实，已处理');

    await citizen.openCase(no);
    await citizen.text('属实，已处理').waitFor();
    await citizen.text('该单位已退出服务商库，感谢监督').waitFor();
    await world.city.until('the provider out of the register', async () => (await world.city.api.get<{ standing: string }>(`/api/v1/providers/${world.city.org('provider2')}`)).standing === 'removed');
    await citizen.open('public/register/index');
    await citizen.page.locator('.card', { hasText: ACCUSED }).filter({ hasText: '已退出' }).filter({ visible: true }).first().waitFor();
    for (const each of [citizen, accused, first, second, director]) await each.endsWell();
  }, 240_000);
});

/** The citizen tells it on the form, finds the receipt and that it is genuine. */
async function file(citizen: PhoneInHand): Promise<string> {
  await citizen.open('pages/home/index');
  await citizen.button('提交实名举报').tap();
  await citizen.text('您的身份会怎样处理').waitFor();
  await citizen.button('我已了解，开始填写').tap();
  await citizen.button('同意并继续').tap();
  await citizen.button('选择被举报服务商').tap();
  await citizen.page.getByRole('option', { name: ACCUSED }).tap();
  await citizen.choice('案例、业绩不实').tap();
  await citizen.fill({ 举报内容: STORY });
  await citizen.attach('佐证材料', { name: '合同.pdf', mimeType: 'application/pdf', buffer: await pdf('Contract') });
  await citizen.button('下一步').tap();
  await citizen.fill({ 真实姓名: NAME, 身份证号: residentId('410702', '19900307', 851), 联系电话: PHONE });
  await citizen.button('下一步').tap();
  await citizen.choice('我对举报内容的真实性负责').tap();
  await citizen.submit('提交举报');
  return citizen.receiptNo();
}

async function expectNoIdentity({ page }: Desk): Promise<void> {
  await page.getByText(STORY).waitFor();
  const shown = await page.content();
  expect(shown).not.toContain(NAME);
  expect(shown).not.toContain(PHONE);
}

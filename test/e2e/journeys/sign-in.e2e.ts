import type { BrowserContext, Locator, Page } from 'playwright-core';
import { creditCode } from '../../../scripts/client/codes';
import { photo } from '../../../scripts/demo/papers';
import { startWorld, type World } from '../../../scripts/browser/world';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

/** Buys a phone, as it were: on the page of virtual phones, as a person would. Answers its openid. */
async function newPhone(context: BrowserContext, nickname: string, number: string): Promise<string> {
  const page = await context.newPage();
  await page.goto(world.simulatorUrl);
  await page.getByLabel('昵称').fill(nickname);
  await page.getByLabel('手机号').fill(number);
  await page.getByRole('button', { name: '添加' }).click();
  await page.locator('.phone[aria-pressed=true]', { hasText: nickname }).waitFor();
  const opener = await page.getByRole('link', { name: '打开小程序' }).getAttribute('href');
  await page.close();
  return opener!.split('/').at(-1)!;
}

const NEWCOMER = '红旗区新锐机械有限公司';

describe('2: who somebody is', () => {
  it('an enterprise that is on no list is claimed with its licence, checked by its county, and takes in a colleague', async () => {
    const county = await world.desk('county');
    const boss = await world.phone(await newPhone(county.context, '新企业主', '13911110001'));
    await boss.open();
    await boss.text('这里是数转通智能助手').waitFor();
    await boss.tab('待办');
    await boss.button(/认领单位/).or(boss.text('是企业或服务商的负责人？')).first().tap();
    await boss.bindNumber(/^绑定的手机号/);
    await boss.choice('试点企业').tap();
    await boss.fill({ 统一社会信用代码: creditCode('410702', 901) });
    await boss.choose('所在县（市、区）', '红旗区');
    await boss.choose('细分行业', '起重装备');
    boss.expected.add(422);
    await boss.button('认领').tap();
    await boss.text('请补充单位名称和营业执照').waitFor();
    await boss.fill({ 单位名称: NEWCOMER });
    await boss.attach('营业执照照片', { name: '营业执照.jpg', mimeType: 'image/jpeg', buffer: await photo() });
    await boss.button('认领').tap();
    await boss.text('已提交，等待核验').waitFor();

    await county.page.goto('/console/claims');
    const card = county.page.getByRole('region', { name: NEWCOMER });
    await card.getByRole('button', { name: /^预览/ }).click();
    await county.page.getByRole('dialog').getByRole('img').waitFor();
    await county.page.keyboard.press('Escape');
    await card.getByRole('button', { name: '核验通过' }).click();
    await county.text('没有待核验的认领').waitFor();

    await boss.open('pages/me/index');
    await boss.page.getByRole('radio', { name: NEWCOMER }).tap();
    await boss.button('单位成员').tap();
    await boss.text('成员（1）').waitFor();
    await boss.fill({ 手机号: '13911110002' });
    await boss.button('发出邀请').tap();
    await boss.text('等待对方接受（1）').waitFor();

    const colleague = await world.phone(await newPhone(county.context, '同事', '13911110002'));
    await colleague.open('pages/me/index');
    await colleague.bindNumber(`${NEWCOMER} 邀请您成为成员`);
    await colleague.button('接受邀请').tap();
    await colleague.page.getByRole('radio', { name: NEWCOMER }).tap();
    await colleague.tab('待办');
    await colleague.text(NEWCOMER).waitFor();
    await colleague.button('申请数字化诊断').waitFor();

    // Removed, the colleague can do nothing for the enterprise from the next tap on.
    await boss.open('mine/members/index');
    await boss.text('成员（2）').waitFor();
    await boss.button('移出139****0002').or(boss.button(/^移出/)).first().tap();
    await boss.dialog('移出成员').getByRole('button', { name: '确定' }).tap();
    await boss.text('成员（1）').waitFor();
    await colleague.open('pages/me/index');
    await colleague.page.getByRole('radio', { name: '个人（公众）' }).waitFor();
    expect(await colleague.page.getByRole('radio', { name: NEWCOMER }).count()).toBe(0);
    for (const each of [boss, colleague, county]) await each.endsWell();
  }, 240_000);
});

describe('the entry page', () => {
  it('leads every phone to its mini-program and every colleague to the desk, several in one browser; no link is dead', async () => {
    const context = await world.browser.newContext({ locale: 'zh-CN' });
    const entry = await context.newPage();
    await entry.goto(world.entryUrl);
    await entry.getByText('单位、人员和数据均为虚构').waitFor();
    await entry.getByRole('timer').filter({ hasText: /还有 \d+ 秒更换/ }).waitFor();
    for (const link of await entry.getByRole('link').all()) {
      const { status } = await fetch(new URL((await link.getAttribute('href'))!.replace(/\/\/\w+\.localhost/, '//localhost'), world.entryUrl));
      expect([await link.getAttribute('href'), status]).toEqual([expect.any(String), 200]);
    }
    for (const persona of Object.keys(world.personas.phones)) {
      const [phone] = await Promise.all([context.waitForEvent('page'), entry.locator(`#phone-${persona}`).getByRole('link', { name: '打开小程序' }).click()]);
      await phone.frameLocator('iframe').getByText('这里是数转通智能助手').waitFor();
      await phone.close();
    }
    const desks: Page[] = [];
    for (const who of ['intake', 'director']) {
      const [desk] = await Promise.all([context.waitForEvent('page'), entry.locator(`#desk-${who}`).getByRole('link').click()]);
      desks.push(desk);
    }
    for (const [index, who] of ['intake', 'director'].entries()) {
      const card = entry.locator(`#desk-${who}`);
      const desk = desks[index]!;
      await desk.getByLabel('登录名').fill(await card.locator('code').nth(0).innerText());
      await desk.getByLabel('密码').fill(await card.locator('code').nth(1).innerText());
      await enter(desk, card.locator('code').nth(2));
    }
    for (const [index, name] of ['周受理', '王局长'].entries()) {
      await desks[index]!.reload();
      await desks[index]!.locator('.who-name', { hasText: name }).waitFor();
    }
    await context.close();
  }, 180_000);
});

/** Types the code the entry page shows; the one of the half minute in which the account was set up is used up already. */
async function enter(desk: Page, shown: Locator): Promise<void> {
  const menu = desk.getByRole('navigation', { name: '主菜单' });
  const used = await shown.innerText();
  for (let code = used; ; code = await shown.innerText()) {
    await desk.getByLabel('动态口令').fill(code);
    await desk.getByRole('button', { name: '登录' }).click();
    await menu.or(desk.getByText('动态口令不正确')).waitFor();
    if (await menu.isVisible()) return;
    if (code !== used) throw new Error('the code shown on the entry page was refused');
    await shown.filter({ hasNotText: used }).waitFor({ timeout: 40_000 });
  }
}

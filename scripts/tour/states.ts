import writeXlsxFile from 'write-excel-file/node';
import { hold } from '../browser/hold';
import { creditCode } from '../client/codes';
import { Phone } from '../client/phone';
import type { Guide } from './guide';
import type { WatchedCity } from './watched-city';

const PHONE_LISTS = ['pages/chat/index', 'pages/home/index', 'pages/cases/index', 'pages/inbox/index', 'pages/me/index', 'public/register/index', 'mine/members/index'];
const DESK_LISTS = ['/queue', '/cases', '/inbox', '/board', '/staff'];
const API = '**/api/v1/**';

/** What a person sees while nothing has come yet, when the server fails, when there is no network, and where they have no right. */
export async function roundOfStates(guide: Guide, someCase: string): Promise<void> {
  await phonesWithout(guide, someCase);
  await desksWithout(guide);
}

async function phonesWithout(guide: Guide, someCase: string): Promise<void> {
  const { page, expected } = await guide.phone('owner');
  const phone = await guide.phone('owner');
  for (const status of [404, 500]) expected.add(status);
  const routes = [...PHONE_LISTS, `pages/case/index?no=${someCase}`, `pages/form/index?procedure=complaint&move=file`];
  const nameOf = (route: string): string => route.split('?')[0]!.replace(/\/index$/, '');
  for (const route of routes) {
    const release = await hold(page, API);
    await phone.open(route);
    await page.waitForTimeout(400);
    await guide.album.take(page, '小程序 · 正在加载', nameOf(route));
    await release();
  }
  await page.route(API, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"INTERNAL","detail":"系统暂时无法处理，请稍后再试"}' }));
  for (const route of routes) await guide.openOnPhone('owner', route, '小程序 · 出错', nameOf(route));
  await page.unroute(API);
  await guide.openOnPhone('owner', 'pages/case/index?no=TS20200101-000000', '小程序 · 无权查看', 'pages/case');
  for (const status of [404, 500]) expected.delete(status);
}

async function desksWithout(guide: Guide): Promise<void> {
  const director = await guide.desk('director');
  for (const at of DESK_LISTS) {
    await director.page.goto('/console/mine');
    await director.page.locator('h1').waitFor();
    const link = director.page.getByRole('navigation', { name: '主菜单' }).locator(`a[href="/console${at}"]`);
    if (!(await link.isVisible())) continue;
    const release = await hold(director.page, API);
    await link.click();
    await director.page.waitForTimeout(400);
    await guide.album.take(director.page, '工作台 · 正在加载', at);
    await release();
    await director.page.goto('/console/mine');
    await director.page.locator('h1').waitFor();
    await director.page.route(API, (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"INTERNAL","detail":"系统暂时无法处理，请稍后再试"}' }));
    await link.click();
    await guide.shoot(director.page, '工作台 · 出错', at);
    await director.page.unroute(API);
  }
  await guide.openAtDesk('reviewer', '/staff', '工作台 · 无权查看', '/staff');
  await guide.openAtDesk('reviewer', '/cases/JB20200101-000000', '工作台 · 无权查看', '/cases/:no');
  await guide.openAtDesk('reviewer', '/no-such-page', '工作台 · 无权查看', '没有这个页面');
}

const LONG_NAME = '河南省新乡经济技术开发区智能制造与工业互联网协同创新发展（集团）股份有限公司';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Names and texts as long as they may be. */
export async function longTexts(city: WatchedCity): Promise<void> {
  const titles = ['统一社会信用代码', '单位名称', '县（市、区）', '细分行业', '联系人', '联系手机'];
  const rows = [titles, [creditCode('410772', 801), LONG_NAME, '新乡经济技术开发区', '高端医疗器械及卫材', '欧阳长名', '13800080001']];
  const sheet = await writeXlsxFile([{ sheet: '名单', data: rows.map((row) => row.map((value) => ({ value, type: String }))) }] as never).toBuffer();
  await (await city.staff('intake')).raw('/api/v1/organisations/pilot-list?kind=provider', sheet, SHEET);
  const boss = await Phone.signIn({ simulatorUrl: city.simulatorUrl, api: city.api, phone: '13800080001', nickname: '欧阳长名' });
  const { org: provider } = await boss.api.post<{ org: string }>('/api/v1/organisations/claims', { uscc: creditCode('410772', 801), kind: 'provider', region: '410772', sector: 'medical' });
  const owner = await city.phone('owner2');
  await city.open(owner.api, 'complaint', {
    provider, matters: ['staff', 'team', 'delay', 'quality', 'charge', 'other'], text: '对方多次推迟上门时间，且没有提前告知。'.repeat(100), wish: '请督促其按约定履行，并书面说明后续安排与负责人。'.repeat(20),
  }, 'a complaint as long as may be');
}

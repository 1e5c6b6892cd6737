import type { Page } from 'playwright-core';
import { DESK_SIZE, type Desk } from '../../../scripts/browser/desk';
import { startWorld, type World } from '../../../scripts/browser/world';
import { enrol } from '../../../scripts/client/staff';
import { residentId } from '../../../scripts/client/codes';
import { photo } from '../../../scripts/demo/papers';
import { findings } from '../axe';

const NARROW = { width: 1024, height: 768 };
const TRUE = { name: '何真名', idNumber: residentId('410702', '19900307', 851), phone: '13800030001' };

let world: World;
const desks: Record<string, Desk> = {};

beforeAll(async () => {
  world = await startWorld();
  const { city, personas } = world;
  // The demo has no auditor: the administrator makes one.
  const admin = await city.staff('admin');
  const made = await admin.post<{ id: string; login: string; code: string }>('/api/v1/staff', {
    login: 'auditor', name: '秦审计', roles: ['auditor'], desks: [], regions: [], skills: { procedures: [], sectors: [] }, capacity: 1,
  });
  const { credentials } = await enrol(city.api, made, 'Auditing-With-Care-9');
  personas.staff['auditor'] = { title: '审计人员', person: made.id, credentials };
}, 180_000);
afterAll(async () => { await world?.stop(); }, 30_000);
afterEach(() => {
  const troubles = Object.values(desks).flatMap((desk) => desk.troubles.splice(0));
  if (troubles.length > 0) throw new Error(`the pages had troubles:\n${troubles.join('\n')}`);
});

/** Everybody signs in once: a dynamic code is good once. */
async function at(who: string, path: string, size = DESK_SIZE): Promise<Page> {
  const known = desks[who];
  const { page } = known ?? (desks[who] = await world.desk(who, path));
  await page.setViewportSize(size);
  if (known) await page.goto(path);
  await page.locator('main h1').first().waitFor();
  return page;
}

const isWider = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
/** Reaches a control with the tab key alone and presses it. */
async function pressByKeyboard(page: Page, name: string | RegExp, key = 'Enter'): Promise<void> {
  const wanted = page.getByRole('button', { name }).first();
  await wanted.waitFor();
  for (let step = 0; step < 80; step += 1) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return page.keyboard.press(key);
    await page.keyboard.press('Tab');
  }
  throw new Error(`${name} cannot be reached by keyboard`);
}

/** A report that both reviewers have held: two named handlers. */
async function reportOfTwo(): Promise<string> {
  const { city } = world;
  const citizen = await city.phone('citizen');
  const evidence = await city.upload(citizen.api, '合同照片.jpg', await photo(), 'image/jpeg');
  const { no } = await city.open(citizen.api, 'report', {
    provider: city.org('provider'), matters: ['cases'], evidence: [evidence], text: '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。',
    ...TRUE, truthful: true, informed: true,
  }, 'report');
  const both = [await city.staff('reviewer'), await city.staff('reviewer2')];
  const claim = (one: (typeof both)[number]): Promise<boolean> => one.post(`/api/v1/queue/${no}/claim`).then(() => true, () => false);
  const first = await city.until('a first handler', async () => { for (const one of both) if (await claim(one)) return one; return undefined; });
  await first.post(`/api/v1/queue/${no}/return`, { reason: 'absence' });
  const other = both.find((one) => one !== first)!;
  await city.until('a second handler', () => claim(other));
  return no;
}

describe('18: the reporter\'s identity', () => {
  it('asked for with a reason, agreed to by the other handler, seen once by the first, and gone from the page; all of it on the case', async () => {
    const no = await reportOfTwo();
    const asker = await at('reviewer', `/console/cases/${no}`, NARROW);
    const panel = asker.getByRole('region', { name: '举报人身份' });
    await panel.getByText('没有人申请查看过').waitFor();
    await pressByKeyboard(asker, '申请查看身份');
    const dialog = asker.getByRole('dialog', { name: '申请查看举报人身份' });
    await dialog.getByLabel('理由').fill('需要');
    await dialog.getByRole('button', { name: '提出申请' }).click();
    await dialog.getByText('请写明查看举报人身份的理由').waitFor();
    expect(await findings(asker)).toEqual([]);
    await dialog.getByLabel('理由').fill('需当面送达书面答复，核对收件人身份');
    await pressByKeyboard(asker, '提出申请');
    await panel.getByText('待另一人批准').waitFor();
    await asker.locator('.timeline').getByText('承办人员申请查看举报人身份').waitFor();
    expect(await panel.getByRole('button', { name: /批准|查看身份$/ }).count()).toBe(1); // only „申请查看身份", and that is off
    expect(await panel.getByRole('button', { name: '申请查看身份' }).isDisabled()).toBe(true);

    // It waits for the other one, who sees so from anywhere.
    const second = await at('reviewer2', '/console/cases', NARROW);
    await second.getByRole('link', { name: /^身份查看.*1 项等您批准/ }).click();
    const request = second.getByRole('region', { name: `${no} 的身份查看申请` });
    await request.getByText('需当面送达书面答复').waitFor();
    await request.getByText('吴审核').waitFor();
    expect(await findings(second)).toEqual([]);
    await pressByKeyboard(second, '批准查看');
    await pressByKeyboard(second, '确认批准');
    await second.getByText('没有等您批准的申请').waitFor();

    // The first one's page learns of it by itself.
    await pressByKeyboard(asker, /^查看身份$/);
    const seen = asker.getByRole('dialog', { name: '举报人身份（保密）' });
    for (const part of Object.values(TRUE)) await seen.getByText(part, { exact: true }).waitFor();
    expect(await findings(asker)).toEqual([]);
    await pressByKeyboard(asker, '看完了，关闭');
    await seen.waitFor({ state: 'detached' });
    await asker.locator('.timeline').getByText('承办人员查看了举报人身份').waitFor();
    const left = `${await asker.content()} ${await asker.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])')}`;
    for (const part of Object.values(TRUE)) expect(left).not.toContain(part);
    await panel.getByText('1 次').waitFor();
    await panel.getByText('郑复核').waitFor();
    expect(await isWider(asker)).toBe(false);

    // Whoever may read the case without having handled it sees that there is an identity, and nothing of the openings.
    const director = await at('director', `/console/cases/${no}`);
    await director.getByText('举报人身份仅本案承办人员可依程序申请查看').waitFor();
    expect(await director.getByRole('button', { name: /查看身份/ }).count()).toBe(0);
    await (await at('director', '/console/identity')).getByText('没有等您批准的申请').waitFor();

    const log = await at('auditor', '/console/audit');
    const lines = log.getByRole('row', { name: /吴审核|郑复核/ });
    await lines.nth(2).waitFor();
    expect(await lines.count()).toBe(3);
    expect(await log.locator('main').innerText()).not.toContain(no);
    await log.getByText('需当面送达书面答复，核对收件人身份').waitFor();
    await (await at('director', '/console/audit')).getByRole('link', { name: no }).first().waitFor();
  }, 240_000);
});

describe('the rulebook', () => {
  it('a change waits for its day, is taken back, and made at once; a case opened before keeps its version', async () => {
    const owner = await world.city.phone('owner');
    const { no } = await world.city.open(owner.api, 'complaint', { provider: world.city.org('provider'), matters: ['staff'], text: '实施人员多次更换，无法解决现场问题', wish: '更换项目经理' }, 'complaint');
    const page = await at('admin', '/console/rulebook');
    await page.getByText('现行第 1 版').waitFor();
    await page.getByLabel('性质').selectOption({ label: '办法规定' });
    await page.getByText('尚未启用').first().waitFor();
    await page.getByLabel('性质').selectOption({ label: '全部' });
    await page.getByLabel('查找', { exact: true }).fill('专家审核方案');
    await page.getByRole('row', { name: /专家审核方案.*10 个工作日.*建议值/ }).waitFor();

    const change = async (value: string): Promise<void> => {
      await pressByKeyboard(page, /^修改\s?专家审核方案/);
      await page.getByLabel('专家审核方案的新值').fill(value);
      await page.getByText('已改 1 项，尚未提交').waitFor();
    };
    const dialog = page.getByRole('dialog', { name: '提交 1 项修改' });
    await change('300');
    // Typed values outlive the page.
    await page.reload();
    await page.getByText('已改 1 项，尚未提交').waitFor();
    await page.getByRole('button', { name: '核对并提交' }).click();
    await dialog.getByLabel('自指定日期起').check();
    await dialog.getByRole('button', { name: '提交为新版本' }).click();
    await dialog.getByText('请选择施行日期').waitFor();
    await dialog.getByText('请写明修改理由').waitFor();
    expect(await findings(page)).toEqual([]);
    await dialog.getByLabel('施行日期').fill(world.city.day(7));
    await dialog.getByLabel('修改理由').fill('专家人手不足，延长审核');
    await dialog.getByRole('button', { name: '提交为新版本' }).click();
    await dialog.getByText('“专家审核方案”应在 5 到 30 个工作日之间').waitFor();
    await dialog.getByRole('button', { name: '返回修改' }).click();
    await page.getByLabel('专家审核方案的新值').fill('15');
    await page.getByRole('button', { name: '核对并提交' }).click();
    await dialog.getByLabel('自指定日期起').check();
    await dialog.getByLabel('施行日期').fill(world.city.day(7));
    await dialog.getByLabel('修改理由').fill('专家人手不足，延长审核');
    await pressByKeyboard(page, '提交为新版本');
    await page.getByText(`第 2 版将自 ${world.city.day(7)} 起施行`).waitFor();
    await page.getByText('现行第 1 版').waitFor();

    await page.getByRole('link', { name: '查看或撤回' }).click();
    const planned = page.getByRole('region', { name: '第 2 版' });
    await planned.getByText('管理员').waitFor();
    await planned.getByRole('row', { name: /专家审核方案.*10 个工作日.*15 个工作日/ }).waitFor();
    await planned.getByRole('button', { name: '撤回待施行的修改' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回', exact: true }).click();
    await page.getByText('请写明撤回理由').waitFor();
    await page.getByLabel('撤回理由').fill('另行研究');
    await page.getByRole('dialog').getByRole('button', { name: '撤回', exact: true }).click();
    await page.getByRole('region', { name: '第 3 版' }).getByText('现行', { exact: true }).waitFor();
    await planned.getByText('由第 3 版取代').waitFor();
    expect(await findings(page)).toEqual([]);

    await page.getByRole('link', { name: '参数', exact: true }).click();
    await page.getByLabel('查找', { exact: true }).fill('专家审核方案');
    await change('12');
    await page.getByRole('button', { name: '核对并提交' }).click();
    await dialog.getByLabel('修改理由').fill('试行较长期限');
    await dialog.getByRole('button', { name: '提交为新版本' }).click();
    await page.getByText('现行第 4 版').waitFor();
    await page.getByRole('row', { name: /专家审核方案.*12 个工作日/ }).waitFor();
    expect(await page.getByRole('region', { name: '待提交的修改' }).count()).toBe(0);

    // Others of the bureau read it, with who and why, and change nothing.
    const reader = await at('director', '/console/rulebook?view=history', NARROW);
    await reader.getByRole('region', { name: '第 4 版' }).getByText('试行较长期限').waitFor();
    expect(await isWider(reader)).toBe(false);
    await reader.getByRole('link', { name: '参数', exact: true }).click();
    await reader.getByRole('row', { name: /专家审核方案/ }).waitFor();
    expect(await reader.getByRole('button', { name: /^修改/ }).count()).toBe(0);
    expect(await isWider(reader)).toBe(false);
    const kept = await at('director', `/console/cases/${no}`);
    await kept.getByRole('link', { name: '规则库第 1 版' }).click();
    await kept.getByRole('region', { name: '第 1 版' }).waitFor();
  }, 180_000);

  it('a year\'s holidays are entered as they are announced', async () => {
    const page = await at('admin', '/console/rulebook?view=calendar&year=2027');
    await page.getByText('国务院办公厅尚未公布该年安排').waitFor();
    await page.getByRole('button', { name: '录入安排' }).click();
    const dialog = page.getByRole('dialog', { name: '2027 年节假日安排' });
    await dialog.getByLabel('放假日').fill('2027-01-01 元旦\n2月5日至11日 春节');
    await dialog.getByLabel('调休上班日').fill('2027-02-22 春节');
    await dialog.getByRole('button', { name: '保存安排' }).click();
    await dialog.getByText('第 2 行看不明白').waitFor();
    expect(await findings(page)).toEqual([]);
    await dialog.getByLabel('放假日').fill('2027-01-01 元旦\n2027-02-05 至 2027-02-11 春节');
    await dialog.getByRole('button', { name: '保存安排' }).click();
    await dialog.getByText('调休上班日 2027-02-22 应为周六或周日').waitFor();
    await dialog.getByLabel('调休上班日').fill('2027-02-20 春节');
    await dialog.getByRole('button', { name: '保存安排' }).click();
    await page.getByRole('row', { name: /2027-02-05 周五 至 2027-02-11 周四\s+春节\s+7/ }).waitFor();
    await page.getByText('本局录入').waitFor();
  }, 90_000);
});

describe('register, notices and batches', () => {
  it('a batch is published from its page, is a notice for everybody, and shows what lies in it', async () => {
    const page = await at('director', '/console/batches');
    await page.getByText('还没有验收批次').waitFor();
    await page.getByRole('button', { name: '发布验收通知' }).click();
    const form = page.getByRole('form', { name: '发布验收通知' });
    await form.getByLabel('批次名称').fill('2026年第一批改造项目验收');
    await form.getByLabel('验收通知').fill('请已完成交付的试点企业在申请期内提交验收申报材料，逾期顺延至下一批次。');
    for (const group of ['申报材料', '验收条件']) await form.getByRole('group', { name: group }).getByRole('checkbox').first().check();
    await form.getByRole('button', { name: '发布验收通知' }).click();
    await page.getByRole('button', { name: '确认提交' }).click();
    await page.locator('.case-head', { hasText: '验收批次' }).waitFor();
    const batches = await at('director', '/console/batches', NARROW);
    const batch = batches.getByRole('region', { name: '2026年第一批改造项目验收' });
    await batch.getByText('还没有验收申请').waitFor();
    expect(await batch.getByRole('button', { name: '查看申请' }).count()).toBe(0);
    await batch.getByRole('link', { name: '截止申请' }).waitFor();

    await world.city.until('the notice', async () => (await world.city.api.get<{ items: unknown[] }>('/api/v1/notices')).items.length > 0);
    const notices = await at('director', '/console/notices');
    await notices.getByRole('region', { name: /验收通知：2026年第一批改造项目验收/ }).getByText('请已完成交付的试点企业').waitFor();
    await notices.getByLabel('类别').selectOption({ label: '入库和退出' });
    await notices.getByText('没有公告').waitFor();
  }, 120_000);

  it('a provider is found by a part of its name, with the history of its standing', async () => {
    const page = await at('director', '/console/providers');
    await page.getByRole('link', { name: '豫北工业互联有限公司' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('中原');
    await page.getByRole('link', { name: '豫北工业互联有限公司' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: '中原数智科技有限公司' }).waitFor();
    await page.getByLabel('名称').blur();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '中原数智科技有限公司' }).waitFor();
    await page.getByRole('row', { name: /在库.*名单导入，无案件/ }).waitFor();
    await page.goBack();
    await page.getByLabel('资格').selectOption({ label: '已退出' });
    await page.getByText('没有符合条件的服务商').waitFor();
    await page.goto('/console/providers/nobody');
    await page.getByText('服务商库中没有这家单位').waitFor();
  }, 90_000);
});

describe('the audit', () => {
  it('holds every case against its chain, and one by its number; receipts are checked beside the case', async () => {
    const { city } = world;
    const owner = await city.phone('owner2');
    const { no, head } = await city.open(owner.api, 'complaint', { provider: city.org('provider'), matters: ['delay'], text: '响应迟缓，多次联系没有人处理', wish: '尽快安排人员' }, 'complaint');
    const page = await at('auditor', '/console/audit', NARROW);
    await pressByKeyboard(page, '校验全部案件');
    await page.getByText(/\d+ 件案件、\d+ 条记录全部完整/).waitFor();
    await page.getByLabel('案件编号', { exact: true }).fill(no.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByText('记录完整，共 1 条').waitFor();
    await page.getByLabel('案件编号', { exact: true }).fill('TS20260101-AAAAAA');
    await page.keyboard.press('Enter');
    await page.locator('.fault').waitFor();

    const beside = await at('director', `/console/cases/${no}`);
    const chain = beside.getByRole('region', { name: '依据与留痕' });
    await chain.getByText('记录完整').waitFor();
    await chain.getByText('核对当事人的回执').click();
    // As a reader at the desk types what the code on a phone holds.
    await chain.getByLabel('回执校验码').fill(`https://szt.example.gov.cn/api/v1/receipts/${no}/${head}`);
    await beside.keyboard.press('Enter');
    await chain.getByText('回执属实：本案第 1 条').waitFor();
    await chain.getByLabel('回执校验码').fill('0'.repeat(64));
    await beside.keyboard.press('Enter');
    await chain.getByText('回执与本案记录不符').waitFor();
    expect(await findings(beside)).toEqual([]);
  }, 120_000);

  it('is not for a reviewer', async () => {
    const page = await at('reviewer', '/console/cases');
    await page.goto('/console/audit');
    await page.getByText('没有权限', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: '审计' }).count()).toBe(0);
  }, 60_000);
});

describe('every page of oversight', () => {
  const PAGES = ['/identity', '/batches', '/providers', '/notices', '/rulebook', '/rulebook?view=history', '/rulebook?view=calendar', '/audit'];
  it.each([['admin', DESK_SIZE], ['admin', NARROW], ['director', DESK_SIZE], ['director', NARROW], ['auditor', NARROW]])('has no serious finding of axe and nothing wider than the window: %s at %o', async (who, size) => {
    for (const path of PAGES) {
      const page = await at(who, `/console${path}`, size);
      await page.locator('main .card, main .state').first().waitFor();
      await page.locator('main .t-loading').first().waitFor({ state: 'detached' });
      expect([path, await findings(page), await isWider(page)]).toEqual([path, [], false]);
    }
  }, 120_000);
});

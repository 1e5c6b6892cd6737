import { readSheet } from 'read-excel-file/node';
import type { Download } from 'playwright-core';
import { taker, type Desk } from '../../../scripts/browser/desk';
import { startWorld, type World } from '../../../scripts/browser/world';
import { residentId } from '../../../scripts/client/codes';
import { pdf, photo } from '../../../scripts/demo/papers';
import { contractStory, diagnosisStory, planStory, signInStory } from '../../../scripts/demo/stories';
import { findings } from '../axe';

let world: World;
const open: Desk[] = [];

beforeAll(async () => { world = await startWorld(); }, 180_000);
afterAll(async () => { await world?.stop(); }, 30_000);
afterEach(async () => {
  const troubles = open.flatMap((one) => one.troubles);
  await Promise.all(open.splice(0).map(({ context }) => context.close()));
  if (troubles.length > 0) throw new Error(`the pages had troubles:\n${troubles.join('\n')}`);
});

async function desk(who: string, at?: string): Promise<Desk> {
  const made = await world.desk();
  open.push(made);
  await made.signIn(who, at);
  return made;
}

async function fileReport(): Promise<string> {
  const citizen = await world.city.phone('citizen');
  const evidence = [await world.city.upload(citizen.api, '合同照片.jpg', await photo(), 'image/jpeg'), await world.city.upload(citizen.api, '说明.pdf', await pdf('Statement'), 'application/pdf')];
  const { no } = await world.city.open(citizen.api, 'report', {
    provider: world.city.org('provider2'), matters: ['cases'], evidence, text: '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。',
    name: '何真名', idNumber: residentId('410702', '19900307', 851), phone: '13800030001', truthful: true, informed: true,
  }, 'report');
  return no;
}

async function fileComplaint(): Promise<string> {
  const owner = await world.city.phone('owner');
  const { no } = await world.city.open(owner.api, 'complaint', { provider: world.city.org('provider'), matters: ['delay'], text: '约定的上线日期已过两周，多次催促没有答复。', wish: '尽快安排人员' }, 'complaint');
  return no;
}

const rowsOf = async (download: Download): Promise<string[][]> => (await readSheet(await download.path())).map((row) => row.map((cell) => String(cell ?? '')));

describe('two reviewers and two tabs', () => {
  it('18: what is decided in one tab shows in the other at once, what was typed there stays; the colleague cannot have the case', async () => {
    const first = await desk('reviewer');
    const second = await desk('reviewer2');
    const no = await fileReport();
    const mine = await taker(no, first, second);
    const other = mine === first ? second : first;
    const { page } = mine;

    const tab = await mine.context.newPage();
    await tab.goto(`/console/cases/${no}`);
    await tab.getByRole('button', { name: /^未能核验身份/ }).click();
    const typed = '电话多次无人接听，短信未回复';
    await tab.getByRole('form', { name: '未能核验身份' }).getByLabel('核验情况').fill(typed);

    await page.getByRole('button', { name: /^身份核验通过/ }).click();
    const form = page.getByRole('form', { name: '身份核验通过' });
    await form.getByLabel('核验情况').fill('短');
    await form.getByRole('button', { name: '身份核验通过' }).click();
    await form.locator('.fault', { hasText: '至少 5 个字' }).waitFor();
    expect(await form.getByLabel('核验情况').inputValue()).toBe('短');
    await form.getByLabel('核验情况').fill('电话核验，与登记信息一致');
    await form.getByRole('button', { name: '身份核验通过' }).click();
    await page.locator('.timeline').getByText('身份核验通过').waitFor();

    // Nobody touches the second tab.
    await tab.getByText('本案已在别处办理，现为“待受理”').waitFor();
    await tab.locator('.case-head').getByText('待受理').waitFor();
    await tab.locator('.timeline').getByText('身份核验通过').waitFor();
    expect(await tab.getByLabel('核验情况').inputValue()).toBe(typed);
    expect(await tab.getByRole('form', { name: '未能核验身份' }).getByRole('button', { name: '未能核验身份' }).count()).toBe(0);
    expect(await findings(tab)).toEqual([]);

    await other.page.goto(`/console/cases/${no}`);
    await other.page.getByText('没有找到这个案件').waitFor();

    // What every case has stands apart from the steps of this one.
    expect(await page.getByRole('group', { name: '其他操作' }).getByRole('button').allInnerTexts()).toEqual(['中止计时', '回避本案', '退回队列']);
    // Stopping the clock, starting it again, and stepping aside: each with its reason, each told on the case.
    await page.getByRole('button', { name: /^中止计时/ }).click();
    const pause = page.getByRole('form', { name: '中止计时' });
    await pause.getByLabel('等待当事人补充材料').check();
    await pause.getByRole('button', { name: '中止计时' }).click();
    await page.locator('.case-sub').getByText('已中止计时').waitFor();
    await tab.locator('.case-sub').getByText('等待当事人补充材料').waitFor();
    await page.getByRole('button', { name: /^恢复计时/ }).click();
    await page.getByRole('form', { name: '恢复计时' }).getByRole('button', { name: '恢复计时' }).click();
    await page.locator('.case-sub').getByText('已中止计时').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^回避本案/ }).click();
    const recuse = page.getByRole('form', { name: '回避本案' });
    await recuse.getByLabel('回避原因').fill('与被举报单位负责人系亲属');
    await recuse.getByRole('button', { name: '回避本案' }).click();
    await page.getByRole('dialog').getByText('提交后您不能再查看和办理本案').waitFor();
    await page.getByRole('button', { name: '确认提交' }).click();
    await page.getByRole('heading', { name: '我的队列' }).waitFor();
    // The case is no longer the first reviewer's to read, in no tab; it goes to the colleague.
    await tab.getByRole('heading', { name: '我的队列' }).waitFor();
    await other.page.goto('/console/queue');
    await other.page.getByRole('row', { name: no }).first().waitFor();
  });

  it('evidence is looked at inside the page: a picture as it is, a PDF drawn in a frame without an origin', async () => {
    const first = await desk('reviewer');
    const second = await desk('reviewer2');
    const mine = await taker(await fileReport(), first, second);
    const { page } = mine;
    const looks = page.getByRole('button', { name: /^预览/ });
    await looks.nth(1).waitFor();
    await looks.first().click();
    await page.getByRole('dialog').getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    await looks.nth(1).click();
    await page.getByRole('dialog').getByText('共 1 页').waitFor();
    const frame = page.frames().find((one) => one.url().endsWith('/console/preview.html'))!;
    await frame.getByRole('img', { name: '第 1 页，共 1 页' }).waitFor();
    const dark = await frame.evaluate(`(() => { const c = document.querySelector('canvas'); const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0; for (let i = 0; i < d.length; i += 4) if (d[i] < 100) n += 1; return n; })()`);
    expect(dark).toBeGreaterThan(200); // letters were drawn
    expect(await frame.evaluate('self.origin')).toBe('null');
    expect(mine.troubles).toEqual([]);
    expect(await frame.evaluate(`fetch('/api/v1/me').then(() => 'reached', () => 'blocked')`)).toBe('blocked');
    mine.troubles.length = 0; // the browser's own word on that attempt
    expect(await findings(page)).toEqual([]);
  });
});

describe('lists', () => {
  it('are searched by name, narrowed by desk, and exported as they stand; who took them is on record', async () => {
    const no = await fileComplaint();
    const { page } = await desk('supervisor', '/console/cases');
    await page.getByLabel('单位名称或案件编号').fill(no);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByRole('row', { name: no }).waitFor();
    await page.locator('.more', { hasText: '共 1 件' }).waitFor();
    await page.getByLabel('单位名称或案件编号').fill('没有这样的单位');
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByText('没有符合条件的案件').waitFor();
    await page.getByLabel('单位名称或案件编号').fill('');
    await page.getByLabel('队列', { exact: true }).selectOption('intake');
    await page.getByRole('row', { name: no }).waitFor();
    await page.getByLabel('只看超期').check();
    await page.getByText('没有符合条件的案件').waitFor();
    await page.getByLabel('只看超期').uncheck();
    await page.getByRole('row', { name: no }).waitFor();
    expect(await findings(page)).toEqual([]);

    await page.getByRole('button', { name: '导出清单' }).click();
    const dialog = page.getByRole('dialog', { name: '导出案件清单' });
    await dialog.getByRole('button', { name: '导出' }).click();
    await dialog.getByText('请写明用途').waitFor();
    await dialog.getByLabel('用途').fill('月度督办通报');
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: '导出' }).click()]);
    expect(download.suggestedFilename()).toBe('案件清单.xlsx');
    const rows = await rowsOf(download);
    expect(rows[1]![0]).toContain('用途：月度督办通报');
    expect(rows.slice(3).map(([first]) => first)).toContain(no);

    await page.getByRole('link', { name: no }).first().click();
    await page.getByRole('button', { name: '导出本案（Word）' }).click();
    await page.getByRole('dialog').getByLabel('用途').fill('会议材料附件');
    const [paper] = await Promise.all([page.waitForEvent('download'), page.getByRole('dialog').getByRole('button', { name: '导出' }).click()]);
    expect(paper.suggestedFilename()).toBe(`企业投诉-${no}.docx`);

    await page.getByRole('link', { name: '导出记录' }).click();
    await page.getByRole('row', { name: /月度督办通报/ }).waitFor();
    await page.getByRole('row', { name: /会议材料附件/ }).getByRole('link', { name: no }).waitFor();
    expect(await findings(page)).toEqual([]);
  });

  it('the board names people and leads to the desk\'s list', async () => {
    const no = await fileComplaint();
    const { page } = await desk('director', '/console/board');
    await page.getByRole('row', { name: /吴审核/ }).waitFor();
    await page.getByRole('link', { name: '受理', exact: true }).click();
    await page.getByRole('row', { name: no }).waitFor();
  });
});

describe('statistics', () => {
  it('charts with tables beside them, for who may see them; a report is told in a band', async () => {
    await fileComplaint();
    const { page } = await desk('supervisor', '/console/statistics');
    await page.getByText('统计范围：全市案件').waitFor();
    await page.locator('.chart canvas').first().waitFor();
    const overview = page.getByRole('region', { name: '各事项' });
    expect(Number(await overview.getByRole('row', { name: /企业投诉/ }).getByRole('cell').first().innerText())).toBeGreaterThan(0);
    await overview.getByRole('row', { name: '实名举报 0–4 0–4 0–4 0–4 —' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await overview.getByRole('button', { name: /复制表格/ }).click();
    await page.getByText('表格已复制').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('事项\t新收\t在办');
    await page.getByLabel('按事项细看').selectOption('complaint');
    await page.getByRole('region', { name: '企业投诉：现处状态' }).waitFor();
    await page.getByLabel('年度').selectOption({ index: 1 });
    await page.waitForURL(/year=/);

    const expert = await desk('expert1', '/console/statistics');
    await expert.page.getByText('没有权限', { exact: true }).waitFor();
    expect(await expert.page.getByRole('link', { name: '统计分析' }).count()).toBe(0);
  });
});

/** A delivered project that has applied for acceptance, at the agency's desk. */
async function underInspection(): Promise<string> {
  const { city } = world;
  await signInStory(city);
  const contract = await contractStory(city, await planStory(city, await diagnosisStory(city)));
  const owner = await city.phone('owner');
  const { no: batch } = await city.open(await city.staff('reviewer'), 'batch', {
    title: '改造项目验收批次', notice: '请已完成交付的试点企业在申请期内提交验收申报材料，逾期顺延至下一批次。', workingDays: 10, documents: ['summary'], conditions: ['goodStanding', 'grade'],
  }, 'batch');
  const summary = [await city.upload(owner.api, '总结.pdf', await pdf('Summary'), 'application/pdf')];
  const { no } = await city.open(owner.api, 'acceptance', { contract, batch, truthful: true, summary }, 'applied');
  await city.act(await city.take(no, 'reviewer', 'reviewer2'), no, 'accept', { complete: true }, 'accepted');
  return no;
}

describe('12.4: the agency on site', () => {
  it('fills in the metrics beside what was before and what was promised; the grade is the questionnaire\'s; a slow upload can be cancelled', async () => {
    const no = await underInspection();
    const { page, context } = await desk('agency', '/console/todo');
    // Two lists of the menu, of one page: what waits for the agency, and all it may read.
    await page.getByRole('row', { name: no }).waitFor();
    await page.getByRole('link', { name: '案件查询' }).click();
    await page.getByRole('heading', { name: '案件查询' }).waitFor();
    await page.getByRole('row', { name: /YP\d+/ }).waitFor();
    await page.getByRole('link', { name: '待我办理' }).click();
    await page.getByRole('row', { name: /YP\d+/ }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: no }).click();
    // The agency reads neither the contract nor the plan: their numbers stand there, and lead nowhere.
    await page.getByRole('region', { name: '相关案件' }).getByText(/HT\d+/).waitFor();
    expect(await page.getByRole('link', { name: /HT\d+/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^提交查验意见/ }).click();
    const form = page.getByRole('form', { name: '提交查验意见' });
    await form.locator('.ask > summary').click();
    // 一级 before, and what the diagnosis asked for: the agency compares, it does not look for it elsewhere.
    await form.locator('.ask tbody tr', { hasText: '列入方案' }).first().waitFor();
    expect(await form.locator('.ask tbody td:nth-child(2)').allInnerTexts()).toEqual(Array(16).fill('一级'));
    for (const select of await form.locator('.ask select').all()) await select.selectOption('2');
    await form.getByText(/还有 15 项未填/).waitFor();
    for (const question of await form.locator('.ask fieldset').all()) await question.locator('input').nth(2).check();
    await form.locator('.ask-score').getByText('二级（规范级）').waitFor();
    expect(await form.locator('[data-path=gradeAfter] input:checked').getAttribute('value')).toBe('2');
    expect(await findings(page)).toEqual([]);

    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 20, downloadThroughput: 10_000_000, uploadThroughput: 150_000 });
    const picker = form.locator('[data-path=photos] input[type=file]');
    await picker.setInputFiles({ name: '大图.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(6_000_000, 65) });
    await form.locator('.uploading').getByText(/^[1-9]\d?%$/).waitFor();
    await form.getByRole('button', { name: '取消上传' }).click();
    await form.getByText('已取消上传').waitFor();
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await picker.setInputFiles({ name: '现场.pdf', mimeType: 'application/pdf', buffer: await pdf('On site') });
    await form.locator('.files').getByText('现场.pdf').first().waitFor();

    await form.getByLabel('本机构与企业、服务商及本项目没有利害关系').check();
    await form.getByLabel('现场查验日期').fill(world.city.day());
    for (const option of await form.locator('[data-path=onSite] input').all()) await option.check();
    await form.getByLabel('通过验收', { exact: true }).check();
    for (const name of [/在拟改造企业名单内/, /达到目标等级/]) await form.locator('[data-path=conditions]').getByLabel(name).check();
    await form.getByLabel('查验意见').fill('现场查验系统运行、台账和人员操作，逐项核对合同内容。');
    await form.getByRole('button', { name: '提交查验意见' }).click();
    await page.getByRole('button', { name: '确认提交' }).click();
    await page.locator('.case-head').getByText('待确认验收结果').waitFor();
  }, 240_000);
});

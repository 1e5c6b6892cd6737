import writeXlsxFile from 'write-excel-file/node';
import { codeOf, type Desk } from '../../../scripts/browser/desk';
import { startWorld, type World } from '../../../scripts/browser/world';
import { creditCode, residentId } from '../../../scripts/client/codes';
import { Phone } from '../../../scripts/client/phone';
import { photo } from '../../../scripts/demo/papers';
import { csrfOf } from '../../../src/register/tokens';
import { findings } from '../axe';

let world: World;
const open: Desk[] = [];

beforeAll(async () => { world = await startWorld(); }, 120_000);
afterAll(async () => { await world?.stop(); }, 30_000);
afterEach(async () => {
  const troubles = open.flatMap((one) => one.troubles);
  await Promise.all(open.splice(0).map(({ context }) => context.close()));
  if (troubles.length > 0) throw new Error(`the pages had troubles:\n${troubles.join('\n')}`);
});

async function desk(who?: string, at?: string, size?: { width: number; height: number }): Promise<Desk> {
  const made = await world.desk(undefined, undefined, size);
  open.push(made);
  if (who) await made.signIn(who, at);
  return made;
}

/** A citizen reports the provider under true name, from the phone. */
async function fileReport(): Promise<string> {
  const citizen = await world.city.phone('citizen');
  const evidence = await world.city.upload(citizen.api, '合同照片.jpg', await photo(), 'image/jpeg');
  const { no } = await world.city.open(citizen.api, 'report', {
    provider: world.city.org('provider'), matters: ['cases'], evidence: [evidence], text: '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。',
    name: '何真名', idNumber: residentId('410702', '19900307', 851), phone: '13800030001', truthful: true, informed: true,
  }, 'report');
  return no;
}

describe('the page itself', () => {
  it('allows no script but its own files, keeps assets for ever and the page never', async () => {
    const page = await fetch(`${world.url}/console/cases/JB20261122-000000`);
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const [, asset] = /src="(\/console\/assets\/[^"]+\.js)"/.exec(await page.text())!;
    const script = await fetch(world.url + asset, { headers: { 'accept-encoding': 'br' } });
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-encoding')).toBe('br');
    expect((await fetch(world.url + asset, { headers: { 'if-none-match': script.headers.get('etag')!, 'cache-control': 'max-age=0' } })).status).toBe(304);
    expect((await fetch(`${world.url}/console/assets/none.js`)).status).toBe(404);
  });
});

describe('signing in', () => {
  it('refuses a wrong password with one sentence, goes on to the page asked for, and forgets everything on leaving', async () => {
    const newcomer = await desk();
    const { page } = newcomer;
    await page.goto('/console/inbox');
    await page.getByLabel('登录名').fill('intake');
    await page.getByLabel('密码').fill('wrong password');
    await page.getByLabel('动态口令').fill('000000');
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByText('账号、密码或动态口令不正确').waitFor();
    await newcomer.enter('intake');
    await page.getByRole('heading', { name: '消息' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: '消息' }).waitFor();
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByRole('heading', { name: '工作人员登录' }).waitFor();
    await page.goto('/console/inbox');
    await page.getByRole('heading', { name: '工作人员登录' }).waitFor();
  }, 90_000);

  it('a token that ran out is renewed without a word, after a reload too', async () => {
    const { page, context } = await desk('county', '/console/mine');
    // As if fifteen minutes had passed: an access token the server no longer knows, with the value that belongs to it.
    const value = 'an-access-token-that-has-run-out';
    const [cookie] = (await context.cookies()).filter(({ name }) => name === 'szt_access');
    await context.addCookies([{ ...cookie!, value }]);
    await page.evaluate(`localStorage.setItem('szt-csrf', '${csrfOf(value)}')`);
    await page.reload();
    await page.getByRole('heading', { name: '值班与请假' }).waitFor();
    await page.getByLabel('离岗（不再派单）').check();
    await page.getByRole('button', { name: '保存' }).click();
    await page.getByText('已保存').waitFor();
  }, 90_000);

  it('a new colleague: entered by the administrator, code shown once, enrols and sits at the desk', async () => {
    const admin = await desk('admin', '/console/staff');
    await admin.page.getByRole('button', { name: '新增人员' }).click();
    const dialog = admin.page.getByRole('dialog');
    await dialog.getByRole('button', { name: '新增并生成启用码' }).click();
    await dialog.locator('.fault', { hasText: '请填写' }).first().waitFor();
    await dialog.getByLabel('登录名').fill('newcomer');
    await dialog.getByLabel('姓名').fill('新来的');
    await dialog.getByRole('group', { name: '角色' }).getByLabel('受理').check();
    expect(await dialog.getByRole('group', { name: '队列' }).getByLabel('受理').isChecked()).toBe(true);
    await dialog.getByRole('button', { name: '新增并生成启用码' }).click();
    await admin.page.getByRole('heading', { name: '启用码（只显示这一次）' }).waitFor();
    const code = await admin.page.locator('dialog .secret').innerText();
    await admin.page.getByRole('button', { name: '已交给本人' }).click();
    expect(await admin.page.content()).not.toContain(code);

    const { page } = await desk();
    await page.goto('/console/enrol');
    await page.getByLabel('登录名').fill('newcomer');
    await page.getByRole('textbox', { name: '启用码' }).fill(code);
    await page.getByRole('button', { name: '下一步' }).click();
    const secret = (await page.locator('.secret').innerText()).replaceAll(/\s/g, '');
    await page.locator('.totp-code svg').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByLabel('设置密码').fill('short');
    await page.getByLabel('再次填写密码').fill('short');
    await page.getByLabel('动态口令').fill(await codeOf(secret));
    await page.getByRole('button', { name: '启用账户并登录' }).click();
    await page.getByText('密码至少 12 个字符').waitFor();
    await page.getByLabel('设置密码').fill('Rather-Long-9-Words');
    await page.getByLabel('再次填写密码').fill('Rather-Long-9-Words');
    await page.getByRole('button', { name: '启用账户并登录' }).click();
    await page.getByRole('heading', { name: '我的队列' }).waitFor();
  }, 120_000);
});

describe('18: a report at the reviewers\' desk', () => {
  it('appears by itself, is claimed by key, decided with faults at their fields, and survives reload and an ended session', async () => {
    const first = await desk('reviewer');
    const second = await desk('reviewer2');
    await Promise.all([first, second].map(({ page }) => page.getByText('实时', { exact: true }).waitFor()));
    const no = await fileReport();
    // Offered to one of the two, seen without anybody touching the page.
    const seen = await Promise.any([first, second].map(async (one) => {
      await one.page.getByRole('row', { name: no }).waitFor({ timeout: 5000 });
      return one;
    }));
    const { page, context } = seen;
    expect(await findings(page)).toEqual([]);
    await page.locator('tr', { hasText: no }).click();
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: '实名举报' }).waitFor();
    expect(await page.locator('main').innerText()).not.toContain('何真名');
    await page.getByText('所附合同的甲方单位从未与其签约').waitFor();
    await page.getByRole('button', { name: /^预览/ }).click();
    await page.getByRole('dialog').getByRole('img').waitFor();
    await page.keyboard.press('Escape');

    await page.keyboard.press('1');
    const form = page.getByRole('form', { name: '身份核验通过' });
    await form.getByLabel('核验情况').fill('短');
    await form.getByRole('button', { name: '身份核验通过' }).click();
    await form.locator('.fault', { hasText: '核验情况至少 5 个字' }).waitFor();
    expect(await findings(page)).toEqual([]);
    await form.getByLabel('核验情况').fill('电话核验，与登记信息一致');
    await world.city.until('the kept draft', () => page.evaluate(`JSON.stringify(sessionStorage).includes('电话核验，与登记信息一致')`) as Promise<boolean>);
    await page.reload();
    await form.getByText('已恢复上次未提交的内容').waitFor();

    // The session ends under the typed text. The page's own look may find that out before the press does.
    await context.clearCookies();
    const submit = form.getByRole('button', { name: '身份核验通过' });
    const again = page.getByRole('dialog', { name: '登录已过期' });
    const isPressed = await submit.click({ timeout: 5_000 }).then(() => true, () => false);
    await again.waitFor();
    const who = seen === first ? 'reviewer' : 'reviewer2';
    const { password, totpSecret } = world.personas.staff[who]!.credentials;
    await again.getByLabel('密码').fill(password);
    await again.getByLabel('动态口令').fill(await codeOf(totpSecret));
    await again.getByRole('button', { name: '继续', exact: true }).click();
    await again.waitFor({ state: 'detached' });
    if (!isPressed) await submit.click();
    await page.locator('.timeline').getByText('身份核验通过').waitFor();
    const { timeline } = await world.city.read(await world.city.staff('director'), no).catch(() => ({ timeline: null }));
    if (timeline) expect(timeline.filter((entry: { title: string }) => entry.title === '身份核验通过')).toHaveLength(1);
  }, 150_000);

  it('a case of no concern is not there, and a page of no right says so', async () => {
    const no = await fileReport();
    const { page } = await desk('county', `/console/cases/${no}`);
    await page.getByText('没有找到这个案件').waitFor();
    await page.goto('/console/board');
    await page.getByText('没有权限', { exact: true }).waitFor();
    expect(await findings(page)).toEqual([]);
  }, 90_000);
});

describe('the supervisor', () => {
  it('sees load and gives a task to somebody else, who has it at once', async () => {
    const no = await fileReport();
    const { page } = await desk('supervisor');
    await page.getByRole('heading', { name: '督办看板' }).waitFor();
    const person = page.getByRole('row', { name: /郑复核/ });
    await person.waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: '改派任务' }).click();
    const dialog = page.getByRole('dialog', { name: '改派任务' });
    await dialog.getByLabel('案件编号').fill(no);
    await world.city.until('the case in a queue', async () => {
      await dialog.getByRole('button', { name: '查找' }).click();
      return dialog.getByText('举报核查', { exact: true }).isVisible();
    });
    const choices = dialog.getByRole('radio');
    await choices.first().check();
    const name = (await dialog.locator('.option', { has: page.locator(':checked') }).innerText()).trim().split(/\s/)[0]!;
    await dialog.getByRole('button', { name: '改派', exact: true }).click();
    await dialog.getByText('请填写改派原因').waitFor();
    await dialog.getByLabel('改派原因').fill('原承办人另有任务');
    await dialog.getByRole('button', { name: '改派', exact: true }).click();
    await page.getByText(`${no} 已改派给${name}`).waitFor();
    const who = Object.keys(world.personas.staff).find((key) => key === (name === '吴审核' ? 'reviewer' : 'reviewer2'))!;
    const queue = await (await world.city.staff(who)).get('/api/v1/queue');
    expect(queue.mine.map((line: { no: string }) => line.no)).toContain(no);
  }, 120_000);
});

describe('lists and claims', () => {
  it('imports what is right and tells what is wrong by row', async () => {
    const rows = [['统一社会信用代码', '单位名称', '县（市、区）', '细分行业', '联系人', '联系手机'],
      [creditCode('410702', 901), '新乡市甲厂', '红旗区', '起重装备', '张三', '13800990001'],
      ['123', '新乡市乙厂', '红旗区', '起重装备', '李四', '13800990002']];
    const sheet = await writeXlsxFile([{ sheet: '名单', data: rows.map((row) => row.map((value) => ({ value, type: String }))) }] as never).toBuffer();
    const { page } = await desk('intake', '/console/lists');
    await page.locator('#list-file').setInputFiles({ name: '名单.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByText('请选择 xlsx 表格').waitFor();
    await page.locator('#list-file').setInputFiles({ name: '名单.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: sheet });
    await page.getByRole('button', { name: '导入' }).click();
    await page.getByText(/新增 1 家.*1 行有误/).waitFor();
    await page.getByRole('row', { name: /第 3 行/ }).first().waitFor();
    expect(await findings(page)).toEqual([]);
  }, 90_000);

  it('the county approves a claim by its licence', async () => {
    const stranger = await Phone.signIn({ simulatorUrl: world.city.simulatorUrl, api: world.city.api, phone: '13900001234', nickname: '李会计' });
    const licenceFile = await world.city.upload(stranger.api, '营业执照.jpg', await photo(), 'image/jpeg');
    await stranger.api.post('/api/v1/organisations/claims', { uscc: creditCode('410702', 777), name: '新乡市起重配件厂', kind: 'enterprise', region: '410702', sector: 'lifting', licenceFile });
    const { page } = await desk('county', '/console/claims', { width: 1024, height: 768 });
    const card = page.getByRole('region', { name: '新乡市起重配件厂' });
    await card.getByRole('button', { name: '不予通过' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '不予通过' }).click();
    await page.getByText('请填写理由').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: '取消' }).click();
    await card.getByRole('button', { name: /^预览/ }).click();
    await page.getByRole('dialog').getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    expect(await findings(page)).toEqual([]);
    await card.getByRole('button', { name: '核验通过' }).click();
    await page.getByText('没有待核验的认领').waitFor();
    const { organisations } = await stranger.api.get('/api/v1/me');
    expect(organisations).toHaveLength(1);
  }, 90_000);
});

describe('every page of the menu', () => {
  it.each(['admin', 'director', 'expert1', 'agency'])('of %s has no serious finding of axe, and nothing wider than the window at 1024', async (who) => {
    const { page } = await desk(who, '/console', { width: 1024, height: 768 });
    for (const link of await page.getByRole('navigation', { name: '主菜单' }).getByRole('link').all()) {
      await link.click();
      await link.and(page.locator('[aria-current=page]')).waitFor();
      await page.locator('main h1').waitFor();
      await page.locator('main .t-loading').first().waitFor({ state: 'detached' });
      expect([await page.title(), await findings(page)]).toEqual([expect.any(String), []]);
      expect([await page.title(), await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')]).toEqual([expect.any(String), false]);
    }
  }, 90_000);
});

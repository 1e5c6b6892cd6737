import { hold } from '../../../scripts/browser/hold';
import { aPdf } from '../../../scripts/browser/papers';
import type { PhoneInHand } from '../../../scripts/browser/phone';
import { startWorld, type World } from '../../../scripts/browser/world';
import { findings } from '../axe';
import { receiptAddress, receiptIn } from '../../../miniprogram/utils/receipt-text';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

const REPORT = 'public/report/index';
const STORY = '该服务商申报遴选时提交的两个案例并不是它完成的，客户和合同都不属实，请核查。';
const ID_NUMBER = '11010519491231002X';

const kept = (phone: PhoneInHand): Promise<string> => phone.page.evaluate('JSON.stringify(localStorage)') as Promise<string>;

/** Through the notice, with the consent to the privacy terms, to the fields. */
async function beginReport(phone: PhoneInHand): Promise<void> {
  await phone.open(REPORT);
  await phone.text('您的身份会怎样处理').waitFor();
  expect(await phone.page.getByRole('textbox').count()).toBe(0);
  await phone.button('我已了解，开始填写').tap();
  await phone.button('同意并继续').or(phone.field('举报内容')).first().waitFor();
  if (await phone.button('同意并继续').isVisible()) await phone.button('同意并继续').tap();
  await phone.field('举报内容').waitFor();
}

async function fillContent(phone: PhoneInHand): Promise<void> {
  await phone.button('选择被举报服务商').tap();
  await phone.page.getByRole('option', { name: '豫北工业互联有限公司' }).tap();
  await phone.choice('案例、业绩不实').tap();
  await phone.field('举报内容').fill(STORY);
  await phone.attach('佐证材料', await aPdf('合同.pdf'));
}

async function fillIdentity(phone: PhoneInHand, idNumber = ID_NUMBER): Promise<void> {
  await phone.field('真实姓名').fill('张三');
  await phone.field('身份证号').fill(idNumber);
  await phone.field('联系电话').fill('13800030001');
}

describe('18: a report in a true name', () => {
  it('says what happens to the identity first, judges the number at its field, keeps it off the phone, and gives a receipt that is checked later', async () => {
    const citizen = await world.phone('citizen');
    await beginReport(citizen);
    await citizen.button('下一步').tap();
    await citizen.text('请选择被举报服务商').waitFor();
    await citizen.text('有 4 处需要修改').waitFor();
    await fillContent(citizen);
    // Nobody goes on while a file is under way: it would be left behind.
    const release = await hold(citizen.page, '**/api/v1/files');
    await citizen.hand('佐证材料', await aPdf('聊天记录.pdf'));
    await citizen.text('聊天记录.pdf').waitFor();
    await citizen.button('下一步').tap();
    await citizen.text('材料正在上传').waitFor();
    await release();
    await citizen.button('移除聊天记录.pdf').waitFor();
    await citizen.button('下一步').tap();

    await fillIdentity(citizen, '410702199001010012');
    await citizen.page.getByRole('alert').filter({ hasText: '身份证号码校验位不正确' }).first().waitFor();
    await citizen.button('下一步').tap();
    await citizen.field('身份证号').waitFor();
    await citizen.field('身份证号').fill(ID_NUMBER);
    await citizen.page.getByRole('alert').filter({ hasText: '身份证' }).waitFor({ state: 'detached' });
    await citizen.keeps(STORY);
    const draft = await kept(citizen);
    for (const secret of ['张三', ID_NUMBER, '410702199001010012']) expect(draft).not.toContain(secret);

    await citizen.button('下一步').tap();
    await citizen.text('豫北工业互联有限公司').waitFor();
    await citizen.text('110***********002X').waitFor();
    await citizen.choice('我对举报内容的真实性负责').tap();
    await citizen.submit('提交举报');
    const no = (await citizen.page.getByText(/^JB\d{8}-/).filter({ visible: true }).first().textContent())!;
    expect(await kept(citizen)).not.toContain(ID_NUMBER);
    await citizen.button('核对回执').tap();
    await citizen.text('✓ 回执真实').waitFor();

    // Weeks later: from 我的, with the receipt this phone kept; then one that somebody changed a letter of.
    await citizen.open('pages/me/index');
    await citizen.button('核对回执').tap();
    await citizen.button(new RegExp(`提交实名举报.*${no}`)).tap();
    await citizen.text('✓ 回执真实').waitFor();
    const text = await citizen.field('回执的内容').inputValue();
    // The code beside it is drawn: a dark corner, and as much dark as light.
    await citizen.page.getByRole('img', { name: `回执二维码，案件编号${no}` }).waitFor();
    await citizen.page.waitForFunction(`(() => {
      const drawn = document.querySelector('canvas');
      const { data } = drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height);
      const dark = Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] < 128 && data[4 * i + 3] > 128);
      const share = dark.filter(Boolean).length / dark.length;
      return dark[0] && share > 0.35 && share < 0.65;
    })()`);
    await citizen.field('回执的内容').fill(text.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
    await citizen.button('核对').tap();
    await citizen.text('对不上').waitFor();
    await citizen.endsWell();

    // Whoever is handed the receipt checks it without being anybody: scanned, no session. Any camera opens the answer in words.
    const held = receiptAddress(world.url, receiptIn(text));
    expect(await (await fetch(held, { headers: { accept: 'text/html' } })).text()).toContain('<h1>回执真实</h1>');
    expect(await (await fetch(held.replace(/.$/, (last) => (last === '0' ? '1' : '0')), { headers: { accept: 'text/html' } })).text()).toContain('<h1>对不上</h1>');
    const stranger = await world.phone('provider2');
    const signIns: string[] = [];
    stranger.page.on('request', (request) => { if (request.url().includes('/session/')) signIns.push(request.url()); });
    await stranger.open('public/receipt/index');
    await stranger.button('扫一扫').tap();
    await stranger.page.locator('.wxw-box textarea').fill(held);
    await stranger.dialog('扫一扫').getByRole('button', { name: '确定' }).tap();
    await stranger.text('✓ 回执真实').waitFor();
    expect(signIns).toEqual([]);
    await stranger.endsWell();
  });

  it('is a person\'s own: whoever acts for an organisation is asked to act for themselves', async () => {
    const owner = await world.phone('owner');
    await owner.open(REPORT);
    await owner.button('改用个人身份').tap();
    await owner.text('您的身份会怎样处理').waitFor();
    await owner.endsWell();
  });

  it('a reporter sees who asked for and looked at the identity, and why', async () => {
    const citizen = await world.phone('citizen');
    await citizen.open('mine/openings/index');
    await citizen.text('没有人查看过您的身份').waitFor();
    await citizen.endsWell();
  });
});

const COMPLAINT = 'pages/form/index?procedure=complaint&move=file';
const WRONG = '服务商在签订合同之前要求预付咨询费，有聊天记录和转账凭证为证。';

/** Everything a complaint needs, with this text in its long fields. */
async function fillComplaint(phone: PhoneInHand, text = WRONG): Promise<void> {
  await phone.button('选择被投诉服务商').tap();
  await phone.page.getByRole('option', { name: '豫北工业互联有限公司' }).tap();
  await phone.choice('收费问题').tap();
  for (const field of await phone.page.locator('textarea').all()) await field.fill(text);
}

/** Through WeChat's sheets to the question, and yes. */
async function sayYes(phone: PhoneInHand): Promise<void> {
  const allow = phone.button('允许');
  const yes = phone.dialog().getByRole('button', { name: /^(提交|确定)$/ });
  await allow.or(yes).first().waitFor();
  if (await allow.isVisible()) await allow.tap();
  await yes.tap();
}

const forgetTokens = (phone: PhoneInHand, change: string): Promise<unknown> => phone.page.evaluate(
  `(() => { for (const key of Object.keys(localStorage)) if (key.endsWith(':tokens')) { const tokens = JSON.parse(localStorage[key]); ${change}; localStorage[key] = JSON.stringify(tokens); } })()`);

/** How many complaints this phone's owner has. */
async function complaints(phone: PhoneInHand): Promise<number> {
  await phone.open('pages/cases/index');
  await phone.page.getByRole('tab', { name: '企业投诉' }).or(phone.text('还没有事项')).first().waitFor();
  if (!await phone.page.getByRole('tab', { name: '企业投诉' }).isVisible()) return 0;
  await phone.page.getByRole('tab', { name: '企业投诉' }).tap();
  return Number(/共 (\d+) 件/.exec((await phone.page.getByRole('status').filter({ hasText: /共 \d+ 件/ }).textContent())!)![1]);
}

describe('manners', () => {
  it('a form that is rejected says where and why, and keeps everything', async () => {
    const owner = await world.phone('owner');
    await owner.open(COMPLAINT);
    await fillComplaint(owner, '太短');
    await owner.button('提交').tap();
    await owner.text(/至少 \d+ 个字，还差/).waitFor();
    await owner.text(/有 \d+ 处需要修改/).waitFor();
    expect(await owner.page.locator('textarea').first().inputValue()).toBe('太短');
    for (const field of await owner.page.locator('textarea').all()) await field.fill(WRONG);
    await owner.text(/处需要修改/).waitFor({ state: 'detached' });
    await owner.endsWell();
  });

  it('a network lost in mid-form: a banner, nothing lost, filed once when it is back', async () => {
    const owner = await world.phone('owner');
    const before = await complaints(owner);
    await owner.open(COMPLAINT);
    await fillComplaint(owner);
    await owner.context.setOffline(true);
    await owner.text('网络已断开').waitFor();
    await owner.button('提交').tap();
    await sayYes(owner);
    await owner.text(/网络不通/).waitFor();
    expect(await owner.page.locator('textarea').first().inputValue()).toBe(WRONG);
    await owner.context.setOffline(false);
    await owner.text('网络已断开').waitFor({ state: 'detached' });
    await owner.submit();
    expect(await complaints(owner)).toBe(before + 1);
    await owner.endsWell();
  });

  it('a page that could not be shown without a network shows itself when there is one', async () => {
    const owner = await world.phone('owner');
    await owner.open('pages/me/index');
    await owner.text('字号').waitFor();
    await owner.context.setOffline(true);
    await owner.button('公告').tap();
    await owner.text(/网络不通/).waitFor();
    await owner.context.setOffline(false);
    await owner.text('还没有公告').waitFor();
    await owner.endsWell();
  });

  it('a double tap does one thing', async () => {
    const owner = await world.phone('owner2');
    const before = await complaints(owner);
    await owner.open(COMPLAINT);
    await fillComplaint(owner);
    await Promise.all([owner.button('提交').tap({ force: true }), owner.button('提交').tap({ force: true })]);
    await owner.submitRest();
    expect(await complaints(owner)).toBe(before + 1);
    await owner.endsWell();
  });

  it('an expired session is renewed in silence; one that cannot be renewed says so and loses nothing', async () => {
    const owner = await world.phone('owner2');
    owner.expected.add(401).add(503);
    const before = await complaints(owner);
    await owner.open(COMPLAINT);
    await fillComplaint(owner);
    // Neither the access nor the refresh token is good any more, and WeChat's sign-in fails for a while.
    await forgetTokens(owner, "tokens.access = 'gone'; tokens.refresh = 'gone.gone'");
    await owner.page.route('**/api/v1/session/wechat', (route) => route.fulfill({ status: 503, json: { code: 'AWAY', detail: '微信暂时没有回应' } }));
    await owner.button('提交').tap();
    await sayYes(owner);
    await owner.text(/登录已过期/).waitFor();
    expect(await owner.page.locator('textarea').first().inputValue()).toBe(WRONG);
    await owner.page.unroute('**/api/v1/session/wechat');
    await owner.submit();
    expect(await complaints(owner)).toBe(before + 1);
    // In silence: only the access token is gone.
    await forgetTokens(owner, "tokens.access = 'gone'");
    await owner.open('pages/inbox/index');
    await owner.text(/没有更多了|上滑查看更多|还没有消息/).waitFor();
    await owner.endsWell();
  });

  it('a file too large is refused where it was chosen, with what to do; the limit is said before', async () => {
    const owner = await world.phone('owner');
    await owner.open(COMPLAINT);
    await owner.text(/每个不超过 20 MB/).waitFor();
    const uploads: string[] = [];
    owner.page.on('request', (request) => { if (request.url().endsWith('/api/v1/files')) uploads.push(request.url()); });
    await owner.hand('', { name: '现场录像.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(21 * 1024 * 1024) });
    await owner.text(/超过 20 MB，没有上传。请压缩后重选/).waitFor();
    expect(uploads).toEqual([]);
    await owner.button('移除现场录像.mp4').tap();
    await owner.text('现场录像.mp4').waitFor({ state: 'detached' });
    await owner.endsWell();
  });

  it('text as large as one chooses, on every page, and it stays so', async () => {
    const citizen = await world.phone('citizen');
    const height = async (): Promise<number> => (await citizen.text('字号').boundingBox())!.height;
    await citizen.open('pages/me/index');
    await citizen.text('字号').waitFor();
    const before = await height();
    await citizen.choice('特大').tap();
    await citizen.page.getByRole('radio', { name: '特大', checked: true }).waitFor();
    expect(await height() / before).toBeCloseTo(1.4, 1);
    await citizen.open('public/register/index');
    await citizen.text('中原数智科技有限公司').waitFor();
    expect(await citizen.page.locator('wx-page').evaluate((page) => Number((globalThis as any).getComputedStyle(page).zoom))).toBe(1.4); // any: a browser's own
    // Nothing is pushed out of the screen.
    expect(await citizen.page.locator('.wxw-body').evaluate((body: any) => body.scrollWidth - body.clientWidth)).toBe(0);
    await citizen.open('pages/me/index');
    await citizen.choice('标准').tap();
    await citizen.page.getByRole('radio', { name: '标准', checked: true }).waitFor();
    expect(await height()).toBeCloseTo(before, 0);
    await citizen.endsWell();
  });

  it('10: the register and the notices are for everybody: nobody is signed in for them', async () => {
    const stranger = await world.phone('citizen');
    const asked: string[] = [];
    stranger.page.on('request', (request) => { if (request.url().includes('/api/')) asked.push(`${new URL(request.url()).pathname.replace(/^\/phone\/host/, '')} ${request.headers()['authorization'] ?? ''}`); });
    await stranger.open('public/register/index');
    await stranger.button(/中原数智科技有限公司.*在库/).waitFor();
    await stranger.page.getByRole('tab', { name: '新型化工' }).tap();
    await stranger.text('这个行业目前没有公布的服务商').waitFor();
    await stranger.page.getByRole('tab', { name: '全部' }).tap();
    await stranger.button(/中原数智科技有限公司.*在库/).tap();
    await stranger.text('已完成的试点服务').waitFor();
    await stranger.text(/列入服务商库/).waitFor();
    await stranger.open('public/notices/index');
    await stranger.text('还没有公告').waitFor();
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((call) => call.includes('/session') || call.includes('Bearer'))).toEqual([]);
    await stranger.endsWell();
  });

  it('事项 is searched by a word and narrowed by kind and state', async () => {
    const owner = await world.phone('owner2');
    await owner.open('pages/cases/index');
    await owner.button(/企业投诉/).first().waitFor();
    await owner.field('搜索事项').fill('TS');
    await owner.button(/企业投诉/).first().waitFor();
    await owner.field('搜索事项').fill('没有这家单位');
    await owner.text('没有找到“没有这家单位”').waitFor();
    await owner.button('清除').tap();
    await owner.page.getByRole('tab', { name: '企业投诉' }).tap();
    await owner.button(/企业投诉/).first().waitFor();
    await owner.page.getByLabel(/按状态筛选/).tap();
    await owner.page.getByRole('option', { name: '已撤回' }).tap();
    await owner.text('没有这个状态的事项').waitFor();
    await owner.endsWell();
  });
});

it.each([
  ['owner2', 'pages/chat/index', '身份：'], ['owner2', 'pages/home/index', '可以办理'], ['owner2', 'pages/cases/index', '没有更多了'], ['owner2', 'pages/me/index', '字号'],
  ['owner2', 'pages/inbox/index', /没有更多了|上滑查看更多|还没有消息/], ['owner2', COMPLAINT, '每个不超过'], ['owner2', 'mine/claim/index', '绑定的手机号'], ['owner2', 'mine/members/index', '负责人 · '], ['owner2', 'mine/openings/index', '没有人查看过'],
  ['citizen', 'public/register/index', '没有更多了'], ['citizen', 'public/notices/index', '还没有公告'], ['citizen', REPORT, '您的身份会怎样处理'], ['citizen', 'public/receipt/index', '回执的内容'],
])('axe has nothing serious to say about %s at %s', async (who, route, sign) => {
  const phone = await world.phone(who);
  await phone.open(route);
  await phone.text(sign).waitFor();
  expect(await findings(phone.page)).toEqual([]);
  await phone.endsWell();
});

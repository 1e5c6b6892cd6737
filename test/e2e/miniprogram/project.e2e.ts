import { aPdf } from '../../../scripts/browser/papers';
import { pdf } from '../../../scripts/demo/papers';
import { inspect, openBatch, planStory, diagnosisStory, signInStory } from '../../../scripts/demo/stories';
import { startWorld, type World } from '../../../scripts/browser/world';
import { findings } from '../axe';
import { fillInContract, sign } from '../support/contract';

let world: World;
let plan = '';
let contract = '';
let acceptance = '';

/** A plan the bureau has approved. */
beforeAll(async () => {
  world = await startWorld();
  await signInStory(world.city);
  plan = await planStory(world.city, await diagnosisStory(world.city));
});
afterAll(() => world?.stop());

describe('12.3: a contract, by hand on two phones', () => {
  it('is drawn up from the approved plan, whose figures nobody types', async () => {
    const provider = await world.phone('provider');
    await provider.openCase(plan);
    await provider.button('拟定改造合同').tap();
    await provider.page.getByRole('textbox', { name: '合同金额（元）' }).waitFor();
    expect(await provider.field('合同金额（元）').inputValue()).toBe('480000');
    expect(await provider.field('服务商让利（元）').inputValue()).toBe('40000');
    contract = await fillInContract(provider, '440000');
    await provider.endsWell();
  });

  it('11: is signed by both on the file they saw; what signing means is said before', async () => {
    const owner = await world.phone('owner');
    await owner.openCase(contract);
    for (const words of ['440,000.00', '改造合同.pdf', '尚未签订']) await owner.text(words).waitFor();
    await owner.button('签订合同').tap();
    await owner.text('签订意味着什么').waitFor();
    expect(await findings(owner.page)).toEqual([]);
    await owner.button('签订').tap();
    await owner.page.getByRole('alert').filter({ hasText: '请先打开合同文本通读' }).waitFor();
    await owner.page.getByRole('checkbox', { name: '我已通读合同文本并同意签订' }).tap();
    await owner.button('签订').tap();
    await owner.goThrough('签订合同', '签订', /等对方签订同一份文本/);
    await owner.endsWell();

    const provider = await world.phone('provider');
    await provider.openCase(contract);
    await sign(provider, /合同生效/);
    await provider.button('查看事项').tap();
    await provider.text('实施进度').waitFor();
    await provider.endsWell();
  });
});

describe('12.4: acceptance, by hand', () => {
  it('the application lists what the batch asks for, counts what is there, survives a lost network in mid-upload', async () => {
    const { city } = world;
    const [owner, provider] = [await city.phone('owner'), await city.phone('provider')];
    const proof = await city.upload(provider.api, '测试报告.pdf', await pdf('Test report'), 'application/pdf');
    await city.act(provider.api, contract, 'deliver', { deliverables: [proof], delivery: '合同所列软硬件全部安装调试完成，已培训并移交手册。' }, 'delivered');
    await city.act(owner.api, contract, 'confirmDelivery', {}, 'confirmed');

    const phone = await world.phone('owner');
    await phone.openCase(contract);
    // Without a batch there is nothing to tap; once one is open, its notice leads there too.
    await phone.text('现在没有正在接受申请的验收批次').waitFor();
    expect(await phone.button('申请验收').count()).toBe(0);
    await phone.openCase(await openBatch(city, '第一批改造项目验收'));
    await phone.button('申请验收').waitFor();
    await phone.openCase(contract);
    await phone.button('申请验收').tap();
    await phone.text('已交 0 / 4 类').waitFor();
    await phone.text('每个不超过 20 MB').waitFor();
    await phone.button('提交').tap();
    await phone.text('还有 4 类材料没有提交').waitFor();

    // No network while the first file goes up: it stands there to be tried again.
    await phone.page.route('**/api/v1/files', (route) => route.abort());
    await phone.hand('项目验收申请表', await aPdf('申请表.pdf'));
    await phone.text(/网络不通.*点此重试/).waitFor();
    await phone.page.unroute('**/api/v1/files');
    await phone.button(/点此重试/).tap();
    await phone.text('已交 1 / 4 类').waitFor();
    for (const paper of ['企业数字化改造合同', '企业数字化改造发票及付款证明', '数字化改造项目总结报告']) await phone.attach(paper, await aPdf(`${paper}.pdf`));
    await phone.text('已交 4 / 4 类').waitFor();
    expect(await findings(phone.page)).toEqual([]);
    await phone.page.getByRole('checkbox', { name: '申报材料真实、完整' }).tap();
    await phone.button('提交').tap();
    await phone.goThrough('申请验收', '提交', /已提交/);
    acceptance = await phone.receiptNo();
    phone.troubles.splice(0, phone.troubles.length, ...phone.troubles.filter((trouble) => !trouble.includes('ERR_FAILED')));
    await phone.endsWell();
  });

  it('a project that failed: what failed, grade before and after, what to rectify by when', async () => {
    await inspect(world.city, acceptance, { result: 'failed', gradeAfter: 1, problems: [{ text: '质量追溯未覆盖外协工序', advice: '补齐外协工序的检验数据采集' }], conditions: ['goodStanding', 'inPeriod', 'finished', 'running'] });
    const phone = await world.phone('owner');
    await phone.openCase(acceptance);
    for (const words of ['未通过验收', '一级 → 一级', '二级，未达到', '✗ 不符合', '整改：补齐外协工序的检验数据采集', /请在.*前完成整改，还剩 \d+ 天/]) await phone.text(words).waitFor();
    expect(await findings(phone.page)).toEqual([]);
    await phone.endsWell();
  });

  it('12.4: the notice of a batch is for everybody, in the list and whole', async () => {
    const citizen = await world.phone('citizen');
    await citizen.open('public/notices/index');
    const title = citizen.button(/第一批改造项目验收/);
    await title.waitFor();
    expect(await findings(citizen.page)).toEqual([]);
    await title.tap();
    await citizen.text('请已完成交付的试点企业').waitFor();
    expect(await findings(citizen.page)).toEqual([]);
    await citizen.endsWell();
  });
});

describe('14: rating, by hand', () => {
  let rating = '';

  it('a bad one takes exactly the taps of a good one, is sealed, and may be changed', async () => {
    const { city } = world;
    const [owner, provider, clerk] = [await city.phone('owner'), await city.phone('provider'), await city.staff('reviewer')];
    await city.act(provider.api, acceptance, 'rectify', { text: '已补齐外协工序检验数据采集并完成联调。', files: [] }, 'rectified');
    await city.act(owner.api, acceptance, 'declareRectified', {}, 'declared');
    const { items } = await owner.api.get<{ items: { no: string }[] }>('/api/v1/cases?procedure=batch&state=open');
    for (const { no } of items) await city.act(clerk, no, 'close', { closing: '第一批申请项目已全部查验' }, 'closed');
    const next = await openBatch(city, '第二批改造项目验收');
    await city.until('the next batch to reach the project', async () => (await city.read(owner.api, acceptance)).moves.some(({ move }: { move: string }) => move === 'reapply'));
    await city.act(owner.api, acceptance, 'reapply', { batch: next, truthful: true }, 'again');
    await inspect(city, acceptance, { result: 'passed', gradeAfter: 2, problems: [], conditions: ['goodStanding', 'inPeriod', 'finished', 'grade', 'running'] });
    rating = await city.waiting(owner.api, 'rating');

    const phone = await world.phone('owner');
    // What waits to be rated stands in the chat by itself, once a visit, and gives way to whatever else is said.
    await phone.open();
    await phone.text('这件等您评价').waitFor();
    await phone.button('核对并提交').waitFor();
    await phone.say('查进度');
    await phone.text(/等您办理的有/).waitFor();
    expect(await phone.button('核对并提交').count()).toBe(0);
    const rate = async (overall: string, all: string): Promise<number> => {
      await phone.open(`enterprise/rating/index?no=${rating}`);
      await phone.text(/评价密封到/).waitFor();
      await phone.page.getByRole('radio', { name: overall, exact: true }).tap();
      await phone.button(`全部评为${all}`).tap();
      await phone.button('提交评价').tap();
      const taps = 3 + await phone.goThrough('提交评价', '提交', /评价已(提交|修改)/);
      await phone.text(/您的补充说明、姓名和评价时间不告知/).waitFor();
      return taps;
    };
    // WeChat asks for its consents once, at the first tap; that is no part of an opinion.
    await rate('基本满意', '一般');
    const taps = [await rate('非常满意', '很好'), await rate('不满意', '很差')];
    expect(taps).toEqual([4, 4]);

    // Every opinion is offered at the same size.
    await phone.open(`enterprise/rating/index?no=${rating}`);
    await phone.page.getByRole('radio', { name: '不满意', exact: true, checked: true }).waitFor();
    expect(await findings(phone.page)).toEqual([]);
    const sizes = await Promise.all(['非常满意', '满意', '基本满意', '不满意'].map((name) => phone.page.getByRole('radio', { name, exact: true }).boundingBox()));
    expect(new Set(sizes.map((box) => `${Math.round(box!.width)}x${Math.round(box!.height)}`)).size).toBe(1);

    // The same card stands in the chat; an opinion takes as many taps there, whichever it is.
    const rateInChat = async (given: number, overall: string, all: string): Promise<void> => {
      await phone.field('输入消息').fill('评价服务商');
      await phone.button('发送').tap();
      await phone.page.getByRole('radio', { name: overall, exact: true }).tap();
      await phone.button(`全部评为${all}`).tap();
      await phone.button('核对并提交').tap();
      await phone.button('确认提交').tap();
      await phone.page.getByText('✓ 已提交：评价服务商').nth(given).waitFor();
    };
    await phone.open();
    await rateInChat(0, '满意', '较好');
    await rateInChat(1, '不满意', '很差');

    const seen = await city.read(owner.api, rating);
    expect(seen.data.ballots.map(({ overall }: { overall: string }) => overall)).toEqual(['fair', 'very_satisfied', 'dissatisfied', 'satisfied', 'dissatisfied']);
    expect((await provider.api.get<{ items: unknown[] }>('/api/v1/cases?procedure=rating')).items).toEqual([]);
    await phone.openCase(rating);
    await phone.text(/评价期结束前一直密封/).waitFor();
    await phone.endsWell();
  });

  it('17.2: once the window has closed the provider reads how it was rated, and may object', async () => {
    const provider = await world.phone('provider');
    await world.runOut(rating);
    const no = await world.city.waiting((await world.city.phone('provider')).api, 'ratingResult');
    await provider.todo(/满意度评价结果，已告知，可以提出异议/);
    await provider.text(no).waitFor();
    for (const words of ['总体评价', '不满意', '很差']) await provider.text(words).waitFor();
    expect(await findings(provider.page)).toEqual([]);
    await provider.button('提出异议').waitFor();
    await provider.endsWell();

    const owner = await world.phone('owner');
    await owner.openCase(rating);
    await owner.text('已计入').waitFor();
    await owner.endsWell();
  });
});

import type { PhoneInHand } from '../../../scripts/browser/phone';
import { startWorld, type World } from '../../../scripts/browser/world';
import { approvePlan, diagnosisStory, signInStory } from '../../../scripts/demo/stories';
import { findings } from '../axe';

let world: World;
let no = '';

/** A diagnosis its owner has confirmed, and the draft of a plan on it. */
beforeAll(async () => {
  world = await startWorld();
  const { city } = world;
  await signInStory(city);
  const diagnosis = await diagnosisStory(city);
  ({ no } = await city.open((await city.phone('provider')).api, 'plan', { diagnosis }, 'a draft'));
});
afterAll(() => world?.stop());

interface Item { name: string; kind: string; product: string; function: string; purpose: string; scenes: string[]; price: string; count: string }
const MES: Item = { name: '轻量化制造执行系统', kind: '软件', product: '小快轻准MES 3.0', function: '工单下达、扫码报工、进度看板', purpose: '生产过程透明，计划可调', scenes: ['生产管控'], price: '300000', count: '1' };
const TERMINAL: Item = { name: '数据采集终端', kind: '硬件', product: '工业网关G2', function: '采集设备运行数据', purpose: '设备联网', scenes: ['设备管理'], price: '8000.5', count: '10' };

async function addItem(provider: PhoneInHand, item: Item): Promise<void> {
  await provider.button('＋ 添加一项').tap();
  const box = provider.page.locator('.item').last();
  await box.getByRole('textbox', { name: '名称', exact: true }).fill(item.name);
  await box.getByRole('radio', { name: item.kind }).tap();
  await box.getByRole('textbox', { name: '产品名称' }).fill(item.product);
  await box.getByRole('textbox', { name: '功能' }).fill(item.function);
  await box.getByRole('textbox', { name: '用途' }).fill(item.purpose);
  for (const scene of item.scenes) await box.getByRole('checkbox', { name: scene }).tap();
  await box.getByRole('textbox', { name: '单价（元）' }).fill(item.price);
  await box.getByRole('textbox', { name: /^数量/ }).fill(item.count);
  await provider.page.getByRole('button', { name: new RegExp(`${item.name}，.*收起$`) }).tap();
}

/** Changes the approved plan in its editor and puts it to the owner, who reads what kind of change it is and confirms it. */
async function change(no: string, reason: string, edit: (provider: PhoneInHand) => Promise<void>, said: string, outcome: string): Promise<void> {
  const [provider, owner] = await Promise.all([world.phone('provider'), world.phone('owner')]);
  await provider.openCase(no);
  await provider.button('提出变更').tap();
  await provider.field('变更原因').fill(reason);
  await edit(provider);
  await provider.button('提出变更').tap();
  await provider.goThrough('提出变更', '送出', '变更已送企业');
  await provider.endsWell();

  await owner.todo(/改造方案备案，待企业确认变更/);
  await owner.button('确认变更').tap();
  await owner.text(`变更原因：${reason}`).waitFor();
  await owner.text(said).waitFor();
  await owner.button(/^确认第 \d 版$/).tap();
  await owner.goThrough('确认变更', '确认', /^第 \d 版已确认$/);
  await owner.text(outcome).waitFor();
  await owner.endsWell();
}

describe('12.2: a plan, by hand on two phones', () => {
  it('7: the provider\'s editor adds up as it is typed, keeps a draft through leaving, and says every fault where it is', async () => {
    const provider = await world.phone('provider');
    provider.expected.add(422);
    await provider.open(`pages/case/index?no=${no}`);
    await provider.button('填写方案，送企业确认').tap();
    await provider.button('＋ 添加一项').waitFor();
    await addItem(provider, MES);
    await addItem(provider, TERMINAL);
    await provider.text('合计 380,005.00 元').waitFor();

    await provider.field('企业承担（元）').fill('200000');
    await provider.text('三方分担还差 180,005.00 元（服务商让利、政府补助未填）').waitFor();
    await provider.field('服务商让利（元）').fill('90000');
    await provider.field('政府补助（元）').fill('100000');
    await provider.text('三方分担多出 9,995.00 元').waitFor();
    await provider.button('补余额，由企业承担').tap();
    await provider.text('三方分担合计等于清单合计').waitFor();
    expect(await provider.field('企业承担（元）').inputValue()).toBe('190005');

    // Left without saving: everything is there again, money as it was typed.
    await provider.keeps('190005');
    await provider.open(`provider/plan/index?no=${no}`);
    await provider.text(/已恢复/).waitFor();
    await provider.text('合计 380,005.00 元').waitFor();
    expect(await provider.field('政府补助（元）').inputValue()).toBe('100000');

    // What is missing is said before anybody is asked whether to send it.
    await provider.field('质量管理未覆盖的说明').waitFor();
    await provider.button('送企业确认').tap();
    await provider.text(/还缺 \d+ 处，补齐后才能送出/).waitFor();
    for (const gap of ['3 个场景的覆盖或说明', '目标等级', '预期成效']) await provider.button(`去填写：${gap}`).waitFor();

    await provider.field('质量管理未覆盖的说明').fill('企业已有检验系统，二期再做批次追溯');
    for (const scene of ['仓储物流', '采购管理']) await provider.field(`${scene}未覆盖的说明`).fill('本期预算有限，列入二期改造');
    // Not above the grade before: it cannot be chosen.
    await provider.page.getByRole('radio', { name: '一级' }).tap({ force: true });
    expect(await provider.page.getByRole('radio', { name: '一级' }).getAttribute('aria-checked')).not.toBe('true');
    await provider.page.getByRole('radio', { name: '二级' }).tap();
    await provider.button('＋ 添加预期成效').tap();
    await provider.field('指标').fill('订单准时交付率');
    await provider.field('改造前').fill('82%');
    await provider.field('改造后').fill('95%');
    await provider.chooseDay('开工日期', world.city.day(-3));
    await provider.chooseDay('完成日期', world.city.day(240));
    await provider.field('服务商的权利义务').fill('按方案交付软硬件并负责安装、培训和一年免费维护。');
    await provider.field('企业的权利义务').fill('提供实施场地和数据，安排专人配合，按合同付款。');
    // What only the server finds wrong stands at its place.
    await provider.button('送企业确认').tap();
    await provider.goThrough('送企业确认', '送出', /有 1 处需要修改/);
    await provider.page.getByRole('alert').filter({ hasText: '开工日期' }).waitFor();
    await provider.chooseDay('开工日期', world.city.day(10));
    await provider.text('共 231 天').waitFor();
    expect(await findings(provider.page)).toEqual([]);
    await provider.button('送企业确认').tap();
    await provider.goThrough('送企业确认', '送出', /已送企业确认/);
    await provider.endsWell();
  });

  it('12.2: the owner reads every figure, sends it back with reasons, and the provider finds them above the editor', async () => {
    const owner = await world.phone('owner');
    await owner.open(`pages/case/index?no=${no}&move=confirm`);
    await owner.button('确认第 1 版').waitFor();
    for (const words of ['380,005.00', '190,005.00', '8,000.50 × 10', '80,005.00', '一级 → 二级', '企业已有检验系统，二期再做批次追溯']) await owner.text(words).waitFor();
    await owner.button('退回修改').tap();
    await owner.button('退回修改').tap();
    await owner.page.getByRole('alert').filter({ hasText: '请写明要修改什么' }).first().waitFor();
    await owner.field('要修改什么').fill('数据采集终端单价偏高，请按市场价核减');
    await owner.button('退回修改').tap();
    await owner.goThrough('退回修改', '确定', /第 1 版已退回/);
    await owner.endsWell();

    const provider = await world.phone('provider');
    await provider.open(`provider/plan/index?no=${no}`);
    await provider.text('数据采集终端单价偏高，请按市场价核减').waitFor();
    await provider.button(/^2\. 数据采集终端，.*80,005.00，展开$/).tap();
    await provider.field('单价（元）').fill('7000');
    await provider.text('三方分担多出 10,005.00 元').waitFor();
    await provider.button('补余额，由企业承担').tap();
    await provider.button('保存到平台').tap();
    await provider.text(/已保存到平台/).waitFor();
    await provider.button('送企业确认').tap();
    await provider.goThrough('送企业确认', '送出', /已送企业确认/);
    await provider.endsWell();
  });

  it('12.2: the owner sees what changed, old beside new, and confirms exactly this version', async () => {
    const owner = await world.phone('owner');
    await owner.open(`enterprise/plan/index?no=${no}`);
    await owner.text('与第 1 版相比').waitFor();
    expect(await findings(owner.page)).toEqual([]);
    for (const words of ['－10,005.00', '数据采集终端·金额', '380,005.00', '370,000.00', '7,000.00 元']) await owner.text(words).waitFor();
    await owner.button('确认第 2 版').tap();
    await owner.goThrough('确认方案', '确认', /第 2 版已确认/);
    await owner.text(/接下来：工信局核对材料/).waitFor();
    await owner.button('查看事项').tap();
    await owner.text('待核对材料').waitFor();
    const confirmed = await world.city.read((await world.city.phone('owner')).api, no);
    expect(confirmed.data.versions.find((version: { hash: string }) => version.hash === confirmed.data.planHash)).toMatchObject({ no: 2, totalFen: 37_000_000 });
    await owner.endsWell();
  });
});

describe('12.3: the approved plan is changed, by hand on two phones', () => {
  beforeAll(() => approvePlan(world.city, no));

  it('a later end is a minor change: noted, not reviewed again', async () => {
    await change(no, '设备到货推迟，完工日期顺延十天', (provider) => provider.chooseDay('完成日期', world.city.day(250)), '属于一般变更', '这是一般变更，已登记备查');
    const owner = await world.phone('owner');
    await owner.openCase(no);
    await owner.text('已通过备案').waitFor();
    await owner.endsWell();
  });

  it('more money is a material change: it goes to the bureau again', async () => {
    await change(no, '增加采集点位，投资增加', async (provider) => {
      await provider.button(/^1\. 轻量化制造执行系统，.*展开$/).tap();
      await provider.field('单价（元）').fill('450000');
      await provider.button('补余额，由企业承担').tap();
      await provider.text('三方分担合计等于清单合计').waitFor();
    }, '属于较大变动', '方案已重新报工信局备案');
    const owner = await world.phone('owner');
    await owner.openCase(no);
    await owner.text('待核对材料').waitFor();
    await owner.endsWell();
  });
});

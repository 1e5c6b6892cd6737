import { taker, type Desk } from '../../../scripts/browser/desk';
import type { PhoneInHand } from '../../../scripts/browser/phone';
import { aPdf } from '../../../scripts/browser/papers';
import { startWorld, type World } from '../../../scripts/browser/world';
import { signInStory } from '../../../scripts/demo/stories';
import { fillInContract, sign } from '../support/contract';
import { assess } from '../support/questionnaire';

let world: World;
let owner: PhoneInHand;
let provider: PhoneInHand;
let first: Desk;
let second: Desk;
let agency: Desk;
let diagnosis = '';
let plan = '';
let contract = '';
let acceptance = '';

/** Everybody acts for their organisation; all that follows is done at the pages. */
beforeAll(async () => {
  world = await startWorld();
  await signInStory(world.city);
  [owner, provider, first, second, agency] = await Promise.all([world.phone('owner'), world.phone('provider'), world.desk('reviewer'), world.desk('reviewer2'), world.desk('agency')]);
});
afterAll(() => world?.stop());

const PAPERS = ['项目验收申请表', '企业数字化改造合同', '企业数字化改造发票及付款证明', '数字化改造项目总结报告'];
const CONDITIONS = ['在拟改造企业名单内，依法纳税、经营正常、信用良好', '合同签订和项目实施时间在试点期内', '项目实施完毕、完成投资并取得发票', '软件系统及配套硬件正常运行并产生实际效益'];
const GRADE_REACHED = '数字化水平达到目标等级（2024年版评测指标）';

it('12.1: asked for in the chat, accepted, assessed on the questionnaire, reported and confirmed', async () => {
  await owner.open();
  await owner.text('这里是数转通智能助手').waitFor();
  await owner.say('我要申请诊断，诊断需求是车间报工靠纸质单据、质量无法追溯，联系安排是每天上午都可以，请中原数智来做');
  await owner.text('请核对：申请数字化诊断').waitFor();
  await owner.button('确认提交').last().tap();
  await owner.text('✓ 已提交：申请数字化诊断').waitFor();
  diagnosis = await owner.receiptNo();

  await provider.todo(/诊断评估，待服务商接受/);
  await provider.move('接受诊断任务');
  await provider.button('填写评测内容').tap();
  await assess(provider, world.city.day());

  await owner.openCase(diagnosis);
  await owner.text('一级（初始级）').waitFor();
  await owner.move('确认诊断报告');
  await owner.text('报告已确认').waitFor();
}, 180_000);

it('12.2: the provider writes the plan, the owner confirms it, experts score it blind and the bureau approves', async () => {
  const { page } = provider;
  await provider.openCase(diagnosis);
  await provider.button('编制改造方案').tap();
  await provider.submit();
  plan = await provider.receiptNo();
  await provider.open(`provider/plan/index?no=${plan}`);
  await provider.button('＋ 添加一项').tap();
  const item = page.locator('.item').last();
  for (const [label, value] of [['名称', '轻量化制造执行系统'], ['产品名称', '小快轻准MES 3.0'], ['功能', '工单下达、扫码报工、进度看板'], ['用途', '生产过程透明，计划可调'], ['单价（元）', '300000']] as const) {
    await item.getByRole('textbox', { name: label, exact: true }).fill(value);
  }
  await item.getByRole('textbox', { name: /^数量/ }).fill('1');
  await item.getByRole('radio', { name: '软件' }).tap();
  for (const scene of ['生产管控', '质量管理']) await item.getByRole('checkbox', { name: scene }).tap();
  await provider.fill({ '企业承担（元）': '200000', '服务商让利（元）': '20000', '政府补助（元）': '80000' });
  await provider.text('三方分担合计等于清单合计').waitFor();
  await page.getByRole('radio', { name: '二级' }).tap();
  await provider.button('＋ 添加预期成效').tap();
  await provider.fill({ 指标: '订单准时交付率', 改造前: '82%', 改造后: '95%' });
  await provider.chooseDay('开工日期', world.city.day(10));
  await provider.chooseDay('完成日期', world.city.day(240));
  await provider.fill({ 服务商的权利义务: '按方案交付软硬件并负责安装、培训和一年免费维护。', 企业的权利义务: '提供实施场地和数据，安排专人配合，按合同付款。' });
  await provider.button('送企业确认').tap();
  await provider.goThrough('送企业确认', '送出', /已送企业确认/);

  await owner.todo(/改造方案备案，待企业确认方案/);
  await owner.button('确认方案').tap();
  await owner.text('300,000.00').waitFor();
  await owner.button('确认第 1 版').tap();
  await owner.goThrough('确认方案', '确认', /第 1 版已确认/);

  const clerk = await taker(plan, first, second);
  await clerk.move('材料齐全，抽取专家', { chosen: ['备案材料齐全，提交专家审核'] });
  expect(await scoreBlind(plan) % 2).toBe(1);
  const decider = await taker(plan, first, second);
  await decider.move('通过备案', { typed: { 意见: '同意备案' } });
  await decider.stands('已通过备案');
}, 300_000);

it('11: the contract is drawn up on the plan, signed by both, carried out and delivered', async () => {
  await provider.openCase(plan);
  await provider.button('拟定改造合同').tap();
  contract = await fillInContract(provider, '280000');
  for (const [phone, outcome] of [[owner, /等对方签订同一份文本/], [provider, /合同生效/]] as const) {
    await phone.openCase(contract);
    await sign(phone, outcome);
  }
  await provider.openCase(contract);
  await provider.button('提交交付成果').tap();
  await provider.attach('', await aPdf('测试报告.pdf'));
  await provider.page.locator('textarea:visible').first().fill('合同所列软硬件全部安装调试完成，已培训并移交手册。');
  await provider.submit();
  await owner.openCase(contract);
  await owner.button('确认交付').tap();
  await owner.goThrough('确认交付', '确定', /已交付|已办理/);
}, 240_000);

it('12.4: acceptance fails, is rectified, and passes in the next batch', async () => {
  await publish(first, '第一批改造项目验收');
  await owner.openCase(contract);
  await owner.button('申请验收').tap();
  await handIn('申请验收');
  acceptance = await owner.receiptNo();
  await inspect({ conclusion: '未通过验收', grade: '一级', conditions: CONDITIONS, problem: '质量追溯未覆盖外协工序' });

  await provider.openCase(acceptance);
  await provider.text('质量追溯未覆盖外协工序').waitFor();
  await provider.button('登记整改情况').tap();
  await provider.fill({ 整改情况: '已补齐外协工序检验数据采集并完成联调。' });
  await provider.submit();
  await owner.openCase(acceptance);
  await owner.button('确认整改完成').tap();
  await owner.dialog('确认整改完成').getByRole('button', { name: '确定' }).tap();
  await owner.text('已整改，待下一批次申请').waitFor();

  await first.page.goto('/console/batches');
  await first.page.getByRole('link', { name: '提前截止申请' }).first().click();
  await first.move('提前截止申请', { typed: { 提前截止的原因: '第一批申请项目已全部查验' } });
  await publish(first, '第二批改造项目验收');
  const { api } = await world.city.phone('owner');
  await world.city.until('the next batch to reach the project', async () => (await world.city.read(api, acceptance)).moves.some(({ move }: { move: string }) => move === 'reapply'));
  await owner.openCase(acceptance);
  await owner.button('在下一批次申请').tap();
  await handIn('在下一批次申请');
  await inspect({ conclusion: '通过验收', grade: '二级', conditions: [...CONDITIONS, GRADE_REACHED] });
  await owner.openCase(acceptance);
  await owner.text('通过验收').waitFor();
}, 300_000);

it('14: the owner rates, badly and with as few taps as well', async () => {
  await owner.todo(/满意度评价/);
  await owner.button('评价服务商').tap();
  await owner.page.getByRole('radio', { name: '不满意', exact: true }).tap();
  await owner.button('全部评为很差').tap();
  await owner.button('提交评价').tap();
  await owner.goThrough('提交评价', '提交', /评价已提交/);
  for (const each of [owner, provider, first, second, agency]) await each.endsWell();
}, 120_000);

/** Each expert who was drawn finds the plan among what waits and scores it; answers how many there were. */
async function scoreBlind(no: string): Promise<number> {
  let count = 0;
  for (const who of Object.keys(world.personas.staff).filter((login) => login.startsWith('expert'))) {
    const expert = await world.desk(who, '/console/todo');
    const line = expert.page.getByText(no);
    const none = expert.page.locator('.state-title');
    await line.or(none).first().waitFor();
    if (await line.isVisible()) {
      await expert.openCase(no);
      await expert.move('提交评分', { chosen: ['本人与企业、服务商及本项目没有利害关系', '通过'], typed: { 改造项目: '35', 改造金额: '26', 预期成效: '27', 理由: '内容与诊断问题对应，价格合理，目标可以达到' } });
      count += 1;
    }
    await expert.endsWell();
  }
  return count;
}

async function publish(desk: Desk, title: string): Promise<void> {
  const { page } = desk;
  await page.goto('/console/open?what=batch/publish');
  const form = page.getByRole('form', { name: '发布验收通知' });
  await form.waitFor();
  await desk.fill(form, {
    typed: { 批次名称: `${world.city.day()} ${title}`, 验收通知: '请已完成交付的试点企业在申请期内提交验收申报材料，逾期顺延至下一批次。' }, chosen: [...PAPERS, ...CONDITIONS, GRADE_REACHED],
  });
  await form.getByRole('button', { name: '发布验收通知' }).click();
  await desk.button('确认提交').click();
  await page.locator('.case-head').waitFor();
}

/** The application's page: every paper the batch asks for. */
async function handIn(question: string): Promise<void> {
  const whole = owner.text('已交 4 / 4 类');
  await owner.text(/已交 \d \/ 4 类/).waitFor();
  // What was handed in for an earlier batch counts for the next.
  if (!(await whole.isVisible())) for (const paper of PAPERS) await owner.attach(paper, await aPdf(`${paper}.pdf`));
  await whole.waitFor();
  await owner.page.getByRole('checkbox', { name: '申报材料真实、完整' }).tap();
  await owner.button('提交').tap();
  await owner.goThrough(question, '提交', /已提交/);
}

async function inspect({ conclusion, grade, conditions, problem }: { conclusion: string; grade: string; conditions: string[]; problem?: string }): Promise<void> {
  const clerk = await taker(acceptance, first, second);
  await clerk.move('材料齐全，指定验收机构', { chosen: ['申报材料齐全'] });
  await agency.openCase(acceptance);
  const { page } = agency;
  await page.locator('.move-button', { hasText: '提交查验意见' }).click();
  const form = page.getByRole('form', { name: '提交查验意见' });
  const item = form.getByRole('group', { name: '存在的问题 第 1 项' });
  if (problem) {
    if (!(await item.isVisible())) await form.getByRole('button', { name: '添加一项' }).click();
    await item.getByLabel('问题').fill(problem);
    await item.getByLabel('整改要求').fill('补齐外协工序的检验数据采集');
  } else if (await item.isVisible()) {
    await item.getByRole('button', { name: '删除' }).click();
  }
  await agency.move('提交查验意见', {
    chosen: ['本机构与企业、服务商及本项目没有利害关系', conclusion, grade, '听取企业和服务商汇报', '现场核查改造内容真实性', '现场核查合同、申报材料等真实性、合理性', '现场评测数字化水平、核查“一企一档”真实性', ...conditions],
    typed: { 现场查验日期: world.city.day(), 查验意见: '现场查验系统运行、台账和人员操作，逐项核对合同内容。' },
    files: { 现场查验材料: [await aPdf('查验记录.pdf')] },
  });
  const confirmer = await taker(acceptance, first, second);
  await confirmer.move('确认验收结果');
}

import { startWorld, type World } from '../../../scripts/browser/world';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

const NEED = '我们生产桥式起重机，想打通设计、排产和质量追溯，减少返工和延期交付。';

describe('the mini-program', () => {
  it('12.1: an owner asks for a diagnosis on the form, the provider finds it among its to-dos and accepts', async () => {
    const owner = await world.phone('owner');
    await owner.open();
    await owner.text('这里是数转通智能助手').waitFor();
    await owner.button('待办').tap();
    await owner.button('申请数字化诊断').tap();
    await owner.button('提交').tap();
    await owner.text('请填写诊断需求').waitFor();
    await owner.field('诊断需求').fill(NEED);
    await owner.button('选择服务商').tap();
    await owner.page.getByRole('option', { name: '中原数智科技有限公司' }).tap();
    await owner.submit();
    await owner.button('查看事项').tap();
    await owner.text('待服务商接受').waitFor();
    await owner.text(/还剩 \d+ 个工作日/).waitFor();
    await owner.text(NEED).waitFor();

    const provider = await world.phone('provider');
    await provider.open('pages/home/index');
    await provider.button(/诊断评估，待服务商接受/).first().tap();
    await provider.button('接受诊断任务').tap();
    await provider.page.getByRole('dialog').getByRole('button', { name: '确定' }).tap();
    await provider.text('诊断中').waitFor();
    await provider.endsWell();

    // The owner's page was open all the while, and is up to date untouched.
    await owner.text('诊断中').waitFor();
    await owner.open('pages/cases/index');
    await owner.button(/诊断评估，诊断中/).waitFor();
    await owner.endsWell();
  });

  it('keeps what was typed when the network is lost in mid-form, when the page is left, and files it once', async () => {
    const owner = await world.phone('owner2');
    const form = 'pages/form/index?procedure=diagnosis&move=request';
    await owner.open(form);
    await owner.field('诊断需求').fill(NEED);
    await owner.keeps(NEED);
    await owner.open(form);
    await owner.text(/已恢复/).waitFor();
    expect(await owner.field('诊断需求').inputValue()).toBe(NEED);

    // The request arrives, its answer is lost: the server has the case, the phone does not know.
    let lost = 0;
    await owner.page.route('**/api/v1/diagnosis/request', async (route) => {
      lost += 1;
      if (lost === 1) await route.fetch();
      if (lost <= 3) await route.abort();
      else await route.continue();
    });
    await owner.button('提交').tap();
    await owner.button('允许').tap();
    await owner.page.getByRole('dialog').getByRole('button', { name: '确定' }).tap();
    await owner.text(/网络不通/).waitFor();
    expect(await owner.field('诊断需求').inputValue()).toBe(NEED);
    await owner.submit();
    await owner.page.unroute('**/api/v1/diagnosis/request');
    await owner.open('pages/cases/index');
    await owner.button(/诊断评估/).first().waitFor();
    expect(await owner.button(/诊断评估/).count()).toBe(1);
    owner.troubles.splice(0, owner.troubles.length, ...owner.troubles.filter((trouble) => !trouble.includes('ERR_FAILED')));
    await owner.endsWell();
  });

  it('15.2: a complaint made by talking: the provider chosen with a control, the summary confirmed, the receipt leads to the case', async () => {
    const owner = await world.phone('owner2');
    await owner.open();
    await owner.text('这里是数转通智能助手').waitFor();
    await owner.say('我要投诉服务商');
    await owner.button('选择被投诉服务商').tap();
    await owner.page.getByRole('option', { name: '豫北工业互联有限公司' }).tap();
    await owner.button('确定').tap();
    await owner.page.getByRole('checkbox', { name: '收费问题' }).tap();
    await owner.button('确定').tap();
    await owner.text(/请填写投诉内容/).waitFor();
    await owner.say('对方在签订合同之前就要求我们预付三万元咨询费，已经付了一半。');
    await owner.text(/请填写诉求/).waitFor();
    await owner.say('退还已经预付的费用');
    for (;;) {
      const skip = owner.button('跳过');
      const confirm = owner.button('确认提交');
      await skip.or(confirm).last().waitFor();
      if (await confirm.isVisible()) break;
      await skip.tap();
      await skip.waitFor({ state: 'detached' });
    }
    await owner.button('确认提交').tap();
    await owner.button(/查看案件和回执/).tap();
    await owner.text('对方在签订合同之前就要求我们预付三万元咨询费').waitFor();
    await owner.endsWell();
  });

  it('a double tap on 提交 is one case', async () => {
    const owner = await world.phone('owner');
    await owner.open('pages/form/index?procedure=complaint&move=file');
    await owner.button('选择被投诉服务商').tap();
    await owner.page.getByRole('option', { name: '豫北工业互联有限公司' }).tap();
    await owner.page.getByRole('checkbox', { name: '收费问题' }).tap();
    for (const field of await owner.page.locator('textarea').all()) await field.fill('服务商在签订合同之前要求预付咨询费，有聊天记录和转账凭证为证。');
    await Promise.all([owner.button('提交').tap({ force: true }), owner.button('提交').tap({ force: true })]);
    await owner.submitRest();
    await owner.open('pages/cases/index');
    await owner.button(/投诉/).first().waitFor();
    expect(await owner.button(/投诉/).count()).toBe(1);
    await owner.endsWell();
  });
});

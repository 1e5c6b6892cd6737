import { taker } from '../../../scripts/browser/desk';
import { VirtualWechat } from '../../../scripts/browser/virtual-wechat';
import { startWorld, type World } from '../../../scripts/browser/world';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

const WHAT = '实施人员多次更换，约定的上门时间三次未到场，影响车间排产。';

describe('15.2: an enterprise complains', () => {
  it('the provider answers, a reviewer settles it, it is reopened once and settled by another', async () => {
    const [owner, provider, intake, first, second] = await Promise.all([
      world.phone('owner'), world.phone('provider2'), world.desk('intake'), world.desk('reviewer'), world.desk('reviewer2'),
    ]);
    const wechat = new VirtualWechat(provider.context, world.simulatorUrl, world.personas.phones['provider2']!.openid);
    await wechat.consent();

    await owner.open('pages/home/index');
    await owner.button('提交投诉').tap();
    await owner.button('选择被投诉服务商').tap();
    await owner.page.getByRole('option', { name: '豫北工业互联有限公司' }).tap();
    await owner.choice('人员能力不足').tap();
    await owner.choice('响应或进度迟缓').tap();
    await owner.fill({ 投诉内容: WHAT, 诉求: '更换项目经理并书面说明后续计划' });
    await owner.submit();
    const no = await owner.receiptNo();

    // Until the bureau takes it up, the provider knows nothing of it.
    await provider.open(`pages/case/index?no=${no}`);
    provider.expected.add(404);
    await provider.text('没有找到，或您不能查看这项内容').waitFor();
    provider.expected.delete(404);

    await taker(no, intake);
    await intake.move('受理投诉');
    expect(await wechat.newest('核实询问通知')).toContain('企业投诉');

    await provider.todo(/企业投诉，待服务商答复/);
    await provider.text(WHAT).waitFor();
    await provider.button('答复投诉').tap();
    await provider.fill({ 答复: '已更换项目经理，并安排专人驻场至月底。' });
    await provider.submit();

    const settler = await taker(no, first, second);
    const other = settler === first ? second : first;
    await settler.move('办结投诉', { chosen: ['属实，已处理'], typed: { 办理意见: '经核实人员频繁更换属实，服务商已更换负责人并书面致歉。' } });

    await owner.openCase(no);
    await owner.text('属实，已处理').waitFor();
    await owner.text('服务商已更换负责人并书面致歉').waitFor();
    await owner.button('申请重新办理').tap();
    await owner.fill({ 理由: '驻场人员一周后再次缺席，请重新办理。' });
    await owner.submit();

    await taker(no, other);
    await other.move('办结投诉', { chosen: ['属实，已处理'], typed: { 办理意见: '再次核实缺席属实，责成服务商限期改正。' } });
    await owner.openCase(no);
    await owner.text('责成服务商限期改正').waitFor();
    // Once is its right; a second time is not offered.
    expect(await owner.button('申请重新办理').count()).toBe(0);
    for (const each of [owner, provider, intake, first, second]) await each.endsWell();
  }, 240_000);
});

import { taker } from '../../../scripts/browser/desk';
import { aPdf } from '../../../scripts/browser/papers';
import type { PhoneInHand } from '../../../scripts/browser/phone';
import { startWorld, type World } from '../../../scripts/browser/world';
import { residentId } from '../../../scripts/client/codes';
import { Api } from '../../../scripts/client/http';

let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world?.stop());

const GREETING = '这里是数转通智能助手';
async function chatOf(who: string): Promise<PhoneInHand> {
  const phone = await world.phone(who);
  await phone.open();
  await phone.text(GREETING).waitFor();
  return phone;
}
/** Waits for such words in somebody's customer-service chat, and answers them. */
async function heard(who: string, words: RegExp): Promise<string> {
  const messages = `/sim/phones/${world.personas.phones[who]!.openid}/customer-messages`;
  for (;;) {
    const lines = await new Api(world.simulatorUrl).get<{ from: string; text: string }[]>(messages);
    const said = lines.slice(lines.findLastIndex(({ from }) => from === 'user') + 1).find(({ from, text }) => from === 'service' && words.test(text));
    if (said) return said.text;
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
}
async function inWechat(who: string, content: string, answer: RegExp): Promise<string> {
  await new Api(world.simulatorUrl).post(`/sim/phones/${world.personas.phones[who]!.openid}/customer/text`, { content });
  return heard(who, answer);
}
const numberIn = async (phone: PhoneInHand, prefix: string): Promise<string> => phone.text(new RegExp(`^${prefix}\\d{8}-[0-9A-Z]+$`)).innerText();

describe('the chat', () => {
  it('12.1: a diagnosis asked for in one sentence, put right, confirmed twice by a hasty thumb and once by a lost network: one case', async () => {
    const owner = await chatOf('owner');
    await owner.say('我要申请诊断，诊断需求是车间排产靠白板、仓库账实不符，联系安排是每天上午都可以，请中原数智来做');
    await owner.text('请核对：申请数字化诊断').waitFor();
    await owner.text('中原数智科技有限公司').waitFor();
    await owner.say('联系安排改成下周三上午');
    await owner.text('已更正“联系安排”').waitFor();

    // The confirmation arrives, its answer is lost; the phone says so, keeps it, and sends it again under the same key.
    let lost = 0;
    await owner.page.route('**/api/v1/chat', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      lost += 1;
      if (lost === 1) await route.fetch();
      return lost <= 3 ? route.abort() : route.continue();
    });
    const confirm = owner.button('确认提交').last();
    await Promise.all([confirm.tap({ force: true }), confirm.tap({ force: true })]);
    await owner.button(/点此重试：确认提交/).waitFor();
    await owner.button(/点此重试：确认提交/).tap();
    await owner.text('✓ 已提交：申请数字化诊断').waitFor();
    await owner.page.unroute('**/api/v1/chat');
    expect(await owner.text('下周三上午').count()).toBe(1);
    await owner.button(/查看案件和回执/).tap();
    await owner.text('待服务商接受').waitFor();
    await owner.text('下周三上午').waitFor();
    await owner.open('pages/cases/index');
    await owner.button(/诊断评估/).first().waitFor();
    expect(await owner.button(/诊断评估/).count()).toBe(1);
    owner.troubles.splice(0, owner.troubles.length, ...owner.troubles.filter((trouble) => !trouble.includes('ERR_FAILED')));
    await owner.endsWell();
  });

  it('a rule asked for in passing is answered with its article, whose text opens under it; what was said before is above', async () => {
    const owner = await chatOf('owner2');
    await owner.say('没签合同就让我们先交定金，合规吗？');
    await owner.text('依据：《办法》第十一条').waitFor();
    await owner.button('查看第十一条').tap();
    await owner.text('第十一条 签订合同与禁止行为').waitFor();
    await owner.button('收起条文').tap();
    await owner.text('第十一条 签订合同与禁止行为').waitFor({ state: 'hidden' });
    await owner.say('补贴最高给多少万');
    await owner.text(/没有规定补贴的最高金额/).waitFor();
    await owner.open();
    await owner.text(/没有规定补贴的最高金额/).waitFor();

    // 10: a provider asked after by name is a card of the public register, and a tap away from its page.
    await owner.say('豫北工业互联有限公司怎么样');
    await owner.button(/豫北工业互联有限公司.*在库/).tap();
    await owner.text('已完成的试点服务').waitFor();
    await owner.endsWell();
  });

  it('18: a true-name report told in the chat with its evidence; who one is goes with the confirmation and stands nowhere in the dialogue', async () => {
    const citizen = await chatOf('citizen');
    await citizen.say('我要实名举报豫北工业互联，案例业绩造假');
    await citizen.text(/请填写举报内容/).waitFor();
    await citizen.say('该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。');
    await citizen.attach('佐证材料', await aPdf('合同.pdf'));
    await citizen.button('确定').tap();
    for (const declared of ['我对举报内容的真实性负责', '我已阅读身份信息保护说明']) {
      await citizen.text(`请确认：${declared}`).waitFor();
      await citizen.button('确认').last().tap();
      await citizen.text(`请确认：${declared}`).waitFor();
    }
    await citizen.text('请核对：提交实名举报').waitFor();
    await citizen.fill({ 真实姓名: '何真名', 身份证号: residentId('410702', '19900307', 851), 联系电话: '13800030001' });
    await citizen.button('确认提交').tap();
    await citizen.text('✓ 已提交：提交实名举报').waitFor();
    const no = await numberIn(citizen, 'JB');
    await citizen.open();
    await citizen.text('✓ 已提交：提交实名举报').waitFor();
    const shown = await citizen.page.content();
    const kept = await citizen.page.evaluate('JSON.stringify(localStorage)') as string;
    for (const secret of ['何真名', '13800030001', residentId('410702', '19900307', 851)]) {
      expect(shown).not.toContain(secret);
      expect(kept).not.toContain(secret);
    }
    await citizen.openCase(no);
    await citizen.text('合同.pdf').waitFor();
    await citizen.endsWell();
  });

  it('4.6: a question for a person goes to the desk, and the answer comes by itself where it was asked: into the open chat, or into WeChat', async () => {
    const [owner, clerk] = await Promise.all([chatOf('owner2'), world.desk('intake')]);
    await owner.button('转人工').first().tap();
    await owner.text('请填写要问的问题').waitFor();
    await owner.say('我们两家厂共用一套系统，诊断是做一次还是两次？');
    await owner.button('确认提交').last().tap();
    await owner.text('✓ 已提交：转人工服务').waitFor();
    const no = await numberIn(owner, 'RG');
    await taker(no, clerk);
    await clerk.move('答复', { typed: { 答复: '按法人单位分别诊断，两家厂各做一次。' } });
    await owner.text(/按法人单位分别诊断/).waitFor();
    await owner.text('市工信局工作人员').waitFor();

    // Asked in WeChat's customer-service chat, the answer comes there.
    expect(await inWechat('owner2', '转人工', /请填写要问的问题/)).not.toContain(no);
    await inWechat('owner2', '外地的分厂算不算试点企业？', /请核对“转人工服务”/);
    const there = /RG\d{8}-\w{6}/.exec(await inWechat('owner2', '确认', /已提交“转人工服务”/))![0];
    await taker(there, clerk);
    await clerk.move('答复', { typed: { 答复: '以名单上的法人单位为准。' } });
    await heard('owner2', new RegExp(`工作人员答复（${there}）：以名单上的法人单位为准`));
    for (const each of [owner, clerk]) await each.endsWell();
  });
});

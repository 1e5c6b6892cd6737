import { aPhoto } from '../../../scripts/browser/papers';
import type { PhoneInHand } from '../../../scripts/browser/phone';
import metrics from '../../../src/rulebook/data/metrics.json';

/** The steps with scenarios, as the questionnaire abbreviates them. */
export const SCENARIO_STEPS = [['lifecycle', '产品'], ['production', '生产'], ['supply', '供应链'], ['management', '决策']] as const;
const FINDING = '以电子表格记录为主，部门之间靠纸质单据传递，数据标准不统一。';

export const step = (phone: PhoneInHand, name: string) => phone.page.getByRole('tab', { name: new RegExp(`^${name}`) }).filter({ visible: true }).tap();
export const score = (phone: PhoneInHand, words: RegExp) => phone.button(new RegExp(`当前得分.*${words.source}`)).waitFor();
export const option = (phone: PhoneInHand, kind: 'radio' | 'checkbox', name: string) => phone.page.getByRole(kind, { name, exact: true }).filter({ visible: true });

/** Answers questions of the step in hand: the second option of each, or the third where one is to be chosen. */
export async function answerQuestions(phone: PhoneInHand, ids: string[]): Promise<void> {
  for (const id of ids) {
    const { no, choice, options } = metrics.questions[id as keyof typeof metrics.questions];
    const { code, label } = options[choice === 'one' ? Math.min(2, options.length - 1) : 1]!;
    await option(phone, choice === 'one' ? 'radio' : 'checkbox', `第${no}题 ${code} ${label}`).tap();
  }
}

/** Rates the scenarios of the step in hand at the first level; one that does not apply is marked so. */
export async function rateScenarios(phone: PhoneInHand, group: string, notApplicable = ''): Promise<void> {
  for (const { name } of Object.values(metrics.scenarios).filter((one) => one.group === group)) {
    await option(phone, 'radio', name === notApplicable ? `${name} 不适用` : `${name} 一级`).tap();
  }
}

/** The day of the visit and who was there, on the step in hand. */
export async function describeVisit(phone: PhoneInHand, day: string): Promise<void> {
  await phone.chooseDay('现场评测日期', day);
  await phone.fill({ 服务商评测人员: '王工（实施顾问）', 企业陪同人员: '赵主任（生产部）' });
}

/** What the assessor found: areas, one problem, one need, scheme and path. */
export async function describeFindings(phone: PhoneInHand): Promise<void> {
  await step(phone, '现状');
  for (const { name } of Object.values(metrics.areas)) await phone.field(name).fill(FINDING);
  await step(phone, '问题');
  await phone.button(/添加数字化改造问题清单/).tap();
  await option(phone, 'radio', '生产制造').tap();
  await phone.field('问题').fill('车间报工靠纸质单据，生产进度次日才能汇总');
  await option(phone, 'radio', '急需解决').tap();
  await step(phone, '需求');
  await phone.button(/添加需求场景清单/).tap();
  await phone.button('选择应用场景').tap();
  await phone.page.getByRole('option', { name: '生产管控' }).tap();
  await phone.field('需求').fill('工单扫码报工，进度和产量实时可见');
  await option(phone, 'radio', '二级').tap();
  await option(phone, 'radio', '急需解决').tap();
  await step(phone, '方案');
  await phone.field('实施方案').fill('以生产管控和质量管理为主线，先统一基础数据，再上线轻量化制造执行系统，关键设备加装采集终端。');
  await phone.button(/添加改造路径/).tap();
  await phone.field('阶段').fill('第一阶段');
  await phone.field('内容').fill('统一物料和工艺编码，上线工单报工');
  await option(phone, 'checkbox', '生产管控').tap();
  await phone.field(/预计月数/).fill('3');
}

/** From the last step, complete: issues the report; `reply` where the enterprise disputed the one before. */
export async function issueReport(phone: PhoneInHand, reply = ''): Promise<void> {
  await step(phone, '检查');
  await phone.text('内容完整，可以出具报告').waitFor();
  await phone.button('出具报告').tap();
  await phone.choice('已到企业现场评测，报告内容真实').tap();
  if (reply) await phone.field('对异议的答复').fill(reply);
  await phone.submit();
}

/** The whole questionnaire, from its first step, and the report. */
export async function assess(phone: PhoneInHand, day: string): Promise<void> {
  await describeVisit(phone, day);
  await step(phone, '基础');
  await answerQuestions(phone, ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7']);
  await phone.attach('第2题佐证材料', await aPhoto('设备清单.jpg'));
  await step(phone, '管理');
  await answerQuestions(phone, ['q8', 'q9', 'q10', 'q11']);
  await step(phone, '成效');
  await answerQuestions(phone, ['q12', 'q13', 'q14', 'q15']);
  for (const [group, short] of SCENARIO_STEPS) {
    await step(phone, short);
    await rateScenarios(phone, group);
  }
  await describeFindings(phone);
  await issueReport(phone);
}

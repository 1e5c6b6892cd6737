import { residentId } from '../client/codes';
import type { City } from './city';
import { answers, pdf, photo } from './papers';
import { wordsOfDay } from '../../src/kernel/numbers';
import { DOCUMENTS } from '../../src/procedures/acceptance-documents';
import metrics from '../../src/rulebook/data/metrics.json';
import survey from '../../src/rulebook/data/survey.json';

const REVIEWERS = ['reviewer', 'reviewer2'];

/** 1 · Sign-in: everybody is who they say, for the organisation they claimed. */
export async function signInStory(city: City): Promise<void> {
  city.begin('sign-in');
  for (const [key, role] of [['owner', 'enterprise'], ['provider', 'provider'], ['provider2', 'provider']] as const) {
    const phone = await city.phone(key);
    await phone.actFor(city.org(key), role);
    const me = await phone.api.get('/api/v1/me');
    city.note(`${key} signs in with WeChat and acts for its organisation`, '2', `${me.acting.roles[0]} · ${me.organisations[0].name}`);
  }
  const citizen = await city.phone('citizen');
  const me = await citizen.api.get('/api/v1/me');
  city.note('citizen signs in with WeChat', '18', `${me.acting.roles[0]} · ${me.person.phone}`);
  await city.staff('intake');
  city.note('a clerk signs in with password and dynamic code', '4.1', 'staff');
}

/** 2 · Diagnosis (第十二条（一）). Answers the number of the confirmed case. */
export async function diagnosisStory(city: City): Promise<string> {
  city.begin('diagnosis');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider');
  await provider.consent('TPL_TASK', 'TPL_REMINDER');
  const running = (await owner.api.get<{ items: any[] }>('/api/v1/cases?procedure=diagnosis&limit=100')).items.filter((line) => !line.state.end);
  // An enterprise has one diagnosis at a time: one that an earlier, broken-off run left behind is ended first.
  for (const { no } of running) await owner.api.post(`/api/v1/cases/${no}/withdraw`, {}).catch(() => owner.api.post(`/api/v1/cases/${no}/confirm`, {}));
  // One outsider gets one card on a person's phone until that person looks (A7), so the provider looks first.
  await provider.api.post('/api/v1/inbox/seen');
  const before = (await provider.cards()).length;
  const { no } = await city.chat(owner.api, 'the owner asks for a diagnosis',
    '我们想做个数字化诊断', '车间靠纸质单据报工，进度和质量无法追溯', '工作日上午均可', '中原数智科技有限公司', '确认');
  const card = await city.until('the task push on the provider\'s phone', async () => (await provider.cards())[before]);
  city.note('the provider\'s phone shows the task push', '12.1', card.lines.map(({ value }) => value).join(' · '), no);
  await city.act(provider.api, no, 'accept', {}, 'the provider accepts');
  const evidence = await city.upload(provider.api, '设备清单.jpg', await photo(), 'image/jpeg');
  await city.act(provider.api, no, 'save', {
    visitedOn: city.day(0), visitors: '王工（实施顾问）', hosts: '赵主任（生产部）', answers: answers(metrics, 1), evidence: [evidence], proofs: { q2: [evidence] },
    figures: { q2: { '生产设备数量（台）': 120, '实现数字化的生产设备数量（台）': 36 } },
    findings: Object.fromEntries(Object.keys(metrics.areas).map((key) => [key, '以电子表格记录为主，部门之间靠纸质单据传递，数据标准不统一。'])),
    problems: [
      { area: 'production', text: '车间报工靠纸质单据，生产进度次日才能汇总', urgency: 'high' },
      { area: 'quality', text: '检验记录未与批次关联，质量问题无法追溯', urgency: 'high' },
    ],
    needs: [
      { scenario: 'production_control', need: '工单扫码报工，进度和产量实时可见', targetLevel: 2, urgency: 'high' },
      { scenario: 'quality', need: '检验数据电子化，按批次追溯', targetLevel: 2, urgency: 'high' },
      { scenario: 'warehouse', need: '出入库扫码，库存准确', targetLevel: 2, urgency: 'middle' },
      { scenario: 'purchasing', need: '按生产计划生成采购需求', targetLevel: 2, urgency: 'middle' },
      { scenario: 'equipment', need: '关键设备联网，运行数据自动采集', targetLevel: 2, urgency: 'middle' },
    ],
    scheme: '以生产管控和质量管理为主线，先统一基础数据，再上线轻量化制造执行系统，关键设备加装采集终端。',
    path: [{ stage: '第一阶段', content: '统一物料和工艺编码，上线工单报工', scenarios: ['production_control'], months: 3 }, { stage: '第二阶段', content: '质量追溯上线', scenarios: ['quality'], months: 3 }],
  }, 'the provider fills in the 2024 metrics, problems, scenarios and path');
  await city.act(provider.api, no, 'issue', { onSite: true }, 'the provider issues the report');
  const view = await city.read(owner.api, no);
  city.note('the owner reads grade and score', '12.1', `改造前等级 ${view.data.result.grade}，得分 ${view.data.result.total}`, no);
  const report = await owner.api.get<Uint8Array>(`/api/v1/cases/${no}/documents/report`);
  city.note('the report exports as DOCX', '12.1', `${Math.round(report.length / 1024)} KB`, no);
  await city.act(owner.api, no, 'confirm', {}, 'the owner confirms');
  return no;
}

/** 3 · Plan filing (第七条, 第十二条（二）（三）). Answers the number of the approved plan. */
export async function planStory(city: City, diagnosisNo: string): Promise<string> {
  city.begin('plan');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider');
  const { no } = await city.open(provider.api, 'plan', { diagnosis: diagnosisNo }, 'the provider drafts a plan on the diagnosis');
  await city.act(provider.api, no, 'save', planContent(city), 'items, cost split, target grade, schedule, rights and duties');
  await city.act(provider.api, no, 'propose', {}, 'the plan goes to the owner');
  await city.chat(owner.api, 'the owner confirms this exact version', '确认方案', '确认');
  await approvePlan(city, no);
  return no;
}

/** The bureau's part: an odd panel scores the plan its enterprise confirmed, somebody else approves. */
export async function approvePlan(city: City, no: string): Promise<void> {
  const clerk = await city.take(no, ...REVIEWERS);
  await city.act(clerk, no, 'accept', { complete: true }, 'papers complete, an odd panel is drawn');
  await score(city, no);
  const decider = await city.take(no, ...REVIEWERS);
  await city.act(decider, no, 'approve', { opinion: '同意备案' }, 'the bureau approves');
}

/** Every drawn expert scores without seeing the others. */
async function score(city: City, no: string): Promise<void> {
  let scored = 0;
  for (const login of Object.keys(city.personas.staff).filter((name) => name.startsWith('expert'))) {
    const expert = await city.staff(login);
    const { items } = await expert.get<{ items: any[] }>('/api/v1/cases?waiting=me&procedure=plan&limit=100');
    if (!items.some((line) => line.no === no)) continue;
    await city.act(expert, no, 'score', { noConflict: true, project: 35, amount: 26, effect: 27, verdict: 'passed', reasons: '内容与诊断问题对应，价格合理，目标可以达到' }, `expert ${scored + 1} scores blind`);
    scored += 1;
  }
  if (scored % 2 !== 1) throw new Error(`the panel had ${scored} experts`);
}

/** A change of the approved plan: small ones are noted, larger ones come back for review (12.3). */
export async function planChangeStory(city: City, no: string): Promise<void> {
  city.begin('plan change');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider');
  const content = planContent(city);
  await provider.api.post(`/api/v1/cases/${no}/save`, { ...content, finish: city.day(250) });
  await city.act(provider.api, no, 'change', { reason: '设备到货推迟，完工日期顺延十天' }, 'a small change is proposed');
  const minor = (await city.read(owner.api, no)).data.change.toHash as string;
  await city.act(owner.api, no, 'confirmChange', { planHash: minor }, 'agreed and noted, no new review');

  const [first, ...rest] = content.items;
  await provider.api.post(`/api/v1/cases/${no}/save`, {
    ...content, finish: city.day(250), items: [{ ...first!, unitPriceFen: 40_000_000 }, ...rest],
    split: { enterpriseFen: 38_000_000, providerConcessionFen: 4_000_000, governmentFen: 16_000_000 },
  });
  await city.act(provider.api, no, 'change', { reason: '增加采集点位，投资增加' }, 'a change that raises the investment');
  const material = (await city.read(owner.api, no)).data.change.toHash as string;
  await city.act(owner.api, no, 'confirmChange', { planHash: material }, 'agreed, and filed anew');
  await approvePlan(city, no);
}

export function planContent(city: City) {
  return {
    items: [
      { name: '轻量化制造执行系统', kind: 'software', product: '小快轻准MES 3.0', function: '排产、工单下达、扫码报工、采购需求、出入库扫码', purpose: '生产过程透明，计划可调，物料齐套', scenarios: ['production_control', 'scheduling', 'purchasing', 'warehouse'], unitPriceFen: 30_000_000, quantity: 1 },
      { name: '质量追溯模块', kind: 'software', product: '小快轻准QMS 2.1', function: '检验记录、批次追溯、统计分析', purpose: '质量问题可追溯', scenarios: ['quality'], unitPriceFen: 10_000_000, quantity: 1 },
      { name: '数据采集终端', kind: 'hardware', product: '工业网关G2', function: '采集设备运行数据', purpose: '设备联网', scenarios: ['equipment'], unitPriceFen: 800_000, quantity: 10 },
    ],
    split: { enterpriseFen: 30_000_000, providerConcessionFen: 4_000_000, governmentFen: 14_000_000 },
    targetGrade: 2,
    effects: [{ indicator: '订单准时交付率', before: '82%', after: '95%' }],
    start: city.day(10), finish: city.day(240),
    providerDuties: '按方案交付软硬件并负责安装、培训和一年免费维护。',
    enterpriseDuties: '提供实施场地和数据，安排专人配合，按合同付款。',
  };
}

/** 4 · Contract and acceptance (第十一条, 第十二条（三）（四）). Fails once, is rectified, passes in the next batch. */
export async function contractStory(city: City, planNo: string): Promise<string> {
  city.begin('contract');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider');
  const { current, approved } = (await city.read(provider.api, planNo)).data;
  const basis = current ?? approved;
  const file = await city.upload(provider.api, '改造合同.pdf', await pdf('Transformation contract'), 'application/pdf');
  const due = basis.totalFen - basis.split.providerConcessionFen;
  const { no } = await city.open(provider.api, 'contract', {
    plan: planNo, file: [file], amountFen: basis.totalFen, split: basis.split, start: basis.start, finish: basis.finish, noSubcontracting: true, noEarlyCharge: true,
    milestones: [{ name: '首付款', when: 'signed', amountFen: Math.floor(due / 2) }, { name: '验收款', when: 'accepted', amountFen: due - Math.floor(due / 2) }],
  }, 'the provider draws up the contract on the approved plan');
  const { fileHash } = (await city.read(owner.api, no)).data;
  await city.act(owner.api, no, 'sign', { fileHash }, 'the enterprise signs the file it saw (hash)');
  await city.act(provider.api, no, 'sign', { fileHash }, 'the provider signs; work may begin');
  await city.act(provider.api, no, 'progress', { percent: 60, text: '系统已上线试运行，完成两轮培训' }, 'progress');
  const proof = await city.upload(provider.api, '测试报告.pdf', await pdf('Test report'), 'application/pdf');
  await city.act(provider.api, no, 'deliver', { deliverables: [proof], delivery: '合同所列软硬件全部安装调试完成，已培训并移交手册。' }, 'delivered');
  await city.act(owner.api, no, 'confirmDelivery', {}, 'the enterprise confirms the delivery');
  return no;
}

export async function acceptanceStory(city: City, contractNo: string): Promise<string> {
  city.begin('acceptance');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider');
  const batch = await openBatch(city, '第一批改造项目验收');
  const { no } = await city.open(owner.api, 'acceptance', { contract: contractNo, batch, truthful: true, ...await papers(city) }, 'the enterprise applies with its files');
  await inspect(city, no, { result: 'failed', gradeAfter: 1, problems: [{ text: '质量追溯未覆盖外协工序', advice: '补齐外协工序的检验数据采集' }], conditions: ['goodStanding', 'inPeriod', 'finished', 'running'] });
  await city.act(provider.api, no, 'rectify', { text: '已补齐外协工序检验数据采集并完成联调。', files: [] }, 'rectified by the provider');
  await city.act(owner.api, no, 'declareRectified', {}, 'the enterprise declares it rectified');
  const clerk = await city.staff('reviewer');
  await city.act(clerk, batch, 'close', { closing: '第一批申请项目已全部查验' }, 'the first batch closes early');
  const next = await openBatch(city, '第二批改造项目验收');
  await city.until('the next batch to reach the project', async () => (await city.read(owner.api, no)).moves.some(({ move }: { move: string }) => move === 'reapply'));
  await city.act(owner.api, no, 'reapply', { batch: next, truthful: true, ...await papers(city) }, 'it applies in the next batch');
  await inspect(city, no, { result: 'passed', gradeAfter: 2, problems: [], conditions: ['goodStanding', 'inPeriod', 'finished', 'grade', 'running'] });
  return no;
}

/** Answers the number of a batch that takes applications. */
export async function openBatch(city: City, title: string): Promise<string> {
  const clerk = await city.staff('reviewer');
  const { no } = await city.open(clerk, 'batch', {
    title: `${wordsOfDay(city.day())}${title}`, notice: '请已完成交付的试点企业在申请期内提交验收申报材料，逾期顺延至下一批次。', workingDays: 10,
    documents: ['applicationForm', 'contractCopy', 'invoices', 'summary'], conditions: ['goodStanding', 'inPeriod', 'finished', 'grade', 'running'],
  }, 'the bureau opens an acceptance batch');
  return no;
}

async function papers(city: City): Promise<Record<string, string[]>> {
  const owner = await city.phone('owner');
  const entries = await Promise.all((['applicationForm', 'contractCopy', 'invoices', 'summary'] as const).map(async (name) =>
    [name, [await city.upload(owner.api, `${DOCUMENTS[name]}.pdf`, await pdf(name), 'application/pdf')]] as [string, string[]]));
  return Object.fromEntries(entries);
}

/** The agency's finding on an application, confirmed by the bureau. */
export async function inspect(city: City, no: string, finding: object): Promise<void> {
  const clerk = await city.take(no, ...REVIEWERS);
  await city.act(clerk, no, 'accept', { complete: true }, 'papers complete, an agency is drawn');
  const agency = await city.staff('agency');
  await city.act(agency, no, 'find', {
    noConflict: true, visitedOn: city.day(), onSite: ['heard', 'content', 'papers', 'level'], opinion: '现场查验系统运行、台账和人员操作，逐项核对合同内容。', photos: [], ...finding,
  }, 'the agency inspects on site');
  const confirmer = await city.take(no, ...REVIEWERS);
  await city.act(confirmer, no, 'confirm', {}, 'the result is published');
}

/** 5 · Rating (第十四条, 第十五条（四）): one step whatever the opinion; sealed until the window closes. */
export async function ratingStory(city: City, overall = 'dissatisfied'): Promise<string> {
  city.begin('rating');
  const owner = await city.phone('owner');
  const no = await city.waiting(owner.api, 'rating');
  await city.act(owner.api, no, 'rate', ratingInput(overall), 'the owner rates');
  return no;
}

export const ratingInput = (overall: string): object => ({ overall, items: Object.fromEntries(Object.keys(survey.items).map((key) => [key, 3])) });

/** 6 · Complaint (第十五条（二）). */
export async function complaintStory(city: City): Promise<string> {
  city.begin('complaint');
  const owner = await city.phone('owner');
  const provider = await city.phone('provider2');
  const { no } = await city.open(owner.api, 'complaint', {
    provider: city.org('provider2'), matters: ['staff', 'delay'], text: '实施人员多次更换，约定的上门时间三次未到场，影响车间排产。', wish: '更换项目经理并书面说明后续计划',
  }, 'the owner complains');
  const clerk = await city.take(no, 'intake');
  await city.act(clerk, no, 'accept', {}, 'accepted');
  await city.act(provider.api, no, 'reply', { reply: '已更换项目经理，并安排专人驻场至月底。' }, 'the provider replies');
  const reviewer = await city.take(no, ...REVIEWERS);
  await city.act(reviewer, no, 'settle', { result: 'upheld', finding: '经核实人员频繁更换属实，服务商已更换负责人并书面致歉。' }, 'settled');
  await city.act(owner.api, no, 'reopen', { reopening: '驻场人员一周后再次缺席，请重新办理。' }, 'reopened once by right');
  const other = await city.take(no, ...REVIEWERS);
  await city.act(other, no, 'settle', { result: 'upheld', finding: '再次核实缺席属实，责成服务商限期改正。' }, 'settled by another reviewer');
  return no;
}

/** 7 · Real-name report (第十八条). The provider leaves the register. */
export async function reportStory(city: City, accusedKey = 'provider2'): Promise<string> {
  city.begin('report');
  const citizen = await city.phone('citizen');
  const accused = await city.phone(accusedKey);
  const evidence = await city.upload(citizen.api, '合同照片.jpg', await photo(), 'image/jpeg');
  const { no, head } = await city.open(citizen.api, 'report', {
    provider: city.org(accusedKey), matters: ['cases'], evidence: [evidence],
    text: '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。',
    name: '何真名', idNumber: residentId('410702', '19900307', 851), phone: '13800030001', truthful: true, informed: true,
  }, 'a citizen reports under true name with evidence');
  const receipt = await city.api.get(`/api/v1/receipts/${no}/${head}`);
  city.note('the receipt is checked against the live chain', '18', String(receipt.genuine), no);
  const first = await city.take(no, ...REVIEWERS);
  await city.act(first, no, 'verify', { identityCheck: '电话核验，信息一致' }, 'identity verified; the case shows a pseudonym only');
  await city.act(first, no, 'accept', {}, 'accepted');
  await city.act(first, no, 'inquire', { summary: '请对申报材料所列应用案例的真实情况予以说明', questions: '请提供合同、验收和付款凭证', knownTo: 40 }, 'a neutral inquiry goes to the provider');
  const inquiry = await city.waiting(accused.api, 'inquiry');
  await city.act(accused.api, inquiry, 'reply', { reply: '案例材料由前员工整理，原始合同已遗失，无法提供。' }, 'the provider replies');
  await city.until('the reply on the report', async () => (await city.read(first, no)).moves.some((move: { move: string }) => move.move === 'find'));
  await city.act(first, no, 'find', {
    result: 'falsified', finding: '三家甲方单位书面确认从未签约，案例虚构。', feedback: '经核实举报属实，该单位已退出服务商库。', intended: '拟认定提供虚假案例，退出服务商库。',
  }, 'the first handler finds');
  const second = await city.take(no, ...REVIEWERS);
  await city.act(second, no, 'agree', { secondOpinion: '证据充分，同意。' }, 'the second handler agrees');
  await city.until('the hearing', async () => (await city.read(accused.api, inquiry)).state.name === 'announced');
  await city.act(accused.api, inquiry, 'state', { statement: '承认整理不实，请求从轻处理。' }, 'the provider is heard');
  const director = await city.take(no, 'director');
  await city.act(director, no, 'decide', { result: 'falsified', decision: '提供虚假案例属实，退出服务商库。', feedback: '经核实举报属实，该单位已退出服务商库，感谢监督。' }, 'the director decides');
  const told = (await city.read(citizen.api, no)).data.feedback as string;
  city.note('the reporter is told', '18', told, no);
  const standing = await city.until('the register', async () => {
    const { items } = await city.api.get<{ items: any[] }>('/api/v1/providers?limit=100');
    return items.find((item) => item.id === city.org(accusedKey) && item.standing === 'removed');
  });
  city.note('the provider is out of the register', '18', `${standing.name}：${standing.standing}（第${standing.article}条）`, no);
  return no;
}

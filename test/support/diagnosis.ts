import { AREAS, QUESTIONS, SCENARIOS, type PartialAnswers } from '../../src/procedures/diagnosis/questionnaire';
import type { saveForm } from '../../src/procedures/diagnosis/forms';

export const FILE_A = 'file-aaaaaaaaaaaaaaaaaaaa';
export const FILE_B = 'file-bbbbbbbbbbbbbbbbbbbb';

/** Complete answers of an enterprise of grade 一级: points enough for 二级, scenarios at level 1 but 设备管理 at 2, 售后服务 and 决策支持 at 0. */
export const someAnswers = (): PartialAnswers => ({
  ...Object.fromEntries(QUESTIONS.map(({ id, choice, options }) => [id, choice === 'one' ? options[Math.min(2, options.length - 1)]!.code : [options[1]!.code, options[2]!.code]])),
  scenarios: Object.fromEntries(SCENARIOS.map((key) => [key, key === 'decision' || key === 'after_sales' ? 0 : key === 'equipment' ? 2 : 1])),
});

type Saved = ReturnType<typeof saveForm.parse>;

/** Everything a report needs, complete; visited on 2026-03-02 (the day test kernels begin). */
export const aDraft = (more: Partial<Saved> = {}): Saved => ({
  visitedOn: '2026-03-02', visitors: '王工（实施顾问）、李工（数据采集）', hosts: '赵主任（生产部）',
  answers: someAnswers(),
  figures: { q2: { '生产设备数量（台）': 120, '实现数字化的生产设备数量（台）': 36 }, q3: { '实现联网的生产设备数量（台）': 30 } },
  evidence: [FILE_A, FILE_B], proofs: { q2: [FILE_A], quality: [FILE_B] },
  notApplicable: [{ scenario: 'after_sales', reason: '产品全部由主机厂负责售后' }],
  findings: Object.fromEntries(AREAS.map((key) => [key, '现场查看了台账和系统界面，目前以电子表格记录为主，部门之间靠纸质单据传递，尚未形成统一的数据标准。'])),
  problems: [
    { area: 'production', text: '车间报工靠纸质单据，生产进度次日才能汇总，计划员无法及时调整', urgency: 'high' },
    { area: 'quality', text: '检验记录未与批次关联，发生质量问题时无法追溯到工序和设备', urgency: 'high' },
    { area: 'energy', text: '只有总表电量，没有分车间计量', urgency: 'low' },
  ],
  needs: [
    { scenario: 'production_control', need: '工单扫码报工，进度和产量实时可见', targetLevel: 2, urgency: 'high' },
    { scenario: 'quality', need: '检验数据电子化，按批次追溯', targetLevel: 2, urgency: 'high' },
    { scenario: 'warehouse', need: '出入库扫码，库存准确', targetLevel: 2, urgency: 'middle' },
  ],
  scheme: '以生产管控和质量管理为主线，先建立工单、物料、检验三类基础数据，再上线轻量化制造执行系统。\n关键设备加装采集终端，数据统一进入云平台，与现有财务软件按日对账。',
  path: [
    { stage: '第一阶段 打基础', content: '统一物料和工艺编码，车间网络覆盖', scenarios: ['production_control'], months: 2 },
    { stage: '第二阶段 上系统', content: '工单报工、检验、仓储上线运行', scenarios: ['production_control', 'quality', 'warehouse'], months: 4 },
    { stage: '第三阶段 见成效', content: '数据分析与持续改进', scenarios: ['quality'], months: 2 },
  ],
  ...more,
});

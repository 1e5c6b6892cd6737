/**
 * What an enterprise hands in for acceptance, and what must hold for it to pass. Article 12.4 names neither and leaves both to
 * the notice of the batch; these are the lists other pilot cities published (昆明 for the papers, 柳州 for the conditions).
 */
export const DOCUMENTS = {
  archive: '试点项目验收档案',
  applicationForm: '项目验收申请表',
  financeCheck: '项目验收财务核查表',
  contractCopy: '企业数字化改造合同',
  invoices: '企业数字化改造发票及付款证明',
  summary: '数字化改造项目总结报告',
  effects: '企业改造成效佐证材料',
  selfAssessment: '企业改造后自评测及佐证材料',
} as const;
export type Document = keyof typeof DOCUMENTS;

export const CONDITIONS = {
  goodStanding: '在拟改造企业名单内，依法纳税、经营正常、信用良好',
  inPeriod: '合同签订和项目实施时间在试点期内',
  finished: '项目实施完毕、完成投资并取得发票',
  grade: '数字化水平达到目标等级（2024年版评测指标）',
  running: '软件系统及配套硬件正常运行并产生实际效益',
} as const;
export type Condition = keyof typeof CONDITIONS;

/** Grades before and after a transformation, as this procedure calls them everywhere. */
export const GRADES = { 0: '无等级', 1: '一级', 2: '二级', 3: '三级', 4: '四级' } as const;

/** What the agency does on site (厦门's list; the measures give none). */
export const ON_SITE = {
  heard: '听取企业和服务商汇报',
  content: '现场核查改造内容真实性',
  papers: '现场核查合同、申报材料等真实性、合理性',
  level: '现场评测数字化水平、核查“一企一档”真实性',
} as const;

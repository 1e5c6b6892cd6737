import { CONDITIONS, GRADES as AFTER, ON_SITE } from './acceptance-documents';
import metricsJson from '../rulebook/data/metrics.json';
import expertReview from '../rulebook/data/expert-review.json';
import surveyJson from '../rulebook/data/survey.json';

/**
 * Words for what rules write into a case without a form of its own ("structures"), by member. Those without an entry are the
 * machine's own (codes, ids of people, seeds) and are not shown.
 */
const NAMES: Record<string, string> = {
  on: '日期', at: '时间', since: '自', version: '版本', revision: '版次', round: '轮次', no: '版本', text: '内容', reason: '原因', reasons: '理由', why: '原因', result: '结果', reply: '答复', opinion: '意见', advice: '建议',
  name: '名称', title: '名称', by: '提出方', side: '签订方', from: '由', to: '改为', what: '内容', item: '涉及条目',
  // diagnosis
  foundation: metricsJson.dimensions.foundation.name, management: metricsJson.dimensions.management.name, results: metricsJson.dimensions.results.name, total: '评测得分', gradeName: '评定等级', grade: '等级', gradeByScore: '按得分', gradeByScenarios: '按场景',
  missingForNext: '距下一级', points: '还差分数', binding: '还差约束性场景', candidates: '可提升的场景', scenarioLevels: '各场景等级', perQuestion: '各题得分', mean: '平均等级', radar: '八个方面',
  issuedOn: '出具日期', visitedOn: '现场评测日期', visitors: '服务商评测人员', hosts: '企业陪同人员', answers: '评测问卷', figures: '评测数据', notApplicable: '不适用的场景', findings: '现状', problems: '问题清单', needs: '需求场景', scheme: '实施方案', path: '改造路径',
  area: '方面', urgency: '轻重缓急', scenario: '应用场景', scenarios: '涉及场景', need: '需求', targetLevel: '期望水平', stage: '阶段', content: '内容', months: '预计月数', evidence: '佐证材料',
  // plan and contract
  hash: '校验码', planHash: '方案校验码', fileHash: '合同文本校验码', totalFen: '合计', amountFen: '金额', items: '明细', kind: '类别', product: '产品', function: '功能', purpose: '用途', unitPriceFen: '单价', quantity: '数量',
  split: '费用分担', enterpriseFen: '企业承担', providerConcessionFen: '服务商让利', governmentFen: '政府补助', targetGrade: '目标等级', effects: '预期成效', indicator: '指标', before: '改造前', after: '改造后', start: '开工日期', finish: '完成日期',
  providerDuties: '服务商的权利义务', enterpriseDuties: '企业的权利义务', unmet: '未纳入的需求', attachments: '附件', material: '须重新备案', article: '依据', size: '抽取人数',
  project: '改造项目', amount: '改造金额', effect: '预期成效', verdict: '审核意见', verdicts: '意见分布', passed: '通过', amend: '修改后通过', failed: '不通过', opinions: '专家意见', percent: '进度（%）',
  // acceptance, rating, service
  levelBefore: '改造前水平', inPlan: '列入方案', appliedOn: '申请日期', confirmedOn: '确认日期', gradeAfter: '改造后等级', onSite: '现场核查', conditions: '验收条件', photos: '现场照片', score: '评测得分', batch: '批次', files: '材料', overall: '总体评价', comment: '评语', ground: '事由', out: '退出原因',
};

/** Where the same member means something more exact. */
const NAMES_IN: Record<string, Record<string, string>> = {
  'contract-signatures': { at: '签订时间', round: '第几稿', hash: '合同文本校验码' },
  'contract-agreements': { at: '签订时间', round: '第几稿' },
  'plan-approved': { at: '通过时间', scenarios: '覆盖场景' },
  'plan-change': { from: '变更前版本', to: '变更后版本', reasons: '较大变动的情形' },
  'plan-noted': { from: '变更前版本', to: '变更后版本' },
  'plan-decisions': { reasons: '意见或理由' },
  'plan-draws': { why: '补抽原因' },
  'plan-lacks': { grade: '下一等级', scenarios: '还差场景数' },
  'plan-versions': { items: '改造清单', product: '产品名称', scenarios: '覆盖场景' },
  'acceptance-agencies': { login: '验收机构登录名', by: '指定方式' },
  'acceptance-baseline': { targetLevel: '诊断期望水平' },
  'acceptance-rectifications': { by: '登记方' },
  'acceptance-finding': { visitedOn: '现场查验日期', onSite: '现场查验内容', photos: '现场查验材料', opinion: '查验意见', result: '查验结论', conditions: '符合的验收条件', unmet: '不符合的验收条件', problems: '存在的问题', text: '问题', advice: '整改要求' },
};

const GRADES: Record<string, string> = Object.fromEntries(metricsJson.gradeNames.map((name, grade) => [String(grade), name]));
const scenarios: Record<string, string> = Object.fromEntries(Object.entries(metricsJson.scenarios).map(([key, { name }]) => [key, name]));
const areas: Record<string, string> = Object.fromEntries(Object.entries(metricsJson.areas).map(([key, { name }]) => [key, name]));
const sides: Record<string, string> = { enterprise: '企业', provider: '服务商', lot: '抽签', desk: '工信局指定', person: '咨询人', agent: '工作人员' };

const LEVELS = { 0: '未达一级', 1: '一级', 2: '二级', 3: '三级', 4: '四级' };

/** Values that are codes, by the member they stand in. */
const VALUES: Record<string, Record<string, string>> = {
  scenario: scenarios, scenarios, candidates: scenarios, area: areas, urgency: { high: '急需解决', middle: '近期解决', low: '逐步解决' },
  kind: { software: '软件', hardware: '硬件', service: '服务' }, by: sides, side: sides, from: sides, verdict: expertReview.planResults,
  grade: GRADES, gradeByScore: GRADES, gradeByScenarios: GRADES, gradeAfter: AFTER, targetGrade: GRADES, ground: expertReview.recusal, conditions: CONDITIONS, unmet: CONDITIONS, onSite: ON_SITE,
  levelBefore: LEVELS, targetLevel: { 1: '一级', 2: '二级', 3: '三级', 4: '四级' }, overall: surveyJson.overall,
  result: { passed: '通过验收', failed: '未通过验收', approved: '通过备案', refused: '不予通过', amend: '修改后再报', confirm: '报告成立', revise: '退回修订' }, out: { conflict: '应当回避', overrun: '逾期未完成' },
};
export const valueWord = (member: string, value: string | number): string | undefined => VALUES[member]?.[String(value)];

/** Members that are keys of a table of words themselves: areas, scenarios, questions. */
export const memberWord = (member: string, widget: string): string | undefined =>
  (widget.startsWith('rating') ? (surveyJson.items as Record<string, string>)[member] : undefined) ?? NAMES_IN[widget]?.[member] ?? NAMES[member] ?? areas[member] ?? scenarios[member] ?? question(member)?.title ?? (/[\u4e00-\u9fff]/.test(member) ? member : undefined);

interface Question { no: number; title: string; maxPoints: number; options: { code: string; label: string }[] }
const question = (id: string): Question | undefined => (metricsJson.questions as unknown as Record<string, Question>)[id];
export const questions = (): [id: string, question: Question][] => Object.entries(metricsJson.questions as unknown as Record<string, Question>);
export const scenarioList = (): [key: string, name: string][] => Object.entries(scenarios);
export const DIMENSIONS = Object.entries(metricsJson.dimensions);

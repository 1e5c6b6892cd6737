import type { FieldDescription } from '../services/types';

/** How the parts of a plan's version and of a diagnosis report are called (12.1, 12.2): they lie within structures, which a view does not describe. A test holds them against the forms. */

const SCENARIOS = [{ value: 'product_design', label: '产品设计' }, { value: 'process_design', label: '工艺设计' }, { value: 'marketing', label: '营销管理' }, { value: 'after_sales', label: '售后服务' }, { value: 'scheduling', label: '计划排程' }, { value: 'production_control', label: '生产管控' }, { value: 'quality', label: '质量管理' }, { value: 'equipment', label: '设备管理' }, { value: 'safety', label: '安全生产' }, { value: 'energy', label: '能耗管理' }, { value: 'purchasing', label: '采购管理' }, { value: 'warehouse', label: '仓储物流' }, { value: 'finance', label: '财务管理' }, { value: 'hr', label: '人力资源' }, { value: 'collaboration', label: '协同办公' }, { value: 'decision', label: '决策支持' }];

export const scenarioName = (key: string): string => SCENARIOS.find(({ value }) => value === key)?.label ?? key;
export const GRADE_NAMES = ['无等级', '一级', '二级', '三级', '四级'] as const;
export const gradeName = (grade: number): string => GRADE_NAMES[grade] ?? '';

export const PLAN_FIELDS: FieldDescription[] = [
  { name: 'items', label: '改造清单', kind: 'list', required: true, fields: [{ name: 'name', label: '名称', kind: 'text', required: true }, { name: 'kind', label: '类别', kind: 'choice', required: true, options: [{ value: 'software', label: '软件' }, { value: 'hardware', label: '硬件' }, { value: 'service', label: '服务' }] }, { name: 'product', label: '产品名称', kind: 'text', required: true }, { name: 'function', label: '功能', kind: 'longText', required: true }, { name: 'purpose', label: '用途', kind: 'longText', required: true }, { name: 'scenarios', label: '覆盖场景', kind: 'choices', required: true, options: SCENARIOS }, { name: 'unitPriceFen', label: '单价', kind: 'money', required: true, unit: '分' }, { name: 'quantity', label: '数量', kind: 'number', required: true }] },
  { name: 'split', label: '费用分担', kind: 'group', required: true, fields: [{ name: 'enterpriseFen', label: '企业承担', kind: 'money', required: true, unit: '分' }, { name: 'providerConcessionFen', label: '服务商让利', kind: 'money', required: true, unit: '分' }, { name: 'governmentFen', label: '政府补助', kind: 'money', required: true, unit: '分' }] },
  { name: 'targetGrade', label: '目标等级', kind: 'choice', required: true, options: [{ value: 1, label: '一级' }, { value: 2, label: '二级' }, { value: 3, label: '三级' }, { value: 4, label: '四级' }] },
  { name: 'effects', label: '预期成效', kind: 'list', required: true, fields: [{ name: 'indicator', label: '指标', kind: 'text', required: true }, { name: 'before', label: '改造前', kind: 'text', required: true }, { name: 'after', label: '改造后', kind: 'text', required: true }] },
  { name: 'start', label: '开工日期', kind: 'day', required: true },
  { name: 'finish', label: '完成日期', kind: 'day', required: true },
  { name: 'providerDuties', label: '服务商的权利义务', kind: 'longText', required: true },
  { name: 'enterpriseDuties', label: '企业的权利义务', kind: 'longText', required: true },
  { name: 'unmet', label: '未纳入的需求', kind: 'list', required: false, fields: [{ name: 'scenario', label: '应用场景', kind: 'choice', required: true, options: SCENARIOS }, { name: 'reason', label: '说明', kind: 'longText', required: true }] },
  { name: 'attachments', label: '附件', kind: 'files', required: false },
];

export const REPORT_FIELDS: FieldDescription[] = [
  { name: 'visitedOn', label: '现场评测日期', kind: 'day', required: true },
  { name: 'visitors', label: '服务商评测人员', kind: 'text', required: true },
  { name: 'hosts', label: '企业陪同人员', kind: 'text', required: true },
  { name: 'evidence', label: '佐证材料', kind: 'files', required: true },
  { name: 'notApplicable', label: '不适用的场景', kind: 'list', required: true, fields: [{ name: 'scenario', label: '应用场景', kind: 'choice', required: true, options: SCENARIOS }, { name: 'reason', label: '不适用的原因', kind: 'text', required: true }] },
  { name: 'findings', label: '八个方面的现状', kind: 'group', required: true, fields: [{ name: 'design', label: '研发设计', kind: 'longText', required: false }, { name: 'production', label: '生产制造', kind: 'longText', required: false }, { name: 'operations', label: '运营管理', kind: 'longText', required: false }, { name: 'logistics', label: '物流管理', kind: 'longText', required: false }, { name: 'supply', label: '供应链管理', kind: 'longText', required: false }, { name: 'quality', label: '质量管控', kind: 'longText', required: false }, { name: 'safety', label: '安全管控', kind: 'longText', required: false }, { name: 'energy', label: '节能减排', kind: 'longText', required: false }] },
  { name: 'problems', label: '数字化改造问题清单', kind: 'list', required: true, fields: [{ name: 'area', label: '所属方面', kind: 'choice', required: true, options: [{ value: 'design', label: '研发设计' }, { value: 'production', label: '生产制造' }, { value: 'operations', label: '运营管理' }, { value: 'logistics', label: '物流管理' }, { value: 'supply', label: '供应链管理' }, { value: 'quality', label: '质量管控' }, { value: 'safety', label: '安全管控' }, { value: 'energy', label: '节能减排' }] }, { name: 'text', label: '问题', kind: 'longText', required: true }, { name: 'urgency', label: '轻重缓急', kind: 'choice', required: true, options: [{ value: 'high', label: '急需解决' }, { value: 'middle', label: '近期解决' }, { value: 'low', label: '逐步解决' }] }] },
  { name: 'needs', label: '需求场景清单', kind: 'list', required: true, fields: [{ name: 'scenario', label: '应用场景', kind: 'choice', required: true, options: SCENARIOS }, { name: 'need', label: '需求', kind: 'longText', required: true }, { name: 'targetLevel', label: '期望水平', kind: 'choice', required: true, options: [{ value: 1, label: '一级' }, { value: 2, label: '二级' }, { value: 3, label: '三级' }, { value: 4, label: '四级' }] }, { name: 'urgency', label: '轻重缓急', kind: 'choice', required: true, options: [{ value: 'high', label: '急需解决' }, { value: 'middle', label: '近期解决' }, { value: 'low', label: '逐步解决' }] }] },
  { name: 'scheme', label: '实施方案', kind: 'longText', required: true },
  { name: 'path', label: '改造路径', kind: 'list', required: true, fields: [{ name: 'stage', label: '阶段', kind: 'text', required: true }, { name: 'content', label: '内容', kind: 'longText', required: true }, { name: 'scenarios', label: '涉及场景', kind: 'choices', required: true, options: SCENARIOS }, { name: 'months', label: '预计月数', kind: 'number', required: true, unit: '个月' }] },
];

/** What each persona of the demo does here, in a sentence; by key of `Personas`. */
export const ON_THE_PHONE: Record<string, { role: string; does: string }> = {
  owner: { role: '试点企业负责人', does: '申请诊断，确认方案，签合同，申请验收，评价和投诉服务商' },
  owner2: { role: '另一家试点企业', does: '与上一家互不相见，可用来对照' },
  provider: { role: '服务商甲', does: '做诊断，编方案，签合同，配合验收' },
  provider2: { role: '服务商乙', does: '答复投诉和情况核实' },
  citizen: { role: '公众', does: '查服务商库，实名举报，核对回执' },
};

export const AT_THE_DESK: Record<string, string> = {
  intake: '接待来访，受理投诉，核验单位认领，导入名单',
  reviewer: '审方案、验收、投诉和举报，领取后办理',
  reviewer2: '与审核人员甲互为第二经办人',
  director: '对举报作最后决定，批准查看举报人身份',
  supervisor: '看各队列的积压和超时，改派任务',
  county: '核验本县（市、区）的单位认领',
  expert1: '独立评审方案，互不见分',
  agency: '现场验收，填写验收结论',
  admin: '开设账户，维护规则库',
};

/** Left out of the first view: more of the same. */
export const isFurther = (login: string): boolean => /^expert[2-9]$/.test(login);

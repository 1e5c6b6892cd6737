import { agreed, caseNo, choice, choices, files, form, longText, optional, organisation, pick, sensitive, whole, yesNo, line } from '../../kernel/fields';
import { checkMobile, checkResidentId } from '../../rulebook/id-checks';

export const MATTERS = {
  qualification: '资质、证书不实',
  cases: '案例、业绩不实',
  staff: '人员、团队情况不实',
  registration: '登记信息不实',
  results: '服务成果、材料造假',
  other: '其他信息不真实、不准确',
} as const;

export const RESULTS = {
  falsified: '属实，存在弄虚作假',
  unanswered: '服务商未按要求回复',
  unfounded: '不属实',
} as const;

export const data = {
  provider: organisation('被举报服务商'),
  matters: choices('举报事项', MATTERS),
  text: longText('举报内容', { min: 20, max: 5000 }),
  evidence: files('佐证材料', { min: 1, max: 20 }),
  identity: line('身份编号', { max: 64 }),
  phoneIsBound: yesNo('所留电话与微信绑定电话一致'),
  earlierReports: whole('同一举报人此前举报次数'),
  supplements: optional(longText('补充说明', { max: 10_000 })),
  supplementEvidence: optional(files('补充材料', { min: 0, max: 20 })),
  identityCheck: optional(longText('实名核验情况', { min: 5, max: 500 })),
  refusal: optional(longText('不予受理原因', { min: 5, max: 500 })),
  inquirySummary: optional(longText('向服务商核实的情况', { max: 1000 })),
  inquiry: optional(caseNo('核实编号')),
  lapsed: optional(yesNo('服务商逾期未回复')),
  late: optional(yesNo('服务商逾期后补交')),
  reply: optional(longText('服务商回复', { max: 4000 })),
  replyEvidence: optional(files('服务商材料', { min: 0, max: 20 })),
  result: optional(choice('核查结论', RESULTS)),
  finding: optional(longText('核查意见', { min: 10, max: 4000 })),
  secondOpinion: optional(longText('第二承办人意见', { min: 5, max: 2000 })),
  statement: optional(longText('服务商陈述申辩', { max: 4000 })),
  statementEvidence: optional(files('陈述申辩材料', { min: 0, max: 20 })),
  decision: optional(longText('处理决定', { min: 10, max: 2000 })),
  /** Becomes the feedback when the decision stands; until then the reporter sees nothing of it. */
  draft: optional(longText('拟对举报人的答复', { min: 10, max: 1000 })),
  feedback: optional(longText('对举报人的答复', { min: 10, max: 1000 })),
  objection: optional(longText('对结果的异议', { min: 5, max: 2000 })),
};

/** As on a resident ID: Chinese characters with an interpunct, or Latin letters. */
const NAME = /^[\p{Script=Han}·]{2,20}$|^[A-Za-z][A-Za-z .'-]{1,39}$/u;

export const fileForm = form({
  ...pick(data, 'provider', 'matters', 'text', 'evidence'),
  name: sensitive('真实姓名', (value) => (NAME.test(value) ? { ok: true, value } : { ok: false, message: '请填写与证件一致的姓名' })),
  idNumber: sensitive('身份证号', (value) => checkResidentId(value, new Date())),
  phone: sensitive('联系电话', checkMobile),
  truthful: agreed('我对举报内容的真实性负责'),
  informed: agreed('我已阅读身份信息保护说明'),
});
export const supplementForm = form({ supplement: longText('补充说明', { min: 5, max: 2000 }), supplementEvidence: data.supplementEvidence });
export const verifyForm = form({ identityCheck: longText('核验情况', { min: 5, max: 500, hint: '核验方式与结果，不写姓名、证件号、电话' }) });
export const refuseForm = form({ refusal: longText('不予受理原因', { min: 5, max: 500, hint: '将告知举报人' }) });
export const inquireForm = form({
  summary: longText('需要核实的情况', { min: 10, max: 1000, hint: '用中性的语言概括，不引用举报原文，不透露举报人' }),
  questions: longText('请服务商说明', { min: 5, max: 1000 }),
  knownTo: whole('知悉上述情况的大致人数', { min: 1, max: 10_000, hint: '人数过少会使举报人被推断出来' }),
  narrowReason: optional(longText('人数少于5人仍需发出的理由', { min: 10, max: 500 })),
  quote: optional(yesNo('确需引用原文')),
});
export const answeredForm = form({ inquiry: caseNo('核实编号'), lapsed: yesNo('逾期'), late: yesNo('补交'), reply: data.reply, replyEvidence: data.replyEvidence });
export const findForm = form({
  result: choice('核查结论', RESULTS),
  finding: longText('核查意见', { min: 10, max: 4000, hint: '事实、证据、依据' }),
  feedback: longText('对举报人的答复', { min: 10, max: 1000, hint: '只写结果和理由，不涉及他人个人信息' }),
  intended: optional(longText('拟处理意见', { min: 10, max: 1000, hint: '结论为属实或未回复时，告知服务商并听取陈述申辩；不透露举报人' })),
});
export const cosignForm = form({ secondOpinion: longText('复核意见', { min: 5, max: 2000 }) });
export const heardForm = form({ statement: data.statement, statementEvidence: data.statementEvidence });
export const decideForm = form({
  result: choice('处理决定', RESULTS),
  decision: longText('决定理由', { min: 10, max: 2000 }),
  feedback: longText('对举报人的答复', { min: 10, max: 1000 }),
});
export const objectForm = form({ objection: longText('异议理由', { min: 5, max: 2000 }) });

import { agreed, caseNo, choice, choices, day, files, form, longText, optional, organisation, pick, sensitive, whole, yesNo, line } from '../../kernel/fields';
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
/** What may be put to a provider before it is decided: only what goes against it. */
export const AGAINST = { falsified: RESULTS.falsified, unanswered: RESULTS.unanswered } as const;

export const data = {
  provider: organisation('被举报服务商'),
  matters: choices('举报事项', MATTERS),
  text: longText('举报内容', { min: 20, max: 5000 }),
  evidence: files('佐证材料', { min: 1, max: 20 }),
  identity: line('身份编号', { max: 64 }),
  phoneIsBound: yesNo('电话与微信绑定一致'),
  earlierReports: whole('此前举报', { unit: '次' }),
  supplements: optional(longText('补充说明', { max: 10_000 })),
  supplementEvidence: optional(files('补充材料', { min: 0, max: 20 })),
  identityCheck: optional(longText('实名核验情况', { min: 5, max: 500 })),
  refusal: optional(longText('不予受理原因', { min: 5, max: 500 })),
  inquirySummary: optional(longText('向服务商核实的情况', { max: 1000 })),
  questions: optional(longText('请服务商说明', { max: 1000 })),
  knownTo: optional(whole('知情人数（约）', { unit: '人' })),
  narrowReason: optional(longText('知情人少仍发出的理由', { max: 500 })),
  replyDue: optional(day('服务商回复期限')),
  inquiry: optional(caseNo('核实编号')),
  lapsed: optional(yesNo('服务商逾期未回复')),
  late: optional(yesNo('服务商逾期后补交')),
  reply: optional(longText('服务商回复', { max: 4000 })),
  replyEvidence: optional(files('服务商材料', { min: 0, max: 20 })),
  result: optional(choice('结论', RESULTS)),
  finding: optional(longText('核查意见', { min: 10, max: 4000 })),
  intended: optional(longText('拟处理意见', { max: 1000 })),
  cosigned: optional(yesNo('第二承办人同意')),
  secondOpinion: optional(longText('复核意见', { min: 5, max: 2000 })),
  statement: optional(longText('服务商陈述申辩', { max: 4000 })),
  statementEvidence: optional(files('陈述申辩材料', { min: 0, max: 20 })),
  decision: optional(longText('决定理由', { min: 10, max: 4000 })),
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
export const supplementForm = form({ supplement: longText('补充说明', { min: 5, max: 2000, hint: '说明补充了什么；核查结束前可以多次补充' }), supplementEvidence: data.supplementEvidence });
export const verifyForm = form({ identityCheck: longText('核验情况', { min: 5, max: 500, hint: '写明核验方式与结果，不写姓名、证件号、电话。电话与微信绑定一致的，可作为核验依据；需要打电话或核对证件的，先在本页申请查看身份' }) });
export const refuseForm = form({ refusal: longText('不予受理原因', { min: 5, max: 500, hint: '将告知举报人' }) });
export const inquireForm = form({
  summary: longText('需要核实的情况', { min: 10, max: 1000, hint: '用中性的语言概括，不引用举报原文，不透露举报人' }),
  questions: longText('请服务商说明', { min: 5, max: 1000 }),
  knownTo: whole('知悉上述情况的大致人数', { min: 1, max: 10_000, unit: '人', hint: '知情的人太少，服务商容易推断出举报人；人数过少的，须在下面写明理由' }),
  narrowReason: optional(longText('知情人少仍需发出的理由', { min: 10, max: 500, hint: '知情人过少时必填，只有承办人员和负责人可见' })),
});
export const answeredForm = form({ inquiry: caseNo('核实编号'), lapsed: yesNo('逾期'), late: yesNo('补交'), reply: data.reply, replyEvidence: data.replyEvidence });
/** Its inquiry was given more time, by right and once. */
export const prolongedForm = form({ until: day('延期至') });
const intended = longText('拟处理意见', { min: 10, max: 1000, hint: '服务商会看到，并可陈述申辩；不透露举报人，不引用举报原文' });
export const findForm = form({
  result: choice('拟认定结论', RESULTS, { hint: '服务商已回复的，不能选“未按要求回复”' }),
  finding: longText('核查意见', { min: 10, max: 4000, hint: '事实、证据、依据' }),
  feedback: longText('拟对举报人的答复', { min: 10, max: 1000, hint: '只写结果和理由，不涉及他人个人信息' }),
  intended: optional(longText('拟处理意见', { min: 10, max: 1000, hint: '结论为属实或未按要求回复时必填。服务商会看到，并可陈述申辩；不透露举报人，不引用举报原文' })),
});
export const cosignForm = form({ secondOpinion: longText('复核意见', { min: 5, max: 2000 }) });
export const heardForm = form({ statement: data.statement, statementEvidence: data.statementEvidence });
/** A director who goes against the provider where the handlers disagreed: it is heard first. */
export const hearForm = form({
  result: choice('拟认定结论', AGAINST), intended,
  feedback: longText('拟对举报人的答复', { min: 10, max: 1000, hint: '作出决定时可以再改' }),
});
export const decideForm = form({
  result: choice('认定结论', RESULTS, { hint: '服务商已回复的，不能选“未按要求回复”' }),
  decision: longText('决定理由', { min: 10, max: 4000, hint: '事实、证据、依据；不向服务商和举报人显示' }),
  feedback: longText('对举报人的答复', { min: 10, max: 1000, hint: '只写结果和理由，不涉及他人个人信息' }),
});
export const objectForm = form({ objection: longText('异议理由', { min: 5, max: 2000 }) });

import { caseNo, choice, choices, files, form, longText, optional, organisation, pick, yesNo } from '../../kernel/fields';

export const MATTERS = {
  staff: '人员能力不足',
  team: '团队配置不合理',
  delay: '响应或进度迟缓',
  quality: '交付质量问题',
  charge: '收费问题',
  other: '其他服务问题',
} as const;

export const data = {
  provider: organisation('被投诉服务商'),
  matters: choices('投诉事项', MATTERS),
  text: longText('投诉内容', { min: 10, max: 2000, hint: '时间、经过、造成的影响' }),
  wish: longText('诉求', { min: 2, max: 500 }),
  project: optional(caseNo('相关合同编号')),
  evidence: optional(files('佐证材料', { min: 0, max: 10 })),
  supplements: optional(longText('企业补充说明', { max: 10_000 })),
  supplementEvidence: optional(files('企业补充材料', { min: 0, max: 50 })),
  refusal: optional(longText('不予受理原因', { min: 5, max: 500 })),
  reply: optional(longText('服务商答复', { min: 10, max: 2000 })),
  replyEvidence: optional(files('答复材料', { min: 0, max: 10 })),
  lapsed: optional(yesNo('逾期未答复')),
  finding: optional(longText('办理意见', { min: 10, max: 2000 })),
  upheld: optional(yesNo('属实')),
  reopening: optional(longText('重新办理理由', { min: 5, max: 1000 })),
};

export const fileForm = form(pick(data, 'provider', 'matters', 'text', 'wish', 'project', 'evidence'));
export const supplementForm = form({
  supplement: longText('补充说明', { min: 5, max: 1000, hint: '新的情况；服务商已答复的，也可以写对答复的意见' }), supplementEvidence: optional(files('补充材料', { min: 0, max: 10 })),
});
export const refuseForm = form({ refusal: longText('不予受理原因', { min: 5, max: 500, hint: '将告知企业；请写明企业可以怎么办' }) });
export const replyForm = form({ reply: longText('答复', { min: 10, max: 2000, hint: '逐项说明事实与处理措施' }), replyEvidence: data.replyEvidence });
export const settleForm = form({
  result: choice('结论', { upheld: '属实，已处理', dismissed: '不属实' }),
  finding: longText('办理意见', { min: 10, max: 2000, hint: '事实、依据和处理结果，将告知双方' }),
});
export const reopenForm = form({ reopening: longText('理由', { min: 5, max: 1000, hint: '对结果的哪一点有异议，有什么新的情况或证据' }) });

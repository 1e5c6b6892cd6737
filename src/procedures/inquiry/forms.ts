import { files, form, longText, optional, organisation, pick, yesNo, choice } from '../../kernel/fields';

export const CONCLUSIONS = {
  falsified: '经核实存在弄虚作假，退出服务商库',
  unanswered: '未按要求回复核实事项，退出服务商库',
  unfounded: '经核实，未发现弄虚作假',
} as const;

/** Everything an inquiry holds may be read by the provider: what must stay hidden is never put in. */
export const data = {
  provider: organisation('服务商'),
  summary: longText('需要核实的情况', { max: 1000 }),
  questions: longText('请服务商说明', { max: 1000 }),
  reply: optional(longText('回复', { min: 10, max: 4000 })),
  replyEvidence: optional(files('佐证材料', { min: 0, max: 20 })),
  late: optional(yesNo('逾期后补交')),
  extension: optional(longText('延期理由', { min: 5, max: 300 })),
  intended: optional(longText('拟处理意见', { max: 1000 })),
  statement: optional(longText('陈述申辩', { min: 5, max: 4000 })),
  statementEvidence: optional(files('陈述申辩材料', { min: 0, max: 20 })),
  conclusion: optional(choice('结果', CONCLUSIONS)),
};

export const serveForm = form(pick(data, 'provider', 'summary', 'questions'));
export const replyForm = form({ reply: longText('回复', { min: 10, max: 4000, hint: '逐项说明事实；有合同、凭证等佐证材料的一并上传，没有的请说明原因' }), replyEvidence: data.replyEvidence });
export const extendForm = form({ extension: longText('延期理由', { min: 5, max: 300 }) });
export const announceForm = form({ intended: longText('拟处理意见', { max: 1000 }) });
export const stateForm = form({ statement: longText('陈述申辩', { min: 5, max: 4000, hint: '针对拟处理意见，说明事实、理由和请求' }), statementEvidence: data.statementEvidence });
export const concludeForm = form({ conclusion: choice('结果', CONCLUSIONS) });

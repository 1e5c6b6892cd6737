import Joi from 'joi';
import { agreed, caseNo, choice, day, files, form, group, line, list, longText, moneyFen, optional, structure, whole } from '../../kernel/fields';

/** What makes a payment due. None lies before both have signed: 不得在合同签订之前提前向企业收费 (11). */
export const PAYABLE_WHEN = { signed: '合同签订后', delivered: '交付确认后', accepted: '验收通过后' } as const;

export type Side = 'enterprise' | 'provider';
export const SIDES = { enterprise: '企业', provider: '服务商' } as const satisfies Record<Side, string>;

/** One side's word that it agrees to the file with this hash. `round` counts the texts put to signature. */
export interface Signature { side: Side; hash: string; planHash: string; round: number; at: string }
/** A text once signed by both, as it was agreed. Money in fen, days 'YYYY-MM-DD', `at` ISO instants. */
export interface Agreement { round: number; fileHash: string; planHash: string; amountFen: number; start: string; finish: string; at: string }
export interface Held { since: string }
export interface Termination { by: Side; reason: string; on: string }

/** Written by the rules alone, never by a form: any shape. */
const written = <T>(label: string, widget: string) => structure<T>(label, widget, Joi.any());

const text = {
  file: files('合同文本', { min: 1, max: 1, hint: '双方将按此文件签订，请上传定稿' }),
  amountFen: moneyFen('合同金额', { hint: '与通过备案的方案合计一致' }),
  split: group('费用分担', {
    enterpriseFen: moneyFen('企业承担'),
    providerConcessionFen: moneyFen('服务商让利'),
    governmentFen: moneyFen('政府补助'),
  }),
  milestones: list('付款节点', {
    name: line('节点', { max: 60 }),
    when: choice('付款条件', PAYABLE_WHEN),
    amountFen: moneyFen('金额', { min: 1 }),
  }, { min: 1, max: 12, hint: '各节点合计等于合同金额减去服务商让利；合同签订之前不得收费' }),
  start: day('开工日期', { hint: '在方案备案的实施时间内' }),
  finish: day('完成日期', { hint: '不晚于方案备案的完成日期；改造按这一天计时' }),
  noSubcontracting: agreed('承诺由本单位实施，不擅自转包'),
  noEarlyCharge: agreed('确认合同签订之前没有向企业收取任何费用'),
};

export const data = {
  plan: caseNo('改造方案编号', { of: { procedure: 'plan', state: 'approved' } }),
  ...text,
  fileHash: line('合同文本校验码', { max: 64, hint: '代表合同文件的全部内容，签订时须与所看到的一致' }),
  planHash: line('方案校验码', { max: 64, hint: '合同所依据的、通过备案的方案版本' }),
  round: whole('第几稿', { min: 1 }),
  signatures: written<Signature[]>('签订记录', 'contract-signatures'),
  agreements: written<Agreement[]>('已签订的文本', 'contract-agreements'),
  remarks: written<{ on: string; by: Side; text: string }[]>('修改意见', 'contract-remarks'),
  progress: written<{ on: string; percent: number; text: string }[]>('实施进度', 'contract-progress'),
  deliverables: optional(files('交付成果', { min: 1, max: 40 })),
  delivery: optional(longText('交付说明', { min: 10, max: 3000 })),
  deliveredOn: optional(day('交付确认日期')),
  returns: written<{ on: string; text: string }[]>('交付退回记录', 'contract-returns'),
  held: optional(written<Held>('暂停', 'contract-held')),
  termination: optional(written<Termination>('解除提议', 'contract-termination')),
};

export const openForm = form({ plan: data.plan, ...text });
export const reviseForm = form(text);
export const signForm = form({ fileHash: line('合同文本校验码', { max: 64, hint: '所看到的那份合同文件的校验码' }) });
export const sendBackForm = form({ remarks: longText('修改意见', { min: 4, max: 1000, hint: '写明要修改的条款，将告知服务商' }) });
export const reasonForm = form({ reason: longText('原因', { min: 4, max: 500, hint: '将告知对方' }) });
export const progressForm = form({
  percent: whole('完成比例', { max: 100, unit: '%', hint: '全部工作中已完成的部分，0 至 100' }),
  text: longText('进展', { min: 5, max: 1000 }),
});
export const deliverForm = form({
  deliverables: files('交付成果', { min: 1, max: 40, hint: '如部署清单、测试报告、培训记录、使用手册' }),
  delivery: longText('交付说明', { min: 10, max: 3000, hint: '对照合同逐项说明' }),
});
export const returnForm = form({ remarks: longText('退回原因', { min: 4, max: 1000, hint: '指出哪些内容与合同不符，将告知服务商' }) });

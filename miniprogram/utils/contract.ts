import type { CaseView } from '../services/types';
import { dayInWords, fenToYuan, momentInWords } from './format';
import { SHARES, shareOf, type Share } from './plan';
import { codeInWords, type Word } from './plan-reading';

/** A contract as both sides read it before they sign and after (11, 12.3). */

type Side = 'enterprise' | 'provider';
export const SIDES: Readonly<Record<Side, string>> = { enterprise: '企业', provider: '服务商' };
export const PAYABLE_WHEN: Readonly<Record<string, string>> = { signed: '合同签订后', delivered: '交付确认后', accepted: '验收通过后' };

interface ContractData {
  plan: string;
  file: string[];
  amountFen: number;
  split: Record<Share, number>;
  milestones: { name: string; when: string; amountFen: number }[];
  start: string;
  finish: string;
  fileHash: string;
  planHash: string;
  round: number;
  signatures: { side: Side; hash: string; planHash: string; round: number; at: string }[];
  agreements: { round: number; fileHash: string; amountFen: number; at: string }[];
  remarks: { on: string; by: Side; text: string }[];
  progress: { on: string; percent: number; text: string }[];
  deliverables?: string[];
  delivery?: string;
  deliveredOn?: string;
  returns: { on: string; text: string }[];
  held?: { since: string };
  termination?: { by: Side; reason: string; on: string };
}

export interface ContractReading {
  plan: string;
  round: number;
  amount: string;
  shares: { label: string; amount: string; percent: string }[];
  payable: string;
  /** Who pays that. */
  payers: string;
  milestones: { name: string; when: string; amount: string }[];
  schedule: string;
  file: string[];
  code: string;
  planCode: string;
  /** Both sides, signed or not, for the text under way. */
  signatures: { side: string; name: string; words: string; when: string; isSigned: boolean }[];
  isSigned: boolean;
  /** Why it stands still, or what is proposed. */
  alerts: string[];
  progress: { percent: number; when: string; text: string }[];
  percent: number;
  /** Once something was handed over: how that stands, instead of the last figure. */
  handedOver: string;
  deliverables: string[];
  delivery: string;
  words: Word[];
}

export function contractReading({ data: values, parties, state }: Pick<CaseView, 'data' | 'parties' | 'state'>, now: Date): ContractReading {
  const names = Object.fromEntries(parties.map(({ party, name }) => [party, name]));
  const isSubmitted = state.name === 'submitted';
  const data = values as unknown as ContractData;
  const sides = (Object.keys(SIDES) as Side[]).map((side) => {
    const signature = data.signatures.find((one) => one.side === side && one.round === data.round && one.hash === data.fileHash);
    return { side: SIDES[side], name: names[side] ?? '', words: signature ? '已签订' : '尚未签订', when: signature ? momentInWords(signature.at, now) : '', isSigned: signature !== undefined };
  });
  const earlier = data.agreements.filter(({ round }) => round !== data.round);
  return {
    plan: data.plan, round: data.round, amount: fenToYuan(data.amountFen),
    shares: (Object.keys(SHARES) as Share[]).map((share) => ({ label: SHARES[share], amount: fenToYuan(data.split[share]), percent: shareOf(data.split[share], data.amountFen) })),
    payable: fenToYuan(data.amountFen - data.split.providerConcessionFen),
    payers: `其中企业承担 ${fenToYuan(data.split.enterpriseFen)} 元，政府补助 ${fenToYuan(data.split.governmentFen)} 元；已扣除服务商让利`,
    milestones: data.milestones.map(({ name, when, amountFen }) => ({ name, when: PAYABLE_WHEN[when] ?? '', amount: fenToYuan(amountFen) })),
    schedule: `${dayInWords(data.start)}\n至 ${dayInWords(data.finish)}`,
    file: data.file, code: codeInWords(data.fileHash), planCode: codeInWords(data.planHash),
    signatures: sides, isSigned: sides.every(({ isSigned }) => isSigned),
    alerts: [
      ...(data.held ? [`改造方案自 ${dayInWords(data.held.since)} 起重新备案，合同暂停；备案办结前不得实施变更内容。`] : []),
      ...(data.termination ? [`${SIDES[data.termination.by]}于 ${dayInWords(data.termination.on)} 提议解除合同：${data.termination.reason}。对方同意后才解除。`] : []),
    ],
    progress: data.progress.map(({ on, percent, text }) => ({ percent, when: dayInWords(on), text })).reverse(),
    percent: data.deliveredOn ? 100 : data.progress[data.progress.length - 1]?.percent ?? 0,
    handedOver: data.deliveredOn ? `企业已确认交付 · ${dayInWords(data.deliveredOn)}` : isSubmitted ? '已提交交付成果，待企业确认' : '',
    deliverables: data.deliverables ?? [], delivery: data.delivery ?? '',
    words: [
      ...earlier.map(({ round, amountFen, fileHash, at }) => ({ title: `第 ${round} 稿曾由双方签订`, when: momentInWords(at, now), text: `合同金额 ${fenToYuan(amountFen)} 元，文本校验码 ${codeInWords(fileHash)}` })),
      ...data.remarks.map(({ on, by, text }) => ({ title: `${SIDES[by]}的修改意见`, when: dayInWords(on), text })),
      ...data.returns.map(({ on, text }) => ({ title: '企业退回交付', when: dayInWords(on), text })),
    ],
  };
}

/** What signing here is and is not, in plain words. */
export const SIGNING: readonly string[] = [
  '您代表单位同意上面这份合同文本的全部内容；签订记录带有文本校验码和时间，不能撤销。',
  '双方都签订后合同才生效，服务商才能开工；只有一方签订的，对双方都没有约束。',
  '文本有任何改动，校验码都会不同，已有的签订不再算数，须重新签订。',
  '合同签订之前服务商不得收费；任何时候都不得擅自转包（第十一条）。',
];

import type { CaseLine } from '../../services/types';
import { addressOf } from '../../utils/own-pages';

/** What is to be done in a state that waits for the provider, in its own words, and the move with which the work begins where that has a page of its own. */
const WORK: Record<string, { todo: string; move?: string }> = {
  'diagnosis.requested': { todo: '决定是否承接诊断' },
  'diagnosis.assessing': { todo: '现场评测，填写问卷并出具报告', move: 'save' },
  'diagnosis.revising': { todo: '按企业的异议修订，重新出具报告', move: 'save' },
  'plan.drafting': { todo: '编制改造方案，交企业确认', move: 'save' },
  'plan.supplementing': { todo: '按要求补正方案材料', move: 'save' },
  'plan.returned': { todo: '按审核意见修改方案', move: 'save' },
  'contract.signing': { todo: '核对文本，签订合同' },
  'contract.revising': { todo: '修改合同文本' },
  'contract.inProgress': { todo: '实施改造，登记进度，完成后提交交付' },
  'contract.correcting': { todo: '按企业意见完善后重新交付' },
  'acceptance.rectifying': { todo: '整改并登记整改情况' },
  'complaint.inquired': { todo: '答复企业投诉' },
  'inquiry.served': { todo: '回复情况核实' },
  'inquiry.extended': { todo: '回复情况核实（已延期）' },
  'inquiry.announced': { todo: '陈述申辩，或放弃' },
  'ratingResult.served': { todo: '查看评价结果，有异议的在期限内提出' },
};

export interface Task { no: string; title: string; todo: string; partner: string; inWords: string; isOver: boolean; url: string }
export interface Section { key: 'over' | 'soon' | 'later'; title: string; tasks: Task[] }
export interface Kind { key: string; label: string; count: number }

const SOON_MS = 3 * 86_400_000;
const TITLES: Record<Section['key'], string> = { over: '已经超期', soon: '三天内到期', later: '以后到期' };

const urgencyOf = ({ due }: CaseLine, now: Date): Section['key'] => {
  const left = due === null ? Infinity : new Date(due).getTime() - now.getTime();
  return left < 0 ? 'over' : left <= SOON_MS ? 'soon' : 'later';
};

/** The most urgent first, of those with the same end the oldest; what has no end comes last. */
export const byUrgency = (a: CaseLine, b: CaseLine): number =>
  (a.due ?? '9999').localeCompare(b.due ?? '9999') || a.openedAt.localeCompare(b.openedAt) || a.no.localeCompare(b.no);

export function taskOf(line: CaseLine): Task {
  const { no, procedure, title, state, parties, inWords } = line;
  const known = WORK[`${procedure}.${state.name}`];
  return {
    no, title, todo: known?.todo ?? state.title, partner: parties.find(({ party }) => party !== 'provider')?.name ?? '', inWords: inWords ?? '',
    isOver: inWords?.startsWith('已超期') ?? false,
    url: known?.move && !addressOf({ procedure, move: known.move, no }).startsWith('/pages/form/') ? addressOf({ procedure, move: known.move, no }) : `/pages/case/index?no=${no}`,
  };
}

/** Tasks by how soon they end; empty sections are left out. `kind`: only those of this procedure. */
export function sectionsOf(lines: readonly CaseLine[], now: Date, kind = ''): Section[] {
  const wanted = [...lines].filter(({ procedure }) => kind === '' || procedure === kind).sort(byUrgency);
  return (['over', 'soon', 'later'] as const)
    .map((key) => ({ key, title: TITLES[key], tasks: wanted.filter((line) => urgencyOf(line, now) === key).map(taskOf) }))
    .filter(({ tasks }) => tasks.length > 0);
}

/** The procedures among the tasks, for choosing by; with one kind there is nothing to choose. */
export function kindsOf(lines: readonly CaseLine[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { procedure, title } of lines) kinds.set(procedure, { key: procedure, label: title, count: (kinds.get(procedure)?.count ?? 0) + 1 });
  return kinds.size < 2 ? [] : [{ key: '', label: '全部', count: lines.length }, ...kinds.values()];
}

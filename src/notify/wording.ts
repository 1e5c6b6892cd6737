import type { Role } from '../kernel/actor';
import type { Case, Entry } from '../kernel/case';
import type { Procedure } from '../kernel/procedure';
import { dayInWords } from '../kernel/numbers';
import type { Rulebook } from '../rulebook/rulebook';
import { articleInWords } from '../rulebook/articles';
import type { Facts, Kind } from './templates';

/**
 * Every text a notification can show. They are made from the declaration (titles of procedure, state and move), the deadline
 * and the case number only: nothing of `case.data`, no name of a person or organisation, no timeline note ever enters here,
 * which is why these functions take the few fields they need and not the case.
 */
export interface Matter {
  procedure: Pick<Procedure, 'name' | 'title' | 'states' | 'moves'>;
  /** Whoever looks over the reader's shoulder must not learn what kind of case it is (D12, A8). */
  discreet: boolean;
}

/** Procedures whose very existence is confidential: real-name reports and what the accused is asked because of one (第十八条). */
export const DISCREET: readonly string[] = ['report', 'inquiry'];
/** Procedures in which a provider is asked to answer for itself (第十五条（二）、第十八条). */
export const INQUIRIES: readonly string[] = ['inquiry', 'complaint'];

export interface Words { title: string; text: string }

const NEUTRAL = '办理事项';

/** Towards the parties the bureau is one; what the clock does is nobody's doing. */
const OUTSIDERS: Partial<Record<Role, string>> = { enterprise: '企业', provider: '服务商', citizen: '公众', agency: '验收机构', expert: '评审专家', system: '' };
const whoMade = (role: Role): string => OUTSIDERS[role] ?? '市工信局';

/** Something happened in a case one is party to. */
export function newsWords({ procedure, discreet }: Matter, entry: Pick<Entry, 'move' | 'to' | 'by'> & Partial<Pick<Entry, 'from'>>): Words {
  const state = procedure.states[entry.to]!;
  if (discreet) return { title: NEUTRAL, text: state.end ? '您的一项办理事项已有结果，请查看。' : '您有一项办理事项有新的进展，请查看。' };
  const who = whoMade(entry.by.role);
  return { title: procedure.title, text: `${procedure.moves[entry.move]!.title}${who ? `（${who}）` : ''}${entry.from === entry.to ? '' : `，现为“${state.title}”`}。` };
}

/** A general notice that concerns one; until `due` something can be done about it. */
export function invitationWords(procedure: Matter['procedure'], entry: Pick<Entry, 'move'>, due: Date | undefined): Words {
  const by = due ? `，截止${dayInWords(due)}` : '';
  return { title: procedure.title, text: `${procedure.moves[entry.move]!.title}${by}。请查看并按要求办理。` };
}

/** Somebody must act. `todo` are titles of the moves open to them. */
export function taskWords({ procedure, discreet }: Matter, state: string, todo: readonly string[], due: Date | undefined): Words {
  const by = due ? `请在${dayInWords(due)}（含当日）前办理` : '请及时办理';
  if (discreet) return { title: NEUTRAL, text: `您有一项待办事项，${by}。` };
  const what = todo.length > 0 ? `：${todo.slice(0, 3).join('或')}` : '';
  return { title: procedure.title, text: `当前状态：${procedure.states[state]!.title}。${by}${what}。` };
}

export function reminderWords(matter: Matter, kind: 'half' | 'overdue', state: string, due: Date): Words {
  const late = kind === 'overdue';
  const what = late ? `已超过办理时限（${dayInWords(due)}），请尽快办理` : `尚未办理，请在${dayInWords(due)}（含当日）前办理`;
  if (matter.discreet) return { title: NEUTRAL, text: `您的待办事项${what}。` };
  return { title: matter.procedure.title, text: `当前状态：${matter.procedure.states[state]!.title}。${what}。` };
}

/** `unreached`: nobody can be told for a party that must act. `unclaimed`: nobody takes it from its desk. */
export type SupervisorCause = 'overdue' | 'unseen' | 'unreached' | 'unclaimed';

const SUPERVISOR_WORDS: Record<SupervisorCause, [title: string, happened: string]> = {
  overdue: ['超期督办', '已超过办理时限'],
  unseen: ['待办未阅督办', '的待办通知已过半程仍未查看'],
  unclaimed: ['待领督办', '长时间无人领取，请安排承办人员'],
  unreached: ['待办未达督办', '的待办方尚无人员可接收通知，请设法联系'],
};

/** `open`: this supervisor may read the case; otherwise only that a confidential one is concerned. */
export function supervisorWords(
  procedure: Pick<Procedure, 'title' | 'states'>, c: Pick<Case, 'no' | 'state' | 'clock'>, cause: SupervisorCause, rulebook: Rulebook, open: boolean,
): Words {
  const [title, happened] = SUPERVISOR_WORDS[cause];
  if (!open) return { title, text: `有一项保密办件${happened}。` };
  const clock = c.clock ? `（${rulebook.deadline(c.clock.deadline).label}，${articleInWords(c.clock.article)}，${dayInWords(c.clock.due)}）` : '';
  return { title, text: `${procedure.title}${c.no}${happened}${clock}，当前状态：${procedure.states[c.state]!.title}。` };
}

const PHRASES: Record<Kind, string> = { task: '待办理', inquiry: '待办理', reminder: '待办理', progress: '办理中', result: '已办结' };

/**
 * The facts of the WeChat card, which is shown on a lock screen: for a discreet matter not even the case number, whose
 * prefix tells the procedure.
 */
export function cardFacts(matter: Matter, kind: Kind, no: string | undefined, state: string | undefined, time: Date): Facts {
  const title = state === undefined ? undefined : matter.procedure.states[state]?.title;
  const isShort = title !== undefined && /^\p{Script=Han}{1,5}$/u.test(title);
  return {
    matter: matter.discreet ? NEUTRAL : matter.procedure.title,
    no: matter.discreet || !no ? '-' : no,
    state: !matter.discreet && isShort && (kind === 'progress' || kind === 'result') ? title : PHRASES[kind],
    time,
    advice: '请进入小程序查看详情',
  };
}

/** News of a claim on an organisation, which is no case. Neither its name nor the reason of a refusal: both stand with the claim. */
export const CLAIM_WORDS = {
  waiting: { title: '单位认领', text: '有一件单位认领待核验，请在“单位认领”中办理。' },
  bound: { title: '单位认领', text: '您的单位认领已通过核验，现在可以代表该单位办理事项。' },
  refused: { title: '单位认领', text: '您的单位认领未通过核验，理由见认领记录，可以补正后重新提交。' },
} as const;

export const claimCard = (about: keyof typeof CLAIM_WORDS, time: Date): Facts =>
  ({ matter: CLAIM_WORDS[about].title, no: '-', state: PHRASES[about === 'waiting' ? 'task' : 'result'], time, advice: '请进入小程序查看详情' });

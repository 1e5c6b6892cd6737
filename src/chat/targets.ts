import { termsOf } from '../kernel/policy';
import type { CaseView } from '../kernel/view';
import { known, type Turn } from './context';
import { begin } from './filling';
import type { Intent } from './intents';
import { say, type QuickReply } from './replies';

export type Business = Exclude<Intent, 'query_progress' | 'find_provider' | 'human_agent' | 'faq' | 'cancel' | 'smalltalk' | 'out_of_scope'>;

/**
 * Where each intent leads: a procedure to open, or a move on one of the actor's cases. Names of procedures and moves, looked
 * up among what is really open to the actor; nothing here decides who may do what.
 */
interface Route { words: string; procedure: string; opens?: true; moves?: readonly { procedure: string; move: string; when?: RegExp; unless?: RegExp }[] }
export const ROUTES: Record<Business, Route> = {
  request_diagnosis: { words: '申请数字化诊断', procedure: 'diagnosis', opens: true },
  confirm_plan: {
    words: '确认改造方案', procedure: 'plan',
    moves: [
      { procedure: 'plan', move: 'confirm', unless: /诊断|报告|变更/u }, { procedure: 'plan', move: 'confirmChange', unless: /诊断|报告/u },
      { procedure: 'diagnosis', move: 'confirm', when: /诊断|报告/u },
    ],
  },
  change_plan: { words: '变更已备案的方案', procedure: 'plan', moves: [{ procedure: 'plan', move: 'change' }] },
  rate_provider: { words: '评价服务商', procedure: 'rating', moves: [{ procedure: 'rating', move: 'rate' }] },
  file_complaint: { words: '投诉服务商', procedure: 'complaint', opens: true },
  file_report: { words: '实名举报', procedure: 'report', opens: true },
  file_appeal: { words: '申诉', procedure: 'appeal', opens: true, moves: [{ procedure: 'ratingResult', move: 'object' }] },
  apply_selection: { words: '申报服务商', procedure: 'selection', opens: true },
  apply_acceptance: { words: '申请验收', procedure: 'acceptance', opens: true, moves: [{ procedure: 'acceptance', move: 'reapply' }] },
  pay_contract: { words: '支付合同款', procedure: 'contract', moves: [{ procedure: 'contract', move: 'pay' }] },
  reply_inquiry: {
    words: '回复核实或投诉', procedure: 'inquiry',
    moves: [
      { procedure: 'inquiry', move: 'extend', when: /延期|延长/u }, { procedure: 'inquiry', move: 'reply', unless: /延期|陈述|申辩|投诉/u },
      { procedure: 'inquiry', move: 'replyLate', unless: /延期|陈述|申辩|投诉/u }, { procedure: 'inquiry', move: 'state', unless: /延期|投诉/u },
      { procedure: 'complaint', move: 'reply', unless: /核实|核查|陈述|申辩|延期/u },
    ],
  },
};

export const isBusiness = (intent: Intent): intent is Business => Object.hasOwn(ROUTES, intent);

const ROLE_WORDS: Record<string, string> = { enterprise: '企业', provider: '服务商', citizen: '个人（公众）' };
const PARTY_WORDS: Record<string, string> = { enterprise: '企业', provider: '服务商' };

/** Leads an intent to what it can do now: starts the one thing, offers several, or says honestly why there is none. */
export function pursue(t: Turn, intent: Business, said: string): void {
  const { context } = t;
  const route = ROUTES[intent];
  const options = [...movesFor(t, route, said), ...(route.opens ? openingsFor(t, route) : [])];
  const [first] = options;
  if (first && options.length === 1) {
    const [, procedure, move, no] = first.pick.split(':') as [string, string, string, string?];
    begin(t, { procedure, move, ...(no ? { no } : {}), said });
    return;
  }
  if (options.length > 1) {
    t.replies.push(say('有几项可以办理，请选择：', options.slice(0, 8)));
    return;
  }
  t.replies.push(none(t, intent, route, context.procedures.has(route.procedure)));
}

function movesFor(t: Turn, { moves = [] }: Route, said: string): QuickReply[] {
  const wanted = moves.filter(({ when, unless, procedure }) => t.context.procedures.has(procedure) && (!when || when.test(said)) && !unless?.test(said));
  return [...new Set(wanted.map(({ procedure }) => procedure))].flatMap((procedure) =>
    known(t.context, 'procedure', procedure).flatMap((view: CaseView) => view.moves
      .filter(({ move }) => wanted.some((one) => one.procedure === procedure && one.move === move))
      .map(({ move, title }) => ({ label: `${title} ${view.no}`, pick: `start:${procedure}:${move}:${view.no}` }))));
}

const openingsFor = ({ context }: Turn, { procedure }: Route): QuickReply[] =>
  context.openings.filter((opening) => opening.procedure === procedure).map(({ title, move }) => ({ label: title, pick: `start:${procedure}:${move}` }));

function none(t: Turn, intent: Business, { words, procedure, opens, moves = [] }: Route, exists: boolean) {
  const person: QuickReply = { label: '转人工', pick: 'human' };
  const progress: QuickReply = { label: '查进度', pick: 'progress' };
  if (!exists) return say(`“${words}”目前还不能在线办理。可以转人工，由工作人员答复您。`, [person]);
  if (moves.length > 0 && !opens) return say(`现在没有需要您“${words}”的事项。可以查一下进度，看看办到了哪一步。`, [progress, person]);
  const opening = Object.values(t.context.procedures.get(procedure)!.moves).filter((move) => move.from.length === 0);
  const who = [...new Set(opening.flatMap((move) => termsOf(move.by).flatMap((term) => (term.who === 'opener' ? [ROLE_WORDS[term.role] ?? ''] : []))))].filter(Boolean);
  const own = intent === 'file_complaint' ? '发现服务商信息不真实的，个人可以实名举报。' : '';
  return say(who.length > 0
    ? `“${words}”由${who.join('、')}办理，您现在的身份或权限办不了。${own}如有这个身份，请先在小程序“我的”中切换。`
    : `“${words}”由工信局发起，${PARTY_WORDS[t.context.role ?? ''] ?? '您'}现在没有待办的这类事项。`, [progress, person]);
}

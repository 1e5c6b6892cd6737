import type { CaseView, MoveView } from '../services/types';
import { ownPageOf } from './own-pages';

/** Gives up what was begun: never under the thumb, and not made by a slip. */
const GIVING_UP = new Set(['withdraw', 'withdrawChange', 'proposeEnd']);
/** Says no to what was asked. */
const REFUSING = new Set(['decline', 'handBack', 'refuse', 'refuseChange']);

export const isGivingUp = ({ move }: Pick<MoveView, 'move'>): boolean => GIVING_UP.has(move);
export const isGrave = ({ move }: Pick<MoveView, 'move'>): boolean => GIVING_UP.has(move) || REFUSING.has(move);

/** Moves that one page makes together, by `procedure.move`: one button leads there, in words for all of it. */
const TOGETHER: Readonly<Record<string, { with: string; title: string }>> = {
  'plan.save': { with: 'propose', title: '填写方案，送企业确认' },
  'diagnosis.save': { with: 'issue', title: '填写评测内容' },
};
/** Moves whose page also makes another, which needs no button then. */
const ALSO_MAKES: Readonly<Record<string, string>> = { 'plan.change': 'save' };

export interface Button { move: string; title: string; theme: 'primary' | 'default' }

/** The buttons at the foot of a case, what is to be done last, where the thumb is; and what would give it up, which stands elsewhere. */
export function buttonsOf({ procedure, moves, waitsForMe, state }: Pick<CaseView, 'procedure' | 'moves' | 'waitsForMe' | 'state'>): { foot: Button[]; givingUp: Button[] } {
  const open = new Set(moves.map(({ move }) => move));
  const made = new Set(moves.flatMap(({ move }) => {
    const together = TOGETHER[`${procedure}.${move}`];
    return [together && open.has(together.with) ? together.with : '', ALSO_MAKES[`${procedure}.${move}`] ?? ''];
  }));
  const shown = moves.filter(({ move }) => !made.has(move)).map((one): Button & { isLast: boolean } => {
    const together = TOGETHER[`${procedure}.${one.move}`];
    return { move: one.move, title: together && open.has(together.with) ? together.title : one.title, theme: 'default', isLast: isGivingUp(one) };
  });
  const plain = ({ move, title, theme }: Button): Button => ({ move, title, theme });
  const [first, ...others] = shown.filter(({ isLast }) => !isLast).map(plain);
  return {
    foot: first ? [...others, { ...first, theme: waitsForMe && !state.end ? 'primary' : 'default' }] : [],
    givingUp: shown.filter(({ isLast }) => isLast).map(plain),
  };
}

/** The question before a move that cannot be undone: what follows from it, where its declaration says so. */
export const questionOf = (move: MoveView): { title: string; content: string; confirmText: string; confirmColor?: string } => ({
  title: move.title, content: move.follows ?? (move.form.length > 0 ? '提交后不能自行修改，确定提交吗？' : move.confirm ? '提交后不能撤销，确定办理吗？' : '确定办理吗？'),
  confirmText: '确定', ...(isGrave(move) ? { confirmColor: '#b42318' } : {}),
});

/** Whether a button of the case leads to a page rather than making the move at once. */
export const hasPage = (procedure: string, no: string, { move, form }: MoveView): boolean => form.length > 0 || ownPageOf({ procedure, move, no }) !== null;

import { articleInWords } from '../rulebook/articles';
import { Wanted, type Context, type Step, type Turn } from './context';
import { refused } from './ending';
import { leave, proceed } from './filling';
import { isNumbered, say } from './replies';
import type { ChatEffect, Message, Outcome, Session } from './session';
import { takePick, takeValues } from './taps';
import { takeText } from './words';

/**
 * One turn of the dialogue: a pure function of session, message and context. Either it asks to know something first, or it says
 * what is said, what is remembered, and what (if anything) is to be done.
 */
export function turn(session: Session, message: Message, context: Context): Step {
  return working(session, context, (t) => {
    if ('values' in message) return takeValues(t, message.values, message.form);
    if ('pick' in message) return takePick(t, message.pick, message.sealed);
    return takeText(t, message.text);
  });
}

/** The turn after an effect: the receipt, or the refusal in words with the faulty fields asked anew. Pure like a turn. */
export function settle(session: Session, effect: ChatEffect, outcome: Outcome, context: Context): Step {
  return working(session, context, (t) => {
    const { form } = t.session;
    if ('unknown' in outcome) {
      t.replies.push(say('系统暂时没有响应，不能确定是否已经提交。请稍后再回复“确认”，不会重复提交。', form?.confirm ? [{ label: '确认提交', pick: `confirm:${form.confirm}` }] : []));
      return;
    }
    if ('receipt' in outcome) {
      const { receipt } = outcome;
      const title = form?.title ?? '';
      t.session.done = { hash: effect.hash, no: receipt.no };
      t.session.misses = 0;
      t.replies.push({
        type: 'receipt', title, receipt, text: `已提交“${title}”，案件编号 ${receipt.no}（${articleInWords(receipt.article)}）。凭编号可以随时查进度。`,
        quick: [{ label: '查看这件', pick: `case:${receipt.no}` }],
      });
      leave(t);
      return;
    }
    refused(t, outcome.refusal);
  });
}

/** Runs a turn on a copy of the session; what it still has to know comes out as `wants`. */
function working(session: Session, context: Context, work: (t: Turn) => void): Step {
  const t: Turn = { session: structuredClone(session), context, replies: [] };
  try {
    work(t);
    // Whatever was said in between, a form under way ends the turn with its question or its summary.
    const { form } = t.session;
    if (form && !form.asking && !form.confirm && !t.effect) proceed(t);
  } catch (error) {
    if (error instanceof Wanted) return { wants: [error.want] };
    throw error;
  }
  t.session.offered = t.replies.flatMap(({ quick = [] }) => quick.filter(isNumbered).map(({ pick }) => pick));
  return { session: t.session, replies: t.replies, ...(t.effect ? { effect: t.effect } : {}) };
}

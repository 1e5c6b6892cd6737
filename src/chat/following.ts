import { answerTo, articleNamed } from './answers';
import type { Turn } from './context';
import { cancelled, stale } from './ending';
import { asksAboutOthers, isRude } from './guards';
import { understand, withoutDenials, type Intent, type Understanding } from './intents';
import { reading } from './reading';
import { say } from './replies';
import type { Session } from './session';
import { answer, handOver, HUMAN, progress, providers, registerOf, smalltalk, wordsFor } from './talk';
import { isBusiness, pursue } from './targets';
import { bare, isQuestion } from './text';

/** Misses in a row after which a person is called. */
const MISSES_MAX = 3;
const OTHERS_MATTER = say('别人的案件只有当事人和承办的工作人员能看，举报人、投诉人是谁也不会告诉任何人。您自己的事项可以查进度。', [{ label: '查进度', pick: 'progress' }, HUMAN]);
const SORRY = say('抱歉没有帮上您。请说说要办什么事，或者转给工作人员。', [{ label: '能办什么', pick: 'menu' }, HUMAN]);

/** Outside any form: does what the message means, or asks which of two things it means. */
export function follow(t: Turn, chosen: Intent | undefined, text: string): void {
  const { session, context } = t;
  const meaning: Understanding = chosen ? { intent: chosen, confidence: 1, second: 'faq', ask: false } : understand(text, context.role);
  const meant = chosen ? text : withoutDenials(text);
  const found = meaning.intent === 'faq' || meaning.ask || articleNamed(text) ? answerTo(meant) : null;
  if (!chosen && found && (articleNamed(text) !== null || (meaning.ask && isQuestion(text) && found.score >= 0.5))) {
    session.misses = 0;
    return answer(t, text, found);
  }
  if (!chosen && asksAfterProvider(t, meaning, text, found !== null)) {
    session.misses = 0;
    providers(t, text);
    if (meaning.intent === 'faq' && found) answer(t, meant, found);
    return;
  }
  if (meaning.ask) return unsure(t, meaning);
  session.misses = meaning.intent === 'out_of_scope' ? session.misses : 0;
  switch (meaning.intent) {
    case 'faq': return answer(t, meant, found ?? answerTo(meant));
    case 'smalltalk': return smalltalk(t, text);
    case 'cancel': return cancelled(t);
    case 'human_agent': return handOver(t, bare(text).length >= 12 ? text : questionBefore(session));
    case 'query_progress': return progress(t, text);
    case 'find_provider': return providers(t, text);
    case 'out_of_scope': {
      const kind = asksAboutOthers(reading(text)) ? OTHERS_MATTER : isRude(text) ? SORRY : null;
      if (kind) { t.replies.push(kind); return; }
      if (missed(t)) return;
      t.replies.push(say('这不在我能办的范围内。我只管中小企业数字化转型试点的事：诊断、方案、验收、评价、投诉、举报和办法里的规定。', [{ label: '能办什么', pick: 'menu' }, HUMAN]));
      return;
    }
    default: return isBusiness(meaning.intent) ? pursue(t, meaning.intent, meant) : stale(t);
  }
}

/** Words about where somebody stands in the register. */
const STANDING = /在库|库里|入库|名单|退库|出库|退出|清退|资格/u;
/** «查一下中原数智» asks after the provider, «查一下中原数智的诊断» after a case. */
const MATTER = /进度|到哪|诊断|方案|合同|验收|投诉|举报|申诉|评价|付款|案/u;

/** Words that name a provider and ask for nothing that could be done: those that mean little without the name. */
function asksAfterProvider(t: Turn, { intent, second, ask }: Understanding, text: string, hasRule: boolean): boolean {
  // What may be a complaint or a report is asked about, not passed over.
  if (ask && isBusiness(second)) return false;
  const couldBe = intent === 'query_progress' ? !MATTER.test(text) : intent === 'faq' ? !hasRule || STANDING.test(text) : intent === 'out_of_scope' || intent === 'smalltalk';
  if (!couldBe || bare(text).length < 3 || asksAboutOthers(reading(text)) || isRude(text)) return false;
  return registerOf(t, text).by === 'name';
}

function unsure(t: Turn, { intent, second, confidence }: Understanding): void {
  if (missed(t)) return;
  const readings = [...new Set([intent, second])].filter((one) => one !== 'out_of_scope' && one !== 'smalltalk' && one !== 'cancel');
  t.replies.push(say(confidence > 0.2 && readings.length > 0 ? '您是想：' : '没有听懂您的意思，请换个说法，或者从下面选择：',
    [...readings.map((one) => ({ label: wordsFor(one), pick: `intent:${one}` })), { label: '能办什么', pick: 'menu' }, HUMAN]));
}

/** Counts a message that was not understood. After three in a row a person is called, and true returned. */
export function missed(t: Turn): boolean {
  t.session.misses += 1;
  if (t.session.misses < MISSES_MAX) return false;
  t.session.misses = 0;
  t.replies.push(say('我几次没能听懂，抱歉。'));
  handOver(t, t.session.lately.at(-1) ?? '');
  return true;
}

/** What was said before calling for a person, if it is worth answering. */
export const questionBefore = ({ lately }: Session): string => lately.slice(0, -1).findLast((line) => bare(line).length >= 6) ?? '';

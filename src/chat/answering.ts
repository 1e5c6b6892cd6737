import { answerTo, articleNamed } from './answers';
import { targetOf, type Turn } from './context';
import { corrected } from './corrections';
import { cancelled } from './ending';
import { answerField, ask, leave, proceed, suspend } from './filling';
import { missed, questionBefore } from './following';
import { understand, type Intent } from './intents';
import { say } from './replies';
import { isText } from './slots';
import { answer, handOver, progress, providers } from './talk';
import { onField } from './taps';
import { isBusiness, pursue } from './targets';
import { bare, isQuestion } from './text';
import { caseNoIn } from './values';

/** Certainty a message in the middle of a form needs to be taken for something else than an answer. */
const INTERRUPTS = 0.75;
/** How well an answer must fit for a sentence to be a question rather than the text that was asked for. */
const SURELY_ASKED = 0.7;
const SKIP = /^(?:跳过|不填|没有|无|略过?|下一[项个]|不用填?)[了吧。]*$/u;
const DENIES = /^(?:我?不(?:要|想|用)|别|算了|取消)/u;

/** Words in the middle of a form: an answer, a correction, or something else that is dealt with first. */
export function inForm(t: Turn, text: string, plain: string): void {
  const form = t.session.form!;
  const target = targetOf(t.context, form);
  if (!target) return proceed(t);
  const asked = target.fields.find((field) => field.name === form.asking);
  if (/^继续(?:填写?|办理)?$/u.test(plain)) return proceed(t);
  if (asked && SKIP.test(plain) && (!asked.required || plain.startsWith('跳过'))) {
    if (!asked.required) return onField(t, 'skip', form.id, asked.name, '');
    t.replies.push(say(`${asked.label}是必填的，不能跳过。`));
    return ask(t, form, asked);
  }
  if (corrected(t, text, asked !== undefined && isText(asked))) return;
  // A plain choice is the answer, whatever else its words could mean elsewhere.
  const isChosen = asked !== undefined && ['choice', 'choices', 'yesNo', 'agreed'].includes(asked.kind) && bare(text).length <= 12 && !isQuestion(text) && !DENIES.test(plain);
  if (isChosen && answerField(t, text) === 'taken') return;
  if (interrupted(t, text, asked)) return;
  const answered = asked ? answerField(t, text) : { fault: null };
  if (answered === 'taken') return;
  // Neither an answer nor anything else that is understood.
  if (missed(t)) return;
  if (asked) {
    t.replies.push(say(answered.fault ? `${answered.fault}。` : `没有看懂这条内容作为“${asked.label}”的意思。`));
    return ask(t, form, asked);
  }
  t.replies.push(say('请回复“确认”提交，或说要改哪一项，或说“取消”。'));
  return proceed(t);
}

/** Questions about the rules, other matters and calls for a person in the middle of a form. A text being asked for is interrupted only by what is plainly none. */
function interrupted(t: Turn, text: string, asked: { kind: string } | undefined): boolean {
  const { session, context } = t;
  const isFreeText = asked?.kind === 'text' || asked?.kind === 'longText';
  if (asked?.kind === 'case' && caseNoIn(text) && !isQuestion(text)) return false;
  // A question for a person is written down, not answered.
  const isForPeople = session.form!.procedure === 'service';
  const meaning = understand(text, context.role);
  const found = answerTo(text);
  const asksRule = articleNamed(text) !== null && isQuestion(text) || (isQuestion(text) && found !== null && (!isFreeText || (!isForPeople && text.length <= 40 && (found.score >= SURELY_ASKED || /^(?:请问|问一下|问个)/u.test(text)))));
  if (asksRule) {
    session.misses = 0;
    answer(t, text, found);
    proceed(t);
    return true;
  }
  const isPlain = meaning.confidence >= INTERRUPTS && !meaning.ask && (!isFreeText || (bare(text).length <= 14 && /^(?:我?(?:想|要)|帮我|给我|转|查|申请|不|别|算了)/u.test(bare(text))));
  if (!isPlain) return false;
  switch (meaning.intent) {
    case 'cancel': cancelled(t); return true;
    case 'human_agent': handOver(t, questionBefore(session)); return true;
    case 'query_progress': progress(t, text); proceed(t); return true;
    case 'find_provider': { if (asked?.kind === 'organisation') return false; providers(t, text); proceed(t); return true; }
    case 'faq': case 'smalltalk': case 'out_of_scope': return false;
    default: {
      if (!isBusiness(meaning.intent)) return false;
      const before = session.form!;
      if (before.procedure === targetProcedure(meaning.intent)) {
        // The same matter again: it is under way, go on with it, unless the words answer what was asked.
        if (isFreeText || bare(text).length > 8) return false;
        proceed(t);
        return true;
      }
      suspend(t);
      pursue(t, meaning.intent, text);
      // Nothing came of it: back to what was being done.
      if (!session.form && session.stack.at(-1)?.id === before.id) leave(t);
      return true;
    }
  }
}

const targetProcedure = (intent: Intent): string | undefined =>
  ({ request_diagnosis: 'diagnosis', file_complaint: 'complaint', file_appeal: 'appeal', apply_selection: 'selection', rate_provider: 'rating' } as Partial<Record<Intent, string>>)[intent];

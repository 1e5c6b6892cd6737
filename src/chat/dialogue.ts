import type { Receipt } from '../kernel/case';
import { articleInWords } from '../rulebook/articles';
import { answerTo, articleNamed } from './answers';
import { known, Wanted, targetOf, type Context, type Step, type Turn } from './context';
import { answerField, ask, begin, commit, leave, proceed, suspend } from './filling';
import { understand, withoutDenials, type Intent, type Understanding } from './intents';
import { isNumbered, say } from './replies';
import type { ChatEffect, Message, Session } from './session';
import { fieldNamed, fillRest, isAskable, isText, put, read } from './slots';
import { answer, article, handOver, HUMAN, menu, progress, providers, smalltalk, wordsFor } from './talk';
import { isBusiness, pursue } from './targets';
import { bare, blot, isQuestion, normalise } from './text';
import { caseNoIn } from './values';

/** Misses in a row after which a person is called. */
const MISSES_MAX = 3;
const LATELY = 6;
/** Certainty a message in the middle of a form needs to be taken for something else than an answer. */
const INTERRUPTS = 0.75;

const CONFIRM = /^(?:确认|确认提交|我确认|确定|确定提交|是的|没错|提交|确认无误|无误|是的确认|对的?确认|是的提交)[吧了。!！]*$/u;
const MAYBE = /^(?:好|好的|可以|行|嗯+|ok|okay|对|是|y|yes|没问题|同意|👌|👍)[吧了啊呀的。!！]*$/u;
const SKIP = /^(?:跳过|不填|没有|无|略过?|下一[项个]|不用填?)[了吧。]*$/u;
const STOP = /^(?:(?:我)?(?:想)?取消(?:吧|了|申请|操作|办理|这[个项])?|算了(?:吧)?|不办了|不填了|不弄了|退出|放弃|停)[。!！]*$/u;
const LAST = /上一[项个条]|刚才(?:那[项个]|填的|说的)|前一[项个]/u;
const WRONG = /错|不对|改|重[填写说]|更正/u;
const DENIES = /^(?:我?不(?:要|想|用)|别|算了|取消)/u;
/** 18 digits as of a resident ID number: nothing a dialogue should ever hold. */
const ID_NUMBER = /(?<!\d)\d{17}[\dx](?!\d)/iu;

/**
 * One turn of the dialogue: a pure function of session, message and context. Either it asks to know something first, or it says
 * what is said, what is remembered, and what (if anything) is to be done.
 */
export function turn(session: Session, message: Message, context: Context): Step {
  return working(session, context, (t) => {
    if ('values' in message) return takeValues(t, message.values, message.form);
    if ('pick' in message) return takePick(t, message.pick);
    return takeText(t, message.text);
  });
}

/** What the kernel said to an effect. */
export type Outcome = { receipt: Receipt } | { refusal: { code: string; detail: string; faults: { field: string; message: string }[]; article?: string } } | { unknown: true };

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

function refused(t: Turn, { detail, faults, article: no }: Extract<Outcome, { refusal: unknown }>['refusal']): void {
  const form = t.session.form;
  const words = faults.length > 0 ? faults.map(({ message }) => message).join('；') : detail;
  t.replies.push(say(`没有提交成功：${words}。${no ? `（${articleInWords(no)}）` : ''}`, [HUMAN]));
  if (!form) return;
  form.confirm = null;
  const target = targetOf(t.context, form);
  const faulty = target?.fields.filter((field) => isAskable(field) && faults.some((fault) => fault.field === field.name || fault.field.startsWith(`${field.name}.`))) ?? [];
  if (faulty.length > 0) {
    for (const { name } of faulty) delete form.values[name];
    proceed(t, faulty.map(({ name }) => name));
  } else leave(t);
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

// ---- Taps and cards -----------------------------------------------------------------------------------------------

const stale = (t: Turn): void => {
  t.replies.push(say('这个选项已经失效了。'));
  again(t);
};

/** Comes back to the form under way, if there is one. */
function again(t: Turn): void {
  if (t.session.form) proceed(t);
}

function takePick(t: Turn, pick: string): void {
  const { session } = t;
  const [kind, ...rest] = pick.split(':') as [string, ...string[]];
  if (kind === 'confirm') return confirmed(t, rest[0] ?? '');
  if (session.form) session.form.confirm = null;
  session.misses = 0;
  switch (kind) {
    case 'cancel': return cancelled(t);
    case 'human': return handOver(t, '');
    case 'menu': { t.replies.push(menu(t)); return again(t); }
    case 'progress': { progress(t, ''); return again(t); }
    case 'case': { progress(t, rest[0] ?? ''); return again(t); }
    case 'faq': { article(t, rest[0] ?? ''); return again(t); }
    case 'start': return begin(t, { procedure: rest[0] ?? '', move: rest[1] ?? '', ...(rest[2] ? { no: rest[2] } : {}) });
    case 'intent': return follow(t, rest[0] as Intent, session.lately.at(-1) ?? '');
    case 'set': case 'said': case 'rest': case 'skip': case 'edit': return onField(t, kind, rest[0] ?? '', rest[1] ?? '', rest.slice(2).join(':'));
    default: return stale(t);
  }
}

function onField(t: Turn, kind: 'set' | 'said' | 'skip' | 'edit' | 'rest', formId: string, name: string, value: string): void {
  const { form } = t.session;
  const target = form && form.id === formId ? targetOf(t.context, form) : null;
  const field = target?.fields.find((one) => one.name === name && isAskable(one));
  if (!form || !target || !field) return stale(t);
  if (kind === 'edit') return ask(t, form, field);
  if (kind === 'skip') {
    if (field.required) return ask(t, form, field);
    delete form.values[name];
    form.skipped = [...new Set([...form.skipped, name])];
    return proceed(t);
  }
  if (kind === 'rest') {
    fillRest(form, target, field, `其余都选${field.options?.find((option) => String(option.value) === value)?.label ?? ''}`);
    return proceed(t);
  }
  const given = kind === 'said' ? form.said : valueOf(field.kind, value, field.options);
  const words = field.kind === 'organisation' ? known(t.context, 'organisations', `#${value}`)[0]?.name : undefined;
  const fault = field.kind === 'organisation' && !words ? '没有找到这家服务商' : put(form, target, field, given, words);
  if (fault === null) return proceed(t);
  t.replies.push(say(`${fault}。`));
  return ask(t, form, field);
}

function valueOf(kind: string, text: string, options: { value: string | number }[] = []): unknown {
  const option = options.find(({ value }) => String(value) === text)?.value ?? text;
  return kind === 'choices' ? [option] : kind === 'choice' ? option : kind === 'yesNo' ? text === 'true' : text;
}

/** Values of a form card. Every fault is told at once; nothing is taken from a card of another form. */
function takeValues(t: Turn, values: Record<string, unknown>, formId?: string): void {
  const { form } = t.session;
  const target = form ? targetOf(t.context, form) : null;
  if (!form || !target || (formId !== undefined && formId !== form.id)) return stale(t);
  form.confirm = null;
  const faults: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const field = target.fields.find((one) => one.name === name && isAskable(one));
    if (!field) { faults.push('有不认识的字段'); continue; }
    const words = field.kind === 'organisation' ? known(t.context, 'organisations', `#${String(value)}`)[0]?.name : undefined;
    const fault = field.kind === 'organisation' && !words ? '没有找到这家服务商' : put(form, target, field, value, words);
    if (fault !== null) faults.push(fault);
  }
  if (faults.length > 0) t.replies.push(say(`${faults.join('；')}。`));
  proceed(t);
}

// ---- Confirming and leaving ---------------------------------------------------------------------------------------

function confirmed(t: Turn, hash: string): void {
  const { form, done } = t.session;
  if (form?.confirm && hash === form.confirm) return commit(t);
  if (done?.hash === hash) {
    t.replies.push(say(`这一件已经提交过了，案件编号 ${done.no}。`, [{ label: '查看这件', pick: `case:${done.no}` }]));
    return again(t);
  }
  t.replies.push(say('这份确认单已经失效，内容可能改过了，请按最新的核对。'));
  return again(t);
}

function cancelled(t: Turn): void {
  const { form } = t.session;
  t.session.misses = 0;
  if (!form) { t.replies.push(say('好的。现在没有正在填写的事项。')); return; }
  t.replies.push(say(`已取消“${form.title}”，没有提交任何内容。`));
  leave(t);
}

// ---- Words --------------------------------------------------------------------------------------------------------

function takeText(t: Turn, given: string): void {
  const { session, context } = t;
  const text = given.trim();
  const plain = normalise(text);
  if (plain === '') return again(t);
  if (ID_NUMBER.test(plain)) {
    if (session.form) session.form.confirm = null;
    t.replies.push(say('请不要在对话中发送身份证号，这条内容没有保存。实名举报等需要身份信息的事项请在小程序页面办理。'));
    return again(t);
  }
  const number = /^[1-9]\d?$/.test(plain) ? session.offered[Number(plain) - 1] : undefined;
  const asking = session.form?.asking ? targetOf(context, session.form)?.fields.find(({ name }) => name === session.form!.asking) : undefined;
  if (number && asking?.kind !== 'number' && asking?.kind !== 'money') return takePick(t, number);

  session.lately = [...session.lately, blot(text.slice(0, 300))].slice(-LATELY);
  if (session.form?.confirm) {
    const hash = session.form.confirm;
    if (CONFIRM.test(plain)) return confirmed(t, hash);
    session.form.confirm = null;
    if (MAYBE.test(plain)) {
      t.replies.push(say('为免误会，提交前需要您明确回复“确认”两个字，请再核对一遍。'));
      return proceed(t);
    }
  } else if (CONFIRM.test(plain) && !session.form && session.done) return confirmed(t, session.done.hash);

  if (STOP.test(plain)) return cancelled(t);
  if (/^(?:菜单|帮助|能办什么)$/u.test(plain)) { t.replies.push(menu(t)); return again(t); }
  if (/^(?:(?:转|找|要|叫|接)?人工(?:客服|服务)?|客服)[吧。!！]*$/u.test(plain)) return handOver(t, questionBefore(session));
  if (session.form) return inForm(t, text, plain);
  return follow(t, undefined, text);
}

/** What was said before calling for a person, if it is worth answering. */
const questionBefore = ({ lately }: Session): string => lately.slice(0, -1).findLast((line) => bare(line).length >= 6) ?? '';

function inForm(t: Turn, text: string, plain: string): void {
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
  const isChosen = asked !== undefined && ['choice', 'choices', 'yesNo'].includes(asked.kind) && bare(text).length <= 12 && !isQuestion(text) && !DENIES.test(plain);
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

/** «改一下诉求», «诉求改成退款», «上一项写错了». */
function corrected(t: Turn, text: string, isFreeText: boolean): boolean {
  const form = t.session.form!;
  const target = targetOf(t.context, form)!;
  const fields = target.fields.filter((field) => isAskable(field) && (field.name in form.values || form.skipped.includes(field.name)));
  if (LAST.test(text) && WRONG.test(text) && text.length <= 40) {
    const last = fields.find((field) => field.name === form.filled.at(-1));
    if (!last) return false;
    const value = /(?:改成|改为|换成|应该是|应为|是)\s*[:：]?\s*(.+)$/su.exec(text.replace(/^.*?(?:错了?|不对)[,，。\s]*/su, ''))?.[1];
    return replace(t, last, value);
  }
  const [, named, value] = /^(.{0,14}?)(?:改成|改为|换成|应该是|应为|更正为)\s*[:：]?\s*(.+)$/su.exec(text) ?? [];
  const field = named ? fieldNamed(named, fields) : null;
  if (field && value) return replace(t, field, value);
  const wanted = /^(?:我?(?:想|要|需要)?)?(?:再)?(?:改|修改|更正|更改|重填|重写|重新填|换)(?:一?下)?(.{2,12}?)[吧了。]?$/u.exec(text)?.[1]
    ?? /^(.{2,12}?)(?:写错了?|填错了?|错了|不对|要改(?:一下)?|要修改)[,，。!！]*$/u.exec(text)?.[1];
  const meant = wanted ? fieldNamed(wanted, fields) : null;
  if (meant) return replace(t, meant, undefined);
  if (wanted && !isFreeText && !form.asking) {
    t.replies.push(say(`没有“${wanted}”这一项。可以改的有：${fields.map(({ label }) => label).join('、')}。`));
    proceed(t);
    return true;
  }
  return false;
}

function replace(t: Turn, field: Parameters<typeof ask>[2], value: string | undefined): boolean {
  const form = t.session.form!;
  form.confirm = null;
  const found = value === undefined ? undefined : read(field, value.replace(/[。]$/u, ''), true, t.context);
  if (found && 'value' in found) {
    const fault = put(form, targetOf(t.context, form)!, field, found.value, found.words);
    if (fault === null) {
      t.replies.push(say(`已更正“${field.label}”。`));
      proceed(t);
      return true;
    }
    t.replies.push(say(`${fault}。`));
  }
  ask(t, form, field, found && 'among' in found ? found.among : undefined);
  return true;
}

/** Questions about the rules, other matters and calls for a person in the middle of a form. A text being asked for is interrupted only by what is plainly none. */
function interrupted(t: Turn, text: string, asked: { kind: string } | undefined): boolean {
  const { session, context } = t;
  const isFreeText = asked?.kind === 'text' || asked?.kind === 'longText';
  if (asked?.kind === 'case' && caseNoIn(text) && !isQuestion(text)) return false;
  const meaning = understand(text, context.role);
  const found = answerTo(text);
  const asksRule = articleNamed(text) !== null && isQuestion(text) || (isQuestion(text) && found !== null && (!isFreeText || (text.length <= 40 && (found.score >= 0.5 || /^(?:请问|问一下|问个)/u.test(text)))));
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

/** Outside any form: does what the message means, or asks which of two things it means. */
function follow(t: Turn, chosen: Intent | undefined, text: string): void {
  const { session, context } = t;
  const meaning: Understanding = chosen ? { intent: chosen, confidence: 1, second: 'faq', ask: false } : understand(text, context.role);
  const meant = chosen ? text : withoutDenials(text);
  const found = meaning.intent === 'faq' || meaning.ask || articleNamed(text) ? answerTo(meant) : null;
  if (!chosen && found && (articleNamed(text) !== null || (meaning.ask && isQuestion(text) && found.score >= 0.5))) {
    session.misses = 0;
    return answer(t, text, found);
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
      if (missed(t)) return;
      t.replies.push(say('这不在我能办的范围内。我只管中小企业数字化转型试点的事：诊断、方案、验收、评价、投诉、举报和办法里的规定。', [{ label: '能办什么', pick: 'menu' }, HUMAN]));
      return;
    }
    default: return isBusiness(meaning.intent) ? pursue(t, meaning.intent, meant) : stale(t);
  }
}

function unsure(t: Turn, { intent, second, confidence }: Understanding): void {
  if (missed(t)) return;
  const readings = [...new Set([intent, second])].filter((one) => one !== 'out_of_scope' && one !== 'smalltalk' && one !== 'cancel');
  t.replies.push(say(confidence > 0.2 && readings.length > 0 ? '您是想：' : '没有听懂您的意思，请换个说法，或者从下面选择：',
    [...readings.map((one) => ({ label: wordsFor(one), pick: `intent:${one}` })), { label: '能办什么', pick: 'menu' }, HUMAN]));
}

/** Counts a message that was not understood. After three in a row a person is called, and true returned. */
function missed(t: Turn): boolean {
  t.session.misses += 1;
  if (t.session.misses < MISSES_MAX) return false;
  t.session.misses = 0;
  t.replies.push(say('我几次没能听懂，抱歉。'));
  handOver(t, t.session.lately.at(-1) ?? '');
  return true;
}


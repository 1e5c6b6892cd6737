import actionsJson from './data/actions.json';
import { conceptsOf } from './concepts';
import examplesJson from './data/intents.json';
import lexiconJson from './data/lexicon.json';
import priorsJson from './data/priors.json';
import { ARTICLES, UNREGULATED } from '../rulebook/articles';
import { answerTo } from './answers';
import { asksAboutOthers, isRude, isTampering } from './guards';
import { reading } from './reading';
import { bare, clauses, features as windows, isQuestion } from './text';
import { CASE_NO_IN } from './values';

export type Intent = keyof typeof examplesJson;
export const INTENTS = Object.keys(examplesJson) as Intent[];
export type ChatRole = keyof typeof priorsJson;

export interface Understanding {
  intent: Intent;
  /** 0 to 1. */
  confidence: number;
  /** The best other reading. */
  second: Intent;
  /** Not sure enough to go on: ask, with both readings offered. */
  ask: boolean;
}

/** Readings of which one must never be taken for another on a guess: a report is no complaint, and neither is a question about one. */
const HARMFUL: readonly Intent[] = ['file_report', 'file_complaint', 'file_appeal', 'query_progress', 'rate_provider', 'cancel'];
/** What complaints and reports here are about. */
const ABOUT = /服务商|企业|公司|软件|系统|项目|实施|改造|诊断|方案|合同|资质|证书|案例|业绩|名单|入库|材料|他们|她们|它|人员|团队|数字化|专利|科技|工业|互联|信息|智造|数智/u;
const SURE = 0.45;
const SURE_WHERE_HARMFUL = 0.6;

const { terms: _terms, ...kindsJson } = lexiconJson;
const LEXICON = Object.entries(kindsJson);
const CASE_NO = new RegExp(CASE_NO_IN.source, 'giu');

const ACTIONS = Object.entries(actionsJson).map(([action, words]) => [action, new RegExp(words, 'u')] as const);
const WISH = /我?(?:要|想|得|必须|需要|打算|准备|来)|帮|给|请|麻烦|安排|申请|办|登记|提交|发起|现在|赶紧|这就/u;

/** What is spoken of anywhere, what the last clause that speaks of anything wants, and whether it is wished or asked for: where a story is told first, its end says what for. */
function actions(text: string): string[] {
  const found: string[] = [];
  const parts = clauses(text).map((part) => ({ part, spoken: ACTIONS.filter(([, words]) => words.test(part)).map(([action]) => action) })).filter(({ spoken }) => spoken.length > 0);
  for (const { part, spoken } of parts) for (const action of spoken) {
    found.push(`a:${action}`);
    if (!isQuestion(part) && WISH.test(part)) found.push(`w:${action}`);
  }
  const last = parts.at(-1);
  if (last) for (const action of last.spoken) found.push(isQuestion(last.part) ? `q:${action}` : `d:${action}`);
  return [...new Set(found)];
}

/** «能不能给我安排一下» asks for nothing but that it be done. */
const POLITE = /(?:能不能|可不可以|能否|可否|可以|能|方便).{0,8}(?:帮|给我|给我们|安排|派|接通|转给|转一下|约|让.{0,4}来|来人)/u;

/** Whether it asks in the end: of «怎么弄我不懂，帮我申请吧» the end counts. */
function asks(text: string): boolean {
  const parts = clauses(text);
  const last = parts.at(-1) ?? text;
  if (isQuestion(last)) return !POLITE.test(last);
  return parts.some((part) => isQuestion(part) && !POLITE.test(part)) && !WISH.test(last) && !ACTIONS.some(([, words]) => words.test(last));
}

/** A clause that says in so many words what is wanted; stories and wishes around it change nothing about that. */
const PLAIN: readonly (readonly [Intent, RegExp])[] = ([
  ['file_complaint', '投诉'], ['file_report', '(?:实名)?(?:举报|检举|揭发)'], ['file_appeal', '(?:提出?)?申诉'], ['request_diagnosis', '(?:申请|做|预约)?(?:数字化)?诊断'],
  ['apply_acceptance', '(?:申请)?(?:竣工)?验收'], ['rate_provider', '(?:评价|打分)'], ['pay_contract', '(?:付款|支付|付钱)'], ['confirm_plan', '确认(?:改造)?方案'],
] as const).map(([intent, words]) => [intent, new RegExp(`^(?:我们?)?(?:现在|今天)?(?:就?要|想要?|必须|得|需要|来)${words}(?!.{0,12}(?:的那|进度|结果|呢$|吗$))`, 'u')]);
const wantedPlainly = (text: string): Intent | undefined => {
  const said = clauses(text).filter((part) => !isQuestion(part));
  return PLAIN.find(([, words]) => said.some((part) => words.test(bare(part))))?.[0];
};
const PLAINLY = 1.5;

/** Words and windows, and what kinds of words are among them: kinds carry over to words no example has. */
function features(text: string): string[] {
  const clean = reading(text).replaceAll(CASE_NO, '');
  const kinds = LEXICON.filter(([, words]) => words.some((word) => clean.includes(word))).map(([kind]) => `#${kind}`);
  return [
    ...windows(clean), ...actions(clean), ...kinds, ...kinds.map((kind) => `${kind}!`), ...(kinds.includes('#domain') ? [] : ['#none']),
    asks(clean) ? '#question' : '#statement', ...conceptsOf(clean).map((concept) => `c:${concept}`), ...(CASE_NO_IN.test(text.toUpperCase()) ? ['#number'] : []),
  ];
}

// ---- Learning from the examples -----------------------------------------------------------------------------------

interface Model {
  /** The row of each feature in `weights`. */
  rows: ReadonlyMap<string, number>;
  /** A row of one weight per intent for each feature. */
  weights: Float64Array;
  bias: Float64Array;
}

const K = INTENTS.length;
const EPOCHS = 24;
const RATE = 0.4;
const SHRINK = 2e-4;

/** Softmax regression over words, windows and concepts, trained at first use: deterministic, a fraction of a second, nothing to ship but examples. */
function train(): Model {
  const rows = new Map<string, number>();
  const rowOf = (feature: string): number => {
    const row = rows.get(feature) ?? rows.size;
    rows.set(feature, row);
    return row;
  };
  const samples = INTENTS.flatMap((intent, label) => {
    // What denies an action is told apart before; here its words would only blur those of the action.
    const own = examplesJson[intent].filter((text) => withoutDenials(reading(text)) === reading(text)).map((text) => ({ text, label, share: 1 }));
    if (intent !== 'faq') return own;
    // Every question of the rulebook is an example of a question; together they count as much as a few other intents.
    const asked = [...ARTICLES, ...UNREGULATED].flatMap(({ questions }) => questions);
    return [...own, ...asked.map((text) => ({ text, label, share: 0.35 }))];
  }).map(({ text, label, share }) => ({ seen: Int32Array.from(features(text), rowOf), label, share }));
  // A fixed order that mixes the labels: neighbours in the file would pull one after the other.
  const order = samples.map((_, i) => i).toSorted((a, b) => (a * 7919) % samples.length - (b * 7919) % samples.length || a - b);

  const weights = new Float64Array(rows.size * K);
  const bias = new Float64Array(K);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const rate = RATE / (1 + epoch / 8);
    const keep = 1 - rate * SHRINK;
    for (const index of order) {
      const { seen, label, share } = samples[index]!;
      const likely = softmax(logits({ weights, bias }, seen));
      const scale = (rate * share) / Math.sqrt(seen.length);
      for (let k = 0; k < K; k += 1) {
        const error = (k === label ? 1 : 0) - likely[k]!;
        if (Math.abs(error) < 1e-4) continue;
        bias[k]! += rate * share * 0.05 * error;
        const step = scale * error;
        for (const row of seen) weights[row * K + k] = weights[row * K + k]! * keep + step;
      }
    }
  }
  return { rows, weights, bias };
}

function logits({ weights, bias }: Pick<Model, 'weights' | 'bias'>, seen: ArrayLike<number>, length = seen.length): Float64Array {
  const sum = Float64Array.from(bias);
  const scale = 3 / Math.sqrt(Math.max(1, length));
  for (let i = 0; i < seen.length; i += 1) for (let k = 0, at = seen[i]! * K; k < K; k += 1, at += 1) sum[k]! += weights[at]! * scale;
  return sum;
}

function softmax(values: Float64Array): Float64Array {
  let top = -Infinity;
  for (const value of values) if (value > top) top = value;
  let total = 0;
  for (let k = 0; k < values.length; k += 1) total += values[k] = Math.exp(values[k]! - top);
  for (let k = 0; k < values.length; k += 1) values[k]! /= total;
  return values;
}

let model: Model | undefined;
const trained = (): Model => (model ??= train());
/** Learns now rather than at the first message, which would wait for it. */
export const learn = (): void => { trained(); };

// ---- Negation -----------------------------------------------------------------------------------------------------

const ACTION = '投诉|举报|检举|申诉|申请|评价|打分|确认|付款|支付|付钱|交钱|验收|诊断|报名|申报|提交|变更|转人工|人工|办理|办|弄|填|发|回复|答复';
const DENIED = new RegExp(
  `(?:(?<!是)不是(?:要|想|来)?|(?<!要)不要|(?<!想)不想|(?<!用)不用|不打算|不准备|不需要|不再|没有?(?:要|想|说要|打算)|别(?![人的家处])|甭|先不|暂时不|还是不|无需)(?:再|继续|去|给我|帮我)?[^,，。;；?？]{0,4}?(?:${ACTION})`
  + `|不(?:${ACTION})[^,，。;；?？]{0,6}?(?:了|啦|吧)$`, 'u');

/** What is left of a message once clauses that deny an action are taken out; an empty text means: all of it denied. */
export function withoutDenials(text: string): string {
  if (/不(?:要|想|用)?(?:确认|申诉|验收|评价|投诉|整改|回复|办|付款?).{0,8}(?:会怎|怎么办|行吗|可以吗|后果|有什么|行不行)/u.test(text)) return text;
  const parts = clauses(text.replace(/(?<=.)(?:而是|我是要|是想要?|改成)/gu, '，$&'));
  const kept = parts.filter((part) => !DENIED.test(part));
  return kept.length === parts.length ? text : kept.join('，');
}

// ---- Understanding ------------------------------------------------------------------------------------------------

/** Reads one message. Pure; `role` only tilts the balance between readings that the words leave open. */
export function understand(message: string, role?: ChatRole): Understanding {
  const read = reading(message);
  if (isTampering(message) || asksAboutOthers(read)) return { intent: 'out_of_scope', confidence: 1, second: 'human_agent', ask: false };
  // Anger about nothing that could be done here; anger with a matter in it is read by its matter.
  if (isRude(read) && actions(read).length === 0) return { intent: 'out_of_scope', confidence: 0.9, second: 'human_agent', ask: false };
  const text = withoutDenials(read);
  const isDenied = text !== read;
  if (isDenied && !features(text).some((feature) => feature === '#domain' || feature === '#progress' || feature === '#finding' || /人工|真人/u.test(text))) return { intent: 'cancel', confidence: 1, second: 'query_progress', ask: false };
  if (/^(?:取消|算了|不办了|退出|放弃)[吧了。!！]?$/u.test(bare(text))) return { intent: 'cancel', confidence: 1, second: 'query_progress', ask: false };
  if (/^(?:转|找|要|叫|接)?人工(?:客服|服务)?[吧。!！]?$/u.test(bare(text))) return { intent: 'human_agent', confidence: 1, second: 'smalltalk', ask: false };

  if (CASE_NO_IN.test(text.normalize('NFKC').toUpperCase()) && !/投诉|举报|申诉|回复|答复|确认|变更|付|评价/u.test(text)) return { intent: 'query_progress', confidence: 0.95, second: 'faq', ask: false };
  const seen = features(text);
  const { rows } = trained();
  const words = seen.filter((feature) => !/^(?:#|[acwqd]:[a-z])/.test(feature));
  const familiar = words.filter((feature) => rows.has(feature)).length / Math.max(1, words.length);
  // Never seen features weigh nothing, but count for how much of it was understood.
  const scores = logits(trained(), seen.map((feature) => rows.get(feature) ?? -1).filter((row) => row >= 0), seen.length);
  const tilt: Partial<Record<Intent, number>> = role ? priorsJson[role] : {};
  INTENTS.forEach((intent, k) => { scores[k]! += tilt[intent] ?? 0; });
  const plain = wantedPlainly(text);
  if (plain && !seen.includes('#foreign')) scores[INTENTS.indexOf(plain)]! += PLAINLY;
  if (asks(text)) scores[INTENTS.indexOf('faq')]! += 0.5;
  const likely = softmax(scores);
  const [first, next] = INTENTS.map((intent, k) => ({ intent, confidence: likely[k]! })).toSorted((a, b) => b.confidence - a.confidence) as
    [{ intent: Intent; confidence: number }, { intent: Intent; confidence: number }];
  // Little in it was ever seen: whatever the weights say of the rest is a guess.
  const confidence = familiar < 0.25 ? first.confidence * (familiar / 0.25) : first.confidence;
  const isForeign = seen.includes('#none') && !seen.includes('#wish') && !seen.includes('#progress') && !seen.includes('#finding');
  // Nothing of what the product is about is in it, and the rulebook has no answer either.
  if (first.intent === 'faq' && isForeign && answerTo(text) === null) return { intent: 'out_of_scope', confidence: 0.7, second: 'faq', ask: false };
  // A known last character alone makes no greeting.
  const isNoise = isForeign && first.intent !== 'out_of_scope' && familiar < 0.35;
  if (isNoise || (isForeign && confidence < SURE)) return { intent: 'out_of_scope', confidence, second: first.intent === 'out_of_scope' ? next.intent : first.intent, ask: true };
  // A complaint or report about something that is never mentioned here, such as a hairdresser: ask rather than take it down.
  const isElsewhere = (first.intent === 'file_complaint' || first.intent === 'file_report') && familiar < 0.6 && !ABOUT.test(text) && (role !== 'enterprise' || seen.includes('#foreign'));
  if (isElsewhere) return { intent: 'out_of_scope', confidence, second: first.intent, ask: true };
  const isHarmful = HARMFUL.includes(first.intent) && (HARMFUL.includes(next.intent) || next.intent === 'faq');
  return { intent: first.intent, confidence, second: next.intent, ask: confidence < (isHarmful ? SURE_WHERE_HARMFUL : SURE) };
}

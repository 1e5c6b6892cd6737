import examplesJson from './data/intents.json';
import lexiconJson from './data/lexicon.json';
import priorsJson from './data/priors.json';
import { ARTICLES, UNREGULATED } from '../rulebook/articles';
import { answerTo } from './answers';
import { bare, clauses, features as windows, isQuestion, normalise } from './text';
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
const ABOUT = /服务商|企业|公司|软件|系统|项目|实施|改造|诊断|方案|合同|资质|证书|案例|业绩|名单|入库|材料|他们|她们|它|人员|团队|数字化/u;
const SURE = 0.45;
const SURE_WHERE_HARMFUL = 0.6;

const LEXICON = Object.entries(lexiconJson);
const CASE_NO = new RegExp(CASE_NO_IN.source, 'giu');

/** Words and windows, and what kinds of words are among them: kinds carry over to words no example has. */
function features(text: string): string[] {
  const clean = normalise(text).replaceAll(CASE_NO, '');
  const kinds = LEXICON.filter(([, words]) => words.some((word) => clean.includes(word))).map(([kind]) => `#${kind}`);
  return [...windows(clean), ...kinds, ...kinds.map((kind) => `${kind}!`), ...(kinds.includes('#domain') ? [] : ['#none']), ...(isQuestion(clean) ? ['#question'] : []), ...(clean === normalise(text) ? [] : ['#number'])];
}

// ---- Learning from the examples -----------------------------------------------------------------------------------

interface Model { weights: Map<string, Float64Array>; bias: Float64Array; known: Set<string> }

const EPOCHS = 24;
const RATE = 0.4;
const SHRINK = 2e-4;

/** Softmax regression over words and windows, trained at first use: deterministic, a fraction of a second, nothing to ship but examples. */
function train(): Model {
  const samples = INTENTS.flatMap((intent, label) => {
    const own = examplesJson[intent].map((text) => ({ text, label, share: 1 }));
    if (intent !== 'faq') return own;
    // Every question of the rulebook is an example of a question; together they count as much as a few other intents.
    const asked = [...ARTICLES, ...UNREGULATED].flatMap(({ questions }) => questions);
    return [...own, ...asked.map((text) => ({ text, label, share: 0.35 }))];
  }).map(({ text, label, share }) => ({ features: features(text), label, share }));
  // A fixed order that mixes the labels: neighbours in the file would pull one after the other.
  const order = samples.map((_, i) => i).toSorted((a, b) => (a * 7919) % samples.length - (b * 7919) % samples.length || a - b);

  const weights = new Map<string, Float64Array>();
  for (const sample of samples) for (const feature of sample.features) if (!weights.has(feature)) weights.set(feature, new Float64Array(INTENTS.length));
  const bias = new Float64Array(INTENTS.length);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const rate = RATE / (1 + epoch / 8);
    for (const index of order) {
      const { features: seen, label, share } = samples[index]!;
      const likely = softmax(logits({ weights, bias, known: new Set() }, seen));
      const scale = (rate * share) / Math.sqrt(seen.length);
      for (let k = 0; k < INTENTS.length; k += 1) {
        const error = (k === label ? 1 : 0) - likely[k]!;
        if (Math.abs(error) < 1e-4) continue;
        bias[k]! += rate * share * 0.05 * error;
        for (const feature of seen) {
          const row = weights.get(feature)!;
          row[k] = row[k]! * (1 - rate * SHRINK) + scale * error;
        }
      }
    }
  }
  return { weights, bias, known: new Set(weights.keys()) };
}

function logits({ weights, bias }: Model, seen: readonly string[]): Float64Array {
  const sum = Float64Array.from(bias);
  const scale = 1 / Math.sqrt(Math.max(1, seen.length));
  for (const feature of seen) {
    const row = weights.get(feature);
    if (row) for (let k = 0; k < sum.length; k += 1) sum[k]! += row[k]! * scale * 3;
  }
  return sum;
}

function softmax(values: Float64Array): Float64Array {
  const top = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - top));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
}

let model: Model | undefined;
const trained = (): Model => (model ??= train());

// ---- Negation -----------------------------------------------------------------------------------------------------

const ACTION = '投诉|举报|检举|申诉|申请|评价|打分|确认|付款|支付|付钱|交钱|验收|诊断|报名|申报|提交|变更|转人工|人工|办理|办|弄|填|回复|答复';
const DENIED = new RegExp(
  `(?:(?<!是)不是(?:要|想|来)?|(?<!要)不要|(?<!想)不想|(?<!用)不用|不打算|不准备|不需要|不再|没有?(?:要|想|说要|打算)|别|甭|先不|暂时不|还是不|无需)(?:再|继续|去|给我|帮我)?[^,，。;；?？]{0,4}?(?:${ACTION})`
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
  const text = withoutDenials(message);
  const isDenied = text !== message;
  if (isDenied && !features(text).some((feature) => feature === '#domain' || feature === '#progress' || feature === '#finding' || /人工|真人/u.test(text))) return { intent: 'cancel', confidence: 1, second: 'query_progress', ask: false };
  if (/^(?:取消|算了|不办了|退出|放弃)[吧了。!！]?$/u.test(bare(text))) return { intent: 'cancel', confidence: 1, second: 'query_progress', ask: false };
  if (/^(?:转|找|要|叫|接)?人工(?:客服|服务)?[吧。!！]?$/u.test(bare(text))) return { intent: 'human_agent', confidence: 1, second: 'smalltalk', ask: false };

  if (CASE_NO_IN.test(text.normalize('NFKC').toUpperCase()) && !/投诉|举报|申诉|回复|答复|确认|变更|付|评价/u.test(text)) return { intent: 'query_progress', confidence: 0.95, second: 'faq', ask: false };
  const seen = features(text);
  const { known } = trained();
  const familiar = seen.filter((feature) => !feature.startsWith('#') && known.has(feature)).length / Math.max(1, seen.filter((feature) => !feature.startsWith('#')).length);
  const scores = logits(trained(), seen);
  const tilt: Partial<Record<Intent, number>> = role ? priorsJson[role] : {};
  INTENTS.forEach((intent, k) => { scores[k]! += tilt[intent] ?? 0; });
  if (isQuestion(text)) scores[INTENTS.indexOf('faq')]! += 0.5;
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
  const isElsewhere = (first.intent === 'file_complaint' || first.intent === 'file_report') && familiar < 0.6 && !ABOUT.test(text);
  const isHarmful = HARMFUL.includes(first.intent) && (HARMFUL.includes(next.intent) || next.intent === 'faq');
  return { intent: first.intent, confidence, second: next.intent, ask: isElsewhere || confidence < (isHarmful ? SURE_WHERE_HARMFUL : SURE) };
}

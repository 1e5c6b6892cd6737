import { yuan } from '../../kernel/fields';
import metricsJson from '../../rulebook/data/metrics.json';
import type { Missing } from '../../rulebook/metrics';
import { amountFen } from './content';
import { GRADES, SCENARIO_NAMES, type Hint, type Item, type Need, type Version } from './forms';

/** Words that tie the enterprise to one product or bundle several (15.5 私自绑定产品). */
const BINDING = /独家|唯一(?:指定|供应|品牌)|指定品牌|绑定|捆绑|搭售|打包|必须(?:使用|购买|采购)|不得(?:使用|采购|更换)(?:其他|第三方)/u;
/** Words that say nothing about what is delivered. */
const VAGUE = /^(?:其他|其它|若干|杂项|等|详见附件|待定|无|同上|一批|一套)?$/u;
const SHORT = 6;
/** One item above this share of the whole is looked at more closely. */
const LUMP_PERCENT = 80;

interface Frame { needs: readonly Need[]; lacks?: Missing }

/**
 * What the reviewers should look at (12.2, 15.5): signs, not faults. They refuse nothing by themselves; some are harmless.
 */
export function hintsFor(version: Version, { needs, lacks }: Frame): Hint[] {
  const { items, split, unmet = [] } = version.content;
  const hints: Hint[] = [...gradeHints(version, lacks), ...items.flatMap((item) => itemHints(item, version.totalFen, items.length))];

  for (const [name, fen] of [['企业承担', split.enterpriseFen], ['服务商让利', split.providerConcessionFen], ['政府补助', split.governmentFen]] as const) {
    if (fen === 0) hints.push({ code: 'SHARE_ZERO', article: '7', text: `“${name}”为 0，请核对是否符合“企业出一点、服务商让一点、政府补一点”` });
  }
  const products = new Map<string, Item[]>();
  for (const item of items) products.set(item.product, [...(products.get(item.product) ?? []), item]);
  for (const [product, sold] of products) {
    if (sold.length > 1 && new Set(sold.map((item) => item.unitPriceFen)).size > 1 && new Set(sold.map((item) => item.kind)).size === 1) {
      hints.push({ code: 'PRICE_VARIES', article: '15.5', text: `同一产品“${product}”出现不同单价：${sold.map((item) => yuan(item.unitPriceFen)).join('、')}` });
    }
    if (sold.length === items.length && items.length > 2) hints.push({ code: 'ONE_PRODUCT', article: '15.5', text: `全部 ${items.length} 项都使用同一产品“${product}”，请核对是否私自绑定` });
  }
  for (const { scenario, reason } of unmet) hints.push({ code: 'UNMET', article: '12.2', text: `诊断列出的“${SCENARIO_NAMES[scenario]}”未纳入：${reason}` });
  const needed = new Set(needs.map((need) => need.scenario));
  const extra = version.scenarios.filter((key) => !needed.has(key));
  if (extra.length > 0) hints.push({ code: 'BEYOND', article: '12.2', text: `覆盖了诊断没有列出的场景：${extra.map((key) => SCENARIO_NAMES[key]).join('、')}` });
  return hints;
}

/** 确保试点企业改造后达到目标等级 (12.2): whether enough scenarios are touched at all for the grade that is promised. */
function gradeHints({ content, scenarios }: Version, lacks?: Missing): Hint[] {
  if (!lacks || content.targetGrade < lacks.grade) return [];
  const raised = scenarios.filter((key) => lacks.candidates.includes(key));
  const binding = raised.filter((key) => metricsJson.scenarios[key].binding);
  if (raised.length >= lacks.scenarios && binding.length >= lacks.binding) return [];
  const grade = GRADES[lacks.grade as keyof typeof GRADES];
  return [{
    code: 'GRADE', article: '12.2',
    text: `按诊断结果，达到${grade}还需 ${lacks.scenarios} 个场景达到${grade}（其中约束性场景 ${lacks.binding} 个）；清单覆盖了其中 ${raised.length} 个（约束性场景 ${binding.length} 个）`,
  }];
}

function itemHints(item: Item, total: number, count: number): Hint[] {
  const hints: Hint[] = [];
  const hint = (code: string, text: string) => hints.push({ code, article: '15.5', text: `“${item.name}”${text}`, item: item.name });
  for (const [label, text] of [['功能', item.function], ['用途', item.purpose]] as const) {
    if (text.length < SHORT || VAGUE.test(text) || text === item.name) hint('INCOMPLETE', `的${label}说明过于简单：${text}`);
  }
  if (item.function === item.purpose) hint('INCOMPLETE', '的功能与用途相同，请核对');
  if (VAGUE.test(item.product)) hint('INCOMPLETE', '没有写明具体产品');
  if (item.unitPriceFen === 0) hint('NO_PRICE', '单价为 0，请核对费用是否计入其他项');
  if (item.scenarios.length === 0 && item.kind !== 'service') hint('NO_SCENARIO', '没有对应的应用场景');
  const binding = BINDING.exec(`${item.name} ${item.product} ${item.function} ${item.purpose}`);
  if (binding) hint('BINDING', `含有“${binding[0]}”，请核对是否私自绑定产品`);
  if (count > 1 && amountFen(item) * 100 > total * LUMP_PERCENT) hint('LUMP', `占总额 ${LUMP_PERCENT}% 以上，请核对清单是否拆分完整`);
  return hints;
}


import { digest } from '../../kernel/chain';
import { describeFields, yuan } from '../../kernel/fields';
import type { Fault } from '../../kernel/refusal';
import type { ScenarioKey } from '../../rulebook/metrics';
import { content, CONTENT_FIELDS, SCENARIO_NAMES, type Approved, type Item, type Need, type PlanContent, type Version } from './forms';

const LABELS = Object.fromEntries(describeFields(content).map(({ name, label }) => [name, label])) as Record<keyof PlanContent, string>;
const MAY_BE_EMPTY: readonly (keyof PlanContent)[] = ['unmet', 'attachments'];
/** 四级 is the highest of the metrics. */
const HIGHEST = 4;

export const amountFen = ({ unitPriceFen, quantity }: Pick<Item, 'unitPriceFen' | 'quantity'>): number => unitPriceFen * quantity;
export const totalFen = (items: readonly Item[]): number => items.reduce((sum, item) => sum + amountFen(item), 0);
export const splitFen = ({ enterpriseFen, providerConcessionFen, governmentFen }: PlanContent['split']): number =>
  enterpriseFen + providerConcessionFen + governmentFen;
export const coveredBy = (items: readonly Item[]): ScenarioKey[] => {
  const covered = new Set(items.flatMap((item) => item.scenarios));
  return (Object.keys(SCENARIO_NAMES) as ScenarioKey[]).filter((key) => covered.has(key));
};

type Drafted = Partial<PlanContent>;
/** What a draft has of the plan, and nothing else of the case. */
export const contentOf = (draft: Drafted): Drafted =>
  Object.fromEntries(CONTENT_FIELDS.filter((name) => draft[name] !== undefined).map((name) => [name, draft[name]]));

/** SHA-256 of the content as canonical JSON: what an enterprise confirms and the bureau approves is this and no other. */
export const planHash = (plan: PlanContent): string => digest({ unmet: [], attachments: [], ...contentOf(plan) });

export function versionOf(plan: PlanContent, no: number, provider: string, now: Date): Version {
  return {
    no, hash: planHash(plan), at: now.toISOString(), provider,
    totalFen: totalFen(plan.items), scenarios: coveredBy(plan.items), content: contentOf(plan) as PlanContent,
  };
}

export function approvedOf({ no, hash, totalFen: total, scenarios, content: { split, targetGrade, start, finish } }: Version, now: Date): Approved {
  return { version: no, hash, totalFen: total, split, scenarios, targetGrade, start, finish, at: now.toISOString() };
}

interface Frame {
  needs: readonly Need[];
  gradeBefore: number;
  /** Setting plan.target_grade_min. */
  targetGradeMin: number;
  /** First day work may start, 'YYYY-MM-DD'; null for a change of a plan already under way. */
  earliestStart: string | null;
}

/** Every reason why a draft is no complete plan yet, all at once (7, 12.2, 15.5). */
export function planFaults(draft: Drafted, frame: Frame): Fault[] {
  const faults: Fault[] = CONTENT_FIELDS
    .filter((name) => !MAY_BE_EMPTY.includes(name) && (draft[name] === undefined || (Array.isArray(draft[name]) && draft[name].length === 0)))
    .map((name) => ({ field: name, message: `请填写${LABELS[name]}` }));
  const fault = (field: string, message: string) => faults.push({ field, message });
  const { items = [], split, targetGrade, start, finish, unmet = [] } = draft;

  for (const [index, { name }] of items.entries()) {
    if (items.findIndex((other) => other.name === name) < index) fault(`items.${index}.name`, `清单中“${name}”重复，请合并或区分名称`);
  }
  if (split && items.length > 0) {
    const [total, sum] = [totalFen(items), splitFen(split)];
    if (total === 0) fault('items', '清单合计不能为 0');
    if (sum !== total) fault('split', `三方分担合计 ${yuan(sum)}，应等于清单合计 ${yuan(total)}，相差 ${yuan(Math.abs(sum - total))}`);
  }
  if (targetGrade !== undefined) {
    if (frame.gradeBefore >= HIGHEST) fault('targetGrade', '改造前已是最高等级，没有可以提升的目标');
    else if (targetGrade <= frame.gradeBefore) fault('targetGrade', '目标等级应高于改造前等级');
    else if (targetGrade < frame.targetGradeMin) fault('targetGrade', `目标等级至少为 ${frame.targetGradeMin} 级`);
  }
  if (start && finish && finish <= start) fault('finish', '完成日期应晚于开工日期');
  if (start && frame.earliestStart && start < frame.earliestStart) fault('start', '开工日期不能早于今天：备案通过并签订合同后方可实施');

  const covered = new Set(coveredBy(items));
  if (items.length > 0 && covered.size === 0) fault('items', '清单没有覆盖任何应用场景');
  for (const { scenario } of frame.needs) {
    if (!covered.has(scenario) && !unmet.some((one) => one.scenario === scenario)) {
      fault('unmet', `诊断列出的“${SCENARIO_NAMES[scenario]}”没有覆盖，请列入清单或说明原因`);
    }
  }
  for (const [index, { scenario }] of unmet.entries()) {
    if (covered.has(scenario)) fault(`unmet.${index}.scenario`, `“${SCENARIO_NAMES[scenario]}”已在清单中覆盖，不需要说明`);
    else if (!frame.needs.some((need) => need.scenario === scenario)) fault(`unmet.${index}.scenario`, `“${SCENARIO_NAMES[scenario]}”不是诊断列出的需求`);
    else if (unmet.findIndex((other) => other.scenario === scenario) < index) fault(`unmet.${index}.scenario`, `“${SCENARIO_NAMES[scenario]}”重复说明`);
  }
  return faults;
}

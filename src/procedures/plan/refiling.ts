import type { Rulebook } from '../../rulebook/rulebook';
import { yuan } from '../../kernel/fields';
import { amountFen } from './content';
import { daysBetween } from './differences';
import { SCENARIO_NAMES, type Item, type MaterialReason, type Version } from './forms';

/** The main software: the software item that costs most (all of them where several cost the same). */
export function mainSoftware(items: readonly Item[]): string[] {
  const software = items.filter(({ kind }) => kind === 'software');
  const most = Math.max(...software.map(amountFen));
  return [...new Set(software.filter((item) => amountFen(item) === most).map(({ product }) => product))];
}

/**
 * 12.3: is a change of an approved plan 较大变动, which must be filed anew? The measures name a higher investment and fewer
 * scenarios, without numbers; the numbers and the further triggers are settings or proposals. A threshold is reached when it
 * is equalled. Compare with the version the bureau approved, never with a later noted one: small steps add up.
 */
export function classifyChange(approved: Version, changed: Version, rulebook: Pick<Rulebook, 'param'>): { material: boolean; reasons: MaterialReason[] } {
  const reasons: MaterialReason[] = [];
  const because = (code: MaterialReason['code'], text: string) => reasons.push({ code, text });

  const more = changed.totalFen - approved.totalFen;
  const percent = rulebook.param('plan.refile.investment_increase_percent');
  if (more > 0 && more * 100 >= approved.totalFen * percent) {
    because('REFILE-1', `投资由 ${yuan(approved.totalFen)} 增至 ${yuan(changed.totalFen)}，达到 ${percent}%`);
  }
  // A scenario given up is one fewer even where another is added: the experts approved this one.
  const dropped = approved.scenarios.filter((key) => !changed.scenarios.includes(key));
  if (dropped.length >= rulebook.param('plan.refile.scenarios_fewer')) {
    because('REFILE-2', `不再覆盖：${dropped.map((key) => SCENARIO_NAMES[key]).join('、')}`);
  }
  const lower = approved.content.targetGrade - changed.content.targetGrade;
  if (lower >= rulebook.param('plan.refile.grade_lower')) {
    because('REFILE-3', `目标等级由 ${approved.content.targetGrade} 级降为 ${changed.content.targetGrade} 级`);
  }
  if (changed.provider !== approved.provider) because('REFILE-4', '更换服务商');
  const products = changed.content.items.filter(({ kind }) => kind === 'software').map(({ product }) => product);
  const gone = mainSoftware(approved.content.items).filter((product) => !products.includes(product));
  if (gone.length > 0) because('REFILE-4', `更换主要软件产品：${gone.join('、')}`);
  const delay = daysBetween(approved.content.finish, changed.content.finish);
  if (delay >= rulebook.param('plan.refile.delay_days')) because('REFILE-5', `完成时间推迟 ${delay} 天`);
  return { material: reasons.length > 0, reasons };
}

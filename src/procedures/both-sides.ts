import type { Actor } from '../kernel/actor';
import type { Case } from '../kernel/case';
import { Refusal } from '../kernel/refusal';

/** Nobody acts for both sides of one case, through whichever organisation: the rule looks at the person. */
export function notForBothSides(c: Case<any>, actor: Actor): void {
  if (c.timeline.some((entry) => entry.by.person === actor.person && entry.by.org !== undefined && entry.by.org !== actor.org)) {
    throw new Refusal('FORBIDDEN', { detail: '同一人不能同时代表企业和服务商办理本案' });
  }
}

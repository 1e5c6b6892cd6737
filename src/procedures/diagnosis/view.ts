import type { Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Moment } from '../../kernel/procedure';
import { findRegion, findSector } from '../../rulebook/places';
import { drafting } from './issuing';
import { passedOver, type Diagnosis } from './rules';

/** What comes after the confirmed report (12.2), as long as no plan follows from it. */
const next = (c: Case<Diagnosis>, words: string): { next?: string } => (c.state === 'confirmed' ? { next: words } : {});
/** Where another provider may be chosen: those it cannot be. */
const CHOOSABLE = ['requested', 'choosing', 'matching'];

export const forEnterprise = (c: Case<Diagnosis>): Record<string, unknown> => ({
  ...(CHOOSABLE.includes(c.state) ? { passedOver: passedOver(c) } : {}),
  ...next(c, '等服务商据此编制改造方案，送贵企业确认。'),
});

/** The provider is told where the enterprise is and what it makes, so that it knows whom it visits before it accepts. */
export const forProvider = (c: Case<Diagnosis>, _: Actor, at: Moment): Record<string, unknown> => ({
  enterprise: { region: findRegion(c.region ?? '')?.name, sector: findSector(c.sector ?? '')?.name },
  ...drafting(c, at),
  ...next(c, '请据此编制改造方案，送企业确认。'),
});

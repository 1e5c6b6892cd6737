import type { Actor } from '../../kernel/actor';
import type { Case } from '../../kernel/case';
import type { Moment } from '../../kernel/procedure';
import { findRegion, findSector } from '../../rulebook/places';
import { drafting } from './issuing';
import { passedOver, type Diagnosis } from './rules';

/** Where another provider may be chosen: those it cannot be. */
const CHOOSABLE = ['requested', 'choosing', 'matching'];

export const forEnterprise = (c: Case<Diagnosis>): Record<string, unknown> => (CHOOSABLE.includes(c.state) ? { passedOver: passedOver(c) } : {});

/** The provider is told where the enterprise is and what it makes, so that it knows whom it visits before it accepts. */
export const forProvider = (c: Case<Diagnosis>, _: Actor, at: Moment): Record<string, unknown> => ({
  enterprise: { region: findRegion(c.region ?? '')?.name, sector: findSector(c.sector ?? '')?.name },
  ...drafting(c, at),
});

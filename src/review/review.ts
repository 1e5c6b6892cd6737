import type { Case } from '../kernel/case';
import { createCare } from './care';
import { createClaims } from './claims';
import { createQueue } from './queue';
import type { RoutedCase } from './reviewers';
import { createRouting, type ReviewDeps } from './routing';

/** Brings cases to the bureau's reviewers (design: routing). MongoDB has the truth, Redis orders, offers and leases. */
export function createReview(deps: ReviewDeps) {
  const routing = createRouting(deps);
  const claims = createClaims(deps, routing);
  const { claim, claimNext, giveBack, reassign, release, touch, nextFor } = claims;
  const { sweep, remind, rebuild, heal, check, start, isReady } = createCare(deps, routing, claims);

  /**
   * The kernel's `route`: a task opened, changed or ended. The reading counts, not the event: events may come twice, late and
   * out of order, and a reading older than the last one seen changes nothing.
   */
  async function route(c: Case<any>, _seq: number): Promise<void> {
    await settle(c);
    // A flushed Redis has forgotten what it saw last, so an old reading could put an ended task back: look once more, after placing.
    const latest = await deps.cases.findOne({ city: deps.city, no: c.no }, { projection: { version: 1 } });
    if (latest && latest.version > c.version) {
      const current = await routing.read(c.no);
      if (current) await settle(current);
    }
  }

  async function settle(c: RoutedCase): Promise<void> {
    const placed = await routing.place(c);
    if (placed.was && placed.was !== placed.person && placed.changed) await nextFor(placed.was);
  }

  return { route, remind, claim, claimNext, giveBack, reassign, release, touch, sweep, rebuild, heal, check, start, isReady, ...createQueue(deps, routing) };
}

export type Review = ReturnType<typeof createReview>;
export type { ReviewDeps };

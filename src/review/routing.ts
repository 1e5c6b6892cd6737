import { deskTag, personTag, regionDeskTag, roleTag } from '../kernel/actor';
import type { CaseCollection } from '../kernel/cases';
import type { Procedure } from '../kernel/procedure';
import type { Rulebook } from '../rulebook/rulebook';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { createConflicts, type Recusal } from './conflicts';
import type { Publish } from './live';
import { createPlaces, deskAndRegion, type Head, type Leases, type Placed, type Places, type Steps } from './places';
import { couldMove, hasSkill, isAbsent, servesDesk, servesRegion, type Directory, type Reviewer, type RoutedCase } from './reviewers';

export interface ReviewDeps {
  city: string;
  cases: CaseCollection;
  redis: Redis;
  /** Hash-tagged, in front of every key. */
  prefix: string;
  /** Cache it, see `cached`. */
  directory: Directory;
  /** Names of staff, for those who oversee them; only pages need it. */
  namesOf?: (persons: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  procedures: ReadonlyMap<string, Procedure>;
  rulebook(): Promise<Rulebook>;
  now: () => Date;
  log: Logger;
  /** Tells open pages of a change; must not throw. */
  publish: Publish;
  /** Tells the supervisor that nobody took a task in time, or that it is overdue; once per task. */
  escalate?: (notice: Escalation) => Promise<void>;
  /** What only the register knows of a reviewer's relations: a Chinese reason to stay away, or null. */
  conflictsOf?: (reviewer: Reviewer, c: RoutedCase) => Promise<string | null>;
  recusals?: readonly Recusal[];
  /** Minutes after which an unclaimed task goes to the supervisor. */
  escalateAfterMinutes?: number;
}

export interface Escalation {
  no: string;
  seq: number;
  desk: string;
  region?: string;
  reason: 'unclaimed' | 'overdue';
  since: Date;
}

/** Of a case, what routing and queues need: not its data. Names are shown to who may read the case. */
export const ROUTED = {
  city: 1, no: 1, version: 1, procedure: 1, state: 1, region: 1, sector: 1, parties: 1, barred: 1, timeline: 1, links: 1, task: 1, clock: 1, access: 1, names: 1, disclosed: 1, handlers: 1,
} as const;

/** Finds a place for each case's task. Knows the filters; the choice among those left is made inside Redis, where the loads are. */
export function createRouting(deps: ReviewDeps) {
  const { city, cases, directory, procedures, now, publish } = deps;
  const places: Places = createPlaces(deps.redis, deps.prefix);
  const conflictsFor = createConflicts(deps);

  async function leases(): Promise<Leases> {
    const rulebook = await deps.rulebook();
    return { claim: rulebook.param('task.claim_lease'), offer: rulebook.param('task.offer_lease') };
  }

  /** Who could be given the case, filter by filter. */
  async function suitable(c: RoutedCase): Promise<{ reviewers: Reviewer[]; steps: Steps }> {
    const at = now();
    const onDesk = (await directory()).filter((reviewer) => servesDesk(reviewer, c));
    const inRegion = onDesk.filter((reviewer) => servesRegion(reviewer, c));
    const skilled = inRegion.filter((reviewer) => hasSkill(reviewer, c));
    const onDuty = skilled.filter((reviewer) => reviewer.onDuty && !isAbsent(reviewer, at));
    const conflictOf = onDuty.length > 0 ? await conflictsFor(c) : null;
    const free = await Promise.all(onDuty.map(async (reviewer) => (await conflictOf!(reviewer)) === null && couldMove(reviewer, c, procedures.get(c.procedure)!)));
    const reviewers = onDuty.filter((_, i) => free[i]);
    return { reviewers, steps: { desk: onDesk.length, region: inRegion.length, skill: skilled.length, duty: onDuty.length, recusal: reviewers.length } };
  }

  /** Why this person may not hold the case, in Chinese; null if nothing is in the way. Skill, duty and load guide offers only. */
  async function obstacle(person: string, c: RoutedCase): Promise<{ reviewer: Reviewer; reason: string | null } | null> {
    const reviewer = (await directory()).find((one) => one.person === person && one.active);
    if (!reviewer) return null;
    const reason = !servesDesk(reviewer, c) ? '不在该队列'
      : !servesRegion(reviewer, c) ? '该任务不属于所在区域'
      : isAbsent(reviewer, now()) ? '请假期间不能领取任务'
      : (await (await conflictsFor(c))(reviewer))
      ?? (couldMove(reviewer, c, procedures.get(c.procedure)!) ? null : '没有本环节的办理权限，或已办理过须由不同人员办理的环节');
    return { reviewer, reason };
  }

  /**
   * Brings the queues in line with this reading of the case. Twice, late and out of order it changes nothing more.
   * `again`: what waits in the pool may be offered once more. `unoffered`: what is new goes to the pool, for somebody who is about to claim it.
   */
  async function place(c: RoutedCase, { again, unoffered }: { again?: boolean; unoffered?: boolean } = {}): Promise<Placed> {
    const { reviewers, steps } = c.task && !c.task.assignee
      ? await suitable(c)
      : { reviewers: [], steps: { desk: 0, region: 0, skill: 0, duty: 0, recusal: 0 } };
    const placed = await places.place(c, now(), {
      candidates: reviewers.map(({ person, capacity }) => [person, capacity] as const), steps, leases: await leases(), again, unoffered,
    });
    if (placed.changed) tell(c, placed);
    return placed;
  }

  function tell(c: RoutedCase, { place: to, person, was, lane }: Placed): void {
    const kind = to === 'pool' ? 'waiting' : to === 'offer' ? 'offered' : to === 'claim' ? 'claimed' : 'ended';
    const [desk, region] = c.task ? [c.task.desk, c.region] : deskAndRegion(lane ?? '');
    announce({ no: c.no, kind, desk, region }, [person, was]);
  }

  function announce({ region, ...change }: { no: string; kind: Parameters<Publish>[1]['kind']; desk: string; region?: string }, people: (string | undefined)[]): void {
    const to = [
      deskTag(change.desk), ...(region ? [regionDeskTag(change.desk, region)] : []), roleTag('supervisor'),
      ...people.filter((person) => person !== undefined).map(personTag),
    ];
    publish(to, change);
  }

  const read = (no: string): Promise<RoutedCase | null> =>
    cases.findOne({ city, no }, { projection: ROUTED }) as Promise<RoutedCase | null>;

  const readMany = (nos: readonly string[]): Promise<RoutedCase[]> =>
    nos.length === 0 ? Promise.resolve([]) : cases.find({ city, no: { $in: [...nos] } }, { projection: ROUTED }).toArray() as unknown as Promise<RoutedCase[]>;

  /** Offers what waits, first things first, to whoever has room. `after` continues where the last page ended; `one`: no more than one. */
  async function offerWaiting(desks: readonly string[], regions: readonly string[], limit: number, { after, one = false }: { after?: Head; one?: boolean } = {}): Promise<Head[]> {
    const heads = await places.heads(desks, regions, limit, after);
    const found = new Map((await readMany(heads.map(({ no }) => no))).map((c) => [c.no, c]));
    for (const { no } of heads) {
      const c = found.get(no);
      if (!c) await places.remove(no);
      else if ((await place(c, { again: true })).place === 'offer' && one) break;
    }
    return heads;
  }

  return { places, leases, obstacle, place, announce, read, readMany, offerWaiting };
}

export type Routing = ReturnType<typeof createRouting>;

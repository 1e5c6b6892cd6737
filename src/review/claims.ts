import { personTag, type Actor } from '../kernel/actor';
import { mayRead } from '../kernel/policy';
import { invalid, Refusal } from '../kernel/refusal';
import type { RoutedCase } from './reviewers';
import { isAway } from './places';
import { ROUTED, type ReviewDeps, type Routing } from './routing';
import { whyClaimed } from './why';

export interface Claimed {
  no: string;
  desk: string;
  since: string;
  claimedAt: string;
  why: string;
}

/** Why a task is given back. A conflict (回避) bars the person from the case for good. */
export const RETURN_REASONS = { conflict: '须回避', workload: '工作量过大', absence: '请假或外出', wrong_desk: '不属于本队列', other: '其他' } as const;
export type ReturnReason = keyof typeof RETURN_REASONS;

const MINUTE = 60_000;
/** Tasks looked at in one search for the next one, so that a queue of tasks a person may not have cannot hold a request for long. */
const SEARCH_PAGE = 20;
const SEARCH_PAGES = 10;
const TRIES = 5;
const KEY_SECONDS = 600;

/**
 * Taking and giving back tasks. Redis decides who may write first; the guarded update of the case decides who has it. Each such
 * write raises the case's version, so that a move being made from an older reading starts again instead of undoing it.
 */
export function createClaims(deps: ReviewDeps, routing: Routing) {
  const { city, cases, now, log } = deps;
  const { places, read, readMany, place, announce } = routing;

  /** Takes one task. A second click gets the same answer. */
  async function claim(actor: Actor, no: string): Promise<Claimed> {
    const c = actor.kind === 'staff' ? await read(no) : null;
    if (!c) throw new Refusal('NOT_FOUND');
    return claimRead(actor, c);
  }

  async function claimRead(actor: Actor, c: RoutedCase): Promise<Claimed> {
    if (c.task?.assignee === actor.person) {
      await touch(actor.person, c.no);
      return claimedOf(c);
    }
    const { task } = c;
    const known = task && actor.desks.includes(task.desk) ? await routing.obstacle(actor.person, c) : null;
    if (!task || !known || known.reason) {
      // Only those who may read the case learn why; to others it does not exist, a report against a friend least of all.
      if (!mayRead(actor, c)) throw new Refusal('NOT_FOUND');
      if (!task) throw new Refusal('TASK_GONE');
      throw new Refusal('NOT_ELIGIBLE', { detail: `不能领取：${known?.reason ?? '不在该队列'}` });
    }
    if (task.assignee) throw new Refusal('TASK_TAKEN');
    const how = await reserve(c, actor.person, known.reviewer.capacity);
    return write(c, actor.person, whyClaimed(task.desk, how));
  }

  /** In Redis first: of a hundred people one goes on to MongoDB. */
  async function reserve(c: RoutedCase, person: string, capacity: number) {
    const { seq } = c.task!;
    try {
      let answer = await places.claim(c.no, seq, person, now(), capacity);
      if (answer.result === 'unknown' || (answer.result === 'taken' && answer.version !== null && answer.version < c.version)) {
        // Not routed yet, flushed, or given back without the queues' knowledge: what the case says counts.
        await place(c, { unoffered: true });
        answer = await places.claim(c.no, seq, person, now(), capacity);
      }
      if (answer.result === 'ok') return answer;
      throw new Refusal(({ full: 'TASKS_FULL', unknown: 'TASK_GONE', taken: 'TASK_TAKEN' } as const)[answer.result]);
    } catch (error) {
      if (!isAway(error)) throw error;
      log.warn({ no: c.no }, 'review: claimed without Redis');
      return { from: 'pool', load: null, free: null };
    }
  }

  async function write(c: RoutedCase, person: string, why: string): Promise<Claimed> {
    const { seq } = c.task!;
    const saved = await cases.findOneAndUpdate(
      { city, no: c.no, 'task.seq': seq, 'task.assignee': { $exists: false }, barred: { $ne: personTag(person) } },
      {
        $set: { 'task.assignee': person, 'task.claimedAt': now(), 'task.why': why },
        $addToSet: { handlers: person, access: personTag(person) }, $inc: { version: 1 },
      } as never, // dotted paths into an optional field
      { returnDocument: 'after', projection: ROUTED },
    ) as RoutedCase | null;
    if (saved) {
      await sync(saved);
      log.info({ no: c.no, person, desk: c.task!.desk }, 'review: claimed');
      return claimedOf(saved);
    }
    const current = await read(c.no);
    if (current?.task?.assignee === person && current.task.seq === seq) return claimedOf(current);
    await quietly(() => places.drop(c.no, seq, person));
    if (current) await sync(current);
    throw new Refusal(current?.task?.seq === seq ? 'TASK_TAKEN' : 'TASK_GONE');
  }

  /** The case is written; if Redis cannot be told now, the sweep or the rebuild tells it. */
  const sync = (c: RoutedCase) => quietly(() => place(c));
  async function quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error }, 'review: queues not told, the rebuild will');
    }
  }

  /**
   * Takes the next task of the person's desks: what is offered first, then by priority and age. Null if there is none.
   * @param key idempotency key: the same key gets the same task
   */
  async function claimNext(actor: Actor, { desk, key }: { desk?: string; key?: string } = {}): Promise<Claimed | null> {
    if (actor.kind !== 'staff') throw new Refusal('FORBIDDEN');
    const slot = key && places.key(`next:${actor.person}:${key}`);
    if (slot && (await deps.redis.set(slot, '', 'EX', KEY_SECONDS, 'NX')) === null) {
      const no = await deps.redis.get(slot);
      if (!no) throw new Refusal('CONFLICT', { detail: '上一次领取正在处理，请稍后刷新' });
      return claim(actor, no);
    }
    try {
      const claimed = await findNext(actor, desk);
      if (slot) await (claimed ? deps.redis.set(slot, claimed.no, 'EX', KEY_SECONDS) : deps.redis.del(slot));
      return claimed;
    } catch (error) {
      if (slot) await quietly(() => deps.redis.del(slot));
      throw error;
    }
  }

  async function findNext(actor: Actor, desk: string | undefined): Promise<Claimed | null> {
    const desks = actor.desks.filter((one) => desk === undefined || one === desk);
    const offered = (await readMany(await places.offers(actor.person, now()))).filter((c) => c.task && desks.includes(c.task.desk));
    const claimed = await firstOf(actor, offered.toSorted((a, b) => b.task!.priority - a.task!.priority || a.task!.since.getTime() - b.task!.since.getTime()));
    if (claimed) return claimed;
    let after;
    for (let page = 0; page < SEARCH_PAGES; page += 1) {
      const heads = await places.heads(desks, actor.regions, SEARCH_PAGE, after);
      const waiting = new Map((await readMany(heads.map(({ no }) => no))).map((c) => [c.no, c]));
      const next = await firstOf(actor, heads.flatMap(({ no }) => waiting.get(no) ?? []));
      if (next) return next;
      after = heads.at(-1);
      if (heads.length < SEARCH_PAGE) return null;
    }
    return null;
  }

  /** The first of these that is to be had, by this person and still; null if none is. */
  async function firstOf(actor: Actor, found: readonly RoutedCase[]): Promise<Claimed | null> {
    for (const c of found) {
      if (!c.task || c.task.assignee) continue;
      try {
        return await claimRead(actor, c);
      } catch (error) {
        if (!(error instanceof Refusal && ['NOT_FOUND', 'TASK_TAKEN', 'TASK_GONE', 'NOT_ELIGIBLE'].includes(error.code))) throw error;
      }
    }
    return null;
  }

  /** Takes the case from a person, if they still hold this task. Gives the case as it is then. */
  const unassign = (no: string, seq: number, person: string, { bar = false } = {}): Promise<RoutedCase | null> => cases.findOneAndUpdate(
    { city, no, 'task.seq': seq, 'task.assignee': person },
    {
      $unset: { 'task.assignee': '', 'task.claimedAt': '', 'task.why': '' }, $inc: { version: 1 },
      ...(bar ? { $addToSet: { barred: personTag(person) } } : {}),
    } as never, // dotted paths into an optional field
    { returnDocument: 'after', projection: ROUTED },
  ) as Promise<RoutedCase | null>;

  /** The task goes back to its old place in the queue, not to the end. */
  async function putBack(no: string, seq: number, person: string, options: { bar?: boolean } = {}): Promise<boolean> {
    const after = await unassign(no, seq, person, options);
    if (!after) return false;
    await quietly(async () => {
      if (!(await places.putBack(no, seq, person, { version: after.version }))) await place(after);
    });
    announce({ no, kind: 'waiting', desk: after.task!.desk, region: after.region }, [person]);
    return true;
  }

  /** Gives a claimed task back, or declines an offered one. */
  async function giveBack(actor: Actor, no: string, reason: ReturnReason): Promise<void> {
    const c = actor.kind === 'staff' ? await read(no) : null;
    if (!c) throw new Refusal('NOT_FOUND');
    const { task } = c;
    const bar = reason === 'conflict';
    let done = false;
    if (task?.assignee === actor.person) done = await putBack(no, task.seq, actor.person, { bar });
    else if (task && (done = await places.putBack(no, task.seq, actor.person, { only: 'offer' }))) {
      if (bar) await cases.updateOne({ city, no }, { $addToSet: { barred: personTag(actor.person) }, $inc: { version: 1 } } as never);
      announce({ no, kind: 'waiting', desk: task.desk, region: c.region }, [actor.person]);
    }
    if (!done) throw new Refusal(mayRead(actor, c) ? 'TASK_NOT_HELD' : 'NOT_FOUND');
    log.info({ no, person: actor.person, reason }, 'review: given back');
  }

  /** The supervisor gives the task to somebody, who is told the reason; whether that person may have it is checked anew. */
  async function reassign(actor: Actor, no: string, to: string, reason: string): Promise<Claimed> {
    if (!actor.roles.includes('supervisor')) throw new Refusal('FORBIDDEN');
    for (let attempts = 0; attempts < TRIES; attempts += 1) {
      const c = await read(no);
      if (!c) throw new Refusal('NOT_FOUND');
      if (!c.task) throw new Refusal('TASK_GONE');
      const known = await routing.obstacle(to, c);
      if (!known) throw invalid('to', '该人员不存在或已停用');
      if (known.reason) throw new Refusal('NOT_ELIGIBLE', { detail: `不能指派：${known.reason}` });
      if (c.task.assignee === to) return claimedOf(c);
      const saved = await cases.findOneAndUpdate(
        { city, no, 'task.seq': c.task.seq, version: c.version },
        {
          $set: { 'task.assignee': to, 'task.claimedAt': now(), 'task.why': `由督办人员指派：${reason}` },
          $addToSet: { handlers: to, access: personTag(to) }, $inc: { version: 1 },
        } as never, // dotted paths into an optional field
        { returnDocument: 'after', projection: ROUTED },
      ) as RoutedCase | null;
      if (saved) {
        await sync(saved);
        log.info({ no, person: to, by: actor.person }, 'review: reassigned');
        return claimedOf(saved);
      }
    }
    throw new Refusal('STALE');
  }

  /** All that a person holds or is offered goes back: leavers, the absent, the deactivated. Returns how many tasks. */
  async function release(person: string): Promise<number> {
    let released = await releaseOffers(person);
    const held = await cases.find({ city, 'task.assignee': person }, { projection: { no: 1, task: 1 } }).toArray();
    for (const { no, task } of held) if (await putBack(no, task!.seq, person)) released += 1;
    if (released > 0) log.info({ person, released }, 'review: tasks of an absent person went back');
    return released;
  }

  async function releaseOffers(person: string): Promise<number> {
    let released = 0;
    for (const c of await readMany(await places.heldBy(person))) {
      if (c.task && await places.putBack(c.no, c.task.seq, person, { only: 'offer' })) {
        announce({ no: c.no, kind: 'waiting', desk: c.task.desk, region: c.region }, [person]);
        released += 1;
      }
    }
    return released;
  }

  /** The claimant did something on the case, or read it: the lease begins anew. */
  async function touch(person: string, no: string): Promise<boolean> {
    const { claim: minutes } = await routing.leases();
    let touched = false;
    await quietly(async () => { touched = await places.touch(no, person, now().getTime() + minutes * MINUTE); });
    return touched;
  }

  /** After something of theirs ended: whoever has room again gets the oldest waiting. */
  async function nextFor(person: string): Promise<void> {
    const reviewer = (await deps.directory()).find((one) => one.person === person);
    if (reviewer) await routing.offerWaiting(reviewer.desks, reviewer.regions, SEARCH_PAGE, { one: true });
  }

  return { claim, claimNext, giveBack, reassign, release, releaseOffers, touch, putBack, nextFor };
}

const claimedOf = (c: RoutedCase): Claimed => ({
  no: c.no, desk: c.task!.desk, since: c.task!.since.toISOString(), claimedAt: (c.task!.claimedAt ?? c.task!.since).toISOString(), why: c.task!.why ?? '',
});

export type Claims = ReturnType<typeof createClaims>;

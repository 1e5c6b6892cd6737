import type { Case, Effect } from '../../src/kernel/case';
import { firstBreak, sha256 } from '../../src/kernel/chain';
import type { Move, Procedure } from '../../src/kernel/procedure';
import { loadRulebook } from '../../src/rulebook/rulebook';
import type { Attempt } from './caller';
import { after, FAULTS, type Evidence, type Faults } from './evidence';
import { checkMessages } from './verify-messages';

export interface Verdict {
  faults: Faults;
  counts: { cases: number; entries: number; effects: number; lateEffects: number; clocksRun: number; messages: number; judgedMessages: number; cards: number; cardsUnknown: number };
}

const STUCK_AFTER_MS = 30_000;
export const effectKey = (no: string, seq: number, effect: string): string => sha256(`cause:${no}:${seq}:${effect}`);
const clockKey = (no: string, seq: number): string => sha256(`system::clock:${no}:${seq}`);

/** Judges the database and the phones against what was sent and what the procedures declare. Uses none of the code that carries the work out. */
export async function verify(evidence: Evidence): Promise<Verdict> {
  const faults = Object.fromEntries(FAULTS.map((kind) => [kind, [] as string[]])) as Faults;
  const cases = await evidence.connection.collection<Case<any>>('cases').find({ city: evidence.city }).toArray();
  const byNo = new Map(cases.map((c) => [c.no, c]));
  const keys = keysOf(cases);

  for (const c of cases) {
    const broken = firstBreak(c);
    if (broken) faults.brokenChains.push(`${c.no} line ${broken.seq}: ${broken.reason}`);
    for (const { seq, work } of c.outbox) faults.pendingWork.push(`${c.no} line ${seq}: ${work} is still to be done`);
    checkClock(c, evidence.procedures.get(c.procedure), faults);
  }
  for (const [key, places] of keys) if (places.length > 1) faults.doubled.push(`one request stands ${places.length} times: ${places.map(({ no, seq }) => `${no} line ${seq}`).join(', ')} (${key.slice(0, 12)})`);
  checkReceipts(evidence.attempts, byNo, keys, faults);
  const effects = await checkEffects(evidence, cases, byNo, keys, faults);
  for (const kind of ['missing', 'doubled', 'stray', 'misheld'] as const) for (const no of evidence.queues[kind]) faults.misqueued.push(`${no}: ${kind}`);
  const messages = await checkMessages(evidence, cases, faults);
  return {
    faults,
    counts: { cases: cases.length, entries: cases.reduce((sum, c) => sum + c.timeline.length, 0), ...effects, ...messages },
  };
}

interface Place { no: string; seq: number; hash: string }
type Keys = Map<string, Place[]>;

/** Where each request's key stands: as the opening of a case, or on a line of its timeline. */
function keysOf(cases: readonly Case<any>[]): Keys {
  const keys: Keys = new Map();
  const add = (key: string, place: Place): void => { keys.set(key, [...(keys.get(key) ?? []), place]); };
  for (const c of cases) {
    add(c.openKey, { no: c.no, seq: 1, hash: c.timeline[0]!.hash });
    for (const entry of c.timeline) if (entry.key) add(entry.key, { no: c.no, seq: entry.seq, hash: entry.hash });
  }
  return keys;
}

function checkReceipts(attempts: ReadonlyMap<string, Attempt>, byNo: ReadonlyMap<string, Case<any>>, keys: Keys, faults: Faults): void {
  for (const { receipt, storedKey, path, person, refused } of attempts.values()) {
    const stands = keys.get(storedKey) ?? [];
    if (!receipt) {
      // A repeated request that was refused must not have been carried out by the first try either.
      if (refused && stands.length > 0) faults.unexplained.push(`${stands[0]!.no} line ${stands[0]!.seq}: carried out, yet ${person} was told ${refused} (${path})`);
      continue;
    }
    const entry = byNo.get(receipt.no)?.timeline[receipt.seq - 1];
    if (!entry || entry.hash !== receipt.head) faults.lost.push(`${receipt.no} line ${receipt.seq} (${receipt.move} by ${person}): the receipt says ${receipt.head.slice(0, 12)}, the case ${entry?.hash.slice(0, 12) ?? 'has no such line'}`);
    if (stands.length === 0) faults.lost.push(`${receipt.no} line ${receipt.seq} (${receipt.move} by ${person}): its key stands nowhere`);
  }
}

function checkClock(c: Case<any>, procedure: Procedure | undefined, faults: Faults): void {
  const state = procedure?.states[c.state];
  if (!state) { faults.unexplained.push(`${c.no}: in state ${c.state}, which ${c.procedure} does not declare`); return; }
  if (!state.within) { if (c.clock) faults.stuckClocks.push(`${c.no}: a clock runs in ${c.state}`); return; }
  if (!c.clock) { faults.stuckClocks.push(`${c.no}: no clock in ${c.state}`); return; }
  const { next, overdueAt, pausedAt } = c.clock;
  if (!next && !overdueAt) faults.stuckClocks.push(`${c.no}: the clock of ${c.state} wants no attention any more and never ran out`);
  if (next && !pausedAt && Date.now() - next.getTime() > STUCK_AFTER_MS) faults.stuckClocks.push(`${c.no}: the clock of ${c.state} ran out and nothing followed`);
}

async function checkEffects(evidence: Evidence, cases: readonly Case<any>[], byNo: ReadonlyMap<string, Case<any>>, keys: Keys, faults: Faults) {
  const { procedures, attempts, snapshots, clocks } = evidence;
  const expected = expectedEffects(cases, procedures, attempts, snapshots, faults);
  let lateEffects = 0;
  const calls = new Map<string, number>();
  for (const [key, { effect, from }] of expected) {
    const times = keys.get(key)?.length ?? 0;
    const what = `${from.no} line ${from.seq}: ${effect.effect}`;
    if (effect.kind === 'call') { if (effect.service === 'register.setStanding') calls.set(`${from.no}:${from.seq}`, 1); continue; }
    if (times > 1) faults.doubledEffects.push(`${what} was carried out ${times} times`);
    // Which cases stood in those states at that moment cannot be told afterwards.
    if (times > 0 || effect.kind === 'each') continue;
    if (effect.kind === 'act' && isTooLate(byNo.get(effect.no), effect.move, procedures)) lateEffects += 1;
    else faults.missingEffects.push(`${what} (${effect.kind === 'open' ? `open ${effect.procedure}` : `${effect.move} on ${effect.no}`}) was not carried out`);
  }
  let clocksRun = 0;
  const clockKeys = new Set<string>();
  for (const { no, seq, move } of clocks) {
    const c = byNo.get(no)!;
    clockKeys.add(clockKey(no, seq));
    const ran = keys.get(clockKey(no, seq))?.length ?? 0;
    clocksRun += ran;
    if (move && c.clock?.seq === seq && !c.clock.pausedAt) faults.missingEffects.push(`${no}: its clock ran out, ${move} did not follow`);
    if (!move && c.clock?.seq === seq && !c.clock.overdueAt && !c.clock.pausedAt) faults.missingEffects.push(`${no}: its clock ran out, nobody was told`);
  }
  for (const [key, [place]] of keys) {
    if (!attempts.has(key) && !expected.has(key) && !clockKeys.has(key)) faults.unexplained.push(`${place!.no} line ${place!.seq}: nobody asked for it and no effect explains it`);
  }
  await checkStandings(evidence, calls, faults);
  return { effects: expected.size, lateEffects, clocksRun };
}

/** What the moves made should have caused elsewhere, by the key it stands under. The input of an effect's own move is what its cause handed on. */
function expectedEffects(cases: readonly Case<any>[], procedures: ReadonlyMap<string, Procedure>, attempts: ReadonlyMap<string, Attempt>, snapshots: ReadonlyMap<string, Case<any>>, faults: Faults) {
  const expected = new Map<string, { effect: Effect; from: Place }>();
  const order = cases.flatMap((c) => c.timeline.map((entry) => ({ c, entry }))).toSorted((a, b) => a.entry.at.getTime() - b.entry.at.getTime());
  for (const { c, entry } of order) {
    const move: Move | undefined = procedures.get(c.procedure)?.moves[entry.move];
    if (!move?.causes) continue;
    const key = entry.seq === 1 ? c.openKey : entry.key ?? '';
    const cause = expected.get(key)?.effect;
    const input = attempts.get(key)?.input ?? (cause && 'input' in cause ? cause.input : {});
    let effects: Effect[] = [];
    try {
      effects = move.causes(after(c, entry, snapshots), entry, input);
    } catch (error) {
      faults.unexplained.push(`${c.no} line ${entry.seq}: what ${entry.move} causes cannot be told (${(error as Error).message})`);
    }
    const from = { no: c.no, seq: entry.seq, hash: entry.hash };
    for (const effect of effects) {
      const names = effect.kind === 'each' ? cases.filter(({ procedure }) => procedure === effect.procedure).map(({ no }) => `${effect.effect}:${no}`) : [effect.effect];
      for (const name of names) expected.set(effectKey(c.no, entry.seq, name), { effect, from });
    }
  }
  return expected;
}

/** The other case has gone a way that leaves no room for it, which the product allows. */
function isTooLate(target: Case<any> | undefined, moveName: string, procedures: ReadonlyMap<string, Procedure>): boolean {
  const move = target && procedures.get(target.procedure)?.moves[moveName];
  return Boolean(target && move && (!move.from.includes(target.state) || (move.when && !move.when(target, { person: 'system', tags: [] } as never, { now: new Date(), rulebook: loadRulebook() }))));
}

/** Each decision that changes a provider's standing stands in its history once, and nothing else does (the listing itself aside). */
async function checkStandings({ connection, city }: Evidence, calls: ReadonlyMap<string, number>, faults: Faults): Promise<void> {
  const organisations = await connection.collection<{ _id: any; name: string; standingHistory?: { no: string; seq: number }[] }>('organisations').find({ city }).toArray();
  const made = new Map<string, number>();
  for (const { no, seq } of organisations.flatMap((org) => org.standingHistory ?? [])) made.set(`${no}:${seq}`, (made.get(`${no}:${seq}`) ?? 0) + 1);
  for (const cause of calls.keys()) {
    const times = made.get(cause) ?? 0;
    if (times === 0) faults.missingEffects.push(`${cause}: the provider's standing did not change`);
    if (times > 1) faults.doubledEffects.push(`${cause}: the provider's standing changed ${times} times`);
  }
}

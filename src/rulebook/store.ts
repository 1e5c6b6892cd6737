import type { Connection } from 'mongoose';
import { Refusal, type Fault } from '../kernel/refusal';
import { applyAmendment, changesBetween, type ParameterChange } from './amendment';
import { loadRulebook, type Overrides, type Rulebook } from './rulebook';
import { isParamId } from './parameters';

/** One version in the collection `rulebooks`. Lists instead of keys: parameter ids contain dots. */
interface Stored {
  city: string;
  version: number;
  overrides: {
    parameters: { id: string; value: number }[];
    holidays: { year: string; off: { date: string; name: string }[]; work: { date: string; name: string }[] }[];
  };
  reason: string;
  /** Id of the person who amended. */
  by: string;
  at: Date;
}

export interface Revision {
  version: number;
  /** Absent for version 1, which is what is shipped. */
  by?: string;
  at?: Date;
  reason?: string;
  parameters: ParameterChange[];
  /** Years whose holiday arrangement was entered or changed. */
  years: string[];
}

export interface RulebookStore {
  /** The version in force, at most `cacheMs` old. */
  current(): Promise<Rulebook>;
  /** A version by number, as a case remembers it. @throws Refusal NOT_FOUND */
  at(version: number): Promise<Rulebook>;
  /**
   * Puts a new version in force. `amendment` is checked whole: ids, ranges, what the measures fix, what must fit together.
   * Who may do this is for the caller to ask.
   * @throws Refusal INVALID with every fault; STALE when somebody else amended meanwhile
   */
  amend(actor: { person: string }, amendment: unknown, reason: string): Promise<Rulebook>;
  /** Newest first. */
  history(): Promise<Revision[]>;
}

const pairs = (days: Readonly<Record<string, string>>) => Object.entries(days).map(([date, name]) => ({ date, name }));
const record = (days: readonly { date: string; name: string }[]) => Object.fromEntries(days.map(({ date, name }) => [date, name]));

const toStored = ({ parameters = {}, holidays = {} }: Overrides): Stored['overrides'] => ({
  parameters: Object.entries(parameters).map(([id, value]) => ({ id, value })),
  holidays: Object.entries(holidays).map(([year, { off, work }]) => ({ year, off: pairs(off), work: pairs(work) })),
});
/** Parameters that a later release no longer has are left out. */
const fromStored = ({ parameters, holidays }: Stored['overrides']): Overrides => ({
  parameters: Object.fromEntries(parameters.filter(({ id }) => isParamId(id)).map(({ id, value }) => [id, value])),
  holidays: Object.fromEntries(holidays.map(({ year, off, work }) => [year, { off: record(off), work: record(work) }])),
});

const DUPLICATE_KEY = 11000;

/**
 * Versions of one city's rulebook. Version 1 is what is shipped and has no document; each amendment adds one that holds all
 * overrides. Safe with several processes: versions are unique, and a version never changes once written.
 * @param cacheMs how long a process may go on with the version it knows
 */
export function createRulebookStore(options: { connection: Connection; city: string; clock: () => Date; cacheMs?: number }): RulebookStore {
  const { connection, city, clock, cacheMs = 2000 } = options;
  const documents = connection.collection<Stored>('rulebooks');
  const known = new Map<number, Rulebook>([[1, loadRulebook()]]);
  let latest: { loaded: number; rulebook: Promise<Rulebook> } | undefined;
  let indexed: Promise<unknown> | undefined;

  // Which version is in force? And two people cannot write the same one.
  const index = () => indexed ??= documents.createIndex({ city: 1, version: 1 }, { unique: true }).catch((error: unknown) => {
    indexed = undefined;
    throw error;
  });

  function remember(version: number, overrides: Overrides): Rulebook {
    const rulebook = known.get(version) ?? loadRulebook(version, overrides);
    known.set(version, rulebook);
    return rulebook;
  }
  const newest = () => documents.findOne({ city }, { sort: { version: -1 } });

  async function load(): Promise<Rulebook> {
    const found = await newest();
    return found ? remember(found.version, fromStored(found.overrides)) : known.get(1)!;
  }

  function current(): Promise<Rulebook> {
    // Monotonic, not the clock of the cases: a frozen or skewed clock must not freeze the cache.
    const now = performance.now();
    if (latest && now - latest.loaded < cacheMs) return latest.rulebook;
    const fresh = { loaded: now, rulebook: load() };
    latest = fresh;
    fresh.rulebook.catch(() => { if (latest === fresh) latest = undefined; });
    return fresh.rulebook;
  }

  async function at(version: number): Promise<Rulebook> {
    const cached = known.get(version);
    if (cached) return cached;
    const found = await documents.findOne({ city, version });
    if (!found) throw new Refusal('NOT_FOUND', { detail: '没有这一版规则' });
    return remember(version, fromStored(found.overrides));
  }

  async function amend(actor: { person: string }, amendment: unknown, reason: string): Promise<Rulebook> {
    await index();
    const found = await newest();
    const before = found ? fromStored(found.overrides) : {};
    const { overrides, faults } = applyAmendment(before, amendment);
    faults.push(...reasonFaults(reason));
    if (faults.length > 0) throw new Refusal('INVALID', { faults });
    const changes = changesBetween(before, overrides);
    if (changes.parameters.length + changes.years.length === 0) {
      throw new Refusal('INVALID', { faults: [{ field: 'overrides', message: '与现行规则相同，没有需要修改的内容' }] });
    }
    const version = (found?.version ?? 1) + 1;
    try {
      await documents.insertOne({ city, version, overrides: toStored(overrides), reason: reason.trim(), by: actor.person, at: clock() });
    } catch (error) {
      // Somebody amended in between: what this person saw is no longer in force.
      if ((error as { code?: number }).code === DUPLICATE_KEY) throw new Refusal('STALE', { detail: '规则刚被他人修改，请刷新后重试' });
      throw error;
    }
    const rulebook = remember(version, overrides);
    latest = undefined;
    return rulebook;
  }

  async function history(): Promise<Revision[]> {
    const stored = await documents.find({ city }, { sort: { version: 1 } }).toArray();
    let before: Overrides = {};
    const revisions: Revision[] = [{ version: 1, parameters: [], years: [] }];
    for (const { version, overrides, by, at: when, reason } of stored) {
      const after = fromStored(overrides);
      revisions.push({ version, by, at: when, reason, ...changesBetween(before, after) });
      before = after;
    }
    return revisions.toReversed();
  }

  return { current, at, amend, history };
}

function reasonFaults(reason: unknown): Fault[] {
  const length = typeof reason === 'string' ? reason.trim().length : 0;
  return length >= 4 && length <= 500 ? [] : [{ field: 'reason', message: '请写明修改理由，4 到 500 字' }];
}

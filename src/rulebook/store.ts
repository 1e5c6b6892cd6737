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
  /**
   * A version by number, as a case remembers it: its own numbers, with the holidays known today. When the State Council publishes
   * a year, it is published for older cases too (design: a year not yet published is provisional). @throws Refusal NOT_FOUND
   */
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

/** The version new cases are opened under. */
interface InForce {
  version: number;
  holidays: NonNullable<Overrides['holidays']>;
  rulebook: Rulebook;
}

const DUPLICATE_KEY = 11000;

/**
 * Versions of one city's rulebook. Version 1 is what is shipped and has no document; each amendment adds one that holds all
 * overrides. Safe with several processes: versions are unique, and a version never changes once written.
 * @param cacheMs how long a process may go on with the version it knows
 */
export function createRulebookStore(options: { connection: Connection; city: string; clock: () => Date; cacheMs?: number }): RulebookStore {
  const { connection, city, clock, cacheMs = 2000 } = options;
  const documents = connection.collection<Stored>('rulebooks');
  /** Earlier versions under a later one's holidays, as `version@later`. */
  const known = new Map<string, Rulebook>([['1@1', loadRulebook()]]);
  let latest: { loaded: number; inForce: Promise<InForce> } | undefined;
  let indexed: Promise<unknown> | undefined;

  // Which version is in force? And two people cannot write the same one.
  const index = () => indexed ??= documents.createIndex({ city: 1, version: 1 }, { unique: true }).catch((error: unknown) => {
    indexed = undefined;
    throw error;
  });

  /** The numbers of one version with the holidays of the newest one known. */
  function remember(version: number, { parameters }: Overrides, { version: later, holidays }: Pick<InForce, 'version' | 'holidays'>): Rulebook {
    const key = `${version}@${later}`;
    const rulebook = known.get(key) ?? loadRulebook(version, { parameters, holidays });
    known.set(key, rulebook);
    return rulebook;
  }
  const newest = () => documents.findOne({ city }, { sort: { version: -1 } });

  async function load(): Promise<InForce> {
    const found = await newest();
    if (!found) return { version: 1, holidays: {}, rulebook: known.get('1@1')! };
    const overrides = fromStored(found.overrides);
    const newestOne = { version: found.version, holidays: overrides.holidays ?? {} };
    return { ...newestOne, rulebook: remember(found.version, overrides, newestOne) };
  }

  function inForce(): Promise<InForce> {
    // Monotonic, not the clock of the cases: a frozen or skewed clock must not freeze the cache.
    const now = performance.now();
    if (latest && now - latest.loaded < cacheMs) return latest.inForce;
    const fresh = { loaded: now, inForce: load() };
    latest = fresh;
    fresh.inForce.catch(() => { if (latest === fresh) latest = undefined; });
    return fresh.inForce;
  }

  const current = async (): Promise<Rulebook> => (await inForce()).rulebook;

  async function at(version: number): Promise<Rulebook> {
    const now = await inForce();
    if (version === now.version) return now.rulebook;
    const cached = known.get(`${version}@${now.version}`);
    if (cached) return cached;
    if (version === 1) return remember(1, {}, now);
    const found = await documents.findOne({ city, version });
    if (!found) throw new Refusal('NOT_FOUND', { detail: '没有这一版规则' });
    const overrides = fromStored(found.overrides);
    // Amended elsewhere since this process last looked: it is the newest itself.
    return version > now.version ? loadRulebook(version, overrides) : remember(version, overrides, now);
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
    latest = undefined;
    return loadRulebook(version, overrides);
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

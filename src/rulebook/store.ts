import type { Connection } from 'mongoose';
import { Refusal, type Fault } from '../kernel/refusal';
import { applyAmendment, changesBetween, type ParameterChange } from './amendment';
import { effectOf, isInForce, type Terms } from './effect';
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
  /** When its numbers take effect; absent in documents of releases before there was a date: at once. Holidays always take effect at once. */
  from?: Date;
}

export interface Revision {
  version: number;
  /** Absent for version 1, which is what is shipped. */
  by?: string;
  at?: Date;
  from?: Date;
  reason?: string;
  state: 'scheduled' | 'inForce' | 'past' | 'replaced';
  /** The later version that took its place before it ever took effect. */
  replacedBy?: number;
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
   * Makes a new version, in force at once or from a day on. `amendment` is checked whole: ids, ranges, what the measures fix, what
   * must fit together. Who may do this is for the caller to ask.
   * @throws Refusal INVALID with every fault; STALE when somebody else amended meanwhile
   */
  amend(actor: { person: string }, amendment: unknown, reason: string, terms?: Terms): Promise<Rulebook>;
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

const overridesOf = (stored: Stored | null): Overrides => (stored ? fromStored(stored.overrides) : {});
const stale = (): Refusal => new Refusal('STALE', { detail: '规则刚被他人修改，请刷新后重试' });

/** The version new cases are opened under, and the newest one made, whose holidays hold for all. */
interface InForce {
  version: number;
  newest: number;
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
  function remember(version: number, { parameters }: Overrides, { newest, holidays }: Pick<InForce, 'newest' | 'holidays'>): Rulebook {
    const key = `${version}@${newest}`;
    const rulebook = known.get(key) ?? loadRulebook(version, { parameters, holidays });
    known.set(key, rulebook);
    return rulebook;
  }

  /** The newest version, and the one in force: the newest whose day has come. Null stands for what is shipped. */
  async function stand(now: Date): Promise<{ newest: Stored | null; inForce: Stored | null }> {
    let newest: Stored | null = null;
    for await (const stored of documents.find({ city }).sort({ version: -1 })) {
      newest ??= stored;
      if (isInForce(stored, now)) return { newest, inForce: stored };
    }
    return { newest, inForce: null };
  }

  async function load(): Promise<InForce> {
    const found = await stand(clock());
    const newest = found.newest?.version ?? 1;
    const holidays = overridesOf(found.newest).holidays ?? {};
    const version = found.inForce?.version ?? 1;
    return { version, newest, holidays, rulebook: remember(version, overridesOf(found.inForce), { newest, holidays }) };
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
    const cached = known.get(`${version}@${now.newest}`);
    if (cached) return cached;
    if (version === 1) return remember(1, {}, now);
    const found = await documents.findOne({ city, version });
    if (!found) throw new Refusal('NOT_FOUND', { detail: '没有这一版规则' });
    const overrides = fromStored(found.overrides);
    // Amended elsewhere since this process last looked: it is the newest itself.
    return version > now.newest ? loadRulebook(version, overrides) : remember(version, overrides, now);
  }

  async function amend(actor: { person: string }, amendment: unknown, reason: string, terms: Terms = {}): Promise<Rulebook> {
    await index();
    const now = clock();
    const { newest, inForce: ruling } = await stand(now);
    const before = overridesOf(newest);
    const seen = newest?.version ?? 1;
    // Taking back leaves the holidays: they are the State Council's, and in force already.
    const changed = terms.takesBack
      ? { overrides: { parameters: overridesOf(ruling).parameters ?? {}, holidays: before.holidays ?? {} }, faults: [] }
      : applyAmendment(before, amendment);
    const effect = effectOf(terms, { amendment, now, newest });
    const faults = [...changed.faults, ...effect.faults, ...reasonFaults(reason)];
    if (faults.length > 0) throw new Refusal('INVALID', { faults });
    if (terms.on !== undefined && terms.on !== seen) throw stale();
    const changes = changesBetween(before, changed.overrides);
    if (changes.parameters.length + changes.years.length === 0) {
      throw new Refusal('INVALID', { faults: [{ field: 'overrides', message: '与现行规则相同，没有需要修改的内容' }] });
    }
    const version = seen + 1;
    try {
      await documents.insertOne({ city, version, overrides: toStored(changed.overrides), reason: reason.trim(), by: actor.person, at: now, from: effect.from });
    } catch (error) {
      // Somebody amended in between: what this person saw is no longer in force.
      if ((error as { code?: number }).code === DUPLICATE_KEY) throw stale();
      throw error;
    }
    latest = undefined;
    return loadRulebook(version, changed.overrides);
  }

  async function history(): Promise<Revision[]> {
    const now = clock();
    const stored = await documents.find({ city }, { sort: { version: 1 } }).toArray();
    const ruling = stored.findLast((one) => isInForce(one, now))?.version ?? 1;
    let before: Overrides = {};
    const revisions: Revision[] = [{ version: 1, state: ruling === 1 ? 'inForce' : 'past', parameters: [], years: [] }];
    for (const [place, { version, overrides, by, at: when, from = when, reason }] of stored.entries()) {
      const after = fromStored(overrides);
      const replacedBy = stored.slice(place + 1).find((later) => (later.from ?? later.at) <= from)?.version;
      const state = version === ruling ? 'inForce' : replacedBy ? 'replaced' : version < ruling ? 'past' : 'scheduled';
      revisions.push({ version, by, at: when, from, reason, state, ...(replacedBy ? { replacedBy } : {}), ...changesBetween(before, after) });
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

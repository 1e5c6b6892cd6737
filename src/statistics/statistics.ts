import { LRUCache } from 'lru-cache';
import type { Actor, Role } from '../kernel/actor';
import type { CaseCollection } from '../kernel/cases';
import { shanghaiDay, shanghaiMidnight } from '../kernel/numbers';
import { readableBy } from '../kernel/policy';
import type { Procedure } from '../kernel/procedure';
import { Refusal } from '../kernel/refusal';
import { deskOf } from '../review/desks';
import { valueInWords } from '../rulebook/parameters';
import { CITY, findRegion } from '../rulebook/places';
import type { DeadlineId, Rulebook } from '../rulebook/rulebook';
import type { Figure } from './figure';
import { bandOf, isGuarded, told } from './guard';
import { pipelineOf, unitOf, type Found } from './pipeline';
import { countAbove, joined, quantile, sizeOf, type Histogram } from './quantiles';

/** How long something took against its deadline. `median` and `p90` in `unit`; null of nothing finished, or where it is guarded. */
export interface Took { finished: number; median: number | null; p90: number | null; late: number | null }
export interface Step extends Took { state: string; title: string; deadline: string; limit: string; unit: string; desk: string | null }
export interface ProcedureFigures {
  procedure: string;
  title: string;
  /** Its counts are lower ends of bands of so many; null where they are exact. */
  band: number | null;
  opened: number;
  open: number;
  closed: number;
  overdue: number;
  states: { state: string; title: string; end: boolean; count: number }[];
  /** By month, January first, as many as the period has had. */
  months: { opened: number[]; closed: number[] };
  steps: Step[];
}
export interface StatisticsView {
  year: number;
  years: number[];
  asOf: string;
  /** 'city': all cases; 'own': the cases this reader may read, and nothing else. */
  scope: 'city' | 'own';
  /** Months of the period that have begun. */
  months: number;
  procedures: ProcedureFigures[];
  desks: ({ desk: string; title: string; open: number; overdue: number } & Took)[];
  counties: { region: string; title: string; opened: number; open: number; overdue: number }[];
  figures: { name: string; title: string; band: number | null; by: { title: string; words: string[] }[]; counts: { of: number[]; count: number }[] }[];
  /** More cases than one look takes: the newest were counted. */
  isPartial: boolean;
}

export interface StatisticsDeps {
  city: string;
  cases: CaseCollection;
  procedures: ReadonlyMap<string, Procedure>;
  figures: readonly Figure[];
  rulebook: () => Promise<Rulebook>;
  now: () => Date;
  /** Cases of one procedure that one look takes at most. */
  atMost?: number;
}

/** Who oversees the city's work sees all of it as counts; who handles cases sees counts of those they may read. */
const OVERSEERS: readonly Role[] = ['director', 'supervisor', 'auditor'];
const HANDLERS: readonly Role[] = ['intake', 'reviewer', 'county'];
const has = (actor: Actor, roles: readonly Role[]): boolean => actor.kind === 'staff' && actor.roles.some((role) => roles.includes(role));

/** Bands of what one never reads say nothing and look like something. By desk, not by what there is: that would tell whether there is any. */
const mayMeet = (actor: Actor, { name, states }: Procedure): boolean => !isGuarded(name) || Object.values(states).some(({ desk }) => desk !== undefined && actor.desks.includes(desk));

const KEPT_FOR_MS = 60_000;
const KEPT_AT_MOST = 200;
const YEARS = 3;
const AT_MOST = 200_000;
const PATIENCE_MS = 15_000;
const NATURAL_DAYS: Record<string, number> = { natural_day: 1, month: 31, year: 366 };
const UNIT_WORDS = { working_day: '个工作日', natural_day: '天', minute: '分钟' } as const;

/** The year's cases in counts and times: no number, no name, no text of any case. Looked at anew once a minute at most. */
export function createStatistics({ city, cases, procedures, figures: allFigures, rulebook, now, atMost = AT_MOST }: StatisticsDeps) {
  const kept = new LRUCache<string, Promise<StatisticsView>>({ max: KEPT_AT_MOST, ttl: KEPT_FOR_MS });

  /** @param year of opening, in Beijing; the present one by default */
  function read(actor: Actor, asked?: number): Promise<StatisticsView> {
    const scope = has(actor, OVERSEERS) ? 'city' : 'own';
    if (scope === 'own' && !has(actor, HANDLERS)) throw new Refusal('FORBIDDEN');
    const thisYear = Number(shanghaiDay(now()).slice(0, 4));
    const years = Array.from({ length: YEARS }, (_, back) => thisYear - back);
    const year = asked ?? thisYear;
    if (!years.includes(year)) throw new Refusal('INVALID', { faults: [{ field: 'year', message: `可选年度：${years.join('、')}` }] });
    // The tags are part of the key: who gets or loses a desk sees other cases at once.
    const key = `${year} ${scope === 'city' ? 'city' : [...actor.tags].toSorted().join()}`;
    const known = kept.get(key);
    if (known) return known;
    const fresh = count(actor, scope, year, years);
    kept.set(key, fresh);
    fresh.catch(() => { kept.delete(key); });
    return fresh;
  }

  async function count(actor: Actor, scope: 'city' | 'own', year: number, years: number[]): Promise<StatisticsView> {
    const [at, book] = [now(), await rulebook()];
    const [from, to] = [shanghaiMidnight(year), shanghaiMidnight(year + 1)];
    const months = at >= to ? 12 : Number(shanghaiDay(at).slice(5, 7));
    const all = [...procedures.values()].filter((procedure) => scope === 'city' || mayMeet(actor, procedure));
    const figures = allFigures.filter(({ procedure }) => all.some(({ name }) => name === procedure));
    const found = new Map<string, Found>();
    // One after the other: statistics may take a moment, a claim at the same time may not.
    for (const procedure of all) {
      const match = { city, procedure: procedure.name, openedAt: { $gte: from, $lt: to }, ...(scope === 'own' ? readableBy(actor) : {}) };
      const stages = pipelineOf(procedure, match, { from, now: at, rulebook: book, figures: figures.filter((figure) => figure.procedure === procedure.name) }, atMost);
      const [answer] = await cases.aggregate<Found & Record<string, Found['figures'][string]>>(stages, { maxTimeMS: PATIENCE_MS }).toArray();
      const { states, opened, closed, regions, desks, spans } = answer!;
      found.set(procedure.name, { states, opened, closed, regions, desks, spans, figures: Object.fromEntries(figures.map(({ name }) => [name, answer![`figure_${name}`] ?? []])) });
    }
    const open = all.filter(({ name }) => !isGuarded(name));
    return {
      year, years, asOf: at.toISOString(), scope, months,
      procedures: all.map((procedure) => ofProcedure(procedure, found.get(procedure.name)!, book, months)),
      desks: desksOf(open, found, book),
      counties: countiesOf(open.map(({ name }) => found.get(name)!)),
      figures: figures.map((figure) => ofFigure(figure, found.get(figure.procedure)?.figures[figure.name] ?? [], book)),
      isPartial: [...found.values()].some(({ states }) => sum(states.map((one) => one.count)) >= atMost),
    };
  }

  return { read };
}

export type Statistics = ReturnType<typeof createStatistics>;

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

function ofProcedure(procedure: Procedure, { states, opened, closed, spans }: Found, book: Rulebook, months: number): ProcedureFigures {
  const band = bandOf(procedure.name, book);
  const say = (count: number): number => told(count, band);
  const of = (state: string): number => states.find(({ _id }) => _id === state)?.count ?? 0;
  const known = Object.entries(procedure.states);
  const byMonth = (found: Found['opened']): number[] => Array.from({ length: months }, (_, index) => say(found.find(({ _id }) => _id === index + 1)?.count ?? 0));
  return {
    procedure: procedure.name, title: procedure.title, band,
    opened: say(sum(states.map(({ count }) => count))),
    open: say(sum(known.filter(([, { end }]) => !end).map(([state]) => of(state)))),
    closed: say(sum(known.filter(([, { end }]) => end).map(([state]) => of(state)))),
    overdue: say(sum(states.map(({ overdue }) => overdue))),
    states: known.map(([state, { title, end }]) => ({ state, title, end: Boolean(end), count: say(of(state)) })),
    months: { opened: byMonth(opened), closed: byMonth(closed) },
    steps: known.flatMap(([state, { title, within, desk }]): Step[] => (within ? [{
      state, title, deadline: book.deadline(within).label, limit: valueInWords(book.deadline(within)), unit: UNIT_WORDS[unitOf(book, within)], desk: desk ?? null,
      ...tookOf([{ values: histogramOf(spans, state), limit: limitOf(book, within) }], band),
    }] : [])),
  };
}

interface Timed { values: Histogram; limit: number }

/** A median of one or two is those themselves: guarded times are told from a full band on. */
function tookOf(parts: readonly Timed[], band: number | null): Took {
  const all = joined(parts.map(({ values }) => values));
  const finished = sizeOf(all);
  if (band !== null && finished < band) return { finished: 0, median: null, p90: null, late: null };
  return {
    finished: told(finished, band), median: quantile(all, 0.5), p90: quantile(all, 0.9),
    late: band !== null ? null : sum(parts.map(({ values, limit }) => countAbove(values, limit))),
  };
}

const histogramOf = (spans: Found['spans'], state: string): Histogram =>
  new Map(spans.filter(({ _id }) => _id.state === state).map(({ _id, count }) => [_id.days, count]));

/** In the unit it is measured in; a month is taken at its longest, so that nobody is called late who was not. */
function limitOf(book: Rulebook, within: DeadlineId): number {
  const { value, unit } = book.deadline(within);
  return value * (NATURAL_DAYS[unit] ?? 1);
}

/** Desks whose time is counted in working days; confidential procedures are left out, so that they cannot be had by subtraction. */
function desksOf(open: readonly Procedure[], found: ReadonlyMap<string, Found>, book: Rulebook): StatisticsView['desks'] {
  const parts = open.flatMap((procedure) => Object.entries(procedure.states).flatMap(([state, { desk, within }]) => (desk && within
    ? [{ desk, inDays: unitOf(book, within) === 'working_day', values: histogramOf(found.get(procedure.name)!.spans, state), limit: limitOf(book, within) }] : [])));
  return [...new Set(parts.map(({ desk }) => desk))].map((desk) => {
    const here = open.flatMap(({ name }) => found.get(name)!.desks.filter(({ _id }) => _id === desk));
    return {
      desk, title: deskOf(desk).title, open: sum(here.map((one) => one.open)), overdue: sum(here.map(({ overdue }) => overdue)),
      ...tookOf(parts.filter((part) => part.desk === desk && part.inDays), null),
    };
  });
}

function countiesOf(found: readonly Found[]): StatisticsView['counties'] {
  const all = found.flatMap(({ regions }) => regions);
  const codes = [...new Set(all.map(({ _id }) => _id ?? CITY.code))].toSorted();
  return codes.map((region) => {
    const here = all.filter(({ _id }) => (_id ?? CITY.code) === region);
    return {
      region, title: findRegion(region)?.name ?? '市级',
      opened: sum(here.map(({ opened }) => opened)), open: sum(here.map(({ open }) => open)), overdue: sum(here.map(({ overdue }) => overdue)),
    };
  });
}

/** Every combination of its words, those that did not occur too; what has no word is no part of the figure. */
function ofFigure({ name, title, procedure, by }: Figure, found: Found['figures'][string], book: Rulebook): StatisticsView['figures'][number] {
  const band = bandOf(procedure, book);
  const keys = by.map(({ words }) => Object.keys(words));
  const places = keys.reduce<number[][]>((all, one) => all.flatMap((place) => one.map((_, index) => [...place, index])), [[]]);
  return {
    name, title, band, by: by.map((one) => ({ title: one.title, words: Object.values(one.words) })),
    counts: places.map((of) => ({ of, count: told(sum(found.filter(({ _id }) => of.every((at, index) => String(_id[index]) === keys[index]![at])).map(({ count }) => count)), band) })),
  };
}

import type { Figure } from './figure';
import type { Procedure } from '../kernel/procedure';
import type { Rulebook } from '../rulebook/rulebook';

type Expression = unknown; // MongoDB's expressions have no useful types
type Stage = Record<string, unknown>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const BEIJING = '+08:00';

/** What one procedure's aggregation answers. Days are working days, or natural days or minutes where the deadline is counted so. */
export interface Found {
  states: { _id: string; count: number; overdue: number }[];
  opened: { _id: number; count: number }[];
  closed: { _id: number; count: number }[];
  regions: { _id: string | null; opened: number; open: number; overdue: number }[];
  desks: { _id: string; open: number; overdue: number }[];
  spans: { _id: { state: string; days: number }; count: number }[];
  figures: Record<string, { _id: (string | number | null)[]; count: number }[]>;
}

interface Frame {
  /** First instant of the period; every case counted was opened at or after it. */
  from: Date;
  now: Date;
  rulebook: Rulebook;
  figures: readonly Figure[];
}

/** Working days of the calendar up to and with each day since `from`: the difference of two entries is the working days between two days. */
function workingDaysSince({ from, now, rulebook }: Frame): number[] {
  const days: number[] = [];
  let count = 0;
  for (let at = from.getTime(); at <= now.getTime() + DAY_MS; at += DAY_MS) {
    if (rulebook.calendar.isWorkingDay(new Date(at))) count += 1;
    days.push(count);
  }
  return days;
}

/** Counts of one procedure in one pass over its cases: now by state, desk and county, by month, and how long each state took. */
export function pipelineOf(procedure: Procedure, match: Record<string, unknown>, frame: Frame, atMost: number): Stage[] {
  const ends = Object.entries(procedure.states).filter(([, state]) => state.end).map(([name]) => name);
  const isOpen: Expression = { $not: [{ $in: ['$state', ends] }] };
  // A clock that stands still does not run late.
  const isLate: Expression = { $and: [isOpen, { $lt: [{ $ifNull: ['$clock.due', frame.now] }, frame.now] }, { $not: [{ $ifNull: ['$clock.pausedAt', false] }] }] };
  const one = (condition: Expression): Expression => ({ $sum: { $cond: [condition, 1, 0] } });
  const month = (at: string): Expression => ({ $month: { date: at, timezone: BEIJING } });
  const facets: Record<string, Stage[]> = {
    states: [{ $group: { _id: '$state', count: { $sum: 1 }, overdue: one(isLate) } }],
    opened: [{ $group: { _id: month('$openedAt'), count: { $sum: 1 } } }],
    closed: [{ $match: { closedAt: { $exists: true } } }, { $group: { _id: { $cond: [{ $eq: [{ $year: { date: '$closedAt', timezone: BEIJING } }, { $year: { date: frame.from, timezone: BEIJING } }] }, month('$closedAt'), 0] }, count: { $sum: 1 } } }],
    regions: [{ $group: { _id: { $ifNull: ['$region', null] }, opened: { $sum: 1 }, open: one(isOpen), overdue: one(isLate) } }],
    desks: [{ $match: { 'task.desk': { $exists: true } } }, { $group: { _id: '$task.desk', open: { $sum: 1 }, overdue: one(isLate) } }],
    spans: [
      { $project: { spans: { $getField: { field: 'spans', input: spansOf(procedure, frame) } } } },
      { $unwind: '$spans' },
      { $group: { _id: '$spans', count: { $sum: 1 } } },
    ],
  };
  for (const { name, states, by } of frame.figures) {
    facets[`figure_${name}`] = [{ $match: { state: { $in: [...states] } } }, { $group: { _id: by.map(({ path }) => ({ $ifNull: [`$${path}`, null] })), count: { $sum: 1 } } }];
  }
  return [
    { $match: match }, { $sort: { openedAt: -1 } }, { $limit: atMost },
    { $project: {
      _id: 0, state: 1, openedAt: 1, closedAt: 1, region: 1, 'task.desk': 1, 'clock.due': 1, 'clock.pausedAt': 1,
      'timeline.at': 1, 'timeline.move': 1, 'timeline.from': 1, 'timeline.to': 1, ...Object.fromEntries(frame.figures.flatMap(({ by }) => by.map(({ path }) => [path, 1]))),
    } },
    { $facet: facets },
  ];
}

/** Folds a timeline into the states that were left, each with the time it took; time a clock stood still (中止) does not count. */
function spansOf(procedure: Procedure, frame: Frame): Expression {
  const countedIn = (unit: string): string[] => Object.entries(procedure.states)
    .filter(([, { within }]) => within && unitOf(frame.rulebook, within) === unit).map(([name]) => name);
  const since = (at: Expression, ms: number): Expression => ({ $toInt: { $trunc: { $divide: [{ $subtract: [at, frame.from] }, ms] } } });
  /** What the clock of a state shows at an instant. */
  const reading = (state: Expression, at: Expression): Expression => ({
    $switch: {
      branches: [
        { case: { $in: [state, countedIn('minute')] }, then: since(at, MINUTE_MS) },
        { case: { $in: [state, countedIn('natural_day')] }, then: since(at, DAY_MS) },
      ],
      default: { $ifNull: [{ $arrayElemAt: ['$$worked', since(at, DAY_MS)] }, 0] },
    },
  });
  const leaves: Expression = { $ne: ['$$this.from', '$$this.to'] };
  const took: Expression = { $subtract: [{ $subtract: [reading('$$value.state', '$$this.at'), '$$value.entered'] }, '$$value.held'] };
  return {
    $let: {
      vars: { worked: workingDaysSince(frame) },
      in: {
        $reduce: {
          input: '$timeline', initialValue: { state: null, entered: 0, held: 0, stopped: null, spans: [] },
          in: {
            $switch: {
              branches: [
                { case: leaves, then: {
                  state: '$$this.to', entered: reading('$$this.to', '$$this.at'), held: 0, stopped: null,
                  spans: { $cond: [{ $eq: ['$$value.state', null] }, [], { $concatArrays: ['$$value.spans', [{ state: '$$value.state', days: took }]] }] },
                } },
                { case: { $eq: ['$$this.move', 'pause'] }, then: { $mergeObjects: ['$$value', { stopped: reading('$$value.state', '$$this.at') }] } },
                { case: { $and: [{ $eq: ['$$this.move', 'resume'] }, { $ne: ['$$value.stopped', null] }] }, then: {
                  $mergeObjects: ['$$value', { stopped: null, held: { $add: ['$$value.held', { $subtract: [reading('$$value.state', '$$this.at'), '$$value.stopped'] }] } }],
                } },
              ],
              default: '$$value',
            },
          },
        },
      },
    },
  };
}

/** In what a deadline's state is measured. Months and years are measured in natural days. */
export function unitOf(rulebook: Rulebook, within: Parameters<Rulebook['deadline']>[0]): 'working_day' | 'natural_day' | 'minute' {
  const { unit } = rulebook.deadline(within);
  return unit === 'working_day' || unit === 'minute' ? unit : 'natural_day';
}

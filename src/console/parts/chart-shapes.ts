import type { ChartOption } from '../charts';
import { number } from '../format';

/** One colour for one word in all charts: grey for what came in, light for what is done, blue for what is under way, red for what is late. */
const COLOURS = { grey: '#a7b0bd', blue: '#0b4fa8', light: '#8fb3dd', red: '#b3261e' } as const;
export interface Series { name: string; values: readonly number[]; colour: keyof typeof COLOURS; stack?: boolean }

/** A count, or the band it lies in: 12, 10–14. */
export const amount = (count: number, band: number | null): string => (band === null ? number(count) : `${count}–${count + band - 1}`);
/** A share in whole percent; of nothing there is none. */
export const portion = (part: number, whole: number): string => (whole === 0 ? '—' : `${Math.round((part / whole) * 100)}%`);

const LINES = { axisLine: { lineStyle: { color: '#ccd4de' } }, axisTick: { show: false } };
const WORDS = { ...LINES, axisLabel: { color: '#4e5560', interval: 0, width: 130, overflow: 'break' } };
/** Whole numbers only: there are no half cases. */
const COUNTS = { type: 'value', minInterval: 1, axisLabel: { color: '#5f6772' }, splitLine: { lineStyle: { color: '#eceff3' } } };
const legendOf = (count: number) => ({ show: count > 1, top: 0, left: 0, itemWidth: 12, itemHeight: 12, textStyle: { color: '#4e5560' } });
const gridOf = (count: number) => ({ left: 8, right: 24, top: count > 1 ? 32 : 8, bottom: 4, containLabel: true });

/** A series of noughts would take room beside the others. */
const drawn = (series: readonly Series[]): readonly Series[] => series.filter(({ values }) => values.some((value) => value !== 0));
/** Nothing but noughts is no picture. */
const isBare = (series: readonly Series[]): boolean => drawn(series).length === 0;

/** Lying bars, the first on top: Chinese words are too long to stand under a bar. */
export const bars = (names: readonly string[], series: readonly Series[]): ChartOption | null => (isBare(series) ? null : {
  legend: legendOf(series.length), grid: gridOf(series.length), xAxis: COUNTS, yAxis: { ...WORDS, type: 'category', inverse: true, data: [...names] },
  series: drawn(series).map(({ name, values, colour, stack }) => ({ type: 'bar', name, data: [...values], barMaxWidth: 16, itemStyle: { color: COLOURS[colour] }, ...(stack ? { stack: 'all' } : {}) })),
});

export const perMonth = (names: readonly string[], series: readonly Series[]): ChartOption | null => (isBare(series) ? null : {
  legend: legendOf(series.length), grid: gridOf(series.length), xAxis: { ...WORDS, type: 'category', data: [...names] }, yAxis: COUNTS,
  series: drawn(series).map(({ name, values, colour }) => ({ type: 'bar', name, data: [...values], barMaxWidth: 22, itemStyle: { color: COLOURS[colour] } })),
});

const STEPS = ['#c9ced6', '#a9c6ea', '#6f9fd8', '#2f6fbf', '#0b4fa8'];
/** One bar for each row, made up of its columns, from light to dark. */
export const grouped = (rows: readonly string[], columns: readonly string[], at: (row: number, column: number) => number): ChartOption => ({
  legend: legendOf(columns.length), grid: gridOf(columns.length), xAxis: COUNTS, yAxis: { ...WORDS, type: 'category', inverse: true, data: [...rows] },
  series: columns.map((name, column) => ({ type: 'bar', name, stack: 'all', data: rows.map((_, row) => at(row, column)), barMaxWidth: 18, itemStyle: { color: STEPS[column % STEPS.length] } })),
});

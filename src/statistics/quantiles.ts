/** How often each value occurred. */
export type Histogram = ReadonlyMap<number, number>;

export const sizeOf = (values: Histogram): number => [...values.values()].reduce((sum, count) => sum + count, 0);

/** The smallest value that at least this share of all reach or stay under; null of nothing. `share` between 0 and 1. */
export function quantile(values: Histogram, share: number): number | null {
  const wanted = Math.max(1, Math.ceil(sizeOf(values) * share));
  let seen = 0;
  for (const [value, count] of [...values].toSorted(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= wanted) return value;
  }
  return null;
}

export const countAbove = (values: Histogram, limit: number): number =>
  [...values].reduce((sum, [value, count]) => (value > limit ? sum + count : sum), 0);

/** All of them together. */
export function joined(all: readonly Histogram[]): Histogram {
  const sum = new Map<number, number>();
  for (const one of all) for (const [value, count] of one) sum.set(value, (sum.get(value) ?? 0) + count);
  return sum;
}

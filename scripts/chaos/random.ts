/** Chance that can be repeated: the same seed makes the same choices (the interleaving of processes stays the machine's own). */
export class Random {
  constructor(private state: number) {}

  /** In [0, 1). Mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new Error('nothing to pick from');
    return from[this.between(0, from.length - 1)]!;
  }

  weighted<T>(from: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.next() * from.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of from) if ((left -= weight) < 0) return value;
    return from.at(-1)![0];
  }

  some<T>(from: readonly T[], min: number, max: number): T[] {
    const rest = [...from];
    const count = Math.min(this.between(min, Math.max(min, max)), rest.length);
    return Array.from({ length: count }, () => rest.splice(this.between(0, rest.length - 1), 1)[0]!);
  }

  /** A generator of its own, so that one actor's pace does not change another's choices. */
  fork(): Random {
    return new Random(this.between(0, 0x7fffffff));
  }
}

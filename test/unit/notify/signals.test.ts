import * as fc from 'fast-check';
import { absorb, type Memory, type Signal } from '../../../src/notify/signals';

const START = Date.parse('2026-03-02T01:00:00Z');
const total = (signals: readonly Signal[]): number => {
  let memory: Memory = { keys: [], unmatched: [] };
  let sum = 0;
  for (const signal of signals) {
    const step = absorb(memory, signal);
    memory = step.memory;
    sum += step.added;
  }
  return sum;
};

it('taps told by both sources count once each, in whatever order within some minutes, repeats included', () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 8 }).chain((taps) => fc.tuple(
      fc.constant(taps),
      fc.shuffledSubarray(taps.flatMap((count, i) => (['client', 'push'] as const).flatMap((source) => {
        const signal: Signal = { key: `${source}${i}`, source, count, at: new Date(START + i * 10_000) };
        return [signal, signal];
      })), { minLength: taps.length * 4, maxLength: taps.length * 4 }),
    )),
    ([taps, signals]) => { expect(total(signals)).toBe(taps.reduce((sum, count) => sum + count, 0)); },
  ));
});

it('one source alone counts all it tells, and remembers a bounded number of keys', () => {
  const signals = Array.from({ length: 500 }, (_, i): Signal => ({ key: `c${i}`, source: 'client', count: 1, at: new Date(START + i * 3_600_000) }));
  expect(total(signals)).toBe(500);
  const last = signals.reduce<Memory>((memory, signal) => absorb(memory, signal).memory, { keys: [], unmatched: [] });
  expect(last.keys.length).toBeLessThanOrEqual(100);
  expect(last.unmatched).toHaveLength(1);
});

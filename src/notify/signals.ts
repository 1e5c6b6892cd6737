/** One sign that a person answered the consent sheet. The same tap shows twice: the client reports it and WeChat pushes it. */
export interface Signal {
  /** Equal for repeats of the same sign. */
  key: string;
  source: 'client' | 'push';
  /** Accepts in it. */
  count: number;
  at: Date;
}

/** What a ledger line remembers of signs, to count each tap once. */
export interface Memory {
  /** Keys of the latest signs, newest last. */
  keys: string[];
  /** Accepts counted by one source that the other has not confirmed yet. */
  unmatched: { source: Signal['source']; left: number; at: Date }[];
}

/** Client and push tell of the same tap within moments; a client without network reports late. */
const MATCH_WITHIN_MS = 10 * 60_000;
const KEYS_AT_MOST = 100;

/**
 * How many accepts a sign adds, and what to remember. Accepts that the other source reported at about the same time are the
 * same accepts: counting too few costs a message its card (it stays in the inbox), counting too many costs a refused send.
 */
export function absorb(memory: Memory, signal: Signal): { added: number; memory: Memory } {
  if (memory.keys.includes(signal.key)) return { added: 0, memory };
  let added = signal.count;
  const unmatched: Memory['unmatched'] = [];
  for (const one of memory.unmatched) {
    const age = Math.abs(signal.at.getTime() - one.at.getTime());
    const same = one.source !== signal.source && age <= MATCH_WITHIN_MS ? Math.min(one.left, added) : 0;
    added -= same;
    if (one.left > same && age <= MATCH_WITHIN_MS) unmatched.push({ ...one, left: one.left - same });
  }
  if (added > 0) unmatched.push({ source: signal.source, left: added, at: signal.at });
  return { added, memory: { keys: [...memory.keys, signal.key].slice(-KEYS_AT_MOST), unmatched } };
}

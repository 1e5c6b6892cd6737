import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

export interface Target {
  url: string;
  /** Paths to ask for in turn. */
  paths: readonly string[];
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  /** The process that answers. */
  pid: number;
}

export interface Round {
  perSecond: number;
  /** Processor time of the answering process for one request, in milliseconds: hardly touched by what else the machine does. */
  cpuMs: number;
  p50: number;
  p99: number;
  errors: number;
}

const CLOCK_TICK_MS = 10;

/** Processor time a process has used so far, in milliseconds (Linux; 0 elsewhere). */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
  } catch {
    return 0;
  }
}

const CONNECTIONS = 8;

/** One round of load on one target; `amount` requests, or `seconds` of them. */
export function round({ url, paths, method = 'GET', headers = {}, pid }: Target, { seconds: lasting, amount }: { seconds?: number; amount?: number }): Promise<Round> {
  let next = 0;
  const before = cpuOf(pid);
  const from = performance.now();
  let last = from;
  return new Promise((resolve, reject) => {
    const load = autocannon({
      url, connections: CONNECTIONS, ...(amount ? { amount } : { duration: lasting ?? 2 }),
      requests: [{
        method, headers: { ...headers, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) }, ...(method === 'POST' ? { body: '{}' } : {}),
        setupRequest: (request) => ({ ...request, path: paths[next++ % paths.length]! }),
      }],
    }, (error, result) => {
      if (error) { reject(error); return; }
      const answered = result['2xx'];
      // The generator itself looks up only once a second whether an amount is done.
      const seconds = amount ? (last - from) / 1000 : result.duration;
      resolve({ perSecond: answered / seconds, cpuMs: (cpuOf(pid) - before) / Math.max(answered, 1), p50: result.latency.p50, p99: result.latency.p99, errors: result.errors + result.non2xx });
    });
    load.on('response', () => { last = performance.now(); });
  });
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
};

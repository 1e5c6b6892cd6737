import autocannon from 'autocannon';

export interface Target {
  url: string;
  /** Paths to ask for in turn. */
  paths: readonly string[];
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
}

export interface Round { perSecond: number; p50: number; p99: number; errors: number }

const CONNECTIONS = 8;

/** One round of load on one target; `amount` requests, or `seconds` of them. */
export function round({ url, paths, method = 'GET', headers = {} }: Target, { seconds, amount }: { seconds?: number; amount?: number }): Promise<Round> {
  let next = 0;
  return new Promise((resolve, reject) => {
    autocannon({
      url, connections: CONNECTIONS, ...(amount ? { amount } : { duration: seconds ?? 2 }),
      requests: [{
        method, headers: { ...headers, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) }, ...(method === 'POST' ? { body: '{}' } : {}),
        setupRequest: (request) => ({ ...request, path: paths[next++ % paths.length]! }),
      }],
    }, (error, result) => {
      if (error) { reject(error); return; }
      const answered = result['2xx'];
      resolve({ perSecond: answered / result.duration, p50: result.latency.p50, p99: result.latency.p99, errors: result.errors + result.non2xx });
    });
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

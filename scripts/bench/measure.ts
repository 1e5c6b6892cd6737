import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { residentId } from '../client/codes';
import { Api } from '../client/http';
import { median, quantile, round, type Round, type Target } from './load';
import type { Site } from './site';

export interface Compared {
  what: string;
  cases: number;
  productPerSecond: number;
  barePerSecond: number;
  /** Product / bare, the median over rounds that follow each other. */
  ratio: number;
  /** Processor time of the web process and of the bare one for one request, in milliseconds. */
  productCpuMs: number;
  bareCpuMs: number;
  productP50Ms: number;
  productP99Ms: number;
  bareP50Ms: number;
  errors: number;
}

type Which = 'product' | 'bare';
interface Plan {
  what: string;
  target(site: Site, which: Which): Target;
  seconds?: number;
  amount?: number;
}

const bearer = (access: string): Record<string, string> => ({ authorization: `Bearer ${access}` });

const bare = (site: Site) => ({ url: site.bareUrl, pid: site.barePid });
const product = (site: Site) => ({ url: site.system.webUrls[0]!, pid: site.system.web[0]!.pid! });

/** Rounds before those that count: an engine of JavaScript takes about a thousand requests to get up to speed. */
export const WARM_UP = 3;
/** Moves in one round. */
export const ACTS = 400;

export const PLANS: readonly Plan[] = [
  {
    what: 'read a case', seconds: 2,
    target: (site, which) => (which === 'bare'
      ? { ...bare(site), paths: site.own.map((no) => `/cases/${no}`) }
      : { ...product(site), paths: site.own.map((no) => `/api/v1/cases/${no}`), headers: bearer(site.owner.access) }),
  },
  {
    what: 'list a page of cases', seconds: 2,
    target: (site, which) => (which === 'bare' ? { ...bare(site), paths: ['/cases'] }
      : { ...product(site), paths: ['/api/v1/cases?limit=20'], headers: bearer(site.owner.access) }),
  },
  {
    what: 'list a queue page', seconds: 2,
    target: (site, which) => (which === 'bare' ? { ...bare(site), paths: ['/queue'] }
      : { ...product(site), paths: ['/api/v1/queue?limit=20'], headers: bearer(site.reviewer.access) }),
  },
  {
    what: 'act', amount: ACTS,
    target: (site, which) => {
      const nos = site.open.splice(-ACTS);
      if (nos.length < ACTS) throw new Error('not enough open cases were stored');
      return which === 'bare' ? { ...bare(site), method: 'POST', paths: nos.map((no) => `/cases/${no}`) }
        : { ...product(site), method: 'POST', paths: nos.map((no) => `/api/v1/cases/${no}/withdraw`), headers: { ...bearer(site.owner.access), 'idempotency-key': randomUUID() } };
    },
  },
];

/** Rounds of product and bare handler, small and large store, taken in turn so that whatever else the machine does meets all of them. */
export async function compare(plan: Plan, sites: readonly Site[], rounds: number): Promise<Compared[]> {
  const found = new Map(sites.map((site) => [site, { product: [] as Round[], bare: [] as Round[] }]));
  for (let i = -WARM_UP; i < rounds; i += 1) {
    for (const site of sites) {
      for (const which of (i % 2 === 0 ? ['product', 'bare'] : ['bare', 'product']) as Which[]) {
        const one = await round(plan.target(site, which), { seconds: plan.seconds, amount: plan.amount });
        if (i >= 0) found.get(site)![which].push(one);
      }
    }
  }
  return sites.map((site) => {
    const of = (list: readonly Round[], pick: (one: Round) => number): number => Number(median(list.map(pick)).toFixed(2));
    const { product: ours, bare: theirs } = found.get(site)!;
    return {
      what: plan.what, cases: site.size, productPerSecond: of(ours, (one) => one.perSecond), barePerSecond: of(theirs, (one) => one.perSecond),
      ratio: Number(median(ours.map((one, i) => one.perSecond / theirs[i]!.perSecond)).toFixed(3)),
      productCpuMs: of(ours, (one) => one.cpuMs), bareCpuMs: of(theirs, (one) => one.cpuMs),
      productP50Ms: of(ours, (one) => one.p50), productP99Ms: of(ours, (one) => one.p99), bareP50Ms: of(theirs, (one) => one.p50),
      errors: [...ours, ...theirs].reduce((sum, one) => sum + one.errors, 0),
    };
  });
}

const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export interface Filed { cases: number; count: number; medianMs: number; p95Ms: number; maxMs: number }

/** From the moment a report is sent until it lies in a reviewer's queue (offered, or in the desk's pool), one at a time, at rest. */
export async function filedToQueued(sites: readonly Site[], count: number): Promise<Filed[]> {
  const times = new Map(sites.map((site) => [site, [] as number[]]));
  for (let i = -2; i < count; i += 1) {
    for (const site of sites) {
      const api = new Api(site.system.webUrls[0]!, site.citizen.access);
      const { id } = await api.upload('/api/v1/files', PICTURE, 'photo.png', 'image/png');
      await sleep(50);
      const from = performance.now();
      const { receipt } = await api.post<{ receipt: { no: string } }>('/api/v1/report', {
        provider: site.provider.org, matters: ['cases'], evidence: [id], text: '该公司申报材料所列的三个行业案例均为虚构，所附合同的甲方单位从未与其签约。',
        name: '何真名', idNumber: residentId('410702', '19900307', 100 + i + 2), phone: '13800030001', truthful: true, informed: true,
      });
      const key = `{${site.name}}:review:task:${receipt.no}`;
      while (!/pool|offer/.test((await site.redis.hget(key, 'place')) ?? '')) await sleep(1);
      if (i >= 0) times.get(site)!.push(performance.now() - from);
      await sleep(100);
    }
  }
  return sites.map((site) => {
    const all = times.get(site)!;
    const ms = (value: number): number => Number(value.toFixed(1));
    return { cases: site.size, count, medianMs: ms(median(all)), p95Ms: ms(quantile(all, 0.95)), maxMs: ms(Math.max(...all)) };
  });
}

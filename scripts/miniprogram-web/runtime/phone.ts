/** The virtual phone this page plays: whose it is, where its WeChat lives, and under which addresses the product's hosts answer here. */
export interface Phone {
  openid: string;
  simulator: string;
  /** Host as the mini-program names it -> as this page reaches it. */
  hosts: Record<string, string>;
}

declare global {
  interface Window {
    __phone?: Phone;
    /** Names of `wx` that the mini-program used and this runtime lacks: none, or the test fails. */
    __wxMissing: Set<string>;
  }
}

export const phone: Phone = window.__phone ?? { openid: '', simulator: '', hosts: {} };

/** What is kept on a phone is kept apart from other phones in the same browser. */
export const keyOf = (key: string): string => `phone:${phone.openid}:${key}`;

export function reachable(url: string): string {
  const host = Object.keys(phone.hosts).find((one) => url.startsWith(one));
  return host === undefined ? url : phone.hosts[host] + url.slice(host.length);
}

/** Asks the simulator to do what WeChat on this phone would. */
export async function wechat<T>(what: string, body: object = {}): Promise<T> {
  const response = await fetch(`${phone.simulator}/sim/phones/${phone.openid}/${what}`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`system error: ${response.status}`);
  return await response.json() as T;
}

import writeXlsxFile from 'write-excel-file/node';
import { creditCode } from '../client/codes';
import { Api } from '../client/http';
import { Phone } from '../client/phone';
import { enrol, signIn, type Credentials } from '../client/staff';
import type { System } from './system';

/** Somebody who uses the product: how to sign in again, and who the product takes them for. */
export interface Person {
  key: string;
  kind: 'enterprise' | 'provider' | 'citizen' | 'staff';
  /** As the register knows them. */
  id: string;
  org?: string;
  openid?: string;
  access: string;
  /** A new access token, by signing in anew. */
  renew(): Promise<string>;
}

export interface Population { enterprises: number; providers: number; citizens: number; intake: number; reviewers: number; directors: number; experts: number; agencies: number; capacity?: number }

const TOWN: Population = { enterprises: 10, providers: 6, citizens: 6, intake: 3, reviewers: 6, directors: 2, experts: 7, agencies: 3 };
/** What the people of one town can do before most of their cases have come to an end. */
const WRITES_OF_A_TOWN = 1000;

/** As many people as find so much to do: an enterprise has one diagnosis at a time, a project one rating. */
export const townFor = (operations: number): Population => {
  const times = Math.max(1, Math.ceil(operations / WRITES_OF_A_TOWN));
  return Object.fromEntries(Object.entries(TOWN).map(([kind, count]) => [kind, count * times])) as unknown as Population;
};

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TITLES = ['统一社会信用代码', '单位名称', '县（市、区）', '细分行业', '联系人', '联系手机'];
const PASSWORD = 'Chaos-town-2026-quiet';
const REGION = { code: '410702', name: '红旗区', sector: 'lifting', sectorName: '起重装备' };
const TEMPLATES = ['TPL_TASK', 'TPL_INQUIRY', 'TPL_REMINDER', 'TPL_PROGRESS', 'TPL_RESULT'];
/** WeChat counts one message for one consent; the town says yes this often, so that some cards go out and some fall back. */
const CONSENTS = 8;

/** Fills an empty system with people through its own doors. `adminCode` is what the first-admin command printed. */
export async function settle(system: System, adminCode: { login: string; code: string }, size: Population = TOWN): Promise<Person[]> {
  const api = new Api(system.webUrls[0]!, undefined, 20_000);
  const admin = (await enrol(api, adminCode, PASSWORD)).api;
  const people: Person[] = [];
  for (const kind of ['enterprise', 'provider'] as const) {
    const rows = Array.from({ length: kind === 'enterprise' ? size.enterprises : size.providers }, (_, i) => ({
      uscc: creditCode(REGION.code, (kind === 'provider' ? 500 : 100) + i), name: `${kind === 'provider' ? '数服' : '制造'}${i + 1}号有限公司`,
      phone: `1380${kind === 'provider' ? '2' : '1'}${String(i).padStart(6, '0')}`,
    }));
    const table = rows.map(({ uscc, name, phone }) => [uscc, name, REGION.name, REGION.sectorName, '联系人', phone]);
    const sheet = await writeXlsxFile([{ sheet: '名单', data: [TITLES, ...table].map((row) => row.map((value) => ({ value, type: String }))) }] as never).toBuffer();
    const { faults } = await admin.raw(`/api/v1/organisations/pilot-list?kind=${kind}`, sheet, XLSX);
    if (faults.length > 0) throw new Error(`the list has faults: ${JSON.stringify(faults)}`);
    for (const [i, { uscc, phone }] of rows.entries()) {
      const signedIn = await Phone.signIn({ simulatorUrl: system.simulator.url, api, phone, nickname: `${kind}${i}` });
      const { org } = await signedIn.api.post<{ org: string }>('/api/v1/organisations/claims', { uscc, kind, region: REGION.code, sector: REGION.sector });
      await signedIn.actFor(org, kind);
      people.push(onPhone(system, `${kind}${i + 1}`, kind, signedIn, org));
    }
  }
  for (let i = 0; i < size.citizens; i += 1) {
    const phone = await Phone.signIn({ simulatorUrl: system.simulator.url, api, phone: `13803${String(i).padStart(6, '0')}`, nickname: `citizen${i}` });
    people.push(onPhone(system, `citizen${i + 1}`, 'citizen', phone));
  }
  for (const { openid } of people) {
    for (let i = 0; i < CONSENTS; i += 1) system.simulator.answerConsents(openid!, Object.fromEntries(TEMPLATES.map((id) => [id, 'accept'])));
  }
  await system.simulator.settled();
  for (const [login, entry] of staffOf(size)) {
    const made = await admin.post<{ id: string; login: string; code: string }>('/api/v1/staff', { login, ...entry });
    const { credentials, api: own } = await enrol(api, made, PASSWORD);
    people.push(atDesk(system, login, made.id, credentials, own.token!));
  }
  return people;
}

function onPhone(system: System, key: string, kind: 'enterprise' | 'provider' | 'citizen', phone: Phone, org?: string): Person {
  return {
    key, kind, id: phone.me.person.id as string, org, openid: phone.openid, access: phone.api.token!,
    async renew() {
      const again = await Phone.signIn({ simulatorUrl: system.simulator.url, api: new Api(system.webUrls.at(-1)!, undefined, 60_000), openid: phone.openid });
      if (org) await again.actFor(org, kind as 'enterprise' | 'provider');
      return again.api.token!;
    },
  };
}

const atDesk = (system: System, key: string, id: string, credentials: Credentials, access: string): Person => ({
  key, kind: 'staff', id, access,
  renew: async () => (await signIn(new Api(system.webUrls.at(-1)!, undefined, 60_000), credentials)).token!,
});

const many = (count: number, name: string, entry: object): [string, object][] =>
  Array.from({ length: count }, (_, i) => [`${name}${i + 1}`, { name: `${name}${i + 1}`, ...entry }]);

function staffOf(size: Population): [login: string, entry: object][] {
  const clerk = (roles: string[], desks: string[], regions: string[] = []) => ({ roles, desks, regions, skills: { procedures: [], sectors: [] }, capacity: size.capacity ?? 200 });
  return [
    ...many(size.intake, 'intake', clerk(['intake'], ['intake', 'service'])),
    ...many(size.reviewers, 'reviewer', clerk(['reviewer'], ['plan', 'acceptance', 'supervision', 'report'])),
    ...many(size.directors, 'director', clerk(['director', 'reviewer'], ['director'])),
    ...many(1, 'supervisor', clerk(['supervisor'], [])),
    ...many(1, 'county', clerk(['county'], ['county'], [REGION.code])),
    ...many(size.experts, 'expert', clerk(['expert'], [])),
    ...many(size.agencies, 'agency', clerk(['agency'], [])),
  ];
}

import { randomBytes } from 'node:crypto';
import writeXlsxFile from 'write-excel-file/node';
import { creditCode } from './client/codes';
import { Api } from './client/http';
import { Phone } from './client/phone';
import { enrol, type Credentials } from './client/staff';

/** Everybody the demo and the entry page know. Kept in `.data`, made anew only on an empty database. */
export interface Personas {
  phones: Record<string, { title: string; openid: string; org?: string }>;
  staff: Record<string, { title: string; name?: string; person: string; credentials: Credentials }>;
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const TITLES = ['统一社会信用代码', '单位名称', '县（市、区）', '细分行业', '联系人', '联系手机'];

const LISTS = {
  enterprise: [
    { key: 'owner', name: '新乡市红旗起重设备有限公司', region: '红旗区', code: '410702', sector: '起重装备', contact: '赵明远', phone: '13800010001' },
    { key: 'owner2', name: '长垣市卫材实业有限公司', region: '长垣市', code: '410783', sector: '高端医疗器械及卫材', contact: '钱海燕', phone: '13800010002' },
  ],
  provider: [
    { key: 'provider', name: '中原数智科技有限公司', region: '红旗区', code: '410702', sector: '起重装备', contact: '孙立', phone: '13800020001' },
    { key: 'provider2', name: '豫北工业互联有限公司', region: '卫滨区', code: '410703', sector: '起重装备', contact: '李云', phone: '13800020002' },
  ],
} as const;

const everything = { procedures: [], sectors: [] };
const clerk = (roles: string[], desks: string[], more: object = {}) => ({ roles, desks, regions: [], skills: everything, capacity: 50, ...more });

const STAFF: Record<string, { title: string; name: string; entry: object }> = {
  intake: { title: '受理人员', name: '周受理', entry: clerk(['intake'], ['intake', 'service']) },
  reviewer: { title: '审核人员甲', name: '吴审核', entry: clerk(['reviewer'], ['plan', 'acceptance', 'supervision', 'report']) },
  reviewer2: { title: '审核人员乙', name: '郑复核', entry: clerk(['reviewer'], ['plan', 'acceptance', 'supervision', 'report']) },
  director: { title: '负责人', name: '王局长', entry: clerk(['director', 'reviewer'], ['director']) },
  supervisor: { title: '督办人员', name: '冯督办', entry: clerk(['supervisor'], []) },
  county: { title: '红旗区经办', name: '陈县区', entry: clerk(['county'], ['county'], { regions: ['410702'] }) },
  expert1: { title: '专家一', name: '褚专家', entry: clerk(['expert'], []) },
  expert2: { title: '专家二', name: '卫专家', entry: clerk(['expert'], []) },
  expert3: { title: '专家三', name: '蒋专家', entry: clerk(['expert'], []) },
  expert4: { title: '专家四', name: '沈专家', entry: clerk(['expert'], []) },
  expert5: { title: '专家五', name: '韩专家', entry: clerk(['expert'], []) },
  agency: { title: '验收机构', name: '杨检测', entry: clerk(['agency'], []) },
};

const sheet = (rows: (readonly string[])[]): Promise<Buffer> =>
  writeXlsxFile([{ sheet: '名单', data: [TITLES, ...rows].map((row) => row.map((value) => ({ value, type: String }))) }] as never).toBuffer();

/**
 * Fills an empty system through its own doors, as a bureau would in its first week: the first admin enrols, imports the lists,
 * makes staff accounts; owners and providers sign in on their phones and claim their organisations.
 */
export async function seed(
  { webUrl, simulatorUrl, adminCode, clock = () => new Date() }: { webUrl: string; simulatorUrl: string; adminCode: { login: string; code: string }; clock?: () => Date },
): Promise<Personas> {
  const api = new Api(webUrl, undefined, 10_000);
  const password = (): string => `Demo-${randomBytes(9).toString('base64url')}`;
  const admin = await enrol(api, adminCode, password(), clock());
  const adminPerson = (await admin.api.get('/api/v1/me')).person.id as string;
  const staff: Personas['staff'] = { admin: { title: '系统管理员', person: adminPerson, credentials: admin.credentials } };

  for (const [kind, rows] of Object.entries(LISTS)) {
    const table = rows.map((row, index) => [creditCode(row.code, (kind === 'provider' ? 500 : 300) + index), row.name, row.region, row.sector, row.contact, row.phone]);
    const result = await admin.api.raw(`/api/v1/organisations/pilot-list?kind=${kind}`, await sheet(table), XLSX);
    if (result.faults.length > 0) throw new Error(`the demo's own list has faults: ${JSON.stringify(result.faults)}`);
  }
  for (const [login, { title, name, entry }] of Object.entries(STAFF)) {
    const made = await admin.api.post<{ id: string; login: string; code: string }>('/api/v1/staff', { login, name, ...entry });
    const enrolled = await enrol(api, made, password(), clock());
    staff[login] = { title, name, person: made.id, credentials: enrolled.credentials };
  }

  const phones: Personas['phones'] = {};
  for (const [kind, rows] of Object.entries(LISTS) as ['enterprise' | 'provider', (typeof LISTS)['enterprise'] | (typeof LISTS)['provider']][]) {
    for (const [index, row] of rows.entries()) {
      const person = await Phone.signIn({ simulatorUrl, api, phone: row.phone, nickname: row.contact });
      const claim = await person.api.post<{ org: string }>('/api/v1/organisations/claims', {
        uscc: creditCode(row.code, (kind === 'provider' ? 500 : 300) + index), kind, region: row.code,
        sector: row.sector === '起重装备' ? 'lifting' : 'medical',
      });
      phones[row.key] = { title: `${row.name}（${row.contact}）`, openid: person.openid, org: claim.org };
    }
  }
  const citizen = await Phone.signIn({ simulatorUrl, api, phone: '13800030001', nickname: '热心市民' });
  phones['citizen'] = { title: '公众', openid: citizen.openid };
  return { phones, staff };
}

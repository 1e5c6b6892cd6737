import type { StaffRole } from '../kernel/actor';
import type { ReturnReason } from '../review/claims';
import { deskOf, DESKS } from '../review/desks';
import regionsJson from '../rulebook/data/regions.json';
import sectorsJson from '../rulebook/data/sectors.json';

/** Names the server uses by code, in the words people read. */
export const ROLES: Record<StaffRole, string> = {
  intake: '受理人员', reviewer: '审核人员', director: '负责人', supervisor: '督办人员', auditor: '审计人员', admin: '系统管理员', county: '县区经办', expert: '评审专家', agency: '验收机构',
};
export const RETURN_REASONS: Record<ReturnReason, string> = {
  conflict: '须回避', workload: '工作量过大', absence: '请假或外出', wrong_desk: '不属于本队列', other: '其他',
};
export const KINDS: Record<string, string> = { enterprise: '试点企业', provider: '服务商' };

export const REGIONS: [code: string, name: string][] = Object.entries(regionsJson.regions).map(([code, { name }]) => [code, name]);
const regionNames = new Map([...REGIONS, [regionsJson.city.code, '市级']]);
export const regionName = (code: string | null | undefined): string => (code ? regionNames.get(code) ?? code : '');

export const SECTORS: [key: string, name: string][] = Object.entries(sectorsJson).map(([key, { name }]) => [key, name]);
const sectorNames = new Map(SECTORS);
export const sectorName = (key: string | null | undefined): string => (key ? sectorNames.get(key) ?? key : '');

/** Parties that have a name here; experts and agencies are only told by what they are, which their title says already. */
export const namedParties = <P extends { title: string; name: string }>(parties: readonly P[]): P[] => parties.filter(({ title, name }) => name !== title);

export const DESK_NAMES: [name: string, title: string][] = [...DESKS.values()].map(({ name, title }) => [name, title]);
export const deskName = (name: string): string => deskOf(name).title;
export const desksOfRole = (role: StaffRole): string[] => [...DESKS.values()].filter(({ roles }) => roles.includes(role)).map(({ name }) => name);

export { begunWord, endedWord } from '../exports/case-words';

const DIGITS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const chinese = (n: number): string => {
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  return `${tens > 1 ? DIGITS[tens] : ''}${tens > 0 ? '十' : ''}${DIGITS[ones]}`;
};
/** '12.3' is 第十二条（三）; the server's own function would bring the text of all articles with it. */
export function articleInWords(no: string): string {
  const [article = 0, item] = no.split('.').map(Number);
  return `第${chinese(article)}条${item ? `（${chinese(item)}）` : ''}`;
}

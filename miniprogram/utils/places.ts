/** Counties and sub-sectors as the register names them; a test holds them against the rulebook. */
export const REGIONS: readonly (readonly [code: string, name: string])[] = [
  ['410702', '红旗区'],
  ['410703', '卫滨区'],
  ['410704', '凤泉区'],
  ['410711', '牧野区'],
  ['410721', '新乡县'],
  ['410724', '获嘉县'],
  ['410725', '原阳县'],
  ['410726', '延津县'],
  ['410727', '封丘县'],
  ['410771', '新乡高新技术产业开发区'],
  ['410772', '新乡经济技术开发区'],
  ['410773', '新乡市平原城乡一体化示范区'],
  ['410781', '卫辉市'],
  ['410782', '辉县市'],
  ['410783', '长垣市'],
];
export const CITY = ['410700', '市级（市外服务商）'] as const;

export const SECTORS: readonly (readonly [key: string, name: string])[] = [
  ['lifting', '起重装备'],
  ['medical', '高端医疗器械及卫材'],
  ['autoparts', '汽车零部件'],
  ['chemicals', '新型化工'],
];

export const regionName = (code: string): string => [...REGIONS, CITY].find(([one]) => one === code)?.[1] ?? '';
export const sectorName = (key: string | null): string => SECTORS.find(([one]) => one === key)?.[1] ?? '';
